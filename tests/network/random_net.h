/* Random small networks of all kinds of layers and odd shapes, for tests; the seed decides all. */
#ifndef MCA_TESTS_NETWORK_RANDOM_NET_H
#define MCA_TESTS_NETWORK_RANDOM_NET_H

#include <stdint.h>

#include "network/reference_net.h"

enum { RANDOM_NET_LAYERS_MAX = 8 };

struct random_net {
    struct ref_shape input;
    struct ref_layer layers[RANDOM_NET_LAYERS_MAX];
    int count;
    enum ref_loss loss;
};

/* The layers fit together; the last is dense. */
struct random_net random_net(uint64_t seed);

/* The next number of a sequence, uniform over -1 .. 1. */
double random_net_value(uint64_t *state);

#endif
