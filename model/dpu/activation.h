/*
 * Activation functions of the digital unit. A new one is a file that defines its
 * mca_activation_ops, and a line in MCA_ACTIVATIONS.
 */
#ifndef MCA_DPU_ACTIVATION_H
#define MCA_DPU_ACTIVATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/c_linkage.h"
#include "base/status.h"

MCA_C_BEGIN

/* A line each: constant, and the NAME of the mca_activation_NAME that its file defines. */
#define MCA_ACTIVATIONS(ACTIVATION)                                                                \
    ACTIVATION(SIGMOID, sigmoid)   /* 1 / (1 + exp(-z)) */                                         \
    ACTIVATION(TANH, tanh)         /* (exp(z) - exp(-z)) / (exp(z) + exp(-z)) */                   \
    ACTIVATION(RELU, relu)         /* z above 0, 0 below */                                        \
    ACTIVATION(IDENTITY, identity) /* z */

enum mca_activation_kind {
#define MCA_ACTIVATION_CONSTANT(constant, ops) MCA_ACTIVATION_##constant,
    MCA_ACTIVATIONS(MCA_ACTIVATION_CONSTANT)
#undef MCA_ACTIVATION_CONSTANT
        MCA_ACTIVATION_COUNT
};

struct mca_activation;

enum { MCA_ACTIVATION_EXPONENT_MIN = -8, MCA_ACTIVATION_EXPONENT_MAX = 15 };

/* Fractional bits of what the sigmoid's table is entered with. */
enum { MCA_SIGMOID_INPUT_FRAC = 12 };

/*
 * What an activation is, over whole vectors. It never falls as its input rises: a class is chosen
 * by its sum. A code c stands for c 2^(exponent - bits): the full scale of a layer is 2^exponent.
 * Codes round half away from zero where no table is looked up, and saturate at 2^bits - 1, on both
 * sides where they are signed. No function but `entry` may be NULL.
 */
struct mca_activation_ops {
    const char *name;
    int is_signed;        /* codes can be negative */
    int takes_exponent;   /* a full scale other than 1, which is exponent 0 */
    int slopes_are_codes; /* apply_slopes multiplies by 2^bits times the slope, not by 0 or 1 */
    int looks_up;     /* in a table, with interpolation; otherwise a sum is shifted and rounded */
    int rtl_computes; /* of the same table, by its lanes (rtl/sigmoid_lane.v) */
    /* Where it looks up, entry `i` of the table, 0 .. 1; otherwise NULL. */
    double (*entry)(uint32_t i);
    /* Fixed point: code[i] of sums z[i] with `frac_bits` fractional bits (-8 .. 24), of full scale
     * 2^exponent (-8 .. 15; 0 unless takes_exponent). */
    void (*codes)(const struct mca_activation *activation, const int32_t *z, int frac_bits,
                  int exponent, size_t count, int32_t *code);
    /* Fixed point: raw[i] times the slope at code[i], which adds mca_activation_slope_bits of
     * fractional bits; saturated to +-(2^31 - 1). */
    void (*apply_slopes)(const struct mca_activation *activation, const int32_t *code, size_t count,
                         int32_t *raw);
    /* Floating point: a[i] of z[i], without bounds. */
    void (*values)(const double *z, size_t count, double *a);
    /* Floating point: error[i] times `scale` and the slope where the activation is a[i]. */
    void (*apply_slopes_real)(const double *a, size_t count, double scale, double *error);
};

/* Constant after mca_activation_init. */
struct mca_activation {
    const struct mca_activation_ops *ops;
    uint32_t bits;         /* of codes, 8 .. 16 */
    const uint32_t *table; /* [MCA_SEGMENTS + 1] (dpu/vector_steps.h): entries in codes; or NULL */
};

/* Of a kind below MCA_ACTIVATION_COUNT. */
const struct mca_activation_ops *mca_activation_ops_of(enum mca_activation_kind kind);

/* 8 <= bits <= 16; the table comes from `arena`. MCA_FAILED when memory is short. */
enum mca_status mca_activation_init(struct mca_activation *activation,
                                    enum mca_activation_kind kind, uint32_t bits,
                                    struct mca_arena *arena, struct mca_error *error);

/* Fractional bits that apply_slopes adds to what it multiplies. */
static inline uint32_t mca_activation_slope_bits(const struct mca_activation *activation) {
    return activation->ops->slopes_are_codes ? activation->bits : 0;
}

MCA_C_END

#endif
