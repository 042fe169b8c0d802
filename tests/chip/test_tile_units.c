/*
 * dpu.units per-tile: a digital unit for each tile. The operations of a chip on small tiles, what is
 * sent and what is built, by hand; each update by a walk through the words of every tile. Values are
 * those of one unit, and a chip whose layers have one tile each is one with a unit for each layer.
 */
#include "chip/chip_state.h"
#include "chip/probe.h"
#include "chip/trained_chip.h"
#include "mca_test.h"

/* On tiles of 16 x 16: 4 above and 3 beside one another, the last ones of 13 rows and 8 columns;
 * then 3 above one another, with the 10 columns of the classes. */
enum { INPUTS = 60, HIDDEN = 40, CLASSES = 10, SIDE = 16, LANES = 16, LATENCY = 6 };
enum { ROW_TILES = 4, COL_TILES = 3, LAST_ROW_TILES = 3, TILES = ROW_TILES * COL_TILES };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

static struct mca_chip_config config_of(unsigned units) {
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = 0;
    config.tile.rows = config.tile.cols = SIDE;
    config.dpu.units = units;
    return config;
}

/* ---- an update by a walk through the words of every tile */

enum { CELLS_MAX = 64 * 64 };

/* What is seen of an image's update of the first layer. */
struct seen {
    struct mca_chip_probe probe;
    int by_columns;
    uint32_t lanes;
    uint64_t interval;
    uint64_t latency;
    uint8_t has_input[64];        /* rows of the matrix */
    uint8_t has_error[64];        /* its columns */
    uint32_t commands[CELLS_MAX]; /* of each weight, ... */
    uint64_t taken[CELLS_MAX];    /* ... and the cycle in which it was taken */
    uint64_t operations;          /* updates that were looked at */
    uint64_t busy_cycles;         /* of all engines */
    uint64_t longest_cycles;      /* of the one that works longest in each update */
    uint64_t longest_words;
    uint64_t words;
};

static void note_update(void *user, uint32_t layer, const struct mca_update *update) {
    struct seen *seen = user;
    if (layer > 0) {
        return;
    }
    memset(seen->has_input, 0, sizeof seen->has_input);
    memset(seen->has_error, 0, sizeof seen->has_error);
    memset(seen->commands, 0, sizeof seen->commands);
    for (uint32_t k = 0; k < update->count; ++k) {
        seen->has_input[update->row[k]] = update->code[k] != 0;
    }
    for (uint32_t c = 0; c < HIDDEN; ++c) {
        seen->has_error[c] = update->error[c] != 0;
    }
}

static void note_command(void *user, const struct mca_dpu_command *command) {
    struct seen *seen = user;
    if (command->layer == 0) {
        seen->commands[command->row * 64 + command->col] = 1;
        seen->taken[command->row * 64 + command->col] = command->taken_cycle;
    }
}

static int any(const uint8_t *flags, uint32_t first, uint32_t end) {
    int found = 0;
    for (uint32_t i = first; i < end; ++i) {
        found |= flags[i];
    }
    return found;
}

/* The weight at a row and a column of chi. */
static uint32_t cell_of(const struct seen *seen, uint32_t row, uint32_t column) {
    return seen->by_columns ? column * 64 + row : row * 64 + column;
}

/* Goes through a tile's part of chi; each command has to come in its cycle. Returns the cycles. */
static uint64_t walk_tile(struct seen *seen, const struct mca_tile *tile, uint64_t first_cycle) {
    const uint8_t *row_flags = seen->by_columns ? seen->has_error : seen->has_input;
    const uint8_t *column_flags = seen->by_columns ? seen->has_input : seen->has_error;
    const uint32_t first_row = seen->by_columns ? tile->col0 : tile->row0;
    const uint32_t end_row = first_row + (seen->by_columns ? tile->cols : tile->rows);
    const uint32_t first_column = seen->by_columns ? tile->row0 : tile->col0;
    const uint32_t end_column = first_column + (seen->by_columns ? tile->rows : tile->cols);
    uint64_t cycle = 0;
    for (uint32_t row = first_row; row < end_row; ++row) {
        for (uint32_t first = first_column; row_flags[row] && first < end_column;
             first += seen->lanes) {
            const uint32_t end =
                first + seen->lanes < end_column ? first + seen->lanes : end_column;
            if (!any(column_flags, first, end)) {
                continue;
            }
            uint64_t commands = 0;
            for (uint32_t column = first; column < end; ++column) {
                const uint32_t cell = cell_of(seen, row, column);
                if (seen->commands[cell]) {
                    assert_int_equal(seen->taken[cell], first_cycle + cycle + commands);
                    ++commands;
                }
            }
            cycle += commands > seen->interval ? commands : seen->interval;
            ++seen->words;
        }
    }
    return cycle;
}

static void note_operation(void *user, const struct mca_dpu_operation *operation) {
    struct seen *seen = user;
    if (operation->step->kind != MCA_STEP_UPDATE || operation->step->layer > 0) {
        return;
    }
    const struct mca_tile_config size = {.rows = SIDE, .cols = SIDE};
    const struct mca_placement place = mca_placement_of(&size, INPUTS + 1, HIDDEN);
    uint64_t longest = 0;
    uint64_t most_words = 0;
    for (uint32_t t = 0; t < TILES; ++t) {
        const struct mca_tile tile = mca_placement_tile(&place, t, 0);
        const uint64_t words_before = seen->words;
        const uint64_t cycles =
            seen->latency + walk_tile(seen, &tile, operation->start_cycle + seen->latency);
        const uint64_t words = seen->words - words_before;
        longest = cycles > longest ? cycles : longest;
        most_words = words > most_words ? words : most_words;
        seen->busy_cycles += cycles;
    }
    seen->longest_cycles += longest;
    seen->longest_words += most_words;
    assert_int_equal(operation->cycles, longest);
    ++seen->operations;
}

static void check_updates(struct mca_chip_config config, uint32_t batch) {
    static struct seen seen;
    config.transfer.fifo_depth = 1024; /* no queue is ever full */
    struct mca_chip *chip = chip_to_train(&config, 0.3, batch);
    const struct mca_chi *chi = &chip->layers[0].chi;
    seen = (struct seen){.probe = {.user = &seen,
                                   .update = note_update,
                                   .command = note_command,
                                   .operation = note_operation},
                         .by_columns = mca_chi_lies_by_columns(chi),
                         .lanes = config.dpu.lanes,
                         .interval = mca_chi_interval(&chi->config),
                         .latency = 6 + config.chi.access_cycles};
    mca_chip_attach(chip, &seen.probe);
    train_images(chip, INPUTS, CLASSES, 0, 40);
    mca_chip_detach(chip, &seen.probe);
    assert_int_equal(seen.operations, 40);
    assert_true(chip->stats.commands > 200);
    const struct mca_ledger_part *part = &chip->ledger.parts[0];
    assert_int_equal(part->busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU], seen.busy_cycles * 1000);
    assert_int_equal(part->busy_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_CHI],
                     seen.words * seen.interval * 1000);
    assert_int_equal(part->beside_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_DPU],
                     (seen.busy_cycles - seen.longest_cycles) * 1000);
    assert_int_equal(part->beside_ps[MCA_PHASE_UPDATE][MCA_RESOURCE_CHI],
                     (seen.words - seen.longest_words) * seen.interval * 1000);
    assert_int_equal(part->counts[MCA_PHASE_UPDATE][MCA_COMPONENT_CHI_READ],
                     seen.words * config.dpu.lanes * 16);
    mca_chip_destroy(chip);
}

static void test_tile_units_update_side_by_side(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    config.transfer.epsilon_us = 0.1;
    check_updates(config, 1);
    check_updates(config, 5);
    config.chi.access_cycles = 3; /* a word takes as long as three commands */
    check_updates(config, 1);
    config.dpu.lanes = 4; /* several words of a row in each tile */
    config.dpu.rounding = MCA_ROUND_NEAREST;
    check_updates(config, 1);
    config.chi.layout = MCA_LAYOUT_COLUMNS;
    check_updates(config, 1);
    config.dpu.lanes = 16;
    check_updates(config, 3);
}

/* ---- other operations, in cycles */

struct watch {
    struct mca_chip_probe probe;
    uint32_t count;
    uint64_t cycles[16];
};

static void note(void *user, const struct mca_dpu_operation *operation) {
    struct watch *watch = user;
    assert_true(watch->count < 16);
    watch->cycles[watch->count++] = operation->cycles;
}

/* Of an image in the order of the program. */
enum { FORWARD_0, FORWARD_1, OUTPUT_ERROR, ERROR_0, UPDATE_1, UPDATE_0, OPERATIONS };

static void train_one(const struct mca_chip_config *config, struct watch *watch,
                      struct mca_ledger *ledger) {
    struct mca_chip *chip = chip_to_train(config, 0.3, 1);
    *watch = (struct watch){.probe = {.user = watch, .operation = note}};
    mca_chip_attach(chip, &watch->probe);
    train_images(chip, INPUTS, CLASSES, 0, 1);
    mca_chip_detach(chip, &watch->probe);
    assert_int_equal(watch->count, OPERATIONS);
    *ledger = mca_chip_ledger(chip);
    mca_chip_destroy(chip);
}

/* Transposed reads of the last layer, whose columns are on one tile. */
static uint64_t backward_reads(const struct mca_ledger *ledger) {
    return ledger->counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_ADC_CONVERSION] / HIDDEN;
}

static void test_tile_units_take_their_columns(void **state) {
    static struct watch watch;
    struct mca_ledger ledger;
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    config.transfer.epsilon_us = 500.0;
    train_one(&config, &watch, &ledger);
    const uint64_t reads = backward_reads(&ledger);
    assert_in_range(reads, 1, 2);
    /* a word for the codes of each row tile, one for the activations; of 40 outputs it would be
     * three each */
    assert_int_equal(watch.cycles[FORWARD_0], ROW_TILES + 1 + LATENCY);
    assert_int_equal(watch.cycles[FORWARD_1], LAST_ROW_TILES + 1 + LATENCY);
    assert_int_equal(watch.cycles[OUTPUT_ERROR], 3 + LATENCY);
    /* a word of sums a read, two passes, and the largest error up and down a tree of three */
    assert_int_equal(watch.cycles[ERROR_0], reads + 2 + LATENCY + 2 * 2);
    /* the third column has a word as well; while the exchange goes on one unit counts */
    const uint64_t each = ROW_TILES + 1 + LATENCY;
    assert_int_equal(ledger.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU],
                     (3 * each + LAST_ROW_TILES + 1 + LATENCY) * 1000);
    assert_int_equal(ledger.beside_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU], 2 * each * 1000);
    assert_int_equal(ledger.busy_ps[MCA_PHASE_ERROR][MCA_RESOURCE_DPU],
                     (3 + LATENCY + 3 * (reads + 2 + LATENCY) + 2 * 2) * 1000);
    config.dpu.lanes = 8; /* two words of whole columns, one of the last */
    train_one(&config, &watch, &ledger);
    assert_int_equal(watch.cycles[FORWARD_0], 2 * ROW_TILES + 2 + LATENCY);
    const uint64_t two = 2 * ROW_TILES + 2 + LATENCY;
    const uint64_t last = ROW_TILES + 1 + LATENCY;
    assert_int_equal(ledger.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU],
                     (2 * two + last + 2 * LAST_ROW_TILES + 2 + LATENCY) * 1000);
}

/* On a bus each column of tiles has wires of its own, and codes of one tile alone need none. */
static void test_tile_units_have_wires_of_their_own(void **state) {
    static struct watch watch;
    struct mca_ledger ledger;
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    config.transfer.epsilon_us = 500.0;
    config.interconnect.kind = MCA_INTERCONNECT_BUS;
    config.interconnect.bits = 16;
    train_one(&config, &watch, &ledger);
    const uint64_t reads = backward_reads(&ledger);
    /* 16 sums of 3 tiles beyond the first, of 8 bits each, over 16 wires; 10 sums of 2 */
    const uint64_t each = 16 * 3 * 8 / 16 + 1 + LATENCY;
    assert_int_equal(watch.cycles[FORWARD_0], each);
    assert_int_equal(watch.cycles[FORWARD_1], 10 * 2 * 8 / 16 + 1 + LATENCY);
    /* the last column has 8 sums */
    assert_int_equal(ledger.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU],
                     (2 * each + 8 * 3 * 8 / 16 + 1 + LATENCY + 10 * 2 * 8 / 16 + 1 + LATENCY) *
                         1000);
    /* the codes of all tiles but the first of each column; the image and activations as without
     * wires */
    assert_int_equal(ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_LINK],
                     2 * INPUTS * 8 + 3 * HIDDEN * 8 + 2 * CLASSES * 8 + HIDDEN * 16);
    /* 16 rows of a tile; what is sent, to tiles above one another, leaves meanwhile */
    const uint64_t own = reads * (16 * 8 / 16) + 2 + LATENCY + 2 * 2;
    const uint64_t sent = (16 * 12 + 16 * 16) / 16; /* errors, and activations for the slopes */
    assert_int_equal(watch.cycles[ERROR_0], own > sent ? own : sent);
    /* nothing crosses out: registers are loaded at once */
    assert_int_equal(ledger.busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DAC], 2 * (1000 + 256 * 500));
    config.tile.rows =
        64; /* one tile above the others: forward no codes cross, but activations do */
    train_one(&config, &watch, &ledger);
    assert_int_equal(watch.cycles[FORWARD_0], 16 * 16 / 16);
    assert_int_equal(watch.cycles[FORWARD_1], 1 + 1 + LATENCY);
    /* so no code of the first layer takes a wire; those of the second go back */
    assert_int_equal(mca_chip_inventory(&config).link_bits, config.interconnect.bits);
    config.tile.rows = SIDE;
    config.interconnect.bits = 4; /* the largest of three columns goes up and down two levels */
    train_one(&config, &watch, &ledger);
    assert_int_equal(watch.cycles[OUTPUT_ERROR], 10 * 12 / 4); /* to tiles above one another */
    const uint64_t made = backward_reads(&ledger) * (16 * 8 / 4) + 2 + LATENCY + 2 * 2 * (12 / 4);
    const uint64_t left = (16 * 12 + 16 * 16) / 4;
    assert_int_equal(watch.cycles[ERROR_0], made > left ? made : left);
    /* one way of wires at each tile */
    assert_int_equal(mca_chip_inventory(&config).link_bits, (TILES + LAST_ROW_TILES) * 4);
}

/* A tree adds the codes of a column of tiles on their way. */
static void test_tile_units_have_trees_of_their_own(void **state) {
    static struct watch watch;
    struct mca_ledger ledger;
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    config.transfer.epsilon_us = 500.0;
    config.interconnect.kind = MCA_INTERCONNECT_TREE;
    config.interconnect.bits = 16;
    train_one(&config, &watch, &ledger);
    /* 16 sums of 8 + 2 bits, behind two levels */
    assert_int_equal(watch.cycles[FORWARD_0], 16 * (8 + 2) / 16 + 1 + LATENCY + 2);
}

/* ---- what goes from unit to unit, in bits: activations of 16, errors of 12, codes of 8 */

static void test_tile_units_send_what_others_take(void **state) {
    static struct watch watch;
    struct mca_ledger ledger;
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    config.transfer.epsilon_us = 500.0;
    train_one(&config, &watch, &ledger);
    const uint64_t reads = backward_reads(&ledger);
    /* the image to two columns more; the codes of all tiles but the first of each column; the
     * activations to the only column of the last layer */
    assert_int_equal(ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_LINK],
                     2 * INPUTS * 8 + (ROW_TILES - 1) * HIDDEN * 8 +
                         (LAST_ROW_TILES - 1) * CLASSES * 8 + HIDDEN * 16);
    /* errors to the tiles below; transposed codes; activations back; the largest errors of two
     * columns up and down */
    assert_int_equal(ledger.counts[MCA_PHASE_ERROR][MCA_COMPONENT_LINK],
                     (LAST_ROW_TILES - 1) * CLASSES * 12 + (ROW_TILES - 1) * HIDDEN * 12 +
                         reads * HIDDEN * 8 + HIDDEN * 16 + 2 * 2 * 12);
    assert_int_equal(ledger.counts[MCA_PHASE_UPDATE][MCA_COMPONENT_LINK], 0);
    /* every copy is written, and read by the tile beside it */
    assert_int_equal(ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_BUFFER_WRITE],
                     COL_TILES * INPUTS * 8 + (HIDDEN + CLASSES) * 16);
    assert_int_equal(ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_BUFFER_READ],
                     COL_TILES * (INPUTS + 1) * 8 + (HIDDEN + 1) * 8);
    assert_int_equal(ledger.counts[MCA_PHASE_ERROR][MCA_COMPONENT_BUFFER_WRITE],
                     (ROW_TILES * HIDDEN + LAST_ROW_TILES * CLASSES) * 12);
    assert_int_equal(ledger.counts[MCA_PHASE_BACKWARD][MCA_COMPONENT_BUFFER_READ],
                     reads * LAST_ROW_TILES * CLASSES * 12);
}

/* ---- what is built */

static void test_tile_units_are_built_for_each_tile(void **state) {
    (void)state;
    const struct mca_chip_config shared = config_of(MCA_UNITS_SHARED);
    const struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    const struct mca_inventory one = mca_chip_inventory(&shared);
    struct mca_inventory all = mca_chip_inventory(&config);
    const uint32_t units = TILES + LAST_ROW_TILES;
    assert_int_equal(all.dpu_lanes, units * LANES);
    assert_int_equal(all.sigmoid_units, units * LANES);
    assert_int_equal(all.register_bits, units * one.register_bits);
    assert_int_equal(all.resource_instances[MCA_RESOURCE_DPU], units);
    assert_int_equal(all.resource_instances[MCA_RESOURCE_CHI], units);
    /* for two images: the image in three places, errors in four and in three */
    assert_int_equal(all.buffer_bits - one.buffer_bits,
                     2 * (2 * INPUTS * 16 + 3 * HIDDEN * 12 + 2 * CLASSES * 12));
    /* a memory for each tile that holds a part: of the image, of hidden activations, of errors */
    assert_int_equal(all.buffers - one.buffers,
                     2 * ((TILES - 1) + (LAST_ROW_TILES - 1) + (TILES - 1) + (LAST_ROW_TILES - 1)));
    all.dpu_lanes = one.dpu_lanes;
    all.sigmoid_units = one.sigmoid_units;
    all.register_bits = one.register_bits;
    all.buffer_bits = one.buffer_bits;
    all.buffers = one.buffers;
    memcpy(all.resource_instances, one.resource_instances, sizeof all.resource_instances);
    assert_memory_equal(&all, &one, sizeof all);
}

/* ---- a refresh is compared by each unit for its own tile */

static void test_tile_units_compare_their_tiles(void **state) {
    (void)state;
    const struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    struct mca_work work = {0};
    mca_work_refresh(chip, mca_program_refresh(&chip->train, 0), &work);
    assert_int_equal(work.cycles, 2 * SIDE * SIDE / LANES);
    assert_int_equal(work.cycles + work.cycles_beside, 2 * (INPUTS + 1) * HIDDEN / LANES);
    mca_chip_destroy(chip);
    struct mca_chip_config wide = config; /* words that most tiles do not fill */
    wide.dpu.lanes = 256;
    wide.tile.cols = 256;
    wide.network.layer_count = 1;
    wide.network.layers[0] = wide.network.layers[1]; /* 61 inputs, 10 outputs */
    chip = chip_to_train(&wide, 0.3, 1);
    work = (struct mca_work){0};
    mca_work_refresh(chip, mca_program_refresh(&chip->train, 0), &work);
    assert_int_equal(work.cycles, 2); /* 2 x 16 x 10 of 256; of the last, 2 x 13 x 10, as well */
    assert_int_equal(work.cycles + work.cycles_beside, 4 * 2);
    mca_chip_destroy(chip);
}

static struct mca_layer_config convolution_of(uint32_t filters, uint32_t kernel, uint32_t stride) {
    return (struct mca_layer_config){.type = MCA_LAYER_CONV2D,
                                     .activation = MCA_ACTIVATION_RELU,
                                     .units = filters,
                                     .kernel = kernel,
                                     .stride = stride,
                                     .unit_weight_us = 16.0,
                                     .adc_forward_range = 8.0,
                                     .adc_backward_range = 2.0};
}

static struct mca_layer_config classes_behind(void) {
    struct mca_layer_config layer = convolution_of(CLASSES, 0, 0);
    layer.type = MCA_LAYER_DENSE;
    layer.activation = MCA_ACTIVATION_SIGMOID;
    return layer;
}

/* ---- a convolution, whose values drive a line of each place of the kernel */

/* 3 x 3 places of 2 channels are 18 lines and the bias: 8 lines, 4 places, to a tile. */
static void test_tile_units_hold_what_windows_share(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    config.network =
        (struct mca_network_config){.input = {2, 6, 6}, .layer_count = 2, .init_gain = 1.0};
    config.network.layers[0] = convolution_of(8, 3, 3);
    config.network.layers[1] = classes_behind();
    config.tile.rows = 8;
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    assert_int_equal(chip->held_pixels, 72); /* windows share nothing */
    mca_chip_destroy(chip);
    config.network.layers[0].stride = 1;
    chip = chip_to_train(&config, 0.3, 1);
    uint64_t held = 0;
    for (uint32_t y = 0; y < 6; ++y) {
        for (uint32_t x = 0; x < 6; ++x) {
            uint8_t on_tile[3] = {0};
            for (uint32_t top = 0; top < 4; ++top) {
                for (uint32_t left = 0; left < 4; ++left) {
                    if (y >= top && y < top + 3 && x >= left && x < left + 3) {
                        on_tile[((y - top) * 3 + x - left) * 2 / 8] = 1;
                    }
                }
            }
            held += 2 * (uint64_t)(on_tile[0] + on_tile[1] + on_tile[2]);
        }
    }
    assert_true(held > 100);
    assert_int_equal(chip->held_pixels, held);
    assert_int_equal(chip->layers[0].held_values, 8 * 16); /* a dense layer takes each once */
    mca_chip_destroy(chip);
    config.network.layers[0].units = 20; /* two columns of tiles */
    chip = chip_to_train(&config, 0.3, 1);
    assert_int_equal(chip->held_pixels, 2 * held);
    mca_chip_destroy(chip);
}

/* ---- what is shown: no operation of a unit overlaps another one's */

struct shown {
    struct mca_chip_probe probe;
    uint64_t end_ps[2];
    uint32_t count;
};

static void note_shown(void *user, const struct mca_operation *operation,
                       const struct mca_occupation *occupation) {
    struct shown *shown = user;
    if (operation->resource == MCA_RESOURCE_CHI) {
        assert_true(occupation->start_ps >= shown->end_ps[operation->layer]);
        shown->end_ps[operation->layer] = occupation->end_ps;
        ++shown->count;
    }
}

static void test_tile_units_are_shown_one_after_the_other(void **state) {
    static struct shown shown;
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
    config.transfer.epsilon_us = 50.0;
    config.chi.access_cycles = 6;
    config.chi.ports = 1;
    config.timing.read_ps_per_level = 1;
    config.timing.adc_conversion_ps = 1000;
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    shown = (struct shown){.probe = {.user = &shown, .occupied = note_shown}};
    mca_chip_attach(chip, &shown.probe);
    train_images(chip, INPUTS, CLASSES, 0, 20);
    mca_chip_detach(chip, &shown.probe);
    assert_int_equal(shown.count, 2 * 20);
    mca_chip_destroy(chip);
}

/* ---- a softmax of several columns is made by the first unit */

static void test_tile_units_send_a_softmax(void **state) {
    static struct watch watch[2];
    struct mca_ledger ledgers[2];
    (void)state;
    for (int i = 0; i < 2; ++i) {
        struct mca_chip_config config = config_of(MCA_UNITS_PER_TILE);
        config.loss = MCA_LOSS_SOFTMAX;
        config.network.layers[1].activation = MCA_ACTIVATION_IDENTITY;
        config.transfer.epsilon_us = 500.0;
        config.dpu.lanes = 4;
        config.tile.rows = 64; /* nothing to add up */
        config.tile.cols = 4;
        config.interconnect.kind = i ? MCA_INTERCONNECT_BUS : MCA_INTERCONNECT_NONE;
        config.interconnect.bits = 8;
        train_one(&config, &watch[i], &ledgers[i]);
        /* 6 of 10 sums go to the first unit, and their activations back */
        const uint64_t others = 6;
        const uint64_t wires = i ? others * 32 / 8 + others * 16 / 8 : 0;
        assert_int_equal(watch[i].cycles[FORWARD_1], 1 + 1 + LATENCY + 2 * CLASSES + 21 + wires);
        assert_int_equal(ledgers[i].counts[MCA_PHASE_FORWARD][MCA_COMPONENT_LINK],
                         9 * INPUTS * 8 + 3 * HIDDEN * 16 + others * (32 + 16));
    }
}

/* ---- values */

static struct mca_chip_config convolution(void) {
    struct mca_chip_config config = config_of(MCA_UNITS_SHARED);
    config.network =
        (struct mca_network_config){.input = {1, 8, 8}, .layer_count = 3, .init_gain = 1.0};
    config.network.layers[0] = convolution_of(24, 5, 1);
    config.network.layers[1] = convolution_of(18, 2, 1);
    config.network.layers[2] = classes_behind();
    return config;
}

/* Weights, statistics, and all counts but those of copies are those of one unit; time is less. */
static void check_same(struct mca_chip_config config, uint32_t batch) {
    struct mca_chip *chips[2];
    struct mca_ledger ledgers[2];
    static const unsigned units[] = {MCA_UNITS_SHARED, MCA_UNITS_PER_TILE};
    const uint32_t inputs = (uint32_t)mca_shape_values(&config.network.input);
    for (int i = 0; i < 2; ++i) {
        config.dpu.units = units[i];
        config.timing.what_if = 1; /* whose timelines change nothing */
        chips[i] = chip_to_train(&config, 0.3, batch);
        train_images(chips[i], inputs, CLASSES, 0, 60);
        ledgers[i] = mca_chip_ledger(chips[i]);
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            ledgers[i].counts[p][MCA_COMPONENT_LINK] = 0;
            ledgers[i].counts[p][MCA_COMPONENT_BUFFER_READ] = 0;
            ledgers[i].counts[p][MCA_COMPONENT_BUFFER_WRITE] = 0;
        }
    }
    assert_true(chips[0]->stats.commands > 50);
    assert_memory_equal(&chips[0]->stats, &chips[1]->stats, sizeof chips[0]->stats);
    assert_memory_equal(ledgers[0].counts, ledgers[1].counts, sizeof ledgers[0].counts);
    assert_same_devices(chips[0], chips[1]);
    for (enum mca_phase p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        assert_int_equal(ledgers[0].busy_ps[p][MCA_RESOURCE_CHI],
                         ledgers[1].busy_ps[p][MCA_RESOURCE_CHI]);
        assert_int_equal(ledgers[0].busy_ps[p][MCA_RESOURCE_TILE],
                         ledgers[1].busy_ps[p][MCA_RESOURCE_TILE]);
    }
    assert_true(mca_chip_time_ps(chips[1]) < mca_chip_time_ps(chips[0]));
    for (enum mca_resource r = (enum mca_resource)0; r < MCA_RESOURCE_COUNT; ++r) {
        assert_in_range(mca_chip_what_if_ps(chips[1], r), mca_chip_time_ps(chips[1]) / 20,
                        mca_chip_time_ps(chips[1]));
    }
    mca_chip_destroy(chips[0]);
    mca_chip_destroy(chips[1]);
}

static void test_tile_units_change_no_value(void **state) {
    (void)state;
    struct mca_chip_config config = config_of(MCA_UNITS_SHARED);
    config.transfer.epsilon_us = 0.2;
    check_same(config, 1);
    check_same(config, 4);
    config.refresh.every_images = 20;
    config.refresh.high_us = 4.0;
    config.refresh.scan = MCA_SCAN_PROGRAMMED;
    config.transfer.fifo_depth = 1;
    check_same(config, 1);
    config.chi.layout = MCA_LAYOUT_COLUMNS;
    check_same(config, 1);
    config.chi.layout = MCA_LAYOUT_ROWS;
    config.transfer.mode = MCA_TRANSFER_DIRECT;
    check_same(config, 1);
    config.transfer.mode = MCA_TRANSFER_CHI;
    config.dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
    check_same(config, 1);
    config = convolution();
    config.transfer.epsilon_us = 0.2;
    check_same(config, 1);
    config.chi.accumulate = MCA_ACCUMULATE_IMAGE;
    check_same(config, 1);
    config.timing.streaming = 1;
    check_same(config, 1);
}

/* With one tile for each layer there is a unit for each layer: everything is the same. */
static void test_tile_units_of_single_tiles_are_layers(void **state) {
    struct mca_chip *chips[2];
    static const unsigned units[] = {MCA_UNITS_PER_LAYER, MCA_UNITS_PER_TILE};
    struct mca_ledger ledgers[2];
    struct mca_inventory built[2];
    (void)state;
    for (int i = 0; i < 2; ++i) {
        struct mca_chip_config config = config_of(units[i]);
        config.tile.rows = config.tile.cols = 64;
        config.refresh.every_images = 20;
        config.refresh.high_us = 4.0;
        chips[i] = chip_to_train(&config, 0.3, 1);
        train_images(chips[i], INPUTS, CLASSES, 0, 60);
        ledgers[i] = mca_chip_ledger(chips[i]);
        built[i] = mca_chip_inventory(&config);
    }
    assert_memory_equal(&ledgers[0], &ledgers[1], sizeof ledgers[0]);
    assert_memory_equal(&built[0], &built[1], sizeof built[0]);
    mca_chip_destroy(chips[0]);
    mca_chip_destroy(chips[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tile_units_update_side_by_side),
        cmocka_unit_test(test_tile_units_take_their_columns),
        cmocka_unit_test(test_tile_units_have_wires_of_their_own),
        cmocka_unit_test(test_tile_units_have_trees_of_their_own),
        cmocka_unit_test(test_tile_units_send_what_others_take),
        cmocka_unit_test(test_tile_units_are_built_for_each_tile),
        cmocka_unit_test(test_tile_units_compare_their_tiles),
        cmocka_unit_test(test_tile_units_hold_what_windows_share),
        cmocka_unit_test(test_tile_units_are_shown_one_after_the_other),
        cmocka_unit_test(test_tile_units_send_a_softmax),
        cmocka_unit_test(test_tile_units_change_no_value),
        cmocka_unit_test(test_tile_units_of_single_tiles_are_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
