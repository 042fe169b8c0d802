/* Ranges of sums and ratios against closed forms, and against drawn errors. */
#include "cost/cost_test.h"

#include "base/rng.h"
#include "cost/made_up_library.h"
#include "cost/uncertainty.h"

/* The made-up library with every figure exact and no cause. */
static struct mca_component_library exact_library(void) {
    struct mca_component_library library = made_up_library();
    library.cause_count = 0;
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        library.figures[f].uncertainty = 1.0;
        library.figures[f].causes = 0;
    }
    return library;
}

/* Adds a cause and gives its bit. */
static uint32_t add_cause(struct mca_component_library *library, double factor) {
    library->causes[library->cause_count] = (struct mca_cause){"made up", factor, "", 0.0};
    return (uint32_t)1 << library->cause_count++;
}

static void assert_range(struct mca_range range, double low, double high) {
    assert_close(range.low, low);
    assert_close(range.high, high);
}

static void test_uncertainty_one_figure_keeps_its_factor(void **state) {
    (void)state;
    static const double factors[] = {1.0, 1.1, 2.0, 4.0, 1000.0};
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; ++i) {
        struct mca_component_library library = exact_library();
        library.figures[MCA_ENTRY_ADC_CCO].uncertainty = factors[i];
        struct mca_shares shares = {{[MCA_ENTRY_ADC_CCO] = 8.0}};
        assert_range(mca_sum_range(&library, &shares, 8.0), 8.0 / factors[i], 8.0 * factors[i]);
    }
}

/* Up by 5 and down by 2 of its own, up by 4 and down by 1.5 with a cause. */
static void test_uncertainty_reaches_unequally_far(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    library.figures[MCA_ENTRY_ADC_CCO].uncertainty = 5.0;
    library.figures[MCA_ENTRY_ADC_CCO].uncertainty_down = 2.0;
    const struct mca_shares all = {{[MCA_ENTRY_ADC_CCO] = 6.0}};
    assert_range(mca_sum_range(&library, &all, 6.0), 3.0, 30.0);
    /* a ratio to an exact figure moves alike, a reciprocal the other way round */
    const struct mca_shares exact = {{[MCA_ENTRY_PCM_SET] = 2.0}};
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    uint32_t count = mca_ratio_errors(&library, &all, 6.0, &exact, 2.0, sources);
    assert_range(mca_range_of(3.0, sources, count, MCA_ERRORS_ALL), 1.5, 15.0);
    count = mca_ratio_errors(&library, &exact, 2.0, &all, 6.0, sources);
    assert_range(mca_range_of(1.0 / 3.0, sources, count, MCA_ERRORS_ALL), 1.0 / 15.0, 2.0 / 3.0);
    library.figures[MCA_ENTRY_ADC_CCO].causes = add_cause(&library, 4.0);
    library.causes[0].factor_down = 1.5;
    assert_range(mca_sum_range(&library, &all, 6.0), 6.0 / (1.0 + sqrt(1.0 + 0.25)),
                 6.0 * (1.0 + sqrt(16.0 + 9.0)));
}

/* What can only be more moves a ratio one way. */
static void test_uncertainty_reaches_one_way(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    library.figures[MCA_ENTRY_ADC_CCO].uncertainty = 5.0;
    library.figures[MCA_ENTRY_ADC_CCO].uncertainty_down = 1.0;
    const struct mca_shares all = {{[MCA_ENTRY_ADC_CCO] = 6.0}};
    const struct mca_shares exact = {{[MCA_ENTRY_PCM_SET] = 2.0}};
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    assert_range(mca_sum_range(&library, &all, 6.0), 6.0, 30.0);
    uint32_t count = mca_ratio_errors(&library, &all, 6.0, &exact, 2.0, sources);
    assert_range(mca_range_of(3.0, sources, count, MCA_ERRORS_ALL), 3.0, 15.0);
    count = mca_ratio_errors(&library, &exact, 2.0, &all, 6.0, sources);
    assert_range(mca_range_of(1.0 / 3.0, sources, count, MCA_ERRORS_ALL), 1.0 / 15.0, 1.0 / 3.0);
}

/* Static power that follows conversions is off by as much as they are, and with what they are off
 * with; area and other figures are not. */
static void test_uncertainty_of_conversions_is_that_of_their_power(void **state) {
    (void)state;
    const uint32_t power = mca_figure_static(MCA_PART_ADC_SAR);
    const uint32_t area = mca_figure_area(MCA_PART_ADC_SAR);
    struct mca_component_library library = exact_library();
    library.figures[MCA_ENTRY_ADC_SAR].uncertainty = 2.0;
    library.figures[MCA_ENTRY_ADC_SAR].causes = add_cause(&library, 3.0);
    struct mca_shares shares = {{[MCA_ENTRY_ADC_SAR] = 1.0}};
    shares.of[power] = 3.0;
    shares.of[mca_figure_static(MCA_PART_ADC_CCO)] = 4.0;
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    assert_int_equal(mca_sum_errors(&library, &shares, 8.0, sources), 2);
    assert_close(sources[0].share, 1.0); /* a power of its own */
    assert_close(sources[1].share, 1.0);
    library.figures[power].law = MCA_LAW_CONVERSION;
    library.figures[area].law = MCA_LAW_CONVERSION;
    assert_int_equal(mca_sum_errors(&library, &shares, 8.0, sources), 2);
    assert_close(sources[0].share, 4.0);
    assert_close(sources[1].share, 4.0);
    shares = (struct mca_shares){{0}};
    shares.of[area] = 5.0;
    assert_range(mca_sum_range(&library, &shares, 5.0), 5.0, 5.0);
}

/* A figure that is part of a sum moves its part alone. */
static void test_uncertainty_moves_only_the_share(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    library.figures[MCA_ENTRY_ADC_CCO].uncertainty = 2.0;
    const struct mca_shares shares = {{[MCA_ENTRY_ADC_CCO] = 6.0, [MCA_ENTRY_PCM_SET] = 4.0}};
    assert_range(mca_sum_range(&library, &shares, 10.0), 4.0 + 3.0, 4.0 + 12.0);
}

/* To first order, independent errors add in squares: 3 % of 1 and 4 % of 1 are 5 %. What is left
 * out is of second order, below 0.05^2. */
static void test_uncertainty_small_errors_add_in_squares(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    library.figures[MCA_ENTRY_ADC_CCO].uncertainty = 1.03;
    library.figures[mca_figure_static(MCA_PART_SRAM_BIT)].uncertainty = 1.04;
    struct mca_shares shares = {{[MCA_ENTRY_ADC_CCO] = 1.0}};
    shares.of[mca_figure_static(MCA_PART_SRAM_BIT)] = 1.0;
    const struct mca_range range = mca_sum_range(&library, &shares, 2.0);
    assert_close(range.high, 2.0 + 0.05);
    assert_near(range.low, 2.0 - 0.05, 0.05 * 0.05);
    assert_true(range.low > 2.0 - 0.07); /* what adding the errors themselves would give */
}

/* Ten figures that one cause moves together are as uncertain as one. */
static void test_uncertainty_a_cause_moves_its_figures_together(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    const uint32_t cause = add_cause(&library, 3.0);
    struct mca_shares shares = {{0.0}};
    double value = 0.0;
    for (uint32_t f = 0; f < 10; ++f) {
        library.figures[f].causes = cause;
        shares.of[f] = f + 1.0;
        value += shares.of[f];
    }
    assert_range(mca_sum_range(&library, &shares, value), value / 3.0, value * 3.0);
    /* independent errors of the same size shrink in the sum */
    for (uint32_t f = 0; f < 10; ++f) {
        library.figures[f].causes = 0;
        library.figures[f].uncertainty = 3.0;
    }
    const struct mca_range range = mca_sum_range(&library, &shares, value);
    assert_true(range.low > value / 2.0 && range.high < value * 2.0);
}

/* Own error of factor 2, a cause of factor 3: 1 + sqrt(1^2 + 2^2) together. */
static void test_uncertainty_kinds_split(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    library.figures[MCA_ENTRY_SRAM_READ].uncertainty = 2.0;
    library.figures[MCA_ENTRY_SRAM_READ].causes = add_cause(&library, 3.0);
    const struct mca_shares shares = {{[MCA_ENTRY_SRAM_READ] = 12.0}};
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count = mca_sum_errors(&library, &shares, 12.0, sources);
    assert_int_equal(count, 2);
    assert_range(mca_range_of(12.0, sources, count, MCA_ERRORS_INDEPENDENT), 6.0, 24.0);
    assert_range(mca_range_of(12.0, sources, count, MCA_ERRORS_COMMON), 4.0, 36.0);
    assert_range(mca_range_of(12.0, sources, count, MCA_ERRORS_ALL), 12.0 / (1.0 + sqrt(5.0)),
                 12.0 * (1.0 + sqrt(5.0)));
}

/* Figures first, then causes; what moves nothing is not listed. */
static void test_uncertainty_lists_what_moves_a_sum(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    (void)add_cause(&library, 5.0); /* moves nothing here */
    const uint32_t cause = add_cause(&library, 3.0);
    library.figures[MCA_ENTRY_SRAM_READ].uncertainty = 2.0;
    library.figures[MCA_ENTRY_SRAM_READ].causes = cause;
    library.figures[MCA_ENTRY_SRAM_WRITE].causes = cause;
    library.figures[MCA_ENTRY_SIGMOID].uncertainty = 2.0; /* of no share */
    const struct mca_shares shares = {
        {[MCA_ENTRY_SRAM_READ] = 2.0, [MCA_ENTRY_SRAM_WRITE] = 4.0, [MCA_ENTRY_ADC_CCO] = 10.0}};
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    assert_int_equal(mca_sum_errors(&library, &shares, 16.0, sources), 2);
    assert_true(!sources[0].is_cause && sources[0].index == (uint32_t)MCA_ENTRY_SRAM_READ);
    assert_close(sources[0].share, 2.0);
    assert_close(sources[0].factor, 2.0);
    assert_close(sources[0].up, 2.0 / 16.0);
    assert_close(sources[0].down, 16.0 / 15.0 - 1.0);
    assert_true(sources[1].is_cause && sources[1].index == 1);
    assert_close(sources[1].share, 6.0);
    assert_close(sources[1].factor, 3.0);
    assert_close(sources[1].up, 12.0 / 16.0);
    assert_close(sources[1].down, 16.0 / 12.0 - 1.0);
}

static void fill_shares(struct mca_shares *shares, double *value) {
    *value = 0.0;
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        shares->of[f] = 1e-9 * (1.0 + f % 7);
        *value += shares->of[f];
    }
}

/* Even where everything is off by 1000, energies stay positive, and the value is in its range. */
static void test_uncertainty_ranges_hold_the_value(void **state) {
    (void)state;
    static const double factors[] = {1.0, 1.5, 30.0, 1000.0};
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; ++i) {
        struct mca_component_library library = exact_library();
        while (library.cause_count < (uint32_t)MCA_CAUSES_MAX) {
            (void)add_cause(&library, factors[i]);
        }
        for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
            library.figures[f].uncertainty = factors[i];
            library.figures[f].causes = 0xffff;
        }
        struct mca_shares shares;
        double value;
        fill_shares(&shares, &value);
        const struct mca_range range = mca_sum_range(&library, &shares, value);
        assert_true(range.low > 0.0 && range.low <= value);
        assert_true(range.high >= value && isfinite(range.high));
        assert_true((factors[i] == 1.0) == (range.low == value && range.high == value));
    }
}

/* Independent errors: each alone is inside the range, and all at once are outside. */
static void test_uncertainty_lies_between_one_and_all(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    struct mca_shares shares;
    double value;
    fill_shares(&shares, &value);
    double all_low = 0.0;
    double all_high = 0.0;
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        const double factor = 1.0 + (f % 5);
        library.figures[f].uncertainty = factor;
        all_low += shares.of[f] / factor;
        all_high += shares.of[f] * factor;
    }
    const struct mca_range range = mca_sum_range(&library, &shares, value);
    assert_true(all_low < range.low && range.high < all_high);
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        const double factor = library.figures[f].uncertainty;
        assert_true(range.low < value - shares.of[f] * (1.0 - 1.0 / factor));
        assert_true(range.high > value + shares.of[f] * (factor - 1.0));
    }
}

static void test_uncertainty_of_nothing_is_nothing(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_shares shares = {{0.0}};
    const struct mca_range range = mca_sum_range(&library, &shares, 0.0);
    assert_true(range.low == 0.0 && range.high == 0.0);
}

static void test_uncertainty_ratio_to_itself_is_certain(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_shares shares;
    double value;
    fill_shares(&shares, &value);
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count = mca_ratio_errors(&library, &shares, value, &shares, value, sources);
    assert_int_equal(count, 0);
    const struct mca_range range = mca_range_of(1.0, sources, count, MCA_ERRORS_ALL);
    assert_true(range.low == 1.0 && range.high == 1.0);
}

/* SRAM is half of both sums: neither its own error nor its cause moves their ratio. */
static void test_uncertainty_ratio_cancels_what_is_in_proportion(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    const struct mca_shares top = {{[MCA_ENTRY_SRAM_READ] = 4.0, [MCA_ENTRY_ADC_CCO] = 4.0}};
    const struct mca_shares bottom = {
        {[MCA_ENTRY_SRAM_READ] = 1.0, [MCA_ENTRY_FP32_MULTIPLY] = 1.0}};
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    assert_int_equal(mca_ratio_errors(&library, &top, 8.0, &bottom, 2.0, sources), 2);
    assert_int_equal(sources[0].index, MCA_ENTRY_ADC_CCO);
    assert_int_equal(sources[1].index, MCA_ENTRY_FP32_MULTIPLY);
    assert_true(!sources[0].is_cause && !sources[1].is_cause);
    /* with the converters at twice and at half their energy, 12 / 2 and 6 / 2 */
    assert_close(sources[0].up, 12.0 / 8.0 - 1.0);
    assert_close(sources[0].down, 8.0 / 6.0 - 1.0);
    /* with the products likewise, 8 / 1.5 and 8 / 3 */
    assert_close(sources[1].up, 2.0 / 1.5 - 1.0);
    assert_close(sources[1].down, 3.0 / 2.0 - 1.0);
}

/* Sums that share nothing: both errors count in full. */
static void test_uncertainty_ratio_of_strangers(void **state) {
    (void)state;
    struct mca_component_library library = exact_library();
    library.figures[MCA_ENTRY_ADC_CCO].uncertainty = 4.0;
    library.figures[MCA_ENTRY_FP32_MULTIPLY].uncertainty = 5.0;
    const struct mca_shares top = {{[MCA_ENTRY_ADC_CCO] = 6.0}};
    const struct mca_shares bottom = {{[MCA_ENTRY_FP32_MULTIPLY] = 2.0}};
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    uint32_t count = mca_ratio_errors(&library, &top, 6.0, &bottom, 2.0, sources);
    assert_int_equal(count, 2);
    /* factors 4 and 5 are changes of 3 and 4, and these together 5 */
    assert_range(mca_range_of(3.0, sources, count, MCA_ERRORS_ALL), 3.0 / 6.0, 3.0 * 6.0);
    /* a cause common to both takes itself out of the ratio */
    const uint32_t cause = add_cause(&library, 100.0);
    library.figures[MCA_ENTRY_ADC_CCO].causes = cause;
    library.figures[MCA_ENTRY_FP32_MULTIPLY].causes = cause;
    count = mca_ratio_errors(&library, &top, 6.0, &bottom, 2.0, sources);
    assert_range(mca_range_of(3.0, sources, count, MCA_ERRORS_ALL), 3.0 / 6.0, 3.0 * 6.0);
}

/* The range of b / a is that of a / b turned round. */
static void test_uncertainty_ratio_turns_round(void **state) {
    (void)state;
    const struct mca_component_library library = made_up_library();
    struct mca_shares a;
    double sum_a;
    fill_shares(&a, &sum_a);
    const struct mca_shares b = {
        {[MCA_ENTRY_SRAM_READ] = 3.0, [MCA_ENTRY_SRAM_WRITE] = 1.0, [MCA_ENTRY_ADC_CCO] = 2.0}};
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    uint32_t count = mca_ratio_errors(&library, &a, sum_a, &b, 6.0, sources);
    const struct mca_range range = mca_range_of(sum_a / 6.0, sources, count, MCA_ERRORS_ALL);
    count = mca_ratio_errors(&library, &b, 6.0, &a, sum_a, sources);
    const struct mca_range turned = mca_range_of(6.0 / sum_a, sources, count, MCA_ERRORS_ALL);
    assert_range(turned, 1.0 / range.high, 1.0 / range.low);
}

enum { DRAWN_FIGURES = 8, DRAWN_CAUSES = 2 };

/* Eight figures of 1.05 .. 1.085, two causes of 1.1 over two and three of them. */
static struct mca_component_library drawn_library(struct mca_shares *shares, double *value) {
    struct mca_component_library library = exact_library();
    const uint32_t causes[DRAWN_CAUSES] = {add_cause(&library, 1.1), add_cause(&library, 1.1)};
    memset(shares, 0, sizeof *shares);
    *value = 0.0;
    for (uint32_t f = 0; f < DRAWN_FIGURES; ++f) {
        library.figures[f].uncertainty = 1.05 + 0.005 * f;
        library.figures[f].causes = f < 2 ? causes[0] : f < 5 ? causes[1] : 0;
        shares->of[f] = 1.0 + f % 3;
        *value += shares->of[f];
    }
    return library;
}

/* The sum when every source is at its high or its low end, as the bits of `ends` say. */
static double drawn_sum(const struct mca_component_library *library,
                        const struct mca_shares *shares, uint32_t ends) {
    double sum = 0.0;
    for (uint32_t f = 0; f < DRAWN_FIGURES; ++f) {
        const struct mca_figure *figure = &library->figures[f];
        double part = shares->of[f];
        part *= ends >> f & 1 ? figure->uncertainty : 1.0 / figure->uncertainty;
        for (uint32_t c = 0; c < DRAWN_CAUSES; ++c) {
            if (figure->causes >> c & 1) {
                part *= ends >> (DRAWN_FIGURES + c) & 1 ? library->causes[c].factor
                                                        : 1.0 / library->causes[c].factor;
            }
        }
        sum += part;
    }
    return sum;
}

/*
 * Every source thrown to one of its ends by a coin. With e_i = log factor <= 0.0954 and w_i the
 * share that source i moves, to first order the sum deviates by Q = sqrt(sum (w_i e_i)^2).
 *   Deviation of the draws: sinh(e)/e < 1.002 for one source; products of two sources add less than
 *   e^2 < 0.01; and n = 100,000 draws leave 1 / sqrt(2 n) = 0.0022, of which five are 0.012.
 *   Half the range: up_i / (w_i e_i) is in 1 .. 1.05, down_i / (w_i e_i) in 0.953 .. 1 for w_i
 * below a half, and low = 1 / (1 + down) takes another Q < 0.05 from the lower half: 0.953
 * .. 1.025. So the two agree within 0.047 + 0.012 + 0.012 = 0.07. Errors that added up would
 * give 2.4 Q, and causes left out 0.7 Q.
 */
static void test_uncertainty_agrees_with_drawn_errors(void **state) {
    (void)state;
    enum { DRAWS = 100000 };
    struct mca_shares shares;
    double value;
    const struct mca_component_library library = drawn_library(&shares, &value);
    const struct mca_rng rng = mca_rng_stream(20240611, MCA_RNG_SYNTHETIC);
    double sum = 0.0;
    double squares = 0.0;
    for (uint64_t i = 0; i < DRAWS; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, 0, 0, words);
        const double deviation = drawn_sum(&library, &shares, words[0]) - value;
        sum += deviation;
        squares += deviation * deviation;
    }
    const double mean = sum / DRAWS;
    const double deviation = sqrt(squares / DRAWS - mean * mean);
    const struct mca_range range = mca_sum_range(&library, &shares, value);
    assert_near((range.high - range.low) / 2.0 / deviation, 1.0, 0.07);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uncertainty_one_figure_keeps_its_factor),
        cmocka_unit_test(test_uncertainty_reaches_unequally_far),
        cmocka_unit_test(test_uncertainty_reaches_one_way),
        cmocka_unit_test(test_uncertainty_of_conversions_is_that_of_their_power),
        cmocka_unit_test(test_uncertainty_moves_only_the_share),
        cmocka_unit_test(test_uncertainty_small_errors_add_in_squares),
        cmocka_unit_test(test_uncertainty_a_cause_moves_its_figures_together),
        cmocka_unit_test(test_uncertainty_kinds_split),
        cmocka_unit_test(test_uncertainty_lists_what_moves_a_sum),
        cmocka_unit_test(test_uncertainty_ranges_hold_the_value),
        cmocka_unit_test(test_uncertainty_lies_between_one_and_all),
        cmocka_unit_test(test_uncertainty_of_nothing_is_nothing),
        cmocka_unit_test(test_uncertainty_ratio_to_itself_is_certain),
        cmocka_unit_test(test_uncertainty_ratio_cancels_what_is_in_proportion),
        cmocka_unit_test(test_uncertainty_ratio_of_strangers),
        cmocka_unit_test(test_uncertainty_ratio_turns_round),
        cmocka_unit_test(test_uncertainty_agrees_with_drawn_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
