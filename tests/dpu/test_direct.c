/*
 * transfer.mode direct: each product becomes pulses at once, without chi. Its bits are those of the
 * rule in test_update_kernels.c; here its means, its bound, its cycles, and floating point.
 */
#include <math.h>

#include "dpu/chi.h"
#include "dpu/lfsr.h"
#include "mca_test.h"

enum { ROWS = 6, COLS = 37, LANES = 16, WORDS = 3, MAX_PULSES = 3, FRAC = 13 };

struct log {
    uint64_t commands;
    uint64_t magnitude;
    int64_t pulses[ROWS][COLS];
    int32_t largest;
    uint64_t cycle[ROWS][COLS]; /* in which the last was ready */
};

static void record(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    struct log *log = user;
    ++log->commands;
    log->magnitude += (uint64_t)abs(pulses);
    log->largest = abs(pulses) > log->largest ? abs(pulses) : log->largest;
    log->pulses[row][col] += pulses;
    log->cycle[row][col] = cycle;
}

struct bench {
    struct mca_arena arena;
    struct mca_chi chi;
    struct log log;
    struct mca_pulse_sink sink;
    uint32_t row[ROWS];
    int32_t code[ROWS];
    double value[ROWS];
    int32_t error[COLS];
    double error_real[COLS];
};

static void build(struct bench *b, unsigned arithmetic) {
    memset(b, 0, sizeof *b);
    const struct mca_chi_config chi = {16, FRAC,           1, 1, 4, MCA_ACCUMULATE_POSITION,
                                       0,  MCA_LAYOUT_ROWS}; /* a memory that would be slow */
    const struct mca_dpu_config dpu = {
        arithmetic,      MCA_ROUND_NEAREST, 16, 12, LANES, 1000000000u, MCA_COMPENSATION_NONE,
        MCA_UNITS_SHARED};
    const struct mca_transfer_config transfer = {0.77, MAX_PULSES, 1, 16, MCA_TRANSFER_DIRECT};
    struct mca_error error;
    assert_int_equal(
        mca_chi_init(&b->chi, &b->arena, &chi, &dpu, &transfer, ROWS, COLS, 1, 0, &error), MCA_OK);
    b->sink = (struct mca_pulse_sink){&b->log, record};
    for (uint32_t r = 0; r < ROWS; ++r) {
        b->row[r] = r;
        b->code[r] = (int32_t)(r * 41 % 255) + 1;
        b->value[r] = (r % 2 ? -1.0 : 1.0) * (r + 1) / ROWS;
    }
    for (uint32_t c = 0; c < COLS; ++c) {
        b->error[c] = (int32_t)(c * 977 % 4095) - 2047;
        b->error_real[c] = ((double)c - 17.5) / 20.0;
    }
}

static struct mca_update update_of(const struct bench *b, int32_t shift) {
    return (struct mca_update){.count = ROWS,
                               .row = b->row,
                               .code = b->code,
                               .value = b->value,
                               .error = b->error,
                               .error_real = b->error_real,
                               .shift = shift};
}

/* The mean of N draws is the exact product, in pulses, within 3 standard errors for all of a sign
 * together and 4.5 for each of the 222: a draw has the variance f (1 - f) of its fraction f. */
static void expect_means(const struct bench *b, double exact[ROWS][COLS], int draws) {
    double miss[2] = {0.0, 0.0}; /* of the positive, of the negative */
    double variance[2] = {0.0, 0.0};
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            const double fraction = exact[r][c] - floor(exact[r][c]);
            const double each = draws * fraction * (1.0 - fraction);
            const double off = (double)b->log.pulses[r][c] - draws * exact[r][c];
            const int side = exact[r][c] < 0.0;
            assert_near(off, 0.0, 4.5 * sqrt(each) + 1e-6);
            miss[side] += off;
            variance[side] += each;
        }
    }
    for (int side = 0; side < 2; ++side) {
        assert_true(variance[side] > 100.0);
        assert_near(miss[side], 0.0, 3.0 * sqrt(variance[side]));
    }
}

/* Shifts to whole pulses of 18 and 19 are served in rows, 31 and 34 word by word, the last beyond
 * the generator's bits; products reach 2^18.6, larger ones for the larger shifts. */
static void test_direct_means_are_the_products(void **state) {
    (void)state;
    static const int32_t whole_pulses[] = {18, 19, 31, 34};
    enum { N = 4000 };
    for (size_t i = 0; i < 4; ++i) {
        struct bench *b = malloc(sizeof *b);
        build(b, MCA_ARITHMETIC_FIXED);
        const int32_t up = whole_pulses[i] > 30 ? 4096 : 1;
        double exact[ROWS][COLS];
        for (uint32_t r = 0; r < ROWS; ++r) {
            b->code[r] *= up;
            for (uint32_t c = 0; c < COLS; ++c) {
                exact[r][c] = ldexp((double)b->code[r] * b->error[c], -whole_pulses[i]);
            }
        }
        const struct mca_update update = update_of(b, whole_pulses[i] - FRAC);
        for (int n = 0; n < N; ++n) {
            const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
            assert_int_equal(result.pulses_lost, 0);
            assert_int_equal(result.lost, 0);
        }
        expect_means(b, exact, N);
        mca_arena_deinit(&b->arena);
        free(b);
    }
}

static void test_direct_means_are_the_products_in_float(void **state) {
    (void)state;
    enum { N = 4000 };
    struct bench *b = malloc(sizeof *b);
    build(b, MCA_ARITHMETIC_FLOAT);
    double exact[ROWS][COLS];
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            exact[r][c] = b->value[r] * b->error_real[c];
        }
    }
    const struct mca_update update = update_of(b, 0);
    for (int n = 0; n < N; ++n) {
        (void)mca_chi_update_float(&b->chi, &update, &b->sink);
    }
    expect_means(b, exact, N);
    mca_arena_deinit(&b->arena);
    free(b);
}

/* Products of whole pulses, here 4 to 508 times the sign of their errors, leave nothing to chance:
 * commands of 3 pulses each, and all that is beyond counted as lost. */
static void test_direct_bound_and_conservation(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    build(b, MCA_ARITHMETIC_FIXED);
    uint64_t wanted = 0;
    int64_t sum = 0;
    for (uint32_t c = 0; c < COLS; ++c) {
        b->error[c] = c % 3 == 0 ? 0 : c % 3 == 1 ? 1024 : -1024;
    }
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            const int64_t pulses = b->code[r] * b->error[c] / 512;
            wanted += (uint64_t)llabs(pulses);
            sum += pulses > MAX_PULSES ? MAX_PULSES : pulses < -MAX_PULSES ? -MAX_PULSES : pulses;
        }
    }
    const struct mca_update update = update_of(b, 9 - FRAC);
    const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
    int64_t sent = 0;
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            sent += b->log.pulses[r][c];
        }
    }
    assert_int_equal(b->log.largest, MAX_PULSES);
    assert_int_equal(sent, sum);
    assert_int_equal(result.commands, b->log.commands);
    assert_int_equal(result.pulses, b->log.magnitude);
    assert_int_equal(result.pulses + result.pulses_lost, wanted);
    assert_true(result.pulses_lost > 1000);
    assert_int_equal(result.saturations, 0);
    /* nothing was kept: an update of no errors sends nothing, the same one sends the same */
    const struct mca_update_result again = mca_chi_update(&b->chi, &update, &b->sink);
    assert_int_equal(again.pulses, result.pulses);
    memset(b->error, 0, sizeof b->error);
    assert_int_equal(mca_chi_update(&b->chi, &update, &b->sink).commands, 0);
    mca_arena_deinit(&b->arena);
    free(b);
}

/* A word a cycle however slow chi would be, and 6 to fill and drain; a word with more commands
 * takes as many. */
static void test_direct_cycles(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    build(b, MCA_ARITHMETIC_FIXED);
    memset(b->error, 0, sizeof b->error);
    b->error[3] = b->error[4] = b->error[5] = 1024;
    b->error[20] = 1;
    for (uint32_t r = 0; r < ROWS; ++r) {
        b->code[r] = 1;
    }
    struct mca_update update = update_of(b, 9 - FRAC); /* two pulses in three columns, always */
    update.count = 2;
    b->error[20] = 512;
    const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
    assert_int_equal(result.words, 2 * 2);
    assert_int_equal(result.commands, 2 * 4);
    assert_int_equal(result.cycles, 2 * (3 + 1) + 6);
    static const uint64_t cycles[2][4] = {{0, 1, 2, 3}, {4, 5, 6, 7}};
    for (uint32_t r = 0; r < 2; ++r) {
        assert_int_equal(b->log.cycle[r][3], cycles[r][0]);
        assert_int_equal(b->log.cycle[r][4], cycles[r][1]);
        assert_int_equal(b->log.cycle[r][5], cycles[r][2]);
        assert_int_equal(b->log.cycle[r][20], cycles[r][3]);
    }
    memset(b->error, 0, sizeof b->error);
    b->error[36] = 1;
    update.shift = 40 - FRAC; /* no pulse comes */
    assert_int_equal(mca_chi_update(&b->chi, &update, &b->sink).cycles, 2 + 6);
    mca_arena_deinit(&b->arena);
    free(b);
}

/* Pulses of floating-point products are floor(product + u / 2^32), u each lane's own generator,
 * one step a word; rows are served whole. */
static void test_direct_float_follows_the_rule(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    build(b, MCA_ARITHMETIC_FLOAT);
    b->error_real[30] = 40.0; /* cut off in every row */
    uint32_t generators[LANES];
    memcpy(generators, b->chi.state, sizeof generators);
    const struct mca_update update = update_of(b, 0);
    const struct mca_update_result result = mca_chi_update_float(&b->chi, &update, &b->sink);
    uint64_t lost = 0;
    uint64_t cycles = 6;
    for (uint32_t r = 0; r < ROWS; ++r) {
        uint64_t commands = 0;
        for (uint32_t c = 0; c < WORDS * LANES; ++c) {
            uint32_t *u = &generators[c % LANES];
            *u = mca_lfsr_next(*u);
            if (c >= COLS) {
                continue;
            }
            const double drawn = floor(b->value[r] * b->error_real[c] + *u / 4294967296.0);
            const double bound = fmin(fmax(drawn, -MAX_PULSES), MAX_PULSES);
            assert_int_equal(b->log.pulses[r][c], (int64_t)bound);
            lost += (uint64_t)fabs(drawn - bound);
            commands += bound != 0.0;
        }
        cycles += commands > WORDS ? commands : WORDS;
    }
    assert_memory_equal(generators, b->chi.state, sizeof generators);
    assert_true(lost > 100);
    assert_int_equal(result.pulses_lost, lost);
    assert_int_equal(result.commands, b->log.commands);
    assert_int_equal(result.pulses, b->log.magnitude);
    assert_int_equal(result.words, ROWS * WORDS);
    assert_int_equal(result.cycles, cycles);
    mca_arena_deinit(&b->arena);
    free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direct_means_are_the_products),
        cmocka_unit_test(test_direct_means_are_the_products_in_float),
        cmocka_unit_test(test_direct_bound_and_conservation),
        cmocka_unit_test(test_direct_cycles),
        cmocka_unit_test(test_direct_float_follows_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
