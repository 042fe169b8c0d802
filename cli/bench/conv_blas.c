#include "cli/bench/conv_blas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench/openblas.h"

enum { STAGES = 2, DENSE = 2, POOL = 2 };

/* A convolution and the pooling behind it; values lie channel-last. */
struct stage {
    uint32_t side; /* of what it takes ... */
    uint32_t channels;
    uint32_t kernel;
    uint32_t out; /* ... and of what it gives, before pooling */
    uint32_t filters;
    uint32_t lines;      /* kernel x kernel x channels + 1: the bias */
    float *weights;      /* [lines][filters] */
    float *columns;      /* [out x out][lines], the last of each 1 */
    float *columns_back; /* [out x out][lines - 1] */
    float *values;       /* [out x out][filters] */
    float *errors;
    float *pooled; /* [out / 2][out / 2][filters] and one more value */
    float *pooled_errors;
    uint32_t *choice; /* which of the values each pooled one is */
};

struct dense {
    uint32_t inputs;
    uint32_t outputs;
    float *weights; /* [inputs + 1][outputs], bias last */
    float *values;  /* [outputs] and 1 */
    float *errors;
};

struct cli_conv_network {
    struct cli_openblas blas;
    struct mca_arena arena;
    struct stage stages[STAGES];
    struct dense dense[DENSE];
};

static float *take(struct cli_conv_network *n, size_t count, int *whole) {
    return mca_arena_take(&n->arena, count, sizeof(float), whole);
}

static void make_stage(struct cli_conv_network *n, uint32_t layer, struct stage *s, int *whole) {
    s->out = s->side - s->kernel + 1;
    s->lines = s->kernel * s->kernel * s->channels + 1;
    const size_t positions = (size_t)s->out * s->out;
    const size_t pooled = positions / (POOL * POOL) * s->filters;
    s->weights = cli_blas_weights(&n->arena, layer, s->lines - 1, s->filters, whole);
    s->columns = take(n, positions * s->lines, whole);
    s->columns_back = take(n, positions * (s->lines - 1), whole);
    s->values = take(n, positions * s->filters, whole);
    s->errors = take(n, positions * s->filters, whole);
    s->pooled = take(n, pooled + 1, whole);
    s->pooled_errors = take(n, pooled + 1, whole);
    s->choice = mca_arena_take(&n->arena, pooled, sizeof *s->choice, whole);
    for (size_t p = 0; *whole && p < positions; ++p) {
        s->columns[p * s->lines + s->lines - 1] = 1.0f;
    }
    if (*whole) {
        s->pooled[pooled] = 1.0f;
    }
}

static void make_dense(struct cli_conv_network *n, uint32_t layer, struct dense *d, int *whole) {
    d->weights = cli_blas_weights(&n->arena, layer, d->inputs, d->outputs, whole);
    d->values = take(n, (size_t)d->outputs + 1, whole);
    d->errors = take(n, d->outputs, whole);
    if (*whole) {
        d->values[d->outputs] = 1.0f;
    }
}

static int allocate(struct cli_conv_network *n, const struct cli_conv_shape *shape) {
    int whole = 1;
    struct stage *const first = &n->stages[0];
    struct stage *const second = &n->stages[1];
    *first = (struct stage){
        .side = shape->side, .channels = 1, .kernel = shape->kernel, .filters = shape->filters[0]};
    make_stage(n, 0, first, &whole);
    *second = (struct stage){.side = first->out / POOL,
                             .channels = first->filters,
                             .kernel = shape->kernel,
                             .filters = shape->filters[1]};
    make_stage(n, 1, second, &whole);
    const uint32_t side = second->out / POOL;
    n->dense[0] = (struct dense){.inputs = side * side * second->filters, .outputs = shape->hidden};
    n->dense[1] = (struct dense){.inputs = shape->hidden, .outputs = shape->outputs};
    for (uint32_t i = 0; i < DENSE; ++i) {
        make_dense(n, STAGES + i, &n->dense[i], &whole);
    }
    return whole;
}

enum mca_status cli_conv_create(struct cli_conv_network **network,
                                const struct cli_conv_shape *shape, struct mca_error *error) {
    struct cli_conv_network *n = calloc(1, sizeof *n);
    enum mca_status status =
        n ? cli_openblas_load(&n->blas, error) : mca_fail_memory(error, "bench");
    if (status == MCA_OK && !allocate(n, shape)) {
        status = mca_fail_memory(error, "bench");
    }
    if (status != MCA_OK) {
        cli_conv_destroy(n);
        return status;
    }
    *network = n;
    return MCA_OK;
}

void cli_conv_destroy(struct cli_conv_network *n) {
    if (n) {
        mca_arena_deinit(&n->arena);
    }
    free(n);
}

/* Windows of an image as rows of a matrix. */
static void to_columns(const struct stage *s, const float *image) {
    const size_t run = (size_t)s->kernel * s->channels;
    for (uint32_t p = 0; p < s->out * s->out; ++p) {
        const float *from = image + ((size_t)(p / s->out) * s->side + p % s->out) * s->channels;
        float *to = s->columns + (size_t)p * s->lines;
        for (uint32_t k = 0; k < s->kernel; ++k) {
            memcpy(to + k * run, from + (size_t)k * s->side * s->channels, run * sizeof *to);
        }
    }
}

/* The way back: each value's errors of all its windows are added. */
static void from_columns(const struct stage *s, float *errors) {
    const size_t run = (size_t)s->kernel * s->channels;
    memset(errors, 0, (size_t)s->side * s->side * s->channels * sizeof *errors);
    for (uint32_t p = 0; p < s->out * s->out; ++p) {
        const float *from = s->columns_back + (size_t)p * (s->lines - 1);
        float *to = errors + ((size_t)(p / s->out) * s->side + p % s->out) * s->channels;
        for (uint32_t k = 0; k < s->kernel; ++k) {
            for (size_t i = 0; i < run; ++i) {
                to[(size_t)k * s->side * s->channels + i] += from[k * run + i];
            }
        }
    }
}

/* ReLU, and the largest of 2 x 2. */
static void pool(const struct stage *s) {
    const uint32_t side = s->out / POOL;
    for (uint32_t w = 0; w < side * side; ++w) {
        const uint32_t corner = (w / side * POOL * s->out + w % side * POOL) * s->filters;
        for (uint32_t c = 0; c < s->filters; ++c) {
            uint32_t best = corner + c;
            for (uint32_t k = 1; k < POOL * POOL; ++k) {
                const uint32_t at = corner + (k / POOL * s->out + k % POOL) * s->filters + c;
                best = s->values[at] > s->values[best] ? at : best;
            }
            const float value = s->values[best];
            s->choice[w * s->filters + c] = best;
            s->pooled[w * s->filters + c] = value > 0.0f ? value : 0.0f;
        }
    }
}

static void unpool(const struct stage *s) {
    const size_t positions = (size_t)s->out * s->out;
    memset(s->errors, 0, positions * s->filters * sizeof *s->errors);
    for (size_t i = 0; i < positions / (POOL * POOL) * s->filters; ++i) {
        s->errors[s->choice[i]] = s->pooled[i] > 0.0f ? s->pooled_errors[i] : 0.0f;
    }
}

static void forward_stage(const struct cli_conv_network *n, const struct stage *s,
                          const float *image) {
    const int positions = (int)(s->out * s->out);
    const int lines = (int)s->lines;
    const int filters = (int)s->filters;
    to_columns(s, image);
    n->blas.sgemm(CLI_ROW_MAJOR, CLI_NOT_TRANSPOSED, CLI_NOT_TRANSPOSED, positions, filters, lines,
                  1.0f, s->columns, lines, s->weights, filters, 0.0f, s->values, filters);
    pool(s);
}

/* `below`: errors of what it takes; NULL where nobody wants them. */
static void backward_stage(const struct cli_conv_network *n, const struct stage *s, float *below,
                           float rate) {
    const int positions = (int)(s->out * s->out);
    const int lines = (int)s->lines;
    const int filters = (int)s->filters;
    unpool(s);
    if (below) {
        n->blas.sgemm(CLI_ROW_MAJOR, CLI_NOT_TRANSPOSED, CLI_TRANSPOSED, positions, lines - 1,
                      filters, 1.0f, s->errors, filters, s->weights, filters, 0.0f, s->columns_back,
                      lines - 1);
        from_columns(s, below);
    }
    n->blas.sgemm(CLI_ROW_MAJOR, CLI_TRANSPOSED, CLI_NOT_TRANSPOSED, lines, filters, positions,
                  rate, s->columns, lines, s->errors, filters, 1.0f, s->weights, filters);
}

static void forward_dense(const struct cli_conv_network *n, const struct dense *d,
                          const float *input, int is_last) {
    n->blas.sgemv(CLI_ROW_MAJOR, CLI_TRANSPOSED, (int)d->inputs + 1, (int)d->outputs, 1.0f,
                  d->weights, (int)d->outputs, input, 1, 0.0f, d->values, 1);
    for (uint32_t c = 0; !is_last && c < d->outputs; ++c) {
        d->values[c] = d->values[c] > 0.0f ? d->values[c] : 0.0f;
    }
}

static void backward_dense(const struct cli_conv_network *n, const struct dense *d,
                           const float *input, float *below, float rate) {
    const int outputs = (int)d->outputs;
    n->blas.sgemv(CLI_ROW_MAJOR, CLI_NOT_TRANSPOSED, (int)d->inputs, outputs, 1.0f, d->weights,
                  outputs, d->errors, 1, 0.0f, below, 1);
    n->blas.sger(CLI_ROW_MAJOR, (int)d->inputs + 1, outputs, rate, input, 1, d->errors, 1,
                 d->weights, outputs);
}

/* Errors of the outputs, target - probability; returns the loss. */
static float softmax_errors(const struct dense *d, uint32_t label) {
    float most = d->values[0];
    float sum = 0.0f;
    for (uint32_t c = 1; c < d->outputs; ++c) {
        most = d->values[c] > most ? d->values[c] : most;
    }
    for (uint32_t c = 0; c < d->outputs; ++c) {
        d->errors[c] = expf(d->values[c] - most);
        sum += d->errors[c];
    }
    const float loss = logf(sum) - (d->values[label] - most);
    for (uint32_t c = 0; c < d->outputs; ++c) {
        d->errors[c] = (c == label ? 1.0f : 0.0f) - d->errors[c] / sum;
    }
    return loss;
}

float cli_conv_train(struct cli_conv_network *n, const float *pixels, uint32_t label, float rate) {
    const struct stage *s = n->stages;
    const struct dense *d = n->dense;
    forward_stage(n, &s[0], pixels);
    forward_stage(n, &s[1], s[0].pooled);
    forward_dense(n, &d[0], s[1].pooled, 0);
    forward_dense(n, &d[1], d[0].values, 1);
    const float loss = softmax_errors(&d[1], label);
    backward_dense(n, &d[1], d[0].values, d[0].errors, rate);
    for (uint32_t c = 0; c < d[0].outputs; ++c) {
        d[0].errors[c] = d[0].values[c] > 0.0f ? d[0].errors[c] : 0.0f;
    }
    backward_dense(n, &d[0], s[1].pooled, s[1].pooled_errors, rate);
    backward_stage(n, &s[1], s[0].pooled_errors, rate);
    backward_stage(n, &s[0], NULL, rate);
    return loss;
}
