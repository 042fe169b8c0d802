/*
 * A chip's weights as NumPy arrays, for layer N (from 0) layerN_NAME.npy of shape (inputs + bias
 * row, outputs):
 *
 *   g_plus, g_minus            <u2  conductance codes; a step is the smallest power of two of a uS
 *                                   that covers gmax
 *   pulses_plus, pulses_minus  |u1  SET pulses since the last RESET
 *   writes_plus, writes_minus  <u4  pulses ever, up to 2^31
 *   weight_us                  <f8  continuous devices only: G+ - G- in uS, -1e9 .. 1e9
 *   chi                        <i4  chi words, or with float arithmetic <f8, in epsilons or sums of
 *                                   weight changes, -1e9 .. 1e9; none with transfer.mode direct
 *
 * Chips load what chips of the same devices, shape and arithmetic have saved.
 */
#ifndef MCA_TRAIN_WEIGHTS_IO_H
#define MCA_TRAIN_WEIGHTS_IO_H

#include "base/c_linkage.h"
#include "base/status.h"

MCA_C_BEGIN

struct mca_chip;

/* Writes the arrays into the existing directory `dir`. Errors: MCA_SYSTEM. */
enum mca_status mca_weights_save(const struct mca_chip *chip, const char *dir,
                                 struct mca_error *error);

/* Replaces the chip's conductances and chi. On error the chip is unusable for training and is to be
 * destroyed. Errors: MCA_SYSTEM; MCA_INVALID, with file, row and column where a cell is no number
 * or out of range. */
enum mca_status mca_weights_load(struct mca_chip *chip, const char *dir, struct mca_error *error);

MCA_C_END

#endif
