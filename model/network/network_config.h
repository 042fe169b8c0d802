/* The network of a scenario (keys `network.*`): defaults, ranges and meanings are in the table. */
#ifndef MCA_NETWORK_NETWORK_CONFIG_H
#define MCA_NETWORK_NETWORK_CONFIG_H

#include "base/list.h"

enum mca_loss {
    MCA_LOSS_CROSS_ENTROPY, /* one logistic loss per output: error = target - activation */
    MCA_LOSS_SQUARED        /* error = (target - activation) x derivative of the sigmoid */
};

struct mca_network_config {
    struct mca_u32_list layers; /* widths, input first, without bias rows */
    double init_gain; /* initial weights uniform in +- gain sqrt(6 / (inputs + outputs)) */
};

#endif
