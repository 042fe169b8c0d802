#include "chip/arrays.h"

#include "base/mathx.h"
#include "chip/view.h"

/* An array of the crossbar; NULL where it has none. */
static const void *matrix_array(const struct mca_matrix *x, enum mca_chip_array array,
                                struct mca_array_view *view) {
    const int side = array % 2 == MCA_CHIP_G_MINUS % 2;
    view->stride = x->stride;
    view->unit = 1.0;
    if (array == MCA_CHIP_WEIGHT_US) {
        view->element = MCA_ELEMENT_F64;
        return x->continuous_us;
    }
    if (x->continuous_us) {
        return NULL;
    }
    if (array <= MCA_CHIP_G_MINUS) {
        view->element = MCA_ELEMENT_U16;
        view->unit = x->device->us_per_code;
        return x->g[side];
    }
    if (array <= MCA_CHIP_PULSES_MINUS) {
        view->element = MCA_ELEMENT_U8;
        return x->pulses_since_reset[side];
    }
    view->element = MCA_ELEMENT_U32;
    return x->writes[side];
}

static const void *chi_array(const struct mca_layer_view *layer, struct mca_array_view *view) {
    const struct mca_chi *chi = layer->chi;
    view->is_digital = (uint32_t)layer->is_digital;
    view->stride = mca_chi_cell(chi, 1, 0);
    view->step = mca_chi_cell(chi, 0, 1);
    view->unit = layer->is_digital ? layer->word_weight
                 : chi->real       ? 1.0
                                   : mca_exp2i(-(int)chi->config.frac_bits);
    view->element = chi->real ? MCA_ELEMENT_F64 : chi->narrow ? MCA_ELEMENT_I16 : MCA_ELEMENT_I32;
    return !mca_chi_is_kept(chi) ? NULL
           : chi->real           ? (const void *)chi->real
           : chi->narrow         ? (const void *)chi->narrow
                                 : (const void *)chi->wide;
}

int mca_chip_array(const struct mca_chip *chip, uint32_t index, enum mca_chip_array array,
                   struct mca_array_view *view) {
    const struct mca_layer_view layer = mca_chip_layer(chip, index);
    struct mca_array_view found = {.rows = layer.inputs, .cols = layer.outputs, .step = 1};
    if (layer.inputs == 0 || array >= MCA_CHIP_ARRAY_COUNT) {
        return 0;
    }
    if (array == MCA_CHIP_CHI) {
        found.data = chi_array(&layer, &found);
    } else if (!layer.is_digital) {
        found.data = matrix_array(layer.matrix, array, &found);
    }
    if (!found.data) {
        return 0;
    }
    *view = found;
    return 1;
}

void mca_chip_matrix_size(const struct mca_chip *chip, uint32_t layer, uint32_t *rows,
                          uint32_t *cols) {
    const struct mca_layer_view view = mca_chip_layer(chip, layer);
    *rows = view.inputs;
    *cols = view.inputs > 0 ? view.outputs : 0;
}

void mca_chip_weights(const struct mca_chip *chip, uint32_t index, double *weights) {
    const struct mca_layer_view layer = mca_chip_layer(chip, index);
    for (uint32_t r = 0; r < layer.inputs; ++r) {
        for (uint32_t c = 0; c < layer.outputs; ++c) {
            *weights++ = mca_layer_weight(&layer, r, c);
        }
    }
}

double mca_chip_weight_unit(const struct mca_chip *chip, uint32_t index) {
    const struct mca_layer_view layer = mca_chip_layer(chip, index);
    return layer.is_digital ? layer.word_weight : layer.unit_weight_us;
}

uint32_t mca_chip_inputs(const struct mca_chip *chip) {
    return mca_network_inputs(mca_chip_network(chip));
}

uint32_t mca_chip_outputs(const struct mca_chip *chip) {
    return mca_network_outputs(mca_chip_network(chip));
}

struct mca_ledger_axes mca_ledger_axes(void) {
    return (struct mca_ledger_axes){MCA_PHASE_COUNT, MCA_COMPONENT_CHIP_COUNT, MCA_COMPONENT_COUNT,
                                    MCA_RESOURCE_COUNT};
}

void mca_chip_critical_ps(const struct mca_chip *chip, uint64_t *ps) {
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        ps[phase] = ledger.critical_ps[phase];
    }
}
