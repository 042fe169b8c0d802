#include "train/data_array.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/mathx.h"

void mca__element_type_text(const struct mca_element_type *type, char text[40]) {
    static const char *const kinds[] = {"unsigned integers", "signed integers", "floats"};
    (void)snprintf(text, 40, "%" PRIu32 "-bit %s", 8 * type->bytes, kinds[type->kind]);
}

double mca__element_low(const struct mca_element_type *type) {
    return type->kind == MCA_ELEMENT_SIGNED ? -mca_exp2i((int)(8 * type->bytes) - 1) : 0.0;
}

double mca__element_high(const struct mca_element_type *type) {
    const int bits = (int)(8 * type->bytes) - (type->kind == MCA_ELEMENT_SIGNED);
    return mca_exp2i(bits) - 1.0;
}

static uint64_t word_at(const struct mca_element_type *type, const uint8_t *bytes) {
    uint64_t word = 0;
    for (uint32_t i = 0; i < type->bytes; ++i) {
        word = word << 8 | bytes[type->is_little ? type->bytes - 1 - i : i];
    }
    return word;
}

/* IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
static double half_value(uint64_t word) {
    const int exponent = (int)(word >> 10 & 31);
    const double fraction = (double)(word & 1023);
    const double magnitude = exponent == 31  ? (fraction == 0.0 ? (double)INFINITY : (double)NAN)
                             : exponent == 0 ? fraction * mca_exp2i(-24)
                                             : (1024.0 + fraction) * mca_exp2i(exponent - 25);
    return word >> 15 ? -magnitude : magnitude;
}

double mca__element_value(const struct mca_element_type *type, const uint8_t *bytes) {
    const uint64_t word = word_at(type, bytes);
    if (type->kind == MCA_ELEMENT_UNSIGNED) {
        return (double)word;
    }
    if (type->kind == MCA_ELEMENT_SIGNED) {
        const uint64_t sign = (uint64_t)1 << (8 * type->bytes - 1);
        return (word & sign) != 0 ? -(double)((sign - 1 - (word & (sign - 1))) + 1) : (double)word;
    }
    if (type->bytes == 2) {
        return half_value(word);
    }
    if (type->bytes == 4) {
        const uint32_t narrow = (uint32_t)word;
        float value;
        memcpy(&value, &narrow, sizeof value);
        return (double)value;
    }
    double value;
    memcpy(&value, &word, sizeof value);
    return value;
}

/* Bytes of the whole file, decoded. */
static uint64_t stated_bytes(const struct mca_data_array *array) {
    return array->header_bytes + array->elements * array->type.bytes;
}

enum mca_status mca__array_check_length(const struct mca_data_file *file,
                                        const struct mca_data_array *array,
                                        struct mca_error *error) {
    const uint64_t stated = stated_bytes(array);
    if (!file->is_gzip && file->file_bytes != stated) {
        return mca_fail(error, MCA_INVALID,
                        "%s: %s: %" PRIu64 " bytes found, its header states %" PRIu64, file->path,
                        file->file_bytes < stated ? "truncated" : "too long", file->file_bytes,
                        stated);
    }
    if (file->is_gzip && stated > file->file_bytes * MCA_GZIP_MAX_EXPANSION) {
        return mca_fail(error, MCA_INVALID,
                        "%s: truncated: its header states %" PRIu64 " bytes, %" PRIu64
                        " bytes of gzip hold at most %" PRIu64,
                        file->path, stated, file->file_bytes,
                        file->file_bytes * MCA_GZIP_MAX_EXPANSION);
    }
    return MCA_OK;
}

enum mca_status mca__array_read(struct mca_data_file *file, const struct mca_data_array *array,
                                uint64_t count, uint8_t *out, struct mca_error *error) {
    uint64_t got;
    MCA_TRY(mca__data_file_read(file, out, count * array->type.bytes, &got, error));
    if (got < count * array->type.bytes) {
        return mca_fail(error, MCA_INVALID,
                        "%s: truncated: its content ends before the %" PRIu64
                        " bytes that its header states",
                        file->path, stated_bytes(array));
    }
    return MCA_OK;
}

enum mca_status mca__array_end(struct mca_data_file *file, const struct mca_data_array *array,
                               struct mca_error *error) {
    uint8_t extra;
    uint64_t beyond;
    MCA_TRY(mca__data_file_read(file, &extra, 1, &beyond, error));
    if (beyond > 0) {
        return mca_fail(error, MCA_INVALID,
                        "%s: too long: bytes follow the %" PRIu64 " that its header states",
                        file->path, stated_bytes(array));
    }
    return MCA_OK;
}
