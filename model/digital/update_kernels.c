#include "digital/update_kernels.h"

#include <stddef.h>
#include <string.h>

#include "base/simd.h"

#define TARGET
#define LANES 8
#define NAME(x) x##_8_plain
#include "digital/update_rows.h"
#define LANES 16
#define NAME(x) x##_16_plain
#include "digital/update_rows.h"
#define LANES 32
#define NAME(x) x##_32_plain
#include "digital/update_rows.h"
#undef TARGET

#define TARGET MCA_TARGET_AVX2
#define LANES 8
#define NAME(x) x##_8_avx2
#include "digital/update_rows.h"
#define LANES 16
#define NAME(x) x##_16_avx2
#include "digital/update_rows.h"
#define LANES 32
#define NAME(x) x##_32_avx2
#include "digital/update_rows.h"
#undef TARGET

#define TARGET MCA_TARGET_AVX512
#define LANES 8
#define NAME(x) x##_8_avx512
#include "digital/update_rows.h"
#define LANES 16
#define NAME(x) x##_16_avx512
#include "digital/update_rows.h"
#define LANES 32
#define NAME(x) x##_32_avx512
#include "digital/update_rows.h"
#undef TARGET

/* Any number of lanes, one after the other. */
static int row_of_any(const struct mca_update_kernel *k, int32_t code, int32_t *restrict words,
                      uint32_t *unchanged) {
    const int32_t half = k->shift ? (int32_t)1 << (k->shift - 1) : 0;
    const int32_t odd = k->shift ? -1 : 0;
    const uint32_t mask = ((uint32_t)1 << k->shift) - 1;
    const uint32_t window = 2u * (uint32_t)k->epsilon - 2u;
    uint32_t over = 0;
    uint32_t same = 0;
    for (uint32_t i = 0; i < k->chunk_count; ++i) {
        const size_t first = (size_t)k->chunks[i] * k->lanes;
        for (uint32_t l = 0; l < k->lanes; ++l) {
            const int32_t v = code * k->error[first + l];
            int32_t added = half + ((v >> 31) & odd);
            if (k->stochastic) {
                k->state[l] = mca_lfsr_next(k->state[l]);
                added = (int32_t)(k->state[l] & mask);
            }
            const int32_t delta = (v + added) >> k->shift;
            const int32_t sum = words[first + l] + delta;
            words[first + l] = sum;
            over |= (uint32_t)((uint32_t)(sum + k->epsilon - 1) > window);
            same += (uint32_t)(delta == 0) & (uint32_t)(v != 0) & (uint32_t)!k->stochastic;
        }
    }
    *unchanged = same;
    return over != 0;
}

typedef int row_function(const struct mca_update_kernel *kernel, int32_t code, int32_t *words,
                         uint32_t *unchanged);

int mca_update_row(const struct mca_update_kernel *kernel, int32_t code, int32_t *words,
                   uint32_t *unchanged) {
    /* by SIMD path, lanes (8, 16, 32) and rounding (nearest, stochastic) */
    static row_function *const rows[3][3][2] = {{{nearest_8_plain, stochastic_8_plain},
                                                 {nearest_16_plain, stochastic_16_plain},
                                                 {nearest_32_plain, stochastic_32_plain}},
                                                {{nearest_8_avx2, stochastic_8_avx2},
                                                 {nearest_16_avx2, stochastic_16_avx2},
                                                 {nearest_32_avx2, stochastic_32_avx2}},
                                                {{nearest_8_avx512, stochastic_8_avx512},
                                                 {nearest_16_avx512, stochastic_16_avx512},
                                                 {nearest_32_avx512, stochastic_32_avx512}}};
    switch (kernel->lanes) {
    case 8:
    case 16:
    case 32:
        return rows[mca_simd_level()][kernel->lanes / 16][kernel->stochastic != 0](
            kernel, code, words, unchanged);
    default:
        return row_of_any(kernel, code, words, unchanged);
    }
}
