/*
 * Images and labels from files of arrays: IDX or NumPy's, plain or gzip.
 *
 * Images are arrays of two dimensions (count, values: flat images), three (count, rows, columns) or
 * four (count, rows, columns, channels; or count, channels, rows, columns where the rules say so).
 * Their values become codes 0 .. 255: floor((v - low) / (high - low) * 255 + 0.5), below low 0 and
 * above high 255. Labels are integers of any type, one dimension (or a second one of size 1),
 * 0 .. 255 before and after the map.
 *
 * Memory is taken once, for the codes. Errors of all functions: MCA_SYSTEM for a file that cannot
 * be opened or read, MCA_INVALID for its content, MCA_FAILED for memory; results are filled on
 * success only.
 */
#ifndef MCA_TRAIN_IMAGE_FILES_H
#define MCA_TRAIN_IMAGE_FILES_H

#include <stdint.h>

#include "base/status.h"
#include "train/data_array.h"
#include "train/image_set.h"
#include "train/label_map.h"

enum {
    MCA_IMAGES_MAX = 100000000,    /* images or labels in a file */
    MCA_IMAGE_SIDE_MAX = 1024,     /* rows or columns of an image */
    MCA_IMAGE_CHANNELS_MAX = 4096, /* where it has rows and columns */
    MCA_IMAGE_VALUES_MAX = 1 << 24 /* of an image */
};

/* Codes of a file. */
#define MCA_IMAGE_BYTES_MAX ((uint64_t)1 << 34)

enum mca_normalise {
    MCA_NORMALISE_NONE,     /* unsigned bytes are the codes; other types are refused */
    MCA_NORMALISE_TYPE,     /* low and high are those of the integer type; floats are refused */
    MCA_NORMALISE_EXTREMES, /* ... the least and the largest value of the training images */
    MCA_NORMALISE_RANGE     /* ... given */
};

/* How a file is read. All zeros with the map of "": bytes of IDX files as they are. */
struct mca_file_rules {
    enum mca_status (*header)(struct mca_data_file *file, struct mca_data_array *array,
                              struct mca_error *error); /* the format's: train/idx.h ... */
    enum mca_normalise normalise;                       /* NONE, TYPE or RANGE */
    double low;                                         /* RANGE: below high, both finite */
    double high;
    int is_channels_first;
    int is_transposed; /* rows of the file are columns of the image; flat images are refused */
    struct mca_label_map map;
};

/* Reads the images of `path`; set->labels is left NULL. *clipped (may be NULL) becomes how many
 * values lay outside low .. high. */
enum mca_status mca_read_images(const char *path, const struct mca_file_rules *rules,
                                struct mca_image_set *set, uint64_t *clipped,
                                struct mca_error *error);

/* Reads the labels of `path` into *labels, which the caller frees, and their number into *count. */
enum mca_status mca_read_labels(const char *path, const struct mca_file_rules *rules,
                                uint8_t **labels, uint32_t *count, struct mca_error *error);

/* Reads images and their labels; different numbers of the two are MCA_INVALID. */
enum mca_status mca_read_set(const char *images_path, const char *labels_path,
                             const struct mca_file_rules *rules, struct mca_image_set *set,
                             uint64_t *clipped, struct mca_error *error);

/* Smallest and largest value of the images of `path`; MCA_INVALID also where they are one. */
enum mca_status mca_read_extremes(const char *path, const struct mca_file_rules *rules, double *low,
                                  double *high, struct mca_error *error);

/* Makes pixels[rows][cols][channels] of every image from the order that `rules` state. MCA_FAILED
 * when memory for one image is short. */
enum mca_status mca__reorder_images(struct mca_image_set *set, int is_channels_first,
                                    int is_transposed, struct mca_error *error);

#endif
