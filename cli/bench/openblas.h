/*
 * OpenBLAS, loaded when it is asked for: it starts threads as it is loaded, which no other command
 * needs, and which hang at the end where memory is limited. The part of CBLAS that is used is
 * declared here: nothing of OpenBLAS is needed to build.
 */
#ifndef MCA_CLI_BENCH_OPENBLAS_H
#define MCA_CLI_BENCH_OPENBLAS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

enum cli_blas_order { CLI_ROW_MAJOR = 101 };

enum cli_blas_transpose { CLI_NOT_TRANSPOSED = 111, CLI_TRANSPOSED = 112 };

typedef void cli_sgemv(enum cli_blas_order order, enum cli_blas_transpose transpose_a, int m, int n,
                       float alpha, const float *a, int lda, const float *x, int step_x, float beta,
                       float *y, int step_y);
typedef void cli_sger(enum cli_blas_order order, int m, int n, float alpha, const float *x,
                      int step_x, const float *y, int step_y, float *a, int lda);
typedef void cli_sgemm(enum cli_blas_order order, enum cli_blas_transpose transpose_a,
                       enum cli_blas_transpose transpose_b, int m, int n, int k, float alpha,
                       const float *a, int lda, const float *b, int ldb, float beta, float *c,
                       int ldc);

struct cli_openblas {
    cli_sgemv *sgemv;
    cli_sger *sger;
    cli_sgemm *sgemm;
};

/* With one thread; it stays loaded until the end. MCA_SYSTEM where there is no OpenBLAS. */
enum mca_status cli_openblas_load(struct cli_openblas *blas, struct mca_error *error);

/* Weights [inputs + 1][outputs], bias last, of a layer of an opponent: uniform within
 * +- sqrt(6 / (inputs + outputs)), as the chip's (seed 1). NULL and `whole` 0 when memory is
 * short. */
float *cli_blas_weights(struct mca_arena *arena, uint32_t layer, uint32_t inputs, uint32_t outputs,
                        int *whole);

#endif
