/* Products of matrices of 16-bit integers against plain loops, on random shapes; which SIMD path
 * runs is the machine's or MCA_SIMD's choice. */
#include "array/read/block_kernels.h"

#include "mca_test.h"

enum { LINES = 256, READS = 20, SHAPES = 400, PAST = 64 };

static uint64_t random_state = 7;

static uint32_t draw(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % below);
}

struct bench {
    int16_t value[(LINES + 1) * (LINES + PAST) + PAST];
    int16_t factor[READS * (LINES + PAST)];
    int16_t packed[LINES * (LINES + 16)];
    int32_t sum[READS * LINES + 1];
};

/* Values of all 16 bits, codes of 8 with many zeros; what lies behind `lines` counts for nothing.
 */
static struct mca_block_factors fill(struct bench *b, uint32_t lines) {
    const struct mca_block_factors by = {b->factor, lines + draw(PAST), 1 + draw(READS), lines};
    const uint32_t zeros = 1 + draw(6);
    for (size_t i = 0; i < sizeof b->value / sizeof *b->value; ++i) {
        b->value[i] = (int16_t)(draw(65535) - 32767);
    }
    for (size_t i = 0; i < sizeof b->factor / sizeof *b->factor; ++i) {
        b->factor[i] = (int16_t)(draw(zeros) == 0 ? (int32_t)draw(511) - 255 : 0);
    }
    return by;
}

static void test_block_rows_are_plain_sums(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    for (int s = 0; s < SHAPES; ++s) {
        const uint32_t lines = 1 + draw(LINES);
        const uint32_t cols = 16 * (1 + draw(LINES / 16));
        const size_t stride = cols + draw(PAST);
        const struct mca_block_factors by = fill(b, lines);
        b->sum[by.reads * cols] = 1234;
        mca_block_rows(&by, b->value, stride, cols, b->sum);
        for (uint32_t i = 0; i < by.reads; ++i) {
            for (uint32_t c = 0; c < cols; ++c) {
                int64_t wanted = 0;
                for (uint32_t k = 0; k < lines; ++k) {
                    wanted += by.factor[i * by.stride + k] * b->value[k * stride + c];
                }
                assert_int_equal(b->sum[i * cols + c], wanted);
            }
        }
        assert_int_equal(b->sum[by.reads * cols], 1234);
    }
    free(b);
}

static void test_block_cols_are_plain_sums(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    for (int s = 0; s < SHAPES; ++s) {
        const uint32_t rows = 1 + draw(LINES);
        const uint32_t cols = 1 + draw(LINES);
        const size_t stride = cols + 1 + draw(PAST - 1);
        const size_t length = ((size_t)rows + 15) / 16 * 16;
        const struct mca_block_factors by = fill(b, cols);
        assert_true(mca_block_packed(rows, cols) <= sizeof b->packed / sizeof *b->packed);
        mca_block_pack(b->value, stride, rows, cols, b->packed);
        mca_block_cols(&by, b->packed, rows, b->sum);
        for (uint32_t i = 0; i < by.reads; ++i) {
            for (uint32_t r = 0; r < rows; ++r) {
                int64_t wanted = 0;
                for (uint32_t c = 0; c < cols; ++c) {
                    wanted += by.factor[i * by.stride + c] * b->value[r * stride + c];
                }
                assert_int_equal(b->sum[i * length + r], wanted);
            }
        }
    }
    free(b);
}

static void test_block_squares_are_rounded_and_bounded(void **state) {
    (void)state;
    for (uint32_t shift = 0; shift <= 12; ++shift) {
        int16_t from[511];
        int16_t to[512] = {[511] = 77};
        for (int i = 0; i < 511; ++i) {
            from[i] = (int16_t)(i - 255);
        }
        mca_block_squares(from, 511, shift, 4095, to);
        for (int i = 0; i < 511; ++i) {
            const double wanted = floor(ldexp(from[i] * from[i], -(int)shift) + 0.5);
            assert_near(to[i], fmin(wanted, 4095.0), 0.0);
        }
        assert_int_equal(to[511], 77);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block_rows_are_plain_sums),
        cmocka_unit_test(test_block_cols_are_plain_sums),
        cmocka_unit_test(test_block_squares_are_rounded_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
