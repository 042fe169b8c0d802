/*
 * Two-dimensional arrays in NumPy's .npy format, version 1.0, C order, little endian:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#ifndef MCA_BASE_NPY_H
#define MCA_BASE_NPY_H

#include <stddef.h>

#include "base/status.h"

/* Element types by their NumPy names: "<f8", "<i4", "<u4", "<u2", "|u1". */
struct mca_npy {
    const char *type;
    size_t element_size;
    size_t rows;
    size_t cols;
};

/* Writes rows x cols elements, row r at data + r stride element_size. Errors: MCA_SYSTEM. */
enum mca_status mca_npy_write(const char *path, const struct mca_npy *array, const void *data,
                              size_t stride, struct mca_error *error);

/* Reads an array of exactly this type and shape into rows at that stride. Errors: MCA_SYSTEM for
 * files that cannot be read, MCA_INVALID for another format, type, shape or length. */
enum mca_status mca_npy_read(const char *path, const struct mca_npy *array, void *data,
                             size_t stride, struct mca_error *error);

#endif
