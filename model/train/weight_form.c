#include "train/weight_form.h"

#include <inttypes.h>
#include <stdio.h>

static int has_sizes(const struct mca_data_array *array, uint32_t count, const uint64_t *sizes) {
    int fits = array->dimensions == count;
    for (uint32_t d = 0; fits && d < count; ++d) {
        fits = array->sizes[d] == sizes[d];
    }
    return fits;
}

/* Every form of convolutions' arrays is told by its shape, but where filters, channels and kernel
 * are equal. */
static uint32_t form_of_windows(const struct mca_network_layer *layer,
                                const struct mca_data_array *array, struct mca_weight_form *form) {
    const uint64_t kernel = layer->config.kernel;
    const uint64_t first[] = {layer->cols, layer->in.channels, kernel, kernel};
    const uint64_t last[] = {kernel, kernel, layer->in.channels, layer->cols};
    const int is_first = has_sizes(array, 4, first);
    const int is_last = has_sizes(array, 4, last);
    *form = (struct mca_weight_form){!is_first && is_last, !(!is_first && is_last), 0};
    return (uint32_t)(is_first + is_last);
}

uint32_t mca__weight_form_of(const struct mca_network_layer *layer,
                             const struct mca_data_array *array, int is_named,
                             struct mca_weight_form *form) {
    uint32_t count = 0;
    if (layer->config.kernel > 0) {
        return form_of_windows(layer, array, form);
    }
    for (int has_bias = !is_named; has_bias >= 0; --has_bias) {
        for (int last = 1; last >= 0; --last) { /* what PyTorch has is the last to be found */
            const uint64_t inputs = mca__weight_inputs(layer) + (uint64_t)has_bias;
            const uint64_t sizes[] = {last ? inputs : layer->cols, last ? layer->cols : inputs};
            if (has_sizes(array, 2, sizes)) {
                *form = (struct mca_weight_form){last, 0, has_bias};
                ++count;
            }
        }
    }
    return count;
}

void mca__weight_shape_text(const struct mca_network_layer *layer,
                            char text[MCA_WEIGHT_SHAPE_SIZE]) {
    if (layer->config.kernel > 0) {
        (void)snprintf(text, MCA_WEIGHT_SHAPE_SIZE,
                       "(%" PRIu32 ", %" PRIu32 ", %" PRIu32 ", %" PRIu32 ")", layer->cols,
                       layer->in.channels, layer->config.kernel, layer->config.kernel);
    } else {
        (void)snprintf(text, MCA_WEIGHT_SHAPE_SIZE, "(%" PRIu32 ", %" PRIu32 ")", layer->cols,
                       mca__weight_inputs(layer));
    }
}
