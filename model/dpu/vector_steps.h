/*
 * Steps of one value that the digital unit's vector functions share: a magnitude brought to the
 * width of a table or of a code, and a table looked up between its entries. Inline, without a
 * branch, for loops that run as vectors.
 */
#ifndef MCA_DPU_VECTOR_STEPS_H
#define MCA_DPU_VECTOR_STEPS_H

#include <stdint.h>

/* A magnitude times 2^shift: shifted left, or right with halves rounded up; saturated at 2^bits -
 * 1. One of the two shifts is 0. */
struct mca_alignment {
    uint32_t left;
    uint32_t right;
    uint32_t half;
    uint32_t most; /* that the left shift leaves within the range */
    uint32_t max;  /* 2^bits - 1 */
};

/* -31 <= shift <= 32, 1 <= bits <= 31. */
static inline struct mca_alignment mca_alignment_by(int shift, uint32_t bits) {
    struct mca_alignment by = {.max = (1u << bits) - 1};
    if (shift >= 0) {
        by.left = shift < 31 ? (uint32_t)shift : 31; /* all but 0 saturates there */
        by.most = by.max >> by.left;
    } else {
        by.right = (uint32_t)-shift;
        by.half = 1u << (by.right - 1);
        by.most = by.max;
    }
    return by;
}

static inline uint32_t mca_magnitude(int32_t v) {
    return v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
}

/* Magnitudes up to 2^31. */
static inline uint32_t mca_align(struct mca_alignment by, uint32_t magnitude) {
    const uint32_t rounded = (magnitude + by.half) >> by.right;
    const uint32_t over = (uint32_t)(rounded > by.most);
    return (rounded << by.left | (0u - over)) & by.max;
}

/* `value` with its sign turned where `negative` is 1; as it is where that is 0. */
static inline int32_t mca_with_sign(uint32_t value, uint32_t negative) {
    return (int32_t)((value ^ (0u - negative)) + negative);
}

/* Tables over [0, 2^16) of 512 segments: the entry, and the 7 low bits of the way to the next,
 * halves rounded up. No entry is below the one before it. */
enum { MCA_SEGMENT_BITS = 7, MCA_SEGMENTS = 512, MCA_SEGMENTS_INPUT_BITS = 16 };

static inline uint32_t mca_segment_value(const uint32_t *table, uint32_t input) {
    const uint32_t low = table[input >> MCA_SEGMENT_BITS];
    const uint32_t rise = table[(input >> MCA_SEGMENT_BITS) + 1] - low;
    const uint32_t fraction = input & ((1u << MCA_SEGMENT_BITS) - 1);
    const uint32_t half = 1u << (MCA_SEGMENT_BITS - 1);
    return low + ((rise * fraction + half) >> MCA_SEGMENT_BITS);
}

#endif
