#include "reports/run/report.h"

enum mca_status mca_report_write_files(const struct mca_priced_run *report, const char *dir,
                                       struct mca_error *error) {
    MCA_TRY(mca_report_write_epochs(report, dir, error));
    MCA_TRY(mca_report_write_energy(report, dir, error));
    MCA_TRY(mca_report_write_energy_layers(report, dir, error));
    MCA_TRY(mca_report_write_ledger(report, dir, error));
    return mca_report_write_summary(report, dir, error);
}
