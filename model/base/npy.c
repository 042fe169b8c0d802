#include "base/npy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file_input.h"
#include "base/out_file.h"

enum { PREFIX = 10, HEADER_MAX = 256 };

static const char MAGIC[8] = {'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0};

/* Header with its prefix, padded so that the data starts at a multiple of 64 bytes. */
static size_t make_header(const struct mca_npy *array, char header[HEADER_MAX]) {
    const int length = snprintf(header + PREFIX, HEADER_MAX - PREFIX,
                                "{'descr': '%s', 'fortran_order': False, 'shape': (%zu, %zu), }",
                                array->type, array->rows, array->cols);
    size_t total = PREFIX + (size_t)length;
    while ((total + 1) % 64 != 0) {
        header[total++] = ' ';
    }
    header[total++] = '\n';
    memcpy(header, MAGIC, sizeof MAGIC);
    header[8] = (char)((total - PREFIX) & 0xff);
    header[9] = (char)((total - PREFIX) >> 8);
    return total;
}

enum mca_status mca_npy_write(const char *path, const struct mca_npy *array, const void *data,
                              size_t stride, struct mca_error *error) {
    char header[HEADER_MAX];
    const size_t length = make_header(array, header);
    FILE *file = fopen(path, "wb");
    if (!file) {
        return mca_fail_errno(error, "%s", path);
    }
    int whole = fwrite(header, 1, length, file) == length;
    const char *row = data;
    for (size_t r = 0; whole && r < array->rows; ++r) {
        whole = fwrite(row, array->element_size, array->cols, file) == array->cols;
        row += stride * array->element_size;
    }
    return mca_close_written(file, NULL) == 0 ? MCA_OK : mca_fail_errno(error, "%s", path);
}

/* A file that does not hold what is wanted, or could not be read. */
static enum mca_status refuse(FILE *file, const char *path, const char *what,
                              struct mca_error *error) {
    return ferror(file) ? mca_fail_errno(error, "%s", path)
                        : mca_fail(error, MCA_INVALID, "%s: %s", path, what);
}

/* Compares what the header says with what is wanted: the text after the prefix without its padding.
 */
static enum mca_status check_header(FILE *file, const char *path, const struct mca_npy *array,
                                    struct mca_error *error) {
    char wanted[HEADER_MAX];
    char found[HEADER_MAX] = {0};
    const size_t length = make_header(array, wanted);
    if (fread(found, 1, PREFIX, file) != PREFIX || memcmp(found, MAGIC, sizeof MAGIC) != 0) {
        return refuse(file, path, "not a .npy file of version 1.0", error);
    }
    const size_t text = (size_t)(unsigned char)found[8] | (size_t)(unsigned char)found[9] << 8;
    if (text >= HEADER_MAX - PREFIX || fread(found + PREFIX, 1, text, file) != text) {
        return refuse(file, path, "damaged .npy header", error);
    }
    size_t end = PREFIX + text;
    while (end > PREFIX && (found[end - 1] == '\n' || found[end - 1] == ' ')) {
        found[--end] = '\0';
    }
    size_t wanted_end = length;
    while (wanted[wanted_end - 1] == '\n' || wanted[wanted_end - 1] == ' ') {
        wanted[--wanted_end] = '\0';
    }
    if (strcmp(found + PREFIX, wanted + PREFIX) != 0) {
        return mca_fail(error, MCA_INVALID, "%s: holds %s where %s is needed", path, found + PREFIX,
                        wanted + PREFIX);
    }
    return MCA_OK;
}

static enum mca_status read_rows(FILE *file, const char *path, const struct mca_npy *array,
                                 void *data, size_t stride, struct mca_error *error) {
    MCA_TRY(check_header(file, path, array, error));
    char *row = data;
    for (size_t r = 0; r < array->rows; ++r) {
        if (fread(row, array->element_size, array->cols, file) != array->cols) {
            return ferror(file) ? mca_fail_errno(error, "%s", path)
                                : mca_fail(error, MCA_INVALID, "%s: ends after %zu of %zu rows",
                                           path, r, array->rows);
        }
        row += stride * array->element_size;
    }
    if (fgetc(file) != EOF) {
        return mca_fail(error, MCA_INVALID, "%s: longer than its %zu rows", path, array->rows);
    }
    return MCA_OK;
}

enum mca_status mca_npy_read(const char *path, const struct mca_npy *array, void *data,
                             size_t stride, struct mca_error *error) {
    FILE *file;
    MCA_TRY(mca_open_regular(path, &file, error));
    errno = 0;
    const enum mca_status status = read_rows(file, path, array, data, stride, error);
    (void)fclose(file);
    return status;
}
