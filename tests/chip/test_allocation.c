/* Training allocates nothing once it runs, and where memory is short a call says so and keeps none:
 * the linker sends the library's allocations through counters. */
#include "base/remove_tree.h"
#include "chip/chip.h"
#include "chip/trained_chip.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "scenario/load.h"
#include "scenario/resolved.h"
#include "train/checkpoint.h"
#include "train/trainer.h"
#include "train/weights_io.h"

static uint64_t allocations;
static uint64_t failing; /* number of the one that fails; 0: none */
static int64_t held;     /* blocks */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);

static int fails(void) {
    return ++allocations == failing;
}

static void *counted(void *block) {
    held += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size) {
    if (fails()) {
        return NULL;
    }
    held -= block != NULL;
    return counted(__real_realloc(block, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    return fails() ? NULL : counted(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *block) {
    held -= block != NULL;
    __real_free(block);
}

static void train_without_allocations(unsigned drift_in_training) {
    const struct mca_u32_list widths = {3, {60, 40, 10}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.device.drift_in_training = drift_in_training;
    struct mca_chip *chip;
    struct mca_error error;
    allocations = 0;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    assert_true(allocations > 0);
    allocations = 0;
    mca_chip_set_rate(chip, 0.3, 1);
    train_images(chip, 60, 10, 0, 1000);
    assert_int_equal(allocations, 0);
    mca_chip_destroy(chip);
}

static void test_allocation_none_while_training(void **state) {
    (void)state;
    train_without_allocations(0);
    train_without_allocations(1);
}

static struct mca_scenario scenarios[2];

static enum mca_status hash(struct mca_error *error) {
    uint64_t hash;
    return mca_scenario_hash(&scenarios[0], &hash, error);
}

static enum mca_status difference(struct mca_error *error) {
    const struct mca_key *key;
    return mca_scenario_difference(&scenarios[0], &scenarios[1], &key, error);
}

static enum mca_status create(struct mca_chip **chip, struct mca_error *error) {
    static const struct mca_u32_list widths = {3, {12, 7, 4}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    config.device.drift_in_training = 1;
    return mca_chip_create(chip, &config, error);
}

/* All that an epoch takes: a chip, a list of images, a shifted one. */
static enum mca_status train(struct mca_error *error) {
    enum { COUNT = 3, PIXELS = 12 };
    static uint8_t pixels[COUNT * PIXELS];
    static uint8_t labels[COUNT];
    const struct mca_image_set set = {
        .count = COUNT, .rows = 3, .cols = 4, .channels = 1, .pixels = pixels, .labels = labels};
    const struct mca_dataset data = {
        .name = "made-up", .inputs = PIXELS, .classes = 4, .train = set, .test = set};
    const struct mca_train_config config = {
        .epochs = 1, .batch = 1, .learning_rate = 0.5, .test_every = 1, .augment_shift = 1};
    struct mca_train_result result;
    struct mca_chip *chip;
    MCA_TRY(create(&chip, error));
    const struct mca_training training = {
        .chip = chip, .config = &config, .data = &data, .threads = 1};
    const enum mca_status status = mca_train(&training, &result, error);
    if (status == MCA_OK) {
        mca_train_result_deinit(&result);
    }
    mca_chip_destroy(chip);
    return status;
}

static char directory[] = "/tmp/mca-allocation-XXXXXX";

static enum mca_status weights(struct mca_error *error) {
    struct mca_chip *chip;
    MCA_TRY(create(&chip, error));
    enum mca_status status = mca_weights_save(chip, directory, error);
    status = status == MCA_OK ? mca_weights_load(chip, directory, error) : status;
    mca_chip_destroy(chip);
    return status;
}

/* Weights from outside, in each way of programming them. */
static enum mca_status import(struct mca_error *error) {
    static const struct mca_u32_list widths = {3, {12, 7, 4}};
    static double values[2][13 * 7];
    struct mca_given_weights given = {.layers = {values[0], values[1]}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    for (unsigned how = MCA_PROGRAM_BLIND; how <= MCA_PROGRAM_PUBLISHED; ++how) {
        struct mca_chip *chip;
        config.weights.programming = how;
        MCA_TRY(mca_chip_create_with(&chip, &config, &given, error));
        mca_chip_destroy(chip);
    }
    return MCA_OK;
}

static enum mca_status checkpoint(struct mca_error *error) {
    static struct mca_epoch_record records[1];
    static struct mca_image_outcome outcomes[2];
    static uint32_t confusion[16];
    const struct mca_train_place place = {.epoch = 2,
                                          .image = 2,
                                          .records = records,
                                          .outcomes = outcomes,
                                          .confusion = confusion,
                                          .confusion_count = 16};
    const struct mca_checkpoint_identity identity = {1, 2, 3, 4};
    const struct mca_checkpoint_extra none = {NULL, 0};
    struct mca_checkpoint from = {.path = NULL};
    struct mca_chip *chip;
    char path[sizeof directory + 16];
    (void)snprintf(path, sizeof path, "%s/checkpoint", directory);
    MCA_TRY(create(&chip, error));
    enum mca_status status = mca_checkpoint_save(path, &identity, chip, &place, &none, error);
    if (status == MCA_OK) {
        status = mca_checkpoint_open(&from, path, &identity, 3, 3, error);
        mca_checkpoint_close(&from);
    }
    mca_chip_destroy(chip);
    return status;
}

/* Each allocation of a call in its turn. */
static void fail_each(enum mca_status (*call)(struct mca_error *error)) {
    struct mca_error error;
    failing = 0;
    allocations = 0;
    held = 0;
    assert_int_equal(call(&error), MCA_OK);
    assert_int_equal(held, 0);
    const uint64_t all = allocations;
    assert_true(all > 0);
    for (uint64_t n = 1; n <= all; ++n) {
        allocations = 0;
        failing = n;
        const enum mca_status status = call(&error);
        failing = 0;
        assert_int_equal(status, MCA_FAILED);
        assert_memory_equal(error.message, "out of memory: ", 15);
        assert_int_equal(held, 0);
    }
}

static void test_allocation_that_fails_is_told(void **state) {
    (void)state;
    struct mca_error error;
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(mca_scenario_load_text(&scenarios[i], NULL, "a.yaml", "", 0, &error),
                         MCA_OK);
    }
    fail_each(hash);
    fail_each(difference);
    fail_each(train);
    assert_non_null(mkdtemp(directory));
    fail_each(weights);
    fail_each(import);
    fail_each(checkpoint);
    assert_int_equal(mca_remove_tree(directory), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allocation_none_while_training),
        cmocka_unit_test(test_allocation_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
