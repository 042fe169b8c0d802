#include "network/reference_net.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int ref_values(struct ref_shape shape) {
    return shape.channels * shape.height * shape.width;
}

static int value_index(struct ref_shape shape, int y, int x, int c) {
    return (y * shape.width + x) * shape.channels + c;
}

static bool has_window(enum ref_kind kind) {
    return kind != REF_DENSE && kind != REF_RESIDUAL_SUM;
}

/* Output shape and matrix of a layer; false where it does not fit its input. */
static bool infer_shape(const struct ref_net *net, struct ref_state *s, int index) {
    const struct ref_layer *layer = &s->layer;
    s->out = s->in;
    if (has_window(layer->kind)) {
        const int height = s->in.height + 2 * layer->padding - layer->kernel;
        const int width = s->in.width + 2 * layer->padding - layer->kernel;
        if (layer->kernel < 1 || layer->stride < 1 || layer->padding < 0 ||
            layer->padding >= layer->kernel || height < 0 || width < 0) {
            return false;
        }
        s->out.height = height / layer->stride + 1;
        s->out.width = width / layer->stride + 1;
    }
    if (layer->kind == REF_CONV2D) {
        s->out.channels = layer->units;
        s->rows = layer->kernel * layer->kernel * s->in.channels + 1;
        s->cols = layer->units;
    } else if (layer->kind == REF_DENSE) {
        s->out = (struct ref_shape){layer->units, 1, 1};
        s->rows = ref_values(s->in) + 1;
        s->cols = layer->units;
    } else if (layer->kind == REF_RESIDUAL_SUM) {
        if (layer->from < REF_FROM_INPUT || layer->from >= index) {
            return false;
        }
        const struct ref_shape added =
            layer->from == REF_FROM_INPUT ? net->input_shape : net->at[layer->from].out;
        return memcmp(&added, &s->in, sizeof added) == 0;
    }
    return ref_values(s->out) > 0;
}

static void *zeros(int count, size_t size) {
    void *memory = calloc((size_t)count + 1, size); /* never of size 0 */
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static void give_memory(struct ref_state *s) {
    const int values = ref_values(s->out);
    s->weights = zeros(s->rows * s->cols, sizeof(double));
    s->gradients = zeros(s->rows * s->cols, sizeof(double));
    s->sums = zeros(values, sizeof(double));
    s->outputs = zeros(values, sizeof(double));
    s->errors = zeros(values, sizeof(double));
    s->choices = zeros(values, sizeof(int));
}

struct ref_net *ref_net_create(struct ref_shape input, const struct ref_layer *layers, int count,
                               enum ref_loss loss) {
    struct ref_net *net = zeros(1, sizeof *net);
    net->loss = loss;
    net->input_shape = input;
    net->input = zeros(ref_values(input), sizeof(double));
    net->input_errors = zeros(ref_values(input), sizeof(double));
    bool fits = count >= 1 && count <= REF_LAYERS_MAX;
    for (int l = 0; fits && l < count; ++l) {
        struct ref_state *s = &net->at[l];
        s->layer = layers[l];
        s->in = l == 0 ? input : net->at[l - 1].out;
        fits = infer_shape(net, s, l);
        if (fits) {
            give_memory(s);
            net->layers = l + 1;
        }
    }
    const enum ref_activation last = fits ? layers[count - 1].activation : REF_IDENTITY;
    if (!fits || (loss == REF_LOGISTIC && last != REF_SIGMOID) ||
        (loss == REF_SOFTMAX && last != REF_IDENTITY)) {
        ref_net_destroy(net);
        return NULL;
    }
    return net;
}

void ref_net_destroy(struct ref_net *net) {
    if (net == NULL) {
        return;
    }
    for (int l = 0; l < net->layers; ++l) {
        struct ref_state *s = &net->at[l];
        free(s->weights);
        free(s->gradients);
        free(s->sums);
        free(s->outputs);
        free(s->errors);
        free(s->choices);
    }
    free(net->input);
    free(net->input_errors);
    free(net);
}

static const double *outputs_of(const struct ref_net *net, int layer) {
    return layer < 0 ? net->input : net->at[layer].outputs;
}

static double *errors_of(struct ref_net *net, int layer) {
    return layer < 0 ? net->input_errors : net->at[layer].errors;
}

/*
 * Index of channel 0 of the input that a window has at (ky, kx), the window of output position
 * (y, x); -1 in the padding.
 */
static int window_index(const struct ref_state *s, int y, int x, int ky, int kx) {
    const int in_y = y * s->layer.stride + ky - s->layer.padding;
    const int in_x = x * s->layer.stride + kx - s->layer.padding;
    if (in_y < 0 || in_y >= s->in.height || in_x < 0 || in_x >= s->in.width) {
        return -1;
    }
    return value_index(s->in, in_y, in_x, 0);
}

/* ---- forward ---- */

static void dense_sums(struct ref_state *s, const double *in) {
    for (int u = 0; u < s->cols; ++u) {
        double sum = s->weights[(s->rows - 1) * s->cols + u];
        for (int i = 0; i < s->rows - 1; ++i) {
            sum += in[i] * s->weights[i * s->cols + u];
        }
        s->sums[u] = sum;
    }
}

static double convolved(const struct ref_state *s, const double *in, int y, int x, int filter) {
    const int kernel = s->layer.kernel;
    double sum = s->weights[(s->rows - 1) * s->cols + filter];
    for (int ky = 0; ky < kernel; ++ky) {
        for (int kx = 0; kx < kernel; ++kx) {
            const int at = window_index(s, y, x, ky, kx);
            for (int c = 0; at >= 0 && c < s->in.channels; ++c) {
                const int row = (ky * kernel + kx) * s->in.channels + c;
                sum += in[at + c] * s->weights[row * s->cols + filter];
            }
        }
    }
    return sum;
}

/* The first of the largest in row-major order of the window; padding is no candidate. */
static int largest_index(const struct ref_state *s, const double *in, int y, int x, int c) {
    int best = -1;
    for (int ky = 0; ky < s->layer.kernel; ++ky) {
        for (int kx = 0; kx < s->layer.kernel; ++kx) {
            const int at = window_index(s, y, x, ky, kx);
            if (at >= 0 && (best < 0 || in[at + c] > in[best])) {
                best = at + c;
            }
        }
    }
    return best;
}

/* Padding counts as zeros: the sum is always divided by the whole window. */
static double average(const struct ref_state *s, const double *in, int y, int x, int c) {
    double sum = 0.0;
    for (int ky = 0; ky < s->layer.kernel; ++ky) {
        for (int kx = 0; kx < s->layer.kernel; ++kx) {
            const int at = window_index(s, y, x, ky, kx);
            sum += at >= 0 ? in[at + c] : 0.0;
        }
    }
    return sum / (s->layer.kernel * s->layer.kernel);
}

static void window_sums(struct ref_state *s, const double *in) {
    for (int y = 0; y < s->out.height; ++y) {
        for (int x = 0; x < s->out.width; ++x) {
            for (int c = 0; c < s->out.channels; ++c) {
                const int at = value_index(s->out, y, x, c);
                if (s->layer.kind == REF_CONV2D) {
                    s->sums[at] = convolved(s, in, y, x, c);
                } else if (s->layer.kind == REF_MAX_POOL) {
                    s->choices[at] = largest_index(s, in, y, x, c);
                    s->sums[at] = in[s->choices[at]];
                } else {
                    s->sums[at] = average(s, in, y, x, c);
                }
            }
        }
    }
}

static void layer_sums(struct ref_net *net, int layer) {
    struct ref_state *s = &net->at[layer];
    const double *in = outputs_of(net, layer - 1);
    if (s->layer.kind == REF_DENSE) {
        dense_sums(s, in);
    } else if (s->layer.kind == REF_RESIDUAL_SUM) {
        const double *added = outputs_of(net, s->layer.from);
        for (int i = 0; i < ref_values(s->out); ++i) {
            s->sums[i] = in[i] + added[i];
        }
    } else {
        window_sums(s, in);
    }
}

static double activation(enum ref_activation kind, double z) {
    switch (kind) {
    case REF_SIGMOID:
        return 1.0 / (1.0 + exp(-z));
    case REF_TANH:
        return tanh(z);
    case REF_RELU:
        return z > 0.0 ? z : 0.0;
    case REF_IDENTITY:
        break;
    }
    return z;
}

/* The logarithm of the sum of exponentials, without overflow. */
static double log_sum_exp(const double *z, int count) {
    double largest = z[0];
    for (int i = 1; i < count; ++i) {
        largest = fmax(largest, z[i]);
    }
    double sum = 0.0;
    for (int i = 0; i < count; ++i) {
        sum += exp(z[i] - largest);
    }
    return largest + log(sum);
}

static void layer_outputs(struct ref_net *net, int layer) {
    struct ref_state *s = &net->at[layer];
    const int values = ref_values(s->out);
    const bool softmax = net->loss == REF_SOFTMAX && layer == net->layers - 1;
    const double scale = softmax ? log_sum_exp(s->sums, values) : 0.0;
    for (int i = 0; i < values; ++i) {
        s->outputs[i] =
            softmax ? exp(s->sums[i] - scale) : activation(s->layer.activation, s->sums[i]);
    }
}

void ref_net_forward_from_sums(struct ref_net *net, int layer) {
    layer_outputs(net, layer);
    for (int l = layer + 1; l < net->layers; ++l) {
        layer_sums(net, l);
        layer_outputs(net, l);
    }
}

void ref_net_forward(struct ref_net *net, const double *input) {
    memcpy(net->input, input, (size_t)ref_values(net->input_shape) * sizeof *input);
    layer_sums(net, 0);
    ref_net_forward_from_sums(net, 0);
}

double ref_net_loss(const struct ref_net *net, const double *target) {
    const struct ref_state *last = &net->at[net->layers - 1];
    const int values = ref_values(last->out);
    double loss = 0.0;
    for (int i = 0; i < values; ++i) {
        const double z = last->sums[i];
        const double difference = target[i] - last->outputs[i];
        switch (net->loss) {
        case REF_LOGISTIC: /* -t ln a - (1 - t) ln(1 - a), of the sum z */
            loss += fmax(z, 0.0) + log1p(exp(-fabs(z))) - target[i] * z;
            break;
        case REF_SQUARED:
            loss += 0.5 * difference * difference;
            break;
        case REF_SOFTMAX: /* -t ln a */
            loss += target[i] * (log_sum_exp(last->sums, values) - z);
            break;
        }
    }
    return loss;
}

/* ---- backward ---- */

static double slope(enum ref_activation kind, double z) {
    const double a = activation(kind, z);
    switch (kind) {
    case REF_SIGMOID:
        return a * (1.0 - a);
    case REF_TANH:
        return 1.0 - a * a;
    case REF_RELU:
        return z > 0.0 ? 1.0 : 0.0;
    case REF_IDENTITY:
        break;
    }
    return 1.0;
}

static void through_activation(struct ref_state *s) {
    for (int i = 0; i < ref_values(s->out); ++i) {
        s->errors[i] *= slope(s->layer.activation, s->sums[i]);
    }
}

/* Errors of the last layer. In the logistic loss the slope cancels, and in the softmax. */
static void last_errors(struct ref_net *net, const double *target) {
    struct ref_state *s = &net->at[net->layers - 1];
    for (int i = 0; i < ref_values(s->out); ++i) {
        s->errors[i] = target[i] - s->outputs[i];
    }
    if (net->loss == REF_SQUARED) {
        through_activation(s);
    }
}

static void dense_back(struct ref_state *s, const double *in, double *back) {
    for (int u = 0; u < s->cols; ++u) {
        const double error = s->errors[u];
        s->gradients[(s->rows - 1) * s->cols + u] += error;
        for (int i = 0; i < s->rows - 1; ++i) {
            s->gradients[i * s->cols + u] += in[i] * error;
            back[i] += s->weights[i * s->cols + u] * error;
        }
    }
}

static void convolution_back(struct ref_state *s, const double *in, double *back, int y, int x) {
    const int kernel = s->layer.kernel;
    const double *errors = s->errors + value_index(s->out, y, x, 0);
    for (int f = 0; f < s->cols; ++f) {
        s->gradients[(s->rows - 1) * s->cols + f] += errors[f];
        for (int k = 0; k < kernel * kernel; ++k) {
            const int at = window_index(s, y, x, k / kernel, k % kernel);
            for (int c = 0; at >= 0 && c < s->in.channels; ++c) {
                const int weight = (k * s->in.channels + c) * s->cols + f;
                s->gradients[weight] += in[at + c] * errors[f];
                back[at + c] += s->weights[weight] * errors[f];
            }
        }
    }
}

static void average_back(const struct ref_state *s, double *back, int y, int x) {
    const int kernel = s->layer.kernel;
    const double *errors = s->errors + value_index(s->out, y, x, 0);
    for (int k = 0; k < kernel * kernel; ++k) {
        const int at = window_index(s, y, x, k / kernel, k % kernel);
        for (int c = 0; at >= 0 && c < s->in.channels; ++c) {
            back[at + c] += errors[c] / (kernel * kernel);
        }
    }
}

static void windows_back(struct ref_state *s, const double *in, double *back) {
    for (int y = 0; y < s->out.height; ++y) {
        for (int x = 0; x < s->out.width; ++x) {
            if (s->layer.kind == REF_CONV2D) {
                convolution_back(s, in, back, y, x);
            } else {
                average_back(s, back, y, x);
            }
        }
    }
}

/* Adds to the errors of what the layer takes, there still with respect to its outputs. */
static void layer_back(struct ref_net *net, int layer) {
    struct ref_state *s = &net->at[layer];
    const double *in = outputs_of(net, layer - 1);
    double *back = errors_of(net, layer - 1);
    const int values = ref_values(s->out);
    switch (s->layer.kind) {
    case REF_DENSE:
        dense_back(s, in, back);
        break;
    case REF_CONV2D:
    case REF_AVG_POOL:
        windows_back(s, in, back);
        break;
    case REF_MAX_POOL:
        for (int i = 0; i < values; ++i) {
            back[s->choices[i]] += s->errors[i];
        }
        break;
    case REF_RESIDUAL_SUM:
        for (int i = 0; i < values; ++i) {
            back[i] += s->errors[i];
            errors_of(net, s->layer.from)[i] += s->errors[i];
        }
        break;
    }
}

void ref_net_backward(struct ref_net *net, const double *target) {
    for (int l = REF_FROM_INPUT; l < net->layers; ++l) {
        const struct ref_shape shape = l < 0 ? net->input_shape : net->at[l].out;
        memset(errors_of(net, l), 0, (size_t)ref_values(shape) * sizeof(double));
    }
    last_errors(net, target);
    for (int l = net->layers - 1; l >= 0; --l) {
        if (l < net->layers - 1) {
            /* All that takes this layer's outputs has added its part by now. */
            through_activation(&net->at[l]);
        }
        layer_back(net, l);
    }
}

void ref_net_clear_gradients(struct ref_net *net) {
    for (int l = 0; l < net->layers; ++l) {
        struct ref_state *s = &net->at[l];
        memset(s->gradients, 0, (size_t)(s->rows * s->cols) * sizeof(double));
    }
}
