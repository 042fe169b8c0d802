#include "reports/run_report.h"

void mca_run_report_init(struct mca_run_report *report) {
    const struct mca_train_result *result = report->result;
    mca_price(&report->pricing, &result->ledger, &result->inventory, report->library);
    const struct mca_baseline_work work = {
        .images = result->images,
        .weights = result->inventory.weights,
        .forward_macs = result->forward_macs,
        .forward_macs_nonzero = result->forward_macs_nonzero,
        .backward_macs = result->backward_macs,
        .update_macs = result->update_macs,
        .update_macs_nonzero = result->update_macs_nonzero,
        .transfers = result->set_pulses,
        .lanes = report->scenario->chip.dpu.lanes,
        .clock_hz = report->scenario->chip.dpu.clock_hz,
        .chip_dynamic_j = report->pricing.dynamic_total.j,
    };
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        report->baselines[d] =
            mca_baseline_price((enum mca_baseline_design)d, &work, report->library);
    }
}

enum mca_status mca_report_write_files(const struct mca_run_report *report, const char *dir,
                                       struct mca_error *error) {
    MCA_TRY(mca_report_write_summary(report, dir, error));
    MCA_TRY(mca_report_write_epochs(report, dir, error));
    MCA_TRY(mca_report_write_energy(report, dir, error));
    return mca_report_write_ledger(report, dir, error);
}
