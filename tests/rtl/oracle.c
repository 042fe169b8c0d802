#include "oracle.h"

#include <assert.h>
#include <math.h>

enum { SIGMOID_FRAC_BITS = 12, SIGMOID_STEP_BITS = 7, SIGMOID_ENTRIES_PER_UNIT = 32 };
enum { MANTISSA_BITS = 12 };

static int64_t two_to(unsigned exponent) {
    assert(exponent < 63);
    return (int64_t)1 << exponent;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t magnitude(int64_t v) {
    return v < 0 ? -v : v;
}

/* Quotient toward minus infinity: what an arithmetic shift gives. */
static int64_t floor_divide(int64_t v, int64_t divisor) {
    int64_t remainder = v % divisor;

    return v / divisor - (remainder < 0 ? 1 : 0);
}

int64_t oracle_saturate(int64_t v, unsigned bits) {
    int64_t most = two_to(bits - 1) - 1;

    if (v > most)
        return most;
    return v < -most ? -most : v;
}

int64_t oracle_round_away(int64_t v, unsigned shift) {
    int64_t step = two_to(shift);
    int64_t rounded;

    /* Twice the remainder against the step: no half to be lost when the step is 1. */
    rounded = magnitude(v) / step;
    if (2 * (magnitude(v) % step) >= step)
        rounded++;
    return v < 0 ? -rounded : rounded;
}

uint32_t oracle_dac_code(uint32_t value, unsigned in_bits, unsigned out_bits) {
    int64_t code;

    if (in_bits <= out_bits)
        return (uint32_t)(value * two_to(out_bits - in_bits));
    code = (value + two_to(in_bits - out_bits - 1)) / two_to(in_bits - out_bits);
    return (uint32_t)smaller(code, two_to(out_bits) - 1);
}

uint32_t oracle_sigmoid_entry(unsigned i, unsigned act_bits) {
    double scaled = ldexp(1.0 / (1.0 + exp(-(double)i / SIGMOID_ENTRIES_PER_UNIT)), (int)act_bits);

    /* libm may err in the last place; far from a tie that cannot reach the entry. */
    assert(fabs(scaled - floor(scaled) - 0.5) > 1e-6);
    return (uint32_t)floor(scaled + 0.5);
}

uint32_t oracle_sigmoid(int64_t sum, int q, unsigned act_bits) {
    int64_t m = magnitude(sum);
    int64_t low, rise, y;

    if (q > SIGMOID_FRAC_BITS)
        m = oracle_round_away(m, (unsigned)(q - SIGMOID_FRAC_BITS));
    else
        m *= two_to((unsigned)(SIGMOID_FRAC_BITS - q));
    m = smaller(m, two_to(16) - 1);
    low = oracle_sigmoid_entry((unsigned)(m / two_to(SIGMOID_STEP_BITS)), act_bits);
    rise = oracle_sigmoid_entry((unsigned)(m / two_to(SIGMOID_STEP_BITS)) + 1, act_bits) - low;
    y = low + (rise * (m % two_to(SIGMOID_STEP_BITS)) + two_to(SIGMOID_STEP_BITS - 1)) /
                  two_to(SIGMOID_STEP_BITS);
    if (sum < 0)
        y = two_to(act_bits) - y;
    return (uint32_t)smaller(y, two_to(act_bits) - 1);
}

uint32_t oracle_derivative(uint32_t activation, unsigned act_bits) {
    int64_t square = activation * (two_to(act_bits) - activation);

    return (uint32_t)((square + two_to(act_bits - 1)) / two_to(act_bits));
}

int oracle_error_shift(const int32_t *raw, size_t count, unsigned err_bits, int *any) {
    int64_t all = 0;
    int length = 0;

    for (size_t i = 0; i < count; i++)
        all |= magnitude(raw[i]);
    *any = all != 0;
    if (all == 0)
        return 0;
    while (all >= two_to((unsigned)length))
        length++;
    return length - ((int)err_bits - 1);
}

int32_t oracle_scale_error(int32_t raw, int shift, unsigned err_bits) {
    int64_t scaled =
        shift < 0 ? raw * two_to((unsigned)-shift) : oracle_round_away(raw, (unsigned)shift);

    return (int32_t)oracle_saturate(scaled, err_bits);
}

int32_t oracle_rated_error(int32_t error, uint32_t mantissa) {
    return (int32_t)oracle_round_away((int64_t)error * mantissa, MANTISSA_BITS);
}

uint32_t oracle_random(uint32_t state) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

int32_t oracle_delta(uint32_t code, int32_t rated, int shift, int stochastic, uint32_t u) {
    int64_t product = (int64_t)code * rated;

    if (shift < 0) {
        product *= two_to((unsigned)-shift);
    } else if (stochastic) {
        int64_t step = two_to((unsigned)shift);

        product = floor_divide(product + u % step, step);
    } else {
        product = oracle_round_away(product, (unsigned)shift);
    }
    return (int32_t)oracle_saturate(product, 32);
}

struct oracle_settled oracle_settle(int64_t sum, unsigned chi_bits, unsigned frac_bits,
                                    uint32_t max_pulses) {
    int64_t pulses = smaller(magnitude(sum) / two_to(frac_bits), max_pulses);
    int64_t rest, kept;

    if (sum < 0)
        pulses = -pulses;
    rest = sum - pulses * two_to(frac_bits);
    kept = oracle_saturate(rest, chi_bits);
    return (struct oracle_settled){(int32_t)pulses, (int32_t)kept, kept != rest};
}
