#include "reports/run/report.h"

#include <string.h>

#include "reports/figures/verdict.h"

static struct mca_baseline_work work_of(const struct mca_train_result *result) {
    return (struct mca_baseline_work){.images = result->images,
                                      .forward_macs = result->forward_macs,
                                      .forward_macs_nonzero = result->forward_macs_nonzero,
                                      .backward_macs = result->backward_macs,
                                      .update_macs = result->update_macs,
                                      .update_macs_nonzero = result->update_macs_nonzero,
                                      .transfers = result->set_pulses,
                                      .ledger = &result->ledger};
}

static void price_baseline(struct mca_run_report *report, enum mca_baseline_design design) {
    struct mca_baseline_report *b = &report->baselines[design];
    const struct mca_baseline_work work = work_of(report->result);
    const struct mca_chip_config *chip = &report->scenario->chip;
    const struct mca_cost_config *cost = &report->scenario->cost;
    const uint32_t fast = mca_baseline_lanes_for_time(design, &work, chip, report->pricing.time_s);
    const uint32_t large = mca_baseline_lanes_for_area(design, chip, cost, report->library,
                                                       report->pricing.area_total_mm2);
    mca_baseline_init(&b->same_lanes, design, chip->dpu.lanes, &work, chip, cost, report->library);
    if (fast > 0) {
        mca_baseline_init(&b->iso_throughput, design, fast, &work, chip, cost, report->library);
    }
    if (large > 0) {
        mca_baseline_init(&b->iso_area, design, large, &work, chip, cost, report->library);
    }
    mca__compare_energy(b, report);
}

void mca_run_report_init(struct mca_run_report *report) {
    const struct mca_train_result *result = report->result;
    const struct mca_cost_design design =
        mca_cost_design_of(&report->scenario->chip, &report->scenario->cost, &result->inventory);
    mca_price_list_init(&report->prices, report->library, &design);
    mca_price(&report->pricing, &result->ledger, &result->inventory, &report->prices);
    memset(report->baselines, 0, sizeof report->baselines);
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        price_baseline(report, (enum mca_baseline_design)d);
    }
}

enum mca_status mca_report_write_files(const struct mca_run_report *report, const char *dir,
                                       struct mca_error *error) {
    MCA_TRY(mca_report_write_epochs(report, dir, error));
    MCA_TRY(mca_report_write_energy(report, dir, error));
    MCA_TRY(mca_report_write_ledger(report, dir, error));
    return mca_report_write_summary(report, dir, error);
}
