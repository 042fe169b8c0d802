/* Explanations of what is counted, not priced: accuracies, writes and health. No constant is in
 * them; the meaning says who counts what. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/explain/explain_state.h"
#include "reports/figures/facts.h"

static int explain_accuracy(struct mca_explanation *x, const struct mca_priced_run *report,
                            const char *name) {
    const struct mca__accuracy a = mca__accuracy_of(report->result);
    const struct {
        const char *name;
        const char *meaning;
        double value;
    } figures[] = {
        {"test_final",
         "fraction of the test images that the chip classifies right after the last epoch, read "
         "through the same converters and noise as in training; the test set decides nothing",
         a.test_final},
        {"test_best",
         "the largest of the epochs' test accuracies: chosen after the test, so that it flatters",
         a.test_best},
        {"train_final",
         "fraction of the last epoch's training images that were classified right as they were "
         "trained on, before their update",
         a.train_final},
        {"validation_final",
         "fraction of the training images held out (train.validation_images) that the chip "
         "classifies right after the last epoch",
         a.validation_final}};
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; ++i) {
        if (strcmp(name, figures[i].name) == 0) {
            x->meaning = figures[i].meaning;
            mca__add_term(x, "right", figures[i].value);
            return !isnan(figures[i].value);
        }
    }
    return 0;
}

/* Pulses by the phase that sent them. */
static void explain_pulses(struct mca_explanation *x, const struct mca_ledger *ledger,
                           enum mca_component component, const char *meaning) {
    x->meaning = meaning;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        mca__add_term(x, mca_phase_name((enum mca_phase)p), (double)ledger->counts[p][component]);
    }
}

static int explain_writes(struct mca_explanation *x, const struct mca_priced_run *report,
                          const char *name) {
    const struct mca_train_result *r = report->result;
    if (strcmp(name, "set_total") == 0 || strcmp(name, "set_per_image") == 0) {
        explain_pulses(x, &r->ledger, MCA_COMPONENT_PCM_SET,
                       "SET pulses of the training phases: transfer pays chi out, refresh writes "
                       "pairs anew");
        if (strcmp(name, "set_per_image") == 0) {
            mca__divide_by(x, (double)r->images, "images");
            return r->images > 0;
        }
    } else if (strcmp(name, "reset_total") == 0) {
        explain_pulses(x, &r->ledger, MCA_COMPONENT_PCM_RESET,
                       "RESET pulses of the training phases: refresh clears pairs with them");
    } else if (strcmp(name, "refresh_pairs") == 0) {
        x->meaning = "pairs that refreshes wrote anew, since a device stood near its largest "
                     "conductance (refresh.high_us)";
        mca__add_term(x, "pairs", (double)r->refreshed_pairs);
    } else if (strcmp(name, "max_per_device") == 0) {
        x->meaning = "SET and RESET pulses of the device that had most of them, the first "
                     "programming included";
        mca__add_term(x, "pulses", (double)r->max_writes_per_device);
        return !mca__is_continuous(report);
    } else {
        return 0;
    }
    return 1;
}

static int explain_health(struct mca_explanation *x, const struct mca_priced_run *report,
                          const char *name) {
    const struct mca_train_result *r = report->result;
    if (strcmp(name, "adc_clip_fraction") == 0) {
        x->meaning = "conversions of training reads whose input lay beyond the converter's range "
                     "(adc.forward_range, adc.backward_range), over all of them";
        mca__add_term(x, "clipped", (double)r->adc_clips);
        mca__divide_by(x, (double)r->adc_conversions, "conversions");
        return r->adc_conversions > 0;
    } else if (strcmp(name, "chi_saturations") == 0) {
        x->meaning = "additions to chi that ended beyond its bits and were cut off";
        mca__add_term(x, "saturations", (double)r->chi_saturations);
    } else if (strcmp(name, "devices_at_gmax") == 0) {
        x->meaning = "devices that stand at their largest conductance when training ends";
        mca__add_term(x, "devices", (double)r->devices_at_gmax);
        return !mca__is_continuous(report);
    } else if (strcmp(name, "update_loss_fraction") == 0) {
        x->meaning = "products of input and error that are not 0 but were rounded to no change of "
                     "chi, over all that are not 0";
        mca__add_term(x, "lost", (double)r->updates_lost);
        mca__divide_by(x, (double)r->update_products, "products");
        return r->update_products > 0;
    } else {
        return 0;
    }
    return 1;
}

int mca__explain_count(struct mca_explanation *x, const struct mca_priced_run *report,
                       const char *key) {
    const char *name = mca__after(key, "accuracy.");
    if (name) {
        return explain_accuracy(x, report, name);
    }
    name = mca__after(key, "writes.");
    if (name) {
        return explain_writes(x, report, name);
    }
    name = mca__after(key, "health.");
    return name ? explain_health(x, report, name) : 0;
}
