#include "digital/sigmoid.h"

#include "base/mathx.h"

void mca_sigmoid_init(struct mca_sigmoid *sigmoid, uint32_t bits) {
    sigmoid->bits = bits;
    for (uint32_t i = 0; i <= MCA_SIGMOID_SEGMENTS; ++i) {
        sigmoid->table[i] = (uint32_t)mca_round(mca_exp2i((int)bits) * mca_sigmoid(i / 32.0));
    }
}

/* |z| in Q4.12, rounded half up and saturated. */
static uint32_t input_magnitude(int32_t z, int frac_bits) {
    const uint64_t magnitude = z < 0 ? (uint64_t)(-(int64_t)z) : (uint64_t)z;
    const int shift = MCA_SIGMOID_INPUT_FRAC - frac_bits;
    const uint64_t scaled =
        shift >= 0 ? magnitude << shift : (magnitude + ((uint64_t)1 << (-shift - 1))) >> -shift;
    return scaled < MCA_SIGMOID_INPUT_MAX ? (uint32_t)scaled : MCA_SIGMOID_INPUT_MAX;
}

uint32_t mca_sigmoid_code(const struct mca_sigmoid *sigmoid, int32_t z, int frac_bits) {
    const uint32_t magnitude = input_magnitude(z, frac_bits);
    const uint32_t segment = magnitude >> MCA_SIGMOID_SEGMENT_BITS;
    const uint32_t fraction = magnitude & ((1u << MCA_SIGMOID_SEGMENT_BITS) - 1);
    const uint32_t low = sigmoid->table[segment];
    const uint32_t rise = sigmoid->table[segment + 1] - low;
    const uint32_t half = 1u << (MCA_SIGMOID_SEGMENT_BITS - 1);
    const uint32_t positive = low + ((rise * fraction + half) >> MCA_SIGMOID_SEGMENT_BITS);
    const uint32_t one = 1u << sigmoid->bits;
    const uint32_t value = z < 0 ? one - positive : positive;
    return value < one ? value : one - 1;
}
