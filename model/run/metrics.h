/*
 * What architects compare chips by, beside energy, time and area themselves: products of a network,
 * what the arrays could do if they did nothing but read, and how much power each kind of unit draws
 * while it works. Pure functions of a run's counts, times and prices.
 */
#ifndef MCA_RUN_METRICS_H
#define MCA_RUN_METRICS_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/chip_config.h"
#include "chip/ledger.h"
#include "cost/price_list.h"
#include "network/network.h"

MCA_C_BEGIN

/* Multiplications with their additions, every weight visited: of a layer or of the network. */
struct mca_macs {
    uint64_t per_image; /* of an image that is trained on, or tested in a run that only tests */
    uint64_t forward;   /* of all of the run's images ... */
    uint64_t backward;
    uint64_t update;
    uint64_t total;
    uint64_t tested; /* ... and of the images of tests, forward */
};

/* `macs[layer_count + 1]` of the layers and of what belongs to none of them, in which there is
 * none. `trained` images were trained on, and `tested` tested; of a test alone none is trained on.
 * Returns the sum. */
struct mca_macs mca_macs_of(const struct mca_network *network, uint64_t trained, uint64_t tested,
                            struct mca_macs *macs);

/* All arrays of a chip read forward at once, every line driven, one read after the other. Digital
 * layers have none. */
struct mca_full_reads {
    uint64_t macs;                        /* of a read of all of them: a product a weight */
    uint64_t pace_ps;                     /* from one read to the next: of DACs, array and ADCs the
                                             slowest */
    uint64_t counts[MCA_COMPONENT_COUNT]; /* lines driven, devices, samples, conversions */
    double joules;                        /* of them */
};

struct mca_full_reads mca_full_reads_of(const struct mca_network *network,
                                        const struct mca_chip_config *chip,
                                        const struct mca_price_list *prices);

MCA_C_END

#endif
