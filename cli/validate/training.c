/* The published energy study and the accuracies: anchors that need MNIST. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/shipped.h"
#include "cli/validate/validate.h"
#include "run/simulation.h"

static const char STUDY[] =
    "Nandakumar et al., Front. Neurosci. 14:406 (2020); totals as restated by "
    "third parties";
static const char ACCURACY[] = "Nandakumar et al., arXiv 1712.01192 (2018)";
static const char FLOAT[] =
    "Nandakumar et al., Front. Neurosci. 14:406 (2020): 98.30 % for the network";
static const char PAGE[] = "docs/design/published-study.md";

static const double CHIP_J = 83.2e-9;
static const double DIGITAL_J = 14.35e-6;
static const double RATIO = 172.0;

/* What docs/design/published-study.md derives from constants for the same quantities. */
static const double EXPLAINED_CHIP_J = 39.3e-9;
static const double EXPLAINED_DIGITAL_J = 0.634e-6;
static const double EXPLAINED_RATIO = 16.1;

static enum mca_status simulate(struct mca_simulation *s, const struct cli_validation *v,
                                const char *name, struct mca_error *error) {
    char path[4096];
    const char *sets[] = {"dataset.name=mnist", "train.test_every=1000"};
    MCA_TRY(mca_shipped_path(MCA_SHIPPED_SCENARIO, name, path, sizeof path, error));
    const struct mca_scenario_args args = {.path = path, .sets = {sets, 2}};
    MCA_TRY(mca_simulation_load(s, &args, error));
    MCA_TRY(mca_simulation_load_data(s, v->data, v->observer, error));
    MCA_TRY(mca_simulation_create_chip(s, NULL, NULL, error));
    MCA_TRY(mca_simulation_train(s, NULL, NULL, v->threads, v->observer, error));
    const struct mca_runtime runtime = {0};
    return mca_simulation_report(s, &runtime, error);
}

/* Whether MNIST is there: `auto` would fall back on synthetic digits, of which no study speaks. */
static enum mca_status has_mnist(const struct cli_validation *v, int *found,
                                 struct mca_error *error) {
    static struct mca_dataset_config config;
    struct mca_dataset data;
    memset(&config, 0, sizeof config);
    config.name = MCA_DATASET_MNIST;
    const enum mca_status status = mca_dataset_load(&data, &config, v->data, NULL, error);
    *found = status == MCA_OK;
    if (status == MCA_OK) {
        mca_dataset_deinit(&data);
    }
    return status == MCA_SYSTEM && !v->full ? MCA_OK : status;
}

static int by_elasticity(const void *left, const void *right) {
    const double a = fabs(((const struct cli_study_constant *)left)->elasticity);
    const double b = fabs(((const struct cli_study_constant *)right)->elasticity);
    return (a < b) - (a > b);
}

/* Constants that move the ratio most. A constant multiplied by k moves the ratio to (T + t (k - 1))
 * / (B + b (k - 1)), t and b being its shares of the digital design's and the chip's energy. */
static void rank_constants(struct cli_study_note *note, const struct mca_priced_run *report) {
    const struct mca_baseline *b = &report->baselines[MCA_BASELINE_DIGITAL_FP32].same_lanes;
    const double top = b->pricing.dynamic_j;
    const double bottom = report->pricing.dynamic_j;
    struct mca_shares top_shares;
    struct mca_shares bottom_shares;
    struct cli_study_constant all[MCA_ENTRY_COUNT];
    mca_pricing_shares(&b->pricing, &b->prices, MCA_EVERY, MCA_EVERY, MCA_NO, &top_shares);
    mca_pricing_shares(&report->pricing, &report->prices, MCA_EVERY, MCA_EVERY, MCA_NO,
                       &bottom_shares);
    for (uint32_t e = 0; e < (uint32_t)MCA_ENTRY_COUNT; ++e) {
        const double t = top_shares.of[e];
        const double c = bottom_shares.of[e];
        const double value = report->library->figures[e].value;
        const double k = 1.0 + (RATIO * bottom - top) / (t - RATIO * c);
        mca_figure_name(e, all[e].name, sizeof all[e].name);
        all[e].value = value;
        all[e].elasticity = t / top - c / bottom;
        all[e].for_ratio = isfinite(k) && k > 0.0 ? k * value : (double)NAN;
    }
    qsort(all, MCA_ENTRY_COUNT, sizeof all[0], by_elasticity);
    memcpy(note->constants, all, sizeof note->constants);
}

static void note_study(struct cli_study_note *note, const struct mca_simulation *s) {
    const struct mca_priced_run *report = &s->report;
    const struct mca_train_result *result = report->result;
    const double images = (double)result->images;
    const struct mca_baseline_report *digital = &report->baselines[MCA_BASELINE_DIGITAL_FP32];
    note->chip_j = report->pricing.dynamic_j / images;
    note->digital_j = digital->same_lanes.pricing.dynamic_j / images;
    note->ratio = digital->dynamic_ratio.value;
    note->ratio_low = digital->dynamic_ratio.range.low;
    note->ratio_high = digital->dynamic_ratio.range.high;
    note->visits =
        (double)(result->forward_macs + result->backward_macs + result->update_macs) / images;
    note->chi_words = (double)result->ledger.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_WRITE] /
                      report->scenario->chip.chi.bits / images;
    note->word_j = 0.0;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        note->word_j += report->pricing.dynamic_of_j[MCA_PHASE_UPDATE][c] / images;
    }
    note->word_j /= note->chi_words;
    note->updates_per_pulse = (double)result->update_macs / (double)result->set_pulses;
    rank_constants(note, report);
}

static void add_study(struct cli_validation *v, const char *name, const char *unit, double expected,
                      double got, double tolerance, double explained) {
    const struct mca_anchor anchor = {.group = "energy study",
                                      .name = name,
                                      .source = STUDY,
                                      .unit = unit,
                                      .basis = MCA_ANCHOR_PREDICTED,
                                      .rule = tolerance > 0.0 ? MCA_ANCHOR_RELATIVE
                                                              : MCA_ANCHOR_AT_LEAST,
                                      .expected = expected,
                                      .got = got,
                                      .tolerance = tolerance,
                                      .page = explained > 0.0 ? PAGE : NULL,
                                      .explained = explained};
    mca_validation_add(&v->table, &anchor);
}

/* The last argument of each is what docs/design/published-study.md says and explains. */
static void add_study_rows(struct cli_validation *v) {
    const struct cli_study_note *note = &v->study;
    add_study(v, "chip, per training image", "J", CHIP_J, note->chip_j, 0.30, EXPLAINED_CHIP_J);
    add_study(v, "32-bit digital, per training image", "J", DIGITAL_J, note->digital_j, 0.30,
              EXPLAINED_DIGITAL_J);
    add_study(v, "ratio", "", RATIO, note->ratio, 0.25, EXPLAINED_RATIO);
    add_study(v, "weight updates per pulse", "", 1000.0, note->updates_per_pulse, 0.0, 0.0);
}

static void free_simulation(struct mca_simulation *s) {
    if (s) {
        mca_simulation_deinit(s);
    }
    free(s);
}

enum mca_status cli_validate_study(struct cli_validation *v, struct mca_error *error) {
    const double none = (double)NAN;
    struct mca_simulation *s = calloc(1, sizeof *s);
    int found = 0;
    enum mca_status status = s ? has_mnist(v, &found, error) : mca_fail_memory(error, "validate");
    v->study = (struct cli_study_note){
        .chip_j = none, .digital_j = none, .ratio = none, .updates_per_pulse = none};
    if (status == MCA_OK && found) {
        status = simulate(s, v, "frontiers2020", error);
        v->has_study = status == MCA_OK;
    }
    if (v->has_study) {
        note_study(&v->study, s);
    }
    if (status == MCA_OK) {
        add_study_rows(v);
    }
    free_simulation(s);
    return status;
}

static enum mca_status add_accuracy(struct cli_validation *v, const char *name, const char *source,
                                    const char *scenario, double least, struct mca_error *error) {
    double got = (double)NAN;
    enum mca_status status = MCA_OK;
    if (v->full) {
        struct mca_simulation *s = calloc(1, sizeof *s);
        status = s ? simulate(s, v, scenario, error) : mca_fail_memory(error, "validate");
        if (status == MCA_OK) {
            got = 100.0 * s->result.epochs[s->result.epoch_count - 1].test_accuracy;
        }
        free_simulation(s);
    }
    const struct mca_anchor anchor = {.group = "accuracy",
                                      .name = name,
                                      .source = source,
                                      .unit = "%",
                                      .basis = MCA_ANCHOR_PREDICTED,
                                      .rule = MCA_ANCHOR_AT_LEAST,
                                      .expected = least,
                                      .got = got};
    mca_validation_add(&v->table, &anchor);
    return status;
}

enum mca_status cli_validate_accuracy(struct cli_validation *v, struct mca_error *error) {
    MCA_TRY(add_accuracy(v, "MNIST test set, the chip", ACCURACY, "mnist-mca", 97.40, error));
    return add_accuracy(v, "MNIST test set, floating point", FLOAT, "mnist-float", 98.2, error);
}
