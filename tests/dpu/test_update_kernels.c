/*
 * The update engine against its rule (chi.h) in plain 64-bit integers, word by word: all paths of
 * its kernels, by width of chi, lanes, rounding, shift and size of the factors; and without chi,
 * where each product makes pulses at once. Which SIMD path runs is the machine's or MCA_SIMD's
 * choice.
 */
#include <stdlib.h>
#include <string.h>

#include "dpu/chi.h"
#include "dpu/lfsr.h"
#include "mca_test.h"

enum { ROWS = 23, COLS = 70, STRIDE_MAX = 128 };

struct sent {
    uint32_t row;
    uint32_t col;
    int32_t pulses;
    uint32_t cycle; /* in which it is ready */
};

struct log {
    uint32_t count;
    struct sent sent[ROWS * COLS];
};

static void record(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle) {
    struct log *log = user;
    log->sent[log->count++] = (struct sent){row, col, pulses, (uint32_t)cycle};
}

static uint64_t random_state;

static uint32_t draw(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % below);
}

static int64_t clamp(int64_t v, int64_t most) {
    return v > most ? most : v < -most ? -most : v;
}

/* A case, and the state that the rule keeps of its own. */
struct bench {
    struct mca_arena arena;
    struct mca_chi chi;
    struct log got;
    struct log wanted;
    uint32_t frac; /* of chi's units */
    int is_direct;
    uint32_t row[ROWS];
    int32_t code[ROWS];
    int32_t error[COLS];
    int32_t words[ROWS][STRIDE_MAX];
    uint32_t state[64];
};

static int64_t delta_of(const struct bench *b, int64_t product, int32_t shift, uint32_t state) {
    int64_t delta = 0;
    if (shift > 32) { /* to the generator's bits, half away from zero */
        const int64_t half = (int64_t)1 << (shift - 33);
        product =
            product < 0 ? -((-product + half) >> (shift - 32)) : (product + half) >> (shift - 32);
        shift = 32;
    }
    if (shift < 0) {
        delta = product * ((int64_t)1 << -shift);
    } else if (b->is_direct || b->chi.rounding == MCA_ROUND_STOCHASTIC) {
        delta = (product + (int64_t)(state & (((uint64_t)1 << shift) - 1))) >> shift;
    } else {
        const int64_t half = shift ? (int64_t)1 << (shift - 1) : 0;
        delta = product < 0 ? -((-product + half) >> shift) : (product + half) >> shift;
    }
    return clamp(delta, INT32_MAX);
}

/* One word of lanes: returns its cycles. */
static uint64_t word_by_rule(struct bench *b, uint32_t k, uint32_t first, int32_t shift,
                             struct mca_update_result *r) {
    const int64_t epsilon = b->is_direct ? 1 : (int64_t)1 << b->frac;
    const int64_t most = b->is_direct ? 0 : ((int64_t)1 << (b->chi.config.bits - 1)) - 1;
    uint64_t commands = 0;
    for (uint32_t l = 0; l < b->chi.lanes; ++l) {
        const uint32_t c = first + l;
        b->state[l] = mca_lfsr_next(b->state[l]);
        const int64_t product = c < COLS ? (int64_t)b->code[k] * b->error[c] : 0;
        const int64_t delta = delta_of(b, product, shift, b->state[l]);
        r->lost +=
            !b->is_direct && b->chi.rounding == MCA_ROUND_NEAREST && delta == 0 && product != 0;
        r->products += product != 0; /* codes are not 0 */
        int32_t *word = &b->words[b->row[k]][c];
        const int64_t sum = *word + delta;
        const int64_t pulses = clamp(sum / epsilon, b->chi.max_pulses);
        const int64_t rest = sum - pulses * epsilon;
        *word = (int32_t)clamp(rest, most);
        r->saturations += !b->is_direct && *word != rest;
        r->saturated += b->is_direct ? 0 : rest - *word;
        r->pulses_lost += b->is_direct ? (uint64_t)llabs(rest) : 0;
        if (pulses != 0) {
            const uint64_t cycle = r->cycles - mca_update_latency(&b->chi.config) + commands;
            b->wanted.sent[b->wanted.count++] =
                (struct sent){b->row[k], c, (int32_t)pulses, (uint32_t)cycle};
            ++commands;
            r->pulses += (uint64_t)llabs(pulses);
        }
    }
    r->commands += commands;
    const uint64_t interval = b->is_direct ? 1 : mca_chi_interval(&b->chi.config);
    return commands > interval ? commands : interval;
}

static struct mca_update_result update_by_rule(struct bench *b, uint32_t count, int32_t shift) {
    struct mca_update_result r = {.cycles = b->is_direct ? 6 : mca_update_latency(&b->chi.config)};
    if (b->is_direct && shift > 62) {
        r.products =
            mca_update_products(&(struct mca_update){.count = count, .error = b->error}, COLS);
        r.lost = r.products;
        return r;
    }
    for (uint32_t k = 0; k < count; ++k) {
        for (uint32_t first = 0; first < COLS; first += b->chi.lanes) {
            int any = 0;
            for (uint32_t c = first; c < first + b->chi.lanes && c < COLS; ++c) {
                any |= b->error[c] != 0;
            }
            if (any) {
                r.cycles += word_by_rule(b, k, first, shift, &r);
                ++r.words;
            }
        }
    }
    return r;
}

static void build(struct bench *b, uint32_t bits, uint32_t frac, uint32_t lanes, unsigned rounding,
                  unsigned mode) {
    memset(b, 0, sizeof *b);
    b->frac = frac;
    b->is_direct = mode == MCA_TRANSFER_DIRECT;
    const struct mca_chi_config chi = {
        bits, frac, 2, 1, 1 + draw(2), MCA_ACCUMULATE_POSITION, 0, MCA_LAYOUT_ROWS};
    const struct mca_dpu_config dpu = {
        MCA_ARITHMETIC_FIXED,  rounding,        16, 12, lanes, 1000000000u,
        MCA_COMPENSATION_NONE, MCA_UNITS_SHARED};
    const struct mca_transfer_config transfer = {0.77, 1 + draw(3), 1, 16, mode};
    struct mca_error error;
    assert_int_equal(
        mca_chi_init(&b->chi, &b->arena, &chi, &dpu, &transfer, ROWS, COLS, 1, 0, &error), MCA_OK);
    memcpy(b->state, b->chi.state, lanes * sizeof *b->state);
    if (b->is_direct) {
        return;
    }
    /* often below epsilon, as training leaves it; sometimes anything that fits */
    const uint32_t size = draw(4) ? 1u << frac : 1u << (bits - 1);
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            b->words[r][c] = (int32_t)draw(size) * (draw(2) ? 1 : -1);
            mca_chi_put(&b->chi, (size_t)r * b->chi.stride + c, b->words[r][c]);
        }
    }
}

static uint32_t draw_update(struct bench *b) {
    const uint32_t code_bits = 1 + draw(16); /* wider than any converter's too */
    const uint32_t error_bits = 1 + draw(15);
    uint32_t count = 0;
    for (uint32_t r = 0; r < ROWS; ++r) {
        b->row[count] = r;
        b->code[count] = (int32_t)(1 + draw((1u << code_bits) - 1));
        count += draw(3) != 0;
    }
    const uint32_t empty = draw(COLS); /* words without errors */
    for (uint32_t c = 0; c < COLS; ++c) {
        const int32_t e = (int32_t)draw(1u << error_bits) * (draw(2) ? 1 : -1);
        b->error[c] = c / b->chi.lanes == empty / b->chi.lanes ? 0 : e;
    }
    return count;
}

static void compare(struct bench *b, const struct mca_update_result *got,
                    const struct mca_update_result *wanted) {
    assert_int_equal(b->got.count, b->wanted.count);
    assert_memory_equal(b->got.sent, b->wanted.sent, b->got.count * sizeof *b->got.sent);
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS && !b->is_direct; ++c) {
            assert_int_equal(mca_chi_word(&b->chi, (size_t)r * b->chi.stride + c), b->words[r][c]);
        }
    }
    if (b->is_direct || b->chi.rounding == MCA_ROUND_STOCHASTIC) {
        assert_memory_equal(b->chi.state, b->state, b->chi.lanes * sizeof *b->state);
    }
    assert_int_equal(got->cycles, wanted->cycles);
    assert_int_equal(got->words, wanted->words);
    assert_int_equal(got->lost, wanted->lost);
    assert_int_equal(got->saturations, wanted->saturations);
    assert_int_equal(got->saturated, wanted->saturated);
    assert_int_equal(got->products, wanted->products);
    assert_int_equal(got->commands, wanted->commands);
    assert_int_equal(got->pulses, wanted->pulses);
    assert_int_equal(got->pulses_lost, wanted->pulses_lost);
}

/* An update by the engine and by the rule; what one leaves is what the next finds. */
static struct mca_update_result follow(struct bench *b, int32_t shift) {
    const uint32_t count = draw_update(b);
    const struct mca_update update = {
        .count = count, .row = b->row, .code = b->code, .error = b->error, .shift = shift};
    const struct mca_pulse_sink sink = {&b->got, record};
    b->got.count = b->wanted.count = 0;
    const struct mca_update_result got = mca_chi_update(&b->chi, &update, &sink);
    const struct mca_update_result wanted =
        update_by_rule(b, count, b->is_direct ? shift + (int32_t)b->frac : shift);
    compare(b, &got, &wanted);
    return got;
}

static void test_update_kernels_follow_the_rule(void **state) {
    (void)state;
    static const uint32_t widths[][2] = {{16, 13}, {16, 14}, {16, 15}, {12, 9},
                                         {8, 5},   {24, 21}, {30, 20}, {32, 28}};
    static const uint32_t lanes[] = {16, 16, 8, 32, 4};
    struct bench *b = malloc(sizeof *b);
    random_state = 11;
    uint64_t commands = 0;
    uint64_t saturations = 0;
    for (uint32_t i = 0; i < 3000; ++i) {
        const uint32_t w = i % 3 ? draw(8) : 0; /* every third is the reference chip's */
        const uint32_t n = i % 3 ? draw(5) : 0;
        const unsigned rounding = i % 3 && draw(2) ? MCA_ROUND_NEAREST : MCA_ROUND_STOCHASTIC;
        build(b, widths[w][0], widths[w][1], lanes[n], rounding, MCA_TRANSFER_CHI);
        for (int step = 0; step < 3; ++step) {
            const struct mca_update_result got = follow(b, (int32_t)draw(34) - 4);
            commands += got.commands;
            saturations += got.saturations;
        }
        mca_arena_deinit(&b->arena);
    }
    assert_true(commands > 10000 && saturations > 1000);
    free(b);
}

/* Shifts from products of many pulses to those beyond the generator's bits, and beyond all. */
static void test_update_kernels_follow_the_rule_without_chi(void **state) {
    (void)state;
    static const uint32_t lanes[] = {16, 16, 8, 32, 4};
    struct bench *b = malloc(sizeof *b);
    random_state = 12;
    uint64_t commands = 0;
    uint64_t lost = 0;
    uint32_t beyond = 0;
    for (uint32_t i = 0; i < 3000; ++i) {
        const uint32_t frac = draw(20);
        const uint32_t n = i % 3 ? draw(5) : 0;
        build(b, 21, frac, lanes[n], draw(2), MCA_TRANSFER_DIRECT);
        for (int step = 0; step < 3; ++step) {
            const int32_t whole = draw(4) ? 8 + (int32_t)draw(18) : (int32_t)draw(80) - 4;
            const struct mca_update_result got = follow(b, whole - (int32_t)frac);
            commands += got.commands;
            lost += got.pulses_lost;
            beyond += whole > 62;
        }
        mca_arena_deinit(&b->arena);
    }
    assert_true(commands > 10000 && lost > 1000 && beyond > 100);
    free(b);
}

/* By hand: of 3, -6, 4 and -8 over 8 the first alone is rounded to 0; rows behind the last one's
 * would add more. */
static void test_update_kernels_tell_what_rounding_loses(void **state) {
    (void)state;
    static const int32_t codes[] = {3, 4, -1, 1};
    static const int32_t errors[] = {1, -2, 0};
    struct mca_update update = {.count = 2, .code = codes, .error = errors, .shift = 3};
    assert_int_equal(mca_update_products(&update, 3), 4);
    assert_int_equal(mca_update_lost(&update, 3), 1);
    update.shift = 0;
    assert_int_equal(mca_update_lost(&update, 3), 0);
    update.shift = 63;
    assert_int_equal(mca_update_lost(&update, 3), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_update_kernels_follow_the_rule),
        cmocka_unit_test(test_update_kernels_follow_the_rule_without_chi),
        cmocka_unit_test(test_update_kernels_tell_what_rounding_loses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
