#include "network/window.h"

/* First and end of what of a kernel's side lies within a side of `size`, from `start` on. */
static uint32_t first_within(int64_t start) {
    return start < 0 ? (uint32_t)-start : 0;
}

static uint32_t end_within(int64_t start, uint32_t kernel, uint32_t size) {
    const int64_t left = (int64_t)size - start;
    return left < 0 ? 0 : left < kernel ? (uint32_t)left : kernel;
}

uint32_t mca_window_runs(const struct mca_network_layer *layer, uint32_t position,
                         struct mca_run runs[MCA_LAYER_KERNEL_MAX]) {
    const struct mca_layer_config *window = &layer->config;
    if (window->kernel == 0) {
        runs[0] = (struct mca_run){0, 0, layer->inputs};
        return 1;
    }
    const uint32_t channels = layer->in.channels;
    if (window->padding == 0) { /* all of it lies within */
        const uint32_t row = layer->in.width * channels;
        const uint32_t first = position / layer->out.width * window->stride * row +
                               position % layer->out.width * window->stride * channels;
        for (uint32_t k = 0; k < window->kernel; ++k) {
            runs[k] = (struct mca_run){k * window->kernel * channels, first + k * row,
                                       window->kernel * channels};
        }
        return window->kernel;
    }
    const int64_t y = (int64_t)(position / layer->out.width) * window->stride - window->padding;
    const int64_t x = (int64_t)(position % layer->out.width) * window->stride - window->padding;
    const uint32_t left = first_within(x);
    const uint32_t right = end_within(x, window->kernel, layer->in.width);
    const uint32_t bottom = end_within(y, window->kernel, layer->in.height);
    uint32_t count = 0;
    for (uint32_t k = first_within(y); k < bottom && left < right; ++k) {
        const uint64_t column = (uint64_t)(y + k) * layer->in.width + (uint64_t)(x + left);
        runs[count++] = (struct mca_run){(k * window->kernel + left) * channels,
                                         (uint32_t)column * channels, (right - left) * channels};
    }
    return count;
}

/* Whether a kernel's row or column k falls on a place in one of `positions` windows. */
static int falls_on(const struct mca_layer_config *window, uint32_t place, uint32_t k,
                    uint32_t positions) {
    const int64_t start = (int64_t)place + window->padding - k;
    return start >= 0 && start % window->stride == 0 && start / window->stride < positions;
}

/* Pieces with a line of the value of a channel at (y, x); its lines ascend with the kernel's places.
 */
static uint32_t pieces_of(const struct mca_network_layer *layer, uint32_t lines, uint32_t y,
                          uint32_t x, uint32_t channel) {
    const struct mca_layer_config *window = &layer->config;
    uint32_t pieces = 0;
    uint32_t last = UINT32_MAX;
    for (uint32_t k = 0; k < window->kernel * window->kernel; ++k) {
        const uint32_t piece = (k * layer->in.channels + channel) / lines;
        if (piece != last && falls_on(window, y, k / window->kernel, layer->out.height) &&
            falls_on(window, x, k % window->kernel, layer->out.width)) {
            ++pieces;
            last = piece;
        }
    }
    return pieces > 0 ? pieces : 1;
}

uint64_t mca_window_held_values(const struct mca_network_layer *layer, uint32_t lines) {
    uint64_t held = 0;
    if (layer->config.kernel == 0) {
        return layer->inputs;
    }
    for (uint32_t value = 0; value < layer->inputs; ++value) {
        const uint32_t place = value / layer->in.channels;
        held += pieces_of(layer, lines, place / layer->in.width, place % layer->in.width,
                          value % layer->in.channels);
    }
    return held;
}

uint32_t mca_window_choice_bits(uint32_t kernel) {
    uint32_t bits = 0;
    while ((uint64_t)1 << bits < (uint64_t)kernel * kernel) {
        ++bits;
    }
    return bits;
}
