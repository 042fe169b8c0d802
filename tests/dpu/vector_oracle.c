#include "vector_oracle.h"

#include <math.h>

int64_t oracle_divide(int64_t numerator, int64_t denominator) {
    const int64_t size = numerator < 0 ? -numerator : numerator;
    const int64_t quotient = size / denominator + (2 * (size % denominator) >= denominator);
    return numerator < 0 ? -quotient : quotient;
}

int64_t oracle_scale(int64_t v, int shift, int64_t most, int *over) {
    int64_t scaled = v;
    for (int i = 0; i < shift && scaled <= most && scaled >= -most; ++i) {
        scaled *= 2;
    }
    if (shift < 0) {
        scaled = oracle_divide(v, (int64_t)1 << -shift);
    }
    *over = scaled > most || scaled < -most;
    return scaled > most ? most : scaled < -most ? -most : scaled;
}

/* A table of 512 segments over 16 bits, of which this gives the entries. */
static int64_t between(int64_t (*entry)(int64_t i, int bits), int64_t m, int bits) {
    const int64_t low = entry(m / 128, bits);
    const int64_t high = entry(m / 128 + 1, bits);
    return low + ((high - low) * (m % 128) + 64) / 128;
}

static int64_t sigmoid_entry(int64_t i, int bits) {
    return lrint(ldexp(1.0 / (1.0 + exp(-(double)i / 32.0)), bits));
}

static int64_t tanh_entry(int64_t i, int bits) {
    return lrint(ldexp(tanh((double)i / 64.0), bits));
}

static int32_t held(int64_t value, int bits, int *over) {
    const int64_t most = ((int64_t)1 << bits) - 1;
    *over = value > most;
    return (int32_t)(*over ? most : value);
}

int32_t oracle_sigmoid_code(int32_t sum, int frac, int bits, int *over) {
    int beyond;
    const int64_t size = sum < 0 ? -(int64_t)sum : sum;
    const int64_t y = between(sigmoid_entry, oracle_scale(size, 12 - frac, 65535, &beyond), bits);
    return held(sum < 0 ? ((int64_t)1 << bits) - y : y, bits, over);
}

int32_t oracle_tanh_code(int32_t sum, int frac, int bits, int *over) {
    int beyond;
    const int64_t size = sum < 0 ? -(int64_t)sum : sum;
    const int64_t y = between(tanh_entry, oracle_scale(size, 13 - frac, 65535, &beyond), bits);
    return sum < 0 ? -held(y, bits, over) : held(y, bits, over);
}

int32_t oracle_identity_code(int32_t sum, int frac, int exponent, int bits, int *over) {
    return (int32_t)oracle_scale(sum, bits - exponent - frac, ((int64_t)1 << bits) - 1, over);
}

int32_t oracle_relu_code(int32_t sum, int frac, int exponent, int bits, int *over) {
    return oracle_identity_code(sum > 0 ? sum : 0, frac, exponent, bits, over);
}

int64_t oracle_sigmoid_slope(int32_t code, int bits) {
    const int64_t one = (int64_t)1 << bits;
    return (code * (one - code) + one / 2) / one;
}

int64_t oracle_tanh_slope(int32_t code, int bits) {
    const int64_t one = (int64_t)1 << bits;
    return one - ((int64_t)code * code + one / 2 - 1) / one;
}

int64_t oracle_relu_slope(int32_t code) {
    return code > 0;
}

static int64_t power_entry(int64_t i) {
    return lrint(exp2(30.0 - (double)i / 256.0));
}

/* 2^30 exp(-distance), of a distance with 16 fractional bits. Halves of positive numbers that go
 * up go away from zero. */
static int64_t exponential(int64_t distance) {
    const int64_t x = oracle_divide(distance * 47274, 32768);
    const int64_t fraction = x % 65536;
    const int64_t high = power_entry(fraction / 256);
    const int64_t fall = high - power_entry(fraction / 256 + 1);
    const int64_t v = high - oracle_divide(fall * (fraction % 256), 256);
    return oracle_divide(v, (int64_t)1 << x / 65536);
}

void oracle_softmax(const int32_t *z, int frac, int bits, size_t count, int64_t *e, int32_t *p) {
    int64_t largest = z[0];
    for (size_t i = 1; i < count; ++i) {
        largest = z[i] > largest ? z[i] : largest;
    }
    int64_t total = 0;
    for (size_t i = 0; i < count; ++i) {
        int over;
        e[i] = exponential(oracle_scale(largest - z[i], 16 - frac, (1 << 21) - 1, &over));
        total += e[i];
    }
    int length = 0;
    while (total >> length) {
        ++length;
    }
    const int64_t top =
        length > 32 ? total / ((int64_t)1 << (length - 32)) : total * ((int64_t)1 << (32 - length));
    const int64_t reciprocal = oracle_divide((int64_t)1 << 51, top);
    for (size_t i = 0; i < count; ++i) {
        const int64_t code = oracle_divide(e[i] * reciprocal, (int64_t)1 << (length + 19 - bits));
        const int64_t most = ((int64_t)1 << bits) - 1;
        p[i] = (int32_t)(code > most ? most : code);
    }
}
