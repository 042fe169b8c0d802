/*
 * Elementary functions whose bytes do not depend on the machine: only IEEE + - * / and sqrt, on
 * literals. Value paths use these in place of the C library's, whose last bit changes with the CPU.
 */
#ifndef MCA_BASE_MATHX_H
#define MCA_BASE_MATHX_H

#include <stdint.h>
#include <string.h>

/* e^x within 2 units in the last place for |x| <= 708; 0 below -708, +infinity above 709.7. NaN
 * gives NaN. */
double mca_exp(double x);

/* Natural logarithm within 2 units in the last place for finite normal x > 0; otherwise NaN (x <
 * 0), -infinity (x = 0). */
double mca_log(double x);

/* Each of many, all normal and positive, in place. */
void mca_logs(double *x, uint32_t count);

/* x^y for x > 0 as exp(y log x); relative error below 1e-13 for |y log x| < 100. */
double mca_pow(double x, double y);

/* sin(x) and cos(x) for |x| <= 1e4, absolute error below 1e-12. */
double mca_sin(double x);
double mca_cos(double x);

/* Quantile of the standard Gaussian, 0 < p < 1; relative error about 1e-15.
 * Wichura, "Algorithm AS 241", Applied Statistics 37 (1988). */
double mca_normal_quantile(double p);

/* Square root, correctly rounded as IEEE requires. */
static inline double mca_sqrt(double x) {
    return __builtin_sqrt(x);
}

/* 1 / (1 + e^-x). */
double mca_sigmoid(double x);

/* Nearest integer, ties to even, for |x| <= 2^51. */
static inline double mca_round(double x) {
    const double magic = 6755399441055744.0; /* 1.5 * 2^52 */
    return (x + magic) - magic;
}

static inline double mca_clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

static inline uint64_t mca_max_u64(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static inline uint64_t mca_min_u64(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/* Least n with 2^n >= count. */
static inline uint32_t mca_log2_above(uint64_t count) {
    uint32_t n = 0;
    while (count > (uint64_t)1 << n) {
        ++n;
    }
    return n;
}

/* 2^n for |n| <= 1022, exact. */
static inline double mca_exp2i(int n) {
    const uint64_t bits = (uint64_t)(n + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
