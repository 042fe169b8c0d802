/* mcasim validate: published and measured anchors beside what the model gives. */
#include <math.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/validate/validate.h"
#include "reports/formats/terminal_text.h"
#include "run/common_options.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "run/stop_request.h"

struct options {
    const char *data;
    uint32_t threads;
    int full;
    int json;
    int quiet;
};

static const struct mca_option OPTIONS[] = {
    MCA_FLAG("full", 0, AT(full),
             "train the chip and the floating-point network to the end (minutes); needs MNIST"),
    MCA_OPTION_JSON(AT(json)),
    MCA_OPTION_DATA(AT(data)),
    MCA_OPTION_THREADS(AT(threads)),
    MCA_OPTION_ONLY_RESULTS(AT(quiet)),
};

/* What the energy study comes to, and what the published figures would ask of the constants. */
static void print_study(const struct cli_study_note *note) {
    (void)printf(
        "\nEnergy study: %s against %s, ratio %.3g, published 172\n"
        "  %.3g to %.3g from the library's uncertainties, at this organisation of memories "
        "and these converters\n",
        mca__si(note->digital_j, "J").s, mca__si(note->chip_j, "J").s, note->ratio, note->ratio_low,
        note->ratio_high);
    (void)printf("  published 14.35 \u00b5J over %s visits of a weight are %s each; here %s\n",
                 mca__grouped((uint64_t)note->visits).s, mca__si(14.35e-6 / note->visits, "J").s,
                 mca__si(note->digital_j / note->visits, "J").s);
    (void)printf("  published 62 to 74 nJ of updates over %s words of chi are %s to %s each; here "
                 "%s\n",
                 mca__grouped((uint64_t)note->chi_words).s, mca__si(62e-9 / note->chi_words, "J").s,
                 mca__si(73.8e-9 / note->chi_words, "J").s, mca__si(note->word_j, "J").s);
    (void)printf("  %-26s%12s%14s   %s\n", "constant", "value", "elasticity",
                 "value that alone gives the published ratio");
    for (uint32_t i = 0; i < CLI_STUDY_CONSTANTS; ++i) {
        const struct cli_study_constant *c = &note->constants[i];
        (void)printf("  %-26s", c->name);
        mca__put_right(stdout, mca__si(c->value, "J").s, 12);
        (void)printf("%+14.3f   %s\n", c->elasticity,
                     isfinite(c->for_ratio) ? mca__si(c->for_ratio, "J").s : "none");
    }
}

/* null where the study was not run */
static void put_study(struct mca__json *json, const struct cli_validation *v) {
    if (!v->has_study) {
        mca__json_null(json, json->root, "study");
        return;
    }
    const struct cli_study_note *note = &v->study;
    json_t *o = mca__json_object(json, json->root, "study");
    mca__json_number(json, o, "chip_j", note->chip_j);
    mca__json_number(json, o, "digital_j", note->digital_j);
    mca__json_number(json, o, "ratio", note->ratio);
    mca__json_number(json, o, "ratio_low", note->ratio_low);
    mca__json_number(json, o, "ratio_high", note->ratio_high);
    mca__json_number(json, o, "visits_per_image", note->visits);
    mca__json_number(json, o, "chi_words_per_image", note->chi_words);
    mca__json_number(json, o, "update_j_per_word", note->word_j);
    json_t *constants = mca__json_object(json, o, "constants");
    for (uint32_t i = 0; i < CLI_STUDY_CONSTANTS; ++i) {
        json_t *c = mca__json_object(json, constants, note->constants[i].name);
        mca__json_number(json, c, "value_j", note->constants[i].value);
        mca__json_number(json, c, "elasticity", note->constants[i].elasticity);
        mca__json_number(json, c, "value_for_published_ratio_j", note->constants[i].for_ratio);
    }
}

static enum mca_status fill(struct cli_validation *v, struct mca_error *error) {
    MCA_TRY(cli_validate_device(v, error));
    MCA_TRY(cli_validate_silicon(v, error));
    MCA_TRY(cli_validate_study(v, error));
    MCA_TRY(cli_validate_accuracy(v, error));
    return mca_stop_check(error);
}

static enum mca_status print(const struct cli_validation *v, const struct options *options,
                             struct mca_error *error) {
    if (options->json) {
        struct mca__json json;
        mca__json_init(&json);
        mca__validation_put(&json, &v->table);
        put_study(&json, v);
        MCA_TRY(mca__json_print(&json, stdout, error));
    } else {
        mca_validation_print(stdout, &v->table, mca_wants_colour(stdout));
        if (v->has_study) {
            print_study(&v->study);
        }
    }
    const uint32_t failed = mca_validation_count(&v->table, MCA_VERDICT_FAIL);
    return failed == 0 ? MCA_OK
                       : mca_fail(error, MCA_FAILED, "validate: %u of %u anchors are out", failed,
                                  v->table.count);
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    struct cli_validation *v = calloc(1, sizeof *v);
    if (!v) {
        return mca_fail_memory(error, "validate");
    }
    struct mca_progress_bar progress;
    mca_progress_init(&progress, options->quiet);
    const struct mca_observer observer = mca_progress_observer(&progress);
    mca_stop_watch();
    v->data = options->data;
    v->threads = options->threads ? options->threads : mca_default_threads();
    v->full = options->full;
    v->observer = &observer;
    enum mca_status status = fill(v, error);
    mca_progress_end(&progress);
    if (status == MCA_OK) {
        status = print(v, options, error);
    }
    free(v);
    return status;
}

const struct mca_command cli_validate = {
    .name = "validate",
    .arguments = "",
    .summary = "compare the model with published and measured figures",
    .about = "Compares the model with what was published and measured: device moments, silicon, a "
             "latency model, an energy study and, with --full, trained accuracies. Each row says "
             "whether the model predicts the figure or was calibrated to it, how far it is off and "
             "what is allowed; rows that are out although their reason is known from constants "
             "name the page that explains it. Without MNIST files the energy study is not run.",
    .exit_status = "0 no anchor is out without a reason; 1 one is; 2 wrong usage; 3 a file could "
                   "not be read; 130 or 143 interrupted.",
    CLI_OPTIONS(OPTIONS, struct options),
    .too_many = "no arguments are taken",
    .run = run};
