#include "dpu/chi.h"

#include "mca_test.h"

enum { ROWS = 6, COLS = 37 };

struct log {
    uint64_t commands;
    int64_t pulses[ROWS][COLS];
    uint64_t cycle[ROWS][COLS]; /* in which the last was ready */
};

static void record(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    struct log *log = user;
    ++log->commands;
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
    int32_t error[COLS];
};

static void build(struct bench *b, uint32_t bits, uint32_t frac, uint32_t lanes,
                  unsigned rounding) {
    memset(b, 0, sizeof *b);
    const struct mca_chi_config chi = {bits, frac,           2, 1, 1, MCA_ACCUMULATE_POSITION,
                                       0,    MCA_LAYOUT_ROWS};
    const struct mca_dpu_config dpu = {
        MCA_ARITHMETIC_FIXED,  rounding,        16, 12, lanes, 1000000000u,
        MCA_COMPENSATION_NONE, MCA_UNITS_SHARED};
    const struct mca_transfer_config transfer = {0.77, 3, 1, 16, MCA_TRANSFER_CHI};
    struct mca_error error;
    assert_int_equal(
        mca_chi_init(&b->chi, &b->arena, &chi, &dpu, &transfer, ROWS, COLS, 1, 0, &error), MCA_OK);
    b->sink = (struct mca_pulse_sink){&b->log, record};
    for (uint32_t r = 0; r < ROWS; ++r) {
        b->row[r] = r;
        b->code[r] = (int32_t)(r * 41 % 255) + 1;
    }
    for (uint32_t c = 0; c < COLS; ++c) {
        b->error[c] = (int32_t)(c * 977 % 4095) - 2047;
    }
}

static struct mca_update update_of(const struct bench *b, int32_t shift) {
    return (struct mca_update){
        .count = ROWS, .row = b->row, .code = b->code, .error = b->error, .shift = shift};
}

/* The rule of the header, word by word, in plain integers; nearest rounding. */
static void expect(int64_t *chi, int64_t *pulses, int64_t product, int32_t shift, uint32_t bits,
                   uint32_t frac) {
    const double scaled = ldexp((double)product, -shift);
    int64_t delta = (int64_t)round(scaled);
    const int64_t delta_max = ((int64_t)1 << 31) - 1;
    delta = delta > delta_max ? delta_max : delta < -delta_max ? -delta_max : delta;
    int64_t sum = *chi + delta;
    int64_t p = sum / ((int64_t)1 << frac);
    p = p > 3 ? 3 : p < -3 ? -3 : p;
    sum -= p * ((int64_t)1 << frac);
    const int64_t top = ((int64_t)1 << (bits - 1)) - 1;
    *chi = sum > top ? top : sum < -top ? -top : sum;
    *pulses += p;
}

static void test_chi_nearest_follows_the_rule(void **state) {
    (void)state;
    static const uint32_t widths[][2] = {{16, 13}, {8, 5}, {12, 11}, {24, 13}, {32, 20}, {32, 31}};
    static const uint32_t lanes[] = {1, 8, 16, 32, 64};
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; ++w) {
        for (size_t l = 0; l < sizeof lanes / sizeof lanes[0]; ++l) {
            struct bench *b = malloc(sizeof *b);
            build(b, widths[w][0], widths[w][1], lanes[l], MCA_ROUND_NEAREST);
            int64_t chi[ROWS][COLS] = {{0}};
            int64_t pulses[ROWS][COLS] = {{0}};
            for (int32_t shift = -6; shift <= 14; ++shift) {
                const struct mca_update update = update_of(b, shift);
                (void)mca_chi_update(&b->chi, &update, &b->sink);
                for (uint32_t r = 0; r < ROWS; ++r) {
                    for (uint32_t c = 0; c < COLS; ++c) {
                        expect(&chi[r][c], &pulses[r][c], (int64_t)b->code[r] * b->error[c], shift,
                               widths[w][0], widths[w][1]);
                        assert_int_equal(mca_chi_word(&b->chi, r * b->chi.stride + c), chi[r][c]);
                        assert_int_equal(b->log.pulses[r][c], pulses[r][c]);
                    }
                }
            }
            mca_arena_deinit(&b->arena);
            free(b);
        }
    }
}

/* Stochastic rounding: mean over N updates equals the exact product / 2^s within 4 standard errors;
 * a rounding error is uniform-like with variance f (1 - f) <= 1/4 for the fraction f. */
static void test_chi_stochastic_rounding_is_unbiased(void **state) {
    (void)state;
    enum { N = 2000 };
    struct bench *b = malloc(sizeof *b);
    build(b, 30, 29, 16, MCA_ROUND_STOCHASTIC);
    const struct mca_update update = update_of(b, 12);
    for (int i = 0; i < N; ++i) {
        (void)mca_chi_update(&b->chi, &update, &b->sink);
    }
    double total = 0.0;
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            const double exact = N * (double)b->code[r] * b->error[c] / 4096.0;
            const double miss = mca_chi_word(&b->chi, r * b->chi.stride + c) - exact;
            assert_near(miss, 0.0, 4.5 * sqrt(N / 4.0));
            total += miss;
        }
    }
    assert_near(total, 0.0, 3.0 * sqrt(ROWS * COLS * N / 4.0));
    mca_arena_deinit(&b->arena);
    free(b);
}

/* pulses x epsilon + chi + what saturation cut off = sum of deltas, which nearest rounding lets us
 * compute. */
static void test_chi_conserves_with_saturation(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    build(b, 8, 5, 16, MCA_ROUND_NEAREST);
    int64_t wanted = 0;
    int64_t cut = 0;
    uint64_t saturations = 0;
    for (int i = 0; i < 50; ++i) {
        const int32_t shift = 6 + i % 5;
        const struct mca_update update = update_of(b, shift);
        const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
        cut += result.saturated;
        saturations += result.saturations;
        for (uint32_t r = 0; r < ROWS; ++r) {
            for (uint32_t c = 0; c < COLS; ++c) {
                wanted += (int64_t)round(ldexp((double)b->code[r] * b->error[c], -shift));
            }
        }
    }
    int64_t got = cut;
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            got += mca_chi_word(&b->chi, r * b->chi.stride + c) + b->log.pulses[r][c] * 32;
        }
    }
    assert_true(saturations > 0);
    assert_int_equal(got, wanted);
    mca_arena_deinit(&b->arena);
    free(b);
}

/* Cycles: rows x words x interval + latency; words of zero errors cost nothing; a word with more
 * commands than it has cycles takes as many. */
static void test_chi_cycles(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    build(b, 24, 23, 16, MCA_ROUND_NEAREST);
    struct mca_update update = update_of(b, 20);
    const uint64_t latency = 2 + b->chi.config.access_cycles + 4;
    assert_int_equal(mca_chi_update(&b->chi, &update, &b->sink).cycles, ROWS * 3 + latency);
    memset(b->error + 16, 0, 16 * sizeof *b->error);
    assert_int_equal(mca_chi_update(&b->chi, &update, &b->sink).cycles, ROWS * 2 + latency);
    memset(b->error, 0, sizeof b->error);
    assert_int_equal(mca_chi_update(&b->chi, &update, &b->sink).cycles, latency);
    b->error[3] = 2047;
    b->error[4] = 2047;
    update.count = 2;
    update.shift = -16; /* both cross at once: two commands in one word of each row */
    const struct mca_update_result result = mca_chi_update(&b->chi, &update, &b->sink);
    assert_int_equal(result.commands, 4);
    assert_int_equal(result.cycles, 2 * 2 + latency);
    assert_int_equal(b->log.cycle[0][3], 0);
    assert_int_equal(b->log.cycle[0][4], 1);
    assert_int_equal(b->log.cycle[1][3], 2);
    /* with an interval of 5, both are handed over while the memory is waited for */
    b->chi.config.access_cycles = 5;
    memset(b->chi.wide, 0, ROWS * b->chi.stride * sizeof *b->chi.wide);
    const struct mca_update_result hidden = mca_chi_update(&b->chi, &update, &b->sink);
    assert_int_equal(hidden.commands, 4);
    assert_int_equal(hidden.cycles, 2 * 5 + latency + 4);
    assert_int_equal(b->log.cycle[0][4], 1);
    assert_int_equal(b->log.cycle[1][3], 5);
    const struct mca_chi_config slow = {
        16, 13, 1, 2, 3, MCA_ACCUMULATE_POSITION, 0, MCA_LAYOUT_ROWS};
    assert_int_equal(mca_chi_interval(&slow), 3);
    mca_arena_deinit(&b->arena);
    free(b);
}

/* In floating point, by hand: rows 1 and 4 of three words each; two words of chi cross the
 * threshold in row 1, one of them exactly, three in row 4, where more than three pulses are due. */
static void test_chi_float_by_hand(void **state) {
    (void)state;
    struct bench *b = calloc(1, sizeof *b);
    const struct mca_chi_config chi = {
        24, 23, 2, 1, 1, MCA_ACCUMULATE_POSITION, 0, MCA_LAYOUT_ROWS};
    const struct mca_dpu_config dpu = {
        MCA_ARITHMETIC_FLOAT, 0, 16, 12, 16, 1000000000u, MCA_COMPENSATION_NONE, MCA_UNITS_SHARED};
    const struct mca_transfer_config transfer = {0.77, 3, 1, 16, MCA_TRANSFER_CHI};
    struct mca_error error;
    assert_int_equal(
        mca_chi_init(&b->chi, &b->arena, &chi, &dpu, &transfer, ROWS, COLS, 1, 0, &error), MCA_OK);
    b->sink = (struct mca_pulse_sink){&b->log, record};
    const uint32_t rows[] = {1, 4};
    const double values[] = {0.5, -2.0};
    double errors[COLS] = {3.0, 2.0};
    errors[COLS - 1] = 1.0;
    double *low = b->chi.real + 1 * b->chi.stride;
    double *high = b->chi.real + 4 * b->chi.stride;
    high[COLS - 1] = -9.0;
    const struct mca_update update = {
        .count = 2, .row = rows, .value = values, .error_real = errors};
    const struct mca_update_result result = mca_chi_update_float(&b->chi, &update, &b->sink);
    assert_int_equal(b->log.pulses[1][0], 1);
    assert_int_equal(b->log.pulses[1][1], 1);
    assert_int_equal(b->log.pulses[4][0], -3);
    assert_int_equal(b->log.pulses[4][1], -3);
    assert_int_equal(b->log.pulses[4][COLS - 1], -3);
    assert_true(low[0] == 0.5 && low[1] == 0.0 && low[2] == 0.0 && low[COLS - 1] == 0.5);
    assert_true(high[0] == -3.0 && high[1] == -1.0 && high[COLS - 1] == -8.0);
    assert_int_equal(result.commands, 5);
    assert_int_equal(b->log.commands, 5);
    assert_int_equal(result.pulses, 1 + 1 + 3 + 3 + 3);
    assert_int_equal(result.products, 2 * COLS);
    assert_int_equal(result.words, 2 * 3);
    /* a row's commands go while its three words are served */
    assert_int_equal(result.cycles, 2 * 3 + 2 + 1 + 4);
    assert_int_equal(b->log.cycle[1][1], 1);
    assert_int_equal(b->log.cycle[4][COLS - 1], 3 + 2);
    mca_arena_deinit(&b->arena);
    free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chi_nearest_follows_the_rule),
        cmocka_unit_test(test_chi_stochastic_rounding_is_unbiased),
        cmocka_unit_test(test_chi_conserves_with_saturation),
        cmocka_unit_test(test_chi_cycles),
        cmocka_unit_test(test_chi_float_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
