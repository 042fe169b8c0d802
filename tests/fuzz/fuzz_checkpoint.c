/* A checkpoint whose hash at the end is made right, so that its content is looked at. What is
 * accepted is a chip that goes on training. */
#include "fuzz/fuzz.h"

#include <string.h>
#include <xxhash.h>

#include "mca_fixture.h"
#include "train/checkpoint.h"

enum { PIXELS = 6, IMAGES = 9, EPOCHS = 2 };

static const struct mca_u32_list WIDTHS = {3, {PIXELS, 4, 3}};

static void go_on(struct mca_chip *chip) {
    for (uint32_t i = 0; i < 3; ++i) {
        uint8_t pixels[PIXELS];
        struct mca_image_outcome outcome;
        struct mca_error error;
        const uint32_t label = mca_fixture_image(PIXELS, 3, i, pixels);
        (void)mca_chip_train_image(chip, pixels, label, &outcome, &error);
    }
}

/* A seed for the fuzzer, since the file depends on what a chip is made of: a checkpoint of such a
 * chip, which restores. */
static void write_seed(const char *path, const struct mca_checkpoint_identity *identity,
                       struct mca_chip *chip) {
    struct mca_epoch_record record = {.epoch = 1};
    struct mca_image_outcome outcomes[4] = {{0, 0.0}};
    uint32_t confusion[] = {3};
    const struct mca_train_place place = {2, 4, 2, 20, &record, outcomes, confusion, 1};
    uint32_t mark = 7;
    const struct mca_checkpoint_extra extra = {&mark, sizeof mark};
    go_on(chip);
    FUZZ_CHECK(mca_checkpoint_save(path, identity, chip, &place, &extra, NULL) == MCA_OK);
    struct mca_checkpoint checkpoint;
    FUZZ_CHECK(mca_checkpoint_open(&checkpoint, path, identity, IMAGES, EPOCHS, NULL) == MCA_OK);
    FUZZ_CHECK(mca_checkpoint_restore(&checkpoint, chip, &extra, NULL) == MCA_OK && mark == 7);
    mca_checkpoint_close(&checkpoint);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    const struct mca_checkpoint_identity identity = {0, 0, 0, 0};
    struct mca_checkpoint checkpoint;
    struct mca_error error = {""};
    struct mca_chip *chip;
    config.tile.rows = 4;
    config.tile.cols = 4;
    config.transfer.fifo_depth = 4;
    FUZZ_CHECK(mca_chip_create(&chip, &config, &error) == MCA_OK);
    mca_chip_set_rate(chip, 0.3, 3);
    if (getenv("MCA_FUZZ_SEED")) {
        write_seed(getenv("MCA_FUZZ_SEED"), &identity, chip);
    }
    struct fuzz_file file = fuzz_file_open(data, size < 8 ? 0 : size - 8);
    const uint64_t hash = XXH3_64bits(data, size < 8 ? 0 : size - 8);
    FUZZ_CHECK(write(file.fd, &hash, sizeof hash) == sizeof hash);
    if (mca_checkpoint_open(&checkpoint, file.path, &identity, IMAGES, EPOCHS, &error) == MCA_OK) {
        uint32_t mark;
        const struct mca_checkpoint_extra extra = {&mark, sizeof mark};
        FUZZ_CHECK(checkpoint.place.epoch >= 1 && checkpoint.place.epoch <= EPOCHS + 1);
        FUZZ_CHECK(checkpoint.place.image <= IMAGES);
        if (mca_checkpoint_restore(&checkpoint, chip, &extra, &error) == MCA_OK) {
            go_on(chip);
        }
    }
    mca_checkpoint_close(&checkpoint);
    mca_chip_destroy(chip);
    fuzz_file_close(&file);
    return 0;
}
