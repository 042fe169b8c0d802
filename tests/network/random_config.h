/* A random network (random_net.h) as the model's configuration. */
#ifndef MCA_TESTS_NETWORK_RANDOM_CONFIG_H
#define MCA_TESTS_NETWORK_RANDOM_CONFIG_H

#include <stdint.h>

#include "network/network_config.h"
#include "network/random_net.h"

/* The next number of a sequence, uniform over 0 .. count - 1. */
uint32_t random_below(uint64_t *sequence, uint32_t count);

/* Input and layers into `network`, whose initial gain stays. Unit weights, rate factors and which
 * layers are frozen or digital are drawn; full scales are left open. */
void random_network_config(const struct random_net *net, uint64_t *sequence,
                           struct mca_network_config *network);

/* Its loss, enum mca_loss. */
unsigned random_net_loss(const struct random_net *net);

#endif
