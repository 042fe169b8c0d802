#include "train/idx.h"

#include <inttypes.h>

/* Type of the elements by the third byte of a file; bytes is 0 where there is none. */
static struct mca_element_type type_of(uint8_t code) {
    switch (code) {
    case 0x08:
        return (struct mca_element_type){MCA_ELEMENT_UNSIGNED, 1, 0};
    case 0x09:
        return (struct mca_element_type){MCA_ELEMENT_SIGNED, 1, 0};
    case 0x0b:
        return (struct mca_element_type){MCA_ELEMENT_SIGNED, 2, 0};
    case 0x0c:
        return (struct mca_element_type){MCA_ELEMENT_SIGNED, 4, 0};
    case 0x0d:
        return (struct mca_element_type){MCA_ELEMENT_FLOAT, 4, 0};
    case 0x0e:
        return (struct mca_element_type){MCA_ELEMENT_FLOAT, 8, 0};
    default:
        return (struct mca_element_type){MCA_ELEMENT_UNSIGNED, 0, 0};
    }
}

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static enum mca_status read_words(struct mca_data_file *file, uint32_t count, uint8_t *bytes,
                                  struct mca_error *error) {
    uint64_t got;
    MCA_TRY(mca__data_file_read(file, bytes, (uint64_t)4 * count, &got, error));
    return got == (uint64_t)4 * count
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "%s: truncated: the IDX header ends before its end",
                          file->path);
}

enum mca_status mca__idx_header(struct mca_data_file *file, struct mca_data_array *array,
                                struct mca_error *error) {
    uint8_t bytes[4 * MCA_ARRAY_DIMENSIONS_MAX];
    MCA_TRY(read_words(file, 1, bytes, error));
    *array = (struct mca_data_array){.type = type_of(bytes[2]), .dimensions = bytes[3]};
    if (bytes[0] != 0 || bytes[1] != 0 || array->type.bytes == 0 || array->dimensions < 1 ||
        array->dimensions > MCA_ARRAY_DIMENSIONS_MAX) {
        return mca_fail(error, MCA_INVALID,
                        "%s: magic number 0x%08" PRIx32 " found, expected 0x0000TTDD (IDX: type TT "
                        "is 08, 09, 0b, 0c, 0d or 0e, dimensions DD 01 to 04)",
                        file->path, big_endian(bytes));
    }
    array->header_bytes = 4 + 4 * array->dimensions;
    MCA_TRY(read_words(file, array->dimensions, bytes, error));
    for (uint32_t i = 0; i < array->dimensions; ++i) {
        array->sizes[i] = big_endian(bytes + (size_t)4 * i);
    }
    return MCA_OK;
}
