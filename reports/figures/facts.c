#include "reports/figures/facts.h"

#include <errno.h>
#include <math.h>

const double mca__milestones[MCA__MILESTONE_COUNT] = {0.90, 0.95, 0.97, 0.98};

struct mca__accuracy mca__accuracy_of(const struct mca_train_result *result) {
    const double none = (double)NAN;
    struct mca__accuracy a = {none, none, 0, none, none};
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &result->epochs[e];
        if (!isnan(record->test_accuracy) &&
            (isnan(a.test_best) || record->test_accuracy > a.test_best)) {
            a.test_best = record->test_accuracy;
            a.test_best_epoch = record->epoch;
        }
    }
    if (result->epoch_count > 0) {
        const struct mca_epoch_record *last = &result->epochs[result->epoch_count - 1];
        a.test_final = last->test_accuracy;
        a.train_final = last->train_accuracy;
        a.validation_final = last->validation_accuracy;
    }
    return a;
}

const struct mca_epoch_record *mca__milestone(const struct mca_train_result *result,
                                              double accuracy) {
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        if (result->epochs[e].test_accuracy >= accuracy) { /* false for NAN */
            return &result->epochs[e];
        }
    }
    return NULL;
}

double mca__epoch_energy_j(const struct mca_run_report *report,
                           const struct mca_epoch_record *record) {
    return mca_price_training_j(&record->ledger, &report->result->inventory, &report->prices);
}

int mca__is_continuous(const struct mca_run_report *report) {
    return report->scenario->chip.device.model == MCA_DEVICE_IDEAL;
}

double mca__ratio(double a, double b) {
    return b == 0.0 ? (double)NAN : a / b;
}

enum mca_status mca__out_open(struct mca__out_file *out, const char *dir, const char *name,
                              struct mca_error *error) {
    const int length = snprintf(out->path, sizeof out->path, "%s/%s", dir, name);
    if (length < 0 || (size_t)length >= sizeof out->path) {
        return mca_fail(error, MCA_SYSTEM, "%s: the directory's path is too long", name);
    }
    out->file = fopen(out->path, "w");
    return out->file ? MCA_OK : mca_fail_errno(error, "%s: cannot be created", out->path);
}

enum mca_status mca__out_close(struct mca__out_file *out, struct mca_error *error) {
    /* flushing first leaves errno telling why */
    errno = 0;
    const int failed = fflush(out->file) != 0 || ferror(out->file);
    const int number = errno;
    if (fclose(out->file) != 0 || failed) {
        errno = failed && number ? number : errno;
        return errno ? mca_fail_errno(error, "%s: cannot be written", out->path)
                     : mca_fail(error, MCA_SYSTEM, "%s: cannot be written", out->path);
    }
    return MCA_OK;
}
