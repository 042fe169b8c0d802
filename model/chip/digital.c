/*
 * Digital layers: their weights lie in SRAM beside the chip, and the digital unit's lanes multiply
 * them, forward and transposed. The update engine adds to the weights themselves what it adds to
 * chi elsewhere: chi's words are the weights, and no pulse is ever sent.
 */
#include <string.h>

#include "base/mathx.h"
#include "chip/chip_state.h"

/* Sums of 32 bits, and the binary digits behind their point that activations are computed of. */
enum { SUM_MAGNITUDE_BITS = MCA_DPU_SUM_BITS - 1, SUM_FRAC_MAX = 24 };

/* Bits of the largest sum of `count` products. */
static int sum_bits_of(int product_bits, uint64_t count) {
    int bits = product_bits;
    while (count > (uint64_t)1 << (bits - product_bits)) {
        ++bits;
    }
    return bits;
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

/* How far sums of products are shifted to fit 32 bits, and where their binary points are then. */
static void set_shifts(const struct mca_chip *chip, struct mca_layer *layer) {
    const struct mca_dpu_config *dpu = &chip->config.dpu;
    const int weight_frac = MCA_WEIGHT_FRAC_BITS - layer->weight_exponent;
    const int code_frac = (int)dpu->activation_bits - layer->in_exponent;
    const int error_bits = (int)dpu->error_bits - 1;
    const int magnitude = MCA_WEIGHT_BITS - 1;
    const uint64_t kernel = chip->network.layers[layer->index].config.kernel;
    const uint64_t windows = kernel > 0 ? kernel * kernel : 1; /* that share an input */
    const int forward = sum_bits_of((int)dpu->activation_bits + magnitude, layer->inputs);
    const int backward = sum_bits_of(error_bits + magnitude, layer->outputs * windows);
    const int frac = weight_frac + code_frac;
    const int shift = larger(forward - SUM_MAGNITUDE_BITS, frac - SUM_FRAC_MAX);
    layer->sum_shift = (uint32_t)larger(shift, 0);
    layer->error_shift = (uint32_t)larger(backward - SUM_MAGNITUDE_BITS, 0);
    layer->forward_frac = frac - (int)layer->sum_shift;
    layer->backward_frac = error_bits + weight_frac - (int)layer->error_shift;
}

enum mca_status mca__digital_init(struct mca_chip *chip, struct mca_layer *layer,
                                  const struct mca_layer_numbers *numbers,
                                  struct mca_error *error) {
    struct mca_chi_config words = chip->config.chi; /* ports, banks and access are chi's */
    struct mca_transfer_config no_pulses = chip->config.transfer;
    words.bits = MCA_WEIGHT_BITS;
    words.access_cycles = words.engine_free ? 0 : words.access_cycles; /* a part of the unit */
    words.frac_bits = MCA_WEIGHT_FRAC_BITS;
    words.layout = mca_asked_layout(&chip->config, &chip->network.layers[layer->index]);
    no_pulses.mode = MCA_TRANSFER_CHI;
    no_pulses.max_pulses = 0;
    layer->weight_exponent = numbers->weight_exponent;
    set_shifts(chip, layer);
    return mca_chi_init(&layer->chi, &chip->arena, &words, &chip->config.dpu, &no_pulses,
                        layer->inputs, layer->outputs, chip->config.seed, layer->index, error);
}

void mca__digital_set(struct mca_layer *layer, uint32_t row, uint32_t col, double weight) {
    mca_chi_add(&layer->chi, row, col, weight * mca_exp2i(-layer->weight_exponent));
}

uint64_t mca__digital_write_all(struct mca_chip *chip, const struct mca_layer *layer) {
    const uint64_t words =
        layer->inputs * (uint64_t)mca_dpu_words(layer->outputs, chip->config.dpu.lanes);
    mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_INIT, MCA_COMPONENT_WEIGHT_WRITE,
                     words * chip->config.dpu.lanes * MCA_WEIGHT_BITS);
    return words * mca_work_weight_interval(&layer->chi.config);
}

void mca__digital_copy(struct mca_layer *to, const struct mca_layer *from) {
    const size_t cells = to->chi.rows * to->chi.stride;
    if (to->chi.real && from->chi.real) {
        memcpy(to->chi.real, from->chi.real, cells * sizeof *to->chi.real);
        return;
    }
    for (size_t cell = 0; cell < cells; ++cell) { /* of another arithmetic, as calibration has it */
        const double frac = mca_exp2i(MCA_WEIGHT_FRAC_BITS);
        if (to->chi.real) {
            to->chi.real[cell] = (double)from->chi.narrow[cell] / frac;
        } else {
            const int64_t word = from->chi.real ? (int64_t)mca_round(from->chi.real[cell] * frac)
                                                : from->chi.narrow[cell];
            to->chi.narrow[cell] = (int16_t)mca_saturate(word, MCA_WEIGHT_BITS);
        }
    }
}

static void multiply_forward(const struct mca_chip *chip, const struct mca_step *step,
                             struct mca_signals *signals, struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    struct mca_layer_signals *s = &signals->layers[step->layer];
    const uint64_t words = mca_dpu_words(layer->outputs, chip->config.dpu.lanes);
    struct mca_products done = {0};
    mca_engine_clear_sums(chip, step->layer, signals);
    for (uint32_t p = 0; p < layer->positions; ++p) {
        mca_engine_gather(chip, step->layer, p, signals);
        chip->arithmetic->multiply(layer, p, s);
        done.words += s->input.count * words;
        done.products += (uint64_t)s->input.count * layer->outputs;
    }
    mca_work_product(chip, step, &done, work);
}

/* Errors of a position that are not 0, and words of lanes with any. */
static uint64_t count_errors(const struct mca_chip *chip, const struct mca_layer *layer,
                             uint32_t position, const struct mca_layer_signals *s,
                             uint64_t *words) {
    const uint32_t lanes = chip->config.dpu.lanes;
    const size_t at = (size_t)position * layer->outputs;
    uint64_t errors = 0;
    *words = 0;
    for (uint32_t first = 0; first < layer->outputs; first += lanes) {
        const uint64_t before = errors;
        for (uint32_t c = first; c < layer->outputs && c < first + lanes; ++c) {
            errors += s->error ? s->error[at + c] != 0 : s->error_real[at + c] != 0.0;
        }
        *words += errors != before;
    }
    return errors;
}

static void multiply_backward(const struct mca_chip *chip, const struct mca_step *step,
                              struct mca_signals *signals, struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_layer_signals *s = &signals->layers[step->layer];
    struct mca_products done = {0};
    mca_engine_begin_backward(chip, step->layer, signals);
    for (uint32_t p = 0; p < layer->positions && s->drive_scale != 0.0; ++p) {
        uint64_t words;
        const uint64_t errors = count_errors(chip, layer, p, s, &words);
        if (errors > 0) {
            chip->arithmetic->multiply_back(layer, p, s, &signals->layers[step->to]);
            done.words += (layer->inputs - 1) * words;
            done.products += (layer->inputs - 1) * errors;
        }
    }
    mca_engine_end_backward(chip, step->layer, signals);
    mca_work_product(chip, step, &done, work);
}

void mca_engine_multiply(const struct mca_chip *chip, const struct mca_step *step,
                         struct mca_signals *signals, struct mca_work *work) {
    if (step->is_backward) {
        multiply_backward(chip, step, signals, work);
    } else {
        multiply_forward(chip, step, signals, work);
    }
}
