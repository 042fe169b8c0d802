/* Component libraries: all of them load, and their figures follow from their sources. */
#include "cost/cost_test.h"

#include <math.h>

#include "cost/library_files.h"
#include "cost/price_list.h"
#include "cost/scaling.h"
#include "cost/uncertainty.h"

#define REFERENCE LIBRARIES_DIR "/mca-14nm.yaml"

static const char *const LIBRARIES[] = {"mca-14nm", "mca-14nm-rtl", "hermes-14nm", "isaac-32nm"};

enum { LIBRARY_COUNT = sizeof LIBRARIES / sizeof LIBRARIES[0] };

/* The factor of technology scaling that a figure should carry. */
static double expected_scale(const struct mca_component_library *library, uint32_t f) {
    const struct mca_figure *figure = &library->figures[f];
    const double v = isnan(figure->voltage_v) ? library->voltage_v : figure->voltage_v;
    if (!figure->scaled) {
        return 1.0;
    }
    switch (mca_figure_quantity(f)) {
    case MCA_QUANTITY_AREA:
        return mca_scale_area(figure->node_nm, library->node_nm);
    case MCA_QUANTITY_TIME:
        return mca_scale_delay(figure->node_nm, library->node_nm);
    case MCA_QUANTITY_ENERGY:
    case MCA_QUANTITY_POWER:
        break;
    }
    return mca_scale_energy(figure->node_nm, v, library->node_nm, library->voltage_v);
}

static void assert_whole(const struct mca_component_library *library) {
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        const struct mca_figure *figure = &library->figures[f];
        assert_close(figure->scale, expected_scale(library, f));
        assert_close(figure->value, figure->published * figure->times * figure->scale);
        assert_true(isfinite(figure->value) && figure->value >= 0.0);
        assert_true(figure->uncertainty >= 1.0 && figure->node_nm > 0.0);
        assert_true(strlen(figure->source) > 0 && figure->note != NULL);
        assert_true(figure->causes >> library->cause_count == 0);
    }
}

/* The line that a figure names is the line that states it. */
static void assert_lines(const struct mca_component_library *library) {
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        const struct mca_figure *figure = &library->figures[f];
        char name[96];
        char key[98];
        mca_figure_name(f, name, sizeof name);
        (void)snprintf(key, sizeof key, "%s: {", strrchr(name, '.') + 1);
        char *text = read_text(figure->path);
        const char *line = text;
        for (uint32_t i = 1; i < figure->line; ++i) {
            line = strchr(line, '\n') + 1;
        }
        line += strspn(line, " ");
        if (strncmp(line, key, strlen(key)) != 0) {
            fail_msg("%s:%u does not state %s", figure->path, (unsigned)figure->line, name);
        }
        free(text);
    }
}

static void test_component_library_all_load(void **state) {
    (void)state;
    for (size_t i = 0; i < LIBRARY_COUNT; ++i) {
        struct mca_component_library library = loaded(LIBRARIES[i]);
        assert_string_equal(library.name, LIBRARIES[i]);
        assert_whole(&library);
        assert_lines(&library);
        mca_component_library_deinit(&library);
    }
}

static void test_component_library_reads_the_reference(void **state) {
    (void)state;
    struct mca_component_library library = loaded(REFERENCE);
    assert_string_equal(library.path, REFERENCE);
    assert_true(library.node_nm == 14.0 && library.voltage_v == 0.8 && library.hash != 0);
    const struct mca_figure *adc = &library.figures[MCA_ENTRY_ADC_CCO];
    assert_close(adc->value, 40.1e-12);
    assert_true(adc->law == MCA_LAW_BITS_LEVELS && adc->at == 8.0 && adc->scaled);
    assert_true(adc->kind == MCA_FIGURE_DERIVED && adc->uncertainty == 1.6);
    assert_non_null(strstr(adc->source, "HERMES"));
    assert_true(library.causes[1].factor == 4.0 && library.causes[1].factor_down == 1.5);
    assert_string_equal(library.causes[1].name, "sram_table");
    assert_int_equal(adc->causes, 0);
    const struct mca_figure *read = &library.figures[MCA_ENTRY_SRAM_READ];
    assert_true(read->law == MCA_LAW_BYTES && read->at == 16384.0 && read->exponent == 0.6016);
    assert_int_equal(read->causes, 1 << 0 | 1 << 1);
    const struct mca_figure *device = &library.figures[MCA_ENTRY_PCM_READ];
    assert_true(device->law == MCA_LAW_DURATION && device->at == 128000.0 && !device->scaled);
    assert_true(isnan(device->voltage_v));
    const struct mca_figure *clock = &library.figures[mca_figure_static(MCA_PART_REGISTER_BIT)];
    assert_true(clock->law == MCA_LAW_CLOCK && clock->at == 1e9);
    const struct mca_figure *lane = &library.figures[mca_figure_area(MCA_PART_DPU_LANE)];
    assert_true(lane->law == MCA_LAW_FIXED && lane->causes == 0);
    assert_string_equal(library.figures[mca_figure_static(MCA_PART_TILE_CONTROL)].note, "");
    mca_component_library_deinit(&library);
}

static void test_component_library_names_figures(void **state) {
    (void)state;
    char name[96];
    char other[96];
    mca_figure_name(MCA_ENTRY_SRAM_READ, name, sizeof name);
    assert_string_equal(name, "energy.sram_read");
    mca_figure_name(mca_figure_static(MCA_PART_SRAM_BIT), name, sizeof name);
    assert_string_equal(name, "blocks.sram_bit.static");
    mca_figure_name(mca_figure_area(MCA_PART_PCM_DEVICE), name, sizeof name);
    assert_string_equal(name, "blocks.pcm_device.area");
    mca_figure_name(MCA_FIGURE_SRAM_ACCESS, name, sizeof name);
    assert_string_equal(name, "timing.sram_access");
    assert_string_equal(mca_entry_action(MCA_ENTRY_DRAM_READ), "bit fetched");
    assert_string_equal(mca_entry_action(MCA_ENTRY_ADC_SAR), "conversion");
    assert_string_equal(mca_entry_action(MCA_ENTRY_PCM_RESET), "pulse");
    assert_string_equal(mca_figure_kind_name(MCA_FIGURE_MEASURED), "measured");
    assert_string_equal(mca_figure_kind_name(MCA_FIGURE_ASSUMPTION), "assumption");
    assert_string_equal(mca_law_name(MCA_LAW_FIXED), "fixed");
    assert_string_equal(mca_law_name(MCA_LAW_BITS_LEVELS), "levels");
    assert_string_equal(mca_law_name(MCA_LAW_CLOCK), "clock");
    assert_int_equal(mca_figure_quantity(MCA_ENTRY_PCM_RESET), MCA_QUANTITY_ENERGY);
    assert_int_equal(mca_figure_quantity(mca_figure_static(MCA_PART_SRAM_BIT)), MCA_QUANTITY_POWER);
    assert_int_equal(mca_figure_quantity(mca_figure_area(MCA_PART_SRAM_BIT)), MCA_QUANTITY_AREA);
    assert_int_equal(mca_figure_quantity(MCA_FIGURE_SRAM_ACCESS), MCA_QUANTITY_TIME);
    for (uint32_t a = 0; a < (uint32_t)MCA_FIGURE_COUNT; ++a) {
        mca_figure_name(a, name, sizeof name);
        for (uint32_t b = 0; b < a; ++b) {
            mca_figure_name(b, other, sizeof other);
            assert_string_not_equal(name, other);
        }
    }
}

struct derivation {
    uint32_t figure;
    double derived; /* in J, W or um2, before scaling */
};

static void assert_derived(const struct mca_component_library *library,
                           const struct derivation *derivations, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        const struct mca_figure *figure = &library->figures[derivations[i].figure];
        const double stated = figure->published * figure->times;
        /* figures are stated with two or three digits */
        if (!(fabs(stated / derivations[i].derived - 1.0) <= 0.01)) {
            char name[96];
            mca_figure_name(derivations[i].figure, name, sizeof name);
            fail_msg("%s: %s is %g, derived %g", library->name, name, stated,
                     derivations[i].derived);
        }
    }
}

/* Operations of the HERMES core's matrix-vector product, and its energy. */
static const double HERMES_OPERATIONS = 2.0 * 256 * 256;
static const double HERMES_J = 2.0 * 256 * 256 / 10.5e12;
static const double HERMES_UM2 = 1.008e6 / 1.59;

/* The notes' arithmetic done again. */
static void test_component_library_energies_are_derived(void **state) {
    (void)state;
    struct mca_component_library library = loaded(REFERENCE);
    const double dac = 417e-15 * mca_scale_energy(32.0, 0.8, 14.0, 0.8);
    const struct derivation derivations[] = {
        {MCA_ENTRY_IMAGE_LOAD, 20.7e-12 / 256},
        {MCA_ENTRY_PCM_READ, 0.2 * 0.2 * 3e-6 * 70e-9},
        {MCA_ENTRY_SAMPLE_HOLD, 10e-15 * 0.8 * 0.8},
        {MCA_ENTRY_ADC_CCO, HERMES_OPERATIONS / 10.5e12 / 256 - 1024 * 8.4e-15 - dac},
        {MCA_ENTRY_PCM_SET, 90e-6 * 50e-9 * 1.2},
        {MCA_ENTRY_PCM_RESET, 300e-6 * 40e-9 * 1.5},
        {mca_figure_static(MCA_PART_DAC_PWM), 0.1 * 417e-15 / 128e-9},
        {mca_figure_static(MCA_PART_DAC_VOLTAGE), 0.01 * 291e-15 / 0.9e-9},
        {mca_figure_static(MCA_PART_ADC_CCO), 0.01 * 40.1e-12 / 77e-9},
        {MCA_ENTRY_ADC_SAR, 3.1e-3 / 1.2e9},
        {mca_figure_static(MCA_PART_ADC_SAR), 0.01 * 3.1e-3},
        {mca_figure_static(MCA_PART_DPU_LANE), 0.1 * (1.0 + 0.1) * 1e-12 * 1e9},
        {mca_figure_static(MCA_PART_FP32_LANE), 0.1 * (3.7 + 0.9) * 1e-12 * 1e9},
        {mca_figure_static(MCA_PART_SIGMOID_UNIT), 0.1 * 0.26e-12 * 1e9},
        /* products by area of 1 pJ at 16 x 16, additions, and 31 bits of 1 KB at 32 nm */
        {MCA_ENTRY_SOFTMAX, ((21 * 16 + 22 * 8 + 31 * 21) / 256.0 + 4 * 0.1 +
                             0.57 * 31 / 16 * pow(0.5, 0.6016) / 0.66) *
                                1e-12},
        {MCA_ENTRY_RECIPROCAL, 21 * (0.1 + 85 * 0.009) * 1e-12},
        {MCA_ENTRY_GATHER, 2 * 0.05e-12},
        {mca_figure_static(MCA_PART_SOFTMAX_UNIT), 0.1 * 6e-12 * 1e9},
        {mca_figure_static(MCA_PART_POOL_UNIT), 0.1 * (0.05 + 0.1) * 1e-12 * 1e9},
        {mca_figure_static(MCA_PART_GATHER_UNIT), 0.1 * 0.1e-12 * 1e9},
        {mca_figure_static(MCA_PART_REGISTER_BIT), 2418e-12 / 12114 * 1e9},
        {mca_figure_static(MCA_PART_SRAM_BIT), 0.33e-3 / (2048 * 8)},
    };
    assert_derived(&library, derivations, sizeof derivations / sizeof derivations[0]);
    mca_component_library_deinit(&library);
}

static void test_component_library_areas_are_derived(void **state) {
    (void)state;
    struct mca_component_library library = loaded(REFERENCE);
    const double dac = 240 * mca_scale_area(65.0, 14.0);
    /* the survey's regression: 1650 um2 at 1 GS/s and 0.36 pJ, energy^0.3, rate^0.2 */
    const double slow = 1650 * pow(1.0 / 77, 0.2);
    const double converter = sqrt(slow * slow * pow(40.1 / 0.36, 0.3));
    const double rest = HERMES_UM2 - 256 * (1400 + dac);
    const struct derivation derivations[] = {
        {mca_figure_area(MCA_PART_ADC_CCO), converter},
        {mca_figure_area(MCA_PART_PCM_DEVICE), 0.8 * rest / (4 * 256 * 256)},
        {mca_figure_area(MCA_PART_TILE_CONTROL), 0.2 * rest},
        {mca_figure_area(MCA_PART_SAMPLE_HOLD), 10.0 / 2.0},
        {mca_figure_area(MCA_PART_DPU_LANE), 6350 / 4.0 + 278},
        {mca_figure_area(MCA_PART_FP32_LANE), 6350 + 3 * 278},
        {mca_figure_area(MCA_PART_SOFTMAX_UNIT), 6350 * (31 * 21 + 21 * 16 + 22 * 8) / 1024.0 +
                                                     6 * 278 + 85 * 6 +
                                                     257 * 31 * 0.238 * (40 * 40) / (32 * 32)},
        {mca_figure_area(MCA_PART_POOL_UNIT), 1.5 * 278},
        {mca_figure_area(MCA_PART_GATHER_UNIT), 2 * 278 / 2.0 + 32 * 6},
        {mca_figure_area(MCA_PART_SRAM_BIT), 0.0039e6 / (2048 * 8)},
    };
    assert_derived(&library, derivations, sizeof derivations / sizeof derivations[0]);
    mca_component_library_deinit(&library);
}

/* The other libraries' own figures; those of the synthesized unit are in rtl/synth/results.md. */
static void test_component_library_others_are_derived(void **state) {
    (void)state;
    struct mca_component_library rtl = loaded("mca-14nm-rtl");
    const struct derivation synthesized[] = {
        {MCA_ENTRY_INT_ADD, 19157e-15},
        {MCA_ENTRY_INT_MULTIPLY, 100575e-15},
        {MCA_ENTRY_SIGMOID, 86987e-15},
        {MCA_ENTRY_REGISTER_BIT, 9416e-15 / 32},
        {mca_figure_static(MCA_PART_REGISTER_BIT), 2418e-12 / 12114 * 1e9},
        {mca_figure_area(MCA_PART_DPU_LANE), 453290},
        {mca_figure_area(MCA_PART_SIGMOID_UNIT), 50421},
    };
    assert_derived(&rtl, synthesized, sizeof synthesized / sizeof synthesized[0]);
    /* 19157 fJ are 69.9 fJ at 14 nm there, 453290 um2 are 4220 */
    assert_near(rtl.figures[MCA_ENTRY_INT_ADD].value, 69.9e-15, 0.05e-15);
    assert_near(rtl.figures[mca_figure_area(MCA_PART_DPU_LANE)].value, 4220, 5);
    mca_component_library_deinit(&rtl);
    struct mca_component_library isaac = loaded("isaac-32nm");
    const struct derivation published[] = {
        {MCA_ENTRY_IMAGE_LOAD, 20.7e-12 / 256},
        {MCA_ENTRY_INT_ADD, 2 * 0.021e-12},
        {MCA_ENTRY_SRAM_READ, 0.57e-12 / 16},
        {MCA_ENTRY_SRAM_WRITE, 0.57e-12 / 16},
        {MCA_ENTRY_ADC_SAR, 16e-3 / 8 / 1.28e9},
        {mca_figure_static(MCA_PART_ADC_SAR), 0.1 * 16e-3 / 8},
        {mca_figure_area(MCA_PART_ADC_SAR), 0.0096e6 / 8},
        {mca_figure_static(MCA_PART_SRAM_BIT), 0.33e-3 / (2048 * 8)},
    };
    assert_derived(&isaac, published, sizeof published / sizeof published[0]);
    mca_component_library_deinit(&isaac);
}

/* MNSIM's three sizes, 16, 64 and 256 KB: a straight line of least squares in logarithms. */
static void assert_fit(const struct mca_figure *figure, const double per_access[3]) {
    double mean_x = 0.0;
    double mean_y = 0.0;
    for (int i = 0; i < 3; ++i) {
        mean_x += log(pow(4.0, i)) / 3.0; /* capacity / 16 KB */
        mean_y += log(per_access[i]) / 3.0;
    }
    double xx = 0.0;
    double xy = 0.0;
    for (int i = 0; i < 3; ++i) {
        const double x = log(pow(4.0, i)) - mean_x;
        xx += x * x;
        xy += x * (log(per_access[i]) - mean_y);
    }
    assert_true(figure->law == MCA_LAW_BYTES && figure->at == 16384.0);
    assert_near(figure->exponent, xy / xx, 0.5e-4);
    assert_near(figure->published / exp(mean_y - xy / xx * mean_x), 1.0, 0.5e-3);
}

static void test_component_library_sram_is_a_fit(void **state) {
    (void)state;
    static const double read_j[3] = {24.9e-12, 58.4e-12, 132e-12};
    static const double write_j[3] = {23.8e-12, 45.0e-12, 95e-12};
    static const double access_s[3] = {0.62e-9, 1.36e-9, 3.7e-9};
    struct mca_component_library library = loaded(REFERENCE);
    assert_fit(&library.figures[MCA_ENTRY_SRAM_READ], read_j);
    assert_fit(&library.figures[MCA_ENTRY_SRAM_WRITE], write_j);
    assert_fit(&library.figures[MCA_FIGURE_SRAM_ACCESS], access_s);
    assert_close(library.figures[MCA_ENTRY_SRAM_READ].times, 1.0 / 64.0);
    assert_close(library.figures[MCA_ENTRY_SRAM_WRITE].times, 1.0 / 64.0);
    mca_component_library_deinit(&library);
}

/* The law of successive approximation against ISAAC's converter as a public library has it for
 * four widths; at 10 bits that library grows less. */
static void test_component_library_sar_follows_its_law(void **state) {
    (void)state;
    static const struct {
        double bits;
        double j;
    } points[] = {{4, 0.79e-12}, {6, 1.20e-12}, {8, 1.67e-12}};
    struct mca_component_library library = loaded(REFERENCE);
    const struct mca_figure *sar = &library.figures[MCA_ENTRY_ADC_SAR];
    assert_true(sar->law == MCA_LAW_BITS_SAR && sar->at == 8.0);
    for (size_t i = 0; i < 3; ++i) {
        const double law = (100 * points[i].bits + 0.001 * pow(4.0, points[i].bits)) / 865.536;
        assert_near(law / (points[i].j / 1.67e-12), 1.0, 0.05);
    }
    mca_component_library_deinit(&library);
}

/* What a source states needs no arithmetic: a figure that is a part of another one is derived. */
static void test_component_library_kinds_are_what_they_are(void **state) {
    (void)state;
    for (size_t i = 0; i < LIBRARY_COUNT; ++i) {
        struct mca_component_library library = loaded(LIBRARIES[i]);
        for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
            const struct mca_figure *figure = &library.figures[f];
            const int stated =
                figure->kind == MCA_FIGURE_MEASURED || figure->kind == MCA_FIGURE_PUBLISHED;
            if (stated && figure->times != 1.0) {
                fail_msg("%s: line %u is no published figure", library.name, figure->line);
            }
        }
        /* the source itself says: check this */
        assert_int_equal(library.figures[MCA_ENTRY_SIGMOID].kind,
                         strcmp(LIBRARIES[i], "mca-14nm-rtl") == 0 ? MCA_FIGURE_DERIVED
                                                                   : MCA_FIGURE_ASSUMPTION);
        mca_component_library_deinit(&library);
    }
}

/* Range of one figure by itself: all of a sum. */
static struct mca_range range_of(const struct mca_component_library *library, uint32_t figure) {
    struct mca_shares shares = {{0}};
    shares.of[figure] = library->figures[figure].value;
    return mca_sum_range(library, &shares, shares.of[figure]);
}

/* Truth at 14 nm lies between the 45 nm figures and those cited for 7 nm (Jouppi et al., ISCA 2021:
 * fp32 sum and product 0.38 and 1.31 pJ, 64 bits of an 8 KB SRAM 7.5 pJ). Interpolated in the node
 * in logarithms, it lies within the library's range; of the SRAM at 16 KB, with 7.5 pJ. */
static void test_component_library_covers_newer_nodes(void **state) {
    (void)state;
    struct mca_component_library library = loaded(REFERENCE);
    const double weight = log(14.0 / 7.0) / log(45.0 / 7.0);
    static const struct {
        uint32_t figure;
        double at_45_j;
        double at_7_j;
    } ends[] = {{MCA_ENTRY_FP32_ADD, 0.9e-12, 0.38e-12},
                {MCA_ENTRY_FP32_MULTIPLY, 3.7e-12, 1.31e-12}};
    for (size_t i = 0; i < 2; ++i) {
        const double truth = ends[i].at_7_j * pow(ends[i].at_45_j / ends[i].at_7_j, weight);
        const struct mca_range range = range_of(&library, ends[i].figure);
        assert_true(range.low < truth && truth < range.high);
        assert_true(range.high < ends[i].at_45_j * 1.5); /* and not more than without scaling */
    }
    assert_true(range_of(&library, MCA_ENTRY_SRAM_READ).high > 7.5e-12 / 64);
    /* measured at 65 nm: 8.4 pW a bit at 0.35 V, ten times as much and more at 1 V */
    assert_true(range_of(&library, mca_figure_static(MCA_PART_SRAM_BIT)).low < 84e-12);
    mca_component_library_deinit(&library);
}

/* A whole product of 256 x 256 weights, two devices in parallel a side, costs what was measured:
 * 131072 operations at 10.5 TOPS/W, 12.5 nJ. */
static void test_component_library_hermes_core_as_measured(void **state) {
    (void)state;
    const struct mca_chip_config chip = {.dac = {.kind = MCA_DAC_PWM, .bits = 8},
                                         .adc = {.kind = MCA_ADC_CCO, .bits = 8},
                                         .dpu = {16, 16, .clock_hz = 1000000000},
                                         .timing = {.read_ps_per_level = 500}};
    const struct mca_cost_config cost = {.sram_macro_bytes = 16384};
    const struct mca_inventory inventory = {0};
    const struct mca_cost_design design = mca_cost_design_of(&chip, &cost, &inventory);
    struct mca_component_library library = loaded("hermes-14nm");
    struct mca_price_list prices;
    mca_price_list_init(&prices, &library, &design);
    const double energy_j = 256 * prices.energy[MCA_COMPONENT_ADC_CONVERSION].value +
                            2 * 256 * 256 * prices.energy[MCA_COMPONENT_PCM_READ].value +
                            256 * prices.energy[MCA_COMPONENT_DAC_DRIVE].value;
    assert_near(energy_j / 12.5e-9, 1.0, 0.01);
    assert_near(energy_j / HERMES_J, 1.0, 0.01);
    const double area_um2 = 256 * prices.area_um2[MCA_BLOCK_ADC].value +
                            256 * prices.area_um2[MCA_BLOCK_DAC].value +
                            2 * 256 * 256 * prices.area_um2[MCA_BLOCK_PCM_DEVICE].value +
                            prices.area_um2[MCA_BLOCK_TILE_CONTROL].value;
    assert_near(area_um2 / HERMES_UM2, 1.0, 0.01);
    mca_component_library_deinit(&library);
}

static int is_one_of(uint32_t f, const uint32_t *figures, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        if (figures[i] == f) {
            return 1;
        }
    }
    return 0;
}

/* A figure that a library did not state: its base's, but for the step to its own node. */
static void assert_inherited(const struct mca_component_library *library,
                             const struct mca_component_library *base, uint32_t f) {
    const struct mca_figure *a = &library->figures[f];
    const struct mca_figure *b = &base->figures[f];
    assert_true(a->published == b->published && a->times == b->times);
    assert_true(a->uncertainty == b->uncertainty && a->node_nm == b->node_nm);
    assert_true(a->voltage_v == b->voltage_v || (isnan(a->voltage_v) && isnan(b->voltage_v)));
    assert_true(a->law == b->law && (a->law == MCA_LAW_FIXED || a->at == b->at));
    assert_true(a->kind == b->kind && a->scaled == b->scaled && a->causes == b->causes);
    assert_string_equal(a->source, b->source);
    assert_string_equal(a->note, b->note);
    assert_string_equal(a->path, b->path);
    assert_int_equal(a->line, b->line);
}

static void test_component_library_rtl_is_the_reference_but_for_its_unit(void **state) {
    (void)state;
    static const enum mca_part parts[] = {MCA_PART_DPU_LANE, MCA_PART_SIGMOID_UNIT,
                                          MCA_PART_REGISTER_BIT};
    uint32_t own[10] = {MCA_ENTRY_INT_ADD, MCA_ENTRY_INT_MULTIPLY, MCA_ENTRY_SIGMOID,
                        MCA_ENTRY_REGISTER_BIT};
    for (size_t i = 0; i < 3; ++i) {
        own[4 + 2 * i] = mca_figure_static(parts[i]);
        own[5 + 2 * i] = mca_figure_area(parts[i]);
    }
    struct mca_component_library base = loaded("mca-14nm");
    struct mca_component_library rtl = loaded("mca-14nm-rtl");
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        if (is_one_of(f, own, 10)) {
            assert_string_equal(rtl.figures[f].path, rtl.path);
        } else {
            assert_inherited(&rtl, &base, f);
            assert_true(rtl.figures[f].value == base.figures[f].value);
        }
    }
    assert_true(rtl.hash != base.hash);
    assert_string_not_equal(rtl.about, base.about);
    mca_component_library_deinit(&rtl);
    mca_component_library_deinit(&base);
}

/* What ISAAC and PUMA do not state comes from the reference's sources, not from its 14 nm values.
 */
static void test_component_library_isaac_scales_its_base_anew(void **state) {
    (void)state;
    struct mca_component_library base = loaded("mca-14nm");
    struct mca_component_library isaac = loaded("isaac-32nm");
    int inherited = 0;
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        if (strcmp(isaac.figures[f].path, isaac.path) != 0) {
            assert_inherited(&isaac, &base, f);
            ++inherited;
        }
    }
    assert_true(inherited > 20);
    const struct mca_figure *add = &isaac.figures[MCA_ENTRY_FP32_ADD];
    assert_close(add->value, 0.9e-12 * mca_scale_energy(45.0, 0.9, 32.0, 0.9));
    const struct mca_figure *clock = &isaac.figures[mca_figure_static(MCA_PART_REGISTER_BIT)];
    assert_close(clock->value, 2418288e-6 * 8.25559e-5 * mca_scale_energy(180.0, 1.8, 32.0, 0.9));
    const struct mca_figure *converter = &isaac.figures[mca_figure_area(MCA_PART_ADC_CCO)];
    assert_close(converter->value, 1400.0 * 0.46 / 0.17);
    assert_close(converter->at_energy_scaled_j, isaac.figures[MCA_ENTRY_ADC_CCO].value);
    assert_close(isaac.figures[MCA_FIGURE_SRAM_ACCESS].value, 0.598e-9 * 32.0 / 65.0);
    /* devices are never scaled */
    assert_close(isaac.figures[MCA_ENTRY_PCM_READ].value, 8.4e-15);
    assert_close(isaac.figures[mca_figure_area(MCA_PART_PCM_DEVICE)].value, 0.82);
    mca_component_library_deinit(&isaac);
    mca_component_library_deinit(&base);
}

/* A library has its base's causes and its own behind them. */
static void test_component_library_causes_are_inherited(void **state) {
    (void)state;
    struct mca_component_library base = loaded("mca-14nm");
    struct mca_component_library hermes = loaded("hermes-14nm");
    assert_int_equal(hermes.cause_count, base.cause_count + 1);
    for (uint32_t i = 0; i < base.cause_count; ++i) {
        assert_string_equal(hermes.causes[i].name, base.causes[i].name);
        assert_close(hermes.causes[i].factor, base.causes[i].factor);
    }
    assert_string_equal(hermes.causes[base.cause_count].name, "hermes_sum");
    assert_int_equal(hermes.figures[MCA_ENTRY_ADC_CCO].causes, 1 << base.cause_count);
    mca_component_library_deinit(&hermes);
    mca_component_library_deinit(&base);
}

/* A cause stated anew takes its base's place, also for figures of the base. */
static void test_component_library_causes_are_stated_anew(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-libraries-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(dir));
    write_in(dir, "anew.yaml",
             "name: anew\nabout: x\nbase: mca-14nm\ncauses:\n"
             "  sram_table: {factor: 3, note: x}\n",
             path);
    struct mca_component_library base = loaded("mca-14nm");
    struct mca_component_library anew = loaded(path);
    assert_int_equal(anew.cause_count, base.cause_count);
    for (uint32_t i = 0; i < base.cause_count; ++i) {
        const int is_anew = strcmp(base.causes[i].name, "sram_table") == 0;
        assert_close(anew.causes[i].factor, is_anew ? 3.0 : base.causes[i].factor);
    }
    assert_int_equal(anew.figures[MCA_ENTRY_SRAM_READ].causes,
                     base.figures[MCA_ENTRY_SRAM_READ].causes);
    mca_component_library_deinit(&anew);
    mca_component_library_deinit(&base);
    unlink(path);
    rmdir(dir);
}

/* A base given as a path is beside its library; a base may have a base; the hash is of all files.
 */
static void test_component_library_base_beside_it(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-libraries-XXXXXX";
    char lower[64];
    char upper[64];
    assert_non_null(mkdtemp(dir));
    write_in(
        dir, "lower.yaml",
        "name: lower\nabout: x\nbase: mca-14nm\nenergy:\n"
        "  pcm_set: {energy_pj: 7, node_nm: 90, uncertainty: 1, kind: measured, source: x}\n"
        "  pcm_reset: {energy_pj: 8, node_nm: 90, uncertainty: 1, kind: measured, source: x}\n",
        lower);
    static const char text[] =
        "name: upper\nabout: x\nbase: lower.yaml\nenergy:\n"
        "  pcm_set: {energy_pj: 9, node_nm: 90, uncertainty: 1, kind: measured, source: x}\n";
    write_in(dir, "upper.yaml", text, upper);
    struct mca_component_library library = loaded(upper);
    assert_string_equal(library.name, "upper");
    assert_string_equal(library.path, upper);
    assert_close(library.figures[MCA_ENTRY_PCM_SET].value, 9e-12);
    assert_close(library.figures[MCA_ENTRY_PCM_RESET].value, 8e-12);
    assert_close(library.figures[MCA_ENTRY_ADC_CCO].value, 40.1e-12);
    assert_string_equal(library.figures[MCA_ENTRY_PCM_SET].path, upper);
    assert_string_equal(library.figures[MCA_ENTRY_PCM_RESET].path, lower);
    assert_int_equal(library.figures[MCA_ENTRY_PCM_RESET].line, 6);
    const uint64_t hash = library.hash;
    mca_component_library_deinit(&library);
    write_in(dir, "lower.yaml", "name: lower\nabout: y\nbase: mca-14nm\n", lower);
    library = loaded(upper);
    assert_true(library.hash != hash);
    mca_component_library_deinit(&library);
    unlink(upper);
    unlink(lower);
    rmdir(dir);
}

static void test_component_library_looks_names_up(void **state) {
    (void)state;
    struct mca_component_library library;
    struct mca_error error = {""};
    assert_int_equal(mca_component_library_load(&library, "no-such", &error), MCA_SYSTEM);
    assert_non_null(strstr(error.message, "no-such.yaml"));
    assert_int_equal(mca_component_library_load(&library, "/no/such.yaml", &error), MCA_SYSTEM);
    assert_non_null(strstr(error.message, "/no/such.yaml"));
    assert_int_equal(mca_component_library_load(&library, "/tmp/", &error), MCA_SYSTEM);
    assert_int_equal(mca_component_library_load(&library, "", &error), MCA_INVALID);
    /* a directory of the user's comes first */
    char dir[] = "/tmp/mca-libraries-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(dir));
    write_in(dir, "mca-14nm.yaml", "name: mine\n", path);
    assert_int_equal(setenv("MCA_COMPONENTS_DIR", dir, 1), 0);
    assert_int_equal(mca_component_library_load(&library, "mca-14nm", &error), MCA_INVALID);
    assert_int_equal(strncmp(error.message, path, strlen(path)), 0);
    /* for bases too; and what it lacks is found in the source tree */
    assert_int_equal(mca_component_library_load(&library, "isaac-32nm", &error), MCA_INVALID);
    assert_int_equal(strncmp(error.message, path, strlen(path)), 0);
    assert_int_equal(unsetenv("MCA_COMPONENTS_DIR"), 0);
    unlink(path);
    rmdir(dir);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_component_library_all_load),
        cmocka_unit_test(test_component_library_reads_the_reference),
        cmocka_unit_test(test_component_library_names_figures),
        cmocka_unit_test(test_component_library_energies_are_derived),
        cmocka_unit_test(test_component_library_areas_are_derived),
        cmocka_unit_test(test_component_library_others_are_derived),
        cmocka_unit_test(test_component_library_sram_is_a_fit),
        cmocka_unit_test(test_component_library_sar_follows_its_law),
        cmocka_unit_test(test_component_library_kinds_are_what_they_are),
        cmocka_unit_test(test_component_library_covers_newer_nodes),
        cmocka_unit_test(test_component_library_hermes_core_as_measured),
        cmocka_unit_test(test_component_library_rtl_is_the_reference_but_for_its_unit),
        cmocka_unit_test(test_component_library_isaac_scales_its_base_anew),
        cmocka_unit_test(test_component_library_causes_are_inherited),
        cmocka_unit_test(test_component_library_causes_are_stated_anew),
        cmocka_unit_test(test_component_library_base_beside_it),
        cmocka_unit_test(test_component_library_looks_names_up),
    };
    return cmocka_run_group_tests(tests, forget_components_dir, NULL);
}
