/* Figures of a run that advice goes by. */
#include "reports/figures/advice_look.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/figures/facts.h"

/* Tests of fewer images tell nothing of an accuracy; bits of a code below which the ends of the
 * range are a good part of all codes. */
enum { TESTS_LEAST = 100, BITS_LEAST = 3 };

/* Of the way from guessing to no error: below it an accuracy is poor; and what is still guessing,
 * also within three standard deviations. */
static const double POOR = 0.5;
static const double GUESSING = 0.05;
static const double DEVIATIONS = 3.0;

/* A range that is so many times what was converted is too wide; and one that is less than so many
 * times that has no room to be narrower. */
static const double WIDE = 8.0;
static const double NARROWER = 4.0;

/* How much a pulse may stand for more, or less, than it moves a device by. */
static const double STEP_RATIO = 2.0;

/* Pulses a weight and image of the layer that has most: below it updates are small, above it
 * images are few. */
static const double FEW_AN_IMAGE = 5e-4;

/* Pulses a weight, of the layer that has most, after which weights have grown, and a network that
 * has learnt nothing has nothing to learn. */
static const double ENOUGH = 2.0;

/* And pulses a weight that each layer of it has had then. */
static const double SOME = 0.05;

/* A place with its figure, which is none where it is NAN. */
static void consider(struct mca__look *look, double value, uint32_t layer, int direction) {
    const int is_below = look->is_below;
    if (!(is_below ? value < look->threshold : value > look->threshold)) {
        return;
    }
    if (look->hits == 0 || (is_below ? value < look->value : value > look->value)) {
        look->value = value;
        look->layer = layer;
        look->direction = direction;
    }
    ++look->hits;
}

static void consider_run(struct mca__look *look, double value) {
    consider(look, value, MCA_NO_LAYER, MCA__LOOK_NEITHER);
}

static int is_training(const struct mca__look *look) {
    return !mca_is_test_alone(look->result);
}

static int is_guessing(const struct mca__look *look) {
    return look->accuracy <= look->guessed;
}

int mca__is_poor(const struct mca__look *look) {
    return look->accuracy - look->guess < POOR * (1.0 - look->guess);
}

/* --- converters */

static const struct mca_converter_histogram *histogram(const struct mca__look *look, uint32_t layer,
                                                       int direction) {
    return &look->health->use->layers[layer][direction];
}

static uint32_t noted_layers(const struct mca__look *look) {
    return look->health->use && look->health->use->bits > 0 ? look->health->use->layer_count : 0;
}

static double largest_code(const struct mca_converter_histogram *h) {
    return fmax(fabs((double)h->least), fabs((double)h->most));
}

/* Whether a range so many times narrower would still hold every code that came. */
static int fits(const struct mca_converter_histogram *h, uint32_t bits, double narrower) {
    return largest_code(h) * narrower <= ldexp(1.0, (int)bits - 1);
}

/* Where a narrower range is no help. */
void mca__look_at_coarse(struct mca__look *look) {
    for (uint32_t i = 0; i < noted_layers(look); ++i) {
        for (int d = MCA__LOOK_FORWARD; d <= MCA__LOOK_BACKWARD; ++d) {
            const struct mca_converter_histogram *h = histogram(look, i, d);
            if (!fits(h, look->health->use->bits, NARROWER)) {
                consider(look, sqrt((double)h->squares / (double)h->count), i, d);
            }
        }
    }
}

void mca__look_at_ends(struct mca__look *look) {
    for (uint32_t i = 0; i < noted_layers(look) && look->health->use->bits >= BITS_LEAST; ++i) {
        for (int d = MCA__LOOK_FORWARD; d <= MCA__LOOK_BACKWARD; ++d) {
            const struct mca_converter_histogram *h = histogram(look, i, d);
            consider(look, mca__ratio((double)h->at_ends, (double)h->count), i, d);
        }
    }
}

/* Where nobody noted codes: tests alone, and chips that another model trained. */
void mca__look_at_clips(struct mca__look *look) {
    uint64_t noted = 0;
    for (uint32_t i = 0; i < noted_layers(look); ++i) {
        noted += histogram(look, i, MCA__LOOK_FORWARD)->count;
    }
    if (noted == 0) {
        consider_run(look, mca__ratio((double)look->result->adc_clips,
                                      (double)look->result->adc_conversions));
    }
}

/* "network.layers.2.NAME", or the chip's key where layers are widths. */
static void key_of_layer(const struct mca__look *look, const char *section, const char *name,
                         char key[MCA_ADVICE_KEY_SIZE]) {
    if (look->run->scenario->chip.network.is_widths || look->layer == MCA_NO_LAYER) {
        (void)snprintf(key, MCA_ADVICE_KEY_SIZE, "%s%s", section, name);
    } else {
        (void)snprintf(key, MCA_ADVICE_KEY_SIZE, "network.layers.%u.%s%s", look->layer,
                       strcmp(section, "adc.") == 0 ? "adc_" : "", name);
    }
}

/* Of a range that was found from training images the margin on what was found. */
void mca__range_key(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]) {
    const int is_backward = look->direction == MCA__LOOK_BACKWARD;
    if (look->layer != MCA_NO_LAYER && !look->run->scenario->chip.network.is_widths) {
        const struct mca_layer_config *layer = &look->run->network.layers[look->layer].config;
        if ((is_backward ? layer->adc_backward_range : layer->adc_forward_range) == 0.0) {
            (void)snprintf(key, MCA_ADVICE_KEY_SIZE, "calibration.margin");
            return;
        }
    }
    key_of_layer(look, "adc.", is_backward ? "backward_range" : "forward_range", key);
}

/* --- updates, chi and pulses */

/* Whether a layer's weights change by pulses. */
static int is_pulsed(const struct mca__look *look, uint32_t layer) {
    const struct mca_network_layer *l = &look->run->network.layers[layer];
    return is_training(look) && l->rows > 0 && !l->config.frozen && !l->config.digital &&
           look->run->scenario->chip.transfer.epsilon_us > 0.0;
}

/* Of training, beside those of refresh, which sends its own. */
static double pulses_of(const struct mca__look *look, uint32_t layer) {
    double pulses = 0.0;
    for (int p = MCA_PHASE_FORWARD; p < MCA_PHASE_REFRESH; ++p) {
        pulses += (double)look->result->layers[layer].part.counts[p][MCA_COMPONENT_PCM_SET];
    }
    return pulses;
}

/* NAN where there are none to be had. */
static double pulses_a_weight(const struct mca__look *look, uint32_t layer) {
    const struct mca_network_layer *l = &look->run->network.layers[layer];
    return is_pulsed(look, layer) ? pulses_of(look, layer) / ((double)l->rows * l->cols)
                                  : (double)NAN;
}

/* Of the layer that has most; 0 where none has any. */
static double most_pulses_a_weight(const struct mca__look *look) {
    double most = 0.0;
    for (uint32_t i = 0; i < look->result->layer_count; ++i) {
        most = fmax(most, pulses_a_weight(look, i)); /* NAN is none */
    }
    return most;
}

/* Weights of a chip that has hardly begun are small, and so are its codes: only where next to none
 * comes that says something. */
void mca__look_at_wide(struct mca__look *look) {
    look->threshold = most_pulses_a_weight(look) < ENOUGH ? 2.0 : look->threshold;
    for (uint32_t i = 0; i < noted_layers(look); ++i) {
        for (int d = MCA__LOOK_FORWARD; d <= MCA__LOOK_BACKWARD; ++d) {
            const struct mca_converter_histogram *h = histogram(look, i, d);
            if (h->count > 0 && fits(h, look->health->use->bits, WIDE)) {
                consider(look, largest_code(h), i, d);
            }
        }
    }
}

/* What a pulse stands for over what it does; NAN where that is not known. */
static double step_ratio(const struct mca__look *look) {
    return mca__ratio(look->run->scenario->chip.transfer.epsilon_us, look->health->step_us);
}

/* At each weight change: an image, or a mini-batch. */
void mca__look_at_overshoot(struct mca__look *look) {
    const double changes = (double)look->result->images / (double)look->run->scenario->train.batch;
    for (uint32_t i = 0; i < look->result->layer_count; ++i) {
        consider(look, pulses_a_weight(look, i) / changes, i, MCA__LOOK_NEITHER);
    }
}

void mca__look_at_small_epsilon(struct mca__look *look) {
    if (step_ratio(look) * STEP_RATIO < 1.0) {
        mca__look_at_overshoot(look);
    }
}

/* Of an answer that gives every class its share. */
static double loss_of_guessing(const struct mca__look *look) {
    const double k = (double)mca_network_config_outputs(&look->run->scenario->chip.network);
    const unsigned loss = look->run->scenario->chip.loss;
    return loss == MCA_LOSS_SOFTMAX   ? log(k)
           : loss == MCA_LOSS_SQUARED ? 0.5 * (1.0 - 1.0 / k)
                                      : log(k) - (k - 1.0) * log1p(-1.0 / k);
}

void mca__look_at_loss(struct mca__look *look) {
    const struct mca_epoch_record *last = &look->result->epochs[look->result->epoch_count - 1];
    if (is_training(look)) {
        consider_run(look, mca__ratio(last->train_loss, loss_of_guessing(look)));
    }
}

void mca__look_at_saturation(struct mca__look *look) {
    consider_run(look, mca__ratio((double)look->result->chi_saturations,
                                  (double)look->result->update_products));
}

void mca__look_at_pulses_lost(struct mca__look *look) {
    const double lost = (double)look->result->pulses_lost;
    consider_run(look, mca__ratio(lost, lost + (double)look->result->set_pulses));
}

void mca__look_at_rounding(struct mca__look *look) {
    consider_run(look, mca__ratio((double)look->result->updates_lost,
                                  (double)look->result->update_products));
}

void mca__look_at_few(struct mca__look *look) {
    for (uint32_t i = 0; i < look->result->layer_count; ++i) {
        consider(look, pulses_a_weight(look, i), i, MCA__LOOK_NEITHER);
    }
}

void mca__look_at_large_epsilon(struct mca__look *look) {
    if (step_ratio(look) > STEP_RATIO) {
        mca__look_at_few(look);
    }
}

void mca__look_at_no_pulse(struct mca__look *look) {
    double all = 0.0;
    int are_pulsed = 0;
    for (uint32_t i = 0; i < look->result->layer_count; ++i) {
        all += is_pulsed(look, i) ? pulses_of(look, i) : 0.0;
        are_pulsed |= is_pulsed(look, i);
    }
    consider_run(look, are_pulsed ? all : (double)NAN);
}

/* Pulses come as often as in other runs, and are few because images are. */
void mca__look_at_few_images(struct mca__look *look) {
    if (most_pulses_a_weight(look) / (double)look->result->images > FEW_AN_IMAGE) {
        mca__look_at_few(look);
    }
}

void mca__look_at_few_in_batches(struct mca__look *look) {
    if (look->run->scenario->train.batch > 1) {
        mca__look_at_few(look);
    }
}

/* --- devices */

static double devices_of(const struct mca__look *look, uint32_t layer) {
    return mca__devices_used(&look->result->layers[layer].inventory);
}

void mca__look_at_gmax(struct mca__look *look) {
    for (uint32_t i = 0; i < look->result->layer_count; ++i) {
        const double at_gmax = (double)look->result->layers[i].devices_at_gmax;
        consider(look, mca__ratio(at_gmax, devices_of(look, i)), i, MCA__LOOK_NEITHER);
    }
}

void mca__look_at_gmax_without_refresh(struct mca__look *look) {
    if (is_training(look) && look->result->refreshed_pairs == 0) {
        mca__look_at_gmax(look);
    }
}

/* What would have made a refresh come, or find a pair. */
void mca__refresh_key(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]) {
    const struct mca_refresh_config *refresh = &look->run->scenario->chip.refresh;
    const int comes =
        (refresh->every_images > 0 && refresh->every_images <= look->result->images) ||
        (refresh->every_pulses > 0 && refresh->every_pulses <= look->result->set_pulses);
    const int is_by_pulses = refresh->every_pulses > 0 && refresh->every_images == 0;
    (void)snprintf(key, MCA_ADVICE_KEY_SIZE, "%s",
                   comes          ? "refresh.high_us"
                   : is_by_pulses ? "refresh.every_pulses"
                                  : "refresh.every_images");
}

void mca__unit_key(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]) {
    key_of_layer(look, look->run->scenario->chip.network.is_widths ? "tile." : "", "unit_weight_us",
                 key);
}

void mca__look_at_stuck(struct mca__look *look) {
    for (uint32_t i = 0; i < look->result->layer_count; ++i) {
        const double stuck = (double)look->result->layers[i].wear.stuck_devices;
        consider(look, mca__ratio(stuck, devices_of(look, i)), i, MCA__LOOK_NEITHER);
    }
}

/* --- weights from outside */

void mca__look_at_import_clipped(struct mca__look *look) {
    const struct mca_import_stats *import = &look->result->import;
    consider_run(look, mca__ratio((double)import->clipped, (double)import->weights));
}

void mca__look_at_import_unreached(struct mca__look *look) {
    const struct mca_import_stats *import = &look->result->import;
    consider_run(look, mca__ratio((double)import->unreached, (double)import->programmed));
}

/* --- accuracy */

static double train_accuracy(const struct mca__look *look, uint32_t from_last) {
    const struct mca_train_result *result = look->result;
    return is_training(look) && result->epoch_count > from_last
               ? result->epochs[result->epoch_count - 1 - from_last].train_accuracy
               : (double)NAN;
}

/* Of what is trained on, where tests are no better than guessing. */
void mca__look_at_training(struct mca__look *look) {
    if (is_guessing(look)) {
        look->threshold = 1.0 - POOR * (1.0 - look->guess);
        consider_run(look, train_accuracy(look, 0));
    }
}

void mca__look_at_guessing(struct mca__look *look) {
    look->threshold = look->guessed;
    consider_run(look, look->accuracy);
}

/* That the last epoch, or the test after it, is better than what was before, beyond chance. */
void mca__look_at_rise(struct mca__look *look) {
    const double before = train_accuracy(look, 1);
    const double now = train_accuracy(look, 0);
    const double base = isnan(before) ? now : before;
    const double best = isnan(before) ? look->accuracy : now;
    if (!is_guessing(look)) {
        look->threshold = look->guessed - look->guess;
        consider_run(look, best - base);
    }
}

void mca__key_of_first(const struct mca__look *look, char key[MCA_ADVICE_KEY_SIZE]) {
    (void)snprintf(key, MCA_ADVICE_KEY_SIZE, "%s", look->before->lines[0].key);
}

void mca__look_at_guessing_of_test(struct mca__look *look) {
    if (!is_training(look)) {
        mca__look_at_guessing(look);
    }
}

/* Where layers have changed enough to know better, each of them. */
void mca__look_at_guessing_after_pulses(struct mca__look *look) {
    int have_all_changed = 1;
    for (uint32_t i = 0; i < look->result->layer_count; ++i) {
        have_all_changed &= !(pulses_a_weight(look, i) < SOME); /* NAN: it is to get none */
    }
    if (have_all_changed && most_pulses_a_weight(look) >= ENOUGH) {
        mca__look_at_guessing(look);
    }
}

void mca__look_at_guessing_below(struct mca__look *look) {
    if (look->before->count > 0) {
        mca__look_at_guessing(look);
    }
}

/* Of the last test. */
void mca__find_guess(struct mca__look *look) {
    const uint32_t outputs = mca_network_config_outputs(&look->run->scenario->chip.network);
    double images = 0.0;
    double most = 0.0;
    look->accuracy = look->guess = look->guessed = (double)NAN;
    for (uint32_t k = 0; k < outputs; ++k) {
        const double of = (double)mca__class_figures(look->run, k).images;
        images += of;
        most = fmax(most, of);
    }
    if (images < TESTS_LEAST || most == images) {
        return;
    }
    look->accuracy = mca__accuracy_of(look->result).test_final;
    look->guess = most / images;
    const double noise = sqrt(look->guess * (1.0 - look->guess) / images);
    look->guessed = look->guess + fmax(DEVIATIONS * noise, GUESSING * (1.0 - look->guess));
}
