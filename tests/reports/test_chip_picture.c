#include "reports/figures/chip_picture.h"

#include <math.h>

#include "chip/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"

/* Whatever a cell holds, it is counted once, in one of the bins. */
static void test_chip_picture_counts_any_value(void **state) {
    (void)state;
    static const double values[] = {(double)NAN, (double)INFINITY, -(double)INFINITY,
                                    1e308,       -1e308,           0.0};
    const struct mca_u32_list widths = {2, {6, 3}};
    const struct mca_chip_config config = mca_fixture_float(&widths);
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, &config, &error), MCA_OK);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        chip->layers[0].crossbar.continuous_us[i % 3] = values[i];
        chip->layers[0].chi.real[i % 3] = values[i];
        struct mca_chip_picture picture = {0, NULL};
        assert_int_equal(mca_chip_picture_take(&picture, chip, &error), MCA_OK);
        uint64_t weights = 0;
        uint64_t words = 0;
        for (int b = 0; b < MCA_PICTURE_BINS; ++b) {
            weights += picture.layers[0].weight_us.bins[b];
            words += picture.layers[0].chi_epsilons.bins[b];
        }
        assert_int_equal(weights, 7 * 3);
        assert_int_equal(words, 7 * 3);
        mca_chip_picture_deinit(&picture);
    }
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chip_picture_counts_any_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
