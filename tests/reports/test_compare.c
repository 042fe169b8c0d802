/* Differences, the best of a row, and tables and JSON of made-up runs. */
#include "report_fixture.h"
#include "reports/run/report.h"

#include "reports/compare/compare.h"
#include "scenario/load.h"
#include "scenario/resolved.h"

static void test_compare_differences(void **state) {
    (void)state;
    const double none = (double)NAN;
    static const struct {
        double base, value, absolute, fraction;
    } cases[] = {{2.0, 3.0, 1.0, 0.5},     {2.0, 1.0, -1.0, -0.5},
                 {-2.0, -1.0, 1.0, 0.5}, /* towards zero is up */
                 {-2.0, -3.0, -1.0, -0.5}, {-2.0, 2.0, 4.0, 2.0},
                 {5.0, 5.0, 0.0, 0.0},     {4.0, 0.0, -4.0, -1.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const struct mca_difference d = mca_difference_of(cases[i].base, cases[i].value);
        assert_near(d.absolute, cases[i].absolute, 0.0);
        assert_near(d.fraction, cases[i].fraction, 0.0);
    }
    /* nothing to divide by, nothing to subtract */
    assert_near(mca_difference_of(0.0, 3.0).absolute, 3.0, 0.0);
    assert_true(isnan(mca_difference_of(0.0, 3.0).fraction));
    assert_true(isnan(mca_difference_of(0.0, 0.0).fraction));
    assert_true(isnan(mca_difference_of(none, 3.0).absolute));
    assert_true(isnan(mca_difference_of(3.0, none).absolute));
    assert_true(isnan(mca_difference_of(none, none).fraction));
}

static void check_best(const double values[4], int better, int beats_none, const char *wanted) {
    unsigned char best[4];
    char got[5] = "";
    mca_mark_best(values, 4, better, beats_none, best);
    for (int i = 0; i < 4; ++i) {
        got[i] = best[i] ? '*' : '-';
    }
    assert_string_equal(got, wanted);
}

static void test_compare_best(void **state) {
    (void)state;
    const double none = (double)NAN;
    check_best((double[]){1, 3, 2, 0}, 1, 1, "-*--");
    check_best((double[]){1, 3, 2, 0}, -1, 1, "---*");
    check_best((double[]){1, 3, 2, 0}, 0, 1, "----");
    check_best((double[]){3, 1, 3, 2}, 1, 1, "*-*-");
    check_best((double[]){2, 2, 2, 2}, 1, 1, "----");
    check_best((double[]){none, 3, none, 4}, -1, 1, "-*--");
    check_best((double[]){none, 3, none, none}, 1, 1, "-*--"); /* one that is there is best */
    check_best((double[]){none, none, none, none}, 1, 1, "----");
    check_best((double[]){0, 0, none, 0}, 1, 1, "**-*");
    /* where a run cannot have a value, the others are judged among themselves */
    check_best((double[]){0, 0, none, 0}, 1, 0, "----");
    check_best((double[]){none, 3, none, none}, 1, 0, "----");
    check_best((double[]){none, 3, none, 4}, -1, 0, "-*--");
}

/* Two directories: the made-up run, and one with another seed, other chi and less energy. */
struct pair {
    char root[32];
    char dirs[2][64];
    const char *names[2];
};

static void write_run(const char *dir, struct fixture *f) {
    char path[128];
    struct mca_error error;
    char command[256];
    (void)snprintf(command, sizeof command, "mkdir -p %s", dir);
    assert_int_equal(system(command), 0);
    (void)snprintf(path, sizeof path, "%s/scenario.yaml", dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    mca_scenario_write(&f->scenario, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(mca_scenario_hash(&f->scenario, &f->report.scenario_hash, &error), MCA_OK);
    mca_priced_run_init(&f->report);
    assert_int_equal(mca_report_write_summary(&f->report, dir, &error), MCA_OK);
}

static void write_pair(struct fixture *f, struct pair *pair) {
    (void)strcpy(pair->root, "/tmp/mca-compare-XXXXXX");
    assert_non_null(mkdtemp(pair->root));
    for (int i = 0; i < 2; ++i) {
        (void)snprintf(pair->dirs[i], sizeof pair->dirs[i], "%s/%s", pair->root,
                       i ? "deep" : "flat");
        pair->names[i] = pair->dirs[i];
    }
    struct mca_error error;
    const struct mca_chip_config chip = f->scenario.chip;
    assert_int_equal(mca_scenario_defaults(&f->scenario, NULL, &error), MCA_OK);
    (void)strcpy(f->scenario.report.name, "made-up");
    f->scenario.chip.network = chip.network;
    write_run(pair->dirs[0], f);
    f->scenario.chip.seed = 2;
    f->scenario.chip.chi.bits = 20;
    f->result.ledger.counts[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION] /= 2;
    f->epochs[2].test_accuracy = 0.94;
    f->result.adc_clips = 0;
    write_run(pair->dirs[1], f);
}

static void remove_pair(const struct pair *pair) {
    char command[256];
    (void)snprintf(command, sizeof command, "rm -r %s", pair->root);
    assert_int_equal(system(command), 0);
}

static size_t figure_at(const struct mca_comparison *c, const char *name) {
    for (size_t i = 0; i < c->figure_count; ++i) {
        if (strcmp(c->figures[i].name, name) == 0) {
            return i;
        }
    }
    fail_msg("%s is no figure", name);
    return 0;
}

/* What grows with the images is judged between runs on as many alone. */
static void test_compare_judges_totals_of_as_many_images(void **state) {
    struct fixture *f = *state;
    static const char *const totals[] = {"energy_j.total", "writes.max_per_device",
                                         "health.stuck_devices"};
    struct pair pair;
    struct mca_comparison c;
    struct mca_error error;
    double values[MCA_COMPARE_RUNS_MAX];
    unsigned char best[MCA_COMPARE_RUNS_MAX];
    write_pair(f, &pair);
    assert_int_equal(mca_comparison_load(&c, pair.names, 2, &error), MCA_OK);
    for (int i = 0; i < 2; ++i) {
        for (size_t t = 0; t < sizeof totals / sizeof totals[0]; ++t) {
            const size_t row = figure_at(&c, totals[t]);
            c.runs[0].values[row] = 2.0;
            c.runs[1].values[row] = 1.0;
            mca_compared_row(&c, row, values, best);
            assert_int_equal(best[0], 0);
            assert_int_equal(best[1], i == 0);
        }
        const size_t per_image = figure_at(&c, "energy_j.per_image");
        mca_compared_row(&c, per_image, values, best);
        assert_int_equal(best[1], 1);
        ++c.runs[1].images;
    }
    mca_comparison_deinit(&c);
    remove_pair(&pair);
}

/* Values that differ are told once each, three of them at most. */
static void test_compare_tells_some_of_many(void **state) {
    struct fixture *f = *state;
    static const char *const wanted[] = {"1, 2", "1, 2, 3", "1, 2, 3, ...", "1, 2, 3, ..."};
    struct pair pair;
    char dirs[5][64];
    const char *names[6];
    struct mca_comparison c;
    struct mca_error error;
    write_pair(f, &pair);
    for (size_t i = 0; i < 5; ++i) {
        (void)snprintf(dirs[i], sizeof dirs[i], "%s/seed%zu", pair.root, i + 1);
        f->scenario.chip.seed = i + 1;
        write_run(dirs[i], f);
        names[i] = dirs[i];
    }
    for (size_t count = 2; count <= 5; ++count) {
        char notice[128];
        (void)snprintf(notice, sizeof notice,
                       "seeds differ (%s): a part of each difference is chance", wanted[count - 2]);
        names[count] = dirs[0]; /* the first again */
        assert_int_equal(mca_comparison_load(&c, names, count + 1, &error), MCA_OK);
        assert_int_equal(c.notice_count, 1);
        assert_string_equal(c.notices[0], notice);
        mca_comparison_deinit(&c);
        names[count] = dirs[count % 5];
    }
    remove_pair(&pair);
}

/* A library is told by its file's name, of which 100 characters are shown. */
static void test_compare_tells_long_names(void **state) {
    struct fixture *f = *state;
    struct pair pair;
    char dirs[3][64];
    const char *names[3];
    char wanted[3 * 102];
    struct mca_comparison c;
    struct mca_error error;
    write_pair(f, &pair);
    for (int i = 0; i < 3; ++i) {
        char library[120];
        memset(library, 'a' + i, sizeof library);
        library[110] = '\0';
        (void)snprintf(dirs[i], sizeof dirs[i], "%s/library%d", pair.root, i);
        (void)snprintf(wanted + i * 102, sizeof wanted - (size_t)i * 102, "%.100s%s", library,
                       i < 2 ? ", " : "");
        (void)snprintf(f->scenario.cost.library, sizeof f->scenario.cost.library, "%s", library);
        write_run(dirs[i], f);
        names[i] = dirs[i];
    }
    assert_int_equal(mca_comparison_load(&c, names, 3, &error), MCA_OK);
    assert_int_equal(c.notice_count, 1);
    assert_non_null(strstr(c.notices[0], wanted));
    mca_comparison_deinit(&c);
    remove_pair(&pair);
}

static void test_compare_loads_what_the_runs_hold(void **state) {
    struct fixture *f = *state;
    struct pair pair;
    struct mca_comparison c;
    struct mca_error error = {""};
    write_pair(f, &pair);
    if (mca_comparison_load(&c, pair.names, 2, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(c.key_count, 2);
    assert_string_equal(c.keys[0]->name, "seed");
    assert_string_equal(c.keys[1]->name, "chi.bits");
    assert_int_equal(c.notice_count, 1);
    assert_string_equal(c.notices[0], "seeds differ (1, 2): a part of each difference is chance");
    const size_t last = figure_at(&c, "accuracy.test_final");
    assert_near(c.runs[0].values[last], 0.9701, 0.0);
    assert_near(c.runs[1].values[last], 0.94, 0.0);
    const size_t per_image = figure_at(&c, "energy_j.low_per_image");
    assert_near(c.runs[1].values[per_image], f->report.pricing.total_range_j.low / 3000.0, 1e-22);
    assert_true(c.runs[0].values[figure_at(&c, "milestones.0.97.time_s")] > 0.0);
    assert_true(isnan(c.runs[1].values[figure_at(&c, "milestones.0.97.time_s")]));
    assert_near(c.runs[0].values[figure_at(&c, "health.adc_clip_fraction")], 0.000125, 1e-18);
    mca_comparison_deinit(&c);
    remove_pair(&pair);
}

/* Layers stand side by side where all runs have the same ones: the figures of their summaries; of
 * what layers share nothing is counted. */
static void test_compare_layers(void **state) {
    struct fixture *f = *state;
    struct pair pair;
    struct mca_comparison c;
    struct mca_error error = {""};
    write_pair(f, &pair);
    assert_int_equal(mca_comparison_load(&c, pair.names, 2, &error), MCA_OK);
    assert_int_equal(c.figure_count - c.layer_row, 3 + 3 + 2 + 2);
    for (size_t i = c.layer_row; i < c.figure_count; ++i) {
        assert_int_equal(strncmp(c.figures[i].name, "layers.", 7), 0);
    }
    const size_t energy = figure_at(&c, "layers.1.energy_j.per_image");
    assert_string_equal(c.figures[energy].label, "layer 1: energy per image");
    assert_string_equal(c.figures[figure_at(&c, "layers.shared.area_mm2.total")].label,
                        "shared: area");
    const struct mca_pricing *priced = &f->report.layers[1].pricing;
    assert_near(c.runs[1].values[energy], priced->total_j / 3000.0, 0.0);
    assert_near(c.runs[0].values[figure_at(&c, "layers.1.writes.max_per_device")], 1132.0, 0.0);
    assert_near(c.runs[0].values[figure_at(&c, "layers.0.writes.max_per_device")], 800.0, 0.0);
    mca_comparison_deinit(&c);
    /* another network beside it */
    const struct mca_u32_list widths = {3, {784, 251, 10}};
    mca_network_config_set_widths(&f->scenario.chip.network, &widths);
    write_run(pair.dirs[1], f);
    assert_int_equal(mca_comparison_load(&c, pair.names, 2, &error), MCA_OK);
    assert_int_equal(c.figure_count, c.layer_row);
    mca_comparison_deinit(&c);
    remove_pair(&pair);
}

/* The terminal's table as text; the caller frees. */
static char *printed(const struct pair *pair, int width, int colour, size_t runs) {
    struct mca_comparison c;
    struct mca_error error;
    char *text = NULL;
    size_t size = 0;
    const char *names[] = {pair->names[0], pair->names[1], pair->names[1], pair->names[0]};
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(mca_comparison_load(&c, names, runs, &error), MCA_OK);
    assert_int_equal(mca_comparison_print(stream, &c, width, colour, &error), MCA_OK);
    assert_int_equal(fclose(stream), 0);
    mca_comparison_deinit(&c);
    return text;
}

static size_t occurrences(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        ++count;
    }
    return count;
}

static void test_compare_table_wraps_and_marks(void **state) {
    struct fixture *f = *state;
    struct pair pair;
    write_pair(f, &pair);
    char *text = printed(&pair, 100, 0, 2);
    assert_non_null(strstr(text, "\n  chi.bits       16        20\n"));
    assert_non_null(strstr(text,
                           "\n  test accuracy, last                    97.01 %*      94.00 %      "
                           "-3.01 pt    -3.1 %\n"));
    assert_non_null(strstr(text, "\n3 more rows, in which no run has a value, are left out\n"));
    assert_null(strstr(text, "98 %:"));
    assert_null(strstr(text, " \n"));
    assert_null(strstr(text, "\033"));
    free(text);
    text = printed(&pair, 100, 1, 2);
    assert_non_null(strstr(text, "\033[1m\033[32m   97.01 %\033[0m "));
    assert_null(strstr(text, "*"));
    free(text);
    text = printed(&pair, 200, 0, 4);
    assert_int_equal(occurrences(text, "test accuracy, last"), 1);
    assert_int_equal(occurrences(text, "\nLayers "), 1);
    assert_int_equal(occurrences(text, "\n  layer 1: worst cell "), 1);
    free(text);
    text = printed(&pair, 100, 0, 4); /* one run beside the base */
    assert_int_equal(occurrences(text, "test accuracy, last"), 3);
    assert_int_equal(occurrences(text, "97.01 %*"), 2 * 4); /* base in each block, and the last */
    for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
        int columns = 0;
        for (const char *p = line; *p != '\n'; ++p) {
            columns += ((unsigned char)*p & 0xc0) != 0x80;
        }
        assert_true(columns <= 100);
    }
    free(text);
    remove_pair(&pair);
}

/* The table of made-up values, four runs beside each other. */
static char *printed_values(const struct pair *pair, const char *figure, const double values[4],
                            int width) {
    struct mca_comparison c;
    struct mca_error error;
    char *text = NULL;
    size_t size = 0;
    const char *names[] = {pair->names[0], pair->names[1], pair->names[1], pair->names[0]};
    assert_int_equal(mca_comparison_load(&c, names, 4, &error), MCA_OK);
    for (size_t r = 0; r < 4; ++r) {
        c.runs[r].values[figure_at(&c, figure)] = values[r];
    }
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(mca_comparison_print(stream, &c, width, 0, &error), MCA_OK);
    assert_int_equal(fclose(stream), 0);
    mca_comparison_deinit(&c);
    return text;
}

static void check_row(const struct pair *pair, const char *figure, const double values[4],
                      const char *label, const char *wanted) {
    char *text = printed_values(pair, figure, values, 400);
    char line[512] = "";
    size_t used = 0;
    const char *at = strstr(text, label);
    assert_non_null(at);
    for (at += strlen(label); *at != '\n'; ++at) { /* runs of blanks are one */
        if (*at != ' ' || (used > 0 && line[used - 1] != ' ')) {
            line[used++] = *at;
        }
    }
    assert_string_equal(line, wanted);
    free(text);
}

/* Signs, digits and marks at the edges of rounding. */
static void test_compare_rows_by_hand(void **state) {
    struct fixture *f = *state;
    struct pair pair;
    write_pair(f, &pair);
    const double none = (double)NAN;
    /* a 2000th up and down is rounded to a tenth of a per cent; ten times as much has no digits;
     * what reads as the best does is marked with it */
    check_row(&pair, "energy_j.total", (double[]){2000, 2001, 1999, 21990}, "\n  energy  ",
              "2.00 kJ* 2.00 kJ* +1.00 J +0.1 % 2.00 kJ* -1.00 J -0.1 % 22.0 kJ +20.0 kJ +999 %");
    check_row(&pair, "energy_j.total", (double[]){8, 8.002, 8, -8}, "\n  energy  ",
              "8.00 J 8.00 J +2.00 mJ 0.0 % 8.00 J 0 J 0.0 % -8.00 J* -16.0 J -200.0 %");
    check_row(&pair, "energy_j.total", (double[]){0, 5, none, 0}, "\n  energy  ",
              "0 J* 5.00 J +5.00 J \u2013 \u2013 \u2013 \u2013 0 J* 0 J \u2013");
    check_row(&pair, "accuracy.test_final", (double[]){0.5, 0.75, 0.25, none},
              "\n  test accuracy, last  ",
              "50.00 % 75.00 %* +25.00 pt +50.0 % 25.00 % -25.00 pt -50.0 % \u2013 \u2013 \u2013");
    remove_pair(&pair);
}

/* Of names that are too long a mark stands for what is left out, of paths their end is shown. */
static void test_compare_shortens(void **state) {
    static const char *const libraries[2] = {"/libraries/of/some/where/one-of-14-nm.yaml",
                                             "/lib/file-0123456789-\u00b5m.yaml"};
    struct fixture *f = *state;
    struct pair pair;
    write_pair(f, &pair);
    for (int i = 0; i < 2; ++i) {
        (void)snprintf(pair.dirs[i], sizeof pair.dirs[i], "%s/%s", pair.root,
                       i ? "abcdefghijklmnopqrs/" : "abcdefghijklmnopqrst");
        (void)strcpy(f->scenario.cost.library, libraries[i]);
        write_run(pair.dirs[i], f);
    }
    char *text = printed(&pair, 200, 0, 2);
    assert_non_null(strstr(text, "\nScenario                  1 abcdefghijklmnopqr\u2026"
                                 "             2 abcdefghijklmnopqrs\n"));
    assert_non_null(strstr(text, "\n  cost.library   \u2026some/where/one-of-14-nm.yaml\"    "
                                 "\"/lib/file-0123456789-\u00b5m.yaml\"\n"));
    assert_non_null(strstr(text, "library one-of-14-nm.yaml (base)\n"));
    free(text);
    remove_pair(&pair);
}

/* Columns of the longest line of Results. */
static int width_of_results(const char *text) {
    const char *line = strstr(text, "\nResults ") + 1;
    const char *end = strstr(text, "\nLayers ");
    int most = 0;
    for (; line < end; line = strchr(line, '\n') + 1) {
        int columns = 0;
        for (const char *p = line; *p != '\n'; ++p) {
            columns += ((unsigned char)*p & 0xc0) != 0x80;
        }
        most = columns > most ? columns : most;
    }
    return most;
}

/* What just fits stands in one block. */
static void test_compare_fills_the_width(void **state) {
    struct fixture *f = *state;
    struct pair pair;
    write_pair(f, &pair);
    for (size_t runs = 3; runs <= 4; ++runs) {
        char *text = printed(&pair, 1000, 0, runs);
        const int width = width_of_results(text);
        free(text);
        for (int missing = 0; missing < 2; ++missing) {
            text = printed(&pair, width - missing, 0, runs);
            assert_int_equal(occurrences(text, "\nResults "), 1 + missing);
            free(text);
        }
    }
    remove_pair(&pair);
}

static void test_compare_json_has_the_same_data(void **state) {
    struct fixture *f = *state;
    struct pair pair;
    struct mca_comparison c;
    struct mca_error error;
    char *text = NULL;
    size_t size = 0;
    write_pair(f, &pair);
    FILE *stream = open_memstream(&text, &size);
    assert_int_equal(mca_comparison_load(&c, pair.names, 2, &error), MCA_OK);
    assert_int_equal(mca_comparison_print_json(stream, &c, &error), MCA_OK);
    assert_int_equal(fclose(stream), 0);
    json_error_t fault;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    assert_non_null(root);
    json_t *keys = at(root, "scenario");
    assert_int_equal(json_array_size(keys), 2);
    assert_string_equal(json_string_value(json_array_get(at(json_array_get(keys, 1), "values"), 1)),
                        "20");
    const size_t index = figure_at(&c, "milestones.0.97.energy_j");
    json_t *figure = json_array_get(at(root, "results"), index);
    assert_string_equal(json_string_value(at(figure, "better")), "lower");
    assert_near(json_number_value(json_array_get(at(figure, "values"), 0)), c.runs[0].values[index],
                0.0);
    assert_true(json_is_null(json_array_get(at(figure, "values"), 1)));
    assert_true(json_is_null(json_array_get(at(figure, "differences"), 1)));
    assert_int_equal(json_array_size(at(figure, "best")), 1);
    figure = json_array_get(at(root, "results"), figure_at(&c, "accuracy.test_final"));
    assert_true(json_is_null(json_array_get(at(figure, "differences"), 0)));
    assert_near(json_number_value(json_array_get(at(figure, "differences"), 1)), 0.94 - 0.9701,
                0.0);
    assert_near(json_number_value(json_array_get(at(figure, "fractions"), 1)),
                (0.94 - 0.9701) / 0.9701, 0.0);
    assert_int_equal(json_array_size(at(root, "notices")), 1);
    json_decref(root);
    free(text);
    mca_comparison_deinit(&c);
    remove_pair(&pair);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compare_differences),
        cmocka_unit_test(test_compare_best),
        cmocka_unit_test_setup_teardown(test_compare_judges_totals_of_as_many_images, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_compare_tells_some_of_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_tells_long_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_loads_what_the_runs_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_layers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_table_wraps_and_marks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_rows_by_hand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_shortens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_fills_the_width, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_compare_json_has_the_same_data, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
