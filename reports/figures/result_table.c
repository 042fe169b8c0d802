/* The lines of the table of results, in the order of summary.json. */
#include <math.h>

#include "network/layer_kind.h"
#include "reports/figures/facts.h"
#include "reports/figures/result_figures.h"

/* A count of the run, under the name of its term. */
#define COUNT(name, field)                                                                         \
    { name, MCA_IN_RESULT, offsetof(struct mca_train_result, field), 0 }
#define IMAGES COUNT("images", images)
#define TESTS COUNT("tested", tested_images)
/* A price, under the key that explains it. */
#define PRICE(key, field)                                                                          \
    { key, MCA_IN_PRICING, offsetof(struct mca_pricing, field), 0 }
/* Prices of a family: `first` is where that of its first member stands. */
#define EACH(field, first)                                                                         \
    {                                                                                              \
        "", MCA_IN_PRICING, offsetof(struct mca_pricing, first),                                   \
            sizeof(((struct mca_pricing *)NULL)->field[0])                                         \
    }
#define BUILT(name, field)                                                                         \
    { name, MCA_IN_INVENTORY, offsetof(struct mca_inventory, field), 0 }
#define MATRIX(name, field)                                                                        \
    { name, MCA_IN_LAYER, offsetof(struct mca_network_layer, field), 0 }
#define ACCURACY(field)                                                                            \
    { "right", MCA_IN_ACCURACY, offsetof(struct mca__accuracy, field), 0 }
#define DESIGN(field)                                                                              \
    { "ratio", MCA_IN_DESIGN, offsetof(struct mca_baseline_report, field), 0 }
#define STRONGEST(field)                                                                           \
    { "ratio", MCA_IN_STRONGEST_DESIGN, offsetof(struct mca_baseline_report, field), 0 }
#define RUNTIME(field)                                                                             \
    { "measured", MCA_IN_RUNTIME, offsetof(struct mca_runtime, field), 0 }
#define MACS(name, field)                                                                          \
    { name, MCA_IN_MACS, offsetof(struct mca_macs, field), 0 }
/* What `value` gives, by the key of a figure. */
#define KEY(name)                                                                                  \
    { name, MCA_IN_FIGURE, 0, 0 }
/* What `value`, or `over_value`, gives. */
#define TERM(name)                                                                                 \
    { name, MCA_IN_RESULT, 0, 0 }

#define COSTS (MCA_OF_CHIP | MCA_OF_DESIGN)
#define PARTS (MCA_OF_CHIP | MCA_OF_LAYER)
#define ALL_COSTS (COSTS | MCA_OF_LAYER)
#define DESIGNS (MCA_OF_DESIGN | MCA_OF_EQUAL)
#define EVERY_COST (ALL_COSTS | MCA_OF_DESIGN_LAYER)

enum { LESS = -1, NEITHER = 0, MORE = 1 };

#define FIGURE(key, kind, unit, better, title, meaning, ...)                                       \
    { key, MCA_RESULT_##kind, unit, better, title, meaning, __VA_ARGS__ }

/* Meanings that several lines share. */
static const char HIGH_END[] =
    "the value x (1 + square root of the sum of squares); each term is by how much its source of "
    "error alone, at its high end, raises the value";
static const char LOW_END[] =
    "the value / (1 + square root of the sum of squares); each term is how many times more the "
    "value is, less 1, than with its source alone at the low end";
static const char PER_IMAGE[] = "of the training phases, over the images trained on";
static const char PHASE_ENERGY[] =
    "counts x joules per action; static_BLOCK: instances x seconds that the phase adds to the "
    "critical path x watts";
static const char PATH[] =
    "picoseconds of a phase on the critical path, which led to the end of the simulated time";
static const char AREA[] = "area of all blocks";
static const char SET_PULSES[] =
    "SET pulses of the training phases: transfer pays chi out, refresh writes pairs anew";

/* The low and the high end of a range; `number` gives one of them. */
#define ENDS(key, kind, unit, title, number_of, range, ...)                                        \
    FIGURE(key "low", kind, unit, NEITHER, title ", low", LOW_END, .bound = MCA_RESULT_LOW,        \
           .number = number_of(range, low), __VA_ARGS__),                                          \
        FIGURE(key "high", kind, unit, NEITHER, title ", high", HIGH_END,                          \
               .bound = MCA_RESULT_HIGH, .number = number_of(range, high), __VA_ARGS__)
/* NOLINTBEGIN(bugprone-macro-parentheses): members */
#define PRICED_END(range, end) PRICE("", range.end)
#define EACH_END(range, end) EACH(range, range[0].end)
#define RATIO_END(ratio, end) DESIGN(ratio.range.end)
/* NOLINTEND(bugprone-macro-parentheses) */

static double best_epoch(const struct mca_result_place *place) {
    const uint32_t epoch = mca__accuracy_of(place->subject.run->result).test_best_epoch;
    return epoch > 0 ? epoch : (double)NAN;
}

static double epochs(const struct mca_result_place *place) {
    const struct mca_train_result *result = place->subject.run->result;
    return mca_is_test_alone(result) ? 0.0 : (double)result->epoch_count;
}

static double age_s(const struct mca_result_place *place) {
    return place->subject.run->result->ages_s[place->item];
}

static double aged_mean(const struct mca_result_place *place) {
    return mca__aged(place->subject.run->result, place->item).mean;
}

static double oldest(const struct mca_result_place *place) {
    const struct mca_train_result *result = place->subject.run->result;
    return result->age_count > 0 ? mca__aged(result, result->age_count - 1).mean : (double)NAN;
}

static double aged_low(const struct mca_result_place *place) {
    return mca__aged(place->subject.run->result, place->item).low;
}

static double aged_high(const struct mca_result_place *place) {
    return mca__aged(place->subject.run->result, place->item).high;
}

/* Of tests beside training, or of the test that is all of a run. */
static enum mca_phase phase_of_tests(const struct mca_result_place *place) {
    return mca_is_test_alone(place->subject.run->result) ? MCA_PHASE_FORWARD : MCA_PHASE_TEST;
}

static double inference_s(const struct mca_result_place *place) {
    return place->subject.pricing->critical_s[phase_of_tests(place)];
}

static double inference_j(const struct mca_result_place *place) {
    return place->subject.pricing->by_phase_j[phase_of_tests(place)];
}

static double inference_rate(const struct mca_result_place *place) {
    return mca__ratio((double)place->subject.run->result->tested_images, inference_s(place));
}

static double test_latency_s(const struct mca_result_place *place) {
    const uint64_t ps = place->subject.run->result->test_latency_ps;
    return ps > 0 ? (double)ps / 1e12 : (double)NAN;
}

static double utilisation(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const uint64_t instances = s->inventory->resource_instances[place->item];
    return s->pricing->time_s > 0.0 && instances > 0 ? s->pricing->utilisation[place->item]
                                                     : (double)NAN;
}

/* Of the layer's own units and of its share of those that all layers use; and the chip's. */
static double busy(const struct mca_result_place *place) {
    double ps = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        ps += (double)place->subject.ledger->busy_ps[p][place->item];
    }
    return ps / 1e12;
}

/* NULL for what belongs to no layer. */
static const struct mca_network_layer *layer_of(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const uint32_t layer = place->subject.layer;
    return layer < run->result->layer_count ? &run->network.layers[layer] : NULL;
}

static double layer_number(const struct mca_result_place *place) {
    return layer_of(place) ? place->subject.layer : (double)NAN;
}

static const char *layer_kind(const struct mca_result_place *place, char *room) {
    const struct mca_network_layer *layer = layer_of(place);
    (void)room;
    return layer ? layer->kind->name : NULL;
}

static const char *layer_shape(const struct mca_result_place *place, char *room) {
    const struct mca_network_layer *layer = layer_of(place);
    if (layer) {
        mca_shape_short_text(&layer->out, room);
    }
    return layer ? room : NULL;
}

static double cells_used(const struct mca_result_place *place) {
    const struct mca_inventory *inventory = place->subject.inventory;
    return mca__ratio(mca__devices_used(inventory), (double)inventory->devices);
}

static double pulses(const struct mca_result_place *place, enum mca_component component) {
    double sum = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        sum += (double)place->subject.ledger->counts[p][component];
    }
    return sum;
}

/* Of weights from outside; NAN where there are none. */
static double imported(const struct mca_result_place *place) {
    const uint64_t weights = place->subject.run->result->import.weights;
    return weights > 0 ? mca_result_number(place, &place->figure->number) : (double)NAN;
}

static double verified(const struct mca_result_place *place) {
    const int is_verified =
        place->subject.run->scenario->chip.weights.programming == MCA_PROGRAM_VERIFY &&
        place->subject.run->result->import.programmed > 0;
    return is_verified ? imported(place) : (double)NAN;
}

static double import_error_mean(const struct mca_result_place *place) {
    const struct mca_import_stats *import = &place->subject.run->result->import;
    return mca__ratio(import->error_sum_us, (double)import->programmed);
}

static double import_error_rms(const struct mca_result_place *place) {
    const struct mca_import_stats *import = &place->subject.run->result->import;
    return sqrt(mca__ratio(import->error_squares_us2, (double)import->programmed));
}

static double set_pulses(const struct mca_result_place *place) {
    return pulses(place, MCA_COMPONENT_PCM_SET);
}

static double reset_pulses(const struct mca_result_place *place) {
    return pulses(place, MCA_COMPONENT_PCM_RESET);
}

static double max_writes(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_train_result *result = s->run->result;
    return (double)(s->scope == MCA_OF_LAYER ? result->layers[s->layer].wear.max_writes_per_device
                                             : result->max_writes_per_device);
}

static double lifetime_s(const struct mca_result_place *place) {
    const struct mca_wear *wear = mca__first_worn(&place->subject);
    return wear ? (double)(wear->first_worn_endurance - wear->first_worn_before) /
                      mca__wear_rate(place->subject.run, wear)
                : (double)NAN;
}

static double stuck(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_train_result *result = s->run->result;
    double sum = 0.0;
    for (uint32_t i = 0; i < result->layer_count; ++i) {
        const int counts = s->scope != MCA_OF_LAYER || s->layer == i;
        sum += counts ? (double)result->layers[i].wear.stuck_devices : 0.0;
    }
    return sum;
}

static double at_gmax(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_train_result *result = s->run->result;
    return (double)(s->scope == MCA_OF_LAYER ? result->layers[s->layer].devices_at_gmax
                                             : result->devices_at_gmax);
}

static double lanes(const struct mca_result_place *place) {
    return place->subject.baseline->lanes;
}

static const struct mca_epoch_record *milestone(const struct mca_result_place *place) {
    return mca__milestone(place->subject.run->result, mca__milestones[place->item]);
}

static double milestone_images(const struct mca_result_place *place) {
    return (double)milestone(place)->images;
}

static double milestone_j(const struct mca_result_place *place) {
    return mca__epoch_energy_j(place->subject.run, milestone(place));
}

static double milestone_s(const struct mca_result_place *place) {
    return (double)milestone(place)->time_ps / 1e12;
}

/* Images a second of this process. */
static double train_rate(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    return mca__ratio((double)(run->result->images - run->runtime.trained_before),
                      run->runtime.train_wall_s);
}

static double test_rate(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    return mca__ratio((double)(run->result->tested_images - run->runtime.tested_before),
                      run->runtime.test_wall_s);
}

static double memory(const struct mca_result_place *place) {
    return (double)place->subject.run->runtime.peak_rss_bytes;
}

static double threads(const struct mca_result_place *place) {
    return place->subject.run->runtime.threads;
}

/* Operations in 10^12, two a product. */
static double tera_operations(const struct mca_result_place *place) {
    const uint64_t macs = place->subject.macs->total;
    return macs > 0 ? 2.0 * (double)macs / 1e12 : (double)NAN;
}

static double tested_tera_operations(const struct mca_result_place *place) {
    const uint64_t macs = place->subject.macs->tested;
    return macs > 0 ? 2.0 * (double)macs / 1e12 : (double)NAN;
}

static double operations(const struct mca_result_place *place) {
    return 2.0 * (double)place->subject.macs->total;
}

static double images_per_s(const struct mca_result_place *place) {
    return mca__ratio((double)place->subject.run->result->images, place->subject.pricing->time_s);
}

static double tops(const struct mca_result_place *place) {
    return mca__ratio(tera_operations(place), place->subject.pricing->time_s);
}

static double inference_tops(const struct mca_result_place *place) {
    return mca__ratio(tested_tera_operations(place), inference_s(place));
}

static double energy_per_image(const struct mca_result_place *place) {
    return mca__ratio(place->subject.pricing->total_j, (double)place->subject.run->result->images);
}

static double at_work(const struct mca_result_place *place) {
    return mca__at_work_w(place->subject.run, (enum mca_resource)place->item);
}

static double peak_power(const struct mca_result_place *place) {
    double sum = place->subject.pricing->static_w;
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        sum += mca__at_work_w(place->subject.run, (enum mca_resource)r);
    }
    return place->subject.pricing->time_s > 0.0 ? sum : (double)NAN;
}

/* Of arrays that do nothing but read. */
static double read_operations(const struct mca_result_place *place) {
    const uint64_t macs = place->subject.run->full_reads.macs;
    return macs > 0 ? 2.0 * (double)macs / 1e12 : (double)NAN;
}

static double read_pace_s(const struct mca_result_place *place) {
    return (double)place->subject.run->full_reads.pace_ps / 1e12;
}

static double read_joules(const struct mca_result_place *place) {
    const struct mca_full_reads *reads = &place->subject.run->full_reads;
    return reads->macs > 0 ? reads->joules : (double)NAN;
}

static double array_area(const struct mca_result_place *place) {
    double sum = 0.0;
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        sum += mca__is_of_arrays((enum mca_block)b) ? place->subject.pricing->area_mm2[b] : 0.0;
    }
    return sum;
}

static double read_tops(const struct mca_result_place *place) {
    return mca__ratio(read_operations(place), read_pace_s(place));
}

static double busiest(const struct mca_result_place *place) {
    return isnan(utilisation(place)) ? (double)NAN : place->subject.pricing->busiest[place->item];
}

/* Images that the busiest group of a resource's units would let through if it never waited. */
static double bound(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const struct mca_layer_price *group = mca__busiest_group(run, (enum mca_resource)place->item);
    const struct mca_inventory *built = group ? &group->inventory : place->subject.inventory;
    return (double)run->result->images * (double)built->resource_instances[place->item];
}

static double bound_s(const struct mca_result_place *place) {
    const struct mca_layer_price *group =
        mca__busiest_group(place->subject.run, (enum mca_resource)place->item);
    struct mca_result_place of = *place;
    of.subject.ledger = group ? &group->ledger : place->subject.ledger;
    return busy(&of);
}

/* Picoseconds of the run, or of its tests, had a resource taken no time. */
static double free_ps(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const int is_there = run->scenario->chip.timing.what_if &&
                         place->subject.inventory->resource_instances[place->item] > 0;
    return is_there ? (double)run->result->what_if_ps[place->item] : (double)NAN;
}

static double free_test_ps(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const int is_there = !isnan(free_ps(place)) && run->result->tested_images > 0;
    return is_there ? (double)run->result->what_if_test_ps[place->item] : (double)NAN;
}

static double ps_per_s(const struct mca_result_place *place) {
    (void)place;
    return 1e12;
}

static double tested_ps_per_s(const struct mca_result_place *place) {
    return (double)place->subject.run->result->tested_images * 1e12;
}

static double free_s(const struct mca_result_place *place) {
    return free_ps(place) / 1e12;
}

static double free_energy(const struct mca_result_place *place) {
    const struct mca_pricing *pricing = place->subject.pricing;
    return pricing->dynamic_j + free_s(place) * pricing->static_w;
}

static double energy_without(const struct mca_result_place *place) {
    return mca__energy_without_j(place->subject.run, (enum mca_resource)place->item);
}

static double area_without(const struct mca_result_place *place) {
    return mca__area_without_mm2(place->subject.run, (enum mca_resource)place->item);
}

static const char *bottleneck(const struct mca_result_place *place, char *room) {
    const struct mca_pricing *pricing = place->subject.pricing;
    (void)room;
    return pricing->busiest[pricing->bottleneck] > 0.0 ? mca_resource_name(pricing->bottleneck)
                                                       : NULL;
}

static const char *strongest(const struct mca_result_place *place, char *room) {
    const struct mca_priced_run *run = place->subject.run;
    const struct mca_baseline_report *design = mca__strongest_design(run);
    const ptrdiff_t number = design ? design - run->baselines : 0;
    (void)room;
    return design ? mca_baseline_design_name((enum mca_baseline_design)number) : NULL;
}

static const char *verdict(const struct mca_result_place *place, char *room) {
    mca__verdict_text(place->subject.run, room);
    return room[0] ? room : NULL;
}

const struct mca_result_figure mca_result_figures[] = {
    FIGURE("accuracy.test_final", FRACTION, "", MORE, "test accuracy, last epoch",
           "fraction of the test images that the chip classifies right after the last epoch, read "
           "through the same converters and noise as in training; the test set decides nothing",
           .digits = 2, .number = ACCURACY(test_final), .compare = {1, "test accuracy, last"},
           .sweep = {1, NULL}, .objective = "accuracy", .heading = "accuracy",
           .short_title = "accuracy"),
    FIGURE("accuracy.test_best", FRACTION, "", MORE, "test accuracy, best epoch",
           "the largest of the epochs' test accuracies: chosen after the test, so that it flatters",
           .digits = 2, .number = ACCURACY(test_best), .compare = {1, "test accuracy, best"},
           .sweep = {1, NULL}, .short_title = "best accuracy"),
    FIGURE("accuracy.test_best_epoch", COUNT, "", NEITHER, "best epoch",
           "the first epoch after which the test accuracy was the largest", .unlisted = MCA_OF_CHIP,
           .number = TERM("epoch"), .value = best_epoch),
    FIGURE("accuracy.test_oldest", FRACTION, "", MORE, "test accuracy, greatest age",
           "mean over the tests of the finished chip at the greatest of ageing.ages_s", .digits = 2,
           .number = TERM("mean_of_tests"), .value = oldest, .sweep = {1, NULL},
           .short_title = "aged accuracy"),
    FIGURE("accuracy.train_final", FRACTION, "", MORE, "training accuracy, last epoch",
           "fraction of the last epoch's training images that were classified right as they were "
           "trained on, before their update",
           .digits = 2, .number = ACCURACY(train_final)),
    FIGURE("accuracy.validation_final", FRACTION, "", MORE, "validation accuracy, last epoch",
           "fraction of the training images held out (train.validation_images) that the chip "
           "classifies right after the last epoch",
           .digits = 2, .number = ACCURACY(validation_final)),
    FIGURE("images", COUNT, "images", NEITHER, "images trained",
           "images trained on, those of all epochs", .unlisted = MCA_OF_CHIP, .number = IMAGES,
           .compare = {2, NULL}),
    FIGURE("epochs", COUNT, "", NEITHER, "epochs", "epochs trained", .unlisted = MCA_OF_CHIP,
           .number = TERM("epochs"), .value = epochs),
    FIGURE("energy_j.total", SI, "J", LESS, "energy of training",
           "dynamic and static energy of the training phases", .scope = EVERY_COST,
           .number = PRICE("", total_j), .source = MCA_FROM_ENERGY, .compare = {3, "energy"},
           .sweep = {3, NULL}, .short_title = "energy in all", .axis_prefix = "m"),
    FIGURE("energy_j.per_image", SI, "J", LESS, "energy per image", PER_IMAGE, .scope = EVERY_COST,
           .unlisted = MCA_OF_DESIGN, .number = PRICE("energy_j.total", total_j), .over = IMAGES,
           .compare_layers = {1, "*: energy per image"}, .layers = {4, "  per image"},
           .compare = {4, NULL}, .sweep = {2, NULL}, .objective = "energy",
           .heading = "energy/image", .short_title = "energy", .axis_prefix = "n"),
    FIGURE("energy_j.dynamic_per_image", SI, "J", NEITHER, "dynamic energy per image", PER_IMAGE,
           .scope = PARTS, .number = PRICE("energy_j.dynamic", dynamic_j), .over = IMAGES,
           .layers = {5, "   dynamic"}),
    FIGURE("energy_j.dynamic", SI, "J", NEITHER, "dynamic energy",
           "dynamic energy of all components", .scope = EVERY_COST, .number = PRICE("", dynamic_j),
           .source = MCA_FROM_COMPONENTS),
    FIGURE("energy_j.static", SI, "J", NEITHER, "static energy", "static energy of all blocks",
           .scope = ALL_COSTS, .number = PRICE("", static_j), .source = MCA_FROM_BLOCKS,
           .layers = {6, NULL}),
    ENDS("energy_j.", SI, "J", "energy of training", PRICED_END, total_range_j, .scope = EVERY_COST,
         .source = MCA_FROM_ENERGY, .compare = {3, NULL}, .compare_per_image = {5, NULL},
         .sweep = {3, NULL}),
    ENDS("energy_j.independent.", SI, "J", "energy of training by the figures' own errors",
         PRICED_END, independent_range_j, .scope = COSTS, .unlisted = MCA_OF_DESIGN,
         .source = MCA_FROM_OWN_ERRORS),
    ENDS("energy_j.common.", SI, "J", "energy of training by shared causes", PRICED_END,
         common_range_j, .scope = COSTS, .unlisted = MCA_OF_DESIGN,
         .source = MCA_FROM_COMMON_ERRORS),
    FIGURE("energy_j.by_phase.*", SI, "J", NEITHER, "energy of a phase", PHASE_ENERGY,
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .family = MCA_RESULT_TRAINING_PHASES, .number = EACH(by_phase_j, by_phase_j[0]),
           .source = MCA_FROM_ENERGY),
    FIGURE("energy_j.by_component.*.total", SI, "J", NEITHER, "energy of a component",
           "counts of the training phases x joules per action", .scope = ALL_COSTS,
           .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .family = MCA_RESULT_COMPONENTS,
           .number = EACH(by_component_j, by_component_j[0]), .source = MCA_FROM_ENERGY),
    ENDS("energy_j.by_component.*.", SI, "J", "energy of a component", EACH_END, component_range_j,
         .scope = COSTS, .unlisted = COSTS, .family = MCA_RESULT_COMPONENTS,
         .source = MCA_FROM_ENERGY),
    FIGURE("energy_j.by_component.static_*.total", SI, "J", NEITHER, "static energy of a block",
           "instances x seconds that each training phase adds to the critical path x watts",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .family = MCA_RESULT_BLOCKS, .number = EACH(by_block_j, by_block_j[0]),
           .source = MCA_FROM_ENERGY),
    ENDS("energy_j.by_component.static_*.", SI, "J", "static energy of a block", EACH_END,
         block_range_j, .scope = COSTS, .unlisted = COSTS, .family = MCA_RESULT_BLOCKS,
         .source = MCA_FROM_ENERGY),
    FIGURE("energy_other_j.*", SI, "J", NEITHER, "energy of tests", PHASE_ENERGY,
           .family = MCA_RESULT_TEST_PHASE, .number = EACH(by_phase_j, by_phase_j[0]),
           .source = MCA_FROM_ENERGY),
    FIGURE("energy_other_j.*", SI, "J", NEITHER, "energy of initial weights", PHASE_ENERGY,
           .family = MCA_RESULT_INIT_PHASE, .number = EACH(by_phase_j, by_phase_j[0]),
           .source = MCA_FROM_ENERGY),
    FIGURE("latency_s.total", SI, "s", LESS, "latency of training", PATH,
           .scope = COSTS | MCA_OF_DESIGN_LAYER, .number = PRICE("", time_s),
           .source = MCA_FROM_TIME, .sweep = {5, NULL}, .short_title = "latency in all"),
    FIGURE("latency_s.per_image", SI, "s", LESS, "latency per image", PER_IMAGE,
           .scope = COSTS | MCA_OF_DESIGN_LAYER, .unlisted = MCA_OF_DESIGN,
           .number = PRICE("latency_s.total", time_s), .over = IMAGES, .compare = {6, NULL},
           .sweep = {4, NULL}, .objective = "latency", .heading = "latency/image",
           .short_title = "latency", .axis_prefix = "\u00b5"),
    FIGURE("latency_s.critical_path.*", SI, "s", NEITHER, "time of a phase", PATH, .scope = COSTS,
           .unlisted = MCA_OF_DESIGN, .family = MCA_RESULT_TRAINING_PHASES,
           .number = EACH(critical_s, critical_s[0]), .source = MCA_FROM_TIME),
    FIGURE("latency_other_s.*", SI, "s", NEITHER, "time of tests",
           "picoseconds of all tests, each on a chip at rest", .family = MCA_RESULT_TEST_PHASE,
           .number = EACH(critical_s, critical_s[0]), .source = MCA_FROM_TIME),
    FIGURE("latency_other_s.*", SI, "s", NEITHER, "time of initial weights",
           "picoseconds in which the initial weights are programmed",
           .family = MCA_RESULT_INIT_PHASE, .number = EACH(critical_s, critical_s[0]),
           .source = MCA_FROM_TIME),
    FIGURE("latency_s.bottleneck", TEXT, "", NEITHER, "bottleneck",
           "the resource whose busiest units work longest, of those that each layer has for itself "
           "the busiest layer's; the first of equals",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .text = bottleneck,
           .source = MCA_FROM_BOTTLENECK, .compare = {8, NULL}, .layers = {8, "    busiest"}),
    FIGURE("latency_s.utilisation.*", FRACTION, "", NEITHER, "utilisation of a resource",
           "picoseconds in which the resource was busy, over its instances x the time", .digits = 1,
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .family = MCA_RESULT_RESOURCES, .value = utilisation, .source = MCA_FROM_BUSY),
    FIGURE(
        "latency_s.busiest.*", FRACTION, "", NEITHER, "use of a resource's busiest units",
        "picoseconds in which the busiest units of the resource worked, of those that each layer "
        "has for itself the busiest layer's, over their instances x the time; the largest of "
        "all resources bounds the chip",
        .digits = 1, .family = MCA_RESULT_RESOURCES, .value = busiest, .source = MCA_FROM_BUSIEST),
    FIGURE("latency_s.busy.*", SI, "s", NEITHER, "time that units work",
           "picoseconds in which units of a kind work, those that work side by side each by itself",
           .scope = PARTS, .family = MCA_RESULT_RESOURCES, .value = busy, .source = MCA_FROM_BUSY),
    FIGURE("inference.latency_s", SI, "s", LESS, "latency of inference",
           "picoseconds from the load of an image to its class, alone on a chip at rest",
           .value = test_latency_s, .source = MCA_FROM_TEST_LATENCY, .terminal = {11, "* alone"}),
    FIGURE("inference.s_per_image", SI, "s", LESS, "time per image of inference",
           "the time of all tests (latency_other_s.test; of a test alone latency_s.total), one "
           "image after the other, the next one loaded meanwhile; over the images tested",
           .number = TERM("tests"), .value = inference_s, .over = TESTS,
           .terminal = {12, "* in a row"}),
    FIGURE("inference.images_per_s", SI, "/s", MORE, "throughput of inference",
           "images tested, over the time of all tests", .number = TERM("tested_per_second"),
           .value = inference_rate, .compare = {8, NULL}, .terminal = {13, "(*)"}),
    FIGURE("inference.j_per_image", SI, "J", LESS, "energy per image of inference",
           "dynamic and static energy of all tests (energy_other_j.test; of a test alone "
           "energy_j.total), over the images tested",
           .number = TERM("tests"), .value = inference_j, .over = TESTS, .compare = {8, NULL},
           .terminal = {14, "* per image"}),
    FIGURE("inference.tops", NUMBER, "TOPS", MORE, "operations of inference",
           "10^12 operations a second: 2 for each multiplication with its addition of the images "
           "tested, every weight visited, over the time of all tests",
           .number = TERM("tera_operations"), .value = tested_tera_operations,
           .over = TERM("seconds of all tests"), .over_value = inference_s,
           .terminal = {21, "* TOPS"}, .is_on_page = 1),
    FIGURE("inference.tops_per_w", NUMBER, "TOPS/W", MORE, "efficiency of inference",
           "10^12 operations a joule: the same operations over the energy of all tests",
           .number = TERM("tera_operations"), .value = tested_tera_operations,
           .over = TERM("joules of all tests"), .over_value = inference_j, .compare = {8, NULL},
           .sweep = {11, NULL}, .short_title = "inference, TOPS/W", .terminal = {22, "* TOPS/W"},
           .is_on_page = 1),
    FIGURE("inference.tops_per_mm2", NUMBER, "TOPS/mm2", MORE, "density of inference",
           "10^12 operations a second and square millimetre of the whole chip",
           .number = KEY("inference.tops"), .value = inference_tops,
           .over = PRICE("area_mm2.total", area_total_mm2), .terminal = {23, "* TOPS/mm\u00b2"},
           .is_on_page = 1),
    FIGURE("inference.j_per_mac", SI, "J", LESS, "energy per MAC of inference",
           "energy of all tests over the multiplications, each with its addition, of the images "
           "tested, every weight visited",
           .number = TERM("joules"), .value = inference_j, .over = MACS("tested_macs", tested),
           .terminal = {24, "* per MAC"}, .is_on_page = 1),
    FIGURE("area_mm2.total", AREA, "mm2", LESS, "area", AREA, .scope = ALL_COSTS,
           .number = PRICE("", area_total_mm2), .source = MCA_FROM_AREA,
           .compare_layers = {2, "*: area"}, .layers = {7, "       area"}, .compare = {7, NULL},
           .sweep = {6, "area_mm2"}, .objective = "area", .heading = "area", .short_title = "area"),
    FIGURE("area_mm2.by_component.*", AREA, "mm2", NEITHER, "area of a block",
           "instances x square micrometres", .scope = ALL_COSTS,
           .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .family = MCA_RESULT_BLOCKS,
           .number = EACH(area_mm2, area_mm2[0]), .source = MCA_FROM_AREA),
    FIGURE("power_w.average", SI, "W", LESS, "average power",
           "energy of the training phases over their time: dynamic and static", .scope = ALL_COSTS,
           .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .number = PRICE("energy_j.total", total_j),
           .over = PRICE("latency_s.total", time_s), .compare = {7, NULL}, .sweep = {9, NULL},
           .short_title = "power", .terminal = {11, "average *"}, .is_on_page = 1),
    FIGURE("power_w.static", SI, "W", LESS, "static power",
           "instances x static power of all blocks, which is drawn all the time",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = PRICE("", static_w), .source = MCA_FROM_STATIC_POWER,
           .terminal = {12, "static *"}, .is_on_page = 1),
    FIGURE("power_w.at_once", SI, "W", LESS, "power of all units at work",
           "static power, and what the units of each resource draw while they work, as if all "
           "worked at once: what a supply has to bear for as long as an operation takes",
           .value = peak_power, .number = TERM("watts"), .source = MCA_FROM_PEAK_POWER,
           .compare = {7, NULL}, .sweep = {9, NULL}, .short_title = "power, all at work",
           .terminal = {13, "* with all units at work"}, .is_on_page = 1),
    FIGURE("power_w.at_work.*", SI, "W", NEITHER, "power of a resource at work",
           "dynamic energy of what belongs to the resource, over the time in which each of its "
           "units works; those of all layers together",
           .family = MCA_RESULT_RESOURCES, .value = at_work, .source = MCA_FROM_UNIT_POWER),
    FIGURE("operations.macs_per_image", COUNT, "MACs", NEITHER, "MACs per image",
           "multiplications, each with its addition, that an image takes: forward, and in training "
           "backward and for the update, every weight visited at every position",
           .scope = PARTS, .number = MACS("macs", per_image), .terminal = {11, "* MACs per image"},
           .is_on_page = 1),
    FIGURE("operations.macs_forward", COUNT, "MACs", NEITHER, "MACs forward",
           "the same of all images of the run, forward", .scope = PARTS,
           .number = MACS("macs", forward), .is_on_page = 1),
    FIGURE("operations.macs_backward", COUNT, "MACs", NEITHER, "MACs backward",
           "the same, of transposed reads", .scope = PARTS, .number = MACS("macs", backward),
           .is_on_page = 1),
    FIGURE("operations.macs_update", COUNT, "MACs", NEITHER, "MACs of updates",
           "the same, of the products of inputs and errors", .scope = PARTS,
           .number = MACS("macs", update), .is_on_page = 1),
    FIGURE("operations.macs", COUNT, "MACs", NEITHER, "MACs", "the same, all of the run's",
           .scope = PARTS, .number = MACS("macs", total), .is_on_page = 1),
    FIGURE("operations.total", COUNT, "operations", NEITHER, "operations",
           "2 for each multiplication with its addition, all of the run's", .scope = PARTS,
           .number = TERM("operations"), .value = operations,
           .terminal = {21, "* operations, 2 per MAC"}, .is_on_page = 1),
    FIGURE("operations.j_per_mac", SI, "J", LESS, "energy per MAC",
           "dynamic and static energy of the run over all of its multiplications with their "
           "additions, those of inputs and errors of 0 included",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = PRICE("energy_j.total", total_j), .over = MACS("macs", total),
           .compare = {6, NULL}, .sweep = {10, NULL}, .short_title = "energy per MAC",
           .terminal = {12, "* per MAC"}, .is_on_page = 1),
    FIGURE("operations.j_per_mac_forward", SI, "J", LESS, "energy per MAC, forward",
           "dynamic and static energy of the forward phase over its multiplications with their "
           "additions",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = PRICE("energy_j.by_phase.forward", by_phase_j[MCA_PHASE_FORWARD]),
           .over = MACS("macs_forward", forward), .compare = {6, NULL}, .sweep = {10, NULL},
           .short_title = "energy per MAC, forward", .terminal = {13, "* per MAC forward"},
           .is_on_page = 1),
    FIGURE("throughput.images_per_s", SI, "/s", MORE, "throughput",
           "images trained on, or in a run that only tests tested, over the time of all",
           .scope = COSTS, .unlisted = MCA_OF_DESIGN, .number = IMAGES,
           .over = PRICE("latency_s.total", time_s), .compare = {6, "images a second"},
           .sweep = {9, NULL}, .short_title = "throughput", .terminal = {11, "images *"},
           .is_on_page = 1),
    FIGURE("throughput.tops", NUMBER, "TOPS", MORE, "operations achieved",
           "10^12 operations a second: 2 for each multiplication with its addition, every weight "
           "visited, over the time",
           .scope = COSTS, .unlisted = MCA_OF_DESIGN, .number = TERM("tera_operations"),
           .value = tera_operations, .over = PRICE("latency_s.total", time_s),
           .compare = {8, "TOPS"}, .sweep = {10, NULL}, .short_title = "TOPS",
           .terminal = {12, "* TOPS"}, .is_on_page = 1),
    FIGURE("throughput.tops_per_w", NUMBER, "TOPS/W", MORE, "operations per joule",
           "10^12 operations a joule: the same operations over dynamic and static energy",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = TERM("tera_operations"), .value = tera_operations,
           .over = PRICE("energy_j.total", total_j), .compare = {8, "TOPS/W"}, .sweep = {10, NULL},
           .short_title = "TOPS/W", .terminal = {13, "* TOPS/W"}, .is_on_page = 1),
    FIGURE("throughput.tops_per_mm2", NUMBER, "TOPS/mm2", MORE, "operations per area",
           "10^12 operations a second and square millimetre of all that is built", .scope = COSTS,
           .unlisted = MCA_OF_DESIGN, .number = KEY("throughput.tops"), .value = tops,
           .over = PRICE("area_mm2.total", area_total_mm2), .compare = {8, "TOPS/mm\u00b2"},
           .sweep = {10, NULL}, .short_title = "TOPS/mm\u00b2", .terminal = {14, "* TOPS/mm\u00b2"},
           .is_on_page = 1),
    FIGURE("throughput.energy_delay_js", SI, "J s", LESS, "energy x delay per image",
           "energy per image over images a second, which is energy per image x latency per image",
           .scope = COSTS, .unlisted = MCA_OF_DESIGN, .number = KEY("energy_j.per_image"),
           .value = energy_per_image, .over = TERM("images a second"), .over_value = images_per_s,
           .compare = {6, NULL}, .sweep = {9, NULL}, .short_title = "energy x delay",
           .terminal = {21, "energy x delay *"}, .is_on_page = 1),
    FIGURE("throughput.share_of_peak", FRACTION, "", MORE, "of the arrays' peak",
           "operations achieved over those of arrays that do nothing but read (peak.tops)",
           .digits = 2, .number = KEY("throughput.tops"), .value = tops, .over = TERM("peak.tops"),
           .over_value = read_tops, .terminal = {22, "* of the arrays' peak"}, .is_on_page = 1),
    FIGURE("peak.tops", NUMBER, "TOPS", MORE, "peak of the arrays",
           "10^12 operations a second of arrays that do nothing but read, forward, one read after "
           "the other: 2 for each weight on them and read",
           .number = TERM("tera_operations_a_read"), .value = read_operations,
           .over = TERM("seconds from read to read"), .over_value = read_pace_s,
           .terminal = {11, "peak * TOPS"}, .is_on_page = 1),
    FIGURE("peak.tops_per_w", NUMBER, "TOPS/W", MORE, "peak efficiency of the arrays",
           "10^12 operations a joule of such a read with every line driven: drives, devices, "
           "samples and conversions; digital unit and static power are left out",
           .number = TERM("tera_operations_a_read"), .value = read_operations,
           .over = TERM("peak.read_j"), .over_value = read_joules, .terminal = {12, "* TOPS/W"},
           .is_on_page = 1),
    FIGURE("peak.tops_per_mm2", NUMBER, "TOPS/mm2", MORE, "peak density of the arrays",
           "peak of the arrays over their area and that of their converters",
           .number = KEY("peak.tops"), .value = read_tops, .over = TERM("peak.area_mm2"),
           .over_value = array_area, .terminal = {13, "* TOPS/mm\u00b2"}, .is_on_page = 1),
    FIGURE("peak.read_j", SI, "J", LESS, "energy of a full read",
           "counts of a read of all arrays with every line driven x joules per action",
           .number = TERM("joules"), .value = read_joules, .source = MCA_FROM_FULL_READS),
    FIGURE("peak.area_mm2", AREA, "mm2", LESS, "area of arrays and converters",
           "area of devices, tile control, DACs, sample and holds, ADCs", .number = TERM("area"),
           .value = array_area, .source = MCA_FROM_ARRAY_AREA),
    FIGURE("roofline.*.images_per_s", SI, "/s", NEITHER, "throughput that a resource allows",
           "images over the time in which the busiest units of the resource work, of those that "
           "each layer has for itself the busiest layer's; the least of all resources bounds the "
           "chip (latency_s.bottleneck)",
           .family = MCA_RESULT_RESOURCES, .number = TERM("images_x_instances"), .value = bound,
           .over = TERM("seconds of work"), .over_value = bound_s),
    FIGURE("what_if.*.latency_s", SI, "s", NEITHER, "latency with a resource free",
           "time of the same work had the resource taken none: the program scheduled again "
           "(timing.what_if)",
           .family = MCA_RESULT_RESOURCES, .number = TERM("picoseconds"), .value = free_ps,
           .over = TERM("picoseconds per second"), .over_value = ps_per_s),
    FIGURE("what_if.*.speedup", RATIO, "", NEITHER, "gain of a resource that is free",
           "time of the run over its time had the resource taken none: the most that a faster one "
           "gives",
           .family = MCA_RESULT_RESOURCES, .number = PRICE("latency_s.total", time_s),
           .over = TERM("seconds with it free"), .over_value = free_s),
    FIGURE("what_if.*.inference_s_per_image", SI, "s", NEITHER,
           "time per image of inference with a resource free",
           "time of all tests had the resource taken none, over the images tested",
           .family = MCA_RESULT_RESOURCES, .number = TERM("picoseconds"), .value = free_test_ps,
           .over = TERM("images x picoseconds per second"), .over_value = tested_ps_per_s),
    FIGURE("what_if.*.energy_j", SI, "J", NEITHER, "energy with a resource free",
           "dynamic energy as it is, and static power for the time with the resource free",
           .family = MCA_RESULT_RESOURCES, .number = TERM("joules"), .value = free_energy,
           .source = MCA_FROM_FREE_ENERGY),
    FIGURE("what_if.*.energy_without_j", SI, "J", NEITHER, "energy without a resource's part",
           "energy of the run less what the resource's components spend and its blocks draw, in "
           "the time that the run takes: the most that a leaner one gives",
           .family = MCA_RESULT_RESOURCES, .number = TERM("joules"), .value = energy_without,
           .source = MCA_FROM_ENERGY_WITHOUT),
    FIGURE("what_if.*.area_without_mm2", AREA, "mm2", NEITHER, "area without a resource's part",
           "area less that of the resource's blocks", .family = MCA_RESULT_RESOURCES,
           .number = TERM("area"), .value = area_without, .source = MCA_FROM_AREA_WITHOUT),
    FIGURE("array.tiles", COUNT, "tiles", NEITHER, "tiles", "tiles of devices that are built",
           .scope = PARTS, .number = BUILT("tiles", tiles), .layers = {2, " tiles"}),
    FIGURE("array.weights", COUNT, "weights", NEITHER, "weights", "weights of the network",
           .scope = PARTS, .number = BUILT("weights", weights), .layers = {3, NULL}),
    FIGURE("array.cells_used", FRACTION, "", MORE, "cells used",
           "devices that hold weights, two each, over all devices on the tiles", .digits = 1,
           .scope = PARTS, .value = cells_used, .source = MCA_FROM_CELLS,
           .layers = {3, "   cells"}),
    FIGURE("array.buffer_bits", COUNT, "bits", NEITHER, "bits of buffers",
           "bits of the buffers of activations, errors and choices, for two images at work",
           .number = BUILT("bits", buffer_bits)),
    FIGURE("array.devices", COUNT, "devices", NEITHER, "devices",
           "devices on all tiles, two a weight, used or not", .scope = PARTS,
           .number = BUILT("devices", devices)),
    FIGURE("array.dacs", COUNT, "converters", NEITHER, "DACs",
           "digital-to-analog converters that are built (dac.build, dac.share)", .scope = PARTS,
           .number = BUILT("dacs", dacs)),
    FIGURE("array.adcs", COUNT, "converters", NEITHER, "ADCs",
           "analog-to-digital converters that are built (adc.build, adc.share)", .scope = PARTS,
           .number = BUILT("adcs", adcs)),
    FIGURE("array.sample_holds", COUNT, "lines", NEITHER, "sample and holds",
           "lines with a converter or a share of one", .scope = PARTS,
           .number = BUILT("lines", sample_holds)),
    FIGURE("array.program_drivers", COUNT, "drivers", NEITHER, "programming drivers",
           "drivers of programming pulses, transfer.drivers a tile", .scope = PARTS,
           .number = BUILT("drivers", program_drivers)),
    FIGURE("array.dpu_lanes", COUNT, "lanes", NEITHER, "lanes of the digital unit",
           "lanes of the digital unit (dpu.lanes)", .number = BUILT("lanes", dpu_lanes)),
    FIGURE("array.register_bits", COUNT, "bits", NEITHER, "bits of registers",
           "bits of registers of the digital unit", .number = BUILT("bits", register_bits)),
    FIGURE("array.chi_bits", COUNT, "bits", NEITHER, "bits of chi",
           "capacity of the accumulator memory, a word a weight", .scope = PARTS,
           .number = BUILT("bits", chi_bits)),
    FIGURE("array.accumulator_bits", COUNT, "bits", NEITHER, "bits of accumulators",
           "capacity of sums over positions before chi", .number = BUILT("bits", accumulator_bits)),
    FIGURE("array.weight_bits", COUNT, "bits", NEITHER, "bits of weight memory",
           "capacity of the weight memory of digital layers", .scope = PARTS,
           .number = BUILT("bits", weight_bits)),
    FIGURE("writes.set_total", COUNT, "pulses", NEITHER, "SET pulses", SET_PULSES, .scope = PARTS,
           .number = TERM("pulses"), .value = set_pulses, .source = MCA_FROM_SET_PULSES,
           .terminal = {11, "* SET"}, .compare_layers = {3, "*: SET pulses"}, .layers = {9, NULL},
           .is_on_page = 1),
    FIGURE("writes.reset_total", COUNT, "pulses", NEITHER, "RESET pulses",
           "RESET pulses of the training phases: refresh clears pairs with them", .scope = PARTS,
           .number = TERM("pulses"), .value = reset_pulses, .source = MCA_FROM_RESET_PULSES,
           .terminal = {13, "* RESET"}, .layers = {9, NULL}, .is_on_page = 1),
    FIGURE("writes.set_per_image", NUMBER, "pulses", NEITHER, "SET pulses per image", SET_PULSES,
           .number = COUNT("pulses", set_pulses), .over = IMAGES, .source = MCA_FROM_SET_PULSES,
           .terminal = {12, "(* per image)"}),
    FIGURE("writes.refresh_pairs", COUNT, "pairs", NEITHER, "pairs refreshed",
           "pairs that refreshes wrote anew, since a device stood near its largest conductance "
           "(refresh.high_us)",
           .number = COUNT("pairs", refreshed_pairs), .terminal = {14, "* pairs refreshed"},
           .is_on_page = 1),
    FIGURE(
        "writes.max_per_device", COUNT, "pulses", LESS, "writes, worst cell",
        "SET and RESET pulses of the device that had most of them, the first programming included",
        .scope = PARTS, .number = TERM("pulses"), .value = max_writes, .needs_pulses = 1,
        .compare = {9, NULL}, .sweep = {7, NULL}, .short_title = "worst cell",
        .compare_layers = {4, "*: worst cell"}, .layers = {10, "   worst"},
        .terminal = {15, "at most * on a device"}),
    FIGURE(
        "writes.lifetime_s", LIFETIME, "s", MORE, "lifetime at this use",
        "time of training until a device has had the pulses that it takes, if each goes on at its "
        "rate in this one: of the device that comes first, those pulses (by "
        "device.endurance_pulses and device.endurance_spread), less what it had before",
        .scope = PARTS, .value = lifetime_s, .source = MCA_FROM_WEAR, .needs_pulses = 1,
        .compare = {9, NULL}, .sweep = {7, NULL}, .short_title = "lifetime",
        .terminal = {21, "the first device sticks after * of such training"}, .is_on_page = 1),
    FIGURE("import.weights", COUNT, "weights", NEITHER, "weights from outside",
           "weights and biases that --weights gave, as plain weights", .value = imported,
           .number = COUNT("weights", import.weights), .terminal = {11, "* weights"}),
    FIGURE("import.clipped", COUNT, "weights", LESS, "clipped",
           "of them, beyond the largest conductance, or digital word (weights.scale)",
           .value = imported, .number = COUNT("weights", import.clipped),
           .terminal = {12, "* clipped"}),
    FIGURE("import.unreached", COUNT, "weights", LESS, "not within the tolerance",
           "that weights.max_pulses did not bring within weights.tolerance_us, as they read; only "
           "of program-and-verify",
           .value = verified, .number = COUNT("weights", import.unreached),
           .terminal = {13, "* not within the tolerance"}),
    FIGURE("import.error_mean_us", NUMBER, "uS", NEITHER, "mean error of programming",
           "conductance differences of pairs, without noise, less their targets, over all pairs",
           .number = TERM("uS"), .value = import_error_mean),
    FIGURE("import.error_rms_us", NUMBER, "uS", LESS, "error of programming",
           "root of the mean square of what conductance differences of pairs, without read noise, "
           "are off their targets by",
           .number = TERM("uS"), .value = import_error_rms,
           .compare = {9, "import: error (uS rms)"}, .terminal = {14, "off by * uS rms"}),
    FIGURE("import.pulses_mean", NUMBER, "pulses", LESS, "pulses of a weight",
           "SET and RESET pulses of program-and-verify after the first RESET, over all pairs",
           .number = COUNT("pulses", import.pulses), .over = COUNT("pairs", import.programmed)),
    FIGURE("import.pulses_most", COUNT, "pulses", LESS, "pulses, worst weight",
           "the most that a weight had of these pulses", .value = imported,
           .number = COUNT("pulses", import.pulses_most)),
    FIGURE("import.reads", COUNT, "reads", LESS, "reads of pairs",
           "reads of program-and-verify, of both devices of a pair each", .value = imported,
           .number = COUNT("reads", import.reads)),
    FIGURE("health.adc_clip_fraction", FRACTION, "", LESS, "conversions clipped",
           "conversions of training reads whose input lay beyond the converter's range "
           "(adc.forward_range, adc.backward_range), over all of them",
           .digits = 3, .number = COUNT("clipped", adc_clips),
           .over = COUNT("conversions", adc_conversions), .compare = {10, NULL},
           .terminal = {11, "conversions clipped *"}, .is_on_page = 1),
    FIGURE("health.chi_saturations", COUNT, "", NEITHER, "chi words saturated",
           "additions to chi, or to accumulators before it, that ended beyond their bits and were "
           "cut off",
           .number = COUNT("saturations", chi_saturations), .mode = 1 + MCA_TRANSFER_CHI,
           .terminal = {21, "chi saturated * times"}, .is_on_page = 1),
    FIGURE("health.pulses_lost", COUNT, "", NEITHER, "pulses lost",
           "pulses of single updates beyond transfer.max_pulses, with transfer.mode direct",
           .number = COUNT("pulses", pulses_lost), .mode = 1 + MCA_TRANSFER_DIRECT,
           .terminal = {21, "* pulses lost beyond transfer.max_pulses"}, .is_on_page = 1),
    FIGURE("health.devices_at_gmax", COUNT, "devices", NEITHER,
           "devices at their largest conductance",
           "devices that stand at their largest conductance when training ends", .scope = PARTS,
           .number = TERM("devices"), .value = at_gmax, .needs_pulses = 1,
           .terminal = {22, "* devices at their maximum"}, .layers = {11, NULL}, .is_on_page = 1),
    FIGURE("health.stuck_devices", COUNT, "devices", LESS, "devices that stick",
           "devices that have had the pulses that they take when training ends: no pulse changes "
           "them any more",
           .scope = PARTS, .number = TERM("devices"), .value = stuck, .needs_pulses = 1,
           .compare = {10, NULL}, .sweep = {7, NULL}, .short_title = "stuck devices",
           .terminal = {23, "* stuck"}, .is_on_page = 1),
    FIGURE("health.update_loss_fraction", FRACTION, "", NEITHER, "products lost to rounding",
           "products of input and error that are not 0 but were rounded to no change of chi, over "
           "all that are not 0; none with stochastic rounding, which loses none in the mean",
           .digits = 2, .number = COUNT("lost", updates_lost),
           .over = COUNT("products", update_products),
           .terminal = {12, "products lost to rounding *"}, .is_on_page = 1),
    FIGURE("layer", COUNT, "", NEITHER, "layer", "number of the layer, from 0",
           .scope = MCA_OF_LAYER, .unlisted = MCA_OF_LAYER, .number = TERM("layer"),
           .value = layer_number),
    FIGURE("kind", TEXT, "", NEITHER, "kind", "kind of the layer", .scope = MCA_OF_LAYER,
           .text = layer_kind),
    FIGURE("shape", TEXT, "", NEITHER, "output", "values that the layer gives",
           .scope = MCA_OF_LAYER, .text = layer_shape),
    FIGURE("rows", COUNT, "rows", NEITHER, "rows", "rows of its matrix, the bias row included",
           .scope = MCA_OF_LAYER, .number = MATRIX("rows", rows), .layers = {1, NULL}),
    FIGURE("cols", COUNT, "columns", NEITHER, "columns", "columns of its matrix",
           .scope = MCA_OF_LAYER, .number = MATRIX("columns", cols), .layers = {1, NULL}),
    FIGURE("positions", COUNT, "positions", NEITHER, "positions",
           "how often an image reads the matrix forward: once for each position of a window",
           .scope = MCA_OF_LAYER, .number = MATRIX("positions", positions), .layers = {1, NULL}),
    FIGURE("verdict.design", TEXT, "", NEITHER, "strongest digital design",
           "the digital design that needs least energy in all", .text = strongest),
    FIGURE("verdict.total_energy_ratio", RATIO, "", MORE,
           "total energy of the strongest digital design / chip",
           "dynamic and static energy of that design over that of the chip",
           .unlisted = MCA_OF_CHIP, .number = STRONGEST(total_ratio.value),
           .sweep = {8, "digital_total_energy_ratio"}, .heading = "digital / chip",
           .short_title = "digital / chip, total"),
    FIGURE("verdict.energy_ratio", RATIO, "", MORE, "dynamic energy alone of that design / chip",
           "dynamic energy of that design over that of the chip", .unlisted = MCA_OF_CHIP,
           .number = STRONGEST(dynamic_ratio.value), .sweep = {8, "digital_dynamic_energy_ratio"},
           .heading = "dynamic", .short_title = "digital / chip, dynamic"),
    FIGURE("verdict.text", TEXT, "", NEITHER, "verdict",
           "whether the chip or that design needs less energy in all, and by how much",
           .text = verdict),
    FIGURE("lanes", COUNT, "", NEITHER, "lanes", "multiply-add units of the design",
           .scope = DESIGNS, .unlisted = DESIGNS, .number = TERM("lanes"), .value = lanes),
    FIGURE("energy_j_per_image", SI, "J", NEITHER, "energy per image", PER_IMAGE, .scope = DESIGNS,
           .number = PRICE("energy_j.total", total_j), .over = IMAGES),
    FIGURE("dynamic_j_per_image", SI, "J", NEITHER, "dynamic energy per image", PER_IMAGE,
           .scope = DESIGNS, .number = PRICE("energy_j.dynamic", dynamic_j), .over = IMAGES),
    FIGURE("latency_s_per_image", SI, "s", NEITHER, "latency per image", PER_IMAGE,
           .scope = DESIGNS, .number = PRICE("latency_s.total", time_s), .over = IMAGES),
    FIGURE("total_energy_ratio", RATIO, "", MORE, "total energy / chip",
           "dynamic and static energy of the design over that of the chip", .scope = MCA_OF_DESIGN,
           .number = DESIGN(total_ratio.value), .source = MCA_FROM_TOTAL_RATIO,
           .compare = {12, "* / chip, total"}),
    ENDS("total_energy_ratio_", RATIO, "", "total energy / chip", RATIO_END, total_ratio,
         .scope = MCA_OF_DESIGN, .source = MCA_FROM_TOTAL_RATIO),
    FIGURE("energy_ratio", RATIO, "", NEITHER, "dynamic energy / chip",
           "dynamic energy of the design over that of the chip", .scope = MCA_OF_DESIGN,
           .number = DESIGN(dynamic_ratio.value), .source = MCA_FROM_DYNAMIC_RATIO,
           .compare = {12, "  dynamic alone"}),
    ENDS("energy_ratio_", RATIO, "", "dynamic energy / chip", RATIO_END, dynamic_ratio,
         .scope = MCA_OF_DESIGN, .source = MCA_FROM_DYNAMIC_RATIO),
    FIGURE("area_mm2", AREA, "mm2", NEITHER, "area", AREA, .scope = MCA_OF_EQUAL,
           .number = PRICE("", area_total_mm2), .source = MCA_FROM_AREA),
    FIGURE("milestones.*.images", COUNT, "images", NEITHER, "images",
           "images trained on when the accuracy was first reached", .unlisted = MCA_OF_CHIP,
           .family = MCA_RESULT_MILESTONES, .number = TERM("images"), .value = milestone_images),
    FIGURE("milestones.*.energy_j", SI, "J", LESS, "energy",
           "dynamic and static energy of the training phases to the end of the epoch",
           .family = MCA_RESULT_MILESTONES, .value = milestone_j, .source = MCA_FROM_EPOCH_ENERGY,
           .compare = {11, "*: energy"}),
    FIGURE("milestones.*.time_s", SI, "s", LESS, "time", PATH, .family = MCA_RESULT_MILESTONES,
           .value = milestone_s, .source = MCA_FROM_TIME, .compare = {11, "*: time"}),
    FIGURE("ageing.*.age_s", SI, "s", NEITHER, "age", "seconds between the run's end and the tests",
           .unlisted = MCA_OF_CHIP, .family = MCA_RESULT_AGES, .number = TERM("age"),
           .value = age_s, .compare = {14, "age *"}),
    FIGURE("ageing.*.accuracy", FRACTION, "", MORE, "test accuracy at an age",
           "mean over the seeds of the tests of the share of test images that are classified right",
           .digits = 2, .family = MCA_RESULT_AGES, .value = aged_mean,
           .source = MCA_FROM_AGED_TESTS, .compare = {14, "  accuracy at age *"}),
    FIGURE("ageing.*.low", FRACTION, "", NEITHER, "test accuracy at an age, low",
           "end of the 95 % interval of that mean, Student's t; none of a single seed", .digits = 2,
           .unlisted = MCA_OF_CHIP, .family = MCA_RESULT_AGES, .number = TERM("interval"),
           .value = aged_low, .bound = MCA_RESULT_LOW),
    FIGURE("ageing.*.high", FRACTION, "", NEITHER, "test accuracy at an age, high",
           "end of the 95 % interval of that mean, Student's t; none of a single seed", .digits = 2,
           .unlisted = MCA_OF_CHIP, .family = MCA_RESULT_AGES, .number = TERM("interval"),
           .value = aged_high, .bound = MCA_RESULT_HIGH),
    FIGURE("runtime.wall_s", SI, "s", NEITHER, "time of the simulation",
           "seconds that the simulation took on the machine that ran it", .unlisted = MCA_OF_CHIP,
           .needs_runtime = 1, .number = RUNTIME(wall_s)),
    FIGURE("runtime.train_images_per_s", NUMBER, "images/s", NEITHER, "training images a second",
           "training images simulated a second", .unlisted = MCA_OF_CHIP, .needs_runtime = 1,
           .number = TERM("measured"), .value = train_rate),
    FIGURE("runtime.test_images_per_s", NUMBER, "images/s", NEITHER, "test images a second",
           "test images simulated a second", .unlisted = MCA_OF_CHIP, .needs_runtime = 1,
           .number = TERM("measured"), .value = test_rate),
    FIGURE("runtime.peak_rss_bytes", COUNT, "bytes", NEITHER, "memory",
           "the most memory that the simulation held", .unlisted = MCA_OF_CHIP, .needs_runtime = 1,
           .number = TERM("measured"), .value = memory),
    FIGURE("runtime.threads", COUNT, "", NEITHER, "threads", "threads that the simulation ran on",
           .unlisted = MCA_OF_CHIP, .needs_runtime = 1, .number = TERM("measured"),
           .value = threads),
    {.key = NULL},
};
