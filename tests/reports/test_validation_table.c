/* Verdicts of anchors at the edges of what is allowed, and the table and JSON of made-up ones. */
#include "mca_test.h"

#include <jansson.h>

#include "reports/tables/validation.h"

/* One of every rule and every verdict; halves and quarters, so that edges are met exactly. */
static const struct mca_anchor ANCHORS[] = {
    {"first", "relative, at the edge", "A", "J", MCA_ANCHOR_PREDICTED, MCA_ANCHOR_RELATIVE, 8e-9,
     10e-9, 0.25, NULL, 0.0},
    {"first", "relative, beyond it", "A", "s", MCA_ANCHOR_CALIBRATED, MCA_ANCHOR_RELATIVE, 8.0, 5.5,
     0.25, NULL, 0.0},
    {"second", "absolute, at the edge", "A", "uS", MCA_ANCHOR_PREDICTED, MCA_ANCHOR_ABSOLUTE, 2.0,
     1.75, 0.25, NULL, 0.0},
    {"second", "absolute, beyond it", "B", "", MCA_ANCHOR_CALIBRATED, MCA_ANCHOR_ABSOLUTE, 2.0, 2.5,
     0.25, NULL, 0.0},
    {"second", "at least, just so", "B", "%", MCA_ANCHOR_PREDICTED, MCA_ANCHOR_AT_LEAST, 97.5, 97.5,
     0.0, NULL, 0.0},
    {"second", "at least, below", "B", "%", MCA_ANCHOR_PREDICTED, MCA_ANCHOR_AT_LEAST, 97.5, 97.25,
     0.0, NULL, 0.0},
    {"second", "as a page explains", "B", "x", MCA_ANCHOR_PREDICTED, MCA_ANCHOR_RELATIVE, 100.0,
     29.5, 0.625, "docs/design/published-study.md", 32.0},
    {"second", "unlike what a page explains", "B", "x", MCA_ANCHOR_PREDICTED, MCA_ANCHOR_RELATIVE,
     100.0, 28.5, 0.625, "docs/design/published-study.md", 32.0},
    {"second", "not run", "B", "uS", MCA_ANCHOR_PREDICTED, MCA_ANCHOR_ABSOLUTE, 2.0, (double)NAN,
     0.25, NULL, 0.0},
};

enum { COUNT = sizeof ANCHORS / sizeof ANCHORS[0] };

static const enum mca_verdict VERDICTS[COUNT] = {
    MCA_VERDICT_PASS, MCA_VERDICT_FAIL,      MCA_VERDICT_PASS, MCA_VERDICT_FAIL,   MCA_VERDICT_PASS,
    MCA_VERDICT_FAIL, MCA_VERDICT_EXPLAINED, MCA_VERDICT_FAIL, MCA_VERDICT_NOT_RUN};

static const char TABLE[] =
    "  anchor                                               expected            got  deviation "
    "tolerance"
    "  verdict\n"
    "first: A\n"
    "  relative, at the edge               predicted         8.00 nJ        10.0 nJ    +25.0 %     "
    " 25 %"
    "  pass\n"
    "  relative, beyond it                 calibrated         8.00 s         5.50 s    -31.2 %     "
    " 25 %"
    "  FAIL\n"
    "second: A\n"
    "  absolute, at the edge               predicted            2 \u00b5S        1.75 \u00b5S      "
    "-0.25"
    "      0.25  pass\n"
    "second: B\n"
    "  absolute, beyond it                 calibrated              2            2.5       +0.5     "
    " 0.25"
    "  FAIL\n"
    "  at least, just so                   predicted         97.50 %        97.50 %          \u2013"
    "  at least  pass\n"
    "  at least, below                     predicted         97.50 %        97.25 %          \u2013"
    "  at least  FAIL\n"
    "  as a page explains                  predicted           100 x         29.5 x    -70.5 %     "
    " 62 %"
    "  explained\n"
    "      see docs/design/published-study.md\n"
    "  unlike what a page explains         predicted           100 x         28.5 x    -71.5 %     "
    " 62 %"
    "  FAIL\n"
    "  not run                             predicted            2 \u00b5S              \u2013      "
    "    "
    "\u2013      0.25  not run\n"
    "3 pass, 1 explained, 4 fail, 1 not run\n";

static void fill(struct mca_validation *v) {
    v->count = 0;
    for (int i = 0; i < COUNT; ++i) {
        mca_validation_add(v, &ANCHORS[i]);
    }
}

static void test_validation_table_verdicts(void **state) {
    (void)state;
    struct mca_validation v;
    uint32_t counts[4] = {0};
    fill(&v);
    for (int i = 0; i < COUNT; ++i) {
        assert_int_equal(mca_anchor_verdict(&ANCHORS[i]), VERDICTS[i]);
        ++counts[VERDICTS[i]];
    }
    for (int verdict = 0; verdict < 4; ++verdict) {
        assert_int_equal(mca_validation_count(&v, (enum mca_verdict)verdict), counts[verdict]);
    }
}

/* Without colour as it stands above; with it the same between escapes: headings and verdicts. */
static void test_validation_table_as_text(void **state) {
    (void)state;
    struct mca_validation v;
    fill(&v);
    for (int colour = 0; colour < 2; ++colour) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        mca_validation_print(out, &v, colour);
        assert_int_equal(fclose(out), 0);
        if (colour) {
            assert_non_null(strstr(text, "\n\033[1msecond\033[0m: B\n"));
            assert_non_null(strstr(text, "  \033[32mpass\033[0m\n"));
            assert_non_null(strstr(text, "  \033[33mexplained\033[0m\n"));
            assert_non_null(strstr(text, "  \033[31mFAIL\033[0m\n"));
            assert_non_null(strstr(text, "  not run\n"));
        }
        size_t used = 0;
        for (const char *c = text; *c; ++c) {
            if (colour && *c == '\033') {
                c = strchr(c, 'm');
            } else {
                text[used++] = *c;
            }
        }
        text[used] = '\0';
        assert_string_equal(text, TABLE);
        free(text);
    }
}

static void check_number(const json_t *anchor, const char *key, double wanted) {
    const json_t *value = json_object_get(anchor, key);
    assert_true(isfinite(wanted) ? json_is_number(value) && json_number_value(value) == wanted
                                 : json_is_null(value));
}

static void check_text(const json_t *anchor, const char *key, const char *wanted) {
    const json_t *value = json_object_get(anchor, key);
    if (wanted) {
        assert_string_equal(json_string_value(value), wanted);
    } else {
        assert_true(json_is_null(value));
    }
}

static void test_validation_table_as_json(void **state) {
    (void)state;
    static const char *const bases[] = {"predicted", "calibrated"};
    static const char *const rules[] = {"relative", "absolute", "at least"};
    static const char *const verdicts[] = {"pass", "explained", "fail", "not_run"};
    static const double deviations[COUNT] = {0.25,
                                             -0.3125,
                                             -0.25,
                                             0.5,
                                             0.0,
                                             97.25 / 97.5 - 1.0,
                                             29.5 / 100.0 - 1.0,
                                             28.5 / 100.0 - 1.0,
                                             (double)NAN};
    struct mca_validation v;
    struct mca__json json;
    fill(&v);
    mca__json_init(&json);
    mca__validation_put(&json, &v);
    const json_t *anchors = json_object_get(json.root, "anchors");
    assert_int_equal(json_array_size(anchors), COUNT);
    for (int i = 0; i < COUNT; ++i) {
        const struct mca_anchor *wanted = &ANCHORS[i];
        const json_t *got = json_array_get(anchors, (size_t)i);
        assert_int_equal(json_object_size(got), 12);
        check_text(got, "group", wanted->group);
        check_text(got, "name", wanted->name);
        check_text(got, "source", wanted->source);
        check_text(got, "unit", wanted->unit);
        check_text(got, "page", wanted->page);
        check_text(got, "basis", bases[wanted->basis]);
        check_text(got, "rule", rules[wanted->rule]);
        check_text(got, "verdict", verdicts[VERDICTS[i]]);
        check_number(got, "expected", wanted->expected);
        check_number(got, "got", wanted->got);
        check_number(got, "deviation", deviations[i]);
        check_number(got, "tolerance",
                     wanted->rule == MCA_ANCHOR_AT_LEAST ? (double)NAN : wanted->tolerance);
    }
    assert_int_equal(json_object_size(json.root), 5);
    check_number(json.root, "passed", 3.0);
    check_number(json.root, "explained", 1.0);
    check_number(json.root, "failed", 4.0);
    check_number(json.root, "not_run", 1.0);
    json_decref(json.root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_validation_table_verdicts),
        cmocka_unit_test(test_validation_table_as_text),
        cmocka_unit_test(test_validation_table_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
