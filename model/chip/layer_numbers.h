/*
 * The numbers that a layer works with: the conductance of a weight of 1, the full scales of its
 * activations and of its converters. A layer's keys give them; what they leave open is found from
 * training images (train/calibration.h), by a rule, or taken from the chip's own keys.
 */
#ifndef MCA_CHIP_LAYER_NUMBERS_H
#define MCA_CHIP_LAYER_NUMBERS_H

#include "base/c_linkage.h"
#include "chip/chip_config.h"
#include "network/network.h"

MCA_C_BEGIN

enum mca_number_source {
    MCA_NUMBER_NONE, /* the layer has no such number */
    MCA_NUMBER_GIVEN,
    MCA_NUMBER_FOUND,    /* from training images */
    MCA_NUMBER_WEIGHTS,  /* follows the bound of the initial weights */
    MCA_NUMBER_IMPORTED, /* follows the weights that were imported */
    MCA_NUMBER_CHIP      /* a key of the chip, or a constant where nothing is found */
};

struct mca_layer_numbers {
    double unit_weight_us;
    int weight_exponent;   /* digital layers: a weight of 2^weight_exponent is half of full scale */
    int in_exponent;       /* full scale of what it takes, 2^in_exponent ... */
    int other_exponent;    /* ... of what a residual sum adds to it ... */
    int out_exponent;      /* ... and of what it gives */
    double forward_range;  /* converters, +-, in weight x full scale of what it takes ... */
    double backward_range; /* ... and in weight x largest error */
    enum mca_number_source unit_weight_from;
    enum mca_number_source activation_from; /* NONE where out_exponent is fixed or passed on */
    enum mca_number_source forward_from;
    enum mca_number_source backward_from;
};

/* Those of every layer of `network`, which is that of `config`. */
void mca_layer_numbers(const struct mca_chip_config *config, const struct mca_network *network,
                       struct mca_layer_numbers numbers[MCA_LAYERS_MAX]);

/* Whether what a layer takes can be negative: what pools pass on is of what they take. */
int mca_takes_signs(const struct mca_network *network, uint32_t index);

/* "given", "training images", "initial weights", "imported weights", "chip"; "none". */
const char *mca_number_source_name(enum mca_number_source source);

/* Initial weights are uniform in +- this: gain sqrt(6 / (inputs + outputs)) of a matrix with `rows`
 * inputs, the bias's included, and `cols` outputs. */
double mca_initial_bound(double gain, uint32_t rows, uint32_t cols);

/*
 * Unit weight of pulsed weights that begin in +- bound, in uS: the smallest power of two at which a
 * pulse of epsilon_us is no more than a quarter of the bound; but none at which 1.5 times the bound
 * is above gmax_us. Every argument above 0.
 */
double mca_unit_weight_for(double bound, double epsilon_us, double gmax_us);

MCA_C_END

#endif
