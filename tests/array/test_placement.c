/* A matrix divided up into tiles, against counting line by line. */
#include "array/placement.h"
#include "mca_test.h"

static const uint32_t SIZES[] = {1, 2, 3, 7, 8, 9, 16, 20, 25};
enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0] };

typedef void check_fn(const struct mca_placement *place);

static void each_placement(check_fn *check) {
    for (int r = 0; r < SIZE_COUNT; ++r) {
        for (int c = 0; c < SIZE_COUNT; ++c) {
            const struct mca_tile_config configs[] = {
                {.rows = 8, .cols = 8}, {.rows = 5, .cols = 3}, {.rows = 32, .cols = 2}};
            for (int t = 0; t < 3; ++t) {
                const struct mca_placement place =
                    mca_placement_of(&configs[t], SIZES[r], SIZES[c]);
                check(&place);
            }
        }
    }
}

/* Every weight lies on one tile, the one that is told of it. */
static void weights_lie_on_one_tile(const struct mca_placement *place) {
    for (uint32_t r = 0; r < place->rows; ++r) {
        for (uint32_t c = 0; c < place->cols; ++c) {
            uint32_t holders = 0;
            for (uint32_t i = 0; i < mca_placement_tiles(place); ++i) {
                const struct mca_tile tile = mca_placement_tile(place, i, 100);
                assert_int_equal(tile.number, 100 + i);
                assert_in_range(tile.rows, 1, place->tile_rows);
                assert_in_range(tile.cols, 1, place->tile_cols);
                const int holds = r >= tile.row0 && r < tile.row0 + tile.rows && c >= tile.col0 &&
                                  c < tile.col0 + tile.cols;
                holders += (uint32_t)holds;
                assert_int_equal(holds, mca_placement_tile_of(place, r, c) == i);
            }
            assert_int_equal(holders, 1);
        }
    }
}

static void test_placement_holds_every_weight_once(void **state) {
    (void)state;
    each_placement(weights_lie_on_one_tile);
}

/* Samples of a read: each tile's columns, or its rows but for the matrix's last one. */
static void samples_are_lines_of_tiles(const struct mca_placement *place) {
    uint64_t columns = 0;
    uint64_t rows = 0;
    for (uint32_t i = 0; i < mca_placement_tiles(place); ++i) {
        const struct mca_tile tile = mca_placement_tile(place, i, 0);
        columns += tile.cols;
        rows += tile.rows - (tile.row0 + tile.rows == place->rows);
    }
    assert_int_equal(mca_placement_forward_samples(place), columns);
    assert_int_equal(mca_placement_backward_samples(place), rows);
}

static void test_placement_samples(void **state) {
    (void)state;
    each_placement(samples_are_lines_of_tiles);
}

/* Lines in groups of `share`, a part for each group that has a line with one. */
static uint64_t groups(uint32_t lines, uint32_t size, uint32_t share, unsigned build) {
    uint64_t count = 0;
    for (uint32_t first = 0; first < size; first += share) {
        count += build == MCA_BUILD_ALL || first < lines;
    }
    return count;
}

static struct mca_line_parts count_parts(const struct mca_placement *place, uint32_t share,
                                         uint32_t backward_share, unsigned build, int backward,
                                         int is_shared) {
    struct mca_line_parts parts = {0};
    const int all = build == MCA_BUILD_ALL;
    for (uint32_t i = 0; i < mca_placement_tiles(place); ++i) {
        const struct mca_tile tile = mca_placement_tile(place, i, 0);
        const uint32_t sampled = tile.rows - (tile.row0 + tile.rows == place->rows);
        parts.dacs += groups(tile.rows, place->tile_rows, share, build);
        const uint64_t of_columns = groups(tile.cols, place->tile_cols, share, build);
        parts.adcs += of_columns;
        parts.columns += groups(tile.cols, place->tile_cols, 1, build);
        parts.sample_holds += groups(tile.cols, place->tile_cols, 1, build);
        if (backward || all) {
            parts.dacs += groups(tile.cols, place->tile_cols, share, build);
            const uint64_t of_rows = groups(sampled, place->tile_rows, backward_share, build);
            const uint64_t more = of_rows > of_columns ? of_rows - of_columns : 0;
            parts.adcs += is_shared ? more : of_rows;
            parts.sample_holds += groups(sampled, place->tile_rows, 1, build);
            if (is_shared && of_rows > 0) { /* a switch for each line that may lie at the bank */
                parts.sample_holds += groups(tile.cols, place->tile_cols, 1, build) +
                                      groups(sampled, place->tile_rows, 1, build);
            }
        }
    }
    return parts;
}

static void parts_are_those_of_each_tile(const struct mca_placement *place) {
    static const uint32_t shares[] = {1, 2, 3};
    static const uint32_t backward_shares[] = {0, 1, 4};
    for (int i = 0; i < 9; ++i) {
        const uint32_t share = shares[i % 3];
        const uint32_t of_rows = backward_shares[i / 3];
        for (int build = 0; build < 2; ++build) {
            for (int way = 0; way < 4; ++way) {
                const int backward = way & 1;
                const int is_shared = way > 1;
                const struct mca_dac_config dac = {.share = share, .build = (unsigned)build};
                const struct mca_adc_config adc = {.share = share,
                                                   .backward_share = of_rows,
                                                   .bank = is_shared ? MCA_ADC_BANK_SHARED
                                                                     : MCA_ADC_BANK_PER_DIRECTION,
                                                   .build = (unsigned)build};
                const struct mca_line_parts wanted = count_parts(
                    place, share, of_rows ? of_rows : share, (unsigned)build, backward, is_shared);
                const struct mca_line_parts found =
                    mca_placement_parts(place, &dac, &adc, backward);
                assert_int_equal(found.dacs, wanted.dacs);
                assert_int_equal(found.adcs, wanted.adcs);
                assert_int_equal(found.columns, wanted.columns);
                assert_int_equal(found.sample_holds, wanted.sample_holds);
            }
        }
    }
}

static void test_placement_parts(void **state) {
    (void)state;
    each_placement(parts_are_those_of_each_tile);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_placement_holds_every_weight_once),
        cmocka_unit_test(test_placement_samples),
        cmocka_unit_test(test_placement_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
