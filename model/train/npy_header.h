/*
 * Headers of NumPy's .npy files, format 1.0 to 3.0: integers of 8 to 64 bits, truth values and
 * floats of 16 to 64 bits, in either order of bytes. What base/npy.h writes is read by its own
 * exact comparison; this reader takes what others wrote.
 */
#ifndef MCA_TRAIN_NPY_HEADER_H
#define MCA_TRAIN_NPY_HEADER_H

#include "train/data_array.h"

/* Reads the header of a file that stands at its beginning. Errors: MCA_INVALID for a header that is
 * damaged, of another type or in Fortran order, and those of train/data_file.h. */
enum mca_status mca__npy_header(struct mca_data_file *file, struct mca_data_array *array,
                                struct mca_error *error);

/* The same of an array in either order. */
enum mca_status mca__npy_header_any_order(struct mca_data_file *file, struct mca_data_array *array,
                                          struct mca_error *error);

#endif
