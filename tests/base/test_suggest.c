/* Names that were meant: the measure, and which of several names are kept. */
#include "base/suggest.h"

#include "mca_test.h"

static void test_suggest_counts_typing_errors(void **state) {
    (void)state;
    static const struct {
        const char *written;
        const char *name;
        size_t rank;
    } cases[] = {
        {"compare", "compare", 0},
        {"Compare", "compare", 0},
        {"tilerows", "tile.rows", 0},
        {"tile rows", "tile.rows", 0},
        {"mnist_mca", "mnist-mca", 0},
        {"explian", "explain", 1}, /* two exchanged */
        {"explin", "explain", 1},  /* one left out */
        {"explaiin", "explain", 1},
        {"explaim", "explain", 1},
        {"exlpian", "explain", 2},
        {"vali", "validate", 1}, /* a beginning */
        {"re", "report", MCA_NOT_MEANT},
        {"rnu", "run", 1},
        {"ran", "run", 1},
        {"rxx", "run", MCA_NOT_MEANT}, /* two of three */
        {"xplxin", "explain", 2},      /* two of six */
        {"xplxxn", "explain", MCA_NOT_MEANT},
        {"x", "y", MCA_NOT_MEANT}, /* all of it */
        {"", "run", MCA_NOT_MEANT},
        {"diff", "compare", 0}, /* another word */
        {"DIFF", "compare", 0},
        {"batch_size", "batch", 0},
        {"batchsize", "batch", 0},
        {"batch", "batch_size", 1},                     /* not the other way round: a beginning */
        {"array_size", "cols", 0},                      /* the second of two words */
        {"rate", "learning_rate", MCA_SUGGESTION_SIZE}, /* a whole word of it */
        {"ning", "learning_rate", MCA_NOT_MEANT},
        {"learning.rate", "train.learning_rate", MCA_SUGGESTION_SIZE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        if (mca_name_rank(cases[i].written, cases[i].name) != cases[i].rank) {
            fail_msg("%s for %s: %zu", cases[i].written, cases[i].name,
                     mca_name_rank(cases[i].written, cases[i].name));
        }
    }
}

/* The distance is a metric's on single edits, whatever the letters: the same both ways. */
static void test_suggest_is_the_same_both_ways(void **state) {
    (void)state;
    static const char *const words[] = {"converters", "convertres",  "cnoverters",
                                        "convarters", "converterss", "onverters"};
    enum { COUNT = sizeof words / sizeof words[0] };
    for (size_t i = 0; i < COUNT; ++i) {
        for (size_t j = 0; j < COUNT; ++j) {
            const size_t rank = mca_name_rank(words[i], words[j]);
            assert_int_equal(rank, mca_name_rank(words[j], words[i]));
            assert_true(rank <= 2);
        }
    }
}

static void test_suggest_refuses_long_texts(void **state) {
    (void)state;
    char text[2 * MCA_SUGGESTION_SIZE];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(mca_name_rank(text, text), MCA_NOT_MEANT);
    assert_int_equal(mca_name_rank("a", text), MCA_NOT_MEANT);
    text[MCA_SUGGESTION_SIZE - 1] = '\0';
    assert_int_equal(mca_name_rank(text, text), 0);
}

static void test_suggest_keeps_the_nearest(void **state) {
    (void)state;
    static const char *const names[] = {"alpha", "alpah", "alphq", "alphw", "alphe", "alphr", NULL};
    struct mca_suggestions s;
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    assert_string_equal(mca_names_suggest("alpha", names, "; is it ", "?", text), "; is it alpha?");
    assert_string_equal(mca_names_suggest("zzz", names, "; is it ", "?", text), "");
    assert_string_equal(mca_names_suggest("alph", names, "", "", text), "alpha, alpah or alphq");
    mca_suggestions_init(&s);
    mca_suggestions_take(&s, "far", 3);
    mca_suggestions_take(&s, "near", 1);
    mca_suggestions_take(&s, "near", 1); /* once */
    mca_suggestions_take(&s, "other", 1);
    mca_suggestions_take(&s, "far", 3);
    mca_suggestions_take(&s, "none", MCA_NOT_MEANT);
    assert_string_equal(mca_suggestions_text(&s, "", "", text), "near or other");
}

static void test_suggest_lists_names(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", NULL};
    char text[8];
    mca_names_text(names, text, sizeof text);
    assert_string_equal(text, "a, b");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suggest_counts_typing_errors),
        cmocka_unit_test(test_suggest_is_the_same_both_ways),
        cmocka_unit_test(test_suggest_refuses_long_texts),
        cmocka_unit_test(test_suggest_keeps_the_nearest),
        cmocka_unit_test(test_suggest_lists_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
