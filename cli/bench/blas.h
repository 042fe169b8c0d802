/*
 * The opponent of `mcasim bench`: the same fully connected sigmoid network in single precision on
 * plain OpenBLAS, one thread. Batch 1 is a matrix-vector product a layer forward, one backward and
 * a rank-1 update; batches are matrix products. Nothing but the activations lies outside BLAS.
 */
#ifndef MCA_CLI_BENCH_BLAS_H
#define MCA_CLI_BENCH_BLAS_H

#include <stdint.h>

#include "base/list.h"
#include "base/status.h"

struct cli_blas_network; /* opaque */

/* Weights uniform as the chip's initial ones (seed 1). `most` images are worked on at once.
 * MCA_FAILED for memory, MCA_SYSTEM where there is no OpenBLAS. */
enum mca_status cli_blas_create(struct cli_blas_network **network,
                                const struct mca_u32_list *layers, uint32_t most,
                                struct mca_error *error);
void cli_blas_destroy(struct cli_blas_network *network); /* NULL is fine */

/* One step of gradient descent (one logistic loss per output) on `count` <= most images: pixels
 * [count][inputs] in 0 .. 1. Returns how many were classified rightly before it. */
uint32_t cli_blas_train(struct cli_blas_network *network, const float *pixels,
                        const uint8_t *labels, uint32_t count, float rate);

/* Classifies `count` <= most images; returns how many rightly. */
uint32_t cli_blas_test(struct cli_blas_network *network, const float *pixels, const uint8_t *labels,
                       uint32_t count);

/* Seconds inside BLAS since creation, when timing was asked for: it costs two clock reads a call.
 */
void cli_blas_time(struct cli_blas_network *network, int on);
double cli_blas_seconds(const struct cli_blas_network *network);

#endif
