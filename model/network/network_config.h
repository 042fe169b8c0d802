/* The network of a scenario (keys `network.*`): defaults, ranges and meanings are in the table. */
#ifndef MCA_NETWORK_NETWORK_CONFIG_H
#define MCA_NETWORK_NETWORK_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/list.h"

MCA_C_BEGIN

enum mca_loss {
    MCA_LOSS_CROSS_ENTROPY, /* one logistic loss per output: error = target - activation */
    MCA_LOSS_SQUARED,       /* error = (target - activation) x derivative of the activation */
    MCA_LOSS_SOFTMAX /* cross entropy of the outputs' softmax: error = target - probability */
};

/* The kinds of layers, a line each: constant, and the NAME of the mca_NAME_layer that its file
 * defines (layer_kind.h). */
#define MCA_LAYER_KINDS(KIND)                                                                      \
    KIND(DENSE, dense)                                                                             \
    KIND(CONV2D, conv2d)                                                                           \
    KIND(MAX_POOL, max_pool)                                                                       \
    KIND(AVG_POOL, avg_pool)                                                                       \
    KIND(RESIDUAL_SUM, residual_sum)

enum mca_layer_type {
#define MCA_LAYER_CONSTANT(constant, kind) MCA_LAYER_##constant,
    MCA_LAYER_KINDS(MCA_LAYER_CONSTANT)
#undef MCA_LAYER_CONSTANT
        MCA_LAYER_TYPE_COUNT
};

enum {
    MCA_LAYERS_MAX = 32,
    MCA_LAYER_KERNEL_MAX = 64,
    MCA_LAYER_WIDTH_MAX = 1000000,     /* units of a dense layer, filters of a convolution */
    MCA_LAYER_POSITIONS_MAX = 1 << 14, /* reads of a matrix an image, drives of a sign aside */
    MCA_LAYER_VALUES_MAX = 1 << 24 /* of an image, of what a layer gives and of its matrix's rows */
};

/* Outputs of a network. */
enum { MCA_CLASSES_MAX = 1024 };

/* In place of an earlier layer's number: the image. */
#define MCA_FROM_INPUT UINT32_MAX

/* In place of an exponent: found from training data. */
#define MCA_EXPONENT_CALIBRATED INT32_MIN

/* Values lie channel-last: index = (y * width + x) * channels + c. */
struct mca_shape {
    uint32_t channels;
    uint32_t height;
    uint32_t width;
};

struct mca_layer_config {
    unsigned type;         /* enum mca_layer_type */
    unsigned activation;   /* enum mca_activation_kind; not of pools */
    uint32_t units;        /* dense: outputs; conv2d: filters */
    uint32_t kernel;       /* side of the square window, of convolutions and pools ... */
    uint32_t stride;       /* ... how far it moves ... */
    uint32_t padding;      /* ... and zeros on every side of the input, of convolutions */
    uint32_t from;         /* residual_sum: the earlier layer whose output is added; layers count
                            from 0, or MCA_FROM_INPUT */
    double unit_weight_us; /* conductance difference of weight 1; 0: chip/layer_numbers.h */
    int32_t rate_exponent; /* learning rate x 2^this */
    int32_t activation_exponent; /* full scale 2^this, or MCA_EXPONENT_CALIBRATED; of activations
                                    whose full scale is 1 not used */
    double adc_forward_range;    /* full scale of converters; 0: found from training images ... */
    double adc_backward_range;   /* ... or, of widths, that of the chip's list */
    unsigned frozen;             /* 1: its weights stay what they were */
    unsigned digital;            /* 1: its weights lie in SRAM beside the chip */
    uint32_t tile_rows;          /* of its tiles; 0: those of the chip, tile.rows ... */
    uint32_t tile_cols;          /* ... and tile.cols */
};

/* What was found for a layer from training images (train/calibration.h), and its unit weight from
 * weights that are imported (train/weight_scale.h). */
struct mca_found_numbers {
    uint32_t has_activation;
    int32_t activation_exponent;
    double adc_forward_range; /* 0: not found */
    double adc_backward_range;
    double unit_weight_us; /* 0: not found */
};

struct mca_network_config {
    struct mca_shape input; /* of an image: given_input, or the data's; widths: the first one */
    uint32_t layer_count;
    struct mca_layer_config layers[MCA_LAYERS_MAX];
    unsigned is_widths; /* 1: written as widths, and every layer has tile.unit_weight_us */
    double init_gain;   /* initial weights uniform in +- gain sqrt(6 / (inputs + outputs)) */
    struct mca_shape given_input;                   /* network.input; zeros: not given */
    struct mca_found_numbers found[MCA_LAYERS_MAX]; /* no part of a scenario's text */
};

/* Bytes at its beginning that are its layers'. */
#define MCA_NETWORK_LAYERS_SIZE offsetof(struct mca_network_config, init_gain)

/* Dense layers of sigmoids, all else at its default. `widths` are those of the input and of every
 * layer, two at least; init_gain stays. */
void mca_network_config_set_widths(struct mca_network_config *config,
                                   const struct mca_u32_list *widths);

MCA_C_END

#endif
