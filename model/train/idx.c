#include "train/idx.h"

#include <inttypes.h>

/* Type of the elements by the third byte of a file; bytes is 0 where there is none. */
static struct mca_element_type type_of(uint8_t code) {
    static const struct mca_element_type TYPES[] = {
        [0x08] = {MCA_ELEMENT_UNSIGNED, 1, 0}, [0x09] = {MCA_ELEMENT_SIGNED, 1, 0},
        [0x0b] = {MCA_ELEMENT_SIGNED, 2, 0},   [0x0c] = {MCA_ELEMENT_SIGNED, 4, 0},
        [0x0d] = {MCA_ELEMENT_FLOAT, 4, 0},    [0x0e] = {MCA_ELEMENT_FLOAT, 8, 0},
    };
    return code < sizeof TYPES / sizeof TYPES[0] ? TYPES[code] : TYPES[0];
}

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

enum mca_status mca__idx_header(struct mca_data_file *file, struct mca_data_array *array,
                                struct mca_error *error) {
    uint8_t bytes[4 * MCA_ARRAY_DIMENSIONS_MAX];
    MCA_TRY(mca__data_file_header(file, "IDX", bytes, 4, error));
    *array = (struct mca_data_array){.type = type_of(bytes[2]), .dimensions = bytes[3]};
    if (bytes[0] != 0 || bytes[1] != 0 || array->type.bytes == 0 || array->dimensions < 1 ||
        array->dimensions > MCA_ARRAY_DIMENSIONS_MAX) {
        return mca_fail(error, MCA_INVALID,
                        "%s: magic number 0x%08" PRIx32 " found, expected 0x0000TTDD (IDX: type TT "
                        "is 08, 09, 0b, 0c, 0d or 0e, dimensions DD 01 to 04)",
                        file->path, big_endian(bytes));
    }
    array->header_bytes = 4 + 4 * array->dimensions;
    MCA_TRY(mca__data_file_header(file, "IDX", bytes, (uint64_t)4 * array->dimensions, error));
    for (uint32_t i = 0; i < array->dimensions; ++i) {
        array->sizes[i] = big_endian(bytes + (size_t)4 * i);
    }
    return MCA_OK;
}
