/*
 * The digital unit's vector steps once more, a value at a time, written from the table of widths of
 * docs/reference/digital-unit.md alone: wide integers, divisions and the C library's functions
 * where the model has shifts, masks and its own.
 */
#ifndef MCA_TESTS_VECTOR_ORACLE_H
#define MCA_TESTS_VECTOR_ORACLE_H

#include <stddef.h>
#include <stdint.h>

/* numerator / denominator > 0, to the nearest, halves away from zero. */
int64_t oracle_divide(int64_t numerator, int64_t denominator);

/* v 2^shift, halves away from zero, held within +-most; *over: was it beyond? */
int64_t oracle_scale(int64_t v, int shift, int64_t most, int *over);

/* Codes of `bits` of a sum with `frac` fractional bits. */
int32_t oracle_sigmoid_code(int32_t sum, int frac, int bits, int *over);
int32_t oracle_tanh_code(int32_t sum, int frac, int bits, int *over);
int32_t oracle_relu_code(int32_t sum, int frac, int exponent, int bits, int *over);
int32_t oracle_identity_code(int32_t sum, int frac, int exponent, int bits, int *over);

/* Derivatives at a code; those of sigmoid and tanh have `bits` fractional bits. */
int64_t oracle_sigmoid_slope(int32_t code, int bits);
int64_t oracle_tanh_slope(int32_t code, int bits);
int64_t oracle_relu_slope(int32_t code);

/* Probabilities of `bits` of sums with `frac` fractional bits; `e` has room for `count`. */
void oracle_softmax(const int32_t *z, int frac, int bits, size_t count, int64_t *e, int32_t *p);

#endif
