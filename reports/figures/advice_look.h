/* What the lines of advice.c look at: each a figure of the run, at its worst place. */
#ifndef MCA_REPORTS_FIGURES_ADVICE_LOOK_H
#define MCA_REPORTS_FIGURES_ADVICE_LOOK_H

#include "reports/figures/chip_picture.h"
#include "run/advice_list.h"
#include "run/priced_run.h"

/* What advice is taken from. */
struct mca__health {
    const struct mca_priced_run *run;
    const struct mca_converter_use *use; /* in the last training images; NULL: not noted */
    double step_us; /* by which a SET pulse moves a device; 0: not known, or continuous */
};

enum { MCA__LOOK_FORWARD, MCA__LOOK_BACKWARD, MCA__LOOK_NEITHER };

struct mca__look {
    const struct mca__health *health;
    const struct mca_priced_run *run;
    const struct mca_train_result *result;
    const struct mca_advice_list *before; /* advice of the lines above */
    /* of the last test; NAN where it is of too few images to tell */
    double accuracy;
    double guess;     /* what the commonest class alone would give ... */
    double guessed;   /* ... and up to which it is no better */
    double threshold; /* that a figure has to pass ... */
    int is_below;     /* ... downwards; otherwise upwards */
    uint32_t hits;    /* places that have passed it; the worst of them: */
    double value;
    uint32_t layer; /* MCA_NO_LAYER: the whole run */
    int direction;
};

/* Accuracy of the last test, and of guessing. */
void mca__find_guess(struct mca__look *look);

/* Whether the accuracy is less than half the way from guessing to no error. */
int mca__is_poor(const struct mca__look *look);

void mca__look_at_coarse(struct mca__look *look);
void mca__look_at_wide(struct mca__look *look);
void mca__look_at_ends(struct mca__look *look);
void mca__look_at_clips(struct mca__look *look);
void mca__look_at_overshoot(struct mca__look *look);
void mca__look_at_small_epsilon(struct mca__look *look);
void mca__look_at_loss(struct mca__look *look);
void mca__look_at_saturation(struct mca__look *look);
void mca__look_at_pulses_lost(struct mca__look *look);
void mca__look_at_rounding(struct mca__look *look);
void mca__look_at_few(struct mca__look *look);
void mca__look_at_large_epsilon(struct mca__look *look);
void mca__look_at_no_pulse(struct mca__look *look);
void mca__look_at_few_images(struct mca__look *look);
void mca__look_at_few_in_batches(struct mca__look *look);
void mca__look_at_gmax(struct mca__look *look);
void mca__look_at_gmax_without_refresh(struct mca__look *look);
void mca__look_at_stuck(struct mca__look *look);
void mca__look_at_import_clipped(struct mca__look *look);
void mca__look_at_import_unreached(struct mca__look *look);
void mca__look_at_training(struct mca__look *look);
void mca__look_at_guessing(struct mca__look *look);
void mca__look_at_rise(struct mca__look *look);
void mca__look_at_guessing_of_test(struct mca__look *look);
void mca__look_at_guessing_after_pulses(struct mca__look *look);
void mca__look_at_guessing_below(struct mca__look *look);

/* Keys that hang on what was found. */
void mca__range_key(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]);
void mca__refresh_key(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]);
void mca__unit_key(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]);
void mca__key_of_first(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]);

#endif
