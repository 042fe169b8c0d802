#include "train/cifar10.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file_input.h"
#include "train/image_files.h"

enum {
    IMAGE_BYTES = MCA_CIFAR10_SIDE * MCA_CIFAR10_SIDE * MCA_CIFAR10_CHANNELS,
    RECORD_BYTES = 1 + IMAGE_BYTES
};

/* Whole records in the file; a file without any is none of CIFAR-10's. */
static enum mca_status count_records(const char *path, uint64_t *count, struct mca_error *error) {
    struct stat status;
    MCA_TRY(mca_check_regular(path, "", error));
    if (stat(path, &status) != 0) {
        return mca_fail_errno(error, "%s", path);
    }
    const uint64_t bytes = (uint64_t)status.st_size;
    *count = bytes / RECORD_BYTES;
    if (bytes == 0 || bytes % RECORD_BYTES != 0 || *count > MCA_IMAGES_MAX) {
        return mca_fail(error, MCA_INVALID,
                        "%s: %" PRIu64 " bytes found, expected a multiple of %d, the bytes of a "
                        "label and an image of CIFAR-10",
                        path, bytes, RECORD_BYTES);
    }
    return MCA_OK;
}

/* Adds the records of an open file to the set. */
static enum mca_status read_records(FILE *file, const char *path, uint32_t count,
                                    struct mca_image_set *set, struct mca_error *error) {
    for (uint32_t i = 0; i < count; ++i) {
        uint8_t *label = set->labels + set->count;
        errno = 0;
        if (fread(label, 1, 1, file) != 1 || fread(set->pixels + (size_t)set->count * IMAGE_BYTES,
                                                   1, IMAGE_BYTES, file) != IMAGE_BYTES) {
            return ferror(file)
                       ? mca_fail_errno(error, "%s", path)
                       : mca_fail(error, MCA_INVALID, "%s: truncated in record %" PRIu32, path, i);
        }
        if (*label >= MCA_CIFAR10_CLASSES) {
            return mca_fail(error, MCA_INVALID,
                            "%s: label of record %" PRIu32 " is %u, CIFAR-10's are 0 .. %d", path,
                            i, (unsigned)*label, MCA_CIFAR10_CLASSES - 1);
        }
        ++set->count;
    }
    return MCA_OK;
}

static enum mca_status read_files(const char *const *paths, uint32_t count, const uint64_t *records,
                                  struct mca_image_set *set, struct mca_error *error) {
    for (uint32_t i = 0; i < count; ++i) {
        FILE *file;
        MCA_TRY(mca_open_regular(paths[i], &file, error));
        const enum mca_status status =
            read_records(file, paths[i], (uint32_t)records[i], set, error);
        (void)fclose(file);
        MCA_TRY(status);
    }
    return mca__reorder_images(set, 1, 0, error);
}

enum mca_status mca_cifar10_read(const char *const *paths, uint32_t count,
                                 struct mca_image_set *set, struct mca_error *error) {
    uint64_t records[MCA_CIFAR10_FILES_MAX] = {0};
    uint64_t all = 0;
    for (uint32_t i = 0; i < count; ++i) {
        MCA_TRY(count_records(paths[i], &records[i], error));
        all += records[i];
    }
    struct mca_image_set read = {.rows = MCA_CIFAR10_SIDE,
                                 .cols = MCA_CIFAR10_SIDE,
                                 .channels = MCA_CIFAR10_CHANNELS,
                                 .pixels = malloc((size_t)all * IMAGE_BYTES),
                                 .labels = malloc((size_t)all)};
    const enum mca_status status = read.pixels && read.labels
                                       ? read_files(paths, count, records, &read, error)
                                       : mca_fail_memory(error, "images of CIFAR-10");
    if (status != MCA_OK) {
        mca_image_set_deinit(&read);
        return status;
    }
    *set = read;
    return MCA_OK;
}
