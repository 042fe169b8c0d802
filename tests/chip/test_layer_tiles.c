/*
 * tile_rows, tile_cols of a layer: written out for every layer as the chip's, a chip is the same to
 * the bit; else each layer is built, read and timed as on a chip whose tiles are all of its size.
 */
#include "chip/chip_state.h"
#include "chip/trained_chip.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10, IMAGES = 120 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

struct size {
    uint32_t rows;
    uint32_t cols;
};

static struct mca_chip_config config_of(struct size chip, struct size first, struct size second) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.tile.rows = chip.rows;
    config.tile.cols = chip.cols;
    config.network.layers[0].tile_rows = first.rows;
    config.network.layers[0].tile_cols = first.cols;
    config.network.layers[1].tile_rows = second.rows;
    config.network.layers[1].tile_cols = second.cols;
    config.adc.share = 8;
    config.refresh.every_images = 20;
    config.refresh.high_us = 4.0;
    return config;
}

static struct mca_chip *train(const struct mca_chip_config *config) {
    struct mca_chip *chip = chip_to_train(config, 0.3, 1);
    train_images(chip, INPUTS, CLASSES, 0, IMAGES);
    return chip;
}

static void assert_same_chips(const struct mca_chip *a, const struct mca_chip *b) {
    const struct mca_ledger ledgers[2] = {mca_chip_ledger(a), mca_chip_ledger(b)};
    assert_memory_equal(&ledgers[0], &ledgers[1], sizeof ledgers[0]);
    assert_memory_equal(&a->stats, &b->stats, sizeof a->stats);
    assert_int_equal(mca_chip_time_ps(a), mca_chip_time_ps(b));
    assert_same_devices(a, b);
}

/* 0 stands for the chip's; where each layer has its own, the chip's are nobody's. */
static void test_layer_tiles_of_the_same_size(void **state) {
    (void)state;
    const struct size none = {0, 0};
    const struct size size = {31, 16};
    const struct size other = {256, 3};
    const struct mca_chip_config configs[] = {
        config_of(size, none, none), config_of(size, none, size), config_of(other, size, size),
        config_of((struct size){31, 256}, (struct size){0, 16}, (struct size){0, 16})};
    struct mca_chip *first = train(&configs[0]);
    assert_true(first->stats.refreshed_pairs > 10);
    for (int i = 1; i < 4; ++i) {
        struct mca_chip *chip = train(&configs[i]);
        const struct mca_inventory built[2] = {mca_chip_inventory(&configs[0]),
                                               mca_chip_inventory(&configs[i])};
        assert_memory_equal(&built[0], &built[1], sizeof built[0]);
        assert_same_chips(first, chip);
        mca_chip_destroy(chip);
    }
    mca_chip_destroy(first);
}

static void test_layer_tiles_by_layer(void **state) {
    (void)state;
    const struct size none = {0, 0};
    const struct size large = {61, 40};
    const struct size small = {41, 10};
    const struct mca_chip_config mixed = config_of((struct size){256, 256}, large, small);
    const struct mca_chip_config alone[] = {config_of(large, none, none),
                                            config_of(small, none, none)};
    struct mca_chip *chip = chip_to_train(&mixed, 0.3, 1);
    for (uint32_t l = 0; l < 2; ++l) {
        struct mca_chip *like = chip_to_train(&alone[l], 0.3, 1);
        const struct mca_inventory built[2] = {mca_chip_layer_inventory(&mixed, l),
                                               mca_chip_layer_inventory(&alone[l], l)};
        assert_memory_equal(&built[0], &built[1], sizeof built[0]);
        assert_int_equal(built[0].tiles, 1);
        assert_int_equal(built[0].devices, l ? 2 * 41 * 10 : 2 * 61 * 40);
        const struct mca_placement *place = &chip->layers[l].matrix.place;
        assert_memory_equal(place, &like->layers[l].matrix.place, sizeof *place);
        /* columns in turns of 8 at a converter: two of 10 columns, five of 40 */
        const struct mca_read_time time = mca_read_time_of(&mixed, place, 8, MCA_READ_FORWARD);
        assert_int_equal(time.adc_ps, 8 * 77000);
        mca_chip_destroy(like);
    }
    mca_chip_destroy(chip);
}

/* A converter takes no more turns than a tile has lines, of the layer. */
static void test_layer_tiles_share_converters(void **state) {
    (void)state;
    struct mca_chip_config config =
        config_of((struct size){256, 256}, (struct size){61, 40}, (struct size){41, 10});
    config.adc.share = 64;
    config.dac.share = 64;
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    static const uint32_t rows[] = {61, 41};
    static const uint32_t cols[] = {40, 10};
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_placement *place = &chip->layers[l].matrix.place;
        const struct mca_read_time forward = mca_read_time_of(&config, place, 8, MCA_READ_FORWARD);
        const struct mca_read_time backward =
            mca_read_time_of(&config, place, 8, MCA_READ_BACKWARD);
        assert_int_equal(forward.adc_ps, cols[l] * 77000);
        assert_int_equal(forward.load_ps, rows[l] * 1000);
        assert_int_equal(backward.adc_ps, rows[l] * 77000);
        assert_int_equal(backward.load_ps, cols[l] * 1000);
    }
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layer_tiles_of_the_same_size),
        cmocka_unit_test(test_layer_tiles_by_layer),
        cmocka_unit_test(test_layer_tiles_share_converters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
