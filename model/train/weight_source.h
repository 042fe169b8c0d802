/*
 * Where plain weights come from: the arrays of an .npz file, in its order, or the .npy files of a
 * directory, in that of their names, where numbers count by their value (fc2 before fc10).
 *
 * An .npz is a zip archive that others wrote, and nothing in it is trusted. Its entries must be
 * plain .npy files, stored or deflated, no two of one name; no name is ever used as a path. Opening
 * inflates no more than the beginning of each, for its header, which the archive's statement of the
 * size must fit; whoever reads an array has seen from that whether it is one that is wanted.
 *
 * Errors: MCA_SYSTEM for files that cannot be opened or read, MCA_INVALID for their content,
 * MCA_FAILED for memory. Messages begin with the source's path.
 */
#ifndef MCA_TRAIN_WEIGHT_SOURCE_H
#define MCA_TRAIN_WEIGHT_SOURCE_H

#include "train/data_array.h"

enum { MCA_WEIGHT_ARRAYS_MAX = 256, MCA_WEIGHT_NAME_SIZE = 128 };

struct mca_weight_array {
    char name[MCA_WEIGHT_NAME_SIZE]; /* without .npy */
    uint64_t entry;                  /* of the archive */
    uint64_t file_bytes;             /* of the .npy, inflated, as the archive states */
    struct mca_data_array header;    /* floats; `elements` is the product of its sizes */
};

struct mca_weight_source {
    const char *path;
    void *archive; /* a zip_t; NULL: a directory */
    uint32_t count;
    struct mca_weight_array *arrays; /* [count] */
};

/* Opens `path`, which must outlive the source, and reads the headers of all its arrays.
 * mca__weight_source_close is due on success only. */
enum mca_status mca__weight_source_open(struct mca_weight_source *source, const char *path,
                                        struct mca_error *error);

/* Elements of an array in C order, of which there is room for all. Those that are not finite, or
 * beyond +-1e9, are refused. */
enum mca_status mca__weight_source_read(const struct mca_weight_source *source, uint32_t array,
                                        double *elements, struct mca_error *error);

void mca__weight_source_close(struct mca_weight_source *source);

/* "(250, 784)", as NumPy writes it. */
enum { MCA_ARRAY_SHAPE_SIZE = 96 };
void mca__array_shape_text(const struct mca_data_array *array, char text[MCA_ARRAY_SHAPE_SIZE]);

#endif
