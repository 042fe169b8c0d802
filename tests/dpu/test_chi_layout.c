/*
 * Chi by rows and by columns: words, cycles and commands of small memories by hand, where lanes
 * divide a side and where one is over; the same words and pulses in both with nearest rounding; the
 * generators' words by columns from a copy of this file's own.
 */
#include "dpu/chi.h"

#include "mca_test.h"

enum { SIDE = 80, EPSILON_BITS = 13 };

struct log {
    uint32_t count;
    int64_t pulses[SIDE][SIDE];
    uint64_t cycle[SIDE][SIDE];
};

static void record(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    struct log *log = user;
    ++log->count;
    log->pulses[row][col] += pulses;
    log->cycle[row][col] = cycle;
}

struct bench {
    struct mca_arena arena;
    struct mca_chi chi;
    struct log log;
    struct mca_pulse_sink sink;
};

struct shape {
    uint32_t inputs;
    uint32_t outputs;
    uint32_t lanes;
};

static struct bench *build(const struct shape *shape, struct mca_chi_config config,
                           struct mca_dpu_config dpu) {
    /* as many pulses as there are: what a word keeps is below epsilon */
    const struct mca_transfer_config transfer = {
        .epsilon_us = 0.77, .max_pulses = 1 << 20, .drivers = 1, .fifo_depth = 16};
    struct bench *b = calloc(1, sizeof *b);
    struct mca_error error;
    dpu.lanes = shape->lanes;
    assert_int_equal(mca_chi_init(&b->chi, &b->arena, &config, &dpu, &transfer, shape->inputs,
                                  shape->outputs, 1, 0, &error),
                     MCA_OK);
    b->sink = (struct mca_pulse_sink){&b->log, record};
    return b;
}

static void end(struct bench *b) {
    mca_arena_deinit(&b->arena);
    free(b);
}

static const struct mca_dpu_config NEAREST = {.arithmetic = MCA_ARITHMETIC_FIXED,
                                              .rounding = MCA_ROUND_NEAREST,
                                              .activation_bits = 16,
                                              .error_bits = 12,
                                              .clock_hz = 1000000000};

static struct mca_chi_config config_of(unsigned layout, uint32_t bits, uint32_t access_cycles) {
    return (struct mca_chi_config){.bits = bits,
                                   .frac_bits = EPSILON_BITS,
                                   .ports = 2,
                                   .banks = 1,
                                   .access_cycles = access_cycles,
                                   .layout = layout};
}

/* The number of words of the whole matrix, and which layout has fewer. */
static void test_chi_layout_words_by_hand(void **state) {
    (void)state;
    static const struct {
        struct shape shape;
        uint64_t rows; /* words by rows, */
        uint64_t columns;
        enum mca_chi_layout fewest;
    } cases[] = {
        {{16, 8, 8}, 16, 16, MCA_LAYOUT_ROWS}, /* as many: rows */
        {{17, 8, 8}, 17, 24, MCA_LAYOUT_ROWS},      {{16, 9, 8}, 32, 18, MCA_LAYOUT_COLUMNS},
        {{17, 9, 8}, 34, 27, MCA_LAYOUT_COLUMNS},   {{64, 10, 64}, 64, 10, MCA_LAYOUT_COLUMNS},
        {{65, 10, 64}, 65, 20, MCA_LAYOUT_COLUMNS}, {{785, 20, 16}, 1570, 1000, MCA_LAYOUT_COLUMNS},
        {{5, 3, 1}, 15, 15, MCA_LAYOUT_ROWS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct shape *shape = &cases[i].shape;
        assert_int_equal(
            mca_chi_layout_of(MCA_LAYOUT_FEWEST_WORDS, shape->lanes, shape->inputs, shape->outputs),
            cases[i].fewest);
        for (unsigned layout = MCA_LAYOUT_ROWS; layout <= MCA_LAYOUT_COLUMNS; ++layout) {
            struct bench *b = build(shape, config_of(layout, 16, 1), NEAREST);
            const uint64_t words = layout == MCA_LAYOUT_ROWS ? cases[i].rows : cases[i].columns;
            uint32_t row[1024];
            int32_t code[1024];
            int32_t error[SIDE];
            for (uint32_t r = 0; r < shape->inputs; ++r) {
                row[r] = r;
                code[r] = 1;
            }
            for (uint32_t c = 0; c < shape->outputs; ++c) {
                error[c] = -1;
            }
            const struct mca_update update = {
                .count = shape->inputs, .row = row, .code = code, .error = error};
            const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
            assert_int_equal(result.words, words);
            assert_int_equal(result.cycles, words + 2 + 1 + 4);
            assert_int_equal(result.products, (uint64_t)shape->inputs * shape->outputs);
            end(b);
        }
    }
}

/* Inputs 0, 7 and 8 and errors of 0 and 8, of 16 x 9 on 8 lanes: six words by rows, with a command
 * each; four by columns, of which two have two. */
static void check_commands(unsigned layout, uint32_t access_cycles, const uint64_t cycles[3][2],
                           uint64_t words, uint64_t all_cycles) {
    static const struct shape shape = {16, 9, 8};
    static const uint32_t row[] = {0, 7, 8};
    static const int32_t code[] = {100, 100, 100};
    static const int32_t error[9] = {100, [8] = -100};
    const struct mca_update update = {.count = 3, .row = row, .code = code, .error = error};
    struct bench *b = build(&shape, config_of(layout, 16, access_cycles), NEAREST);
    const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
    assert_int_equal(result.words, words);
    assert_int_equal(result.products, 6);
    assert_int_equal(result.commands, 6);
    assert_int_equal(result.cycles, all_cycles + 2 + access_cycles + 4);
    for (uint32_t k = 0; k < 3; ++k) {
        for (uint32_t i = 0; i < 2; ++i) { /* 10,000 is one epsilon of 8,192 and 1,808 */
            assert_int_equal(b->log.pulses[row[k]][8 * i], i ? -1 : 1);
            assert_int_equal(b->log.cycle[row[k]][8 * i], cycles[k][i]);
            assert_int_equal(mca_chi_word(&b->chi, mca_chi_cell(&b->chi, row[k], 8 * i)),
                             i ? -1808 : 1808);
        }
    }
    assert_int_equal(b->log.count, 6);
    end(b);
}

static void test_chi_layout_commands_by_hand(void **state) {
    (void)state;
    static const uint64_t rows[3][2] = {{0, 1}, {2, 3}, {4, 5}};
    static const uint64_t columns[3][2] = {{0, 3}, {1, 4}, {2, 5}};
    static const uint64_t slow_rows[3][2] = {{0, 3}, {6, 9}, {12, 15}};
    static const uint64_t slow_columns[3][2] = {{0, 6}, {1, 7}, {3, 9}};
    check_commands(MCA_LAYOUT_ROWS, 1, rows, 6, 6);
    check_commands(MCA_LAYOUT_COLUMNS, 1, columns, 4, 6);
    check_commands(MCA_LAYOUT_ROWS, 3, slow_rows, 6, 18);
    check_commands(MCA_LAYOUT_COLUMNS, 3, slow_columns, 4, 12);
}

static uint64_t sequence = 7;

static uint32_t draw(uint32_t below) {
    sequence = sequence * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(sequence >> 33) % below;
}

struct factors {
    uint32_t count;
    uint32_t row[SIDE];
    int32_t code[SIDE];
    double value[SIDE];
    int32_t error[SIDE];
    double error_real[SIDE];
};

static struct mca_update draw_factors(struct factors *f, const struct shape *shape) {
    f->count = 0;
    for (uint32_t r = 0; r < shape->inputs; ++r) {
        if (draw(3) > 0) {
            f->row[f->count] = r;
            f->code[f->count] = (int32_t)draw(255) + 1;
            f->code[f->count] *= draw(4) ? 1 : -1;
            f->value[f->count] = f->code[f->count] / 256.0;
            ++f->count;
        }
    }
    for (uint32_t c = 0; c < shape->outputs; ++c) {
        f->error[c] = draw(3) > 0 ? (int32_t)draw(4095) - 2047 : 0;
        f->error_real[c] = f->error[c] / 1024.0;
    }
    return (struct mca_update){.count = f->count,
                               .row = f->row,
                               .code = f->code,
                               .value = f->value,
                               .error = f->error,
                               .error_real = f->error_real,
                               .shift = (int32_t)draw(12) - 2};
}

static void compare(const struct bench *a, const struct bench *b, const struct shape *shape) {
    for (uint32_t r = 0; r < shape->inputs; ++r) {
        for (uint32_t c = 0; c < shape->outputs; ++c) {
            const size_t in_a = mca_chi_cell(&a->chi, r, c);
            const size_t in_b = mca_chi_cell(&b->chi, r, c);
            if (a->chi.real) {
                assert_near(a->chi.real[in_a], b->chi.real[in_b], 0.0);
            } else {
                assert_int_equal(mca_chi_word(&a->chi, in_a), mca_chi_word(&b->chi, in_b));
            }
            assert_int_equal(a->log.pulses[r][c], b->log.pulses[r][c]);
        }
    }
}

/* Fixed point of 16 and of 24 bits, where bounds are known and where not, and floating point. */
static void test_chi_layout_values_are_the_same(void **state) {
    (void)state;
    static const uint32_t lanes[] = {1, 2, 8, 16, 32, 64};
    for (int i = 0; i < 300; ++i) {
        const struct shape shape = {1 + draw(SIDE), 1 + draw(SIDE), lanes[draw(6)]};
        const uint32_t bits = draw(2) ? 16 : 24;
        const int is_float = draw(4) == 0;
        struct mca_dpu_config dpu = NEAREST;
        dpu.arithmetic = is_float ? MCA_ARITHMETIC_FLOAT : MCA_ARITHMETIC_FIXED;
        struct bench *a = build(&shape, config_of(MCA_LAYOUT_ROWS, bits, 1), dpu);
        struct bench *b = build(&shape, config_of(MCA_LAYOUT_COLUMNS, bits, 1), dpu);
        for (int k = 0; k < 4; ++k) {
            struct factors factors;
            struct mca_update update = draw_factors(&factors, &shape);
            update.code_bound = draw(2) ? 255 : 0;
            update.error_bound = update.code_bound ? 2047 : 0;
            const struct mca_update_result of_a =
                is_float ? mca_chi_update_float(&a->chi, &update, &a->sink)
                         : mca_chi_update(&a->chi, &update, &a->sink);
            const struct mca_update_result of_b =
                is_float ? mca_chi_update_float(&b->chi, &update, &b->sink)
                         : mca_chi_update(&b->chi, &update, &b->sink);
            assert_int_equal(of_a.commands, of_b.commands);
            assert_int_equal(of_a.pulses, of_b.pulses);
            assert_int_equal(of_a.lost, of_b.lost);
            assert_int_equal(of_a.saturations + of_b.saturations, 0);
            assert_true(of_a.products == of_b.products || is_float);
            compare(a, b, &shape);
        }
        mca_chi_add(&a->chi, 0, shape.outputs - 1, 0.25);
        mca_chi_add(&b->chi, 0, shape.outputs - 1, 0.25);
        compare(a, b, &shape);
        end(a);
        end(b);
    }
}

/* Of errors, in floating point, those that are 0 cost nothing by columns, inputs nothing by rows. */
static void test_chi_layout_float_by_hand(void **state) {
    (void)state;
    static const struct shape shape = {16, 9, 8};
    static const uint32_t row[] = {0, 7, 8};
    static const double value[] = {0.5, 0.25, 1.0};
    static const double error[9] = {1.0, [8] = -0.5};
    const struct mca_update update = {.count = 3, .row = row, .value = value, .error_real = error};
    static const uint64_t words[] = {3 * 2, 2 * 2};
    static const uint64_t products[] = {3 * 9, 3 * 2};
    for (unsigned layout = MCA_LAYOUT_ROWS; layout <= MCA_LAYOUT_COLUMNS; ++layout) {
        struct mca_dpu_config dpu = NEAREST;
        dpu.arithmetic = MCA_ARITHMETIC_FLOAT;
        struct bench *b = build(&shape, config_of(layout, 16, 1), dpu);
        const struct mca_update_result result = mca_chi_update_float(&b->chi, &update, &b->sink);
        assert_int_equal(result.words, words[layout]);
        assert_int_equal(result.cycles, words[layout] + 2 + 1 + 4);
        assert_int_equal(result.products, products[layout]);
        assert_int_equal(result.commands, 1); /* 1.0 x 1.0 */
        assert_int_equal(b->log.pulses[8][0], 1);
        assert_near(b->chi.real[mca_chi_cell(&b->chi, 7, 8)], -0.125, 0.0);
        end(b);
    }
}

static uint32_t step(uint32_t s) {
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    return s;
}

enum { INPUTS = 45, OUTPUTS = 21, LANES = 16, SHIFT = 7 };

/* What an update adds: of outputs with an error the words with an input, in order, a random word
 * for each lane. Returns how many words there are. */
static uint64_t add_by_columns(const struct mca_update *update, uint32_t *generators,
                               int64_t sums[INPUTS][OUTPUTS]) {
    uint64_t words = 0;
    int32_t code[INPUTS] = {0};
    for (uint32_t k = 0; k < update->count; ++k) {
        code[update->row[k]] = update->code[k];
    }
    for (uint32_t c = 0; c < OUTPUTS; ++c) {
        for (uint32_t first = 0; first < INPUTS && update->error[c] != 0; first += LANES) {
            int any = 0;
            for (uint32_t r = first; r < first + LANES && r < INPUTS; ++r) {
                any |= code[r] != 0;
            }
            words += any != 0;
            for (uint32_t l = 0; l < LANES && any; ++l) {
                const uint32_t u = generators[l] = step(generators[l]);
                if (first + l < INPUTS) {
                    const int64_t product = (int64_t)code[first + l] * update->error[c];
                    sums[first + l][c] +=
                        (int64_t)floor(ldexp((double)(product + (u & ((1 << SHIFT) - 1))), -SHIFT));
                }
            }
        }
    }
    return words;
}

static void check_generators(uint32_t bits) {
    static const struct shape shape = {INPUTS, OUTPUTS, LANES};
    struct mca_dpu_config dpu = NEAREST;
    dpu.rounding = MCA_ROUND_STOCHASTIC;
    struct bench *b = build(&shape, config_of(MCA_LAYOUT_COLUMNS, bits, 1), dpu);
    int64_t sums[INPUTS][OUTPUTS] = {{0}};
    uint32_t generators[LANES];
    memcpy(generators, b->chi.state, sizeof generators);
    for (int k = 0; k < 6; ++k) {
        struct factors factors;
        struct mca_update update = draw_factors(&factors, &shape);
        update.shift = SHIFT;
        for (uint32_t i = 0; i < update.count && k == 3; ++i) {
            factors.code[i] = update.row[i] < LANES ? 0 : factors.code[i]; /* a word without any */
        }
        const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
        assert_int_equal(result.words, add_by_columns(&update, generators, sums));
    }
    for (uint32_t r = 0; r < INPUTS; ++r) {
        for (uint32_t c = 0; c < OUTPUTS; ++c) {
            const int64_t kept = mca_chi_word(&b->chi, mca_chi_cell(&b->chi, r, c));
            assert_int_equal(kept + b->log.pulses[r][c] * ((int64_t)1 << EPSILON_BITS), sums[r][c]);
        }
    }
    end(b);
}

static void test_chi_layout_generators_step_by_words_of_inputs(void **state) {
    (void)state;
    check_generators(16);
    check_generators(24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chi_layout_words_by_hand),
        cmocka_unit_test(test_chi_layout_commands_by_hand),
        cmocka_unit_test(test_chi_layout_values_are_the_same),
        cmocka_unit_test(test_chi_layout_float_by_hand),
        cmocka_unit_test(test_chi_layout_generators_step_by_words_of_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
