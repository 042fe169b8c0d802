/* Weights that were saved are loaded; a cell that no chip could hold is refused by file, row and
 * column. */
#include "mca_fixture.h"
#include "mca_test.h"

#include <math.h>
#include <unistd.h>

#include "base/mathx.h"
#include "base/npy.h"
#include "base/rng.h"
#include "chip/chip.h"
#include "chip/snapshot.h"
#include "chip/view.h"
#include "train/weights_io.h"

enum { INPUTS = 6, OUTPUTS = 3 };

static const struct mca_u32_list WIDTHS = {2, {INPUTS, OUTPUTS}};

/* A file of one layer, and what its cells may hold. */
struct array {
    const char *name;
    const char *type;
    size_t size;
    double least;
    double most;
};

static void put_cell(const struct array *array, unsigned char *cell, double value) {
    const int64_t whole = array->type[1] == 'f' ? 0 : (int64_t)value;
    if (array->type[1] == 'f') {
        memcpy(cell, &value, sizeof value);
    } else {
        memcpy(cell, &whole, array->size); /* little endian */
    }
}

static struct mca_chip *chip_of(const struct mca_chip_config *config) {
    struct mca_chip *chip;
    struct mca_error error;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    return chip;
}

static enum mca_status load(const struct mca_chip_config *config, const char *dir,
                            struct mca_error *error) {
    struct mca_chip *chip = chip_of(config);
    const enum mca_status status = mca_weights_load(chip, dir, error);
    mca_chip_destroy(chip);
    return status;
}

/* Plants `value` in the last cell but one, and sees it taken or refused. */
static void plant(const struct mca_chip_config *config, const char *dir, const struct array *array,
                  double value, int is_taken) {
    unsigned char saved[(INPUTS + 1) * OUTPUTS * 8];
    unsigned char planted[sizeof saved];
    char path[128];
    char wanted[160];
    struct mca_error error;
    const struct mca_npy shape = {array->type, array->size, INPUTS + 1, OUTPUTS};
    (void)snprintf(path, sizeof path, "%s/layer0_%s.npy", dir, array->name);
    assert_int_equal(mca_npy_read(path, &shape, saved, OUTPUTS, &error), MCA_OK);
    memcpy(planted, saved, sizeof saved);
    put_cell(array, planted + (INPUTS * OUTPUTS + 1) * array->size, value);
    assert_int_equal(mca_npy_write(path, &shape, planted, OUTPUTS, &error), MCA_OK);
    assert_int_equal(load(config, dir, &error), is_taken ? MCA_OK : MCA_INVALID);
    if (!is_taken) {
        (void)snprintf(wanted, sizeof wanted, "%s: row %d, column 1: ", path, INPUTS);
        assert_memory_equal(error.message, wanted, strlen(wanted));
        assert_non_null(strstr(error.message, "is out of range"));
    }
    assert_int_equal(mca_npy_write(path, &shape, saved, OUTPUTS, &error), MCA_OK);
    assert_int_equal(load(config, dir, &error), MCA_OK);
}

static void try_limits(const struct mca_chip_config *config, const struct array *arrays,
                       size_t count) {
    char dir[] = "/tmp/mca-weights-XXXXXX";
    struct mca_error error;
    assert_non_null(mkdtemp(dir));
    struct mca_chip *chip = chip_of(config);
    assert_int_equal(mca_weights_save(chip, dir, &error), MCA_OK);
    mca_chip_destroy(chip);
    for (size_t a = 0; a < count; ++a) {
        const struct array *array = &arrays[a];
        const int is_signed = array->type[1] != 'u';
        plant(config, dir, array, array->least, 1);
        plant(config, dir, array, array->most, 1);
        if (array->type[1] == 'f') {
            plant(config, dir, array, nextafter(array->most, (double)INFINITY), 0);
            plant(config, dir, array, (double)NAN, 0);
            plant(config, dir, array, (double)INFINITY, 0);
            plant(config, dir, array, -(double)INFINITY, 0);
        } else if (array->most < mca_exp2i((int)(8 * array->size) - is_signed) - 1.0) {
            plant(config, dir, array, array->most + 1.0, 0);
        }
        if (is_signed) {
            plant(config, dir, array, array->least - (array->type[1] == 'f' ? 1e-3 : 1.0), 0);
        }
        char path[128];
        (void)snprintf(path, sizeof path, "%s/layer0_%s.npy", dir, array->name);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(load(config, dir, &error), MCA_SYSTEM);
        chip = chip_of(config); /* all files again for the next */
        assert_int_equal(mca_weights_save(chip, dir, &error), MCA_OK);
        mca_chip_destroy(chip);
    }
    for (size_t a = 0; a < count; ++a) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/layer0_%s.npy", dir, arrays[a].name);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(dir), 0); /* no file but these */
}

enum { CELLS = (INPUTS + 1) * OUTPUTS, ARRAYS_MAX = 11 };

/* Random cells within the limits, written without the module. */
static void write_cells(const struct array *array, uint64_t number, const char *path,
                        unsigned char *cells) {
    const struct mca_rng rng = mca_rng_stream(3, MCA_RNG_SYNTHETIC);
    const struct mca_npy shape = {array->type, array->size, INPUTS + 1, OUTPUTS};
    struct mca_error error;
    for (uint32_t i = 0; i < CELLS; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, number, i, 0, words);
        const double u = words[0] / 4294967296.0;
        put_cell(array, cells + i * array->size,
                 floor(array->least + (array->most - array->least) * u));
    }
    assert_int_equal(mca_npy_write(path, &shape, cells, OUTPUTS, &error), MCA_OK);
}

/* That the matrix holds what `cells` say, an array each. */
static void assert_weights(const struct mca_matrix *x, unsigned char cells[][CELLS * 8]) {
    for (uint32_t i = 0; i < CELLS; ++i) {
        double weight_us;
        uint16_t plus;
        uint16_t minus;
        memcpy(&weight_us, cells[0] + i * sizeof weight_us, sizeof weight_us);
        memcpy(&plus, cells[0] + i * sizeof plus, sizeof plus);
        memcpy(&minus, cells[1] + i * sizeof minus, sizeof minus);
        assert_near(mca_matrix_weight_us(x, i / OUTPUTS, i % OUTPUTS),
                    x->continuous_us ? weight_us : (plus - minus) / 2048.0, 0.0);
    }
}

/* A chip that loads holds each cell, the first row and the last column too, whatever it held
 * before, and saves the same. */
static void try_all_cells(const struct mca_chip_config *config, const struct array *arrays,
                          size_t count) {
    unsigned char wanted[ARRAYS_MAX][CELLS * 8] = {{0}};
    unsigned char saved[CELLS * 8];
    char dir[] = "/tmp/mca-weights-XXXXXX";
    char path[ARRAYS_MAX][128];
    struct mca_error error;
    assert_non_null(mkdtemp(dir));
    for (size_t a = 0; a < count; ++a) {
        (void)snprintf(path[a], sizeof path[a], "%s/layer0_%s.npy", dir, arrays[a].name);
        write_cells(&arrays[a], a, path[a], wanted[a]);
    }
    struct mca_chip *chip = chip_of(config);
    assert_int_equal(mca_weights_load(chip, dir, &error), MCA_OK);
    assert_int_equal(mca_weights_save(chip, dir, &error), MCA_OK);
    assert_weights(mca_chip_layer(chip, 0).matrix, wanted);
    mca_chip_destroy(chip);
    for (size_t a = 0; a < count; ++a) {
        const struct mca_npy shape = {arrays[a].type, arrays[a].size, INPUTS + 1, OUTPUTS};
        assert_int_equal(mca_npy_read(path[a], &shape, saved, OUTPUTS, &error), MCA_OK);
        assert_memory_equal(saved, wanted[a], CELLS * arrays[a].size);
        assert_int_equal(unlink(path[a]), 0);
    }
    assert_int_equal(rmdir(dir), 0);
}

static void test_weights_io_of_pulsed_devices(void **state) {
    (void)state;
    static const struct array arrays[] = {
        {"g_plus", "<u2", 2, 0.0, 32767.0},           {"g_minus", "<u2", 2, 0.0, 32767.0},
        {"pulses_plus", "|u1", 1, 0.0, 255.0},        {"pulses_minus", "|u1", 1, 0.0, 255.0},
        {"writes_plus", "<u4", 4, 0.0, 2147483648.0}, {"writes_minus", "<u4", 4, 0.0, 2147483648.0},
        {"chi", "<i4", 4, -2047.0, 2047.0},
    };
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.chi.bits = 12;
    config.chi.frac_bits = 9;
    try_limits(&config, arrays, sizeof arrays / sizeof arrays[0]);
    try_all_cells(&config, arrays, sizeof arrays / sizeof arrays[0]);
}

/* The files of devices that drift are all there or none: a chip that did not drift saved none. */
static void test_weights_io_of_lost_times(void **state) {
    (void)state;
    static const char *const names[] = {"programmed_plus", "programmed_minus", "age_ps_plus",
                                        "age_ps_minus"};
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    char dir[] = "/tmp/mca-weights-XXXXXX";
    char path[128];
    struct mca_error error;
    config.device.drift_in_training = 1;
    assert_non_null(mkdtemp(dir));
    for (int kept = -1; kept < 4; ++kept) {
        struct mca_chip *chip = chip_of(&config);
        assert_int_equal(mca_weights_save(chip, dir, &error), MCA_OK);
        mca_chip_destroy(chip);
        for (int i = 0; i < 4; ++i) {
            (void)snprintf(path, sizeof path, "%s/layer0_%s.npy", dir, names[i]);
            assert_int_equal(i == kept ? 0 : unlink(path), 0);
        }
        assert_int_equal(load(&config, dir, &error), kept < 0 ? MCA_OK : MCA_SYSTEM);
    }
    (void)snprintf(path, sizeof path, "rm -r %s", dir);
    assert_int_equal(system(path), 0);
}

/* What devices were programmed to, and so long ago: 2^61 ps at most. */
static void test_weights_io_of_devices_that_drift(void **state) {
    (void)state;
    static const struct array arrays[] = {
        {"g_plus", "<u2", 2, 0.0, 32767.0},
        {"g_minus", "<u2", 2, 0.0, 32767.0},
        {"pulses_plus", "|u1", 1, 0.0, 255.0},
        {"pulses_minus", "|u1", 1, 0.0, 255.0},
        {"writes_plus", "<u4", 4, 0.0, 2147483648.0},
        {"writes_minus", "<u4", 4, 0.0, 2147483648.0},
        {"programmed_plus", "<u2", 2, 0.0, 32767.0},
        {"programmed_minus", "<u2", 2, 0.0, 32767.0},
        {"age_ps_plus", "<f8", 8, 0.0, 2305843009213693952.0},
        {"age_ps_minus", "<f8", 8, 0.0, 2305843009213693952.0},
        {"chi", "<i4", 4, -32767.0, 32767.0},
    };
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.device.drift_in_training = 1;
    try_limits(&config, arrays, sizeof arrays / sizeof arrays[0]);
    try_all_cells(&config, arrays, sizeof arrays / sizeof arrays[0]);
}

static void test_weights_io_of_continuous_devices(void **state) {
    (void)state;
    static const struct array arrays[] = {
        {"weight_us", "<f8", 8, -1e9, 1e9},
        {"chi", "<f8", 8, -1e9, 1e9},
    };
    const struct mca_chip_config config = mca_fixture_float(&WIDTHS);
    try_limits(&config, arrays, sizeof arrays / sizeof arrays[0]);
    try_all_cells(&config, arrays, sizeof arrays / sizeof arrays[0]);
}

static void test_weights_io_without_chi(void **state) {
    (void)state;
    static const struct array arrays[] = {{"weight_us", "<f8", 8, -1e9, 1e9}};
    struct mca_chip_config config = mca_fixture_float(&WIDTHS);
    config.transfer.epsilon_us = 0.77;
    config.transfer.mode = MCA_TRANSFER_DIRECT;
    try_limits(&config, arrays, 1);
    try_all_cells(&config, arrays, 1);
}

/* The same files whatever the layout of chi, in fixed point and in floating point: words that one
 * layout saved are loaded by the other, each to its own weight. */
static void test_weights_io_of_either_layout(void **state) {
    (void)state;
    static const struct mca_npy shapes[] = {{"<i4", 4, INPUTS + 1, OUTPUTS},
                                            {"<f8", 8, INPUTS + 1, OUTPUTS}};
    for (unsigned from = MCA_LAYOUT_ROWS; from <= MCA_LAYOUT_COLUMNS; ++from) {
        for (unsigned arithmetic = 0; arithmetic < 2; ++arithmetic) {
            struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
            char dir[] = "/tmp/mca-weights-XXXXXX";
            char path[128];
            unsigned char saved[CELLS * 8];
            struct mca_error error;
            config.dpu.arithmetic = arithmetic;
            config.chi.layout = from;
            assert_non_null(mkdtemp(dir));
            struct mca_chip *chip = chip_of(&config);
            for (uint32_t i = 0; i < CELLS; ++i) {
                mca_chip_put_chi(chip, 0, i / OUTPUTS, i % OUTPUTS, (double)i - 7.0);
            }
            assert_int_equal(mca_weights_save(chip, dir, &error), MCA_OK);
            mca_chip_destroy(chip);
            (void)snprintf(path, sizeof path, "%s/layer0_chi.npy", dir);
            assert_int_equal(mca_npy_read(path, &shapes[arithmetic], saved, OUTPUTS, &error),
                             MCA_OK);
            config.chi.layout = MCA_LAYOUT_COLUMNS - from;
            chip = chip_of(&config);
            assert_int_equal(mca_weights_load(chip, dir, &error), MCA_OK);
            const struct mca_chi *chi = mca_chip_layer(chip, 0).chi;
            assert_int_equal(chi->config.layout, MCA_LAYOUT_COLUMNS - from);
            for (uint32_t i = 0; i < CELLS; ++i) {
                const size_t cell = mca_chi_cell(chi, i / OUTPUTS, i % OUTPUTS);
                int32_t whole;
                double real;
                memcpy(&whole, saved + 4 * (size_t)i, sizeof whole);
                memcpy(&real, saved + 8 * (size_t)i, sizeof real);
                assert_near(arithmetic ? real : whole, (double)i - 7.0, 0.0);
                assert_near(chi->real ? chi->real[cell] : mca_chi_word(chi, cell), (double)i - 7.0,
                            0.0);
            }
            mca_chip_destroy(chip);
            (void)snprintf(path, sizeof path, "rm -r %s", dir);
            assert_int_equal(system(path), 0);
        }
    }
}

/* The longest path that a buffer of the module holds is left to the operating system; one more
 * character would name another file. */
static void test_weights_io_of_long_paths(void **state) {
    (void)state;
    enum { LONGEST = 4351 };
    const struct mca_chip_config config = mca_fixture_float(&WIDTHS);
    struct mca_chip *chip = chip_of(&config);
    char dir[LONGEST];
    struct mca_error error;
    const size_t length = LONGEST - strlen("/layer0_weight_us.npy");
    memset(dir, 'd', sizeof dir);
    dir[length] = '\0';
    assert_int_equal(mca_weights_save(chip, dir, &error), MCA_SYSTEM);
    assert_int_equal(mca_weights_load(chip, dir, &error), MCA_SYSTEM);
    dir[length] = 'd';
    dir[length + 1] = '\0';
    assert_int_equal(mca_weights_save(chip, dir, &error), MCA_INVALID);
    assert_non_null(strstr(error.message, "the path is too long"));
    assert_int_equal(mca_weights_load(chip, dir, &error), MCA_INVALID);
    mca_chip_destroy(chip);
}

/* A header is read as long as 245 bytes, with what ends it; a longer one is damaged, whatever it
 * says. */
static void test_weights_io_of_long_headers(void **state) {
    (void)state;
    const struct mca_npy shape = {"<f8", 8, 1, 1};
    char path[] = "/tmp/mca-weights-XXXXXX";
    struct mca_error error;
    double cell;
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    for (int length = 245; length <= 247; ++length) {
        unsigned char bytes[300];
        memset(bytes, 'x', sizeof bytes);
        memcpy(bytes, "\x93NUMPY\1\0", 8);
        bytes[8] = (unsigned char)length;
        bytes[9] = 0;
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(mca_npy_read(path, &shape, &cell, 1, &error), MCA_INVALID);
        assert_non_null(
            strstr(error.message, length < 246 ? ": holds xxx" : ": damaged .npy header"));
    }
    assert_int_equal(unlink(path), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_io_of_pulsed_devices),
        cmocka_unit_test(test_weights_io_of_devices_that_drift),
        cmocka_unit_test(test_weights_io_of_lost_times),
        cmocka_unit_test(test_weights_io_of_long_headers),
        cmocka_unit_test(test_weights_io_of_continuous_devices),
        cmocka_unit_test(test_weights_io_without_chi),
        cmocka_unit_test(test_weights_io_of_either_layout),
        cmocka_unit_test(test_weights_io_of_long_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
