/* mcasim price: a finished run under another component library. */
#include <string.h>

#include "cli/cli.h"
#include "cost/component_library.h"
#include "reports/formats/terminal_text.h"
#include "reports/run/report.h"
#include "run/common_options.h"
#include "run/directory.h"
#include "run/finished_run.h"
#include "run/progress.h"
#include "scenario/load.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"

struct options {
    const char *dir;
    const char *library; /* or NULL */
    const char *output;  /* or NULL */
    struct mca_texts sets;
    int quiet;
};

/* Keys that change neither counts nor times of a run. */
#define PRICE_KEYS                                                                                 \
    "cost.sram_macro_bytes, cost.weight_macro_bytes, cost.dram, cost.clock_gating, "               \
    "cost.clock_residual, cost.sram_sleep, cost.sleep_residual, adc.kind, dac.kind"

static const struct mca_option OPTIONS[] = {
    MCA_TEXT("library", 0, "FILE", AT(library), NULL,
             "a library's name (mcasim scenarios) or the path of a YAML file"),
    MCA_OPTION_SET(AT(sets), "one of " PRICE_KEYS " (the run's conversion time stays)"),
    MCA_OPTION_OUTPUT(
        AT(output), "DIR", NULL,
        "also write scenario.yaml, summary.json, epochs.csv, confusion.csv, energy.csv, "
        "energy_layers.csv, ledger.json and report.html there; must not exist"),
    MCA_OPTION_QUIET(AT(quiet)),
};

static enum mca_status write_files(const struct options *options,
                                   const struct mca_priced_run *report, struct mca_error *error) {
    struct mca_progress_bar progress;
    mca_progress_init(&progress, options->quiet);
    const struct mca_observer observer = mca_progress_observer(&progress);
    struct mca_run_directory directory;
    MCA_TRY(mca_run_directory_open(&directory, options->output, 0, &observer, error));
    enum mca_status status = mca_run_directory_begin(&directory, report->scenario, error);
    if (status == MCA_OK) {
        status = mca_report_write_files(report, directory.partial_path, error);
    }
    if (status == MCA_OK) {
        status = mca_report_write_html(report, directory.partial_path, error);
    }
    if (status != MCA_OK) {
        mca_run_directory_abandon(&directory);
        return status;
    }
    return mca_run_directory_commit(&directory, error);
}

/* The option is a path or a name as it stands, not YAML: it is quoted. */
static enum mca_status set_library(const char *name, struct mca_scenario *scenario,
                                   struct mca_error *error) {
    char assignment[2 * MCA_PATH_SIZE + 32];
    size_t used = (size_t)snprintf(assignment, sizeof assignment, "cost.library=\"");
    for (; *name && used + 4 < sizeof assignment; ++name) {
        if (*name == '"' || *name == '\\') {
            assignment[used++] = '\\';
        }
        assignment[used++] = *name;
    }
    (void)snprintf(assignment + used, sizeof assignment - used, "\"");
    return mca_scenario_set(scenario, NULL, assignment, "--library", error);
}

static int is_price_key(const char *key, size_t length) {
    for (const char *name = PRICE_KEYS; *name; name += strspn(name, ", ")) {
        const size_t next = strcspn(name, ",");
        if (next == length && strncmp(name, key, length) == 0) {
            return 1;
        }
        name += next;
    }
    return 0;
}

static enum mca_status set_prices(const struct options *options, struct mca_scenario *scenario,
                                  struct mca_error *error) {
    for (size_t i = 0; i < options->sets.count; ++i) {
        const char *set = options->sets.texts[i];
        const size_t length = strcspn(set, "=");
        if (!is_price_key(set, length)) {
            return mca_usage_error(error, "mcasim price", "--set: '%.*s' changes more than prices",
                                   length < 60 ? (int)length : 60, set);
        }
        MCA_TRY(mca_scenario_set(scenario, NULL, set, "--set", error));
    }
    return MCA_OK;
}

static void tell(const struct options *options, const struct mca_scenario *scenario,
                 const struct mca_component_library *library) {
    struct mca_progress_bar progress;
    mca_progress_init(&progress, options->quiet);
    const struct mca_observer observer = mca_progress_observer(&progress);
    mca_library_notices(scenario, library, &observer);
}

/* What the run took under its own library and keys. */
struct before {
    char library[MCA_PATH_SIZE]; /* "" where it is no longer as it was */
    double joules;
    double area_mm2;
};

static void price_before(const struct mca_finished_run *run, struct before *before) {
    struct mca_component_library library;
    struct mca_error unused;
    before->library[0] = '\0';
    if (mca_finished_run_library(run, &library, &unused) == MCA_OK) {
        const struct mca_priced_run report = mca_finished_run_priced(run, &library);
        (void)snprintf(before->library, sizeof before->library, "%s", library.name);
        before->joules = report.pricing.total_j;
        before->area_mm2 = report.pricing.area_total_mm2;
        mca_component_library_deinit(&library);
    }
}

static void print_before(const struct before *before, const struct mca_priced_run *now) {
    if (before->library[0] != '\0') {
        const double images = (double)now->result->images;
        const double joules = now->pricing.total_j;
        const double area_mm2 = now->pricing.area_total_mm2;
        (void)printf("As it was run, under %s: %s per image, now %s (%+.1f %%); %.3f mm\u00b2, now "
                     "%.3f mm\u00b2 (%+.1f %%)\n",
                     before->library, mca__si(before->joules / images, "J").s,
                     mca__si(joules / images, "J").s, 100.0 * (joules / before->joules - 1.0),
                     before->area_mm2, area_mm2, 100.0 * (area_mm2 / before->area_mm2 - 1.0));
    }
}

static enum mca_status price(const void *user, struct mca_finished_run *run,
                             struct mca_error *error) {
    const struct options *options = user;
    struct mca_component_library library;
    struct before before;
    price_before(run, &before);
    MCA_TRY(options->library ? set_library(options->library, &run->scenario, error) : MCA_OK);
    MCA_TRY(set_prices(options, &run->scenario, error));
    MCA_TRY(mca_scenario_hash(&run->scenario, &run->scenario_hash, error));
    MCA_TRY(mca_component_library_load(&library, run->scenario.cost.library, error));
    tell(options, &run->scenario, &library);
    const struct mca_priced_run report = mca_finished_run_priced(run, &library);
    enum mca_status status =
        options->output ? mca_run_directory_refuse_within(options->dir, options->output, error)
                        : MCA_OK;
    if (options->output && status == MCA_OK) {
        status = write_files(options, &report, error);
    }
    if (status == MCA_OK && !options->quiet) {
        mca_report_print_summary(stdout, &report, mca_wants_colour(stdout));
        print_before(&before, &report);
        if (options->output) {
            (void)printf("Results in %s\n", options->output);
        }
    }
    mca_component_library_deinit(&library);
    return status;
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    struct options *options = given->options;
    if (!options->library && options->sets.count == 0) {
        return mca_usage_error(error, given->command, "--library or --set is needed");
    }
    options->dir = given->texts[0];
    return mca_with_finished_run(options->dir, options->quiet, price, options, error);
}

const struct mca_command cli_price = {
    .name = "price",
    .arguments = "DIR",
    .summary = "price a finished run under another component library",
    .about = "Prices the finished run in DIR again, from its ledger, under another component "
             "library (docs/reference/cost.md has how one is written) or other keys that change "
             "prices alone: energy, area and the digital designs beside the chip. Nothing is "
             "simulated again, and DIR is never altered; accuracy, "
             "latency and writes stay what they were.",
    .exit_status = "0 done; 1 out of memory; 2 wrong usage or bad content; 3 the operating system "
                   "refused a file.",
    CLI_OPTIONS(OPTIONS, struct options),
    CLI_ONE("run's directory"),
    .run = run};
