#include "dpu/pooling.h"

#include <stddef.h>
#include <string.h>

#include "base/clones.h"
#include "dpu/vector_steps.h"

/* Places of a window that lie in the image: rows top .. bottom - 1, columns left .. right - 1. */
struct window {
    uint32_t top;
    uint32_t bottom;
    uint32_t left;
    uint32_t right;
};

/* Of output `number` along one side: the places from `start` - padding, of `size` there are. */
static inline uint32_t first_place(const struct mca_pool *pool, uint32_t number) {
    const uint32_t start = number * pool->stride;
    return start > pool->padding ? start - pool->padding : 0;
}

static inline uint32_t end_place(const struct mca_pool *pool, uint32_t number, uint32_t size) {
    const uint32_t end = number * pool->stride + pool->kernel - pool->padding;
    return end < size ? end : size;
}

static inline struct window window_of(const struct mca_pool *pool, uint32_t number) {
    const uint32_t y = number / pool->out_width;
    const uint32_t x = number % pool->out_width;
    return (struct window){.top = first_place(pool, y),
                           .bottom = end_place(pool, y, pool->in_height),
                           .left = first_place(pool, x),
                           .right = end_place(pool, x, pool->in_width)};
}

/* 1 / count = mantissa / 2^(15 + shift), nearest; 2^15 <= mantissa < 2^16. */
struct reciprocal {
    uint32_t mantissa;
    uint32_t shift;
};

enum { MANTISSA_BITS = 15 };

static struct reciprocal reciprocal_of(const struct mca_pool *pool) {
    const uint32_t count = pool->kernel * pool->kernel;
    struct reciprocal r = {0, 0};
    while (1u << r.shift < count) {
        ++r.shift;
    }
    r.mantissa = ((1u << (MANTISSA_BITS + r.shift)) + count / 2) / count;
    return r;
}

static inline int32_t saturated(int64_t v) {
    const int64_t most = INT32_MAX;
    return (int32_t)(v > most ? most : v < -most ? -most : v);
}

static inline int32_t fixed_plus_share(int32_t sum, int32_t error, struct reciprocal by) {
    const uint64_t half = 1u << (MANTISSA_BITS - 1);
    const uint64_t size = ((uint64_t)mca_magnitude(error) * by.mantissa + half) >> MANTISSA_BITS;
    return saturated(sum + (error < 0 ? -(int64_t)size : (int64_t)size));
}

static inline double real_plus_share(double sum, double error, double count) {
    return sum + error / count;
}

typedef struct reciprocal fixed_divisor;
typedef double real_divisor;

#define VALUE int32_t
#define NAME(x) fixed_##x
#include "dpu/pooling_windows.inc"
#undef VALUE
#undef NAME
#define VALUE double
#define NAME(x) real_##x
#include "dpu/pooling_windows.inc"

/* Channels of a window that are compared side by side, in registers. */
typedef int32_t strip __attribute__((vector_size(64), aligned(4), may_alias));
enum { STRIP = sizeof(strip) / sizeof(int32_t) };

/* The same for whole strips of channels. */
MCA_CLONES
static void strips_largest(const struct mca_pool *pool, const int32_t *restrict in,
                           int32_t *restrict out, uint32_t *restrict choice) {
    const strip numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const uint32_t channels = pool->channels;
    for (uint32_t w = 0; w < pool->out_height * pool->out_width; ++w) {
        const struct window at = window_of(pool, w);
        for (uint32_t c = 0; c < channels; c += STRIP) {
            const uint32_t first = (at.top * pool->in_width + at.left) * channels + c;
            strip largest = *(const strip *)(in + first);
            strip place = numbers + (int32_t)first;
            for (uint32_t y = at.top; y < at.bottom; ++y) {
                for (uint32_t x = at.left; x < at.right; ++x) {
                    const uint32_t here = (y * pool->in_width + x) * channels + c;
                    const strip value = *(const strip *)(in + here);
                    const strip is_larger = value > largest;
                    largest = (value & is_larger) | (largest & ~is_larger);
                    place = ((numbers + (int32_t)here) & is_larger) | (place & ~is_larger);
                }
            }
            *(strip *)(out + (size_t)w * channels + c) = largest;
            *(strip *)(choice + (size_t)w * channels + c) = place;
        }
    }
}

void mca_max_pool(const struct mca_pool *pool, const int32_t *in, int32_t *out, uint32_t *choice) {
    if (pool->channels % STRIP == 0) {
        strips_largest(pool, in, out, choice);
    } else {
        fixed_largest(pool, in, out, choice);
    }
}

void mca_max_pool_real(const struct mca_pool *pool, const double *in, double *out,
                       uint32_t *choice) {
    real_largest(pool, in, out, choice);
}

void mca_max_pool_back(const uint32_t *choice, uint32_t count, const int32_t *error,
                       int32_t *below) {
    for (uint32_t i = 0; i < count; ++i) {
        below[choice[i]] = saturated((int64_t)below[choice[i]] + error[i]);
    }
}

void mca_max_pool_back_real(const uint32_t *choice, uint32_t count, const double *error,
                            double *below) {
    for (uint32_t i = 0; i < count; ++i) {
        below[choice[i]] += error[i];
    }
}

static uint32_t outputs_of(const struct mca_pool *pool) {
    return pool->out_height * pool->out_width * pool->channels;
}

MCA_CLONES
static void average(struct reciprocal by, int32_t most, uint32_t count, int32_t *sum) {
    const uint32_t shift = MANTISSA_BITS + by.shift;
    const uint64_t half = (uint64_t)1 << (shift - 1);
    for (uint32_t i = 0; i < count; ++i) {
        const uint64_t size = ((uint64_t)mca_magnitude(sum[i]) * by.mantissa + half) >> shift;
        const int32_t held = (int32_t)size < most ? (int32_t)size : most;
        sum[i] = sum[i] < 0 ? -held : held;
    }
}

void mca_avg_pool(const struct mca_pool *pool, uint32_t bits, const int32_t *in, int32_t *out) {
    fixed_sums(pool, in, out);
    average(reciprocal_of(pool), (int32_t)(1u << bits) - 1, outputs_of(pool), out);
}

void mca_avg_pool_real(const struct mca_pool *pool, const double *in, double *out) {
    const double count = (double)pool->kernel * pool->kernel;
    real_sums(pool, in, out);
    for (uint32_t i = 0; i < outputs_of(pool); ++i) {
        out[i] /= count;
    }
}

void mca_avg_pool_back(const struct mca_pool *pool, const int32_t *error, int32_t *below) {
    fixed_spread(pool, reciprocal_of(pool), error, below);
}

void mca_avg_pool_back_real(const struct mca_pool *pool, const double *error, double *below) {
    real_spread(pool, (double)pool->kernel * pool->kernel, error, below);
}

uint32_t mca_avg_pool_shift(const struct mca_pool *pool) {
    return reciprocal_of(pool).shift;
}
