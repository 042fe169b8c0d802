/* Matrix-vector products of measured silicon, and the digital latency of a published model. */
#include <stdlib.h>
#include <string.h>

#include "base/shipped.h"
#include "chip/chip.h"
#include "chip/timeline.h"
#include "chip/view.h"
#include "cli/validate/validate.h"
#include "network/network.h"
#include "reports/figures/result_figures.h"
#include "run/simulation.h"

static const char HERMES[] = "Khaddam-Aljameh et al., HERMES-Core, JSSC 2022: 1.008 TOPS, 10.5 "
                             "TOPS/W, 1.59 TOPS/mm\u00b2, 256 x 256";
static const char C64[] = "Le Gallo et al., Nat. Electron. 6 (2023): 63.1 / 16.1 TOPS, 9.76 / 2.48 "
                          "TOPS/W, 64 cores of 256 x 256";
static const char AG24[] = "Rasch et al., Nat. Commun. 15:7133 (2024): 2 N^2 + N operations at "
                           "0.175 TFLOPS, N = 512";

/* The bright images of the scenario, learnt from. */
static enum mca_status train(struct mca_simulation *s, struct mca_error *error) {
    const struct mca_image_set *set = &s->data.train;
    mca_chip_set_rate(s->chip, s->scenario.scenario.train.learning_rate, 1);
    for (uint32_t i = 0; i < set->count; ++i) {
        struct mca_image_outcome outcome;
        MCA_TRY(mca_chip_train_image(s->chip, set->pixels + (size_t)i * s->data.inputs,
                                     set->labels[i], &outcome, error));
    }
    return MCA_OK;
}

/* As a run that only tests, with the figures of one. */
static enum mca_status infer(struct mca_simulation *s, struct mca_error *error) {
    s->scenario.scenario.train.epochs = 0;
    MCA_TRY(mca_simulation_train(s, NULL, NULL, 1, NULL, error));
    return mca_simulation_report(s, &(struct mca_runtime){.threads = 1}, error);
}

/* Makes a shipped scenario's chip and gives it its images. */
static enum mca_status give_bright(struct mca_simulation *s, const char *name,
                                   enum mca_status (*give)(struct mca_simulation *s,
                                                           struct mca_error *error),
                                   struct mca_error *error) {
    char path[4096];
    MCA_TRY(mca_shipped_path(MCA_SHIPPED_SCENARIO, name, path, sizeof path, error));
    const struct mca_scenario_args args = {.path = path};
    MCA_TRY(mca_simulation_load(s, &args, error));
    MCA_TRY(mca_simulation_load_data(s, NULL, NULL, error));
    MCA_TRY(mca_chip_create(&s->chip, &s->scenario.scenario.chip, error));
    return give(s, error);
}

/* What an inference takes of the core: energy, from the ledger of tests, and time from its inputs
 * to its codes. The digital unit is left out: the measured core has none. */
static void core_cost(const struct mca_simulation *s, double *energy_j, double *time_s) {
    static const enum mca_component parts[] = {MCA_COMPONENT_DAC_DRIVE, MCA_COMPONENT_PCM_READ,
                                               MCA_COMPONENT_SAMPLE_HOLD,
                                               MCA_COMPONENT_ADC_CONVERSION};
    const struct mca_scenario *scenario = &s->scenario.scenario;
    const struct mca_inventory inventory = mca_chip_inventory(&scenario->chip);
    const struct mca_cost_design design =
        mca_cost_design_of(&scenario->chip, &scenario->cost, &inventory);
    struct mca_price_list prices;
    mca_price_list_init(&prices, &s->library, &design);
    const struct mca_ledger ledger = mca_chip_ledger(s->chip);
    *energy_j = 0.0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i) {
        *energy_j += (double)ledger.counts[MCA_PHASE_TEST][parts[i]] *
                     prices.energy[parts[i]].value / s->data.test.count;
    }
    const struct mca_read_time time =
        mca_read_time_of(&scenario->chip, &mca_chip_layer(s->chip, 0).matrix->place,
                         scenario->chip.dac.bits, MCA_READ_FORWARD);
    *time_s = (double)(time.load_ps + time.tile_ps + time.adc_ps) / 1e12;
}

static void add(struct cli_validation *v, const char *name, const char *source, const char *unit,
                double expected, double got) {
    const struct mca_anchor anchor = {.group = "silicon",
                                      .name = name,
                                      .source = source,
                                      .unit = unit,
                                      .basis = MCA_ANCHOR_CALIBRATED,
                                      .rule = MCA_ANCHOR_RELATIVE,
                                      .expected = expected,
                                      .got = got,
                                      .tolerance = 0.10};
    mca_validation_add(&v->table, &anchor);
}

/* Multiplications and additions of a 256 x 256 product. */
static const double OPERATIONS = 2.0 * 256.0 * 256.0;

/* A figure of the run, as summary.json has it. */
static double figure(const struct mca_simulation *s, const char *key) {
    struct mca_result_place place;
    return mca_result_find(&place, &s->report, key) ? mca_result_value(&place) : 0.0;
}

static void add_products(struct cli_validation *v, const struct mca_simulation *s) {
    double energy_j;
    double time_s;
    core_cost(s, &energy_j, &time_s);
    add(v, "inference, efficiency of the core", HERMES, "TOPS/W", 10.5,
        OPERATIONS / energy_j / 1e12);
    add(v, "inference, latency of the core", HERMES, "s", 130e-9, time_s);
    add(v, "peak of the core", HERMES, "TOPS", 1.008, figure(s, "peak.tops"));
    add(v, "peak of the core per watt", HERMES, "TOPS/W", 10.5, figure(s, "peak.tops_per_w"));
    add(v, "peak of the core per area", HERMES, "TOPS/mm\u00b2", 1.59,
        figure(s, "peak.tops_per_mm2"));
    add(v, "energy, one phase", C64, "J", 13.4e-9, energy_j);
    add(v, "time, one phase", C64, "s", 133e-9, time_s);
    /* positive and negative inputs on positive and negative devices, one after the other */
    add(v, "energy, four phases (4 products)", C64, "J", 52.9e-9, 4.0 * energy_j);
    add(v, "time, four phases (4 products)", C64, "s", 521e-9, 4.0 * time_s);
}

static void add_latency(struct cli_validation *v, const struct mca_simulation *s) {
    const struct mca_ledger ledger = mca_chip_ledger(s->chip);
    const uint64_t busy_ps = ledger.busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU];
    const struct mca_anchor anchor = {.group = "latency",
                                      .name = "update of a 512 x 512 tile",
                                      .source = AG24,
                                      .unit = "s",
                                      .basis = MCA_ANCHOR_PREDICTED,
                                      .rule = MCA_ANCHOR_RELATIVE,
                                      .expected = 3.0e-6,
                                      .got = (double)busy_ps / 1e12 / s->data.train.count,
                                      .tolerance = 0.10};
    mca_validation_add(&v->table, &anchor);
}

static enum mca_status
validate(struct cli_validation *v, const char *scenario,
         enum mca_status (*give)(struct mca_simulation *s, struct mca_error *error),
         void (*add_anchors)(struct cli_validation *v, const struct mca_simulation *s),
         struct mca_error *error) {
    struct mca_simulation *s = calloc(1, sizeof *s);
    if (!s) {
        return mca_fail_memory(error, "validate");
    }
    const enum mca_status status = give_bright(s, scenario, give, error);
    if (status == MCA_OK) {
        add_anchors(v, s);
    }
    mca_simulation_deinit(s);
    free(s);
    return status;
}

enum mca_status cli_validate_silicon(struct cli_validation *v, struct mca_error *error) {
    MCA_TRY(validate(v, "hermes-core", infer, add_products, error));
    return validate(v, "latency-512", train, add_latency, error);
}
