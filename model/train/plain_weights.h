/*
 * Plain weights: floating-point arrays as other programs keep them, for the layers of a network
 * that have a matrix (docs/reference/weights.md). They are read from an .npz file or from the .npy
 * files of a directory, of floats of 16, 32 or 64 bits in any order, and written as an .npz.
 *
 * A layer's arrays are NAME.weight and, where it has one, NAME.bias, as PyTorch's state
 * dictionaries name them; names without such an end are taken by their order, a bias after its
 * weights, or as the last of their inputs. Layers are found by number where the names are layerN
 * for all of them, and by order otherwise.
 *
 * Shapes of NAME.weight: (outputs, inputs) of a dense layer, (filters, channels, kernel, kernel) of
 * a convolution; a dense layer takes the values of a window channels first, as PyTorch's flatten
 * leaves them. (inputs, outputs) is turned where the sizes say so, and (kernel, kernel, channels,
 * filters) tells that values lie channels last. What can be read in two ways is refused.
 */
#ifndef MCA_TRAIN_PLAIN_WEIGHTS_H
#define MCA_TRAIN_PLAIN_WEIGHTS_H

#include "base/observer.h"
#include "base/status.h"
#include "chip/chip.h"
#include "network/network.h"

/* In a run's directory. */
#define MCA_PLAIN_WEIGHTS_NAME "weights.npz"

/* Whether `path` holds plain weights: it is no directory, or one with arrays that are not those of
 * a chip's exact state (train/weights_io.h). */
int mca_weights_are_plain(const char *path);

/* Reads `weights`, to be released with mca_plain_weights_deinit, on success only. Notices tell
 * which array goes to which layer, what is turned and which biases are left 0. Errors: MCA_SYSTEM,
 * MCA_INVALID for content that does not fit the network, MCA_FAILED for memory. */
enum mca_status mca_plain_weights_read(struct mca_given_weights *weights, const char *path,
                                       const struct mca_network *network,
                                       const struct mca_observer *observer,
                                       struct mca_error *error);

void mca_plain_weights_deinit(struct mca_given_weights *weights);

/* Whether a file can hold the chip's weights: an .npz of mca_plain_weights_write, 4 GiB. */
int mca_plain_weights_fit(const struct mca_chip *chip);

/* Writes the chip's weights, without noise, as floats of 32 bits: layerN.weight and layerN.bias,
 * in PyTorch's shapes and order. Errors: MCA_SYSTEM. */
enum mca_status mca_plain_weights_write(const struct mca_chip *chip, const char *path,
                                        struct mca_error *error);

#endif
