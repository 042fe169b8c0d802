/* Explanations against summary.json, and against sums of what they list. */
#include "reports/explain.h"

#include "report_fixture.h"

/* summary.json's value of a key such as energy_j.by_component.adc_conversion.low */
static json_t *in_summary(json_t *root, const char *key) {
    char path[MCA_EXPLAIN_KEY_SIZE];
    (void)snprintf(path, sizeof path, "%s", key);
    for (char *c = path; *c; ++c) {
        *c = *c == '.' ? '/' : *c;
    }
    json_t *value = at(root, path);
    return json_is_object(value) ? json_object_get(value, "total") : value;
}

/* What a reader computes from the listed digits. */
static double recomputed(const struct mca_explanation *x) {
    double sum = 0.0;
    for (uint32_t t = 0; t < x->term_count; ++t) {
        const struct mca_term *term = &x->terms[t];
        sum += term->figure ? term->amount * term->each * term->times / term->over : term->value;
    }
    return sum / x->divisor;
}

static void explain_and_compare(const struct fixture *f, json_t *summary, const char *key) {
    struct mca_explanation x;
    struct mca_error error;
    if (mca_explain(&x, &f->report, key, &error) != MCA_OK) {
        fail_msg("%s: %s", key, error.message);
    }
    json_t *wanted = in_summary(summary, key);
    if (x.text) {
        assert_string_equal(x.text, json_string_value(wanted));
        return;
    }
    const double value = json_number_value(wanted);
    if (x.value != value || recomputed(&x) != value) {
        fail_msg("%s: %.17g in the summary, %.17g explained, %.17g recomputed", key, value, x.value,
                 recomputed(&x));
    }
    for (uint32_t t = 0; t < x.term_count; ++t) {
        struct mca_explanation part;
        if (x.terms[t].is_key) {
            assert_int_equal(mca_explain(&part, &f->report, x.terms[t].name, &error), MCA_OK);
            assert_true(part.value == x.terms[t].value);
        } else {
            assert_true(isnan(x.terms[t].each) == (x.terms[t].figure == NULL));
        }
    }
}

static void test_explain_reproduces_every_figure_to_the_last_digit(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *summary = load(f, "summary.json");
    char key[MCA_EXPLAIN_KEY_SIZE];
    char end[MCA_EXPLAIN_KEY_SIZE + 8];
    uint32_t count = 0;
    for (; mca_explain_key(count, key); ++count) {
        explain_and_compare(f, summary, key);
        if (strncmp(key, "energy_j.by_component.", 22) == 0) {
            for (int e = 0; e < 3; ++e) {
                static const char *const ends[] = {"total", "low", "high"};
                (void)snprintf(end, sizeof end, "%s.%s", key, ends[e]);
                explain_and_compare(f, summary, end);
            }
        }
    }
    assert_int_equal(count, 6 + 6 + MCA_COMPONENT_COUNT + MCA_BLOCK_COUNT + 2 + 3 + 6 +
                                MCA_RESOURCE_COUNT + 1 + MCA_BLOCK_COUNT);
    json_decref(summary);
}

/* No number under energy, latency and area is left without an explanation. */
static uint32_t numbers_under(json_t *value) {
    const char *key;
    json_t *child;
    uint32_t count = json_is_number(value) || json_is_string(value);
    json_object_foreach(value, key, child) {
        count += numbers_under(child);
    }
    return count;
}

static void test_explain_leaves_no_figure_out(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *summary = load(f, "summary.json");
    const uint32_t figures =
        numbers_under(at(summary, "energy_j")) + numbers_under(at(summary, "energy_other_j")) +
        numbers_under(at(summary, "latency_s")) + numbers_under(at(summary, "area_mm2"));
    uint32_t keys = 0;
    char key[MCA_EXPLAIN_KEY_SIZE];
    while (mca_explain_key(keys, key)) {
        ++keys;
    }
    /* a component has two more, the ends of its range */
    assert_int_equal(figures, keys + 2 * (MCA_COMPONENT_COUNT + MCA_BLOCK_COUNT));
    json_decref(summary);
}

static void test_explain_refuses_other_keys(void **state) {
    struct fixture *f = *state;
    static const char *const keys[] = {"",
                                       "energy_j",
                                       "energy_j.",
                                       "energy_j.by_phase.test",
                                       "energy_j.by_phase.forward.total.low",
                                       "energy_j.per_image.low",
                                       "energy_other_j.forward",
                                       "energy_j.by_component.static_",
                                       "latency_s.critical_path.init",
                                       "latency_s.utilisation.cpu",
                                       "area_mm2.by_component.chip",
                                       "accuracy.test_final"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; ++i) {
        struct mca_explanation x;
        struct mca_error error;
        if (mca_explain(&x, &f->report, keys[i], &error) != MCA_INVALID) {
            fail_msg("'%s' is explained", keys[i]);
        }
    }
}

#define EXPLAIN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        EXPLAIN_TEST(test_explain_reproduces_every_figure_to_the_last_digit),
        EXPLAIN_TEST(test_explain_leaves_no_figure_out),
        EXPLAIN_TEST(test_explain_refuses_other_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
