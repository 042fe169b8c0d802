/*
 * Reads in blocks and joined updates of a convolution are those of position by position, which is
 * how a chip does them whose conversions and updates a probe listens to: devices, chi, counts,
 * times, losses, to the bit.
 */
#include "chip/chip_state.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { SIDE = 12, IMAGES = 120 };

static void hear_codes(void *user, const struct mca_dpu_codes *codes) {
    (void)codes;
    ++*(uint64_t *)user;
}

static void hear_update(void *user, uint32_t layer, const struct mca_update *update) {
    (void)layer;
    (void)update;
    ++*(uint64_t *)user;
}

/* Filters of each convolution, and what differs from the reference chip. */
struct kind {
    uint32_t filters[2];
    uint32_t padding;
    unsigned activation;
    unsigned drive;
    uint32_t tile_rows;
    uint32_t tile_cols;
    uint32_t batch;
    unsigned transfer;
    double noise;
};

static struct mca_chip_config config_of(const struct kind *kind) {
    const struct mca_u32_list layers = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&layers);
    config.loss = MCA_LOSS_SOFTMAX;
    config.dac.drive = kind->drive;
    config.tile.rows = kind->tile_rows;
    config.tile.cols = kind->tile_cols;
    config.transfer.mode = kind->transfer;
    config.device.read_noise = kind->noise;
    config.refresh.every_images = 10;
    const struct mca_layer_config conv = {.type = MCA_LAYER_CONV2D,
                                          .activation = kind->activation,
                                          .kernel = 3,
                                          .stride = 1,
                                          .padding = kind->padding,
                                          .unit_weight_us = 8.0,
                                          .activation_exponent = 2,
                                          .adc_forward_range = 8.0,
                                          .adc_backward_range = 2.0};
    config.network = (struct mca_network_config){.input = {2, SIDE, SIDE}, .init_gain = 1.0};
    struct mca_layer_config *layer = config.network.layers;
    layer[0] = layer[2] = conv;
    layer[0].units = kind->filters[0];
    layer[2].units = kind->filters[1];
    layer[1] = (struct mca_layer_config){.type = MCA_LAYER_MAX_POOL,
                                         .activation = MCA_ACTIVATION_IDENTITY,
                                         .kernel = 2,
                                         .stride = 2};
    layer[3] = conv;
    layer[3].type = MCA_LAYER_DENSE;
    layer[3].activation = MCA_ACTIVATION_IDENTITY;
    layer[3].units = 10;
    layer[3].kernel = layer[3].stride = layer[3].padding = 0;
    config.network.layer_count = 4;
    return config;
}

static struct mca_chip *trained(const struct kind *kind, struct mca_chip_probe *probe,
                                double *loss) {
    const struct mca_chip_config config = config_of(kind);
    struct mca_chip *chip;
    struct mca_error error;
    uint8_t pixels[2 * SIDE * SIDE];
    if (mca_chip_create(&chip, &config, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    if (probe) {
        mca_chip_attach(chip, probe);
    }
    mca_chip_set_rate(chip, 0.5, kind->batch);
    *loss = 0.0;
    for (uint32_t i = 0; i < IMAGES; ++i) {
        struct mca_image_outcome outcome;
        const uint32_t label = mca_fixture_image(sizeof pixels, 10, i, pixels);
        assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
        *loss += outcome.loss;
    }
    return chip;
}

static void assert_same_layer(const struct mca_layer *a, const struct mca_layer *b) {
    for (int side = 0; side < 2 && a->matrix.rows > 0; ++side) {
        assert_memory_equal(a->matrix.g[side], b->matrix.g[side],
                            a->matrix.cells * sizeof *a->matrix.g[side]);
        assert_memory_equal(a->matrix.writes[side], b->matrix.writes[side],
                            a->matrix.cells * sizeof *a->matrix.writes[side]);
    }
    if (a->matrix.rows > 0) {
        assert_memory_equal(a->chi.state, b->chi.state, a->chi.lanes * sizeof *a->chi.state);
    }
    if (a->chi.narrow) {
        assert_memory_equal(a->chi.narrow, b->chi.narrow,
                            a->chi.rows * a->chi.stride * sizeof *a->chi.narrow);
    }
}

static void compare(const struct kind *kind) {
    uint64_t heard[2] = {0, 0};
    struct mca_chip_probe codes = {.user = &heard[0], .codes = hear_codes};
    struct mca_chip_probe updates = {.user = &heard[1], .update = hear_update};
    double loss[3];
    struct mca_chip *chips[3] = {trained(kind, NULL, &loss[0]), trained(kind, &codes, &loss[1]),
                                 trained(kind, &updates, &loss[2])};
    assert_true(heard[0] > (uint64_t)IMAGES * SIDE * SIDE / 2);
    assert_true(heard[1] > (uint64_t)IMAGES * SIDE * SIDE / 2);
    for (int k = 1; k < 3; ++k) {
        const struct mca_chip *a = chips[0];
        const struct mca_chip *b = chips[k];
        assert_memory_equal(&loss[k], &loss[0], sizeof *loss);
        assert_memory_equal(&a->stats, &b->stats, sizeof a->stats);
        assert_int_equal(a->timeline.frontier.ps, b->timeline.frontier.ps);
        for (uint32_t l = 0; l < a->layer_count; ++l) {
            assert_same_layer(&a->layers[l], &b->layers[l]);
            assert_memory_equal(mca_ledger_part_of(&chips[0]->ledger, l)->counts,
                                mca_ledger_part_of(&chips[k]->ledger, l)->counts,
                                sizeof mca_ledger_part_of(&chips[0]->ledger, l)->counts);
        }
    }
    assert_true(chips[0]->stats.commands > 1000);
    for (int k = 0; k < 3; ++k) {
        mca_chip_destroy(chips[k]);
    }
}

static void test_blocks_are_position_by_position(void **state) {
    (void)state;
    static const struct kind kinds[] = {
        {{16, 32}, 0, MCA_ACTIVATION_RELU, MCA_DRIVE_TWO_PHASE, 256, 256, 1, MCA_TRANSFER_CHI, 1.0},
        {{5, 7}, 1, MCA_ACTIVATION_TANH, MCA_DRIVE_TWO_PHASE, 13, 4, 3, MCA_TRANSFER_CHI, 1.0},
        {{16, 9}, 1, MCA_ACTIVATION_TANH, MCA_DRIVE_BIPOLAR, 256, 256, 1, MCA_TRANSFER_CHI, 0.0},
        {{3, 40},
         0,
         MCA_ACTIVATION_SIGMOID,
         MCA_DRIVE_BIPOLAR,
         20,
         33,
         1,
         MCA_TRANSFER_DIRECT,
         1.0},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        compare(&kinds[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_are_position_by_position),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
