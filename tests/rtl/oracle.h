/*
 * Integer oracle of the digital unit: the table of docs/reference/digital-unit.md, written down a
 * second time for the test benches of the RTL. Shares no code with model/ and includes nothing of
 * it, so that model and RTL cannot be wrong together. Plain and slow on purpose: 64-bit integers,
 * divisions instead of shifts where the table speaks of a quotient.
 *
 * Letters as in the table: A activation bits, E error bits (sign included), b DAC bits, C chi bits,
 * f chi fraction bits.
 */
#ifndef MCA_TESTS_RTL_ORACLE_H
#define MCA_TESTS_RTL_ORACLE_H

#include <stddef.h>
#include <stdint.h>

/* v clipped to +-(2^(bits - 1) - 1). */
int64_t oracle_saturate(int64_t v, unsigned bits);

/* v / 2^shift to nearest, halves away from zero; shift 0 .. 40. */
int64_t oracle_round_away(int64_t v, unsigned shift);

/* DAC code: the top `out_bits` of an `in_bits` magnitude, half up, at most 2^out_bits - 1. */
uint32_t oracle_dac_code(uint32_t value, unsigned in_bits, unsigned out_bits);

/* T[i] = round(2^A sigmoid(i / 32)), i = 0 .. 512. */
uint32_t oracle_sigmoid_entry(unsigned i, unsigned act_bits);

/* Activation code of a sum with q fractional bits (-8 .. 24). */
uint32_t oracle_sigmoid(int64_t sum, int q, unsigned act_bits);

/* (a (2^A - a) + 2^(A - 1)) >> A */
uint32_t oracle_derivative(uint32_t activation, unsigned act_bits);

/* Shift of the shared exponent: bit length of the OR of the magnitudes, less E - 1; 0 when every
 * error is 0, and *any says whether one is not. */
int oracle_error_shift(const int32_t *raw, size_t count, unsigned err_bits, int *any);

/* raw / 2^shift, half away, saturated to E bits; left shift when negative. */
int32_t oracle_scale_error(int32_t raw, int shift, unsigned err_bits);

/* error mantissa / 2^12, half away. */
int32_t oracle_rated_error(int32_t error, uint32_t mantissa);

/* Next state of a lane's generator, which is also its random word. */
uint32_t oracle_random(uint32_t state);

/* Aligned change of a chi word: code x rated error, right by `shift` (left when negative),
 * nearest or stochastic with random word u; 32-bit saturation. shift -30 .. 30. */
int32_t oracle_delta(uint32_t code, int32_t rated, int shift, int stochastic, uint32_t u);

struct oracle_settled {
    int32_t pulses;
    int32_t residual;
    int saturated;
};

/* Threshold of word + delta: pulses toward zero and bounded, residual saturated to C bits. */
struct oracle_settled oracle_settle(int64_t sum, unsigned chi_bits, unsigned frac_bits,
                                    uint32_t max_pulses);

#endif
