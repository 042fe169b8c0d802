#include "dpu/sigmoid.h"

#include "base/clones.h"
#include "base/mathx.h"

void mca_sigmoid_init(struct mca_sigmoid *sigmoid, uint32_t bits) {
    sigmoid->bits = bits;
    for (uint32_t i = 0; i <= MCA_SIGMOID_SEGMENTS; ++i) {
        sigmoid->table[i] = (uint32_t)mca_round(mca_exp2i((int)bits) * mca_sigmoid(i / 32.0));
    }
}

/* |z| to Q4.12: shifted left by `left`, or right with rounding half up; saturated. One shift is 0.
 */
struct alignment {
    uint32_t left;
    uint32_t right;
    uint32_t half;
    uint32_t most; /* that the left shift leaves within the range */
};

static struct alignment alignment_of(int frac_bits) {
    const int shift = MCA_SIGMOID_INPUT_FRAC - frac_bits;
    struct alignment a = {0, 0, 0, MCA_SIGMOID_INPUT_MAX};
    if (shift >= 0) {
        a.left = (uint32_t)shift;
        a.most = (uint32_t)MCA_SIGMOID_INPUT_MAX >> a.left;
    } else {
        a.right = (uint32_t)-shift;
        a.half = 1u << (a.right - 1);
    }
    return a;
}

static inline uint32_t code_of(const uint32_t *table, uint32_t one, struct alignment by,
                               int32_t z) {
    const uint32_t size = z < 0 ? (uint32_t)-z : (uint32_t)z;
    const uint32_t rounded = (size + by.half) >> by.right;
    const uint32_t over = 0u - (uint32_t)(rounded > by.most); /* without a branch, for vectors */
    const uint32_t magnitude = (rounded << by.left | over) & (uint32_t)MCA_SIGMOID_INPUT_MAX;
    const uint32_t segment = magnitude >> MCA_SIGMOID_SEGMENT_BITS;
    const uint32_t fraction = magnitude & ((1u << MCA_SIGMOID_SEGMENT_BITS) - 1);
    const uint32_t low = table[segment];
    const uint32_t rise = table[segment + 1] - low;
    const uint32_t half = 1u << (MCA_SIGMOID_SEGMENT_BITS - 1);
    const uint32_t positive = low + ((rise * fraction + half) >> MCA_SIGMOID_SEGMENT_BITS);
    const uint32_t negative = 0u - (uint32_t)(z < 0);
    const uint32_t value = (positive ^ negative) - negative + (one & negative);
    return value - (uint32_t)(value >= one);
}

uint32_t mca_sigmoid_code(const struct mca_sigmoid *sigmoid, int32_t z, int frac_bits) {
    return code_of(sigmoid->table, 1u << sigmoid->bits, alignment_of(frac_bits), z);
}

MCA_CLONES
static void codes_of(const uint32_t *restrict table, uint32_t one, struct alignment by,
                     const int32_t *restrict z, size_t count, uint32_t *restrict activation) {
    for (size_t i = 0; i < count; ++i) {
        activation[i] = code_of(table, one, by, z[i]);
    }
}

void mca_sigmoid_codes(const struct mca_sigmoid *sigmoid, const int32_t *z, int frac_bits,
                       size_t count, uint32_t *activation) {
    codes_of(sigmoid->table, 1u << sigmoid->bits, alignment_of(frac_bits), z, count, activation);
}
