/*
 * chi.layout on a chip: with nearest rounding and one position a layer, the same devices and words
 * after training, with other words and times; what an update counts, by hand; the array that others
 * see; layers whose words always lie by rows.
 */
#include "chip/arrays.h"
#include "chip/chip_state.h"
#include "chip/trained_chip.h"
#include "chip/view.h"
#include "mca_test.h"

enum { INPUTS = 60, HIDDEN = 20, CLASSES = 10, LANES = 16, LAYERS = 2 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

static struct mca_chip_config config_of(unsigned layout) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.dpu.rounding = MCA_ROUND_NEAREST;
    config.dpu.lanes = LANES;
    config.transfer.epsilon_us = 0.2;
    config.transfer.max_pulses = 255; /* none is left over for a word's next turn */
    config.refresh.every_images = 25;
    config.refresh.high_us = 4.0;
    config.chi.layout = layout;
    return config;
}

static void check_same_layer(const struct mca_layer *a, const struct mca_layer *b) {
    int64_t words = 0;
    for (uint32_t r = 0; r < a->inputs; ++r) {
        for (uint32_t c = 0; c < a->outputs; ++c) {
            const size_t cell = (size_t)r * a->matrix.stride + c;
            const size_t in_a = mca_chi_cell(&a->chi, r, c);
            const size_t in_b = mca_chi_cell(&b->chi, r, c);
            for (int side = 0; side < 2; ++side) {
                assert_int_equal(a->matrix.g[side][cell], b->matrix.g[side][cell]);
                assert_int_equal(a->matrix.writes[side][cell], b->matrix.writes[side][cell]);
            }
            assert_int_equal(mca_chi_word(&a->chi, in_a), mca_chi_word(&b->chi, in_b));
            words += mca_chi_word(&a->chi, in_a) != 0;
        }
    }
    assert_true(words > 100);
}

static void test_layouts_train_the_same_chip(void **state) {
    (void)state;
    const struct mca_chip_config config = config_of(MCA_LAYOUT_ROWS);
    struct mca_chip *rows = chip_to_train(&config, 0.3, 1);
    train_images(rows, INPUTS, CLASSES, 0, 120);
    for (unsigned layout = MCA_LAYOUT_COLUMNS; layout <= MCA_LAYOUT_FEWEST_WORDS; ++layout) {
        struct mca_chip_config other = config_of(layout);
        other.timing.what_if = layout == MCA_LAYOUT_COLUMNS; /* its timelines change nothing */
        struct mca_chip *chip = chip_to_train(&other, 0.3, 1);
        train_images(chip, INPUTS, CLASSES, 0, 120);
        for (uint32_t l = 0; l < LAYERS; ++l) {
            check_same_layer(&rows->layers[l], &chip->layers[l]);
        }
        /* 61 x 2 words against 20 x 4, 21 x 1 against 10 x 2: both have fewer by columns, but
         * where the chip chooses the layer that takes the image stays by rows */
        assert_int_equal(mca_chi_lies_by_columns(&chip->layers[0].chi),
                         layout == MCA_LAYOUT_COLUMNS);
        assert_true(mca_chi_lies_by_columns(&chip->layers[1].chi));
        assert_int_equal(rows->stats.commands, chip->stats.commands);
        assert_int_equal(rows->stats.update_products, chip->stats.update_products);
        assert_int_equal(rows->stats.updates_lost, chip->stats.updates_lost);
        assert_int_equal(rows->stats.refreshed_pairs, chip->stats.refreshed_pairs);
        assert_true(rows->stats.commands > 1000 && rows->stats.refreshed_pairs > 0);
        assert_true(mca_chip_time_ps(rows) != mca_chip_time_ps(chip));
        mca_chip_destroy(chip);
    }
    mca_chip_destroy(rows);
}

struct words {
    uint64_t rows; /* inputs with a code x words with an error */
    uint64_t columns;
    uint64_t products;
};

static void count_update(void *user, uint32_t layer, const struct mca_update *update) {
    static const uint32_t outputs[LAYERS] = {HIDDEN, CLASSES};
    struct words *w = &((struct words *)user)[layer];
    uint64_t errors = 0;
    uint64_t error_words = 0;
    uint64_t input_words = 0;
    uint32_t last = UINT32_MAX;
    for (uint32_t c = 0; c < outputs[layer]; ++c) {
        errors += update->error[c] != 0;
        error_words += update->error[c] != 0 && last != c / LANES;
        last = update->error[c] != 0 ? c / LANES : last;
    }
    last = UINT32_MAX;
    for (uint32_t k = 0; k < update->count; ++k) {
        input_words += last != update->row[k] / LANES;
        last = update->row[k] / LANES;
    }
    w->rows += update->count * error_words;
    w->columns += errors * input_words;
    w->products += errors * update->count;
}

/* No pulses: an update takes a cycle a word and 7 to fill and drain. Of its factors, inputs of 8
 * bits and errors of 12, those of rows of the memory are fetched once, the others with each word. */
static void test_layouts_count_words_by_hand(void **state) {
    (void)state;
    for (unsigned layout = MCA_LAYOUT_ROWS; layout <= MCA_LAYOUT_COLUMNS; ++layout) {
        struct mca_chip_config config = config_of(layout);
        struct words words[LAYERS] = {{0}};
        struct mca_chip_probe probe = {.user = words, .update = count_update};
        config.transfer.epsilon_us = 500.0;
        config.dpu.clock_hz = 1000000000;
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        mca_chip_attach(chip, &probe);
        train_images(chip, INPUTS, CLASSES, 0, 10);
        for (uint32_t l = 0; l < LAYERS; ++l) {
            const struct mca_ledger_part *part = mca_chip_ledger_part(chip, l);
            const uint64_t *counts = part->counts[MCA_PHASE_UPDATE];
            const uint64_t inputs = 10 * (uint64_t)chip->layers[l].inputs * 8;
            const uint64_t errors = 10 * (uint64_t)chip->layers[l].outputs * 12;
            const int by_rows = layout == MCA_LAYOUT_ROWS;
            const uint64_t served = by_rows ? words[l].rows : words[l].columns;
            assert_true(served > 0 && words[l].rows != words[l].columns);
            assert_int_equal(counts[MCA_COMPONENT_CHI_READ], served * LANES * 16);
            assert_int_equal(counts[MCA_COMPONENT_CHI_WRITE], served * LANES * 16);
            assert_int_equal(counts[MCA_COMPONENT_DPU_MULTIPLY], words[l].products);
            assert_int_equal(counts[MCA_COMPONENT_BUFFER_READ],
                             by_rows ? inputs + served * LANES * 12 : errors + served * LANES * 8);
            assert_int_equal(part->busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU],
                             (served + 10 * 7) * 1000);
            assert_int_equal(part->busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_CHI], served * 1000);
        }
        mca_chip_destroy(chip);
    }
}

static void test_layouts_show_the_same_array(void **state) {
    (void)state;
    for (unsigned layout = MCA_LAYOUT_ROWS; layout <= MCA_LAYOUT_COLUMNS; ++layout) {
        const struct mca_chip_config config = config_of(layout);
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        struct mca_array_view view;
        train_images(chip, INPUTS, CLASSES, 0, 3);
        assert_true(mca_chip_array(chip, 0, MCA_CHIP_CHI, &view));
        assert_int_equal(view.rows, INPUTS + 1);
        assert_int_equal(view.cols, HIDDEN);
        assert_int_equal(view.stride, layout == MCA_LAYOUT_ROWS ? 32 : 1);
        assert_int_equal(view.step, layout == MCA_LAYOUT_ROWS ? 1 : 64);
        const struct mca_chi *chi = mca_chip_layer(chip, 0).chi;
        for (uint32_t i = 0; i < (INPUTS + 1) * HIDDEN; ++i) {
            const uint32_t row = i / HIDDEN;
            const uint32_t col = i % HIDDEN;
            assert_int_equal(((const int16_t *)view.data)[row * view.stride + col * view.step],
                             mca_chi_word(chi, mca_chi_cell(chi, row, col)));
        }
        assert_true(mca_chip_array(chip, 0, MCA_CHIP_G_PLUS, &view));
        assert_int_equal(view.step, 1);
        mca_chip_destroy(chip);
    }
}

/* Words that are multiplied as weights, words without chi, and weights written through. */
static void test_layouts_have_exceptions(void **state) {
    (void)state;
    struct mca_chip_config configs[3] = {config_of(MCA_LAYOUT_COLUMNS),
                                         config_of(MCA_LAYOUT_COLUMNS), mca_fixture_float(&WIDTHS)};
    configs[0].network.layers[1].digital = 1;
    configs[1].transfer.mode = MCA_TRANSFER_DIRECT;
    configs[2].chi.layout = MCA_LAYOUT_COLUMNS;
    for (int i = 0; i < 3; ++i) {
        struct mca_chip *chip = chip_to_train(&configs[i], 0.1, 1);
        train_images(chip, INPUTS, CLASSES, 0, 2);
        assert_int_equal(mca_chi_lies_by_columns(&chip->layers[0].chi), i == 0);
        assert_false(mca_chi_lies_by_columns(&chip->layers[1].chi));
        mca_chip_destroy(chip);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts_train_the_same_chip),
        cmocka_unit_test(test_layouts_count_words_by_hand),
        cmocka_unit_test(test_layouts_show_the_same_array),
        cmocka_unit_test(test_layouts_have_exceptions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
