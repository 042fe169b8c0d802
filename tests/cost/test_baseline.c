/* Digital baselines against sums done by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cost/baseline.h"
#include "cost/made_up_library.h"

static const double PJ = 0x1p-40;

static void assert_near(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected))) {
        fail_msg("%.17g instead of %.17g", value, expected);
    }
}

/* Two images through a network of 100 weights, of which 20 have a non-zero input. */
static struct mca_baseline_work small_work(void) {
    return (struct mca_baseline_work){.images = 2,
                                      .weights = 100,
                                      .forward_macs = 200,
                                      .forward_macs_nonzero = 40,
                                      .backward_macs = 10,
                                      .update_macs = 200,
                                      .update_macs_nonzero = 40,
                                      .transfers = 3,
                                      .lanes = 4,
                                      .clock_hz = 1000000000,
                                      .chip_dynamic_j = 1000 * 0x1p-40};
}

/* In the made-up library chi_read costs 12 PJ a bit, chi_write 13, dpu_add 8, fp32_multiply 4,
 * fp32_add 8 and int8_multiply 12. */
static void test_baseline_fp32_by_hand(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline_work work = small_work();
    const struct mca_baseline b = mca_baseline_price(MCA_BASELINE_DIGITAL_FP32, &work, &library);
    const double dynamic = (210 * (32 * 12 + 12) + 200 * (32 * 25 + 12)) * PJ;
    assert_near(b.dynamic_j_per_image, dynamic / 2);
    assert_near(b.latency_s_per_image, 410 / 4.0 / 2 * 1e-9);
    assert_near(b.energy_j_per_image,
                dynamic / 2 + (100 * 32 + 4) * 0x1p-20 * b.latency_s_per_image);
    assert_near(b.energy_ratio, dynamic / (1000 * PJ));
}

static void test_baseline_sparse_by_hand(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline_work work = small_work();
    const struct mca_baseline b =
        mca_baseline_price(MCA_BASELINE_DIGITAL_FP32_SPARSE, &work, &library);
    assert_near(b.dynamic_j_per_image, (50 * (32 * 12 + 12) + 40 * (32 * 25 + 12)) * PJ / 2);
    assert_near(b.latency_s_per_image, 90 / 4.0 / 2 * 1e-9);
}

static void test_baseline_mixed_by_hand(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline_work work = small_work();
    const struct mca_baseline b = mca_baseline_price(MCA_BASELINE_DIGITAL_MIXED, &work, &library);
    const double dynamic = (50 * (8 * 12 + 12 + 8) + 40 * (16 * 25 + 12 + 8) + 3 * (8 * 25)) * PJ;
    assert_near(b.dynamic_j_per_image, dynamic / 2);
    assert_near(b.energy_j_per_image,
                dynamic / 2 + (100 * 24 + 4) * 0x1p-20 * b.latency_s_per_image);
}

/* Without zeros the sparse design is the dense one. */
static void test_baseline_sparse_meets_dense_without_zeros(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_baseline_work work = small_work();
    work.forward_macs_nonzero = work.forward_macs;
    work.update_macs_nonzero = work.update_macs;
    const struct mca_baseline dense =
        mca_baseline_price(MCA_BASELINE_DIGITAL_FP32, &work, &library);
    const struct mca_baseline sparse =
        mca_baseline_price(MCA_BASELINE_DIGITAL_FP32_SPARSE, &work, &library);
    assert_memory_equal(&dense, &sparse, sizeof dense);
}

/* Weight memory and chi are one SRAM: a dearer chi makes a dearer baseline. */
static void test_baseline_shares_sram_with_chi(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    const struct mca_baseline_work work = small_work();
    const struct mca_baseline before =
        mca_baseline_price(MCA_BASELINE_DIGITAL_FP32, &work, &library);
    library.energy_j[MCA_COMPONENT_CHI_READ].value += PJ;
    const struct mca_baseline after =
        mca_baseline_price(MCA_BASELINE_DIGITAL_FP32, &work, &library);
    assert_near(after.dynamic_j_per_image - before.dynamic_j_per_image, 410 * 32 * PJ / 2);
}

static void test_baseline_without_images_or_chip_energy(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_baseline_work work = small_work();
    work.chip_dynamic_j = 0.0;
    assert_true(isnan(mca_baseline_price(MCA_BASELINE_DIGITAL_FP32, &work, &library).energy_ratio));
    work.images = 0;
    const struct mca_baseline b = mca_baseline_price(MCA_BASELINE_DIGITAL_FP32, &work, &library);
    assert_true(isnan(b.energy_j_per_image) && isnan(b.dynamic_j_per_image) &&
                isnan(b.latency_s_per_image) && isnan(b.energy_ratio));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_baseline_fp32_by_hand),
        cmocka_unit_test(test_baseline_sparse_by_hand),
        cmocka_unit_test(test_baseline_mixed_by_hand),
        cmocka_unit_test(test_baseline_sparse_meets_dense_without_zeros),
        cmocka_unit_test(test_baseline_shares_sram_with_chi),
        cmocka_unit_test(test_baseline_without_images_or_chip_energy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
