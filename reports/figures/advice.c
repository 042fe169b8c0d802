/* The table of advice. */
#include "reports/figures/advice.h"

#include <stdio.h>
#include <string.h>

#include "chip/view.h"
#include "network/layer_kind.h"
#include "reports/formats/terminal_text.h"

/* When a line is told. */
enum {
    POOR_ONLY = 1, /* where the accuracy is poor */
    ALONE = 2      /* where no line above was */
};

enum unit { PERCENT, NUMBER };

/* Pulses over which a device's step is taken. */
enum { STEP_PULSES = 8 };

struct rule {
    const char *name;
    void (*look)(struct mca__look *look);
    double threshold; /* 0: the look sets its own */
    int is_below;     /* the figure is at fault below it, otherwise above */
    unsigned when;
    enum unit unit;
    const char *key; /* NULL: by `key_of` */
    void (*key_of)(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]);
    /* {p}: place, {v}: value, {t}: threshold, {k}: key, {n}: images trained on */
    const char *text;
};

/* Likely causes before what they lead to. */
static const struct rule RULES[] = {
    {"converter_coarse", mca__look_at_coarse, 1.0, 1, POOR_ONLY, NUMBER, "adc.bits", NULL,
     "{p}: conversions have a root mean square of {v} steps, where {t} or more are wanted: the "
     "converters have too few bits; raise {k}"},
    {"converter_wide", mca__look_at_wide, 5.0, 1, POOR_ONLY, NUMBER, NULL, mca__range_key,
     "{p}: no code beyond {v} came (less than {t}): the range is too wide for what is converted; "
     "lower {k}"},
    {"converter_clipped", mca__look_at_ends, 0.9, 0, 0, PERCENT, NULL, mca__range_key,
     "{p}: {v} of the conversions gave the least or largest code (more than {t}): the range is "
     "too narrow; raise {k}"},
    {"reads_clipped", mca__look_at_clips, 0.9, 0, 0, PERCENT, NULL, mca__range_key,
     "{v} of all conversions were clipped (more than {t}): the range is too narrow; raise {k}"},
    {"import_clipped", mca__look_at_import_clipped, 0.05, 0, POOR_ONLY, PERCENT, "weights.scale",
     NULL, "{v} of the imported weights are beyond what a device reaches (more than {t}); see {k}"},
    {"import_unreached", mca__look_at_import_unreached, 0.5, 0, POOR_ONLY, PERCENT,
     "weights.max_pulses", NULL,
     "{v} of the imported weights were not programmed to within weights.tolerance_us (more than "
     "{t}); raise {k}"},
    {"refresh_missing", mca__look_at_gmax_without_refresh, 0.1, 0, 0, PERCENT, NULL,
     mca__refresh_key,
     "{p}: {v} of the devices ended at their largest conductance (more than {t}), and no refresh "
     "rewrote a pair; see {k}"},
    {"devices_full", mca__look_at_gmax, 0.1, 0, ALONE, PERCENT, NULL, mca__unit_key,
     "{p}: {v} of the devices ended at their largest conductance (more than {t}): weights are "
     "larger than pairs can hold; lower {k}"},
    {"devices_stuck", mca__look_at_stuck, 0.1, 0, 0, PERCENT, "device.endurance_pulses", NULL,
     "{p}: {v} of the devices stick (more than {t}): they have had the pulses that they take; see "
     "{k}"},
    {"epsilon_small", mca__look_at_small_epsilon, 0.1, 0, POOR_ONLY | ALONE, NUMBER,
     "transfer.epsilon_us", NULL,
     "{p}: {v} pulses a weight at every weight change (more than {t}), each of which moves a "
     "device by more than it stands for; raise {k}"},
    {"rate_high", mca__look_at_overshoot, 0.1, 0, POOR_ONLY | ALONE, NUMBER, "train.learning_rate",
     NULL,
     "{p}: {v} pulses a weight at every weight change (more than {t}): updates overshoot; lower "
     "{k}"},
    {"loss_high", mca__look_at_loss, 3.0, 0, POOR_ONLY | ALONE, NUMBER, "train.learning_rate", NULL,
     "the loss ended at {v} times that of guessing (more than {t}): updates overshoot; lower {k}"},
    {"chi_saturated", mca__look_at_saturation, 0.001, 0, 0, PERCENT, "train.learning_rate", NULL,
     "{v} of the additions to chi were cut off (more than {t}): updates are larger than its words "
     "hold; lower {k}, or raise chi.bits or transfer.max_pulses"},
    {"pulses_lost", mca__look_at_pulses_lost, 0.1, 0, 0, PERCENT, "transfer.max_pulses", NULL,
     "{v} of the pulses were lost (more than {t}): an update asks for more than are sent; raise "
     "{k}, or lower train.learning_rate"},
    {"products_lost", mca__look_at_rounding, 0.5, 0, POOR_ONLY, PERCENT, "dpu.rounding", NULL,
     "{v} of the products were rounded to no change of chi (more than {t}): {k} stochastic loses "
     "none in the mean"},
    {"epsilon_large", mca__look_at_large_epsilon, 0.02, 1, POOR_ONLY | ALONE, NUMBER,
     "transfer.epsilon_us", NULL,
     "{p}: {v} pulses a weight on {n} images (less than {t}): updates hardly ever reach what a "
     "pulse stands for, which is more than it moves a device by; lower {k}"},
    {"no_pulse", mca__look_at_no_pulse, 1.0, 1, ALONE, NUMBER, "train.learning_rate", NULL,
     "no pulse was sent in training on {n} images: no crossbar weight changed; raise {k}, or lower "
     "transfer.epsilon_us"},
    {"few_images", mca__look_at_few_images, 0.02, 1, POOR_ONLY | ALONE, NUMBER, "train.epochs",
     NULL,
     "{p}: {v} pulses a weight on {n} images (less than {t}): the run is too short; raise {k} or "
     "train.images"},
    {"rate_low_in_batches", mca__look_at_few_in_batches, 0.02, 1, POOR_ONLY | ALONE, NUMBER,
     "train.learning_rate", NULL,
     "{p}: {v} pulses a weight on {n} images (less than {t}): updates hardly ever make a pulse; "
     "raise {k}, which train.batch divides"},
    {"rate_low", mca__look_at_few, 0.02, 1, POOR_ONLY | ALONE, NUMBER, "train.learning_rate", NULL,
     "{p}: {v} pulses a weight on {n} images (less than {t}): updates hardly ever make a pulse; "
     "raise {k}, or train for longer"},
    {"guessing", mca__look_at_guessing_below, 0.0, 1, 0, PERCENT, NULL, mca__key_of_first,
     "the test accuracy of {v} is that of guessing (up to {t}), most likely by what stands first; "
     "see {k}"},
    {"test_data", mca__look_at_training, 0.0, 0, ALONE, PERCENT, "dataset.name", NULL,
     "training images are known to {v} (more than {t}), those of the test no better than by "
     "guessing: they may be of other data, or have other labels; see {k}"},
    {"still_learning", mca__look_at_rise, 0.0, 0, POOR_ONLY | ALONE, PERCENT, "train.epochs", NULL,
     "accuracy still rose by {v} at the end (more than {t}): the run is short; raise {k}"},
    {"untrained", mca__look_at_guessing_of_test, 0.0, 1, ALONE, PERCENT, "train.epochs", NULL,
     "the test accuracy of {v} is that of guessing (up to {t}), and nothing was trained: weights "
     "are the first ones, or of other data; see {k} and --weights"},
    {"labels", mca__look_at_guessing_after_pulses, 0.0, 1, ALONE, PERCENT, "dataset.name", NULL,
     "the test accuracy of {v} is that of guessing (up to {t}), though weights changed, and no "
     "other figure is unusual: labels may not belong to their images; see {k}, then "
     "train.learning_rate"},
    {"guessing_alone", mca__look_at_guessing, 0.0, 1, ALONE, PERCENT, "train.epochs", NULL,
     "the test accuracy of {v} is that of guessing (up to {t}), and no other figure is unusual: "
     "the run may be too short, or its updates too small; raise {k} or train.learning_rate, then "
     "see dataset.name"},
};

_Static_assert(sizeof RULES / sizeof RULES[0] <= MCA_ADVICE_MAX, "a list holds all rules");

static struct mca__text figure_text(const struct rule *rule, double value) {
    return rule->unit == NUMBER ? mca__format("%.2g", value)
           : value >= 0.01      ? mca__percent(value, value >= 0.1 ? 0 : 1)
                                : mca__format("%.2g %%", 100.0 * value);
}

/* "layer 1 (dense) backward and 2 more" */
static struct mca__text place_text(const struct mca__look *look) {
    static const char *const directions[] = {" forward", " backward", ""};
    const struct mca__text more =
        look->hits > 1 ? mca__format(" and %u more", look->hits - 1) : mca__format("%s", "");
    return look->layer == MCA_NO_LAYER
               ? mca__format("%s", "the run")
               : mca__format("layer %u (%.16s)%s%.20s", look->layer,
                             look->run->network.layers[look->layer].kind->name,
                             directions[look->direction], more.s);
}

static void fill_text(const struct rule *rule, const struct mca__look *look,
                      struct mca_advice *line) {
    const char *rest = rule->text;
    line->text[0] = '\0';
    while (*rest) {
        const size_t plain = strcspn(rest, "{");
        mca_text_add(line->text, sizeof line->text, "%.*s", (int)plain, rest);
        rest += plain;
        if (*rest == '\0') {
            break;
        }
        const struct mca__text filled = rest[1] == 'p'   ? place_text(look)
                                        : rest[1] == 'v' ? figure_text(rule, line->value)
                                        : rest[1] == 't' ? figure_text(rule, line->threshold)
                                        : rest[1] == 'n' ? mca__grouped(look->result->images)
                                                         : mca__format("%s", line->key);
        mca_text_add(line->text, sizeof line->text, "%s", filled.s);
        rest += 3;
    }
}

/* Whether what a rule asks for beside its figure holds. */
static int is_asked(const struct rule *rule, const struct mca__look *look) {
    return !(rule->when & POOR_ONLY && !mca__is_poor(look)) &&
           !(rule->when & ALONE && look->before->count > 0);
}

static void tell(const struct rule *rule, const struct mca__look *look,
                 struct mca_advice_list *list) {
    struct mca_advice *line = &list->lines[list->count];
    line->value = look->value;
    line->threshold = look->threshold;
    (void)snprintf(line->rule, sizeof line->rule, "%s", rule->name);
    if (rule->key) {
        (void)snprintf(line->key, sizeof line->key, "%s", rule->key);
    } else {
        rule->key_of(look, line->key);
    }
    fill_text(rule, look, line);
    ++list->count;
}

double mca__pulse_step_us(const struct mca_chip *chip) {
    const struct mca_device *device = NULL;
    for (uint32_t i = 0; !device && i < mca_chip_layer_count(chip); ++i) {
        device = mca_chip_layer(chip, i).matrix->device; /* NULL of a layer without devices */
    }
    return !device || device->ops->continuous
               ? 0.0
               : (device->mean_after[STEP_PULSES] - device->mean_after[0]) / STEP_PULSES;
}

void mca__advise(const struct mca__health *health, struct mca_advice_list *list) {
    struct mca__look look = {
        .health = health, .run = health->run, .result = health->run->result, .before = list};
    list->count = 0;
    mca__find_guess(&look);
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; ++i) {
        look.threshold = RULES[i].threshold;
        look.is_below = RULES[i].is_below;
        look.hits = 0;
        if (is_asked(&RULES[i], &look)) {
            RULES[i].look(&look);
        }
        if (look.hits > 0) {
            tell(&RULES[i], &look, list);
        }
    }
}
