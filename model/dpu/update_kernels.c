#include "dpu/update_kernels.h"

#include <string.h>

#include "base/simd.h"
#include "dpu/lfsr.h"

/* Whether any of `count` elements is not 0. */
static inline int any_of(const int32_t *v, int count) {
    int32_t any = 0;
    for (int i = 0; i < count; ++i) {
        any |= v[i];
    }
    return any != 0;
}

#define CONCAT(a, b, c, d) a##_##b##_##c##_##d
#define CONCAT_VALUES(a, b, c, d) CONCAT(a, b, c, d)
#define NAMED(x) CONCAT_VALUES(x, LANES, WIDTH, PATH)

#define TARGET
#define PATH plain
#include "dpu/update_paths.inc"
#undef PATH
#undef TARGET

#define TARGET MCA_TARGET_AVX2
#define PATH avx2
#include "dpu/update_paths.inc"
#undef PATH
#undef TARGET

#define TARGET MCA_TARGET_AVX512
#define PATH avx512
#include "dpu/update_paths.inc"
#undef PATH
#undef TARGET

/* Any number of lanes, one after the other. */
static int32_t delta_of(const struct mca_update_rows *u, uint32_t k, uint32_t column,
                        uint32_t *state, uint64_t *unchanged) {
    const int32_t v = u->code[k] * ((int32_t)1 << u->left) * u->error[column];
    if (u->stochastic) {
        *state = mca_lfsr_next(*state);
        return (v + (int32_t)(*state & (((uint32_t)1 << u->shift) - 1))) >> u->shift;
    }
    const int32_t half = u->shift ? (int32_t)1 << (u->shift - 1) : 0;
    const int32_t odd = u->shift ? -1 : 0;
    const int32_t delta = (v + half + ((v >> 31) & odd)) >> u->shift;
    *unchanged += (uint64_t)(delta == 0 && v != 0);
    return delta;
}

static uint32_t serve_any(const struct mca_update_rows *u, uint32_t k, uint64_t *unchanged) {
    const uint32_t window = 2u * (uint32_t)u->epsilon - 2u;
    uint32_t over = 0;
    for (; k < u->count && !over; k += !over) {
        const size_t start = (size_t)u->row[k] * u->stride;
        memcpy(u->before, u->state, u->lanes * sizeof *u->state);
        for (uint32_t i = 0; i < u->chunk_count; ++i) {
            for (uint32_t l = 0; l < u->lanes; ++l) {
                const uint32_t column = u->chunks[i] * u->lanes + l;
                int16_t *narrow = (int16_t *)u->words + start + column;
                int32_t *wide = (int32_t *)u->words + start + column;
                const int32_t sum =
                    (u->wide ? *wide : *narrow) + delta_of(u, k, column, &u->state[l], unchanged);
                if (u->wide) {
                    *wide = sum;
                } else {
                    *narrow = (int16_t)sum;
                }
                over |= (uint32_t)((uint32_t)(sum + u->epsilon - 1) > window);
            }
        }
    }
    return k;
}

static void sums_any(const struct mca_update_rows *u, uint32_t k, const uint32_t *before,
                     int32_t *sums) {
    const size_t start = (size_t)u->row[k] * u->stride;
    uint64_t unused = 0;
    for (uint32_t l = 0; l < u->lanes; ++l) {
        uint32_t state = before[l];
        for (uint32_t i = 0; i < u->chunk_count; ++i) {
            const uint32_t column = u->chunks[i] * u->lanes + l;
            const int32_t delta = delta_of(u, k, column, &state, &unused);
            const int32_t wide = u->wide ? ((const int32_t *)u->words)[start + column] : 0;
            const int32_t low = u->wide ? 0 : ((const int16_t *)u->words)[start + column];
            sums[(size_t)i * u->lanes + l] = u->wide ? wide : (int16_t)(low - delta) + delta;
        }
    }
}

typedef uint32_t serve_function(const struct mca_update_rows *update, uint32_t k,
                                uint64_t *unchanged);
typedef void sums_function(const struct mca_update_rows *update, uint32_t k, const uint32_t *before,
                           int32_t *sums);

#define LANES_OF(function, lanes, path)                                                            \
    { function##_##lanes##_16_##path, function##_##lanes##_32_##path }
#define PATH_OF(function, path)                                                                    \
    { LANES_OF(function, 8, path), LANES_OF(function, 16, path), LANES_OF(function, 32, path) }
#define PATHS_OF(function)                                                                         \
    { PATH_OF(function, plain), PATH_OF(function, avx2), PATH_OF(function, avx512) }

/* by SIMD path, lanes (8, 16, 32) and width of words */
static serve_function *const nearest[3][3][2] = PATHS_OF(nearest);
static serve_function *const stochastic[3][3][2] = PATHS_OF(stochastic);
static sums_function *const sums_of[3][3][2] = PATHS_OF(sums);

static int is_vector(uint32_t lanes) {
    return lanes == 8 || lanes == 16 || lanes == 32;
}

struct mca_update_served mca_update_serve(const struct mca_update_rows *u, uint32_t k,
                                          uint64_t *unchanged) {
    struct mca_update_served served;
    if (mca_update_serve_own(u, k, &served)) {
        return served;
    }
    serve_function *function = serve_any;
    if (is_vector(u->lanes)) {
        serve_function *const(*paths)[3][2] = u->stochastic ? stochastic : nearest;
        function = paths[mca_simd_level()][u->lanes / 16][u->wide != 0];
    }
    const uint32_t over = function(u, k, unchanged);
    return mca_update_one(u->count, over);
}

void mca_update_sums(const struct mca_update_rows *u, uint32_t k, uint32_t place, int32_t *sums) {
    sums_function *function = sums_any;
    if (is_vector(u->lanes)) {
        function = sums_of[mca_simd_level()][u->lanes / 16][u->wide != 0];
    }
    function(u, k, u->before + (size_t)place * u->lanes, sums);
}
