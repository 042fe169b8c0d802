#include "network/random_net.h"

#include <stdbool.h>
#include <stddef.h>

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next_bits(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double random_net_value(uint64_t *state) {
    return (double)(int64_t)next_bits(state) / 9223372036854775808.0;
}

static int between(uint64_t *state, int lowest, int highest) {
    return lowest + (int)(next_bits(state) % (uint64_t)(highest - lowest + 1));
}

/* The shape after the layers drawn so far and `layer`; no values where they do not fit. */
static struct ref_shape shape_after(struct random_net *net, struct ref_layer layer) {
    net->layers[net->count] = layer;
    struct ref_net *built = ref_net_create(net->input, net->layers, net->count + 1, REF_SQUARED);
    struct ref_shape shape = {0, 0, 0};
    if (built != NULL) {
        shape = built->at[net->count].out;
    }
    ref_net_destroy(built);
    return shape;
}

static struct ref_layer draw_layer(const struct random_net *net, uint64_t *state) {
    struct ref_layer layer = {.kind = (enum ref_kind)between(state, REF_DENSE, REF_RESIDUAL_SUM)};
    layer.activation = (enum ref_activation)between(state, REF_SIGMOID, REF_IDENTITY);
    layer.units = between(state, 1, 6);
    layer.kernel = between(state, 1, 4);
    layer.stride = between(state, 1, 3);
    layer.from = between(state, REF_FROM_INPUT, net->count - 1);
    layer.padding = between(state, 0, layer.kernel - 1);
    if (layer.kind == REF_MAX_POOL || layer.kind == REF_AVG_POOL) {
        layer.activation = REF_IDENTITY;
    }
    if (between(state, 0, 3) == 0 && layer.kind == REF_CONV2D) {
        /* Keeps height and width, and often the channels: something for a residual sum. */
        layer.kernel = 3;
        layer.stride = 1;
        layer.padding = 1;
        layer.units = net->input.channels;
    }
    return layer;
}

struct random_net random_net(uint64_t seed) {
    uint64_t state = seed;
    struct random_net net = {.loss = (enum ref_loss)between(&state, REF_LOGISTIC, REF_SOFTMAX)};
    net.input.channels = between(&state, 1, 4);
    net.input.height = between(&state, 1, 9);
    net.input.width = between(&state, 1, 9);
    const int wanted = between(&state, 1, RANDOM_NET_LAYERS_MAX);
    bool dense = false;
    for (int tries = 0; net.count < wanted - 1 && tries < 200; ++tries) {
        const struct ref_layer layer = draw_layer(&net, &state);
        /* Once dense, all is one position: such networks are few enough with one draw in three. */
        const bool wait = layer.kind == REF_DENSE && !dense && between(&state, 0, 2) > 0;
        if (!wait && ref_values(shape_after(&net, layer)) > 0) {
            dense = dense || layer.kind == REF_DENSE;
            ++net.count;
        }
    }
    static const enum ref_activation last[] = {
        [REF_LOGISTIC] = REF_SIGMOID, [REF_SQUARED] = REF_TANH, [REF_SOFTMAX] = REF_IDENTITY};
    net.layers[net.count] = (struct ref_layer){
        .kind = REF_DENSE, .activation = last[net.loss], .units = between(&state, 2, 6)};
    ++net.count;
    return net;
}
