/*
 * Imported weights. The first byte of the input chooses a chip with pulsed or continuous devices,
 * one array of it, and whether the rest stands behind the header of that array or over the whole
 * file. What is accepted has cells that such a chip can hold, and the chip trains; what is refused
 * is told by the file's name, and a cell by row and column.
 */
#include "fuzz/fuzz.h"

#include <fcntl.h>
#include <string.h>

#include "chip/chip.h"
#include "mca_fixture.h"
#include "train/weights_io.h"

enum { PIXELS = 6, OUTPUTS = 3, HEADER = 128, CELLS = (PIXELS + 1) * OUTPUTS, PATH_SIZE = 96 };

static const struct mca_u32_list WIDTHS = {2, {PIXELS, OUTPUTS}};

struct array {
    const char *name;
    char kind; /* 'u', 'i' or 'f' */
    size_t size;
    double least;
    double most;
};

static const struct array PULSED[] = {
    {"g_plus", 'u', 2, 0.0, 32767.0},     {"g_minus", 'u', 2, 0.0, 32767.0},
    {"pulses_plus", 'u', 1, 0.0, 255.0},  {"pulses_minus", 'u', 1, 0.0, 255.0},
    {"writes_plus", 'u', 4, 0.0, 0x1p31}, {"writes_minus", 'u', 4, 0.0, 0x1p31},
    {"chi", 'i', 4, -32767.0, 32767.0},
};
static const struct array CONTINUOUS[] = {
    {"weight_us", 'f', 8, -1e9, 1e9},
    {"chi", 'i', 4, -32767.0, 32767.0},
};
static const struct array REAL[] = {
    {"weight_us", 'f', 8, -1e9, 1e9},
    {"chi", 'f', 8, -1e9, 1e9},
};

static const struct {
    const struct array *arrays;
    size_t count;
} CHIPS[] = {{PULSED, sizeof PULSED / sizeof *PULSED},
             {CONTINUOUS, sizeof CONTINUOUS / sizeof *CONTINUOUS},
             {REAL, sizeof REAL / sizeof *REAL}};

static struct mca_chip *create(size_t kind) {
    struct mca_chip *chip;
    struct mca_error error;
    struct mca_chip_config config =
        kind == 2 ? mca_fixture_float(&WIDTHS) : mca_fixture_chip(&WIDTHS);
    if (kind == 1) {
        config.device.model = MCA_DEVICE_IDEAL;
    }
    if (kind == 2) {
        config.transfer.epsilon_us = 0.77; /* with chi */
    }
    FUZZ_CHECK(mca_chip_create(&chip, &config, &error) == MCA_OK);
    mca_chip_set_rate(chip, 0.3, 1);
    return chip;
}

static double cell_at(const struct array *array, const unsigned char *bytes) {
    uint64_t whole = 0;
    int32_t word = 0;
    double real = 0;
    memcpy(&whole, bytes, array->size); /* little endian */
    memcpy(&word, bytes, sizeof word < array->size ? sizeof word : array->size);
    memcpy(&real, bytes, array->size);
    return array->kind == 'u' ? (double)whole : array->kind == 'i' ? (double)word : real;
}

/* Type and shape are those that the chip wrote. */
static void check_header(const char wrote[HEADER], int fd) {
    char header[HEADER];
    const char *end = memchr(wrote, '}', HEADER);
    FUZZ_CHECK(end && pread(fd, header, HEADER, 0) == HEADER);
    FUZZ_CHECK(memcmp(header, wrote, (size_t)(end - wrote)) == 0);
}

/* The cells of the file, and whether the chip that took them trains. */
static void check_accepted(struct mca_chip *chip, const struct array *array, int fd) {
    unsigned char cells[CELLS * 8];
    const size_t size = CELLS * array->size;
    FUZZ_CHECK(pread(fd, cells, size, HEADER) == (ssize_t)size);
    for (size_t i = 0; i < CELLS; ++i) {
        const double cell = cell_at(array, cells + i * array->size);
        FUZZ_CHECK(cell >= array->least && cell <= array->most);
    }
    for (uint32_t i = 0; i < 3; ++i) {
        uint8_t pixels[PIXELS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(PIXELS, OUTPUTS, i, pixels);
        FUZZ_CHECK(mca_chip_train_image(chip, pixels, label, &outcome, NULL) == MCA_OK);
        fuzz_answer("%u, error %.17g", outcome.predicted, outcome.loss);
    }
}

static void path_of(char path[PATH_SIZE], const char *dir, const struct array *array) {
    (void)snprintf(path, PATH_SIZE, "%s/layer0_%s.npy", dir, array->name);
}

static void check_refused(const struct mca_error *error, const char *path) {
    FUZZ_CHECK(strncmp(error->message, path, strlen(path)) == 0);
    fuzz_refused(error, path);
    if (strstr(error->message, "out of range")) {
        FUZZ_CHECK(strstr(error->message, ": row ") && strstr(error->message, ", column "));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const unsigned choice = size > 0 ? data[0] : 0;
    const size_t kind = choice % 3;
    const struct array *array = &CHIPS[kind].arrays[choice / 3 % CHIPS[kind].count];
    const int over_header = choice >= 128;
    const size_t room = over_header ? size : CELLS * array->size;
    const size_t rest = size > 0 ? size - 1 : 0;
    const size_t used = rest < room ? rest : room;
    char dir[] = "/tmp/fuzz_weights.XXXXXX";
    char path[PATH_SIZE];
    char header[HEADER];
    struct mca_error error = {""};
    struct mca_chip *chip = create(kind);
    FUZZ_CHECK(mkdtemp(dir) && mca_weights_save(chip, dir, &error) == MCA_OK);
    path_of(path, dir, array);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    FUZZ_CHECK(fd >= 0 && pread(fd, header, HEADER, 0) == HEADER);
    FUZZ_CHECK(used == 0 || pwrite(fd, data + 1, used, over_header ? 0 : HEADER) == (ssize_t)used);
    if (mca_weights_load(chip, dir, &error) == MCA_OK) {
        check_header(header, fd);
        check_accepted(chip, array, fd);
    } else {
        check_refused(&error, path);
    }
    mca_chip_destroy(chip);
    FUZZ_CHECK(close(fd) == 0);
    for (size_t i = 0; i < CHIPS[kind].count; ++i) {
        path_of(path, dir, &CHIPS[kind].arrays[i]);
        FUZZ_CHECK(unlink(path) == 0);
    }
    FUZZ_CHECK(rmdir(dir) == 0);
    return 0;
}
