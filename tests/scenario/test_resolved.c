/* The resolved output: loads again to the same bytes, whatever the scenario. */
#include "mca_test.h"

#include <inttypes.h>

#include "base/rng.h"
#include "scenario/keys.h"
#include "scenario/load.h"
#include "scenario/resolved.h"
#include "scenario/value_text.h"

static void assert_round_trip(const struct mca_scenario *scenario) {
    static struct mca_scenario again;
    static struct mca_error error;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    mca_scenario_write(scenario, stream);
    assert_int_equal(fclose(stream), 0);
    if (mca_scenario_load_text(&again, NULL, "again.yaml", text, size, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_memory_equal(&again, scenario, sizeof again);
    free(text);
}

static void load(struct mca_scenario *scenario, const char *text) {
    assert_int_equal(mca_scenario_load_text(scenario, NULL, "first.yaml", text, strlen(text), NULL),
                     MCA_OK);
}

static void test_resolved_defaults_load_again(void **state) {
    (void)state;
    static struct mca_scenario scenario;
    load(&scenario, "");
    assert_round_trip(&scenario);
}

static uint64_t word(uint64_t place, uint32_t draw) {
    uint32_t words[4];
    mca_rng_words(mca_rng_stream(11, MCA_RNG_SYNTHETIC), place, 0, draw, words);
    return (uint64_t)words[0] << 32 | words[1];
}

static double random_in(const struct mca_key *key, uint64_t bits) {
    const double u = ((double)(bits >> 11) + 0.5) / 9007199254740992.0;
    return key->min + (key->max - key->min) * u;
}

static void append_random(FILE *stream, const struct mca_key *key, uint64_t place) {
    const uint64_t bits = word(place, 0);
    size_t choices = 0;
    uint32_t most;
    switch (key->type) {
    case MCA_KEY_U32:
    case MCA_KEY_U64:
        (void)fprintf(stream, "%.0f", floor(random_in(key, bits)));
        break;
    case MCA_KEY_F64:
        (void)fprintf(stream, "%.17g", random_in(key, bits));
        break;
    case MCA_KEY_ENUM:
        while (key->choices[choices]) {
            ++choices;
        }
        (void)fputs(key->choices[bits % choices], stream);
        break;
    case MCA_KEY_EXPONENT:
        (void)fprintf(stream, "%.17g", ldexp(1.0, ilogb(key->min) + (int)(bits % 11)));
        break;
    case MCA_KEY_SHAPE:
    case MCA_KEY_LAYERS:
    case MCA_KEY_F64_LIST:
        most = key->type == MCA_KEY_SHAPE ? 3 : key->min_items + (uint32_t)(bits % 5);
        (void)fputs("[", stream);
        for (uint32_t i = 0; i < most; ++i) {
            const double x = random_in(key, word(place, i + 1));
            (void)fprintf(stream, "%s%.17g", i ? ", " : "",
                          key->type == MCA_KEY_F64_LIST ? x : floor(x));
        }
        (void)fputs("]", stream);
        break;
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
    case MCA_KEY_LIBRARY:
    default:
        (void)fprintf(stream, "'/%" PRIx64 " \"q\\ \xc3\xa4 \xc2\xb5 # : \xe2\x82\xac'", bits);
        break;
    }
}

static void test_resolved_random_scenarios_load_again(void **state) {
    (void)state;
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (uint64_t round = 0; round < 200; ++round) {
        static struct mca_scenario scenario;
        load(&scenario, "");
        for (size_t i = 0; i < count; ++i) {
            char *text = NULL;
            size_t size = 0;
            struct mca_error error;
            FILE *stream = open_memstream(&text, &size);
            assert_non_null(stream);
            (void)fprintf(stream, "%s=", keys[i].name);
            append_random(stream, &keys[i], round * MCA_KEY_MAX + i);
            assert_int_equal(fclose(stream), 0);
            if (mca_scenario_set(&scenario, NULL, text, "--set", &error) != MCA_OK) {
                fail_msg("%s", error.message);
            }
            free(text);
        }
        assert_round_trip(&scenario);
    }
}

/* Characters that YAML takes for line breaks or byte order marks, and an empty name's default. */
static void test_resolved_escapes_odd_characters(void **state) {
    (void)state;
    static struct mca_scenario scenario;
    char text[MCA_VALUE_TEXT_SIZE];
    load(&scenario,
         "report: {name: \"a\\u2028b\\u2029c\\ufeffd\\\"e\\\\f \\U0001F600\\U0010FFFF %s\"}\n");
    assert_round_trip(&scenario);
    mca_key_format(mca_key_find("report.name"), &scenario, text, sizeof text);
    assert_non_null(strstr(text, "\\u2028b\\u2029c\\uFEFFd"));
}

static void test_resolved_hash_follows_values_not_places(void **state) {
    (void)state;
    static struct mca_scenario scenario;
    uint64_t plain;
    uint64_t other;
    load(&scenario, "dataset: {train_images: /here/images.gz}\n");
    assert_int_equal(mca_scenario_hash(&scenario, &plain, NULL), MCA_OK);
    load(&scenario, "dataset: {train_images: /elsewhere/deep/images.gz}\n");
    assert_int_equal(mca_scenario_hash(&scenario, &other, NULL), MCA_OK);
    assert_true(plain == other);
    load(&scenario, "dataset: {train_images: /here/others.gz}\n");
    assert_int_equal(mca_scenario_hash(&scenario, &other, NULL), MCA_OK);
    assert_true(plain != other);
    load(&scenario, "dataset: {train_images: /here/images.gz}\nseed: 2\n");
    assert_int_equal(mca_scenario_hash(&scenario, &other, NULL), MCA_OK);
    assert_true(plain != other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolved_defaults_load_again),
        cmocka_unit_test(test_resolved_random_scenarios_load_again),
        cmocka_unit_test(test_resolved_escapes_odd_characters),
        cmocka_unit_test(test_resolved_hash_follows_values_not_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
