#include "reports/run/reporter.h"

#include <stdlib.h>

#include "base/options.h"
#include "reports/figures/advice.h"
#include "reports/figures/chip_picture.h"
#include "reports/run/report.h"
#include "reports/trace/files.h"

struct reports {
    struct mca_chip_picture before; /* training */
    struct mca_converter_use use;   /* in the last images */
    uint64_t first_noted;           /* image whose conversions are noted */
    struct mca_advice_list advice;
};

static void *create(void) {
    return calloc(1, sizeof(struct reports));
}

static void destroy(void *user) {
    struct reports *reports = user;
    if (reports) {
        mca_chip_picture_deinit(&reports->before);
        mca_converter_use_deinit(&reports->use);
    }
    free(reports);
}

/* Conversions are noted at the end: of some images, so that it takes no time that shows. */
static enum mca_status begin(void *user, const struct mca_chip *chip, uint64_t images,
                             struct mca_error *error) {
    struct reports *reports = user;
    const uint64_t tenth = images / 10 + 1;
    reports->first_noted =
        images + 1 - (tenth < MCA_CONVERTER_IMAGES ? tenth : MCA_CONVERTER_IMAGES);
    MCA_TRY(mca_chip_picture_take(&reports->before, chip, error));
    return mca_converter_use_init(&reports->use, chip, error);
}

static void next_image(void *user, struct mca_chip *chip, uint64_t number) {
    struct reports *reports = user;
    if (number >= reports->first_noted) {
        mca_converter_use_watch(&reports->use, chip);
    }
}

static struct mca_checkpoint_extra noted(void *user) {
    struct reports *reports = user;
    return (struct mca_checkpoint_extra){reports->use.layers,
                                         reports->use.layer_count * sizeof *reports->use.layers};
}

enum mca_status mca_report_write_files(const struct mca_priced_run *report, const char *dir,
                                       struct mca_error *error) {
    MCA_TRY(mca_report_write_epochs(report, dir, error));
    MCA_TRY(mca_report_write_confusion(report, dir, error));
    MCA_TRY(mca_report_write_ages(report, dir, error));
    MCA_TRY(mca_report_write_energy(report, dir, error));
    MCA_TRY(mca_report_write_energy_layers(report, dir, error));
    MCA_TRY(mca_report_write_ledger(report, dir, error));
    return mca_report_write_summary(report, dir, error);
}

static enum mca_status write_files(void *user, const struct mca_run_results *results,
                                   const char *dir, struct mca_error *error) {
    struct reports *reports = user;
    struct mca_priced_run *run = results->run;
    const struct mca_trace_report trace = {run->name, &run->scenario->chip, results->trace,
                                           run->scenario_hash};
    MCA_TRY(results->is_trace_wanted ? mca_report_write_trace(&trace, dir, error) : MCA_OK);
    MCA_TRY(results->trace->count > 0 ? mca_report_write_timeline(&trace, dir, error) : MCA_OK);
    MCA_TRY(mca_report_write_chip(&reports->before, &reports->use, results->chip, dir, error));
    mca__advise(&(struct mca__health){run, &reports->use, mca__pulse_step_us(results->chip)},
                &reports->advice);
    run->advice = &reports->advice;
    MCA_TRY(mca_report_write_files(run, dir, error));
    return results->is_page_wanted ? mca_report_write_html(run, dir, error) : MCA_OK;
}

static void print(const struct mca_priced_run *run) {
    mca_report_print_summary(stdout, run, mca_wants_colour(stdout));
}

const struct mca_run_reporter mca_run_reports = {
    MCA_TIMELINE_OPERATIONS_MAX, create, destroy, begin, next_image, noted, write_files, print};
