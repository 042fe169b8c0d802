/* Training allocates nothing once it runs: the linker sends the library's allocations through
 * counters. */
#include "chip/chip.h"
#include "mca_fixture.h"
#include "mca_test.h"

static uint64_t allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size) {
    ++allocations;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    ++allocations;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
    ++allocations;
    return __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    ++allocations;
    return __real_aligned_alloc(alignment, size);
}

static void test_allocation_none_while_training(void **state) {
    (void)state;
    const struct mca_u32_list widths = {3, {60, 40, 10}};
    const struct mca_chip_config config = mca_fixture_chip(&widths);
    struct mca_chip *chip;
    struct mca_error error;
    allocations = 0;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    assert_true(allocations > 0);
    allocations = 0;
    mca_chip_set_rate(chip, 0.3, 1);
    for (uint32_t i = 0; i < 1000; ++i) {
        uint8_t pixels[60];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(60, 10, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
    assert_int_equal(allocations, 0);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allocation_none_while_training),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
