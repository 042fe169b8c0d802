/*
 * A layered network in plain double precision, one image at a time, written to be read: what the
 * chip's networks are held against. It shares no code with the model.
 *
 * Values lie channel-last: index = (y * width + x) * channels + c. A matrix lies row by row; a
 * dense layer's has inputs + 1 rows, a convolution's kernel * kernel * channels + 1 with
 * row = (ky * kernel + kx) * channels + c; the last row is the bias. One column is one unit or
 * filter.
 *
 * An error is minus the gradient of the loss with respect to the sum that enters an activation, and
 * a gradient here is minus the gradient of the loss too: the direction in which a weight should go.
 */
#ifndef MCA_TESTS_NETWORK_REFERENCE_NET_H
#define MCA_TESTS_NETWORK_REFERENCE_NET_H

enum ref_kind { REF_DENSE, REF_CONV2D, REF_MAX_POOL, REF_AVG_POOL, REF_RESIDUAL_SUM };
enum ref_activation { REF_SIGMOID, REF_TANH, REF_RELU, REF_IDENTITY };

/*
 * Logistic: one logistic loss per output, the last activation must be the sigmoid. Squared: half
 * the sum of squares. Softmax: the last activation must be the identity; the outputs of the last
 * layer are then the probabilities.
 */
enum ref_loss { REF_LOGISTIC, REF_SQUARED, REF_SOFTMAX };

enum { REF_FROM_INPUT = -1, REF_LAYERS_MAX = 32 };

struct ref_shape {
    int channels, height, width;
};

/* What a layer is. Fields that its kind does not have are ignored. */
struct ref_layer {
    enum ref_kind kind;
    enum ref_activation activation;
    int units;          /* dense: units; convolution: filters */
    int kernel, stride; /* convolution and pools: kernel x kernel windows, stride apart */
    int padding;        /* zeros on each side, fewer than kernel; a maximum leaves them out */
    int from;           /* residual sum: earlier layer that is added, or REF_FROM_INPUT */
};

struct ref_state {
    struct ref_layer layer;
    struct ref_shape in, out;
    int rows, cols;    /* 0 x 0 where there is no matrix */
    double *weights;   /* rows x cols, given by the caller */
    double *gradients; /* rows x cols, summed over positions and calls */
    double *sums;      /* what enters the activation */
    double *outputs;
    double *errors;
    int *choices; /* max pool: index of the input that each output is */
};

struct ref_net {
    enum ref_loss loss;
    int layers;
    struct ref_shape input_shape;
    double *input;
    double *input_errors; /* minus the gradient of the loss with respect to the input */
    struct ref_state at[REF_LAYERS_MAX];
};

/*
 * A network whose weights and gradients are 0. NULL where the layers do not fit together: a window
 * larger than its padded input, padding not below the kernel, a sum of two shapes, a last
 * activation that is not the loss's.
 */
struct ref_net *ref_net_create(struct ref_shape input, const struct ref_layer *layers, int count,
                               enum ref_loss loss);
void ref_net_destroy(struct ref_net *net);

int ref_values(struct ref_shape shape);

/* Sums, choices and outputs of every layer. */
void ref_net_forward(struct ref_net *net, const double *input);
/* The same from the stored sums of a layer on, which stay as they are. */
void ref_net_forward_from_sums(struct ref_net *net, int layer);
double ref_net_loss(const struct ref_net *net, const double *target);
/* Errors of every layer and of the input; adds to the gradients. */
void ref_net_backward(struct ref_net *net, const double *target);
void ref_net_clear_gradients(struct ref_net *net);

#endif
