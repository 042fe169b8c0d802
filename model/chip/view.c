#include "chip/view.h"

#include "base/mathx.h"
#include "chip/chip_state.h"

uint32_t mca_chip_layer_count(const struct mca_chip *chip) {
    return chip->layer_count;
}

struct mca_layer_view mca_chip_layer(const struct mca_chip *chip, uint32_t index) {
    const struct mca_layer *layer = &chip->layers[index];
    return (struct mca_layer_view){
        .index = index,
        .inputs = layer->inputs,
        .outputs = layer->outputs,
        .matrix = &layer->matrix,
        .unit_weight_us = layer->unit_weight_us,
        .chi = &layer->chi,
        .is_digital = layer->is_digital,
        .word_weight =
            mca_exp2i(layer->weight_exponent - (layer->chi.real ? 0 : MCA_WEIGHT_FRAC_BITS)),
        .activation = layer->activation,
        .input_bits = layer->in_bits,
        .forward_frac = layer->forward_frac,
        .backward_frac = layer->backward_frac};
}

double mca_layer_weight(const struct mca_layer_view *layer, uint32_t row, uint32_t col) {
    const struct mca_chi *chi = layer->chi;
    if (!layer->is_digital) {
        return mca_matrix_weight_us(layer->matrix, row, col) / layer->unit_weight_us;
    }
    const size_t cell = mca_chi_cell(chi, row, col);
    return layer->word_weight * (chi->real ? chi->real[cell] : mca_chi_word(chi, cell));
}

const struct mca_network *mca_chip_network(const struct mca_chip *chip) {
    return &chip->network;
}

const struct mca_program *mca_chip_program(const struct mca_chip *chip) {
    return &chip->train;
}

const struct mca_program *mca_chip_infer_program(const struct mca_chip *chip) {
    return &chip->infer;
}

struct mca_dpu_view mca_chip_dpu(const struct mca_chip *chip) {
    return (struct mca_dpu_view){chip->layers[0].rate, chip->batch, chip->drive_bits};
}

struct mca_image_view mca_chip_image(const struct mca_chip *chip) {
    return (struct mca_image_view){chip->pixels, chip->label, chip->signals.layers};
}
