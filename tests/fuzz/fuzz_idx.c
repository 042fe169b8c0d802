/* A file of images or labels, plain or gzip. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "train/idx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mca_image_set set = {0};
    struct mca_error error = {""};
    uint8_t *labels = NULL;
    uint32_t count = 0;
    struct fuzz_file file = fuzz_file_open(data, size);
    if (mca_idx_read_images(file.path, &set, &error) == MCA_OK) {
        FUZZ_CHECK(set.pixels && set.count <= MCA_IDX_MAX_COUNT);
        free(set.pixels);
    } else {
        FUZZ_CHECK(error.message[0] != '\0' && !strchr(error.message, '\n'));
    }
    if (mca_idx_read_labels(file.path, &labels, &count, &error) == MCA_OK) {
        FUZZ_CHECK(labels);
        free(labels);
    }
    fuzz_file_close(&file);
    return 0;
}
