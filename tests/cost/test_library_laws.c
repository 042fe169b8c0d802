/* Which laws a library may give each figure, against docs/reference/cost.md's account of what a
 * price list knows of a design, written out by hand. */
#include "cost/cost_test.h"

#include "cost/library_files.h"

/* What a figure may follow besides nothing: w(idth), c(apacity), p(ulse), k (clock), e(nergy of
 * conversions). */
struct row {
    const char *name;
    const char *laws;
};

static const struct row ENTRIES[] = {
    {"dram_read", ""}, {"image_load", ""},    {"dac_pwm", "w"},   {"dac_voltage", "w"},
    {"pcm_read", "p"}, {"sample_hold", ""},   {"adc_cco", "w"},   {"adc_sar", "w"},
    {"int_add", "w"},  {"int_multiply", "w"}, {"fp32_add", ""},   {"fp32_multiply", ""},
    {"sigmoid", ""},   {"register_bit", ""},  {"sram_read", "c"}, {"sram_write", "c"},
    {"pcm_set", ""},   {"pcm_reset", ""},     {"softmax", ""},    {"reciprocal", ""},
    {"gather", ""}};

/* The clock is of static power alone: kept out of areas below. */
static const struct row PARTS[] = {
    {"pcm_device", ""}, {"tile_control", ""}, {"dac_pwm", "w"},      {"dac_voltage", "w"},
    {"adc_cco", "we"},  {"adc_sar", "we"},    {"sample_hold", ""},   {"program_driver", ""},
    {"dpu_lane", "k"},  {"fp32_lane", "k"},   {"sigmoid_unit", "k"}, {"softmax_unit", "k"},
    {"pool_unit", "k"}, {"gather_unit", "k"}, {"register_bit", "k"}, {"sram_bit", "c"}};

static const struct {
    char letter;
    const char *keys;
} LAWS[] = {{'w', "at_bits: 8"},
            {'w', "at_bits: 8, law: square"},
            {'w', "at_bits: 8, law: levels"},
            {'w', "at_bits: 8, law: sar"},
            {'c', "at_bytes: 1024, exponent: 1"},
            {'p', "at_ps: 1000"},
            {'k', "at_hz: 1e9"},
            {'e', "at_ps: 1000, at_pj: 1"}};

/* Whether a library loads that is the reference one but for a figure, "energy: {x: {" before what
 * it says. */
static int loads(const char *before, const char *value, const char *law) {
    char text[512];
    char path[] = "/tmp/mca-laws-XXXXXX";
    char named[64];
    struct mca_component_library library;
    struct mca_error error = {""};
    size_t braces = 0;
    for (const char *c = before; *c; ++c) {
        braces += *c == '{';
    }
    (void)snprintf(text, sizeof text,
                   "name: laws\nabout: laws\nbase: %s/mca-14nm.yaml\n%s%s, %s, node_nm: 14, "
                   "uncertainty: 1, kind: assumption, source: none%.*s\n",
                   LIBRARIES_DIR, before, value, law, (int)braces, "}}}");
    assert_non_null(mkdtemp(path));
    write_in(path, "laws.yaml", text, named);
    const enum mca_status status = mca_component_library_load(&library, named, &error);
    if (status == MCA_OK) {
        mca_component_library_deinit(&library);
    } else if (!strstr(error.message, "cannot follow the law")) {
        fail_msg("%s: %s", text, error.message);
    }
    assert_int_equal(unlink(named), 0);
    assert_int_equal(rmdir(path), 0);
    return status == MCA_OK;
}

static void check(const char *before, const char *value, const char *laws) {
    for (size_t i = 0; i < sizeof LAWS / sizeof LAWS[0]; ++i) {
        const int wanted = strchr(laws, LAWS[i].letter) != NULL;
        if (loads(before, value, LAWS[i].keys) != wanted) {
            fail_msg("%s...}} may%s have %s", before, wanted ? "" : " not", LAWS[i].keys);
        }
    }
}

static void test_library_laws_of_energies(void **state) {
    (void)state;
    assert_int_equal(sizeof ENTRIES / sizeof ENTRIES[0], MCA_ENTRY_COUNT);
    for (size_t i = 0; i < sizeof ENTRIES / sizeof ENTRIES[0]; ++i) {
        char before[96];
        (void)snprintf(before, sizeof before, "energy: {%s: {", ENTRIES[i].name);
        check(before, "energy_pj: 1", ENTRIES[i].laws);
    }
}

static void test_library_laws_of_blocks(void **state) {
    (void)state;
    assert_int_equal(sizeof PARTS / sizeof PARTS[0], MCA_PART_COUNT);
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; ++i) {
        char before[96];
        (void)snprintf(before, sizeof before, "blocks: {%s: {static: {", PARTS[i].name);
        check(before, "power_nw: 1", PARTS[i].laws);
        (void)snprintf(before, sizeof before, "blocks: {%s: {area: {", PARTS[i].name);
        check(before, "area_um2: 1", strcmp(PARTS[i].laws, "k") == 0 ? "" : PARTS[i].laws);
    }
}

static void test_library_laws_of_access_time(void **state) {
    (void)state;
    check("timing: {sram_access: {", "time_ns: 1", "c");
}

/* A converter's power and area follow the conversions of their own kind. */
static void test_library_laws_conversions_are_of_the_converter(void **state) {
    (void)state;
    struct mca_component_library library = loaded("mca-14nm");
    static const struct {
        enum mca_part part;
        enum mca_entry entry;
    } rows[] = {{MCA_PART_ADC_CCO, MCA_ENTRY_ADC_CCO}, {MCA_PART_ADC_SAR, MCA_ENTRY_ADC_SAR}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        for (uint32_t k = 0; k < 2; ++k) {
            const uint32_t figure = mca_figure_static(rows[i].part) + k;
            assert_int_equal(library.figures[figure].law, MCA_LAW_CONVERSION);
            assert_int_equal(mca_figure_follows(&library, figure), rows[i].entry);
        }
    }
    assert_int_equal(mca_figure_follows(&library, mca_figure_static(MCA_PART_SRAM_BIT)),
                     MCA_ENTRY_COUNT);
    assert_int_equal(mca_figure_follows(&library, MCA_ENTRY_ADC_SAR), MCA_ENTRY_COUNT);
    mca_component_library_deinit(&library);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_library_laws_of_energies),
        cmocka_unit_test(test_library_laws_of_blocks),
        cmocka_unit_test(test_library_laws_of_access_time),
        cmocka_unit_test(test_library_laws_conversions_are_of_the_converter),
    };
    return cmocka_run_group_tests(tests, forget_components_dir, NULL);
}
