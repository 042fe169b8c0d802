/* mcasim explain: what a figure of a finished run is made of. */
#include <string.h>

#include "cli/cli.h"
#include "cost/component_library.h"
#include "reports/explain/explain.h"
#include "run/common_options.h"
#include "run/finished_run.h"

struct options {
    int json;
};

static const struct mca_option OPTIONS[] = {
    MCA_OPTION_JSON(AT(json)),
};

/* What is asked for. */
struct question {
    const char *key; /* NULL: what there is */
    int json;
};

static void list(void *user, const struct mca_explanation *x) {
    (void)user;
    (void)printf("%-58s ", x->key);
    if (x->text) {
        (void)printf("%s\n", x->text);
    } else {
        (void)printf("%.6g %s\n", x->value, x->unit);
    }
}

static enum mca_status explain_key(const struct question *question,
                                   const struct mca_priced_run *report, struct mca_error *error) {
    struct mca_explanation x;
    MCA_TRY(mca_explain(&x, report, question->key, error));
    if (question->json) {
        return mca_explanation_print_json(stdout, &x, error);
    }
    mca_explanation_print(stdout, &x, mca_wants_colour(stdout));
    return MCA_OK;
}

static enum mca_status list_all(const struct question *question,
                                const struct mca_priced_run *report, struct mca_error *error) {
    if (question->json) {
        return mca_explanations_print_json(stdout, report, error);
    }
    mca_explain_all(report, list, NULL);
    return MCA_OK;
}

static enum mca_status explain(const void *user, struct mca_finished_run *run,
                               struct mca_error *error) {
    const struct question *question = user;
    struct mca_component_library library;
    enum mca_status status = MCA_OK;
    MCA_TRY(mca_finished_run_library(run, &library, error));
    const struct mca_priced_run report = mca_finished_run_priced(run, &library);
    if (!question->key) {
        status = list_all(question, &report, error);
    } else if (strcmp(question->key, "advice") == 0) {
        mca_advice_print(stdout, &report);
    } else {
        status = explain_key(question, &report, error);
    }
    mca_component_library_deinit(&library);
    return status;
}

static enum mca_status explain_in(const struct mca_arguments *given, struct mca_error *error) {
    const struct options *options = given->options;
    /* texts[1] is NULL where there is no KEY */
    const struct question question = {given->texts[1], options->json};
    if (question.json && question.key && strcmp(question.key, "advice") == 0) {
        return mca_usage_error(error, given->command,
                               "advice is no figure; summary.json has it for programs");
    }
    return mca_with_finished_run(given->texts[0], 0, explain, &question, error);
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
    CLI_OPTIONS(OPTIONS, struct options),
    .least = 1,
    .most = 2,
    .too_few = "a run's directory is needed",
    .too_many = "only one KEY is allowed",
    .run = explain_in};
