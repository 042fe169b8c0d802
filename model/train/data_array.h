/*
 * Arrays of numbers in data files: what their headers say, in IDX or NumPy's format, and their
 * elements. Nothing in a file is trusted: type, dimensions and length are checked before memory is
 * taken for the content. A plain file must have exactly the stated length; a gzip file must be able
 * to hold it, must decode to exactly that length, and nothing may follow it.
 */
#ifndef MCA_TRAIN_DATA_ARRAY_H
#define MCA_TRAIN_DATA_ARRAY_H

#include <stdint.h>

#include "base/status.h"
#include "train/data_file.h"

enum { MCA_ARRAY_DIMENSIONS_MAX = 4, MCA_ELEMENT_BYTES_MAX = 8 };

enum mca_element_kind { MCA_ELEMENT_UNSIGNED, MCA_ELEMENT_SIGNED, MCA_ELEMENT_FLOAT };

struct mca_element_type {
    enum mca_element_kind kind;
    uint32_t bytes; /* 1, 2, 4 or 8; floats 2, 4 or 8 */
    int is_little;  /* the order of its bytes */
};

/* What a file says of itself. */
struct mca_data_array {
    struct mca_element_type type;
    uint32_t dimensions; /* 1 .. MCA_ARRAY_DIMENSIONS_MAX */
    uint64_t sizes[MCA_ARRAY_DIMENSIONS_MAX];
    int is_fortran; /* the first index runs fastest, otherwise the last */
    uint64_t header_bytes;
    uint64_t elements; /* set by whoever knows what sizes are allowed, not by a header's reader */
};

/* "8-bit unsigned integers", for messages. */
void mca__element_type_text(const struct mca_element_type *type, char text[40]);

/* Smallest and largest value of an integer type. */
double mca__element_low(const struct mca_element_type *type);
double mca__element_high(const struct mca_element_type *type);

/* The element at `bytes`; integers of 64 bits are rounded to the nearest double. */
double mca__element_value(const struct mca_element_type *type, const uint8_t *bytes);

/* Checks that the file can hold the elements of the array; MCA_INVALID where it cannot. */
enum mca_status mca__array_check_length(const struct mca_data_file *file,
                                        const struct mca_data_array *array,
                                        struct mca_error *error);

/* Reads the next `count` elements, as their bytes. */
enum mca_status mca__array_read(struct mca_data_file *file, const struct mca_data_array *array,
                                uint64_t count, uint8_t *out, struct mca_error *error);

/* Sees that nothing follows the last element. */
enum mca_status mca__array_end(struct mca_data_file *file, const struct mca_data_array *array,
                               struct mca_error *error);

#endif
