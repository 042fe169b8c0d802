/*
 * Calibration: full scales of activations and of converters that a scenario leaves open, from
 * training images. The first images pass through a twin of the chip, with the initial weights that
 * its devices got, in real numbers: no read noise, no converters, no pulses, rate 0. What each tile
 * would convert - its own partial sums, forward over its rows, backward over its columns and for
 * each drive of a signed input - and each layer's activations are counted by the power of two that
 * holds them. A method then chooses a power of two:
 *
 *   percentile   the least one that calibration.percentile of the magnitudes do not exceed
 *   least error  the one with the least mean of squared error: a magnitude above the full scale is
 *                cut off, one below rounded to a step, with an error of step^2 / 12, or to 0
 *
 * and calibration.margin, a power of two, is multiplied on: weights grow in training.
 *
 * Quantities are the chip's. Forward: weight x full scale of the input. Backward: weight x largest
 * error of the layer, in fixed arithmetic that one's next power of two. Of activations a step is
 * that of the DAC that they drive.
 */
#ifndef MCA_TRAIN_CALIBRATION_H
#define MCA_TRAIN_CALIBRATION_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "chip/chip.h"
#include "train/image_set.h"
#include "train/train_config.h"

MCA_C_BEGIN

/* Magnitudes, counted by the power of two that holds them: those in 2^(e-1) < |v| <= 2^e. */
enum {
    MCA_MAGNITUDE_EXPONENT_MIN = -40,
    MCA_MAGNITUDE_EXPONENT_MAX = 40, /* the lowest and the highest take what is beyond */
    MCA_MAGNITUDE_CLASSES = MCA_MAGNITUDE_EXPONENT_MAX - MCA_MAGNITUDE_EXPONENT_MIN + 1
};

struct mca_magnitudes {
    uint64_t zeros;
    uint64_t count[MCA_MAGNITUDE_CLASSES];
    double sum[MCA_MAGNITUDE_CLASSES];         /* of |v| ... */
    double sum_squares[MCA_MAGNITUDE_CLASSES]; /* ... and of v^2 */
};

/* `value` is finite. */
void mca_magnitudes_add(struct mca_magnitudes *magnitudes, double value);

/* The least exponent e for which `percentile` (above 0, to 100) of all values have |v| <= 2^e;
 * MCA_MAGNITUDE_EXPONENT_MIN where so many are 0, or where there are none. */
int mca_magnitudes_percentile(const struct mca_magnitudes *magnitudes, double percentile);

/* The exponent e of the full scale 2^e whose 2^bits steps give the least squared error; the least
 * of equals. 1 <= bits <= 16. */
int mca_magnitudes_least_error(const struct mca_magnitudes *magnitudes, uint32_t bits);

/* Whether a number of some layer is to be found. */
int mca_calibration_is_due(const struct mca_chip_config *chip);

/*
 * Finds what is left open into chip->network.found; nothing else of it changes, and nothing at all
 * where nothing is due. Images are the first `config->images`, or as many as there are. `weights`:
 * a chip of the same network, devices and seed whose weights count, or NULL: the initial ones.
 * Errors: MCA_FAILED when memory is short.
 */
enum mca_status mca_calibrate(struct mca_chip_config *chip,
                              const struct mca_calibration_config *config,
                              const struct mca_image_set *images, const struct mca_chip *weights,
                              struct mca_error *error);

MCA_C_END

#endif
