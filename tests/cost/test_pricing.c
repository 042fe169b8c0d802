/* Pricing against sums done by hand. */
#include "cost/cost_test.h"

#include "cost/made_up_library.h"
#include "cost/pricing.h"

static const double PJ = 0x1p-40; /* the made-up library's "picojoule" */
static const double UW = 0x1p-20;

/* A library with the prices of a design under it. */
struct priced {
    struct mca_component_library library;
    struct mca_price_list prices;
};

static void set_up_prices(struct priced *p) {
    static const struct mca_cost_design design = {
        .dac_kind = MCA_DAC_PWM,
        .adc_kind = MCA_ADC_CCO,
        .dac_bits = 8,
        .adc_bits = 8,
        .factor_bits = {16, 12},
        .pulse_ps = 128000.0,
        .clock_hz = 1e9,
        .macro_bytes = {16384.0, 512.0, 16384.0, 512.0, 64.0, 0.0},
        .dram = 1,
        .idle_clock = 1.0,
        .sram_leak = 1.0};
    p->library = made_up_library();
    mca_price_list_init(&p->prices, &p->library, &design);
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
                              .buffer_bits = 33192,
                              .buffers = 8,
                              .register_bits = 12113,
                              .weight_bits = 1590080,
                              .fp32_lanes = 3};
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        v.resource_instances[r] = (uint64_t)r + 1;
    }
    return v;
}

/* 15 conversions and 3 SET pulses of training, 4 us, 2 tiles and 4 converters. */
static void small_run(struct mca_ledger *ledger, struct mca_inventory *inventory) {
    *ledger = (struct mca_ledger){0};
    ledger->counts[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION] = 10;
    ledger->counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION] = 5;
    ledger->counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET] = 3;
    ledger->counts[MCA_PHASE_TEST][MCA_COMPONENT_ADC_CONVERSION] = 100;
    ledger->counts[MCA_PHASE_INIT][MCA_COMPONENT_PCM_SET] = 1000;
    ledger->critical_ps[MCA_PHASE_INIT] = 8000000;
    ledger->critical_ps[MCA_PHASE_FORWARD] = 3000000; /* 3 us */
    ledger->critical_ps[MCA_PHASE_UPDATE] = 1000000;
    ledger->busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_ADC] = 3000000;
    ledger->busy_ps[MCA_PHASE_BACKWARD][MCA_RESOURCE_ADC] = 1000000;
    ledger->busy_ps[MCA_PHASE_INIT][MCA_RESOURCE_ADC] = 77;
    ledger->busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU] = 3000000;
    *inventory = (struct mca_inventory){.tiles = 2, .adcs = 4};
    inventory->resource_instances[MCA_RESOURCE_ADC] = 2;
    inventory->resource_instances[MCA_RESOURCE_DPU] = 1;
}

/* In the made-up library adc_cco costs 7 PJ and pcm_set 17. */
static void test_pricing_small_ledger_by_hand(void **state) {
    (void)state;
    struct priced under;
    struct mca_ledger ledger;
    struct mca_inventory inventory;
    set_up_prices(&under);
    small_run(&ledger, &inventory);
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &under.prices);

    assert_close(p.dynamic_of_j[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION], 70 * PJ);
    assert_close(p.by_component_j[MCA_COMPONENT_ADC_CONVERSION], 105 * PJ);
    assert_close(p.dynamic_j, (105 + 51) * PJ);
    assert_close(p.static_of_j[MCA_PHASE_FORWARD][MCA_BLOCK_ADC], 4 * UW * 3e-6);
    assert_close(p.by_block_j[MCA_BLOCK_ADC], 4 * UW * 4e-6);
    assert_close(p.static_j, 6 * UW * 4e-6);
    assert_close(p.total_j, 156 * PJ + 6 * UW * 4e-6);
    assert_close(p.by_phase_j[MCA_PHASE_FORWARD], 70 * PJ + 6 * UW * 3e-6);
    assert_close(p.by_phase_j[MCA_PHASE_UPDATE], 6 * UW * 1e-6);
    assert_close(p.by_phase_j[MCA_PHASE_TEST], 700 * PJ);
    assert_close(p.by_phase_j[MCA_PHASE_INIT], 17000 * PJ + 6 * UW * 8e-6);
    assert_close(p.time_s, 4e-6);
    assert_close(p.critical_s[MCA_PHASE_INIT], 8e-6);
    assert_close(p.utilisation[MCA_RESOURCE_ADC], 0.5);
    assert_close(p.utilisation[MCA_RESOURCE_DPU], 0.75);
    assert_int_equal(p.bottleneck, MCA_RESOURCE_DPU);
    assert_close(p.area_mm2[MCA_BLOCK_ADC], 400e-6);
    assert_close(p.area_total_mm2, 600e-6);
    assert_true(mca_price_training_j(&ledger, &inventory, &under.prices) == p.total_j);
    ledger.critical_ps[MCA_PHASE_FORWARD] = 1; /* the least time that there is */
    ledger.critical_ps[MCA_PHASE_UPDATE] = 0;
    struct mca_pricing least;
    mca_price(&least, &ledger, &inventory, &under.prices);
    assert_close(least.utilisation[MCA_RESOURCE_DPU], 3e6);
}

/* Two energies of factor 2 and two static powers of factor 4, all independent. */
static void test_pricing_ranges_by_hand(void **state) {
    (void)state;
    struct priced under;
    struct mca_ledger ledger;
    struct mca_inventory inventory;
    set_up_prices(&under);
    small_run(&ledger, &inventory);
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &under.prices);

    const double j[4] = {105 * PJ, 51 * PJ, 2 * UW * 4e-6, 4 * UW * 4e-6};
    const double factor[4] = {2.0, 2.0, 4.0, 4.0};
    const double total = j[0] + j[1] + j[2] + j[3];
    double up = 0.0;
    double down = 0.0;
    for (int i = 0; i < 4; ++i) {
        const double lost = j[i] - j[i] / factor[i];
        up += pow(j[i] * factor[i] - j[i], 2.0);
        down += pow(total / (total - lost) - 1.0, 2.0);
    }
    assert_close(p.total_range_j.high, total + sqrt(up));
    assert_close(p.total_range_j.low, total / (1.0 + sqrt(down)));
    assert_close(p.independent_range_j.high, p.total_range_j.high);
    assert_close(p.independent_range_j.low, p.total_range_j.low);
    assert_close(p.common_range_j.high, total);
    assert_close(p.common_range_j.low, total);
    assert_close(p.component_range_j[MCA_COMPONENT_PCM_SET].low, 51 * PJ / 2);
    assert_close(p.component_range_j[MCA_COMPONENT_PCM_SET].high, 51 * PJ * 2);
    assert_close(p.block_range_j[MCA_BLOCK_ADC].low, 4 * UW * 1e-6);
    assert_close(p.block_range_j[MCA_BLOCK_ADC].high, 4 * UW * 16e-6);
    assert_true(p.component_range_j[MCA_COMPONENT_PCM_RESET].high == 0.0);
}

/* Reads and writes of SRAM share a cause of factor 3, whichever memory they are of. */
static void test_pricing_common_range_by_hand(void **state) {
    (void)state;
    struct priced under;
    set_up_prices(&under);
    struct mca_ledger ledger = {0};
    ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_BUFFER_READ] = 4; /* 15 PJ each */
    ledger.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_READ] = 8;
    ledger.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_WRITE] = 10; /* 16 PJ each */
    const struct mca_inventory inventory = {0};
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &under.prices);
    assert_close(p.total_j, 340 * PJ);
    assert_close(p.common_range_j.low, 340 * PJ / 3);
    assert_close(p.common_range_j.high, 340 * PJ * 3);
    /* own errors of factor 2: of 180 PJ read, whether from chi or buffer, and of 160 written */
    assert_close(p.independent_range_j.high, (340 + hypot(180, 160)) * PJ);
    assert_close(p.independent_range_j.low,
                 340 * PJ / (1 + hypot(340.0 / 250 - 1, 340.0 / 260 - 1)));
    assert_close(p.total_range_j.high, (340 + sqrt(180 * 180 + 160 * 160 + 680 * 680)) * PJ);
}

static void test_pricing_parts_add_up_to_total(void **state) {
    (void)state;
    struct priced under;
    set_up_prices(&under);
    const struct mca_ledger ledger = full_ledger();
    const struct mca_inventory inventory = full_inventory();
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &under.prices);
    double phases = 0.0;
    double components = 0.0;
    double critical = 0.0;
    double area = 0.0;
    for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
        phases += p.by_phase_j[i];
        critical += p.critical_s[i];
    }
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        components += p.by_component_j[c];
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        components += p.by_block_j[b];
        area += p.area_mm2[b];
    }
    assert_close(phases, p.total_j);
    assert_close(components, p.total_j);
    assert_close(critical, p.time_s);
    assert_close(area, p.area_total_mm2);
    assert_close(p.dynamic_j + p.static_j, p.total_j);
    assert_true(p.total_range_j.low < p.total_j && p.total_j < p.total_range_j.high);
}

static double sum_of(const struct mca_shares *shares) {
    double sum = 0.0;
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        sum += shares->of[f];
    }
    return sum;
}

/* Whatever is selected, the figures' shares are the energy that is selected. */
static void test_pricing_shares_add_up(void **state) {
    (void)state;
    struct priced under;
    set_up_prices(&under);
    const struct mca_ledger ledger = full_ledger();
    const struct mca_inventory inventory = full_inventory();
    struct mca_pricing p;
    struct mca_shares shares;
    mca_price(&p, &ledger, &inventory, &under.prices);
    const struct mca_price_list *prices = &under.prices;
    mca_pricing_shares(&p, prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
    assert_close(sum_of(&shares), p.total_j);
    mca_pricing_shares(&p, prices, MCA_EVERY, MCA_EVERY, MCA_NO, &shares);
    assert_close(sum_of(&shares), p.dynamic_j);
    mca_pricing_shares(&p, prices, MCA_EVERY, MCA_NO, MCA_EVERY, &shares);
    assert_close(sum_of(&shares), p.static_j);
    mca_pricing_shares(&p, prices, MCA_EVERY, MCA_NO, MCA_NO, &shares);
    assert_true(sum_of(&shares) == 0.0);
    mca_area_shares(&p, prices, MCA_EVERY, &shares);
    assert_close(sum_of(&shares), p.area_total_mm2);
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        mca_pricing_shares(&p, prices, phase, MCA_EVERY, MCA_EVERY, &shares);
        assert_close(sum_of(&shares), p.by_phase_j[phase]);
    }
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        mca_pricing_shares(&p, prices, MCA_EVERY, c, MCA_NO, &shares);
        assert_close(sum_of(&shares), p.by_component_j[c]);
        mca_pricing_shares(&p, prices, MCA_PHASE_TEST, c, MCA_NO, &shares);
        assert_close(sum_of(&shares), p.dynamic_of_j[MCA_PHASE_TEST][c]);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        mca_pricing_shares(&p, prices, MCA_EVERY, MCA_NO, b, &shares);
        assert_close(sum_of(&shares), p.by_block_j[b]);
        mca_pricing_shares(&p, prices, MCA_PHASE_INIT, MCA_NO, b, &shares);
        assert_close(sum_of(&shares), p.static_of_j[MCA_PHASE_INIT][b]);
        mca_area_shares(&p, prices, b, &shares);
        assert_close(sum_of(&shares), p.area_mm2[b]);
    }
}

/* Each share is with the figure that priced it; what several components share is added up. */
static void test_pricing_shares_go_to_their_figures(void **state) {
    (void)state;
    struct priced under;
    set_up_prices(&under);
    const struct mca_ledger ledger = full_ledger();
    const struct mca_inventory inventory = full_inventory();
    struct mca_pricing p;
    struct mca_shares shares;
    mca_price(&p, &ledger, &inventory, &under.prices);
    mca_pricing_shares(&p, &under.prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
    const double *c = p.by_component_j;
    const double *b = p.by_block_j;
    assert_close(shares.of[MCA_ENTRY_ADC_CCO],
                 c[MCA_COMPONENT_ADC_CONVERSION] + c[MCA_COMPONENT_ADC_COMPARE]);
    assert_close(shares.of[MCA_ENTRY_REGISTER_BIT], c[MCA_COMPONENT_DPU_RANDOM]);
    assert_close(shares.of[MCA_ENTRY_SRAM_READ],
                 c[MCA_COMPONENT_CHI_READ] + c[MCA_COMPONENT_BUFFER_READ] +
                     c[MCA_COMPONENT_WEIGHT_READ] + c[MCA_COMPONENT_ACCUMULATOR_READ] +
                     c[MCA_COMPONENT_LANE_SUM_READ] + c[MCA_COMPONENT_SCAN_MAP_READ]);
    assert_close(shares.of[MCA_ENTRY_INT_MULTIPLY],
                 c[MCA_COMPONENT_DPU_MULTIPLY] + c[MCA_COMPONENT_INT8_MULTIPLY]);
    assert_close(shares.of[mca_figure_static(MCA_PART_SRAM_BIT)],
                 b[MCA_BLOCK_CHI_BIT] + b[MCA_BLOCK_BUFFER_BIT] + b[MCA_BLOCK_WEIGHT_BIT]);
    assert_close(shares.of[mca_figure_static(MCA_PART_FP32_LANE)], b[MCA_BLOCK_FP32_LANE]);
    assert_true(shares.of[MCA_ENTRY_ADC_SAR] == 0.0); /* not of this design */
    assert_true(shares.of[mca_figure_area(MCA_PART_SRAM_BIT)] == 0.0);
    mca_area_shares(&p, &under.prices, MCA_EVERY, &shares);
    assert_close(shares.of[mca_figure_area(MCA_PART_SRAM_BIT)],
                 (3180160 + 33192 + 1590080) * 100e-6);
    assert_true(shares.of[mca_figure_static(MCA_PART_SRAM_BIT)] == 0.0);
}

/* Test and init never touch the training totals; energy is linear in the counts and the time. */
static void test_pricing_invariances(void **state) {
    (void)state;
    struct priced under;
    set_up_prices(&under);
    struct mca_ledger ledger = full_ledger();
    const struct mca_inventory inventory = full_inventory();
    struct mca_pricing before;
    struct mca_pricing after;
    mca_price(&before, &ledger, &inventory, &under.prices);
    memset(ledger.counts[MCA_PHASE_TEST], 0xf, sizeof ledger.counts[0]);
    ledger.counts[MCA_PHASE_INIT][0] += 1000000;
    ledger.critical_ps[MCA_PHASE_INIT] *= 3;
    ledger.busy_ps[MCA_PHASE_INIT][MCA_RESOURCE_PROGRAM] *= 1000;
    mca_price(&after, &ledger, &inventory, &under.prices);
    assert_true(before.total_j == after.total_j);
    assert_memory_equal(&before.total_range_j, &after.total_range_j, sizeof before.total_range_j);
    assert_true(before.time_s == after.time_s);
    assert_memory_equal(before.utilisation, after.utilisation, sizeof before.utilisation);
    assert_true(after.by_phase_j[MCA_PHASE_INIT] > before.by_phase_j[MCA_PHASE_INIT]);

    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            ledger.counts[p][c] *= 3;
        }
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            ledger.busy_ps[p][r] *= 3;
        }
        ledger.critical_ps[p] *= 3;
    }
    mca_price(&before, &ledger, &inventory, &under.prices);
    assert_close(before.total_j, 3 * after.total_j);
    assert_close(before.total_range_j.low, 3 * after.total_range_j.low);
    assert_close(before.total_range_j.high, 3 * after.total_range_j.high);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_close(before.utilisation[r], after.utilisation[r]);
    }
}

/* The digital unit works for 3 of 4 us, all of them updates; a stopped clock takes a quarter. */
static void test_pricing_gated_clock_by_hand(void **state) {
    (void)state;
    struct priced under;
    struct mca_ledger ledger;
    struct mca_inventory inventory;
    struct mca_pricing free_running;
    struct mca_pricing gated;
    set_up_prices(&under);
    small_run(&ledger, &inventory);
    inventory.register_bits = 1000;
    mca_price(&free_running, &ledger, &inventory, &under.prices);
    under.prices.design.idle_clock = 0.25;
    mca_price_list_init(&under.prices, &under.library, &under.prices.design);
    mca_price(&gated, &ledger, &inventory, &under.prices);

    const double watts = 1000 * under.prices.static_w[MCA_BLOCK_REGISTER_BIT].value;
    assert_true(watts > 0.0);
    assert_close(free_running.by_block_j[MCA_BLOCK_REGISTER_BIT], watts * 4e-6);
    assert_close(gated.by_block_j[MCA_BLOCK_REGISTER_BIT], watts * (0.25 * 4e-6 + 0.75 * 3e-6));
    assert_close(gated.static_of_j[MCA_PHASE_FORWARD][MCA_BLOCK_REGISTER_BIT], watts * 0.25 * 3e-6);
    assert_close(gated.powered_s[MCA_PHASE_UPDATE][MCA_BLOCK_REGISTER_BIT],
                 1000 * (0.25 * 1e-6 + 0.75 * 3e-6));
    assert_close(free_running.total_j - gated.total_j, watts * 0.75 * 1e-6);
    /* leakage flows on, and at work all is as it was */
    assert_true(gated.by_block_j[MCA_BLOCK_ADC] == free_running.by_block_j[MCA_BLOCK_ADC]);
    assert_true(gated.dynamic_j == free_running.dynamic_j);
    assert_true(gated.static_w == free_running.static_w);
    assert_close(gated.static_w - gated.idle_w, watts * 0.75);
    assert_close(mca_price_gated_j(&gated, MCA_RESOURCE_ADC), watts * 0.75 * 3e-6);
    assert_true(mca_price_gated_j(&gated, MCA_RESOURCE_DPU) == 0.0);
    assert_true(free_running.idle_w == free_running.static_w);
    assert_true(mca_price_gated_j(&free_running, MCA_RESOURCE_ADC) == 0.0);
}

/* A unit that two parts share, and is built in neither: of the third. Energies add up. */
static void test_pricing_parts_of_a_gated_unit_add_up(void **state) {
    (void)state;
    struct priced under;
    struct mca_ledger part;
    struct mca_inventory inventory;
    struct mca_pricing p;
    set_up_prices(&under);
    under.prices.design.idle_clock = 0.0;
    mca_price_list_init(&under.prices, &under.library, &under.prices.design);
    small_run(&part, &inventory);
    const struct mca_inventory none = {.resource_instances = {0}};
    inventory.register_bits = 12113;
    struct mca_ledger whole = part;
    mca_ledger_add(&whole, &part);
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) { /* one path, whatever the parts */
        whole.critical_ps[phase] = part.critical_ps[phase];
    }
    double sum = 0.0;
    for (int i = 0; i < 2; ++i) {
        mca_price_part(&p, &part, &part, &none, &under.prices);
        sum += p.total_j;
    }
    struct mca_ledger rest = {0};
    memcpy(rest.critical_ps, part.critical_ps, sizeof rest.critical_ps);
    mca_price_part(&p, &rest, &whole, &inventory, &under.prices);
    sum += p.total_j;
    mca_price(&p, &whole, &inventory, &under.prices);
    assert_close(sum, p.total_j);
    assert_true(p.by_block_j[MCA_BLOCK_REGISTER_BIT] > 0.0);
}

static void test_pricing_empty_run_is_zero(void **state) {
    (void)state;
    struct priced under;
    set_up_prices(&under);
    const struct mca_ledger ledger = {0};
    const struct mca_inventory inventory = {0};
    struct mca_pricing p;
    mca_price(&p, &ledger, &inventory, &under.prices);
    assert_true(p.total_j == 0.0 && p.time_s == 0.0 && p.area_total_mm2 == 0.0);
    assert_true(p.total_range_j.low == 0.0 && p.total_range_j.high == 0.0);
    assert_true(p.common_range_j.low == 0.0 && p.independent_range_j.high == 0.0);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_true(p.utilisation[r] == 0.0);
    }
}

/* 3 units of a layer work 70, 20 and 10 ps of 200, 4 drivers 40 each; those of another one less. */
static void test_pricing_busiest_by_hand(void **state) {
    (void)state;
    struct mca_ledger layer;
    struct mca_inventory built = {0};
    struct mca_pricing p = {.time_s = 200e-12};
    memset(&layer, 0, sizeof layer);
    layer.critical_ps[MCA_PHASE_FORWARD] = 150;
    layer.critical_ps[MCA_PHASE_REFRESH] = 50;
    layer.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU] = 60;
    layer.beside_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU] = 20;
    layer.busy_ps[MCA_PHASE_REFRESH][MCA_RESOURCE_DPU] = 40;
    layer.beside_ps[MCA_PHASE_REFRESH][MCA_RESOURCE_DPU] = 10;
    layer.busy_ps[MCA_PHASE_TEST][MCA_RESOURCE_DPU] = 1000; /* of no training phase */
    layer.busy_ps[MCA_PHASE_TRANSFER][MCA_RESOURCE_PROGRAM] = 160;
    built.resource_instances[MCA_RESOURCE_DPU] = 3;
    built.resource_instances[MCA_RESOURCE_PROGRAM] = 4;
    mca_price_busiest(&p, &layer, &built, MCA_RESOURCE_PROGRAM);
    assert_true(p.busiest[MCA_RESOURCE_PROGRAM] == 0.2);
    assert_int_equal(p.bottleneck, MCA_RESOURCE_PROGRAM);
    mca_price_busiest(&p, &layer, &built, MCA_RESOURCE_DPU);
    assert_true(p.busiest[MCA_RESOURCE_DPU] == 0.35);
    assert_int_equal(p.bottleneck, MCA_RESOURCE_DPU);
    layer.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU] = 30;
    mca_price_busiest(&p, &layer, &built, MCA_RESOURCE_DPU);
    assert_true(p.busiest[MCA_RESOURCE_DPU] == 0.35);
    memset(layer.critical_ps, 0, sizeof layer.critical_ps);
    struct mca_pricing none = {0};
    mca_price_busiest(&none, &layer, &built, MCA_RESOURCE_DPU);
    assert_true(none.busiest[MCA_RESOURCE_DPU] == 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pricing_small_ledger_by_hand),
        cmocka_unit_test(test_pricing_ranges_by_hand),
        cmocka_unit_test(test_pricing_common_range_by_hand),
        cmocka_unit_test(test_pricing_parts_add_up_to_total),
        cmocka_unit_test(test_pricing_shares_add_up),
        cmocka_unit_test(test_pricing_shares_go_to_their_figures),
        cmocka_unit_test(test_pricing_invariances),
        cmocka_unit_test(test_pricing_gated_clock_by_hand),
        cmocka_unit_test(test_pricing_parts_of_a_gated_unit_add_up),
        cmocka_unit_test(test_pricing_empty_run_is_zero),
        cmocka_unit_test(test_pricing_busiest_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
