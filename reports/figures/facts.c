#include "reports/figures/facts.h"

#include <errno.h>
#include <math.h>

const double mca__milestones[MCA__MILESTONE_COUNT] = {0.90, 0.95, 0.97, 0.98};
const char *const mca__milestone_names[MCA__MILESTONE_COUNT] = {"0.90", "0.95", "0.97", "0.98"};

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

double mca__epoch_energy_j(const struct mca_priced_run *report,
                           const struct mca_epoch_record *record) {
    return mca_price_training_j(&record->ledger, &report->result->inventory, &report->prices);
}

int mca__is_continuous(const struct mca_priced_run *report) {
    return report->scenario->chip.device.model == MCA_DEVICE_IDEAL;
}

double mca__ratio(double a, double b) {
    return b == 0.0 ? (double)NAN : a / b;
}
