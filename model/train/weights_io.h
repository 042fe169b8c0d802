/*
 * A chip's weights as NumPy arrays. Per layer N (from 0), shape (inputs + bias row, outputs):
 *   layerN_g_plus.npy, layerN_g_minus.npy     <u2  conductance codes; a step is the smallest power
 * of two of a uS that covers gmax layerN_pulses_plus.npy, ..._minus.npy     |u1  SET pulses since
 * the last RESET layerN_writes_plus.npy, ..._minus.npy     <u4  pulses ever layerN_weight_us.npy
 * <f8  continuous devices only: G+ - G- in uS layerN_chi.npy                            <i4  chi
 * words, or <f8 (in epsilons) with float arithmetic Chips load what chips of the same devices,
 * shape and arithmetic have saved.
 */
#ifndef MCA_TRAIN_WEIGHTS_IO_H
#define MCA_TRAIN_WEIGHTS_IO_H

#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mca_chip;

/* Writes the arrays into the existing directory `dir`. Errors: MCA_SYSTEM. */
enum mca_status mca_weights_save(const struct mca_chip *chip, const char *dir,
                                 struct mca_error *error);

/* Replaces the chip's conductances and chi. On error the chip is unusable for training and is to be
 * destroyed. Errors: MCA_SYSTEM, MCA_INVALID. */
enum mca_status mca_weights_load(struct mca_chip *chip, const char *dir, struct mca_error *error);

#ifdef __cplusplus
}
#endif

#endif
