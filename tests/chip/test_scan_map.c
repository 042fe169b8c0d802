/*
 * refresh.scan: which pairs a refresh reads, and what of the tiles works for them, against counting
 * pair by pair; and that the scan of programmed pairs is the whole one where nothing is noisy.
 */
#include "chip/scan_map.h"

#include "chip/chip_state.h"
#include "chip/trained_chip.h"
#include "mca_test.h"
#include "network/random_config.h"

enum { INPUTS = 60, HIDDEN = 150, CLASSES = 10, EVERY = 20, LANES = 7 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

/* Every pair of every row of every tile by itself. */
static struct mca_scan count(const struct mca_placement *place, const uint8_t *is_read) {
    struct mca_scan scan = {0};
    for (uint32_t t = 0; t < mca_placement_tiles(place); ++t) {
        uint64_t reads = 0;
        uint64_t words = 0;
        uint32_t in_word = LANES; /* samples of the word at work */
        for (uint32_t r = 0; r < place->rows; ++r) {
            uint32_t on_tile = 0;
            uint64_t read = 0;
            for (uint32_t c = 0; c < place->cols; ++c) {
                const uint32_t is_here = mca_placement_tile_of(place, r, c) == t;
                on_tile += is_here;
                read += is_here * is_read[r * place->cols + c];
            }
            scan.samples += 2 * read;
            scan.drives += read > 0 ? 2 : 0;
            scan.devices += read > 0 ? 2 * (uint64_t)on_tile : 0;
            reads += read > 0 ? 2 : 0;
            for (uint64_t s = 0; s < 2 * read; ++s) {
                in_word = in_word == LANES ? 0 : in_word;
                words += in_word++ == 0;
            }
        }
        scan.words += words;
        scan.tile_words = words > scan.tile_words ? words : scan.tile_words;
        scan.reads = reads > scan.reads ? reads : scan.reads;
    }
    return scan;
}

static void check_scan(const struct mca_scan *got, const struct mca_scan *wanted) {
    assert_int_equal(got->reads, wanted->reads);
    assert_int_equal(got->drives, wanted->drives);
    assert_int_equal(got->devices, wanted->devices);
    assert_int_equal(got->samples, wanted->samples);
    assert_int_equal(got->words, wanted->words);
    assert_int_equal(got->tile_words, wanted->tile_words);
}

/* A map with one pair of `one_in` set, and the same after it was set and cleared as a whole. */
static void check_map(const struct mca_placement *place, uint32_t one_in, uint64_t *sequence) {
    struct mca_arena arena = {0};
    struct mca_scan_map map;
    int whole = 1;
    uint8_t *is_read = malloc((size_t)place->rows * place->cols);
    mca_scan_map_init(&map, place, &arena, &whole);
    assert_true(whole);
    memset(is_read, 1, (size_t)place->rows * place->cols);
    struct mca_scan got = mca_scan_of(&map, place, LANES);
    struct mca_scan wanted = count(place, is_read);
    check_scan(&got, &wanted);
    got = mca_scan_of(&(struct mca_scan_map){NULL, 0}, place, LANES);
    check_scan(&got, &wanted);
    mca_scan_map_fill(&map, place, 0);
    for (uint32_t i = 0; i < place->rows * place->cols; ++i) {
        is_read[i] = random_below(sequence, one_in) == 0;
        if (is_read[i]) {
            mca_scan_map_set(&map, i / place->cols, i % place->cols);
        }
    }
    got = mca_scan_of(&map, place, LANES);
    wanted = count(place, is_read);
    check_scan(&got, &wanted);
    free(is_read);
    mca_arena_deinit(&arena);
}

static void test_scan_map_counts_what_tiles_do(void **state) {
    (void)state;
    static const uint32_t sizes[] = {1, 2, 7, 63, 64, 65, 130, 200};
    static const struct mca_tile_config tiles[] = {
        {.rows = 8, .cols = 8}, {.rows = 31, .cols = 70}, {.rows = 256, .cols = 256}};
    uint64_t sequence = 5;
    for (int r = 0; r < 8; ++r) {
        for (int c = 0; c < 8; ++c) {
            for (int t = 0; t < 3; ++t) {
                const struct mca_placement place = mca_placement_of(&tiles[t], sizes[r], sizes[c]);
                check_map(&place, 1 + random_below(&sequence, 100), &sequence);
            }
        }
    }
}

static struct mca_chip_config config_of(unsigned scan) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.scan = scan;
    config.refresh.every_images = EVERY;
    config.refresh.high_us = 8.0;
    return config;
}

static uint64_t count_of(struct mca_chip *chip, uint32_t layer, enum mca_phase phase,
                         enum mca_component component) {
    return mca_ledger_part_of(&chip->ledger, layer)->counts[phase][component];
}

/* Writes of all devices of a layer, one behind the other. */
static uint32_t *writes_of(const struct mca_matrix *x) {
    uint32_t *writes = malloc(2 * (size_t)x->rows * x->cols * sizeof *writes);
    for (uint32_t i = 0; i < x->rows * x->cols; ++i) {
        const size_t cell = (size_t)(i / x->cols) * x->stride + i % x->cols;
        writes[2 * i] = x->writes[0][cell];
        writes[2 * i + 1] = x->writes[1][cell];
    }
    return writes;
}

/* A scan converts two devices for each pair one of whose devices was written since the scan before;
 * the first one, of the initial weights, every device. */
static void test_scan_map_reads_what_was_programmed(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_SCAN_PROGRAMMED);
    struct mca_chip *chip = chip_to_train(&config, 0.2, 1);
    uint32_t *before[2] = {NULL, NULL};
    for (uint32_t scan = 0; scan < 6; ++scan) {
        uint64_t converted[2];
        for (uint32_t l = 0; l < 2; ++l) {
            converted[l] = count_of(chip, l, MCA_PHASE_REFRESH, MCA_COMPONENT_ADC_CONVERSION);
        }
        train_images(chip, INPUTS, CLASSES, scan * EVERY, EVERY);
        uint32_t *now[2];
        uint64_t programmed[2] = {0, 0};
        for (uint32_t l = 0; l < 2; ++l) {
            const struct mca_matrix *x = &chip->layers[l].matrix;
            const uint64_t all = 2 * (uint64_t)x->rows * x->cols;
            now[l] = writes_of(x);
            for (uint32_t i = 0; before[l] && i < all / 2; ++i) {
                programmed[l] +=
                    now[l][2 * i] != before[l][2 * i] || now[l][2 * i + 1] != before[l][2 * i + 1];
            }
            const uint64_t read =
                count_of(chip, l, MCA_PHASE_REFRESH, MCA_COMPONENT_ADC_CONVERSION) - converted[l];
            assert_int_equal(read, scan == 0 ? all : 2 * programmed[l]);
            assert_int_equal(count_of(chip, l, MCA_PHASE_REFRESH, MCA_COMPONENT_SCAN_MAP_READ),
                             (scan + 1) * all / 2);
            free(before[l]);
            before[l] = now[l];
        }
    }
    assert_true(chip->stats.refreshed_pairs > 0);
    free(before[0]);
    free(before[1]);
    mca_chip_destroy(chip);
}

/* Without noise a pair that was not written reads as before, when it was not due: both scans leave
 * the same weights, and the shorter one converts less and takes less time. */
static void test_scan_map_same_weights_without_noise(void **state) {
    (void)state;
    struct mca_chip *chips[2];
    for (unsigned scan = MCA_SCAN_ALL; scan <= MCA_SCAN_PROGRAMMED; ++scan) {
        struct mca_chip_config config = config_of(scan);
        config.device.read_noise = 0.0;
        chips[scan] = chip_to_train(&config, 0.2, 1);
        train_images(chips[scan], INPUTS, CLASSES, 0, 1500);
    }
    assert_true(chips[0]->stats.refreshed_pairs > 20);
    assert_int_equal(chips[0]->stats.refreshed_pairs, chips[1]->stats.refreshed_pairs);
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *x = &chips[0]->layers[l].matrix;
        const size_t cells = (size_t)x->rows * x->stride;
        for (int side = 0; side < 2; ++side) {
            assert_memory_equal(x->g[side], chips[1]->layers[l].matrix.g[side],
                                cells * sizeof *x->g[side]);
        }
        assert_true(4 * count_of(chips[1], l, MCA_PHASE_REFRESH, MCA_COMPONENT_ADC_CONVERSION) <
                    3 * count_of(chips[0], l, MCA_PHASE_REFRESH, MCA_COMPONENT_ADC_CONVERSION));
    }
    assert_true(mca_chip_time_ps(chips[1]) < mca_chip_time_ps(chips[0]));
    mca_chip_destroy(chips[0]);
    mca_chip_destroy(chips[1]);
}

/* A pair that is not read is not refreshed, however high it stands. */
static void test_scan_map_unread_pairs_stay(void **state) {
    (void)state;
    for (unsigned scan = MCA_SCAN_ALL; scan <= MCA_SCAN_PROGRAMMED; ++scan) {
        struct mca_chip_config config = config_of(scan);
        config.refresh.high_us = 11.0;
        struct mca_chip *chip = chip_to_train(&config, 0.01, 1);
        train_images(chip, INPUTS, CLASSES, 0, EVERY); /* nothing is set behind its scan */
        struct mca_matrix *x = &chip->layers[0].matrix;
        for (int side = 0; side < 2; ++side) { /* both at the largest conductance */
            mca_matrix_restore(x, 3, 5, side, (uint16_t)(12.0 * chip->device.codes_per_us), 9, 9);
        }
        struct mca_work work = {0};
        mca__refresh(chip, mca_program_refresh(&chip->train, 0), &work);
        const int is_rewritten = x->pulses_since_reset[0][3 * x->stride + 5] < 9;
        assert_int_equal(is_rewritten, scan == MCA_SCAN_ALL);
        mca_chip_destroy(chip);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan_map_counts_what_tiles_do),
        cmocka_unit_test(test_scan_map_reads_what_was_programmed),
        cmocka_unit_test(test_scan_map_same_weights_without_noise),
        cmocka_unit_test(test_scan_map_unread_pairs_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
