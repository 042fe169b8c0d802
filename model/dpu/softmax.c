#include "dpu/softmax.h"

#include <float.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "dpu/vector_steps.h"

enum {
    FRAC = 16,          /* fractional bits of differences and of exponents */
    DISTANCE_BITS = 21, /* differences to the largest sum: below 32 */
    LOG2_E = 47274,     /* round(2^15 log2 e) */
    LOG2_E_FRAC = 15,
    SEGMENT_BITS = 8, /* low bits of an exponent's fraction, between entries of the table */
    ONE_BITS = 30,    /* exp(0) */
    TOTAL_BITS = 32,  /* that the reciprocal is taken of */
    RECIPROCAL_BITS = 20
};

void mca_softmax_init(struct mca_softmax *softmax, uint32_t bits) {
    softmax->bits = bits;
    for (uint32_t i = 0; i <= MCA_SOFTMAX_SEGMENTS; ++i) {
        const double entry = mca_exp(0.69314718055994530942 * (ONE_BITS - i / 256.0));
        softmax->table[i] = (uint32_t)mca_round(entry);
    }
}

MCA_CLONES
static int32_t largest_of(const int32_t *z, size_t count) {
    int32_t largest = z[0];
    for (size_t i = 1; i < count; ++i) {
        largest = z[i] > largest ? z[i] : largest;
    }
    return largest;
}

/* 2^(30 - x / 2^16) of an exponent x, halves rounded up. */
static inline uint32_t power_of(const uint32_t *table, uint32_t x) {
    const uint32_t whole = x >> FRAC;
    const uint32_t fraction = x & ((1u << FRAC) - 1);
    const uint32_t high = table[fraction >> SEGMENT_BITS];
    const uint32_t fall = high - table[(fraction >> SEGMENT_BITS) + 1];
    const uint32_t part = fraction & ((1u << SEGMENT_BITS) - 1);
    const uint32_t value = high - ((fall * part + (1u << (SEGMENT_BITS - 1))) >> SEGMENT_BITS);
    const uint32_t shift = whole < 31 ? whole : 31;
    const uint32_t rounded = (value + (1u << shift >> 1)) >> shift;
    return whole > 31 ? 0 : rounded;
}

/* Exponentials of the sums, 1 = 2^30, and their total. */
MCA_CLONES
static uint64_t exponentials(const uint32_t *restrict table, struct mca_alignment by,
                             const int32_t *restrict z, int32_t largest, size_t count,
                             int32_t *restrict e) {
    uint64_t total = 0;
    for (size_t i = 0; i < count; ++i) {
        const uint64_t distance = mca_align(by, (uint32_t)largest - (uint32_t)z[i]);
        const uint64_t half = 1u << (LOG2_E_FRAC - 1);
        const uint32_t power =
            power_of(table, (uint32_t)((distance * LOG2_E + half) >> LOG2_E_FRAC));
        e[i] = (int32_t)power;
        total += power;
    }
    return total;
}

/* p[i] times factor / 2^shift, halves rounded up, at most `most`. */
MCA_CLONES
static void multiply_all(int32_t *p, size_t count, uint32_t factor, uint32_t shift, uint32_t most) {
    const uint64_t half = (uint64_t)1 << (shift - 1);
    for (size_t i = 0; i < count; ++i) {
        const uint32_t code = (uint32_t)(((uint64_t)(uint32_t)p[i] * factor + half) >> shift);
        p[i] = (int32_t)(code < most ? code : most);
    }
}

void mca_softmax_codes(const struct mca_softmax *softmax, const int32_t *z, int frac_bits,
                       size_t count, int32_t *code) {
    const uint64_t total =
        exponentials(softmax->table, mca_alignment_by(FRAC - frac_bits, DISTANCE_BITS), z,
                     largest_of(z, count), count, code);
    /* the total in [2^31, 2^32): its lower bits, beyond 32, are cut */
    const uint32_t length = 64 - (uint32_t)__builtin_clzll(total);
    const uint64_t top =
        length > TOTAL_BITS ? total >> (length - TOTAL_BITS) : total << (TOTAL_BITS - length);
    const uint64_t dividend = (uint64_t)1 << (TOTAL_BITS + RECIPROCAL_BITS - 1);
    const uint32_t reciprocal = (uint32_t)((dividend + top / 2) / top);
    multiply_all(code, count, reciprocal, length + RECIPROCAL_BITS - 1 - softmax->bits,
                 (1u << softmax->bits) - 1);
}

void mca_softmax_values(const double *z, size_t count, double *p) {
    double largest = z[0];
    for (size_t i = 1; i < count; ++i) {
        largest = z[i] > largest ? z[i] : largest;
    }
    double total = 0.0;
    for (size_t i = 0; i < count; ++i) {
        p[i] = mca_exp(z[i] - largest);
        total += p[i];
    }
    for (size_t i = 0; i < count; ++i) {
        p[i] /= total;
    }
}

double mca_softmax_code_loss(int32_t code, uint32_t bits) {
    return -mca_log((code > 0 ? code : 0.5) * mca_exp2i(-(int)bits));
}

double mca_softmax_loss(double p) {
    return -mca_log(p > DBL_MIN ? p : DBL_MIN);
}
