/*
 * A chip's weights as NumPy arrays, for layer N (from 0) layerN_NAME.npy of shape (inputs + bias
 * row, outputs):
 *
 *   g_plus, g_minus            <u2  conductance codes; a step is the smallest power of two of a uS
 *                                   that covers gmax
 *   pulses_plus, pulses_minus  |u1  SET pulses since the last RESET
 *   writes_plus, writes_minus  <u4  pulses ever, up to 2^31
 *   programmed_plus, .._minus  <u2  device.drift_in_training only: codes that devices were
 * programmed to ... age_ps_plus, age_ps_minus  <f8  ... so long before the end; chips load these
 * where they are there, and take devices for just programmed where not weight_us <f8  continuous
 * devices only: G+ - G- in uS, -1e9 .. 1e9, with train.hardware_aware within +-gmax chi <i4  chi
 * words, or with float arithmetic <f8, in epsilons or sums of weight changes, -1e9 .. 1e9; none
 * with transfer.mode direct weight                     <f8  digital layers only, in place of all
 * these unit_weight_us             <f8  1 x 1, only where it was found from imported weights: the
 *                                   conductance of a weight of 1
 *
 * Chips load what chips of the same devices, shape and arithmetic have saved. For weights as other
 * programs keep them see train/plain_weights.h; docs/reference/weights.md describes both.
 */
#ifndef MCA_TRAIN_WEIGHTS_IO_H
#define MCA_TRAIN_WEIGHTS_IO_H

#include "base/c_linkage.h"
#include "base/status.h"

MCA_C_BEGIN

struct mca_chip;
struct mca_network_config;

/* Writes the arrays into the existing directory `dir`. Errors: MCA_SYSTEM. */
enum mca_status mca_weights_save(const struct mca_chip *chip, const char *dir,
                                 struct mca_error *error);

/* Whether a file is named as those are that mca_weights_save writes. */
int mca_weights_is_state_file(const char *name);

/* The unit weights that a saved chip's layers had found from imported weights, into
 * network->found[].unit_weight_us, for the chip that is to load its state; 0 where there are none.
 * Errors: as of mca_weights_load. */
enum mca_status mca_weights_load_units(struct mca_network_config *network, const char *dir,
                                       struct mca_error *error);

/* Replaces the chip's conductances and chi. On error the chip is unusable for training and is to be
 * destroyed. Errors: MCA_SYSTEM; MCA_INVALID, with file, row and column where a cell is no number
 * or out of range. */
enum mca_status mca_weights_load(struct mca_chip *chip, const char *dir, struct mca_error *error);

MCA_C_END

#endif
