/* The numbers of imported weights: the input stands in an array of a saved chip, behind its header.
 * What is accepted is within 1e9 uS and has a chip that trains. */
#include "fuzz/fuzz.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>

#include "chip/chip.h"
#include "mca_fixture.h"
#include "train/weights_io.h"

enum { PIXELS = 6, OUTPUTS = 3, HEADER = 128, NUMBERS = (PIXELS + 1) * OUTPUTS };

static const struct mca_u32_list WIDTHS = {2, {PIXELS, OUTPUTS}};

static void check_accepted(struct mca_chip *chip, const double *numbers, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        FUZZ_CHECK(fabs(numbers[i]) <= 1e9);
    }
    for (uint32_t i = 0; i < 3; ++i) {
        uint8_t pixels[PIXELS];
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(PIXELS, OUTPUTS, i, pixels);
        FUZZ_CHECK(mca_chip_train_image(chip, pixels, label, &outcome, NULL) == MCA_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char dir[] = "/tmp/fuzz_weights.XXXXXX";
    char weights[64];
    char chi[64];
    double numbers[NUMBERS] = {0};
    struct mca_error error = {""};
    struct mca_chip *chip;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.device.model = MCA_DEVICE_IDEAL;
    FUZZ_CHECK(mca_chip_create(&chip, &config, &error) == MCA_OK);
    mca_chip_set_rate(chip, 0.3, 1);
    FUZZ_CHECK(mkdtemp(dir) && mca_weights_save(chip, dir, &error) == MCA_OK);
    (void)snprintf(weights, sizeof weights, "%s/layer0_weight_us.npy", dir);
    (void)snprintf(chi, sizeof chi, "%s/layer0_chi.npy", dir);
    const size_t used = size < sizeof numbers ? size - size % sizeof *numbers : sizeof numbers;
    memcpy(numbers, data, used);
    const int fd = open(weights, O_WRONLY | O_CLOEXEC);
    FUZZ_CHECK(fd >= 0 && pwrite(fd, numbers, used, HEADER) == (ssize_t)used && close(fd) == 0);
    if (mca_weights_load(chip, dir, &error) == MCA_OK) {
        check_accepted(chip, numbers, used / sizeof *numbers);
    } else {
        FUZZ_CHECK(strstr(error.message, "layer0_weight_us.npy") && !strchr(error.message, '\n'));
    }
    mca_chip_destroy(chip);
    FUZZ_CHECK(unlink(weights) == 0 && unlink(chi) == 0 && rmdir(dir) == 0);
    return 0;
}
