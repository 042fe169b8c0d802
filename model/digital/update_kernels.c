#include "digital/update_kernels.h"

#include <stddef.h>

#include "base/clones.h"

static inline __attribute__((always_inline)) int row_nearest(const struct mca_update_kernel *k,
                                                             uint32_t lanes, int32_t code,
                                                             int32_t *restrict words,
                                                             uint32_t *unchanged) {
    const int32_t half = k->shift ? (int32_t)1 << (k->shift - 1) : 0;
    const int32_t odd = k->shift ? -1 : 0; /* half away from zero */
    const uint32_t window = 2u * (uint32_t)k->epsilon - 2u;
    uint32_t over = 0;
    uint32_t same = 0;
    for (uint32_t i = 0; i < k->chunk_count; ++i) {
        const size_t first = (size_t)k->chunks[i] * lanes;
        const int32_t *restrict e = k->error + first;
        int32_t *restrict w = words + first;
        for (uint32_t l = 0; l < lanes; ++l) {
            const int32_t v = code * e[l];
            const int32_t delta = (v + half + ((v >> 31) & odd)) >> k->shift;
            const int32_t sum = w[l] + delta;
            w[l] = sum;
            over |= (uint32_t)((uint32_t)(sum + k->epsilon - 1) > window);
            same += (uint32_t)(delta == 0) & (uint32_t)(v != 0);
        }
    }
    *unchanged = same;
    return over != 0;
}

static inline __attribute__((always_inline)) int row_stochastic(const struct mca_update_kernel *k,
                                                                uint32_t lanes, int32_t code,
                                                                int32_t *restrict words,
                                                                uint32_t *unchanged) {
    const uint32_t mask = ((uint32_t)1 << k->shift) - 1;
    const uint32_t window = 2u * (uint32_t)k->epsilon - 2u;
    uint32_t *restrict state = k->state;
    uint32_t over = 0;
    uint32_t same = 0;
    for (uint32_t i = 0; i < k->chunk_count; ++i) {
        const size_t first = (size_t)k->chunks[i] * lanes;
        const int32_t *restrict e = k->error + first;
        int32_t *restrict w = words + first;
        for (uint32_t l = 0; l < lanes; ++l) {
            const uint32_t s = mca_lfsr_next(state[l]);
            state[l] = s;
            const int32_t v = code * e[l];
            const int32_t delta = (v + (int32_t)(s & mask)) >> k->shift;
            const int32_t sum = w[l] + delta;
            w[l] = sum;
            over |= (uint32_t)((uint32_t)(sum + k->epsilon - 1) > window);
            same += (uint32_t)(delta == 0) & (uint32_t)(v != 0);
        }
    }
    *unchanged = same;
    return over != 0;
}

MCA_CLONES
int mca_update_row(const struct mca_update_kernel *kernel, int32_t code, int32_t *words,
                   uint32_t *unchanged) {
    if (kernel->stochastic) {
        switch (kernel->lanes) { /* constants let the compiler unroll the inner loop */
        case 8:
            return row_stochastic(kernel, 8, code, words, unchanged);
        case 16:
            return row_stochastic(kernel, 16, code, words, unchanged);
        case 32:
            return row_stochastic(kernel, 32, code, words, unchanged);
        default:
            return row_stochastic(kernel, kernel->lanes, code, words, unchanged);
        }
    }
    switch (kernel->lanes) {
    case 8:
        return row_nearest(kernel, 8, code, words, unchanged);
    case 16:
        return row_nearest(kernel, 16, code, words, unchanged);
    case 32:
        return row_nearest(kernel, 32, code, words, unchanged);
    default:
        return row_nearest(kernel, kernel->lanes, code, words, unchanged);
    }
}
