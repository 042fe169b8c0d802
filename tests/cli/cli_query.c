/* Words that are looked for: which are taken, which texts have them. */
#include "cli/query.h"

#include "base/status.h"
#include "base/suggest.h"
#include "mca_test.h"

static struct cli_query query_of(const char *text) {
    struct cli_query query;
    memset(&query, 'x', sizeof query);
    cli_query_take(&query, &text, 1);
    return query;
}

static void test_query_takes_words(void **state) {
    (void)state;
    static const char *const texts[] = {"How  many Pulses,until a", "device_dies?", "", "the-ADC"};
    static const char *const words[] = {"pulses", "device_dies", "the-adc"};
    struct cli_query query;
    cli_query_take(&query, texts, 4);
    assert_int_equal(query.count, 3);
    for (size_t w = 0; w < 3; ++w) {
        assert_string_equal(query.words[w], words[w]);
    }
    assert_int_equal(query_of("what is the ...").count, 0);
}

/* As many words as there is room for, and letters; what goes beyond is left out. */
static void test_query_keeps_what_it_has_room_for(void **state) {
    (void)state;
    char text[128] = "";
    for (unsigned w = 0; w < 20; ++w) {
        mca_text_add(text, sizeof text, "w%02u ", w);
    }
    const struct cli_query query = query_of(text);
    assert_int_equal(query.count, CLI_QUERY_WORDS);
    assert_string_equal(query.words[CLI_QUERY_WORDS - 1], "w15");
    const char *const all[] = {"w00 w01 w02 w03 w04 w05 w06 w07", "w08 w09 w10 w11 w12 w13 w14 w15",
                               NULL};
    assert_int_equal(cli_query_has_all(&query, all), 1);
    const char *const some[] = {"w00 w01 w02 w03 w04 w05 w06 w07", "w08 w09 w10 w11 w12 w13 w14",
                                NULL};
    assert_int_equal(cli_query_has_all(&query, some), 0);
    assert_int_equal(cli_query_has_all(&query, all + 2), 0);

    char word[2 * CLI_QUERY_WORD_SIZE];
    memset(word, 'q', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const struct cli_query one = query_of(word);
    assert_int_equal(one.count, 1);
    assert_int_equal(strlen(one.words[0]), CLI_QUERY_WORD_SIZE - 1);
    assert_int_equal(cli_query_has(word, one.words[0]), 1);
}

/* Words begin as they are written, marks within them are the same, and endings do not count. */
static void test_query_finds_beginnings(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *word;
        int has;
    } cases[] = {
        {"SET pulses of a rewrite", "pulse", 1},
        {"a pulse", "pulses", 1},
        {"learning_rate", "learning-rate", 1},
        {"learning_rate", "rate", 1},
        {"learning_rate", "earning", 0},
        {"impulse", "pulse", 0},
        {"Reading", "read", 1},
        {"read", "reading", 1},
        {"lost", "loss", 0},
        {"pass", "passs", 0},
        {"glass", "glass", 1},
        {"bu", "bus", 0},
        {"bus", "bus", 1},
        {"w", "wing", 0},
        {"", "pulse", 0},
        {"tile.rows", "rows", 1},
        {"learning_rate", "lr", 1},
        {"of the learning_rate", "sgd", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        if (cli_query_has(cases[i].text, cases[i].word) != cases[i].has) {
            fail_msg("'%s' in '%s'", cases[i].word, cases[i].text);
        }
    }
}

/* The rank of the nearest word; words that say nothing are near to none. */
static void test_query_ranks_words(void **state) {
    (void)state;
    assert_int_equal(cli_query_rank("learning_rate of updates", "rate"), 0);
    assert_int_equal(cli_query_rank("learning rate", "lerning"), 1);
    assert_int_equal(cli_query_rank("updates lerning learning", "learning"), 0);
    assert_int_equal(cli_query_rank("which of them", "which"), MCA_NOT_MEANT);
    assert_int_equal(cli_query_rank("", "rate"), MCA_NOT_MEANT);
}

static void test_query_gives_its_text(void **state) {
    (void)state;
    static const char *const texts[] = {"learning", "rate of", "x"};
    char text[16];
    assert_string_equal(cli_query_text(texts, 2, text, sizeof text), "learning rate o");
    assert_string_equal(cli_query_text(texts, 1, text, sizeof text), "learning");
    assert_string_equal(cli_query_text(texts, 0, text, sizeof text), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_takes_words),
        cmocka_unit_test(test_query_keeps_what_it_has_room_for),
        cmocka_unit_test(test_query_finds_beginnings),
        cmocka_unit_test(test_query_ranks_words),
        cmocka_unit_test(test_query_gives_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
