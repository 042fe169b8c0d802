/* Price lists: every law against its formula, and which figure prices what. */
#include "cost/cost_test.h"

#include "cost/made_up_library.h"
#include "cost/price_list.h"

/* 8-bit converters, products of 16 by 12 bits, a pulse of 128 ns, 1 GHz. */
static struct mca_cost_design plain_design(void) {
    return (struct mca_cost_design){.dac_kind = MCA_DAC_PWM,
                                    .adc_kind = MCA_ADC_CCO,
                                    .dac_bits = 8,
                                    .adc_bits = 8,
                                    .factor_bits = {16, 12},
                                    .pulse_ps = 128000.0,
                                    .conversion_ps = 64000.0,
                                    .clock_hz = 1e9,
                                    .macro_bytes = {4096.0, 256.0, 1024.0, 65536.0, 64.0, 16384.0},
                                    .dram = 1,
                                    .idle_clock = 1.0,
                                    .sram_leak = 1.0};
}

static void assert_price(const struct mca_price *price, const struct mca_component_library *library,
                         uint32_t figure, double factor) {
    char name[96];
    mca_figure_name(figure, name, sizeof name);
    if (price->figure != &library->figures[figure]) {
        fail_msg("not priced by %s", name);
    }
    if (!(fabs(price->factor - factor) <= 1e-12 * factor)) {
        fail_msg("%s: factor %.17g instead of %.17g", name, price->factor, factor);
    }
    assert_close(price->value, library->figures[figure].value * factor);
}

/* What follows no law is priced as the library says, by the entry of the component's name. */
static void test_price_list_every_component_has_its_entry(void **state) {
    (void)state;
    static const enum mca_entry entries[MCA_COMPONENT_COUNT] = {
        [MCA_COMPONENT_DRAM_READ] = MCA_ENTRY_DRAM_READ,
        [MCA_COMPONENT_IMAGE_LOAD] = MCA_ENTRY_IMAGE_LOAD,
        [MCA_COMPONENT_LINK] = MCA_ENTRY_IMAGE_LOAD,
        [MCA_COMPONENT_BUFFER_READ] = MCA_ENTRY_SRAM_READ,
        [MCA_COMPONENT_BUFFER_WRITE] = MCA_ENTRY_SRAM_WRITE,
        [MCA_COMPONENT_DAC_DRIVE] = MCA_ENTRY_DAC_PWM,
        [MCA_COMPONENT_PCM_READ] = MCA_ENTRY_PCM_READ,
        [MCA_COMPONENT_SAMPLE_HOLD] = MCA_ENTRY_SAMPLE_HOLD,
        [MCA_COMPONENT_ADC_CONVERSION] = MCA_ENTRY_ADC_CCO,
        [MCA_COMPONENT_ADC_COMPARE] = MCA_ENTRY_ADC_CCO,
        [MCA_COMPONENT_DPU_ADD] = MCA_ENTRY_INT_ADD,
        [MCA_COMPONENT_DPU_MULTIPLY] = MCA_ENTRY_INT_MULTIPLY,
        [MCA_COMPONENT_DPU_SIGMOID] = MCA_ENTRY_SIGMOID,
        [MCA_COMPONENT_DPU_RANDOM] = MCA_ENTRY_REGISTER_BIT,
        [MCA_COMPONENT_CHI_READ] = MCA_ENTRY_SRAM_READ,
        [MCA_COMPONENT_CHI_WRITE] = MCA_ENTRY_SRAM_WRITE,
        [MCA_COMPONENT_PCM_SET] = MCA_ENTRY_PCM_SET,
        [MCA_COMPONENT_PCM_RESET] = MCA_ENTRY_PCM_RESET,
        [MCA_COMPONENT_DPU_RELU] = MCA_ENTRY_INT_ADD,
        [MCA_COMPONENT_DPU_COMPARE] = MCA_ENTRY_INT_ADD,
        [MCA_COMPONENT_DPU_SOFTMAX] = MCA_ENTRY_SOFTMAX,
        [MCA_COMPONENT_DPU_RECIPROCAL] = MCA_ENTRY_RECIPROCAL,
        [MCA_COMPONENT_DPU_GATHER] = MCA_ENTRY_GATHER,
        [MCA_COMPONENT_ACCUMULATOR_READ] = MCA_ENTRY_SRAM_READ,
        [MCA_COMPONENT_ACCUMULATOR_WRITE] = MCA_ENTRY_SRAM_WRITE,
        [MCA_COMPONENT_SCAN_MAP_READ] = MCA_ENTRY_SRAM_READ,
        [MCA_COMPONENT_SCAN_MAP_WRITE] = MCA_ENTRY_SRAM_WRITE,
        [MCA_COMPONENT_LANE_SUM_READ] = MCA_ENTRY_SRAM_READ,
        [MCA_COMPONENT_LANE_SUM_WRITE] = MCA_ENTRY_SRAM_WRITE,
        [MCA_COMPONENT_WEIGHT_READ] = MCA_ENTRY_SRAM_READ,
        [MCA_COMPONENT_WEIGHT_WRITE] = MCA_ENTRY_SRAM_WRITE,
        [MCA_COMPONENT_FP32_ADD] = MCA_ENTRY_FP32_ADD,
        [MCA_COMPONENT_FP32_MULTIPLY] = MCA_ENTRY_FP32_MULTIPLY,
        [MCA_COMPONENT_INT8_MULTIPLY] = MCA_ENTRY_INT_MULTIPLY,
    };
    const struct mca_component_library library = made_up_library();
    const struct mca_cost_design design = plain_design();
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        /* a random word is 32 register bits */
        assert_price(&list.energy[c], &library, entries[c],
                     c == MCA_COMPONENT_DPU_RANDOM ? 32.0 : 1.0);
        assert_int_equal(mca_figure_index(&list, &list.energy[c]), entries[c]);
    }
    assert_ptr_equal(list.library, &library);
    assert_true(list.design.pulse_ps == 128000.0);
}

static void test_price_list_every_block_has_its_part(void **state) {
    (void)state;
    static const enum mca_part parts[MCA_BLOCK_COUNT] = {
        [MCA_BLOCK_PCM_DEVICE] = MCA_PART_PCM_DEVICE,
        [MCA_BLOCK_TILE_CONTROL] = MCA_PART_TILE_CONTROL,
        [MCA_BLOCK_DAC] = MCA_PART_DAC_PWM,
        [MCA_BLOCK_ADC] = MCA_PART_ADC_CCO,
        [MCA_BLOCK_SAMPLE_HOLD] = MCA_PART_SAMPLE_HOLD,
        [MCA_BLOCK_PROGRAM_DRIVER] = MCA_PART_PROGRAM_DRIVER,
        [MCA_BLOCK_DPU_LANE] = MCA_PART_DPU_LANE,
        [MCA_BLOCK_SIGMOID_UNIT] = MCA_PART_SIGMOID_UNIT,
        [MCA_BLOCK_REGISTER_BIT] = MCA_PART_REGISTER_BIT,
        [MCA_BLOCK_CHI_BIT] = MCA_PART_SRAM_BIT,
        [MCA_BLOCK_BUFFER_BIT] = MCA_PART_SRAM_BIT,
        [MCA_BLOCK_SOFTMAX_UNIT] = MCA_PART_SOFTMAX_UNIT,
        [MCA_BLOCK_POOL_UNIT] = MCA_PART_POOL_UNIT,
        [MCA_BLOCK_GATHER_UNIT] = MCA_PART_GATHER_UNIT,
        [MCA_BLOCK_ACCUMULATOR_BIT] = MCA_PART_SRAM_BIT,
        [MCA_BLOCK_SCAN_MAP_BIT] = MCA_PART_SRAM_BIT,
        [MCA_BLOCK_LANE_SUM_BIT] = MCA_PART_SRAM_BIT,
        [MCA_BLOCK_WEIGHT_BIT] = MCA_PART_SRAM_BIT,
        [MCA_BLOCK_FP32_LANE] = MCA_PART_FP32_LANE,
        [MCA_BLOCK_COMPARATOR] = MCA_PART_ADC_SAR,
        [MCA_BLOCK_LINK_BIT] = MCA_PART_REGISTER_BIT,
    };
    const struct mca_component_library library = made_up_library();
    const struct mca_cost_design design = plain_design();
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        assert_price(&list.static_w[b], &library, mca_figure_static(parts[b]), 1.0);
        assert_price(&list.area_um2[b], &library, mca_figure_area(parts[b]), 1.0);
    }
}

/* The kind of a converter picks its energy, power and area. */
static void test_price_list_kinds_pick_their_converters(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_cost_design design = plain_design();
    design.dac_kind = MCA_DAC_VOLTAGE;
    design.adc_kind = MCA_ADC_SAR;
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.energy[MCA_COMPONENT_DAC_DRIVE], &library, MCA_ENTRY_DAC_VOLTAGE, 1.0);
    assert_price(&list.energy[MCA_COMPONENT_ADC_CONVERSION], &library, MCA_ENTRY_ADC_SAR, 1.0);
    assert_price(&list.static_w[MCA_BLOCK_DAC], &library, mca_figure_static(MCA_PART_DAC_VOLTAGE),
                 1.0);
    assert_price(&list.area_um2[MCA_BLOCK_DAC], &library, mca_figure_area(MCA_PART_DAC_VOLTAGE),
                 1.0);
    assert_price(&list.static_w[MCA_BLOCK_ADC], &library, mca_figure_static(MCA_PART_ADC_SAR), 1.0);
    assert_price(&list.area_um2[MCA_BLOCK_ADC], &library, mca_figure_area(MCA_PART_ADC_SAR), 1.0);
}

static void follow(struct mca_component_library *library, uint32_t figure, enum mca_law law,
                   double at) {
    library->figures[figure].law = law;
    library->figures[figure].at = at;
}

static void test_price_list_widths(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    follow(&library, MCA_ENTRY_DAC_PWM, MCA_LAW_BITS_LINEAR, 8.0);
    follow(&library, MCA_ENTRY_ADC_CCO, MCA_LAW_BITS_LEVELS, 8.0);
    follow(&library, MCA_ENTRY_INT_ADD, MCA_LAW_BITS_LINEAR, 16.0);
    follow(&library, MCA_ENTRY_INT_MULTIPLY, MCA_LAW_BITS_SQUARE, 16.0);
    follow(&library, mca_figure_static(MCA_PART_DAC_PWM), MCA_LAW_BITS_SQUARE, 12.0);
    follow(&library, mca_figure_area(MCA_PART_ADC_CCO), MCA_LAW_BITS_LINEAR, 4.0);
    struct mca_cost_design design = plain_design();
    design.dac_bits = 6;
    design.adc_bits = 11;
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.energy[MCA_COMPONENT_DAC_DRIVE], &library, MCA_ENTRY_DAC_PWM, 6.0 / 8.0);
    assert_price(&list.energy[MCA_COMPONENT_ADC_CONVERSION], &library, MCA_ENTRY_ADC_CCO, 8.0);
    /* sums of 32 bits; the digital unit's products of 16 by 12, the baseline's of 8 by 8 */
    assert_price(&list.energy[MCA_COMPONENT_DPU_ADD], &library, MCA_ENTRY_INT_ADD, 2.0);
    /* a shift and rounding of such a sum, a comparison of two codes of 16 bits */
    assert_price(&list.energy[MCA_COMPONENT_DPU_RELU], &library, MCA_ENTRY_INT_ADD, 2.0);
    assert_price(&list.energy[MCA_COMPONENT_DPU_COMPARE], &library, MCA_ENTRY_INT_ADD, 1.0);
    assert_price(&list.energy[MCA_COMPONENT_DPU_MULTIPLY], &library, MCA_ENTRY_INT_MULTIPLY,
                 192.0 / 256.0);
    assert_price(&list.energy[MCA_COMPONENT_INT8_MULTIPLY], &library, MCA_ENTRY_INT_MULTIPLY,
                 64.0 / 256.0);
    assert_price(&list.static_w[MCA_BLOCK_DAC], &library, mca_figure_static(MCA_PART_DAC_PWM),
                 36.0 / 144.0);
    assert_price(&list.area_um2[MCA_BLOCK_ADC], &library, mca_figure_area(MCA_PART_ADC_CCO),
                 11.0 / 4.0);
    /* fewer levels cost less */
    design.adc_bits = 5;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.energy[MCA_COMPONENT_ADC_CONVERSION], &library, MCA_ENTRY_ADC_CCO,
                 1.0 / 8.0);
}

/* (100 n + 4^n / 1000): of 8 bits 865.536, of 4 bits 400.256, of 12 bits 17977.216. */
static void test_price_list_successive_approximation(void **state) {
    (void)state;
    static const struct {
        uint32_t bits;
        double factor;
    } points[] = {{4, 400.256 / 865.536}, {8, 1.0}, {12, 17977.216 / 865.536}};
    struct mca_component_library library = made_up_library();
    follow(&library, MCA_ENTRY_ADC_SAR, MCA_LAW_BITS_SAR, 8.0);
    struct mca_cost_design design = plain_design();
    design.adc_kind = MCA_ADC_SAR;
    for (size_t i = 0; i < 3; ++i) {
        struct mca_price_list list;
        design.adc_bits = points[i].bits;
        mca_price_list_init(&list, &library, &design);
        assert_price(&list.energy[MCA_COMPONENT_ADC_CONVERSION], &library, MCA_ENTRY_ADC_SAR,
                     points[i].factor);
        assert_price(&list.energy[MCA_COMPONENT_ADC_COMPARE], &library, MCA_ENTRY_ADC_SAR,
                     100.004 / 865.536); /* of one bit, whatever the converter's */
    }
}

/* Beside an oscillator a comparator is a converter of one bit by successive approximation: what a
 * comparison costs, and by that its power and area; conversions stay. */
static void test_price_list_comparators(void **state) {
    (void)state;
    static const double one_bit = 100.004 / 865.536;
    const uint32_t power = mca_figure_static(MCA_PART_ADC_SAR);
    const uint32_t area = mca_figure_area(MCA_PART_ADC_SAR);
    struct mca_component_library library = made_up_library();
    follow(&library, MCA_ENTRY_ADC_SAR, MCA_LAW_BITS_SAR, 8.0);
    struct mca_cost_design design = plain_design();
    design.has_comparators = 1;
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.energy[MCA_COMPONENT_ADC_COMPARE], &library, MCA_ENTRY_ADC_SAR, one_bit);
    assert_price(&list.energy[MCA_COMPONENT_ADC_CONVERSION], &library, MCA_ENTRY_ADC_CCO, 1.0);
    assert_price(&list.static_w[MCA_BLOCK_COMPARATOR], &library, power, 1.0);
    follow(&library, power, MCA_LAW_CONVERSION, 64000.0);
    follow(&library, area, MCA_LAW_CONVERSION, 64000.0);
    library.figures[power].at_energy_scaled_j = library.figures[MCA_ENTRY_ADC_SAR].value;
    library.figures[area].at_energy_scaled_j = library.figures[MCA_ENTRY_ADC_SAR].value;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.static_w[MCA_BLOCK_COMPARATOR], &library, power, one_bit);
    assert_price(&list.area_um2[MCA_BLOCK_COMPARATOR], &library, area, pow(one_bit, 0.3));
}

/* The converter's conversions cost 7 x 2^-40 J at 8 bits. Its power and area are stated for
 * conversions of half of that, every 32 ns: at 8 bits and 64 ns the power is the same, the area
 * 2^0.3 / 2^0.2 of it; two bits more are four times the energy. A static power of 2^-20 W is then
 * the same share of what it draws without pause, whatever the bits and the rate. */
static void test_price_list_converters_follow_their_conversions(void **state) {
    (void)state;
    const uint32_t power = mca_figure_static(MCA_PART_ADC_CCO);
    const uint32_t area = mca_figure_area(MCA_PART_ADC_CCO);
    struct mca_component_library library = made_up_library();
    follow(&library, MCA_ENTRY_ADC_CCO, MCA_LAW_BITS_LEVELS, 8.0);
    follow(&library, power, MCA_LAW_CONVERSION, 32000.0);
    follow(&library, area, MCA_LAW_CONVERSION, 32000.0);
    library.figures[power].at_energy_scaled_j = 3.5 * 0x1p-40;
    library.figures[area].at_energy_scaled_j = 3.5 * 0x1p-40;
    struct mca_cost_design design = plain_design();
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.static_w[MCA_BLOCK_ADC], &library, power, 1.0);
    assert_price(&list.area_um2[MCA_BLOCK_ADC], &library, area, pow(2.0, 0.1));
    design.adc_bits = 10;
    design.conversion_ps = 1000.0;
    mca_price_list_init(&list, &library, &design);
    /* a comparison takes an oscillator no less */
    assert_price(&list.energy[MCA_COMPONENT_ADC_COMPARE], &library, MCA_ENTRY_ADC_CCO, 4.0);
    assert_price(&list.static_w[MCA_BLOCK_ADC], &library, power, 8.0 * 32.0);
    assert_price(&list.area_um2[MCA_BLOCK_ADC], &library, area, pow(8.0, 0.3) * pow(32.0, 0.2));
    /* conversions in no time are priced as at the stated rate */
    design.conversion_ps = 0.0;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.static_w[MCA_BLOCK_ADC], &library, power, 8.0);
    design.conversion_ps = 1000.0;
    mca_price_list_init(&list, &library, &design);
    const double active_w = list.energy[MCA_COMPONENT_ADC_CONVERSION].value / 1e-9;
    assert_close(list.static_w[MCA_BLOCK_ADC].value / active_w, 0x1p-20 / (3.5 * 0x1p-40 / 32e-9));
    /* a converter of another kind keeps its own figures */
    design.adc_kind = MCA_ADC_SAR;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.area_um2[MCA_BLOCK_ADC], &library, mca_figure_area(MCA_PART_ADC_SAR), 1.0);
}

static void test_price_list_pulse_and_clock(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    follow(&library, MCA_ENTRY_PCM_READ, MCA_LAW_DURATION, 128000.0);
    follow(&library, mca_figure_static(MCA_PART_REGISTER_BIT), MCA_LAW_CLOCK, 1e9);
    follow(&library, mca_figure_static(MCA_PART_DPU_LANE), MCA_LAW_CLOCK, 5e8);
    struct mca_cost_design design = plain_design();
    design.pulse_ps = 32000.0;
    design.clock_hz = 2.5e9;
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    assert_price(&list.energy[MCA_COMPONENT_PCM_READ], &library, MCA_ENTRY_PCM_READ, 0.25);
    assert_price(&list.static_w[MCA_BLOCK_REGISTER_BIT], &library,
                 mca_figure_static(MCA_PART_REGISTER_BIT), 2.5);
    assert_price(&list.static_w[MCA_BLOCK_DPU_LANE], &library, mca_figure_static(MCA_PART_DPU_LANE),
                 5.0);
}

/* chi, buffers and weights are one SRAM, each at the capacity of its macros. */
static void test_price_list_capacity(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    static const double exponent = 0.5;
    const uint32_t figures[] = {MCA_ENTRY_SRAM_READ, MCA_ENTRY_SRAM_WRITE,
                                mca_figure_static(MCA_PART_SRAM_BIT),
                                mca_figure_area(MCA_PART_SRAM_BIT)};
    for (size_t i = 0; i < 4; ++i) {
        follow(&library, figures[i], MCA_LAW_BYTES, 1024.0);
        library.figures[figures[i]].exponent = exponent;
    }
    const struct mca_cost_design design = plain_design();
    struct mca_price_list list;
    mca_price_list_init(&list, &library, &design);
    static const struct {
        enum mca_component read;
        enum mca_component write;
        enum mca_block bit;
        double factor; /* (4096, 256, 1024, 65536, 64 or 16384 / 1024)^0.5 */
    } memories[] = {
        {MCA_COMPONENT_CHI_READ, MCA_COMPONENT_CHI_WRITE, MCA_BLOCK_CHI_BIT, 2.0},
        {MCA_COMPONENT_BUFFER_READ, MCA_COMPONENT_BUFFER_WRITE, MCA_BLOCK_BUFFER_BIT, 0.5},
        {MCA_COMPONENT_WEIGHT_READ, MCA_COMPONENT_WEIGHT_WRITE, MCA_BLOCK_WEIGHT_BIT, 1.0},
        {MCA_COMPONENT_ACCUMULATOR_READ, MCA_COMPONENT_ACCUMULATOR_WRITE, MCA_BLOCK_ACCUMULATOR_BIT,
         8.0},
        {MCA_COMPONENT_LANE_SUM_READ, MCA_COMPONENT_LANE_SUM_WRITE, MCA_BLOCK_LANE_SUM_BIT, 0.25},
        {MCA_COMPONENT_SCAN_MAP_READ, MCA_COMPONENT_SCAN_MAP_WRITE, MCA_BLOCK_SCAN_MAP_BIT, 4.0}};
    for (size_t i = 0; i < 6; ++i) {
        const double factor = memories[i].factor;
        assert_price(&list.energy[memories[i].read], &library, figures[0], factor);
        assert_price(&list.energy[memories[i].write], &library, figures[1], factor);
        assert_price(&list.static_w[memories[i].bit], &library, figures[2], factor);
        assert_price(&list.area_um2[memories[i].bit], &library, figures[3], factor);
    }
}

/* Cells that sleep leak less; nothing else costs more or less for it. */
static void test_price_list_cells_asleep(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    struct mca_cost_design design = plain_design();
    struct mca_price_list awake;
    struct mca_price_list asleep;
    mca_price_list_init(&awake, &library, &design);
    design.sram_leak = 0.25;
    mca_price_list_init(&asleep, &library, &design);
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        const int memory = b == MCA_BLOCK_CHI_BIT || b == MCA_BLOCK_BUFFER_BIT ||
                           b == MCA_BLOCK_WEIGHT_BIT || b == MCA_BLOCK_ACCUMULATOR_BIT ||
                           b == MCA_BLOCK_LANE_SUM_BIT || b == MCA_BLOCK_SCAN_MAP_BIT;
        assert_true(awake.static_w[b].value > 0.0);
        assert_true(asleep.static_w[b].value == awake.static_w[b].value * (memory ? 0.25 : 1.0));
        assert_true(asleep.static_w[b].value ==
                    asleep.static_w[b].figure->value * asleep.static_w[b].factor);
        assert_true(asleep.idle_share[b] == awake.idle_share[b]);
        assert_true(asleep.area_um2[b].value == awake.area_um2[b].value);
    }
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        assert_true(asleep.energy[c].value == awake.energy[c].value);
    }
}

static void test_price_list_sram_access(void **state) {
    (void)state;
    struct mca_component_library library = made_up_library();
    assert_true(mca_sram_access_s(&library, 123456.0) == 1e-9);
    follow(&library, MCA_FIGURE_SRAM_ACCESS, MCA_LAW_BYTES, 2048.0);
    library.figures[MCA_FIGURE_SRAM_ACCESS].exponent = 0.75;
    assert_close(mca_sram_access_s(&library, 2048.0), 1e-9);
    assert_close(mca_sram_access_s(&library, 32768.0), 8e-9);
}

/* Images are fetched from DRAM for nothing where cost.dram is off; the figure stays named. */
static void test_price_list_dram_is_charged_on_demand(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_cost_design design = plain_design();
    struct mca_price_list on;
    struct mca_price_list off;
    mca_price_list_init(&on, &library, &design);
    design.dram = 0;
    mca_price_list_init(&off, &library, &design);
    assert_price(&on.energy[MCA_COMPONENT_DRAM_READ], &library, MCA_ENTRY_DRAM_READ, 1.0);
    assert_price(&off.energy[MCA_COMPONENT_DRAM_READ], &library, MCA_ENTRY_DRAM_READ, 0.0);
    for (int c = MCA_COMPONENT_DRAM_READ + 1; c < MCA_COMPONENT_COUNT; ++c) {
        assert_true(on.energy[c].value == off.energy[c].value && off.energy[c].value > 0.0);
    }
}

static void test_price_list_macro_capacity(void **state) {
    (void)state;
    assert_true(mca_macro_bytes(16384, 8 * 16384 * 3, 1) == 16384.0);
    assert_true(mca_macro_bytes(16384, 8 * 16384, 1) == 16384.0);
    assert_true(mca_macro_bytes(16384, 8 * 16380, 1) == 16380.0); /* one smaller macro */
    assert_true(mca_macro_bytes(16384, 33192, 8) == 33192 / 64.0);
    assert_true(mca_macro_bytes(16384, 3, 1) == 1.0);
    assert_true(mca_macro_bytes(16384, 0, 0) == 1.0);
}

static void test_price_list_design_of_a_chip(void **state) {
    (void)state;
    struct mca_chip_config chip = {
        .dac = {.kind = MCA_DAC_VOLTAGE, .bits = 6},
        .adc = {.kind = MCA_ADC_SAR, .bits = 10},
        .dpu = {.activation_bits = 16, .error_bits = 12, .clock_hz = 500000000},
        .timing = {.read_ps_per_level = 500}};
    struct mca_cost_config cost = {.sram_macro_bytes = 16384, .dram = 1};
    const struct mca_inventory inventory = {.chi_bits = 3180160,
                                            .buffer_bits = 33192,
                                            .buffers = 8,
                                            .weight_bits = 80000,
                                            .accumulator_bits = 16000,
                                            .accumulators = 1,
                                            .scan_map_bits = 24000,
                                            .lane_sums = 16,
                                            .lane_sum_bits = 8192,
                                            .resource_instances = {[MCA_RESOURCE_CHI] = 1}};
    struct mca_cost_design design = mca_cost_design_of(&chip, &cost, &inventory);
    assert_int_equal(design.dac_kind, MCA_DAC_VOLTAGE);
    assert_int_equal(design.adc_kind, MCA_ADC_SAR);
    assert_int_equal(design.dac_bits, 6);
    assert_int_equal(design.adc_bits, 10);
    assert_int_equal(design.factor_bits[0], 16);
    assert_int_equal(design.factor_bits[1], 12);
    assert_true(design.pulse_ps == 64 * 500.0);
    assert_true(design.conversion_ps == 32000.0); /* without a time of its own: the pulse's */
    assert_true(design.clock_hz == 5e8);
    assert_true(design.macro_bytes.chi == 16384.0);
    assert_true(design.macro_bytes.buffer == 33192 / 64.0);
    assert_true(design.macro_bytes.weight == 10000.0);
    assert_true(design.macro_bytes.accumulator == 2000.0);
    assert_true(design.macro_bytes.lane_sum == 64.0);
    struct mca_inventory parts = inventory; /* beside each of several digital units */
    parts.accumulators = 2;
    parts.resource_instances[MCA_RESOURCE_CHI] = 100;
    const struct mca_cost_design of_parts = mca_cost_design_of(&chip, &cost, &parts);
    assert_true(of_parts.macro_bytes.accumulator == 1000.0);
    assert_true(of_parts.macro_bytes.chi == 3975.2);
    assert_true(design.macro_bytes.scan_map == 3000.0);
    assert_true(design.dram == 1);
    assert_false(design.has_comparators);
    parts.comparators = 1;
    assert_true(mca_cost_design_of(&chip, &cost, &parts).has_comparators);
    assert_true(design.idle_clock == 1.0);
    cost.clock_residual = 0.125; /* of a clock that runs on, nothing */
    assert_true(mca_cost_design_of(&chip, &cost, &inventory).idle_clock == 1.0);
    cost.clock_gating = 1;
    assert_true(mca_cost_design_of(&chip, &cost, &inventory).idle_clock == 0.125);
    assert_true(design.sram_leak == 1.0);
    cost.sleep_residual = 0.25; /* of cells that do not sleep, nothing */
    assert_true(mca_cost_design_of(&chip, &cost, &inventory).sram_leak == 1.0);
    cost.sram_sleep = 1;
    assert_true(mca_cost_design_of(&chip, &cost, &inventory).sram_leak == 0.25);
    /* ideal converters are priced as 8 bits, and read as long */
    chip.dac.bits = 0;
    chip.adc.bits = 0;
    design = mca_cost_design_of(&chip, &cost, &inventory);
    assert_int_equal(design.dac_bits, 8);
    assert_int_equal(design.adc_bits, 8);
    assert_true(design.pulse_ps == 256 * 500.0);
    chip.timing.adc_conversion_ps = 77000;
    design = mca_cost_design_of(&chip, &cost, &inventory);
    assert_true(design.conversion_ps == 77000.0);
    /* the weight memory of digital designs may have macros of its own; chi keeps its */
    cost.weight_macro_bytes = 2048;
    design = mca_cost_design_of(&chip, &cost, &inventory);
    assert_true(design.macro_bytes.weight == 2048.0);
    assert_true(design.macro_bytes.chi == 16384.0);
    cost.weight_macro_bytes = 65536;
    design = mca_cost_design_of(&chip, &cost, &inventory);
    assert_true(design.macro_bytes.weight == 10000.0);
}

static void test_price_list_counts_blocks(void **state) {
    (void)state;
    const struct mca_inventory v = {.tiles = 1,
                                    .devices = 2,
                                    .weights = 99,
                                    .dacs = 3,
                                    .adcs = 4,
                                    .sample_holds = 5,
                                    .program_drivers = 6,
                                    .dpu_lanes = 7,
                                    .sigmoid_units = 8,
                                    .register_bits = 9,
                                    .chi_bits = 10,
                                    .buffer_bits = 11,
                                    .buffers = 99,
                                    .weight_bits = 12,
                                    .fp32_lanes = 13,
                                    .softmax_units = 14,
                                    .pool_units = 15,
                                    .gather_units = 16,
                                    .accumulator_bits = 17,
                                    .scan_map_bits = 19,
                                    .comparators = 20,
                                    .link_bits = 21,
                                    .lane_sums = 99,
                                    .lane_sum_bits = 18};
    static const struct {
        enum mca_block block;
        uint64_t instances;
        const char *name;
    } blocks[MCA_BLOCK_COUNT] = {{MCA_BLOCK_TILE_CONTROL, 1, "tile_control"},
                                 {MCA_BLOCK_PCM_DEVICE, 2, "pcm_device"},
                                 {MCA_BLOCK_DAC, 3, "dac"},
                                 {MCA_BLOCK_ADC, 4, "adc"},
                                 {MCA_BLOCK_SAMPLE_HOLD, 5, "sample_hold"},
                                 {MCA_BLOCK_PROGRAM_DRIVER, 6, "program_driver"},
                                 {MCA_BLOCK_DPU_LANE, 7, "dpu_lane"},
                                 {MCA_BLOCK_SIGMOID_UNIT, 8, "sigmoid_unit"},
                                 {MCA_BLOCK_REGISTER_BIT, 9, "register_bit"},
                                 {MCA_BLOCK_CHI_BIT, 10, "chi_bit"},
                                 {MCA_BLOCK_BUFFER_BIT, 11, "buffer_bit"},
                                 {MCA_BLOCK_WEIGHT_BIT, 12, "weight_bit"},
                                 {MCA_BLOCK_FP32_LANE, 13, "fp32_lane"},
                                 {MCA_BLOCK_SOFTMAX_UNIT, 14, "softmax_unit"},
                                 {MCA_BLOCK_POOL_UNIT, 15, "pool_unit"},
                                 {MCA_BLOCK_GATHER_UNIT, 16, "gather_unit"},
                                 {MCA_BLOCK_ACCUMULATOR_BIT, 17, "accumulator_bit"},
                                 {MCA_BLOCK_LANE_SUM_BIT, 18, "lane_sum_bit"},
                                 {MCA_BLOCK_SCAN_MAP_BIT, 19, "scan_map_bit"},
                                 {MCA_BLOCK_COMPARATOR, 20, "comparator"},
                                 {MCA_BLOCK_LINK_BIT, 21, "link_bit"}};
    for (size_t i = 0; i < MCA_BLOCK_COUNT; ++i) {
        assert_int_equal(mca_block_instances(&v, blocks[i].block), blocks[i].instances);
        assert_string_equal(mca_block_name(blocks[i].block), blocks[i].name);
    }
}

static const char *component_name(int i) {
    return mca_component_name((enum mca_component)i);
}

static const char *block_name(int i) {
    return mca_block_name((enum mca_block)i);
}

static const char *entry_name(int i) {
    return mca_entry_name((enum mca_entry)i);
}

static const char *part_name(int i) {
    return mca_part_name((enum mca_part)i);
}

/* A line of the list that was copied and half changed would be the second key of that name in a
 * file; names are words of keys. */
static void test_price_list_names_are_distinct(void **state) {
    (void)state;
    static const struct {
        int count;
        const char *(*name)(int i);
    } lists[] = {{MCA_COMPONENT_COUNT, component_name},
                 {MCA_BLOCK_COUNT, block_name},
                 {MCA_ENTRY_COUNT, entry_name},
                 {MCA_PART_COUNT, part_name}};
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; ++l) {
        for (int i = 0; i < lists[l].count; ++i) {
            const char *name = lists[l].name(i);
            assert_true(strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name));
            for (int k = 0; k < i; ++k) {
                assert_string_not_equal(name, lists[l].name(k));
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_price_list_every_component_has_its_entry),
        cmocka_unit_test(test_price_list_every_block_has_its_part),
        cmocka_unit_test(test_price_list_kinds_pick_their_converters),
        cmocka_unit_test(test_price_list_widths),
        cmocka_unit_test(test_price_list_successive_approximation),
        cmocka_unit_test(test_price_list_comparators),
        cmocka_unit_test(test_price_list_converters_follow_their_conversions),
        cmocka_unit_test(test_price_list_pulse_and_clock),
        cmocka_unit_test(test_price_list_capacity),
        cmocka_unit_test(test_price_list_cells_asleep),
        cmocka_unit_test(test_price_list_sram_access),
        cmocka_unit_test(test_price_list_dram_is_charged_on_demand),
        cmocka_unit_test(test_price_list_names_are_distinct),
        cmocka_unit_test(test_price_list_macro_capacity),
        cmocka_unit_test(test_price_list_design_of_a_chip),
        cmocka_unit_test(test_price_list_counts_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
