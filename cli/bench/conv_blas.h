/*
 * The opponent of `mcasim bench` in convolution: a network as LeNet in single precision on plain
 * OpenBLAS, one thread, trained image by image. Two convolutions, each followed by ReLU and maximum
 * pooling of 2 x 2, and two dense layers, ReLU and softmax. The windows of an image become the rows
 * of a matrix (im2col), so that a convolution is one matrix product forward, one backward and one
 * for its weights; dense layers are matrix-vector products and a rank-1 update.
 */
#ifndef MCA_CLI_BENCH_CONV_BLAS_H
#define MCA_CLI_BENCH_CONV_BLAS_H

#include <stdint.h>

#include "base/status.h"

/* Images of side x side values of one channel; both sides that are pooled are even. */
struct cli_conv_shape {
    uint32_t side;
    uint32_t kernel;
    uint32_t filters[2];
    uint32_t hidden;
    uint32_t outputs;
};

struct cli_conv_network; /* opaque */

/* Weights uniform within +- sqrt(6 / (rows + columns)), as the chip's (seed 1). MCA_FAILED for
 * memory, MCA_SYSTEM where there is no OpenBLAS. */
enum mca_status cli_conv_create(struct cli_conv_network **network,
                                const struct cli_conv_shape *shape, struct mca_error *error);
void cli_conv_destroy(struct cli_conv_network *network); /* NULL is fine */

/* One step of gradient descent on an image of side x side pixels in 0 .. 1; returns its
 * cross-entropy before the step. */
float cli_conv_train(struct cli_conv_network *network, const float *pixels, uint32_t label,
                     float rate);

#endif
