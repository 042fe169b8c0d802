/* Component libraries: the reference library loads whole; bad files are refused with file and line.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cost/component_library.h"

#define REFERENCE MCA_TEST_SOURCE_DIR "/scenarios/components/mca-14nm.yaml"

static int close_to(double a, double b) {
    return fabs(a - b) <= 1e-12 * fabs(b);
}

/* A temporary file, named by its template, with these bytes. */
static void write_file(char *path, const char *bytes, size_t size) {
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(close(fd), 0);
}

static char *read_reference(void) {
    FILE *file = fopen(REFERENCE, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 17);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 17) - 1, file) > 1000);
    assert_int_equal(fclose(file), 0);
    return text;
}

static unsigned line_of(const char *text, const char *where) {
    unsigned line = 1;
    for (const char *c = text; c < where; ++c) {
        line += *c == '\n';
    }
    return line;
}

/* Loads the reference library with the first `old` after `anchor` replaced, and expects a refusal
 * that names the line `shift` below the replaced text and holds `expected`. */
static void refuse_replaced(const char *anchor, const char *old, const char *new, int shift,
                            const char *expected) {
    char *text = read_reference();
    const char *from = strstr(text, anchor);
    assert_non_null(from);
    char *at = strstr(from, old);
    assert_non_null(at);
    char *changed = calloc(1, 1 << 18);
    assert_non_null(changed);
    (void)snprintf(changed, 1 << 18, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    char path[] = "/tmp/mca-library-XXXXXX";
    write_file(path, changed, strlen(changed));
    struct mca_component_library library;
    struct mca_error error = {""};
    assert_int_equal(mca_component_library_load(&library, path, &error), MCA_INVALID);
    char place[64];
    (void)snprintf(place, sizeof place, "%s:%d: ", path, (int)line_of(text, at) + shift);
    if (strncmp(error.message, place, strlen(place)) != 0 || !strstr(error.message, expected)) {
        fail_msg("\"%s\" should begin with \"%s\" and hold \"%s\"", error.message, place, expected);
    }
    unlink(path);
    free(changed);
    free(text);
}

static void test_component_library_loads_reference(void **state) {
    (void)state;
    struct mca_component_library library;
    struct mca_error error = {""};
    if (mca_component_library_load(&library, REFERENCE, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(library.name, "mca-14nm");
    assert_string_equal(library.path, REFERENCE);
    assert_true(close_to(library.energy_j[MCA_COMPONENT_ADC_CONVERSION].value, 40.1e-12));
    assert_true(close_to(library.energy_j[MCA_COMPONENT_CHI_READ].value, 43.9e-15));
    assert_true(close_to(library.blocks[MCA_BLOCK_CHI_BIT].static_w.value, 4.27e-9));
    assert_true(close_to(library.blocks[MCA_BLOCK_ADC].area_um2.value, 1650.0));
    assert_true(isnan(library.energy_j[MCA_COMPONENT_PCM_READ].voltage_v));
    assert_true(library.energy_j[MCA_COMPONENT_PCM_SET].kind == MCA_FIGURE_ASSUMPTION);
    assert_string_equal(library.blocks[MCA_BLOCK_TILE_CONTROL].static_w.note, "");
    assert_true(library.hash != 0);
    mca_component_library_deinit(&library);
}

/* The notes' arithmetic, done again: 14 nm figures follow from the sources' figures. */
static void test_component_library_derivations_hold(void **state) {
    (void)state;
    struct mca_component_library library;
    assert_int_equal(mca_component_library_load(&library, REFERENCE, NULL), MCA_OK);
    const struct {
        double value;
        double derived;
    } checks[] = {
        {library.energy_j[MCA_COMPONENT_CHI_READ].value, 24.9e-12 / 64 * 0.14 / 1.24},
        {library.energy_j[MCA_COMPONENT_CHI_WRITE].value, 23.8e-12 / 64 * 0.14 / 1.24},
        {library.energy_j[MCA_COMPONENT_BUFFER_READ].value,
         24.9e-12 / 64 * 0.14 / 1.24 * pow(8, -0.78)},
        {library.energy_j[MCA_COMPONENT_DAC_DRIVE].value,
         37.5e-15 * 0.14 / 1.24 + 417e-15 * 0.14 / 0.66},
        {library.energy_j[MCA_COMPONENT_PCM_READ].value, 0.2 * 0.2 * 3e-6 * 70e-9},
        {library.energy_j[MCA_COMPONENT_ADC_CONVERSION].value,
         131072 / 10.5e12 / 256 - 1024 * 8.4e-15 - 92.7e-15},
        {library.energy_j[MCA_COMPONENT_DPU_SIGMOID].value, 0.26e-12 * 0.14 / 0.66},
        {library.energy_j[MCA_COMPONENT_DPU_RANDOM].value, 32 * 9e-15 * 0.1616},
        {library.energy_j[MCA_COMPONENT_PCM_SET].value, 90e-6 * 50e-9 * 1.2},
        {library.energy_j[MCA_COMPONENT_PCM_RESET].value, 300e-6 * 40e-9 * 1.5},
        {library.baseline_j[MCA_BASELINE_FP32_MULTIPLY].value, 3.7e-12 * 0.14},
        {library.baseline_j[MCA_BASELINE_FP32_ADD].value, 0.9e-12 * 0.14},
        {library.baseline_j[MCA_BASELINE_INT8_MULTIPLY].value, 0.2e-12 * 0.14},
        {library.blocks[MCA_BLOCK_CHI_BIT].static_w.value, 0.33e-3 / 16384 * 0.14 / 0.66},
        {library.blocks[MCA_BLOCK_CHI_BIT].area_um2.value, 3900.0 / 16384 * 0.17 / 0.46},
        {library.blocks[MCA_BLOCK_DPU_LANE].static_w.value, 200 * 9e-15 * 0.1616 * 1e9},
        {library.blocks[MCA_BLOCK_DPU_LANE].area_um2.value, (6350 / 4.0 + 278 + 1200) * 0.2223},
        {library.blocks[MCA_BLOCK_PCM_DEVICE].area_um2.value,
         0.8 * (1.008e6 / 1.59 - 256 * (1650 + 26.9)) / 262144},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; ++i) {
        if (fabs(checks[i].value / checks[i].derived - 1.0) > 0.005) {
            fail_msg("check %zu: %g in the library, %g derived", i, checks[i].value,
                     checks[i].derived);
        }
    }
    mca_component_library_deinit(&library);
}

static void test_component_library_refuses_bad_figures(void **state) {
    (void)state;
    const char *adc = "  adc_conversion:";
    refuse_replaced(adc, "energy_pj: 40.1", "energy_pj: -1", 0,
                    "energy.adc_conversion.energy_pj: -1 is out of range; allowed: 0 ..");
    refuse_replaced(adc, "40.1", "nan", 0, "energy.adc_conversion.energy_pj: nan is out of range");
    refuse_replaced(adc, "40.1", "1e999", 0, "out of range");
    refuse_replaced(adc, "40.1", "2e12", 0, "out of range"); /* two joules */
    refuse_replaced(adc, "40.1", "40.1 pJ", 0, "\"40.1 pJ\" is no number");
    refuse_replaced(adc, "energy_pj", "energy", 0,
                    "energy.adc_conversion.energy: a value needs its unit; allowed: energy_j,");
    refuse_replaced(adc, "energy_pj", "power_w", 0, "unknown key; allowed: energy_j");
    refuse_replaced(adc, "node_nm: 14", "energy_fj: 4", 0, "a second value");
    refuse_replaced(adc, "node_nm: 14", "node: 14", 0, "energy.adc_conversion.node: unknown key");
    refuse_replaced(adc, "uncertainty: 2", "uncertainty: 0.5", 0, "allowed: 1 .. 1000");
    refuse_replaced(adc, "kind: derived", "kind: guess", 0,
                    "\"guess\" is unknown; allowed: measured, published, derived, assumption");
    refuse_replaced(adc, "source: *hermes", "source: \"\"", 0, "a text is needed");
}

static void test_component_library_refuses_missing_and_unknown_entries(void **state) {
    (void)state;
    const char *adc = "  adc_conversion:";
    refuse_replaced(adc, "    uncertainty: 2\n", "", -3,
                    "energy.adc_conversion: uncertainty is missing");
    refuse_replaced(adc, "    source: *hermes\n", "", -5, "source is missing");
    refuse_replaced(adc, "    energy_pj: 40.1\n", "", 0, "one of energy_j, energy_nj");
    refuse_replaced(adc, "adc_conversion", "adc_conversions", 0,
                    "energy.adc_conversions: unknown entry");
    refuse_replaced("blocks:", "  sigmoid_unit:", "  dac:", 0, "blocks.dac: the key stands twice");
    refuse_replaced("blocks:", "    static:", "    statics:", 0,
                    "unknown key; allowed: static, area");
    refuse_replaced("name: mca", "name:", "nam:", 0, "nam: unknown key; allowed: name, about");
    refuse_replaced("\nbaseline:", "baseline:", "baselines:", 0, "baselines: unknown key");
    refuse_replaced("  int8_multiply:", "  int8_multiply:", "  fp32_add:", 0, "stands twice");
}

static void test_component_library_refuses_what_is_no_library(void **state) {
    (void)state;
    const struct {
        const char *bytes;
        const char *expected;
    } files[] = {
        {"", ":1: the file holds no component library"},
        {"- 1\n", ":1: component library: a mapping (key: value) is needed"},
        {"name: x\n\tabout: y\n", ":2: not YAML: "},
        {"name: x\n", ":1: about is missing"},
        {"name: x\nabout: y\n", ":1: section energy is missing"},
        {"name: x\nabout: y\nenergy: 3\n", ":3: energy: a mapping"},
        {"name: x\nabout: y\nenergy:\n  chi_read: {}\n", ":4: energy.image_load is missing"},
        {"? [a]\n: 1\n", ":1: top level: a key must be plain text"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) {
        char path[] = "/tmp/mca-library-XXXXXX";
        struct mca_component_library library;
        struct mca_error error = {""};
        write_file(path, files[i].bytes, strlen(files[i].bytes));
        assert_int_equal(mca_component_library_load(&library, path, &error), MCA_INVALID);
        if (strncmp(error.message, path, strlen(path)) != 0 ||
            !strstr(error.message, files[i].expected)) {
            fail_msg("\"%s\" lacks \"%s\"", error.message, files[i].expected);
        }
        unlink(path);
    }
}

static void test_component_library_looks_names_up(void **state) {
    (void)state;
    struct mca_component_library library;
    struct mca_error error = {""};
    assert_int_equal(unsetenv("MCA_COMPONENTS_DIR"), 0);
    assert_int_equal(mca_component_library_load(&library, "mca-14nm", &error), MCA_OK);
    mca_component_library_deinit(&library);
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
    (void)snprintf(path, sizeof path, "%s/mca-14nm.yaml", dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("name: mine\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(setenv("MCA_COMPONENTS_DIR", dir, 1), 0);
    assert_int_equal(mca_component_library_load(&library, "mca-14nm", &error), MCA_INVALID);
    assert_int_equal(strncmp(error.message, path, strlen(path)), 0);
    assert_int_equal(unsetenv("MCA_COMPONENTS_DIR"), 0);
    unlink(path);
    rmdir(dir);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_component_library_loads_reference),
        cmocka_unit_test(test_component_library_derivations_hold),
        cmocka_unit_test(test_component_library_refuses_bad_figures),
        cmocka_unit_test(test_component_library_refuses_missing_and_unknown_entries),
        cmocka_unit_test(test_component_library_refuses_what_is_no_library),
        cmocka_unit_test(test_component_library_looks_names_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
