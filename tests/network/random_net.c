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

/* Whether the network with one more layer fits together. */
static bool fits(struct random_net *net, struct ref_layer layer) {
    net->layers[net->count] = layer;
    struct ref_net *built = ref_net_create(net->input, net->layers, net->count + 1, REF_SQUARED);
    ref_net_destroy(built);
    return built != NULL;
}

static struct ref_layer draw_layer(const struct random_net *net, uint64_t *state) {
    /* Most sums find nothing of their shape. */
    const int drawn = between(state, REF_DENSE, REF_RESIDUAL_SUM + 4);
    struct ref_layer layer = {.kind = drawn < REF_RESIDUAL_SUM ? (enum ref_kind)drawn
                                                               : REF_RESIDUAL_SUM};
    layer.activation = (enum ref_activation)between(state, REF_SIGMOID, REF_IDENTITY);
    layer.units = between(state, 1, 6);
    layer.kernel = between(state, 1, 5);
    layer.stride = between(state, 1, 3);
    layer.padding = between(state, 0, layer.kernel - 1);
    layer.from = REF_FROM_INPUT;
    if (layer.kind == REF_MAX_POOL || layer.kind == REF_AVG_POOL) {
        layer.activation = REF_IDENTITY;
    }
    if (layer.kind == REF_CONV2D && between(state, 0, 1) == 0) {
        /* Keeps height and width, and often the channels: something for a residual sum. */
        layer.kernel = 3;
        layer.stride = 1;
        layer.padding = 1;
        layer.units = net->input.channels;
    }
    return layer;
}

/* A layer that fits. A sum adds something else than what it takes: the earliest that has its shape,
 * or one after that. */
static bool append(struct random_net *net, struct ref_layer layer, uint64_t *state) {
    bool found = false;
    if (layer.kind != REF_RESIDUAL_SUM) {
        found = fits(net, layer);
    }
    for (int from = REF_FROM_INPUT; layer.kind == REF_RESIDUAL_SUM && from < net->count - 1;
         ++from) {
        struct ref_layer candidate = layer;
        candidate.from = from;
        if ((!found || between(state, 0, 1) == 0) && fits(net, candidate)) {
            layer = candidate;
            found = true;
        }
    }
    net->layers[net->count] = layer;
    net->count += found;
    return found;
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
        if (!wait && append(&net, layer, &state)) {
            dense = dense || layer.kind == REF_DENSE;
        }
    }
    static const enum ref_activation last[] = {
        [REF_LOGISTIC] = REF_SIGMOID, [REF_SQUARED] = REF_TANH, [REF_SOFTMAX] = REF_IDENTITY};
    net.layers[net.count] = (struct ref_layer){
        .kind = REF_DENSE, .activation = last[net.loss], .units = between(&state, 2, 6)};
    ++net.count;
    return net;
}
