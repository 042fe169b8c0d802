#include "train/calibration.h"

#include <stdlib.h>
#include <string.h>

#include "array/converters.h"
#include "base/mathx.h"
#include "chip/layer_numbers.h"
#include "chip/probe.h"
#include "chip/view.h"

/* Binary digits of the fraction of a sum of codes that activations are computed of, at most and at
 * least (dpu/activation.h): an ADC step is 2^-fraction. */
enum { FRACTION_MIN = -8, FRACTION_MAX = 24 };

/* --- magnitudes */

/* The class of a power of two: least e with magnitude <= 2^e. */
static int class_of(double magnitude) {
    int e = 0;
    while (e < MCA_MAGNITUDE_EXPONENT_MAX && magnitude > mca_exp2i(e)) {
        ++e;
    }
    while (e > MCA_MAGNITUDE_EXPONENT_MIN && magnitude <= mca_exp2i(e - 1)) {
        --e;
    }
    return e - MCA_MAGNITUDE_EXPONENT_MIN;
}

void mca_magnitudes_add(struct mca_magnitudes *m, double value) {
    const double magnitude = value < 0.0 ? -value : value;
    if (magnitude == 0.0) {
        ++m->zeros;
        return;
    }
    const int class = class_of(magnitude);
    ++m->count[class];
    m->sum[class] += magnitude;
    m->sum_squares[class] += magnitude * magnitude;
}

static uint64_t count_all(const struct mca_magnitudes *m) {
    uint64_t all = m->zeros;
    for (int c = 0; c < MCA_MAGNITUDE_CLASSES; ++c) {
        all += m->count[c];
    }
    return all;
}

int mca_magnitudes_percentile(const struct mca_magnitudes *m, double percentile) {
    const double wanted = (double)count_all(m) * percentile; /* in hundredths, exact more often */
    uint64_t held = m->zeros + m->count[0];
    int class = 0;
    while (class + 1 < MCA_MAGNITUDE_CLASSES && (double)held * 100.0 < wanted) {
        held += m->count[++class];
    }
    return class + MCA_MAGNITUDE_EXPONENT_MIN;
}

/* Sum of squared errors of a full scale, 2^exponent, of 2^bits steps. */
static double error_of(const struct mca_magnitudes *m, int exponent, int bits) {
    const double full = mca_exp2i(exponent);
    const double step = mca_exp2i(exponent - bits);
    double error = 0.0;
    for (int c = 0; c < MCA_MAGNITUDE_CLASSES; ++c) {
        const int e = c + MCA_MAGNITUDE_EXPONENT_MIN;
        const double n = (double)m->count[c];
        if (e > exponent) { /* cut off: (|v| - full)^2 */
            error += m->sum_squares[c] - 2.0 * full * m->sum[c] + n * full * full;
        } else if (e < exponent - bits) { /* no more than half a step: 0 */
            error += m->sum_squares[c];
        } else {
            error += n * step * step / 12.0;
        }
    }
    return error;
}

int mca_magnitudes_least_error(const struct mca_magnitudes *m, uint32_t bits) {
    int best = MCA_MAGNITUDE_EXPONENT_MIN;
    double least = error_of(m, best, (int)bits);
    for (int e = best + 1; e <= MCA_MAGNITUDE_EXPONENT_MAX; ++e) {
        const double error = error_of(m, e, (int)bits);
        if (error < least) {
            least = error;
            best = e;
        }
    }
    return best;
}

/* --- the chip's layers */

struct layer_magnitudes {
    struct mca_magnitudes sums[2]; /* forward, backward */
    struct mca_magnitudes activations;
};

struct calibration {
    const struct mca_chip_config *chip;
    const struct mca_calibration_config *config;
    struct mca_network network;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    struct mca_chip *twin;
    struct layer_magnitudes *layers;
    uint32_t error_layer; /* whose largest error is known, of the image at work */
    double error_scale;   /* 0: it has none */
};

static int takes_range(const struct mca_chip_config *chip) {
    return !mca_adc_ops_of(&chip->adc)->is_ideal;
}

/* A full scale shows where activations are codes, of the digital unit or of converters. */
static int takes_full_scale(const struct mca_chip_config *chip) {
    return chip->dac.bits > 0 || chip->dpu.arithmetic == MCA_ARITHMETIC_FIXED;
}

static int is_open(enum mca_number_source source) {
    return source == MCA_NUMBER_CHIP || source == MCA_NUMBER_FOUND;
}

static int lacks_numbers(const struct mca_chip_config *chip, const struct mca_layer_numbers *n) {
    return (takes_range(chip) && (is_open(n->forward_from) || is_open(n->backward_from))) ||
           (takes_full_scale(chip) && is_open(n->activation_from));
}

int mca_calibration_is_due(const struct mca_chip_config *chip) {
    struct mca_network network;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    int is_due = 0;
    if (chip->network.is_widths || mca_network_init(&network, &chip->network, NULL) != MCA_OK) {
        return 0;
    }
    mca_layer_numbers(chip, &network, numbers);
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        is_due |= lacks_numbers(chip, &numbers[i]);
    }
    return is_due;
}

/* Errors are driven as parts of the largest of their layer; fixed arithmetic takes the power of two
 * that holds it. */
static double scale_of_errors(const struct calibration *c, uint32_t layer) {
    const double *error = mca_chip_image(c->twin).layers[layer].error_real;
    double most = 0.0;
    for (uint32_t i = 0; i < c->network.layers[layer].outputs; ++i) {
        const double magnitude = error[i] < 0.0 ? -error[i] : error[i];
        most = magnitude > most ? magnitude : most;
    }
    if (c->chip->dpu.arithmetic != MCA_ARITHMETIC_FIXED || most == 0.0) {
        return most;
    }
    return mca_exp2i(class_of(most) + MCA_MAGNITUDE_EXPONENT_MIN);
}

static void take_sums(void *user, const struct mca_dpu_codes *sums) {
    struct calibration *c = user;
    double unit = c->numbers[sums->layer].unit_weight_us;
    if (sums->backward) {
        if (c->error_layer != sums->layer) {
            c->error_layer = sums->layer;
            c->error_scale = scale_of_errors(c, sums->layer);
        }
        unit *= c->error_scale;
    }
    struct mca_magnitudes *to = &c->layers[sums->layer].sums[sums->backward != 0];
    for (uint32_t i = 0; i < sums->count && unit > 0.0; ++i) {
        mca_magnitudes_add(to, sums->sum_us[i] / unit);
    }
}

static void take_activations(struct calibration *c) {
    const struct mca_layer_signals *layers = mca_chip_image(c->twin).layers;
    for (uint32_t i = 0; i < c->network.layer_count; ++i) {
        const uint32_t count = c->network.layers[i].outputs;
        for (uint32_t k = 0; k < count && c->numbers[i].activation_from != MCA_NUMBER_NONE; ++k) {
            mca_magnitudes_add(&c->layers[i].activations, layers[i].activation_real[k]);
        }
    }
}

/* The chip in real numbers; full scales are 1, which changes none of them. */
static struct mca_chip_config twin_of(const struct calibration *c) {
    struct mca_chip_config twin = *c->chip;
    twin.device.read_noise = 0.0;
    twin.device.drift_in_training = 0;
    twin.dac.bits = 0;
    twin.adc.bits = 0;
    twin.adc.stuck_low_mask = 0;
    twin.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    twin.refresh.every_images = 0;
    twin.refresh.every_pulses = 0;
    for (uint32_t i = 0; i < twin.network.layer_count; ++i) {
        twin.network.layers[i].activation_exponent = 0;
    }
    return twin;
}

static enum mca_status pass_images(struct calibration *c, const struct mca_image_set *images,
                                   struct mca_error *error) {
    const uint32_t count = c->config->images < images->count ? c->config->images : images->count;
    const uint32_t inputs = mca_network_inputs(&c->network);
    struct mca_chip_probe probe = {.user = c, .sums = take_sums};
    mca_chip_set_rate(c->twin, 0.0, 1);
    mca_chip_attach(c->twin, &probe);
    enum mca_status status = MCA_OK;
    for (uint32_t i = 0; i < count && status == MCA_OK; ++i) {
        struct mca_image_outcome outcome;
        c->error_layer = MCA_NO_LAYER;
        status = mca_chip_train_image(c->twin, images->pixels + (size_t)i * inputs,
                                      images->labels[i], &outcome, error);
        take_activations(c);
    }
    mca_chip_detach(c->twin, &probe);
    return status;
}

/* --- what is chosen */

/* 1 where there is nothing but zeros. */
static int choose(const struct calibration *c, const struct mca_magnitudes *m, uint32_t bits) {
    if (count_all(m) == m->zeros) {
        return 0;
    }
    const int exponent = c->config->method == MCA_CALIBRATION_LEAST_ERROR
                             ? mca_magnitudes_least_error(m, bits)
                             : mca_magnitudes_percentile(m, c->config->percentile);
    return exponent + c->config->margin_exponent;
}

static int clamp(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

static void find_activation(const struct calibration *c, uint32_t layer,
                            struct mca_found_numbers *found) {
    const struct mca_magnitudes *m = &c->layers[layer].activations;
    const uint32_t bits = c->chip->dac.bits ? c->chip->dac.bits : c->chip->dpu.activation_bits;
    if (takes_full_scale(c->chip) && is_open(c->numbers[layer].activation_from)) {
        found->has_activation = 1;
        found->activation_exponent =
            clamp(choose(c, m, bits), MCA_ACTIVATION_EXPONENT_MIN, MCA_ACTIVATION_EXPONENT_MAX);
    }
}

/* Of sums whose full scale counts 2^in_exponent times. */
static double find_range(const struct calibration *c, const struct mca_magnitudes *m,
                         int in_exponent) {
    const int digits = (int)c->chip->adc.bits - 1;
    const int whole =
        clamp(choose(c, m, (uint32_t)digits), digits - FRACTION_MAX, digits - FRACTION_MIN);
    return mca_exp2i(whole - in_exponent);
}

/* Layer by layer: a range counts in full scales of what the layer takes, which are found before. */
static void find_all(struct calibration *c, struct mca_chip_config *chip) {
    for (uint32_t i = 0; i < c->network.layer_count; ++i) {
        find_activation(c, i, &chip->network.found[i]);
    }
    mca_layer_numbers(chip, &c->network, c->numbers);
    for (uint32_t i = 0; i < c->network.layer_count && takes_range(chip); ++i) {
        const struct mca_layer_numbers *n = &c->numbers[i];
        struct mca_found_numbers *found = &chip->network.found[i];
        if (is_open(n->forward_from)) {
            found->adc_forward_range = find_range(c, &c->layers[i].sums[0], n->in_exponent);
        }
        if (is_open(n->backward_from)) {
            found->adc_backward_range = find_range(c, &c->layers[i].sums[1], 0);
        }
    }
}

static enum mca_status calibrate(struct calibration *c, struct mca_chip_config *chip,
                                 const struct mca_image_set *images, const struct mca_chip *weights,
                                 struct mca_error *error) {
    MCA_TRY(mca_network_init(&c->network, &chip->network, error));
    mca_layer_numbers(chip, &c->network, c->numbers);
    c->layers = calloc(c->network.layer_count, sizeof *c->layers);
    if (!c->layers) {
        return mca_fail_memory(error, "calibration");
    }
    const struct mca_chip_config twin = twin_of(c);
    MCA_TRY(mca_chip_create(&c->twin, &twin, error));
    if (weights) {
        mca_chip_copy_weights(c->twin, weights);
    }
    MCA_TRY(pass_images(c, images, error));
    find_all(c, chip);
    return MCA_OK;
}

enum mca_status mca_calibrate(struct mca_chip_config *chip,
                              const struct mca_calibration_config *config,
                              const struct mca_image_set *images, const struct mca_chip *weights,
                              struct mca_error *error) {
    if (!mca_calibration_is_due(chip)) {
        return MCA_OK;
    }
    struct calibration *c = calloc(1, sizeof *c);
    if (!c) {
        return mca_fail_memory(error, "calibration");
    }
    for (uint32_t i = 0; i < MCA_LAYERS_MAX; ++i) { /* but what imported weights say */
        chip->network.found[i] =
            (struct mca_found_numbers){.unit_weight_us = chip->network.found[i].unit_weight_us};
    }
    c->chip = chip;
    c->config = config;
    const enum mca_status status = calibrate(c, chip, images, weights, error);
    mca_chip_destroy(c->twin);
    free(c->layers);
    free(c);
    return status;
}
