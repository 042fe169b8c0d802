/* mcasim explain: what a figure of a finished run is made of. */
#include <string.h>

#include "cli/cli.h"
#include "cost/component_library.h"
#include "reports/explain/explain.h"
#include "run/finished_run.h"

static void list(void *user, const struct mca_explanation *x) {
    (void)user;
    (void)printf("%-58s ", x->key);
    if (x->text) {
        (void)printf("%s\n", x->text);
    } else {
        (void)printf("%.6g %s\n", x->value, x->unit);
    }
}

static enum mca_status explain(const void *user, struct mca_finished_run *run,
                               struct mca_error *error) {
    const char *key = user;
    struct mca_component_library library;
    struct mca_explanation x;
    MCA_TRY(mca_finished_run_library(run, &library, error));
    const struct mca_priced_run report = mca_finished_run_priced(run, &library);
    const int is_advice = key && strcmp(key, "advice") == 0;
    const enum mca_status status =
        key && !is_advice ? mca_explain(&x, &report, key, error) : MCA_OK;
    if (is_advice) {
        mca_advice_print(stdout, &report);
    } else if (!key) {
        mca_explain_all(&report, list, NULL);
    } else if (status == MCA_OK) {
        mca_explanation_print(stdout, &x, mca_wants_colour(stdout));
    }
    mca_component_library_deinit(&library);
    return status;
}

static enum mca_status explain_in(const struct mca_arguments *given, struct mca_error *error) {
    /* texts[1] is NULL where there is no KEY */
    return mca_with_finished_run(given->texts[0], 0, explain, given->texts[1], error);
}

const struct mca_command cli_explain = {
    .name = "explain",
    .arguments = "DIR [KEY]",
    .summary = "formula, counts, constants and sources behind a figure of a run",
    .about =
        "Takes a figure of the finished run in DIR apart: formula, counts, constants with "
        "their sources, range and shares. KEY is a key of summary.json, e.g. "
        "energy_j.by_component.adc_conversion. Without KEY they are listed. Numbers have all "
        "their digits: the terms, in their order, give the figure again. KEY advice tells what "
        "the run's figures advise, and by which figure.",
    .exit_status = "0 done; 1 out of memory; 2 wrong usage, no such figure, or bad content; 3 the "
                   "operating system refused a file.",
    .least = 1,
    .most = 2,
    .too_few = "a run's directory is needed",
    .too_many = "only one KEY is allowed",
    .run = explain_in};
