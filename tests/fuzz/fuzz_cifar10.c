/* A file in CIFAR-10's binary format. */
#include "fuzz/fuzz.h"

#include "train/cifar10.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mca_image_set set = {0};
    struct mca_error error = {""};
    struct fuzz_file file = fuzz_file_open(data, size);
    const char *paths[] = {file.path};
    if (mca_cifar10_read(paths, 1, &set, &error) == MCA_OK) {
        FUZZ_CHECK((uint64_t)set.count * (1 + mca_image_values(&set)) == size);
        for (uint32_t i = 0; i < set.count; ++i) {
            FUZZ_CHECK(set.labels[i] < MCA_CIFAR10_CLASSES);
        }
        fuzz_answer_bytes("pixels", set.pixels, (size_t)set.count * mca_image_values(&set));
        fuzz_answer_bytes("labels", set.labels, set.count);
        mca_image_set_deinit(&set);
    } else {
        fuzz_refused(&error, file.path);
    }
    fuzz_file_close(&file);
    return 0;
}
