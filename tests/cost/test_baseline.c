/* Digital designs: counts, cycles and energies against sums done by hand. */
#include "cost/cost_test.h"

#include "cost/baseline.h"
#include "cost/made_up_library.h"
#include "dpu/activation.h"

static const double PJ = 0x1p-40;
static const double UW = 0x1p-20;

/* 4 pixels, 3 hidden units, 2 outputs: 9 rows with the biases, 5 outputs of layers, 23 weights.
 * 1 GHz, so a cycle is 1000 ps. */
static struct mca_chip_config small_chip(void) {
    struct mca_chip_config config = {
        .tile = {.rows = 256, .cols = 256},
        .dac = {.bits = 8, .share = 1},
        .adc = {.bits = 8, .share = 1},
        .dpu = {.activation_bits = 16, .error_bits = 12, .lanes = 4, .clock_hz = 1000000000},
        .chi = {.bits = 16},
        .timing = {.image_load_ps_per_byte = 1000, .read_ps_per_level = 500}};
    mca_network_config_set_widths(&config.network, &(const struct mca_u32_list){3, {4, 3, 2}});
    return config;
}

/* Ten images, of which a good half of the rows has an input that is not zero: 55 of 150 products of
 * the first layer, 75 of 80 of the second. 47 of its 60 backward products have an error that is
 * not, and 41 and 58 of those of the updates have both. Chi serves 144 and 132 words of a lane. */
static const struct mca_ledger_part CHIP[2] = {
    {.counts = {[MCA_PHASE_FORWARD] =
                    {[MCA_COMPONENT_ADC_CONVERSION] = 999, [MCA_COMPONENT_PCM_READ] = 2 * 55},
                [MCA_PHASE_UPDATE] =
                    {[MCA_COMPONENT_DPU_MULTIPLY] = 41, [MCA_COMPONENT_CHI_READ] = 144 * 16},
                [MCA_PHASE_TRANSFER] = {[MCA_COMPONENT_PCM_SET] = 4},
                [MCA_PHASE_INIT] = {[MCA_COMPONENT_PCM_SET] = 999}}},
    {.counts = {[MCA_PHASE_FORWARD] = {[MCA_COMPONENT_PCM_READ] = 2 * 75},
                [MCA_PHASE_BACKWARD] =
                    {[MCA_COMPONENT_ADC_CONVERSION] = 999, [MCA_COMPONENT_PCM_READ] = 2 * 47},
                [MCA_PHASE_UPDATE] = {[MCA_COMPONENT_DPU_MULTIPLY] = 58,
                                      [MCA_COMPONENT_CHI_READ] = 132 * 16,
                                      [MCA_COMPONENT_CHI_WRITE] = 2112},
                [MCA_PHASE_TRANSFER] = {[MCA_COMPONENT_PCM_SET] = 2},
                [MCA_PHASE_REFRESH] = {[MCA_COMPONENT_PCM_SET] = 1}}}};

static struct mca_baseline_work small_work(void) {
    return (struct mca_baseline_work){.images = 10, .batch = 1, .parts = {&CHIP[0], &CHIP[1]}};
}

static const struct mca_cost_config COST = {.sram_macro_bytes = 16384, .dram = 1};

static struct mca_baseline small_baseline(enum mca_baseline_design design, uint32_t lanes,
                                          const struct mca_component_library *library) {
    const struct mca_chip_config chip = small_chip();
    const struct mca_baseline_work work = small_work();
    struct mca_baseline b;
    mca_baseline_init(&b, design, lanes, &work, &chip, &COST, library);
    return b;
}

struct count {
    enum mca_phase phase;
    enum mca_component component;
    uint64_t count;
};

/* These counts and no others. */
static void assert_counts(const struct mca_ledger *ledger, const struct count *counts,
                          size_t size) {
    uint64_t wanted[MCA_PHASE_COUNT][MCA_COMPONENT_COUNT] = {{0}};
    for (size_t i = 0; i < size; ++i) {
        wanted[counts[i].phase][counts[i].component] = counts[i].count;
    }
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            if (ledger->counts[p][c] != wanted[p][c]) {
                fail_msg("%s, %s: %llu instead of %llu", mca_phase_name((enum mca_phase)p),
                         mca_component_name((enum mca_component)c),
                         (unsigned long long)ledger->counts[p][c],
                         (unsigned long long)wanted[p][c]);
            }
        }
    }
}

/* Cycles of the critical path of each training phase; the units' busy cycles. */
static void assert_cycles(const struct mca_ledger *ledger, const uint64_t critical[6],
                          const uint64_t busy[6]) {
    for (int i = 0; i < 6; ++i) {
        assert_int_equal(ledger->critical_ps[MCA_PHASE_FORWARD + i], critical[i] * 1000);
        assert_int_equal(ledger->busy_ps[MCA_PHASE_FORWARD + i][MCA_RESOURCE_DPU], busy[i] * 1000);
        assert_int_equal(ledger->busy_ps[MCA_PHASE_FORWARD + i][MCA_RESOURCE_CHI], busy[i] * 1000);
    }
}

static void test_baseline_fp32_counts_by_hand(void **state) {
    (void)state;
    static const struct count counts[] = {
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DRAM_READ, 10 * 4 * 8},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_IMAGE_LOAD, 10 * 4 * 8},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_BUFFER_WRITE, 10 * (4 * 8 + 5 * 32)},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_BUFFER_READ, 58 * 32}, /* words of 4 lanes */
        {MCA_PHASE_FORWARD, MCA_COMPONENT_WEIGHT_READ, 230 * 32},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_FP32_MULTIPLY, 230},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_FP32_ADD, 230},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_SIGMOID, 10 * 5},
        {MCA_PHASE_ERROR, MCA_COMPONENT_FP32_ADD, 10 * 2},
        {MCA_PHASE_ERROR, MCA_COMPONENT_FP32_MULTIPLY, 10 * 2 * 3},
        {MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_READ, 10 * 5 * 32},
        {MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_WRITE, 10 * 5 * 32},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_BUFFER_READ, 15 * 32},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_WEIGHT_READ, 60 * 32},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_FP32_MULTIPLY, 60},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_FP32_ADD, 60},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_BUFFER_READ, 58 * 32},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_FP32_MULTIPLY, 230 + 10 * 5},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_FP32_ADD, 230},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_WEIGHT_READ, 230 * 32},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_WEIGHT_WRITE, 230 * 32},
    };
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline b = small_baseline(MCA_BASELINE_DIGITAL_FP32, 4, &library);
    assert_counts(&b.ledger, counts, sizeof counts / sizeof counts[0]);
    assert_int_equal(b.lanes, 4);
    /* 230, 50, 60 and 230 over 4 units, and 8 cycles a layer and image behind them */
    assert_cycles(&b.ledger, (const uint64_t[]){58 + 160, 13 + 160, 15 + 80, 58 + 160, 0, 0},
                  (const uint64_t[]){58, 13, 15, 58, 0, 0});
}

/* A test alone: what training does forward, and no more. */
static void test_baseline_of_a_test_works_forward_alone(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_chip_config chip = small_chip();
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        struct mca_baseline_work work = small_work();
        struct mca_baseline b;
        struct mca_ledger wanted = small_baseline((enum mca_baseline_design)d, 4, &library).ledger;
        work.is_test = 1;
        mca_baseline_init(&b, (enum mca_baseline_design)d, 4, &work, &chip, &COST, &library);
        for (int p = MCA_PHASE_FORWARD + 1; p < MCA_PHASE_COUNT; ++p) {
            memset(wanted.counts[p], 0, sizeof wanted.counts[p]);
            memset(wanted.busy_ps[p], 0, sizeof wanted.busy_ps[p]);
            wanted.critical_ps[p] = 0;
        }
        /* the pulses of the chip's run, which had none in a test, are not in this phase */
        assert_memory_equal(b.ledger.counts[MCA_PHASE_FORWARD], wanted.counts[MCA_PHASE_FORWARD],
                            sizeof wanted.counts[0]);
        assert_int_equal(b.ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_WEIGHT_READ], 0);
        assert_int_equal(b.ledger.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_WEIGHT_WRITE], 0);
        assert_int_equal(b.ledger.critical_ps[MCA_PHASE_FORWARD],
                         wanted.critical_ps[MCA_PHASE_FORWARD]);
        assert_int_equal(b.ledger.critical_ps[MCA_PHASE_BACKWARD], 0);
        assert_int_equal(b.ledger.critical_ps[MCA_PHASE_UPDATE], 0);
    }
}

/* In the made-up library, in PJ: dram_read 1, image_load 2, fp32_add 11, fp32_multiply 12, sigmoid
 * 13, sram_read 15, sram_write 16. */
static void test_baseline_fp32_energy_by_hand(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline b = small_baseline(MCA_BASELINE_DIGITAL_FP32, 4, &library);
    const double dynamic =
        320 * 1 + 320 * 2 + (230 + 20 + 60 + 230) * 11 + (230 + 60 + 60 + 280) * 12 + 50 * 13 +
        (58 * 32 + 7360 + 1600 + 15 * 32 + 1920 + 58 * 32 + 7360) * 15 + (1920 + 1600 + 7360) * 16;
    /* 4 lanes of 192 register bits, 4 sigmoid units, 23 weights and twice 14 values of 32 bits */
    const double instances = 4 + 4 * 192 + 4 + 23 * 32 + 2 * 14 * 32;
    const double time_s = (218 + 173 + 95 + 218) * 1e-9;
    assert_close(b.pricing.dynamic_j, dynamic * PJ);
    assert_close(b.pricing.time_s, time_s);
    assert_close(b.pricing.static_j, instances * UW * time_s);
    assert_close(b.pricing.total_j, dynamic * PJ + instances * UW * time_s);
    assert_close(b.pricing.area_total_mm2, instances * 100e-6);
    assert_close(b.pricing.utilisation[MCA_RESOURCE_DPU], (58 + 13 + 15 + 58) / 704.0);
    assert_close(b.pricing.utilisation[MCA_RESOURCE_IMAGE_PORT], 40 / 704.0);
}

static void test_baseline_mixed_counts_by_hand(void **state) {
    (void)state;
    static const struct count counts[] = {
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DRAM_READ, 10 * 4 * 8},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_IMAGE_LOAD, 10 * 4 * 8},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_BUFFER_WRITE, 10 * (4 * 8 + 5 * 8)},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_BUFFER_READ, 44 * 8}, /* words of 3 lanes */
        {MCA_PHASE_FORWARD, MCA_COMPONENT_WEIGHT_READ, 130 * 8},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_INT8_MULTIPLY, 130},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_ADD, 130},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_SIGMOID, 10 * 5},
        /* as the chip's digital unit: the rate once, and two products for a hidden unit's slope */
        {MCA_PHASE_ERROR, MCA_COMPONENT_DPU_ADD, 10 * 5},
        {MCA_PHASE_ERROR, MCA_COMPONENT_DPU_MULTIPLY, 10 * (2 + 3 * 3)},
        {MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_READ, 10 * 5 * 16},
        {MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_WRITE, 10 * 5 * 12},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_BUFFER_READ, 16 * 8},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_WEIGHT_READ, 47 * 8},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_INT8_MULTIPLY, 47},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_DPU_ADD, 47},
        /* what it counted there */
        {MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_MULTIPLY, 41 + 58},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_CHI_READ, (144 + 132) * 16},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_CHI_WRITE, 2112},
        {MCA_PHASE_TRANSFER, MCA_COMPONENT_WEIGHT_READ, 7 * 8},
        {MCA_PHASE_TRANSFER, MCA_COMPONENT_WEIGHT_WRITE, 7 * 8},
        {MCA_PHASE_TRANSFER, MCA_COMPONENT_DPU_ADD, 7},
    };
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline b = small_baseline(MCA_BASELINE_DIGITAL_MIXED, 3, &library);
    assert_counts(&b.ledger, counts, sizeof counts / sizeof counts[0]);
    /* 276 words of chi over 3 units */
    assert_cycles(&b.ledger, (const uint64_t[]){44 + 160, 17 + 160, 16 + 80, 92 + 160, 3, 0},
                  (const uint64_t[]){44, 17, 16, 92, 3, 0});
}

/* Of a chip without chi: the design keeps its own, and serves the words that the chip did, 132
 * random words, in 16 bits each. Nothing else is another. */
static void test_baseline_mixed_has_chi_beside_a_chip_without(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_ledger_part with_chi = CHIP[1];
    with_chi.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_DPU_RANDOM] = 132;
    with_chi.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_READ] = 132 * 16;
    with_chi.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_WRITE] = 132 * 16;
    struct mca_ledger_part without = with_chi;
    without.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_READ] = 0;
    without.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_WRITE] = 0;
    struct mca_chip_config chip = small_chip();
    struct mca_baseline_work work = small_work();
    struct mca_baseline wanted;
    struct mca_baseline got;
    work.parts[0] = &with_chi;
    work.parts[1] = &with_chi;
    mca_baseline_init(&wanted, MCA_BASELINE_DIGITAL_MIXED, 3, &work, &chip, &COST, &library);
    work.parts[0] = &without;
    work.parts[1] = &without;
    chip.transfer.mode = MCA_TRANSFER_DIRECT;
    mca_baseline_init(&got, MCA_BASELINE_DIGITAL_MIXED, 3, &work, &chip, &COST, &library);
    assert_int_equal(wanted.inventory.chi_bits, 23 * 16);
    assert_memory_equal(&got.ledger, &wanted.ledger, sizeof got.ledger);
    assert_memory_equal(&got.inventory, &wanted.inventory, sizeof got.inventory);
    assert_true(got.pricing.total_j == wanted.pricing.total_j);
}

/* Sums before chi take a word of a lane each time that one is read; those that go to chi take it
 * with chi's word. */
static void test_baseline_mixed_takes_time_for_sums(void **state) {
    (void)state;
    struct mca_ledger_part parts[2] = {CHIP[0], CHIP[1]};
    parts[1].counts[MCA_PHASE_UPDATE][MCA_COMPONENT_ACCUMULATOR_READ] = (100 + 132) * 32;
    const struct mca_baseline_work work = {
        .images = 10, .batch = 1, .parts = {&parts[0], &parts[1]}};
    const struct mca_chip_config chip = small_chip();
    struct mca_ledger layers[MCA_LAYERS_MAX + 1];
    mca_baseline_by_layer(MCA_BASELINE_DIGITAL_MIXED, 4, &work, &chip, layers);
    assert_int_equal(layers[0].busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU], 144 / 4 * 1000);
    assert_int_equal(layers[1].busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU], 232 / 4 * 1000);
}

/* A digital layer of a chip has its weights changed in place: its random words are not chi's. */
static void test_baseline_mixed_changes_digital_layers_in_place(void **state) {
    (void)state;
    struct mca_ledger_part part = CHIP[1];
    uint64_t *update = part.counts[MCA_PHASE_UPDATE];
    update[MCA_COMPONENT_CHI_READ] = update[MCA_COMPONENT_CHI_WRITE] = 0;
    update[MCA_COMPONENT_DPU_RANDOM] = 132;
    update[MCA_COMPONENT_WEIGHT_READ] = update[MCA_COMPONENT_WEIGHT_WRITE] = 132 * 16;
    const struct mca_baseline_work work = {.images = 10, .batch = 1, .parts = {&CHIP[0], &part}};
    struct mca_chip_config chip = small_chip();
    struct mca_ledger layers[MCA_LAYERS_MAX + 1];
    chip.network.layers[1].digital = 1;
    chip.transfer.mode = MCA_TRANSFER_DIRECT;
    mca_baseline_by_layer(MCA_BASELINE_DIGITAL_MIXED, 4, &work, &chip, layers);
    const uint64_t *forward = layers[1].counts[MCA_PHASE_FORWARD];
    assert_int_equal(forward[MCA_COMPONENT_WEIGHT_READ], 75 * 16);
    assert_int_equal(forward[MCA_COMPONENT_INT8_MULTIPLY], 2 * 75);
    assert_int_equal(forward[MCA_COMPONENT_DPU_ADD], 75);
    const struct mca_component_library library = made_up_library();
    struct mca_baseline b;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_MIXED, 4, &work, &chip, &COST, &library);
    assert_int_equal(b.inventory.weight_bits, 15 * 8 + 8 * 16);
    assert_int_equal(b.inventory.chi_bits, 15 * 16);
    const uint64_t *counts = layers[1].counts[MCA_PHASE_UPDATE];
    assert_int_equal(counts[MCA_COMPONENT_CHI_READ], 0);
    assert_int_equal(counts[MCA_COMPONENT_CHI_WRITE], 0);
    assert_int_equal(counts[MCA_COMPONENT_WEIGHT_WRITE], 132 * 16);
    assert_int_equal(layers[1].busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU], 132 / 4 * 1000);
}

/* In PJ: int_add 9, int_multiply 10 (of 16 by 12 bits too: the law is fixed), sigmoid 13, sram_read
 * 15, sram_write 16. */
static void test_baseline_mixed_energy_by_hand(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline b = small_baseline(MCA_BASELINE_DIGITAL_MIXED, 3, &library);
    const double dynamic = 320 * 1 + 320 * 2 + (130 + 50 + 47 + 7) * 9 +
                           (130 + 110 + 47 + 41 + 58) * 10 + 50 * 13 +
                           (44 * 8 + 1040 + 50 * 16 + 16 * 8 + 376 + 276 * 16 + 56) * 15 +
                           (720 + 50 * 12 + 2112 + 56) * 16;
    const double instances =
        3 + 3 * MCA_DPU_REGISTER_BITS_PER_LANE + 3 + 23 * 8 + 23 * 16 + 2 * 14 * 8;
    const double time_s = (204 + 177 + 96 + 252 + 3) * 1e-9;
    assert_close(b.pricing.dynamic_j, dynamic * PJ);
    assert_close(b.pricing.time_s, time_s);
    assert_close(b.pricing.static_j, instances * UW * time_s);
    assert_close(b.pricing.area_total_mm2, instances * 100e-6);
}

static void test_baseline_sparse_skips_zeros(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline b = small_baseline(MCA_BASELINE_DIGITAL_FP32_SPARSE, 4, &library);
    const uint64_t *forward = b.ledger.counts[MCA_PHASE_FORWARD];
    const uint64_t *update = b.ledger.counts[MCA_PHASE_UPDATE];
    assert_int_equal(forward[MCA_COMPONENT_WEIGHT_READ], 130 * 32);
    assert_int_equal(forward[MCA_COMPONENT_FP32_MULTIPLY], 130);
    assert_int_equal(update[MCA_COMPONENT_WEIGHT_WRITE], 99 * 32);
    assert_int_equal(update[MCA_COMPONENT_FP32_MULTIPLY], 99 + 50);
    assert_int_equal(b.ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_FP32_MULTIPLY], 47);
    assert_int_equal(b.ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_WEIGHT_READ], 47 * 32);
    assert_cycles(&b.ledger, (const uint64_t[]){33 + 160, 13 + 160, 12 + 80, 25 + 160, 0, 0},
                  (const uint64_t[]){33, 13, 12, 25, 0, 0});
}

/* Without zeros the sparse design is the dense one. */
static void test_baseline_sparse_meets_dense_without_zeros(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_chip_config chip = small_chip();
    struct mca_baseline_work work = small_work();
    struct mca_ledger_part parts[2] = {0};
    parts[0].counts[MCA_PHASE_FORWARD][MCA_COMPONENT_PCM_READ] = 2 * 150;
    parts[1].counts[MCA_PHASE_FORWARD][MCA_COMPONENT_PCM_READ] = 2 * 80;
    parts[1].counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_PCM_READ] = 2 * 60;
    parts[0].counts[MCA_PHASE_UPDATE][MCA_COMPONENT_DPU_MULTIPLY] = 150;
    parts[1].counts[MCA_PHASE_UPDATE][MCA_COMPONENT_DPU_MULTIPLY] = 80;
    work.parts[0] = &parts[0];
    work.parts[1] = &parts[1];
    struct mca_baseline dense;
    struct mca_baseline sparse;
    mca_baseline_init(&dense, MCA_BASELINE_DIGITAL_FP32, 5, &work, &chip, &COST, &library);
    mca_baseline_init(&sparse, MCA_BASELINE_DIGITAL_FP32_SPARSE, 5, &work, &chip, &COST, &library);
    assert_memory_equal(&dense.ledger, &sparse.ledger, sizeof dense.ledger);
    assert_memory_equal(&dense.inventory, &sparse.inventory, sizeof dense.inventory);
    assert_true(dense.pricing.total_j == sparse.pricing.total_j);
    assert_true(dense.pricing.total_range_j.high == sparse.pricing.total_range_j.high);
}

/* Weight memory and chi are one SRAM: at one macro capacity a bit costs the same. */
static void test_baseline_shares_sram_with_chi(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    const uint32_t figures[] = {MCA_ENTRY_SRAM_READ, MCA_ENTRY_SRAM_WRITE,
                                mca_figure_static(MCA_PART_SRAM_BIT)};
    for (size_t i = 0; i < 3; ++i) {
        library.figures[figures[i]].law = MCA_LAW_BYTES;
        library.figures[figures[i]].at = 1024.0;
        library.figures[figures[i]].exponent = 0.5;
    }
    struct mca_chip_config chip = small_chip();
    mca_network_config_set_widths(&chip.network, &(const struct mca_u32_list){3, {784, 250, 10}});
    const struct mca_baseline_work work = small_work();
    const struct mca_inventory inventory = {.chi_bits = 198760 * 16, /* of the chip */
                                            .resource_instances = {[MCA_RESOURCE_CHI] = 1}};
    const struct mca_cost_design design = mca_cost_design_of(&chip, &COST, &inventory);
    struct mca_price_list chip_prices;
    mca_price_list_init(&chip_prices, &library, &design);
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        struct mca_baseline b;
        mca_baseline_init(&b, (enum mca_baseline_design)d, 4, &work, &chip, &COST, &library);
        const struct mca_price_list *prices = &b.prices;
        assert_close(prices->energy[MCA_COMPONENT_WEIGHT_READ].value, 4 * 15 * PJ);
        assert_true(prices->energy[MCA_COMPONENT_WEIGHT_READ].value ==
                    chip_prices.energy[MCA_COMPONENT_CHI_READ].value);
        assert_true(prices->energy[MCA_COMPONENT_WEIGHT_WRITE].value ==
                    chip_prices.energy[MCA_COMPONENT_CHI_WRITE].value);
        assert_true(prices->static_w[MCA_BLOCK_WEIGHT_BIT].value ==
                    chip_prices.static_w[MCA_BLOCK_CHI_BIT].value);
        assert_ptr_equal(prices->energy[MCA_COMPONENT_WEIGHT_READ].figure,
                         chip_prices.energy[MCA_COMPONENT_CHI_READ].figure);
    }
    /* a weight memory below one macro is cheaper: 23 weights of 32 bits */
    const struct mca_baseline small = small_baseline(MCA_BASELINE_DIGITAL_FP32, 4, &library);
    assert_close(small.prices.energy[MCA_COMPONENT_WEIGHT_READ].value,
                 sqrt(23 * 4 / 1024.0) * 15 * PJ);
}

/* Where the port needs longer than the work, the run takes as long as the port. */
static void test_baseline_is_bound_by_the_image_port(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline_work work = small_work();
    struct mca_chip_config chip = small_chip();
    chip.timing.image_load_ps_per_byte = 100000;
    struct mca_baseline b;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_FP32, 4, &work, &chip, &COST, &library);
    assert_close(b.pricing.time_s, 10 * 4 * 1e-7);
    assert_int_equal(b.ledger.critical_ps[MCA_PHASE_FORWARD], 4000000 - (173 + 95 + 218) * 1000);
    assert_close(b.pricing.utilisation[MCA_RESOURCE_IMAGE_PORT], 1.0);
    assert_int_equal(b.pricing.bottleneck, MCA_RESOURCE_IMAGE_PORT);
    /* no unit helps beyond it */
    assert_int_equal(
        mca_baseline_lanes_for_time(MCA_BASELINE_DIGITAL_FP32, &work, &chip, 3.999999e-6), 0);
    assert_int_equal(mca_baseline_lanes_for_time(MCA_BASELINE_DIGITAL_FP32, &work, &chip, 4e-6), 1);
}

static double time_with(enum mca_baseline_design design, uint32_t lanes,
                        const struct mca_component_library *library) {
    return small_baseline(design, lanes, library).pricing.time_s;
}

static void test_baseline_lanes_for_time_are_the_fewest(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_chip_config chip = small_chip();
    const struct mca_baseline_work work = small_work();
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const enum mca_baseline_design design = (enum mca_baseline_design)d;
        uint32_t before = MCA_BASELINE_LANES_MAX;
        for (double time_s = 565e-9; time_s < 1200e-9; time_s += 7e-9) {
            const uint32_t lanes = mca_baseline_lanes_for_time(design, &work, &chip, time_s);
            assert_true(lanes >= 1 && lanes <= before);
            assert_true(time_with(design, lanes, &library) <= time_s);
            assert_true(lanes == 1 || time_with(design, lanes - 1, &library) > time_s);
            before = lanes;
        }
        assert_int_equal(before, 1);
        /* seven times 80 cycles that no unit shortens, and one at least of every phase */
        assert_int_equal(mca_baseline_lanes_for_time(design, &work, &chip, 563e-9), 0);
    }
    /* 4 units need 704 cycles, by hand above */
    const enum mca_baseline_design fp32 = MCA_BASELINE_DIGITAL_FP32;
    assert_int_equal(mca_baseline_lanes_for_time(fp32, &work, &chip, 704e-9), 4);
    assert_int_equal(mca_baseline_lanes_for_time(fp32, &work, &chip, 703.9e-9), 5);
}

static double area_with(enum mca_baseline_design design, uint32_t lanes,
                        const struct mca_component_library *library) {
    return small_baseline(design, lanes, library).pricing.area_total_mm2;
}

static void test_baseline_lanes_for_area_are_the_most(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_chip_config chip = small_chip();
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const enum mca_baseline_design design = (enum mca_baseline_design)d;
        for (double area_mm2 = 0.4; area_mm2 < 5.0; area_mm2 *= 1.07) {
            const uint32_t lanes =
                mca_baseline_lanes_for_area(design, 1, &chip, &COST, &library, area_mm2);
            assert_true(lanes >= 1);
            assert_true(area_with(design, lanes, &library) <= area_mm2);
            assert_true(area_with(design, lanes + 1, &library) > area_mm2);
        }
        assert_int_equal(mca_baseline_lanes_for_area(design, 1, &chip, &COST, &library, 0.07), 0);
        assert_int_equal(mca_baseline_lanes_for_area(design, 1, &chip, &COST, &library, 1e9),
                         MCA_BASELINE_LANES_MAX);
    }
}

/* 2 x 4 x 4: 3 x 3 of 3 filters at 4 positions, the largest of each filter's 4, 3 to 2 by a
 * softmax: 57 and 8 weights, 12, 3 and 2 outputs. */
static struct mca_chip_config window_chip(void) {
    struct mca_chip_config config = small_chip();
    config.loss = MCA_LOSS_SOFTMAX;
    config.network = (struct mca_network_config){
        .input = {2, 4, 4},
        .layer_count = 3,
        .layers = {{.type = MCA_LAYER_CONV2D,
                    .activation = MCA_ACTIVATION_RELU,
                    .units = 3,
                    .kernel = 3,
                    .stride = 1},
                   {.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 2},
                   {.type = MCA_LAYER_DENSE, .activation = MCA_ACTIVATION_IDENTITY, .units = 2}}};
    return config;
}

/* 1500 of 2280 products of the convolution and 70 of 80 of the dense layer are of inputs other than
 * 0, and of the updates 650 and 70 of errors too: of four errors of a window three are 0. */
static const struct mca_ledger_part WINDOW_CHIP[3] = {
    {.counts = {[MCA_PHASE_FORWARD] = {[MCA_COMPONENT_PCM_READ] = 2 * 1500},
                [MCA_PHASE_UPDATE] =
                    {[MCA_COMPONENT_DPU_MULTIPLY] = 650, [MCA_COMPONENT_DPU_GATHER] = 720}}},
    {.counts = {[MCA_PHASE_FORWARD] = {[MCA_COMPONENT_DPU_COMPARE] = 999}}},
    {.counts = {[MCA_PHASE_FORWARD] = {[MCA_COMPONENT_PCM_READ] = 2 * 70},
                [MCA_PHASE_UPDATE] = {[MCA_COMPONENT_DPU_MULTIPLY] = 70}}}};

static struct mca_ledger window_layers[MCA_LAYERS_MAX + 1]; /* of the last one */

static struct mca_baseline window_baseline(enum mca_baseline_design design, uint32_t lanes) {
    const struct mca_component_library library = made_up_library();
    const struct mca_chip_config chip = window_chip();
    const struct mca_baseline_work work = {
        .images = 10, .batch = 1, .parts = {&WINDOW_CHIP[0], &WINDOW_CHIP[1], &WINDOW_CHIP[2]}};
    struct mca_baseline b;
    mca_baseline_init(&b, design, lanes, &work, &chip, &COST, &library);
    mca_baseline_by_layer(design, lanes, &work, &chip, window_layers);
    return b;
}

/* Each of the 57 weights is fetched once an image, since a lane keeps the sums of all 4 positions;
 * the 3 lanes of a filter each share an input. */
static void test_baseline_fp32_keeps_weights_while_positions_stream(void **state) {
    (void)state;
    static const struct count counts[] = {
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DRAM_READ, 10 * 32 * 8},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_IMAGE_LOAD, 10 * 32 * 8},
        /* image, activations, two bits for each choice */
        {MCA_PHASE_FORWARD, MCA_COMPONENT_BUFFER_WRITE, 10 * (32 * 8 + (12 + 3 + 2) * 32 + 3 * 2)},
        /* 2280 / 3 shared inputs, the pool's, words of 4 lanes */
        {MCA_PHASE_FORWARD, MCA_COMPONENT_BUFFER_READ, (760 + 10 * 3 * 4 + 20) * 32},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_GATHER, 760},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_WEIGHT_READ, (10 * 57 + 10 * 8) * 32},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_LANE_SUM_READ, 2280 * 32},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_LANE_SUM_WRITE, 2280 * 32},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_FP32_MULTIPLY, 2280 + 80},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_FP32_ADD, 2280 + 80 + 20}, /* and the largest sum */
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_COMPARE, 10 * 12},     /* signs */
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_ADD, 10 * 3 * 4},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_SOFTMAX, 10 * 2},
        {MCA_PHASE_FORWARD, MCA_COMPONENT_DPU_RECIPROCAL, 10},
        /* errors of 2 outputs, of 3 windows to their places, of 12 values with the sums there */
        {MCA_PHASE_ERROR, MCA_COMPONENT_FP32_ADD, 10 * (2 + 3)},
        {MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_READ, 10 * (2 + 2 * 3 + 2 * 12) * 32 + 10 * 3 * 2},
        {MCA_PHASE_ERROR, MCA_COMPONENT_BUFFER_WRITE, 10 * (2 + 3 + 12) * 32},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_BUFFER_READ, 15 * 32},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_WEIGHT_READ, 60 * 32},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_FP32_MULTIPLY, 60},
        {MCA_PHASE_BACKWARD, MCA_COMPONENT_FP32_ADD, 60},
        /* an error is fetched for each block of 4 of the 19 rows */
        {MCA_PHASE_UPDATE, MCA_COMPONENT_BUFFER_READ, (760 + 10 * 12 * 5 + 20) * 32},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_DPU_GATHER, 760},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_LANE_SUM_READ, 2280 * 32},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_LANE_SUM_WRITE, 2280 * 32},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_FP32_MULTIPLY, 10 * 12 + 2280 + 10 * 2 + 80},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_FP32_ADD, 2280 + 570 + 80},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_WEIGHT_READ, (570 + 80) * 32},
        {MCA_PHASE_UPDATE, MCA_COMPONENT_WEIGHT_WRITE, (570 + 80) * 32},
    };
    const struct mca_baseline b = window_baseline(MCA_BASELINE_DIGITAL_FP32, 4);
    assert_counts(&b.ledger, counts, sizeof counts / sizeof counts[0]);
    /* products, the pool's values and errors over 4 units; 8 cycles for each of three layers and
     * 2 x 2 + 21 for the softmax; three kinds of error; one layer back; two updates */
    assert_cycles(&b.ledger, (const uint64_t[]){620 + 490, 43 + 240, 15 + 80, 590 + 160, 0, 0},
                  (const uint64_t[]){620, 43, 15, 590, 0, 0});
    assert_int_equal(b.inventory.lane_sums, 4);
    assert_int_equal(b.inventory.lane_sum_bits, 4 * 4 * 32);
    assert_int_equal(b.inventory.sigmoid_units, 0);
    assert_int_equal(b.inventory.softmax_units, 1);
    assert_int_equal(b.inventory.pool_units, 4);
    assert_int_equal(b.inventory.gather_units, 4);
    /* image and activations with the bias line's, errors, choices, all twice; sums of errors once
     */
    assert_int_equal(b.inventory.buffer_bits, 2 * ((33 + 13 + 4 + 12 + 2) * 32 + 3 * 2) + 12 * 32);
}

/* Lanes beyond a filter's keep the sums of other positions: 13 are 4 for each of 3 filters. */
static void test_baseline_spare_lanes_share_weights(void **state) {
    (void)state;
    struct mca_chip_config chip = window_chip();
    chip.network.input = (struct mca_shape){2, 12, 14}; /* 120 positions */
    const struct mca_baseline_work work = {.images = 1, .batch = 1};
    mca_baseline_by_layer(MCA_BASELINE_DIGITAL_FP32, 13, &work, &chip, window_layers);
    /* 120 / (4 x 16) blocks */
    assert_int_equal(window_layers[0].counts[MCA_PHASE_FORWARD][MCA_COMPONENT_WEIGHT_READ],
                     2 * 57 * 32);
    mca_baseline_by_layer(MCA_BASELINE_DIGITAL_FP32, 3, &work, &chip, window_layers);
    assert_int_equal(window_layers[0].counts[MCA_PHASE_FORWARD][MCA_COMPONENT_WEIGHT_READ],
                     8 * 57 * 32);
}

/* No more units than values that take a function: the pool's are none. */
static void test_baseline_units_are_of_use(void **state) {
    (void)state;
    static const uint32_t lanes[] = {4, 13, 14, 15, 100};
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline_work work = {.images = 1, .batch = 1};
    struct mca_chip_config chip = window_chip();
    chip.network.layers[0].activation = MCA_ACTIVATION_TANH;
    for (size_t i = 0; i < sizeof lanes / sizeof lanes[0]; ++i) {
        struct mca_baseline b;
        mca_baseline_init(&b, MCA_BASELINE_DIGITAL_MIXED, lanes[i], &work, &chip, &COST, &library);
        assert_int_equal(b.inventory.sigmoid_units, lanes[i] < 12 + 2 ? lanes[i] : 12 + 2);
        assert_int_equal(b.inventory.pool_units, lanes[i]);
    }
}

static void test_baseline_skips_zeros_of_windows(void **state) {
    (void)state;
    (void)window_baseline(MCA_BASELINE_DIGITAL_FP32_SPARSE, 4);
    const uint64_t *forward = window_layers[0].counts[MCA_PHASE_FORWARD];
    assert_int_equal(forward[MCA_COMPONENT_FP32_MULTIPLY], 1500);
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_READ], 500 * 32);
    assert_int_equal(forward[MCA_COMPONENT_LANE_SUM_READ], 1500 * 32);
    assert_int_equal(forward[MCA_COMPONENT_WEIGHT_READ], 570 * 32); /* some position needs each */
    const uint64_t *update = window_layers[0].counts[MCA_PHASE_UPDATE];
    assert_int_equal(update[MCA_COMPONENT_FP32_MULTIPLY], 10 * 12 + 650);
    assert_int_equal(update[MCA_COMPONENT_LANE_SUM_WRITE], 650 * 32);
    assert_int_equal(update[MCA_COMPONENT_WEIGHT_WRITE], 570 * 32);
    assert_int_equal(window_layers[2].counts[MCA_PHASE_UPDATE][MCA_COMPONENT_WEIGHT_WRITE],
                     70 * 32);
}

static void test_baseline_mixed_keeps_weights_while_positions_stream(void **state) {
    (void)state;
    (void)window_baseline(MCA_BASELINE_DIGITAL_MIXED, 4);
    const uint64_t *forward = window_layers[0].counts[MCA_PHASE_FORWARD];
    assert_int_equal(forward[MCA_COMPONENT_INT8_MULTIPLY], 1500);
    assert_int_equal(forward[MCA_COMPONENT_WEIGHT_READ], 570 * 8);
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_READ], 500 * 8);
    assert_int_equal(forward[MCA_COMPONENT_LANE_SUM_WRITE], 1500 * 32);
    assert_int_equal(forward[MCA_COMPONENT_DPU_RELU], 10 * 12);
    assert_int_equal(window_layers[1].counts[MCA_PHASE_FORWARD][MCA_COMPONENT_DPU_COMPARE],
                     10 * 3 * 4);
    /* the rate alone, with sums from memory */
    const uint64_t *error = window_layers[0].counts[MCA_PHASE_ERROR];
    assert_int_equal(error[MCA_COMPONENT_DPU_MULTIPLY], 10 * 12);
    assert_int_equal(error[MCA_COMPONENT_BUFFER_READ], 10 * 12 * (16 + 32));
    assert_int_equal(error[MCA_COMPONENT_BUFFER_WRITE], 10 * 12 * 12);
    /* the chip's own */
    const uint64_t *update = window_layers[0].counts[MCA_PHASE_UPDATE];
    assert_int_equal(update[MCA_COMPONENT_DPU_MULTIPLY], 650);
    assert_int_equal(update[MCA_COMPONENT_DPU_GATHER], 720);
    assert_int_equal(update[MCA_COMPONENT_LANE_SUM_READ], 0);
}

/* A convolution of 1 x 1 on one pixel is a dense layer. */
static void test_baseline_one_position_is_a_dense_layer(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_baseline_work work = small_work();
    struct mca_chip_config chip = small_chip();
    for (uint32_t i = 0; i < 2; ++i) {
        chip.network.layers[i].type = MCA_LAYER_CONV2D;
        chip.network.layers[i].kernel = chip.network.layers[i].stride = 1;
    }
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline dense = small_baseline((enum mca_baseline_design)d, 5, &library);
        struct mca_baseline b;
        mca_baseline_init(&b, (enum mca_baseline_design)d, 5, &work, &chip, &COST, &library);
        assert_memory_equal(&b.ledger, &dense.ledger, sizeof b.ledger);
        assert_memory_equal(&b.inventory, &dense.inventory, sizeof b.inventory);
        assert_int_equal(b.inventory.lane_sum_bits, 0);
    }
}

/* Mini-batches of 8 of the 10 images: a weight is fetched, and changed, once in each. */
static void test_baseline_keeps_weights_for_a_mini_batch(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_chip_config chip = small_chip();
    struct mca_baseline_work work = small_work();
    work.batch = 8;
    struct mca_baseline b;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_FP32, 3, &work, &chip, &COST, &library);
    const uint64_t *forward = b.ledger.counts[MCA_PHASE_FORWARD];
    const uint64_t *update = b.ledger.counts[MCA_PHASE_UPDATE];
    assert_int_equal(forward[MCA_COMPONENT_WEIGHT_READ], 2 * 23 * 32);
    assert_int_equal(forward[MCA_COMPONENT_BUFFER_READ], (150 / 3 + 80 / 2) * 32);
    assert_int_equal(forward[MCA_COMPONENT_LANE_SUM_READ], 230 * 32);
    assert_int_equal(forward[MCA_COMPONENT_DPU_GATHER], 0);
    assert_int_equal(update[MCA_COMPONENT_WEIGHT_WRITE], 2 * 23 * 32);
    assert_int_equal(update[MCA_COMPONENT_FP32_MULTIPLY], 230 + 50);
    assert_int_equal(b.inventory.buffers, 4 * 8); /* image, activations and errors of all of them */
    assert_int_equal(b.inventory.lane_sum_bits, 3 * 8 * 32);
    work.batch = 20; /* more than the sums that a lane keeps: two groups of 10 */
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_FP32, 3, &work, &chip, &COST, &library);
    assert_int_equal(b.inventory.lane_sum_bits, 3 * 10 * 32);
    assert_int_equal(b.ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_WEIGHT_READ], 23 * 32);
}

/* Two mini-batches of 32 images of 784-30-10: 16 more images of 856 values in the buffers take less
 * memory than 23,860 gradients, so all are taken together. A lane keeps the sums of 16, so weights
 * are fetched twice in each, and changed once. */
static void test_baseline_takes_a_whole_mini_batch_where_that_is_less(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_chip_config chip = small_chip();
    mca_network_config_set_widths(&chip.network, &(const struct mca_u32_list){3, {784, 30, 10}});
    const struct mca_baseline_work work = {.images = 64, .batch = 32};
    struct mca_baseline b;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_FP32, 4, &work, &chip, &COST, &library);
    const uint64_t *forward = b.ledger.counts[MCA_PHASE_FORWARD];
    const uint64_t *update = b.ledger.counts[MCA_PHASE_UPDATE];
    assert_int_equal(b.inventory.weight_bits, 23860 * 32);
    assert_int_equal(b.inventory.buffer_bits, 32 * 856 * 32);
    assert_int_equal(b.inventory.lane_sum_bits, 4 * 16 * 32);
    assert_int_equal(forward[MCA_COMPONENT_WEIGHT_READ], 2 * 2 * 23860 * 32);
    assert_int_equal(update[MCA_COMPONENT_WEIGHT_WRITE], 2 * 23860 * 32);
    assert_int_equal(update[MCA_COMPONENT_WEIGHT_READ], 2 * 23860 * 32);
}

/* Weights change once in a mini-batch. Of one group that is when its gradients are summed; of more
 * they are added up in memory where that is the smaller one: of 20 images in two groups the first
 * writes gradients, the second reads them with the weights, and writes these. Frozen layers have
 * none. */
static void test_baseline_adds_gradients_up_in_a_mini_batch(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_chip_config chip = small_chip();
    struct mca_baseline_work work = small_work();
    struct mca_baseline b;
    work.images = 40;
    work.batch = 16;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_FP32, 3, &work, &chip, &COST, &library);
    assert_int_equal(b.inventory.weight_bits, 23 * 32);
    work.batch = 20;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_FP32, 3, &work, &chip, &COST, &library);
    assert_int_equal(b.inventory.weight_bits, 2 * 23 * 32);
    assert_int_equal(b.ledger.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_WEIGHT_WRITE],
                     2 * (23 + 23) * 32); /* gradients and weights, of two mini-batches */
    assert_int_equal(b.ledger.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_WEIGHT_READ],
                     2 * (23 + 23) * 32);
    chip.network.layers[0].frozen = 1;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_FP32, 3, &work, &chip, &COST, &library);
    assert_int_equal(b.inventory.weight_bits, (15 + 2 * 8) * 32);
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_MIXED, 3, &work, &chip, &COST, &library);
    assert_int_equal(b.inventory.weight_bits, 23 * 8); /* chi is where they add up */
}

/* The chip's sums before chi are one memory, those that lanes keep one of each lane: each has the
 * price of its own capacity: 57 sums of 32 bits, and 4 in each of 8 lanes. */
static void test_baseline_mixed_has_two_kinds_of_sums(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    library.figures[MCA_ENTRY_SRAM_READ].law = MCA_LAW_BYTES;
    library.figures[MCA_ENTRY_SRAM_READ].at = 1024.0;
    library.figures[MCA_ENTRY_SRAM_READ].exponent = 0.5;
    struct mca_chip_config chip = window_chip();
    chip.chi.accumulate = MCA_ACCUMULATE_IMAGE;
    chip.transfer.epsilon_us = 0.77;
    struct mca_ledger_part part = WINDOW_CHIP[0];
    part.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_ACCUMULATOR_READ] = 960 * 32;
    const struct mca_baseline_work work = {
        .images = 10, .batch = 1, .parts = {&part, &WINDOW_CHIP[1], &WINDOW_CHIP[2]}};
    struct mca_baseline b;
    mca_baseline_init(&b, MCA_BASELINE_DIGITAL_MIXED, 8, &work, &chip, &COST, &library);
    assert_int_equal(b.inventory.accumulator_bits, 57 * 32);
    chip.dpu.units = MCA_UNITS_PER_LAYER; /* of the chip alone */
    struct mca_baseline beside;
    mca_baseline_init(&beside, MCA_BASELINE_DIGITAL_MIXED, 8, &work, &chip, &COST, &library);
    assert_memory_equal(&beside.inventory, &b.inventory, sizeof b.inventory);
    assert_close(beside.pricing.total_j, b.pricing.total_j);
    assert_int_equal(b.inventory.lane_sum_bits, 8 * 4 * 32);
    assert_close(b.pricing.by_component_j[MCA_COMPONENT_ACCUMULATOR_READ],
                 960 * 32 * sqrt(57 * 4 / 1024.0) * 15 * PJ);
    assert_close(b.pricing.by_component_j[MCA_COMPONENT_LANE_SUM_READ],
                 1500 * 32 * sqrt(16 / 1024.0) * 15 * PJ);
}

/* Layers and what belongs to none add up, counts and times. */
static void test_baseline_layers_add_up(void **state) {
    (void)state;
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline b = window_baseline((enum mca_baseline_design)d, 7);
        struct mca_ledger sum = {0};
        for (int i = 0; i <= 3; ++i) {
            mca_ledger_add(&sum, &window_layers[i]);
            assert_true(i == 3 || window_layers[i].critical_ps[MCA_PHASE_FORWARD] > 0);
        }
        assert_memory_equal(&sum, &b.ledger, sizeof sum);
    }
}

/* A design that did nothing costs no energy, takes no time, and has its area. */
static void test_baseline_without_images(void **state) {
    (void)state;
    static const struct mca_baseline_work no_work = {.batch = 1};
    const struct mca_component_library library = made_up_library();
    const struct mca_chip_config chip = small_chip();
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const enum mca_baseline_design design = (enum mca_baseline_design)d;
        struct mca_baseline b;
        mca_baseline_init(&b, design, 4, &no_work, &chip, &COST, &library);
        assert_counts(&b.ledger, NULL, 0);
        assert_true(b.pricing.total_j == 0.0 && b.pricing.time_s == 0.0);
        assert_true(b.pricing.utilisation[MCA_RESOURCE_DPU] == 0.0);
        assert_close(b.pricing.area_total_mm2, area_with(design, 4, &library));
        assert_int_equal(mca_baseline_lanes_for_time(design, &no_work, &chip, 0.0), 1);
    }
}

static void test_baseline_names(void **state) {
    (void)state;
    assert_string_equal(mca_baseline_design_name(MCA_BASELINE_DIGITAL_FP32), "digital_fp32");
    assert_string_equal(mca_baseline_design_name(MCA_BASELINE_DIGITAL_FP32_SPARSE),
                        "digital_fp32_sparse");
    assert_string_equal(mca_baseline_design_name(MCA_BASELINE_DIGITAL_MIXED), "digital_mixed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_baseline_fp32_counts_by_hand),
        cmocka_unit_test(test_baseline_of_a_test_works_forward_alone),
        cmocka_unit_test(test_baseline_fp32_energy_by_hand),
        cmocka_unit_test(test_baseline_mixed_counts_by_hand),
        cmocka_unit_test(test_baseline_mixed_has_chi_beside_a_chip_without),
        cmocka_unit_test(test_baseline_mixed_takes_time_for_sums),
        cmocka_unit_test(test_baseline_mixed_changes_digital_layers_in_place),
        cmocka_unit_test(test_baseline_mixed_energy_by_hand),
        cmocka_unit_test(test_baseline_sparse_skips_zeros),
        cmocka_unit_test(test_baseline_sparse_meets_dense_without_zeros),
        cmocka_unit_test(test_baseline_shares_sram_with_chi),
        cmocka_unit_test(test_baseline_is_bound_by_the_image_port),
        cmocka_unit_test(test_baseline_lanes_for_time_are_the_fewest),
        cmocka_unit_test(test_baseline_lanes_for_area_are_the_most),
        cmocka_unit_test(test_baseline_fp32_keeps_weights_while_positions_stream),
        cmocka_unit_test(test_baseline_spare_lanes_share_weights),
        cmocka_unit_test(test_baseline_units_are_of_use),
        cmocka_unit_test(test_baseline_skips_zeros_of_windows),
        cmocka_unit_test(test_baseline_mixed_keeps_weights_while_positions_stream),
        cmocka_unit_test(test_baseline_one_position_is_a_dense_layer),
        cmocka_unit_test(test_baseline_keeps_weights_for_a_mini_batch),
        cmocka_unit_test(test_baseline_takes_a_whole_mini_batch_where_that_is_less),
        cmocka_unit_test(test_baseline_adds_gradients_up_in_a_mini_batch),
        cmocka_unit_test(test_baseline_mixed_has_two_kinds_of_sums),
        cmocka_unit_test(test_baseline_layers_add_up),
        cmocka_unit_test(test_baseline_without_images),
        cmocka_unit_test(test_baseline_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
