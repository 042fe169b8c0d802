/*
 * How weights from outside become conductances. Defaults, ranges and meanings: the scenario key
 * table (section `weights`).
 */
#ifndef MCA_CHIP_IMPORT_CONFIG_H
#define MCA_CHIP_IMPORT_CONFIG_H

#include <stdint.h>

/* What of a layer's weights gets the conductance largest_us. */
enum mca_weight_scale {
    MCA_SCALE_AUTO,       /* the maximum, but given of ideal devices and where a layer's unit weight
                             is given */
    MCA_SCALE_MAXIMUM,    /* the largest magnitude: nothing is clipped */
    MCA_SCALE_PERCENTILE, /* the magnitude that holds so many of them */
    MCA_SCALE_GIVEN       /* none: the unit weight is what it is without imported weights */
};

enum mca_programming {
    MCA_PROGRAM_BLIND,    /* RESET, and as many SET pulses as are expected to lead there */
    MCA_PROGRAM_VERIFY,   /* a pulse, a read, until the weight reads right */
    MCA_PROGRAM_PUBLISHED /* drawn around the target, device/published_programming.h */
};

struct mca_import_config {
    unsigned scale; /* enum mca_weight_scale */
    double percentile;
    double largest_us;    /* 0: device.gmax_us */
    unsigned programming; /* enum mca_programming */
    double tolerance_us;  /* of a weight's conductance difference ... */
    uint32_t max_pulses;  /* ... that so many pulses may seek */
    uint32_t reads;       /* whose mean is compared */
    unsigned is_given;    /* no key: plain weights are given, and the keys have a meaning */
};

#endif
