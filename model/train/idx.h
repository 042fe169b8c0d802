/*
 * Headers of IDX files (Y. LeCun's format of MNIST): two zero bytes, the type, the number of
 * dimensions, then the dimensions as big-endian 32-bit words. Types: 0x08 unsigned and 0x09 signed
 * bytes, 0x0B 16-bit and 0x0C 32-bit integers, 0x0D 32-bit and 0x0E 64-bit floats, all big-endian.
 */
#ifndef MCA_TRAIN_IDX_H
#define MCA_TRAIN_IDX_H

#include "train/data_array.h"

/* Reads the header of a file that stands at its beginning. Errors: MCA_INVALID for a header that is
 * none or cut off, and those of train/data_file.h. */
enum mca_status mca__idx_header(struct mca_data_file *file, struct mca_data_array *array,
                                struct mca_error *error);

#endif
