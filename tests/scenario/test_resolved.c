/* The resolved output: loads again to the same bytes, whatever the scenario. */
#include "mca_test.h"

#include "scenario/keys.h"
#include "scenario/load.h"
#include "scenario/random_value.h"
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
            mca_test_put_random_value(stream, &keys[i], round * MCA_KEY_MAX + i);
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
