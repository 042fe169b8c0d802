/* Pricing against sums done by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cost/made_up_library.h"
#include "cost/pricing.h"

static const double PJ = 0x1p-40; /* the made-up library's "picojoule" */
static const double UW = 0x1p-20;

static void assert_near(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected))) {
        fail_msg("%.17g instead of %.17g", value, expected);
    }
}

/* Any ledger with everything in it: a small generator, fixed. */
static struct mca_ledger full_ledger(void) {
    struct mca_ledger ledger = {0};
    uint64_t x = 12345;
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            ledger.counts[p][c] = x >> 30;
        }
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            ledger.busy_ps[p][r] = x >> 40;
        }
        ledger.critical_ps[p] = 1000000007u * (uint64_t)(p + 1);
    }
    return ledger;
}

static struct mca_inventory full_inventory(void) {
    struct mca_inventory v = {.tiles = 5,
                              .devices = 655360,
                              .weights = 198760,
                              .dacs = 2560,
                              .adcs = 320,
                              .sample_holds = 2561,
                              .program_drivers = 6,
                              .dpu_lanes = 16,
                              .sigmoid_units = 17,
                              .chi_bits = 3180160,
                              .buffer_bits = 33192};
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        v.resource_instances[r] = (uint64_t)r + 1;
    }
    return v;
}

static void test_pricing_small_ledger_by_hand(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_ledger ledger = {0};
    /* image_load costs 1 PJ, adc_conversion 7, pcm_set 14 */
    ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION] = 10;
    ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION] = 5;
    ledger.counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET] = 3;
    ledger.counts[MCA_PHASE_TEST][MCA_COMPONENT_ADC_CONVERSION] = 100;
    ledger.counts[MCA_PHASE_INIT][MCA_COMPONENT_PCM_SET] = 1000;
    ledger.critical_ps[MCA_PHASE_INIT] = 8000000;
    ledger.critical_ps[MCA_PHASE_FORWARD] = 3000000; /* 3 us */
    ledger.critical_ps[MCA_PHASE_UPDATE] = 1000000;
    ledger.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_ADC] = 3000000;
    ledger.busy_ps[MCA_PHASE_BACKWARD][MCA_RESOURCE_ADC] = 1000000;
    ledger.busy_ps[MCA_PHASE_INIT][MCA_RESOURCE_ADC] = 77;
    ledger.busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU] = 3000000;
    struct mca_inventory inventory = {.tiles = 2, .adcs = 4};
    inventory.resource_instances[MCA_RESOURCE_ADC] = 2;
    inventory.resource_instances[MCA_RESOURCE_DPU] = 1;
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &library);

    assert_near(p.dynamic_of[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION].j, 70 * PJ);
    assert_near(p.by_component[MCA_COMPONENT_ADC_CONVERSION].j, 105 * PJ);
    assert_near(p.dynamic_total.j, (105 + 42) * PJ);
    assert_near(p.static_of[MCA_PHASE_FORWARD][MCA_BLOCK_ADC].j, 4 * UW * 3e-6);
    assert_near(p.by_block[MCA_BLOCK_ADC].j, 4 * UW * 4e-6);
    assert_near(p.static_total.j, 6 * UW * 4e-6);
    assert_near(p.total.j, 147 * PJ + 6 * UW * 4e-6);
    assert_near(p.by_phase[MCA_PHASE_FORWARD].j, 70 * PJ + 6 * UW * 3e-6);
    assert_near(p.by_phase[MCA_PHASE_UPDATE].j, 6 * UW * 1e-6);
    assert_near(p.by_phase[MCA_PHASE_TEST].j, 700 * PJ);
    assert_near(p.by_phase[MCA_PHASE_INIT].j, 14000 * PJ + 6 * UW * 8e-6);
    /* factor 2 on energies, 4 on power */
    assert_near(p.total.low_j, 147 * PJ / 2 + 6 * UW * 1e-6);
    assert_near(p.total.high_j, 147 * PJ * 2 + 6 * UW * 16e-6);
    assert_near(p.time_s, 4e-6);
    assert_near(p.utilisation[MCA_RESOURCE_ADC], 0.5);
    assert_near(p.utilisation[MCA_RESOURCE_DPU], 0.75);
    assert_int_equal(p.bottleneck, MCA_RESOURCE_DPU);
    assert_near(p.area_mm2[MCA_BLOCK_ADC], 400e-6);
    assert_near(p.area_total_mm2, 600e-6);
    assert_true(mca_price_training_j(&ledger, &inventory, &library) == p.total.j);
}

static void test_pricing_parts_add_up_to_total(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_ledger ledger = full_ledger();
    const struct mca_inventory inventory = full_inventory();
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &library);
    double phases = 0.0;
    double components = 0.0;
    double critical = 0.0;
    double area = 0.0;
    for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
        phases += p.by_phase[i].j;
        critical += p.critical_s[i];
    }
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        components += p.by_component[c].j;
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        components += p.by_block[b].j;
        area += p.area_mm2[b];
    }
    assert_near(phases, p.total.j);
    assert_near(components, p.total.j);
    assert_near(critical, p.time_s);
    assert_near(area, p.area_total_mm2);
    assert_near(p.dynamic_total.j + p.static_total.j, p.total.j);
    assert_true(p.total.low_j < p.total.j && p.total.j < p.total.high_j);
}

/* Test and init never touch the training totals; energy is linear in the counts and the time. */
static void test_pricing_invariances(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_ledger ledger = full_ledger();
    const struct mca_inventory inventory = full_inventory();
    struct mca_pricing before;
    struct mca_pricing after;
    mca_price(&before, &ledger, &inventory, &library);
    memset(ledger.counts[MCA_PHASE_TEST], 0xf, sizeof ledger.counts[0]);
    ledger.counts[MCA_PHASE_INIT][0] += 1000000;
    ledger.critical_ps[MCA_PHASE_INIT] *= 3;
    ledger.busy_ps[MCA_PHASE_INIT][MCA_RESOURCE_PROGRAM] *= 1000;
    mca_price(&after, &ledger, &inventory, &library);
    assert_true(before.total.j == after.total.j && before.total.high_j == after.total.high_j);
    assert_true(before.time_s == after.time_s);
    assert_memory_equal(before.utilisation, after.utilisation, sizeof before.utilisation);
    assert_true(after.by_phase[MCA_PHASE_INIT].j > before.by_phase[MCA_PHASE_INIT].j);

    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            ledger.counts[p][c] *= 3;
        }
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            ledger.busy_ps[p][r] *= 3;
        }
        ledger.critical_ps[p] *= 3;
    }
    mca_price(&before, &ledger, &inventory, &library);
    assert_near(before.total.j, 3 * after.total.j);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_near(before.utilisation[r], after.utilisation[r]);
    }
}

static void test_pricing_empty_run_is_zero(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_ledger ledger = {0};
    const struct mca_inventory inventory = {0};
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &library);
    assert_true(p.total.j == 0.0 && p.time_s == 0.0 && p.area_total_mm2 == 0.0);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_true(p.utilisation[r] == 0.0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pricing_small_ledger_by_hand),
        cmocka_unit_test(test_pricing_parts_add_up_to_total),
        cmocka_unit_test(test_pricing_invariances),
        cmocka_unit_test(test_pricing_empty_run_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
