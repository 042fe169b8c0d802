/* A chip that trains on images of the small learnable data set (mca_fixture.h). */
#ifndef MCA_TESTS_CHIP_TRAINED_CHIP_H
#define MCA_TESTS_CHIP_TRAINED_CHIP_H

#include "chip/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { TRAINED_CHIP_INPUTS_MAX = 512 };

static inline struct mca_chip *chip_to_train(const struct mca_chip_config *config, double rate,
                                             uint32_t batch) {
    struct mca_error error;
    struct mca_chip *chip;
    assert_int_equal(mca_chip_create(&chip, config, &error), MCA_OK);
    mca_chip_set_rate(chip, rate, batch);
    return chip;
}

/* Images number `first` .. first + images - 1, of the chip's inputs and outputs. */
static inline void train_images(struct mca_chip *chip, uint32_t inputs, uint32_t classes,
                                uint32_t first, uint32_t images) {
    assert_in_range(inputs, 1, TRAINED_CHIP_INPUTS_MAX);
    for (uint32_t i = first; i < first + images; ++i) {
        uint8_t pixels[TRAINED_CHIP_INPUTS_MAX];
        struct mca_image_outcome outcome;
        struct mca_error error;
        const uint32_t label = mca_fixture_image(inputs, classes, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
    }
}

/* The devices of all layers conduct the same, to the bit. */
static inline void assert_same_devices(const struct mca_chip *a, const struct mca_chip *b) {
    for (uint32_t l = 0; l < a->layer_count; ++l) {
        const struct mca_matrix *x = &a->layers[l].matrix;
        const struct mca_matrix *y = &b->layers[l].matrix;
        for (int side = 0; side < 2; ++side) {
            assert_memory_equal(x->g[side], y->g[side],
                                (size_t)x->rows * x->stride * sizeof *x->g[side]);
        }
    }
}

#endif
