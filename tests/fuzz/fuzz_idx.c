/* A file of images or labels, plain or gzip: IDX or NumPy's. */
#include "fuzz/fuzz.h"

#include "train/idx.h"
#include "train/image_files.h"
#include "train/npy_header.h"

static void read_as(const char *path, const struct mca_file_rules *rules) {
    struct mca_image_set set = {0};
    struct mca_error error = {""};
    uint64_t clipped = 0;
    uint8_t *labels = NULL;
    uint32_t count = 0;
    if (mca_read_images(path, rules, &set, &clipped, &error) == MCA_OK) {
        const uint64_t values = (uint64_t)set.count * mca_image_values(&set);
        FUZZ_CHECK(set.pixels && set.count <= MCA_IMAGES_MAX && clipped <= values);
        fuzz_answer("%u of %u x %u x %u, %llu clipped", set.count, set.rows, set.cols, set.channels,
                    (unsigned long long)clipped);
        fuzz_answer_bytes("pixels", set.pixels, values);
        mca_image_set_deinit(&set);
    } else {
        fuzz_refused(&error, path);
    }
    if (mca_read_labels(path, rules, &labels, &count, &error) == MCA_OK) {
        FUZZ_CHECK(labels && count > 0);
        fuzz_answer_bytes("labels", labels, count);
        free(labels);
    } else {
        fuzz_refused(&error, path);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mca_error error = {""};
    struct mca_file_rules rules = {.header = mca__idx_header};
    struct fuzz_file file = fuzz_file_open(data, size);
    double low;
    double high;
    FUZZ_CHECK(mca_label_map_parse("", &rules.map, &error) == MCA_OK);
    read_as(file.path, &rules);
    rules.is_channels_first = 1;
    rules.is_transposed = 1;
    rules.normalise = MCA_NORMALISE_TYPE;
    read_as(file.path, &rules);
    rules.header = mca__npy_header;
    read_as(file.path, &rules);
    rules.normalise = MCA_NORMALISE_RANGE;
    if (mca_read_extremes(file.path, &rules, &low, &high, &error) == MCA_OK) {
        FUZZ_CHECK(low < high);
        fuzz_answer("%.17g .. %.17g", low, high);
        rules.low = low;
        rules.high = high;
        read_as(file.path, &rules);
    } else {
        fuzz_refused(&error, file.path);
    }
    fuzz_file_close(&file);
    return 0;
}
