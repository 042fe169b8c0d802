#include "dpu/pooling.h"

#include "base/rng.h"
#include "mca_test.h"
#include "vector_oracle.h"

enum { VALUES_MAX = 1 << 16, SHAPES = 300 };

static int32_t in_of[VALUES_MAX];
static int32_t out_of[VALUES_MAX];
static int32_t error_of[VALUES_MAX];
static int32_t below_of[VALUES_MAX];
static uint32_t choice_of[VALUES_MAX];
static double in_real[VALUES_MAX];
static double out_real[VALUES_MAX];
static double error_real[VALUES_MAX];
static double below_real[VALUES_MAX];

static uint32_t inputs(const struct mca_pool *p) {
    return p->in_height * p->in_width * p->channels;
}

static uint32_t outputs(const struct mca_pool *p) {
    return p->out_height * p->out_width * p->channels;
}

static struct mca_pool pool_of(uint32_t channels, uint32_t height, uint32_t width, uint32_t kernel,
                               uint32_t stride, uint32_t padding) {
    return (struct mca_pool){.channels = channels,
                             .in_height = height,
                             .in_width = width,
                             .out_height = (height + 2 * padding - kernel) / stride + 1,
                             .out_width = (width + 2 * padding - kernel) / stride + 1,
                             .kernel = kernel,
                             .stride = stride,
                             .padding = padding};
}

static uint32_t below(uint64_t place, uint32_t draw, uint32_t bound) {
    uint32_t words[4];
    mca_rng_words(mca_rng_stream(3, MCA_RNG_SYNTHETIC), place, 0, draw, words);
    return mca_rng_below(words[0], words[1], bound);
}

/* All kinds: one channel to 40, windows that overlap, touch or leave gaps, padding or none, kernels
 * as large as the image with its padding. */
static struct mca_pool random_pool(uint64_t number) {
    const uint32_t kernel = 1 + below(number, 1, number % 10 == 0 ? 31 : 5);
    const uint32_t padding = below(number, 2, kernel);
    const uint32_t least = kernel > 2 * padding ? kernel - 2 * padding : 1;
    return pool_of(1 + below(number, 3, 40), least + below(number, 4, 9),
                   least + below(number, 5, 9), kernel, 1 + below(number, 6, 6), padding);
}

/* Whether a place of a window lies in the image, and then which value it is. */
static int value_at(const struct mca_pool *p, uint32_t output, uint32_t place, uint32_t *value) {
    const int64_t c = output % p->channels;
    const int64_t ox = output / p->channels % p->out_width;
    const int64_t oy = output / p->channels / p->out_width;
    const int64_t y = oy * p->stride - p->padding + place / p->kernel;
    const int64_t x = ox * p->stride - p->padding + place % p->kernel;
    *value = (uint32_t)((y * p->in_width + x) * p->channels + c);
    return y >= 0 && y < p->in_height && x >= 0 && x < p->in_width;
}

/* Codes of few values, so that there are ties, or of `bits`, of either sign or not. */
static void fill(const struct mca_pool *p, uint64_t number, uint32_t bits) {
    const int32_t range = number % 3 == 0 ? 3 : 1 << bits;
    const int32_t low = number % 2 ? 1 - range : 0;
    for (uint32_t i = 0; i < inputs(p); ++i) {
        const uint32_t count = (uint32_t)(range - low);
        in_of[i] = low + (int32_t)below(1000 * number + i, 7, count);
        in_real[i] = in_of[i];
        below_of[i] = (int32_t)(i % 7);
        below_real[i] = below_of[i];
    }
    for (uint32_t i = 0; i < outputs(p); ++i) {
        error_of[i] = (int32_t)below(1000 * number + i, 8, 65535) - 32767;
        error_real[i] = error_of[i];
    }
}

static void check_max(const struct mca_pool *p) {
    static int64_t wanted[VALUES_MAX];
    mca_max_pool(p, in_of, out_of, choice_of);
    for (uint32_t i = 0; i < inputs(p); ++i) {
        wanted[i] = below_of[i];
    }
    for (uint32_t o = 0; o < outputs(p); ++o) {
        int found = 0;
        uint32_t first = 0;
        for (uint32_t place = 0; place < p->kernel * p->kernel; ++place) {
            uint32_t value;
            if (value_at(p, o, place, &value) && (!found || in_of[value] > in_of[first])) {
                found = 1;
                first = value;
            }
        }
        assert_int_equal(out_of[o], in_of[first]);
        assert_int_equal(choice_of[o], first);
        wanted[first] += error_of[o];
    }
    mca_max_pool_back(choice_of, outputs(p), error_of, below_of);
    for (uint32_t i = 0; i < inputs(p); ++i) {
        assert_int_equal(below_of[i], wanted[i]);
    }
    memset(choice_of, 255, sizeof choice_of);
    mca_max_pool_real(p, in_real, out_real, choice_of);
    mca_max_pool_back_real(choice_of, outputs(p), error_real, below_real);
    for (uint32_t o = 0; o < outputs(p); ++o) {
        assert_near(out_real[o], out_of[o], 0.0);
    }
    for (uint32_t i = 0; i < inputs(p); ++i) {
        assert_near(below_real[i], (double)wanted[i], 0.0); /* integers: exact */
    }
}

/* Of random shapes and codes: the first of the largest, and the errors where those came from. */
static void test_pooling_max_is_the_first_of_the_largest(void **state) {
    (void)state;
    for (uint64_t number = 0; number < SHAPES; ++number) {
        const struct mca_pool p = random_pool(number);
        fill(&p, number, 8 + (uint32_t)(number % 9));
        check_max(&p);
    }
}

/* The reciprocal of the table of widths: 2^15 .. 2^16 - 1, over 2^(15 + *shift). */
static int64_t oracle_reciprocal(int64_t count, int *shift) {
    *shift = 0;
    while (((int64_t)1 << *shift) < count) {
        ++*shift;
    }
    return oracle_divide((int64_t)1 << (15 + *shift), count);
}

static void check_avg(const struct mca_pool *p, uint32_t bits) {
    static int64_t wanted[VALUES_MAX];
    int shift;
    const int64_t count = (int64_t)p->kernel * p->kernel;
    const int64_t reciprocal = oracle_reciprocal(count, &shift);
    mca_avg_pool(p, bits, in_of, out_of);
    mca_avg_pool_real(p, in_real, out_real);
    assert_int_equal(mca_avg_pool_shift(p), shift);
    for (uint32_t i = 0; i < inputs(p); ++i) {
        wanted[i] = below_of[i];
    }
    for (uint32_t o = 0; o < outputs(p); ++o) {
        int64_t sum = 0;
        for (uint32_t place = 0; place < count; ++place) {
            uint32_t value;
            if (value_at(p, o, place, &value)) {
                sum += in_of[value];
                wanted[value] += oracle_divide(error_of[o] * reciprocal, 1 << 15);
            }
        }
        int over;
        const int64_t average = oracle_divide(sum * reciprocal, (int64_t)1 << (15 + shift));
        assert_int_equal(out_of[o], oracle_scale(average, 0, (1 << bits) - 1, &over));
        assert_near(out_real[o], (double)sum / (double)count, 1e-10);
        const int is_power = ((int64_t)1 << shift) == count;
        assert_near(out_of[o], out_real[o], 0.5 + (is_power ? 1e-10 : ldexp(1.0, (int)bits - 16)));
    }
    mca_avg_pool_back(p, error_of, below_of);
    for (uint32_t i = 0; i < inputs(p); ++i) {
        assert_int_equal(below_of[i], wanted[i]);
    }
}

/* Of random shapes and codes: sums times the reciprocal, errors spread alike, to the bit; and near
 * the plain average. */
static void test_pooling_average_equals_the_table_of_widths(void **state) {
    (void)state;
    for (uint64_t number = 0; number < SHAPES; ++number) {
        const struct mca_pool p = random_pool(number);
        const uint32_t bits = 8 + (uint32_t)(number % 9);
        fill(&p, number, bits);
        check_avg(&p, bits);
    }
}

/* The way back is the transpose of the way there: error . average(in) = in . spread(error); for a
 * power of two in integers, every unit of it, and otherwise in floating point. */
static void test_pooling_average_back_is_the_transpose(void **state) {
    (void)state;
    for (uint64_t number = 0; number < 60; ++number) {
        const struct mca_pool p = random_pool(number);
        fill(&p, number, 12);
        memset(below_real, 0, sizeof below_real);
        mca_avg_pool_real(&p, in_real, out_real);
        mca_avg_pool_back_real(&p, error_real, below_real);
        double there = 0.0;
        double back = 0.0;
        double size = 0.0;
        for (uint32_t o = 0; o < outputs(&p); ++o) {
            there += error_real[o] * out_real[o];
            size += fabs(error_real[o] * out_real[o]);
        }
        for (uint32_t i = 0; i < inputs(&p); ++i) {
            back += below_real[i] * in_real[i];
        }
        assert_near(back, there, 1e-11 * (size + 1.0));
    }
}

static void test_pooling_powers_of_two_lose_nothing_on_the_way_back(void **state) {
    (void)state;
    for (uint32_t kernel = 1; kernel <= 16; kernel *= 2) {
        const struct mca_pool p = pool_of(3, 19, 17, kernel, 1 + kernel / 3, 0);
        fill(&p, kernel, 8);
        memset(below_of, 0, sizeof below_of);
        mca_avg_pool_back(&p, error_of, below_of);
        int64_t given = 0;
        int64_t got = 0;
        for (uint32_t o = 0; o < outputs(&p); ++o) {
            given += (int64_t)error_of[o] * kernel * kernel;
        }
        for (uint32_t i = 0; i < inputs(&p); ++i) {
            got += below_of[i];
        }
        assert_int_equal(1u << mca_avg_pool_shift(&p), kernel * kernel);
        assert_int_equal(got, given);
    }
}

/* By hand, 2 x 2 values and a place of padding around them: the largest is never a 0 of the
 * padding, the average is over all nine places, a half rounds away from zero. */
static void test_pooling_padding_is_passed_over_or_counted(void **state) {
    (void)state;
    const struct mca_pool p = pool_of(1, 2, 2, 3, 2, 1);
    const int32_t in[4] = {-9, -7, -20, -9};
    int32_t out[1];
    uint32_t choice[1];
    assert_int_equal(p.out_height, 1);
    mca_max_pool(&p, in, out, choice);
    assert_int_equal(out[0], -7);
    assert_int_equal(choice[0], 1);
    mca_avg_pool(&p, 8, in, out);
    assert_int_equal(out[0], -5); /* -45 / 9 */
    const struct mca_pool two = pool_of(1, 2, 2, 2, 2, 0);
    const int32_t halves[4] = {-1, 0, -1, 0};
    mca_avg_pool(&two, 8, halves, out);
    assert_int_equal(out[0], -1);
}

/* The largest average stays a code where the reciprocal is above 1 / count. */
static void test_pooling_averages_stay_codes(void **state) {
    (void)state;
    for (uint32_t kernel = 1; kernel <= 31; ++kernel) {
        const struct mca_pool p = pool_of(1, kernel, kernel, kernel, 1, 0);
        for (uint32_t i = 0; i < kernel * kernel; ++i) {
            in_of[i] = -65535;
        }
        mca_avg_pool(&p, 16, in_of, out_of);
        assert_in_range(-out_of[0], 65534, 65535);
    }
}

/* Raw errors saturate on both sides, and not before. */
static void test_pooling_errors_saturate(void **state) {
    (void)state;
    const uint32_t choice[] = {0, 0, 1, 1, 2, 2};
    const int32_t error[] = {INT32_MAX, 1, -INT32_MAX, -5, INT32_MAX - 3, 2};
    int32_t got[3] = {0, 0, 1};
    mca_max_pool_back(choice, 6, error, got);
    assert_int_equal(got[0], INT32_MAX);
    assert_int_equal(got[1], -INT32_MAX);
    assert_int_equal(got[2], INT32_MAX);
    const struct mca_pool p = pool_of(1, 1, 3, 1, 1, 0);
    int32_t shares[3] = {1, -1, -1};
    const int32_t errors[3] = {INT32_MAX, -INT32_MAX, INT32_MAX};
    mca_avg_pool_back(&p, errors, shares);
    assert_int_equal(shares[0], INT32_MAX);
    assert_int_equal(shares[1], -INT32_MAX);
    assert_int_equal(shares[2], INT32_MAX - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pooling_max_is_the_first_of_the_largest),
        cmocka_unit_test(test_pooling_average_equals_the_table_of_widths),
        cmocka_unit_test(test_pooling_average_back_is_the_transpose),
        cmocka_unit_test(test_pooling_powers_of_two_lose_nothing_on_the_way_back),
        cmocka_unit_test(test_pooling_padding_is_passed_over_or_counted),
        cmocka_unit_test(test_pooling_averages_stay_codes),
        cmocka_unit_test(test_pooling_errors_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
