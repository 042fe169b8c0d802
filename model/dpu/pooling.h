/*
 * Pooling of the digital unit: one value for each window of an image, channel by channel, in fixed
 * point (codes) and floating point. Values lie channel-last: (y width + x) channels + c. Widths and
 * roundings are those of docs/reference/digital-unit.md.
 *
 * Windows of kernel x kernel places start `padding` places before the image, `stride` apart; they
 * may overlap, and those that would reach beyond the padding are left out. The largest value passes
 * the places of the padding over; the average counts them as 0, so that it is always that of
 * kernel^2 places.
 */
#ifndef MCA_DPU_POOLING_H
#define MCA_DPU_POOLING_H

#include <stdint.h>

/* 1 <= kernel <= 64, 1 <= stride, padding < kernel; out = (in + 2 padding - kernel) / stride + 1 of
 * height and width, at least 1. */
struct mca_pool {
    uint32_t channels;
    uint32_t in_height;
    uint32_t in_width;
    uint32_t out_height;
    uint32_t out_width;
    uint32_t kernel;
    uint32_t stride;
    uint32_t padding;
};

/* The largest of each window, and its place among `in`, which the way back needs: the first of
 * equals, row by row. */
void mca_max_pool(const struct mca_pool *pool, const int32_t *in, int32_t *out, uint32_t *choice);
void mca_max_pool_real(const struct mca_pool *pool, const double *in, double *out,
                       uint32_t *choice);

/* Adds the errors of `count` outputs to those of the inputs that were the largest; saturated to
 * +-(2^31 - 1), exact short of that. */
void mca_max_pool_back(const uint32_t *choice, uint32_t count, const int32_t *error,
                       int32_t *below);
void mca_max_pool_back_real(const uint32_t *choice, uint32_t count, const double *error,
                            double *below);

/* The average of each window of codes |in| < 2^bits, bits 8 .. 16: the sum times a reciprocal of 16
 * bits, rounded half away from zero, at most 2^bits - 1. Exact but for the rounding where kernel^2
 * is a power of two; otherwise within 2^(bits - 16) codes more. */
void mca_avg_pool(const struct mca_pool *pool, uint32_t bits, const int32_t *in, int32_t *out);
void mca_avg_pool_real(const struct mca_pool *pool, const double *in, double *out);

/* Adds its share of each error to all inputs of the window: in units of 2^-mca_avg_pool_shift of
 * the error's, times a reciprocal of 16 bits, rounded half away from zero; sums saturated to
 * +-(2^31 - 1). Exact short of that where kernel^2 is a power of two. */
void mca_avg_pool_back(const struct mca_pool *pool, const int32_t *error, int32_t *below);
void mca_avg_pool_back_real(const struct mca_pool *pool, const double *error, double *below);
uint32_t mca_avg_pool_shift(const struct mca_pool *pool);

#endif
