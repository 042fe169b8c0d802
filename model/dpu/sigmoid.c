#include "dpu/sigmoid.h"

#include "base/clones.h"
#include "base/mathx.h"
#include "dpu/activation.h"

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

static enum mca_status init(struct mca_activation *activation, struct mca_arena *arena,
                            struct mca_error *error) {
    struct mca_sigmoid *sigmoid = mca_arena_alloc(arena, 1, sizeof *sigmoid);
    if (!sigmoid) {
        return mca_fail_memory(error, "sigmoid");
    }
    mca_sigmoid_init(sigmoid, activation->bits);
    activation->model = sigmoid;
    return MCA_OK;
}

static void codes(const struct mca_activation *activation, const int32_t *z, int frac_bits,
                  size_t count, uint32_t *code) {
    mca_sigmoid_codes(activation->model, z, frac_bits, count, code);
}

/* The slope a (1 - a) in codes: (a (2^bits - a) + 2^(bits - 1)) >> bits. */
MCA_CLONES
static void times_slopes(const uint32_t *restrict code, size_t count, uint32_t bits,
                         int32_t *restrict raw) {
    const uint32_t one = 1u << bits;
    const uint32_t half = 1u << (bits - 1);
    const int64_t most = INT32_MAX;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t slope = (code[i] * (one - code[i]) + half) >> bits;
        const int64_t product = (int64_t)raw[i] * (int32_t)slope;
        raw[i] = (int32_t)(product > most ? most : product < -most ? -most : product);
    }
}

static void apply_slopes(const struct mca_activation *activation, const uint32_t *code,
                         size_t count, int32_t *raw) {
    times_slopes(code, count, activation->bits, raw);
}

static void values(const double *z, size_t count, double *a) {
    for (size_t i = 0; i < count; ++i) {
        a[i] = mca_sigmoid(z[i]);
    }
}

static void apply_slopes_real(const double *a, size_t count, double scale, double *error) {
    for (size_t i = 0; i < count; ++i) {
        error[i] *= scale * (a[i] * (1.0 - a[i]));
    }
}

static const uint32_t *rtl_table(const struct mca_activation *activation) {
    return ((const struct mca_sigmoid *)activation->model)->table;
}

const struct mca_activation_ops mca_activation_sigmoid = {.name = "sigmoid",
                                                          .init = init,
                                                          .codes = codes,
                                                          .apply_slopes = apply_slopes,
                                                          .values = values,
                                                          .apply_slopes_real = apply_slopes_real,
                                                          .rtl_table = rtl_table};
