/* What a run that is over gives reason to tell, a line each. */
#include "network/layer_kind.h"
#include "network/program.h"
#include "reports/run/report.h"

/* Share of a layer's conversions at an end of the range, from which on a line says so; and bits of
 * a code below which the ends are a good part of all codes. */
static const double MOST = 0.9;
enum { BITS_LEAST = 3 };

/* Pulses of training beside those of refresh, which sends its own. */
static uint64_t trained_pulses(const struct mca_train_result *result) {
    uint64_t pulses = 0;
    for (int p = MCA_PHASE_FORWARD; p < MCA_PHASE_REFRESH; ++p) {
        pulses += result->ledger.counts[p][MCA_COMPONENT_PCM_SET];
    }
    return pulses;
}

void mca__tell_outcome(const struct mca_priced_run *report, const struct mca_converter_use *use,
                       const struct mca_observer *observer) {
    static const char *const directions[] = {"forward", "backward"};
    const char *dot = report->scenario->chip.network.is_widths ? "." : "_";
    /* that no layer on crossbars learns has been told before the run */
    if (!mca_is_test_alone(report->result) &&
        report->scenario->chip.device.model != MCA_DEVICE_IDEAL &&
        mca_network_learns_on_crossbars(&report->network) && trained_pulses(report->result) == 0) {
        mca_observer_tell(observer,
                          "no pulse was sent in training on %llu images: no crossbar weight "
                          "changed; "
                          "train.learning_rate is %g, a pulse needs a change of "
                          "transfer.epsilon_us, %g uS",
                          (unsigned long long)report->result->images,
                          report->scenario->train.learning_rate,
                          report->scenario->chip.transfer.epsilon_us);
    }
    for (uint32_t i = 0; i < use->layer_count && use->bits >= BITS_LEAST; ++i) {
        for (int d = 0; d < 2; ++d) {
            const struct mca_converter_histogram *h = &use->layers[i][d];
            if ((double)h->at_ends > MOST * (double)h->count) {
                mca_observer_tell(observer,
                                  "layer %u (%s): %.0f %% of its conversions %s, in the last "
                                  "images, gave the least or largest code (adc%s%s_range)",
                                  i, report->network.layers[i].kind->name,
                                  100 * (double)h->at_ends / (double)h->count, directions[d], dot,
                                  directions[d]);
            }
        }
    }
}
