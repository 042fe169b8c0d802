#include "cli/bench/blas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench/openblas.h"
#include "run/progress.h"

struct cli_blas_network {
    struct cli_openblas blas;
    struct mca_arena arena;
    struct mca_u32_list layers;
    float *weights[MCA_LIST_MAX];     /* [inputs + 1][outputs], bias last */
    float *activations[MCA_LIST_MAX]; /* [most][width + 1], the last one 1 */
    float *errors[MCA_LIST_MAX];      /* [most][width + 1] */
    int timed;
    double seconds;
};

static uint32_t width_of(const struct cli_blas_network *n, uint32_t i) {
    return n->layers.values[i];
}

static int allocate(struct cli_blas_network *n, const struct mca_u32_list *layers, uint32_t most) {
    int whole = 1;
    n->layers = *layers;
    for (uint32_t i = 0; i < layers->count; ++i) {
        const size_t width = layers->values[i];
        n->activations[i] = mca_arena_take(&n->arena, (width + 1) * most, sizeof(float), &whole);
        n->errors[i] = mca_arena_take(&n->arena, (width + 1) * most, sizeof(float), &whole);
        for (uint32_t b = 0; whole && b < most; ++b) {
            n->activations[i][b * (width + 1) + width] = 1.0f;
        }
        if (i + 1 < layers->count) {
            n->weights[i] =
                cli_blas_weights(&n->arena, i, layers->values[i], layers->values[i + 1], &whole);
        }
    }
    return whole;
}

enum mca_status cli_blas_create(struct cli_blas_network **network,
                                const struct mca_u32_list *layers, uint32_t most,
                                struct mca_error *error) {
    struct cli_blas_network *n = calloc(1, sizeof *n);
    enum mca_status status =
        n ? cli_openblas_load(&n->blas, error) : mca_fail_memory(error, "bench");
    if (status == MCA_OK && !allocate(n, layers, most)) {
        status = mca_fail_memory(error, "bench");
    }
    if (status != MCA_OK) {
        cli_blas_destroy(n);
        return status;
    }
    *network = n;
    return MCA_OK;
}

void cli_blas_destroy(struct cli_blas_network *n) {
    if (n) {
        mca_arena_deinit(&n->arena);
    }
    free(n);
}

static double clock_of(const struct cli_blas_network *n) {
    return n->timed ? mca_now_s() : 0.0;
}

/* c[m x n] = a[m x k] b[k x n] (or its transposes), matrix-vector products where m is 1. */
static void forward_product(struct cli_blas_network *n, uint32_t layer, uint32_t count) {
    const int k = (int)width_of(n, layer) + 1;
    const int out = (int)width_of(n, layer + 1);
    const double start = clock_of(n);
    if (count == 1) {
        n->blas.sgemv(CLI_ROW_MAJOR, CLI_TRANSPOSED, k, out, 1.0f, n->weights[layer], out,
                      n->activations[layer], 1, 0.0f, n->activations[layer + 1], 1);
    } else {
        n->blas.sgemm(CLI_ROW_MAJOR, CLI_NOT_TRANSPOSED, CLI_NOT_TRANSPOSED, (int)count, out, k,
                      1.0f, n->activations[layer], k, n->weights[layer], out, 0.0f,
                      n->activations[layer + 1], out + 1);
    }
    n->seconds += clock_of(n) - start;
}

static void backward_product(struct cli_blas_network *n, uint32_t layer, uint32_t count) {
    const int k = (int)width_of(n, layer) + 1;
    const int out = (int)width_of(n, layer + 1);
    const double start = clock_of(n);
    if (count == 1) {
        n->blas.sgemv(CLI_ROW_MAJOR, CLI_NOT_TRANSPOSED, k - 1, out, 1.0f, n->weights[layer], out,
                      n->errors[layer + 1], 1, 0.0f, n->errors[layer], 1);
    } else {
        n->blas.sgemm(CLI_ROW_MAJOR, CLI_NOT_TRANSPOSED, CLI_TRANSPOSED, (int)count, k - 1, out,
                      1.0f, n->errors[layer + 1], out + 1, n->weights[layer], out, 0.0f,
                      n->errors[layer], k);
    }
    n->seconds += clock_of(n) - start;
}

static void update(struct cli_blas_network *n, uint32_t layer, uint32_t count, float rate) {
    const int k = (int)width_of(n, layer) + 1;
    const int out = (int)width_of(n, layer + 1);
    const double start = clock_of(n);
    if (count == 1) {
        n->blas.sger(CLI_ROW_MAJOR, k, out, rate, n->activations[layer], 1, n->errors[layer + 1], 1,
                     n->weights[layer], out);
    } else {
        n->blas.sgemm(CLI_ROW_MAJOR, CLI_TRANSPOSED, CLI_NOT_TRANSPOSED, k, out, (int)count,
                      rate / (float)count, n->activations[layer], k, n->errors[layer + 1], out + 1,
                      1.0f, n->weights[layer], out);
    }
    n->seconds += clock_of(n) - start;
}

static void activate(struct cli_blas_network *n, uint32_t layer, uint32_t count) {
    const size_t width = width_of(n, layer);
    for (uint32_t b = 0; b < count; ++b) {
        float *a = n->activations[layer] + b * (width + 1);
        for (size_t i = 0; i < width; ++i) {
            a[i] = 1.0f / (1.0f + expf(-a[i]));
        }
        a[width] = 1.0f;
    }
}

uint32_t cli_blas_test(struct cli_blas_network *n, const float *pixels, const uint8_t *labels,
                       uint32_t count) {
    const uint32_t last = n->layers.count - 1;
    const size_t inputs = width_of(n, 0);
    const size_t outputs = width_of(n, last);
    uint32_t right = 0;
    for (uint32_t b = 0; b < count; ++b) {
        float *to = n->activations[0] + b * (inputs + 1);
        for (size_t i = 0; i < inputs; ++i) {
            to[i] = pixels[b * inputs + i];
        }
    }
    for (uint32_t i = 0; i < last; ++i) {
        forward_product(n, i, count);
        activate(n, i + 1, count);
    }
    for (uint32_t b = 0; b < count; ++b) {
        const float *a = n->activations[last] + b * (outputs + 1);
        size_t best = 0;
        for (size_t i = 1; i < outputs; ++i) {
            best = a[i] > a[best] ? i : best;
        }
        right += best == labels[b];
    }
    return right;
}

/* Errors of a layer times the derivative of its activation. */
static void apply_derivative(struct cli_blas_network *n, uint32_t layer, uint32_t count) {
    const size_t width = width_of(n, layer);
    for (uint32_t b = 0; b < count; ++b) {
        const float *a = n->activations[layer] + b * (width + 1);
        float *e = n->errors[layer] + b * (width + 1);
        for (size_t i = 0; i < width; ++i) {
            e[i] *= a[i] * (1.0f - a[i]);
        }
    }
}

uint32_t cli_blas_train(struct cli_blas_network *n, const float *pixels, const uint8_t *labels,
                        uint32_t count, float rate) {
    const uint32_t last = n->layers.count - 1;
    const size_t outputs = width_of(n, last);
    const uint32_t right = cli_blas_test(n, pixels, labels, count);
    for (uint32_t b = 0; b < count; ++b) {
        const float *a = n->activations[last] + b * (outputs + 1);
        float *e = n->errors[last] + b * (outputs + 1);
        for (size_t i = 0; i < outputs; ++i) {
            e[i] = (i == labels[b] ? 1.0f : 0.0f) - a[i];
        }
    }
    for (uint32_t i = last; i-- > 0;) {
        if (i > 0) {
            backward_product(n, i, count);
            apply_derivative(n, i, count);
        }
        update(n, i, count, rate);
    }
    return right;
}

void cli_blas_time(struct cli_blas_network *n, int on) {
    n->timed = on;
    n->seconds = 0.0;
}

double cli_blas_seconds(const struct cli_blas_network *n) {
    return n->seconds;
}
