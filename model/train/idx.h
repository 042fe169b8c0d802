/*
 * Reader of IDX files (Y. LeCun's format of MNIST), plain or gzip: a magic number, the dimensions
 * as big-endian 32-bit words, then the bytes. Read here: 8-bit images, magic 0x00000803 with count,
 * rows, columns, and 8-bit labels, magic 0x00000801 with count.
 *
 * Nothing in a file is trusted: the magic number, the dimensions and the length are checked before
 * memory is taken for the content. A plain file must have exactly the stated length; a gzip file
 * must be able to hold it (deflate expands to less than 1032 times its size), must decode to
 * exactly that length with right checksums, and nothing may follow it.
 *
 * Errors of all functions: MCA_SYSTEM for a file that cannot be opened or read, MCA_INVALID for its
 * content, MCA_FAILED for memory; results are filled on success only.
 */
#ifndef MCA_TRAIN_IDX_H
#define MCA_TRAIN_IDX_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "train/image_set.h"

MCA_C_BEGIN

enum {
    MCA_IDX_MAX_COUNT = 100000000, /* images or labels in a file */
    MCA_IDX_MAX_SIDE = 1024        /* rows or columns of an image */
};

/* Bytes of pixels in a file. */
#define MCA_IDX_MAX_BYTES ((uint64_t)1 << 34)

/* Reads the images of `path`; set->labels is left NULL. The set owns its pixels; release it with
 * mca_image_set_deinit. */
enum mca_status mca_idx_read_images(const char *path, struct mca_image_set *set,
                                    struct mca_error *error);

/* Reads the labels of `path` into *labels, which the caller frees, and their number into *count. */
enum mca_status mca_idx_read_labels(const char *path, uint8_t **labels, uint32_t *count,
                                    struct mca_error *error);

/* Reads images and their labels; different numbers of the two are MCA_INVALID. */
enum mca_status mca_idx_read_set(const char *images_path, const char *labels_path,
                                 struct mca_image_set *set, struct mca_error *error);

MCA_C_END

#endif
