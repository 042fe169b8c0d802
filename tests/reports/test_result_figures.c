/* The table of results against summary.json, explanations and the views that it drives. */
#include "reports/compare/compare.h"
#include "reports/explain/explain.h"
#include "reports/figures/result_figures.h"
#include "reports/run/report.h"
#include "reports/sweep/write_results.h"

#include "report_fixture.h"

/* Of the run's identity, files and advice, which are no results. */
static int is_identity(const char *key) {
    static const char *const names[] = {"schema_version", "tool",   "scenario", "seed",
                                        "dataset",        "advice", "files",    "checksum"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        if (strcmp(key, names[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

struct tally {
    json_t *summary;
    uint32_t count; /* of figures that are there */
};

/* Every number, text and null below `value` is a figure of the table. A null may stand for a
 * milestone or a design with all of its figures. */
static uint32_t check_in_table(const struct fixture *f, const char *path, json_t *value) {
    struct mca_result_place place;
    char longer[MCA_RESULT_KEY_SIZE];
    json_t *child;
    uint32_t count = 0;
    if (!json_is_object(value) && !json_is_array(value)) {
        if (json_is_null(value) && (strstr(path, "milestones.") || strstr(path, ".iso_"))) {
            return 0;
        }
        if (!mca_result_find(&place, &f->report, path)) {
            fail_msg("%s is not in the table", path);
        }
        return 1;
    }
    for (size_t i = 0; (child = below(value, path, i, longer)) != NULL; ++i) {
        count += *path || !is_identity(longer) ? check_in_table(f, longer, child) : 0;
    }
    return count;
}

static void check_in_summary(void *user, const struct mca_result_place *place) {
    struct tally *tally = user;
    char path[MCA_RESULT_KEY_SIZE];
    if (!place->is_there) {
        return;
    }
    mca_result_path(place, path);
    json_t *value = at(tally->summary, path); /* fails where there is none */
    assert_int_equal(json_is_string(value), place->figure->text && !json_is_null(value));
    if (place->figure->kind == MCA_RESULT_COUNT && !json_is_null(value)) {
        assert_true(json_is_integer(value));
    }
    ++tally->count;
}

static void test_result_figures_table_and_summary_have_the_same_keys(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    struct tally tally = {load(f, "summary.json"), 0};
    mca_result_walk(&f->report, check_in_summary, &tally);
    assert_true(tally.count > 300);
    assert_int_equal(check_in_table(f, "", tally.summary), tally.count);
    json_decref(tally.summary);
}

/* Where a view shows a line, it has to reach it. */
static void check_view(const struct mca_result_figure *figure, const struct mca_result_view *view) {
    if (view->place < 0 || view->place > MCA_RESULT_PLACES) {
        fail_msg("%s: place %d", figure->key, view->place);
    }
}

static void check_line(const struct mca_result_figure *figure) {
    if (!figure->title || !*figure->title || !figure->meaning || strlen(figure->meaning) < 10) {
        fail_msg("%s has no title or no meaning", figure->key);
    }
    if ((strchr(figure->key, '*') != NULL) != (figure->family != MCA_RESULT_ONE)) {
        fail_msg("%s: family", figure->key);
    }
    const int has_unit = figure->kind == MCA_RESULT_SI || figure->kind == MCA_RESULT_AREA ||
                         figure->kind == MCA_RESULT_LIFETIME;
    assert_true(!has_unit || *figure->unit);
    assert_true(figure->kind != MCA_RESULT_FRACTION || figure->digits > 0);
    assert_true(figure->text || figure->value || figure->number.name);
    assert_int_equal(figure->kind == MCA_RESULT_TEXT, figure->text != NULL);
    check_view(figure, &figure->compare);
    check_view(figure, &figure->compare_per_image);
    check_view(figure, &figure->compare_layers);
    check_view(figure, &figure->layers);
    check_view(figure, &figure->sweep);
    check_view(figure, &figure->terminal);
    if (figure->terminal.place > 0) {
        const char *star = strchr(figure->terminal.as, '*');
        assert_true(star && !strchr(star + 1, '*'));
    }
    assert_true(!figure->objective || (figure->heading && figure->better != 0));
    /* sweeps read their figures by plain keys */
    assert_true(figure->sweep.place == 0 || figure->family == MCA_RESULT_ONE);
}

static void test_result_figures_lines_are_whole(void **state) {
    (void)state;
    for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
        check_line(f);
        for (const struct mca_result_figure *k = mca_result_next(NULL); k != f;
             k = mca_result_next(k)) {
            assert_true(strcmp(f->key, k->key) != 0 || f->family != k->family);
        }
    }
}

/* The largest unit of which there is one; above a thousand of them with commas. */
static void test_result_figures_lifetimes_are_read_in_days(void **state) {
    (void)state;
    static const struct {
        double seconds;
        const char *text;
    } wanted[] = {{0.015, "15.0 ms"},        {59, "59.0 s"},
                  {60, "1 minute"},          {5400, "1.5 hours"},
                  {164160, "1.9 days"},      {31557600, "1 year"},
                  {1e9, "31.7 years"},       {1000.4 * 31557600, "1,000 years"},
                  {1e15, "31,688,087 years"}};
    const struct mca_result_figure *figure = mca_result_next(NULL);
    while (strcmp(figure->key, "writes.lifetime_s") != 0) {
        figure = mca_result_next(figure);
    }
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; ++i) {
        assert_string_equal(mca_result_text(figure, wanted[i].seconds).s, wanted[i].text);
    }
}

/* Whatever has a value is explained, under its title's meaning and to the last digit. */
static void check_explained(void *user, const struct mca_result_place *place) {
    static struct mca_explanation x;
    const struct fixture *f = user;
    char key[MCA_RESULT_KEY_SIZE];
    const int is_number = place->is_there && !place->figure->text;
    const double value = is_number ? mca_result_value(place) : (double)NAN;
    mca_result_key(place, key);
    if (!isnan(value)) {
        if (mca_explain(&x, &f->report, key, NULL) != MCA_OK) {
            fail_msg("%s is not explained", key);
        }
        assert_string_equal(x.meaning, place->figure->meaning);
        assert_true(x.term_count > 0 || value == 0.0);
        assert_true(x.value == value);
    }
}

static void test_result_figures_with_a_value_are_explained(void **state) {
    struct fixture *f = *state;
    mca_result_walk(&f->report, check_explained, f);
}

/* Sweeps have each line that has a place among theirs, under a column of its own. */
static void test_result_figures_for_sweeps_have_columns(void **state) {
    (void)state;
    struct mca_sweep_metrics metrics;
    uint32_t wanted = 0;
    for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
        wanted += f->sweep.place > 0;
    }
    mca_sweep_metrics_take(&metrics);
    assert_int_equal(metrics.count, wanted);
    assert_string_equal(metrics.list[0].key, "accuracy.test_final"); /* shown while it runs */
    for (uint32_t m = 0; m < metrics.count; ++m) {
        assert_int_equal(strcspn(metrics.list[m].column, ".,\"\n"), strlen(metrics.list[m].column));
        for (uint32_t k = 0; k < m; ++k) {
            assert_string_not_equal(metrics.list[m].column, metrics.list[k].column);
        }
    }
}

static void count_rows(void *user, const struct mca_result_place *place) {
    *(size_t *)user += (size_t)(place->figure->compare.place > 0) +
                       (size_t)(place->figure->compare_per_image.place > 0);
}

static void test_result_figures_for_comparisons_have_room(void **state) {
    (void)state;
    size_t count = 0;
    mca_result_walk(NULL, count_rows, &count);
    const size_t of_layers = (MCA_LAYERS_MAX + 1) * MCA_COMPARE_LAYER_FIGURES_MAX;
    assert_in_range(count, 20, MCA_COMPARE_FIGURES_MAX - of_layers);
    size_t shown = 0;
    for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
        shown += f->compare_layers.place > 0;
    }
    assert_in_range(shown, 1, MCA_COMPARE_LAYER_FIGURES_MAX);
}

#define RESULTS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        RESULTS_TEST(test_result_figures_table_and_summary_have_the_same_keys),
        cmocka_unit_test(test_result_figures_lines_are_whole),
        cmocka_unit_test(test_result_figures_lifetimes_are_read_in_days),
        RESULTS_TEST(test_result_figures_with_a_value_are_explained),
        cmocka_unit_test(test_result_figures_for_sweeps_have_columns),
        cmocka_unit_test(test_result_figures_for_comparisons_have_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
