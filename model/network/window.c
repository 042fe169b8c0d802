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

uint32_t mca_window_choice_bits(uint32_t kernel) {
    uint32_t bits = 0;
    while ((uint64_t)1 << bits < (uint64_t)kernel * kernel) {
        ++bits;
    }
    return bits;
}
