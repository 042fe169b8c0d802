#include "reports/figures/facts.h"

#include <math.h>
#include <string.h>

#include "train/ages.h"

const double mca__milestones[MCA__MILESTONE_COUNT] = {0.90, 0.95, 0.97, 0.98};
const char *const mca__milestone_names[MCA__MILESTONE_COUNT] = {"0.90", "0.95", "0.97", "0.98"};

struct mca__accuracy mca__accuracy_of(const struct mca_train_result *result) {
    const double none = (double)NAN;
    struct mca__accuracy a = {none, none, 0, none, none};
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &result->epochs[e];
        if (!isnan(record->test_accuracy) &&
            (isnan(a.test_best) || record->test_accuracy > a.test_best)) {
            a.test_best = record->test_accuracy;
            a.test_best_epoch = record->epoch;
        }
    }
    if (result->epoch_count > 0) {
        const struct mca_epoch_record *last = &result->epochs[result->epoch_count - 1];
        a.test_final = last->test_accuracy;
        a.train_final = last->train_accuracy;
        a.validation_final = last->validation_accuracy;
    }
    return a;
}

struct mca__class_figures mca__class_figures(const struct mca_priced_run *report, uint32_t index) {
    const uint32_t outputs = mca_network_config_outputs(&report->scenario->chip.network);
    const uint32_t *confusion = report->result->confusion;
    struct mca__class_figures of = {.taken_for = confusion + (size_t)index * outputs,
                                    .worst = index == 0};
    uint64_t taken = 0;
    for (uint32_t k = 0; k < outputs; ++k) {
        of.images += of.taken_for[k];
        taken += confusion[(size_t)k * outputs + index];
        of.worst = k != index && of.taken_for[k] > of.taken_for[of.worst] ? k : of.worst;
    }
    of.right = of.taken_for[index];
    of.recall = mca__ratio((double)of.right, (double)of.images);
    of.precision = mca__ratio((double)of.right, (double)taken);
    return of;
}

struct mca_sample_statistics mca__aged(const struct mca_train_result *result, uint32_t index) {
    return mca_sample_statistics(result->aged_accuracy + (size_t)index * result->age_seeds,
                                 result->age_seeds);
}

struct mca__text mca__age(double age_s) {
    const struct mca_age_unit *unit = mca_age_units;
    for (const struct mca_age_unit *u = unit; u->name; ++u) {
        unit = age_s >= u->seconds && age_s == u->seconds * floor(age_s / u->seconds) ? u : unit;
    }
    return mca__format("%.6g %s", age_s / unit->seconds, unit->name);
}

const struct mca_epoch_record *mca__milestone(const struct mca_train_result *result,
                                              double accuracy) {
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        if (result->epochs[e].test_accuracy >= accuracy) { /* false for NAN */
            return &result->epochs[e];
        }
    }
    return NULL;
}

double mca__epoch_energy_j(const struct mca_priced_run *report,
                           const struct mca_epoch_record *record) {
    return mca_price_training_j(&record->ledger, &report->result->inventory, &report->prices);
}

static double epoch_time_s(const struct mca_priced_run *report,
                           const struct mca_epoch_record *record) {
    (void)report;
    return (double)record->time_ps / 1e12;
}

#define AT(member) offsetof(struct mca_epoch_record, member), NULL

const struct mca__epoch_column mca__epoch_columns[] = {
    {"images", "images", "count", "", AT(images)},
    {"learning_rate", "learning rate", "number", "", AT(learning_rate)},
    {"train_accuracy", "training", "fraction", "", AT(train_accuracy)},
    {"train_loss", "training loss", "number", "", AT(train_loss)},
    {"validation_accuracy", "validation", "fraction", "", AT(validation_accuracy)},
    {"test_accuracy", "test", "fraction", "", AT(test_accuracy)},
    {"energy_j", "energy so far", "si", "J", 0, mca__epoch_energy_j},
    {"time_s", "time so far", "si", "s", 0, epoch_time_s},
    {"set_pulses", "SET pulses", "count", "", AT(set_pulses)},
    {"reset_pulses", "RESET pulses", "count", "", AT(reset_pulses)},
    {"refreshed_pairs", "pairs refreshed", "count", "", AT(refreshed_pairs)},
    {NULL, NULL, NULL, NULL, 0, NULL}};

int mca__is_counted(const struct mca__epoch_column *column) {
    return strcmp(column->kind, "count") == 0;
}

double mca__epoch_value(const struct mca__epoch_column *column, const struct mca_priced_run *report,
                        const struct mca_epoch_record *record) {
    const char *at = (const char *)record + column->offset;
    uint64_t count;
    double number;
    memcpy(&count, at, sizeof count);
    memcpy(&number, at, sizeof number);
    return column->value             ? column->value(report, record)
           : mca__is_counted(column) ? (double)count
                                     : number;
}

int mca__is_continuous(const struct mca_priced_run *report) {
    return report->scenario->chip.device.model == MCA_DEVICE_IDEAL;
}

double mca__ratio(double a, double b) {
    return b == 0.0 ? (double)NAN : a / b;
}

double mca__devices_used(const struct mca_inventory *inventory) {
    return 2.0 * (double)(inventory->weights - inventory->weight_bits / MCA_WEIGHT_BITS);
}

/* 1 where every layer has units of its own. */
static int is_of_layers(const struct mca_priced_run *report, enum mca_resource resource) {
    const struct mca_train_result *result = report->result;
    return result->layers[result->layer_count].inventory.resource_instances[resource] == 0;
}

const struct mca_layer_price *mca__busiest_group(const struct mca_priced_run *report,
                                                 enum mca_resource resource) {
    const struct mca_layer_price *busiest = NULL;
    double most_ps = 0.0;
    for (uint32_t i = 0; i < report->result->layer_count; ++i) {
        const struct mca_layer_price *layer = &report->layers[i];
        const double longest_ps = mca_longest_ps(&layer->ledger, resource) /
                                  mca_longest_units(&layer->inventory, resource);
        if (is_of_layers(report, resource) && (!busiest || longest_ps > most_ps)) {
            busiest = layer;
            most_ps = longest_ps;
        }
    }
    return busiest;
}

uint32_t mca__unit_groups(const struct mca_priced_run *report, enum mca_resource resource) {
    return is_of_layers(report, resource) ? report->result->layer_count : 1;
}

static double busy_s(const struct mca_ledger *ledger, enum mca_resource resource) {
    double ps = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        ps += (double)ledger->busy_ps[p][resource];
    }
    return ps / 1e12;
}

double mca__unit_power_w(const struct mca_priced_run *report, enum mca_resource resource,
                         uint32_t index) {
    const int is_layer = is_of_layers(report, resource);
    const struct mca_layer_price *layer = &report->layers[index];
    const struct mca_pricing *pricing = is_layer ? &layer->pricing : &report->pricing;
    const struct mca_ledger *ledger = is_layer ? &layer->ledger : &report->result->ledger;
    const struct mca_inventory *built = is_layer ? &layer->inventory : &report->result->inventory;
    const int is_converter = resource == MCA_RESOURCE_DAC || resource == MCA_RESOURCE_ADC;
    double joules = 0.0;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        const int is_its = mca_component_resource((enum mca_component)c) == resource;
        joules += is_its ? pricing->by_component_j[c] : 0.0;
    }
    double seconds = busy_s(ledger, resource) / (double)built->resource_instances[resource];
    if (!(seconds > 0.0) && is_converter) {
        seconds = busy_s(ledger, MCA_RESOURCE_TILE);
    }
    seconds = seconds > 0.0 ? seconds : report->pricing.time_s;
    return joules > 0.0 ? joules / seconds : 0.0;
}

double mca__at_work_w(const struct mca_priced_run *report, enum mca_resource resource) {
    const uint32_t groups = mca__unit_groups(report, resource);
    double sum = 0.0;
    for (uint32_t i = 0; i < groups; ++i) {
        sum += mca__unit_power_w(report, resource, i);
    }
    return sum;
}

int mca__is_of_arrays(enum mca_block block) {
    const enum mca_resource resource = mca_block_resource(block);
    return resource == MCA_RESOURCE_DAC || resource == MCA_RESOURCE_TILE ||
           resource == MCA_RESOURCE_ADC;
}

double mca__energy_without_j(const struct mca_priced_run *report, enum mca_resource resource) {
    const struct mca_pricing *p = &report->pricing;
    double joules = p->total_j;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        const int is_its = mca_component_resource((enum mca_component)c) == resource;
        joules -= is_its ? p->by_component_j[c] : 0.0;
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        joules -= mca_block_resource((enum mca_block)b) == resource ? p->by_block_j[b] : 0.0;
    }
    return joules;
}

double mca__area_without_mm2(const struct mca_priced_run *report, enum mca_resource resource) {
    double area = report->pricing.area_total_mm2;
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        const int is_its = mca_block_resource((enum mca_block)b) == resource;
        area -= is_its ? report->pricing.area_mm2[b] : 0.0;
    }
    return area;
}
