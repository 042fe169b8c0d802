/* What a sweep's points of made-up results come to: on the terminal and as JSON, by hand. */
#include "mca_test.h"

#include <jansson.h>
#include <unistd.h>

#include "reports/sweep/settings.h"
#include "reports/sweep/write_results.h"

/* 24 settings of two seeds. Setting s, from 0, has an accuracy of 0.5 + s / 100, a 256th off at
 * either seed but for one setting, 1 + s nJ, 2 us, 2.5 mm2 and a ratio of 4. The last one failed,
 * of the one before a seed did. */
enum { SETTINGS = 24, POINTS = 2 * SETTINGS, SAME = 5 };

struct fixture {
    struct mca_sweep_plan plan;
    struct mca_sweep_point points[POINTS];
    struct mca_sweep_notices notices;
    struct mca_sweep_results results;
    char directory[64];
};

static void write_text(const char *directory, const char *name, const char *text) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static double metric_of(const char *column, uint32_t setting, uint32_t seed) {
    const double s = setting;
    return strcmp(column, "accuracy_test_final") == 0 ? 0.5 + s / 100 +
                                                            (setting == SAME ? 0.0
                                                             : seed          ? 1.0 / 256
                                                                             : -1.0 / 256)
           : strcmp(column, "energy_j_per_image") == 0         ? 1e-9 * (1 + s)
           : strcmp(column, "latency_s_per_image") == 0        ? 2e-6
           : strcmp(column, "area_mm2") == 0                   ? 2.5
           : strcmp(column, "digital_total_energy_ratio") == 0 ? 4.0
                                                               : (double)NAN;
}

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    char plan[1024] = "scenario: s.yaml\nseeds: 2\npareto: [[accuracy, energy], [latency, area]]\n"
                      "grid: {device.read_noise: [0.1";
    char path[128];
    struct mca_sweep_metrics metrics;
    struct mca_error error;
    (void)strcpy(f->directory, "/tmp/mca_sweep_XXXXXX");
    if (!mkdtemp(f->directory)) {
        return -1;
    }
    for (uint32_t s = 1; s < SETTINGS; ++s) {
        (void)snprintf(plan + strlen(plan), 16, ", 0.1%02u456", s);
    }
    (void)strcat(plan, "]}\n");
    write_text(f->directory, "s.yaml", "seed: 9\nreport: {name: made-up}\n");
    write_text(f->directory, "q.yaml", plan);
    mca_sweep_metrics_take(&metrics);
    (void)snprintf(path, sizeof path, "%s/q.yaml", f->directory);
    if (mca_sweep_plan_load(&f->plan, path, &metrics, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(f->plan.point_count, POINTS);
    for (uint32_t i = 0; i < POINTS; ++i) {
        struct mca_sweep_point *p = &f->points[i];
        const int failed = i + 3 >= POINTS;
        *p = (struct mca_sweep_point){.plan_index = i,
                                      .setting = i / 2,
                                      .seed = 9 + i % 2,
                                      .hash = 0xabc000 + i,
                                      .state = failed ? MCA_SWEEP_FAILED : MCA_SWEEP_DONE};
        for (uint32_t m = 0; m < metrics.count; ++m) {
            p->result.metrics[m] = metric_of(metrics.list[m].column, i / 2, i % 2);
        }
        (void)strcpy(p->result.bottleneck, i % 2 ? "chi" : "");
    }
    f->notices.count = 1;
    (void)strcpy(f->notices.list[0].text, "told");
    f->notices.list[0].points = 5;
    f->notices.left_out = 7;
    f->results = (struct mca_sweep_results){&f->plan, f->points, POINTS, SETTINGS, &f->notices};
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    static const char *const names[] = {"s.yaml", "q.yaml"};
    for (int i = 0; i < 2; ++i) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", f->directory, names[i]);
        (void)unlink(path);
    }
    mca_sweep_plan_deinit(&f->plan);
    const int status = rmdir(f->directory);
    free(f);
    return status;
}

/* A row of setting s, from 0: the interval of two seeds is 12.7062 / 256 to either side. */
static void add_row(char *text, size_t size, const char *name, uint32_t s) {
    const size_t used = strlen(text);
    const double noise = s == 0 ? 0.1 : 0.1 + 0.001 * s + 0.000456;
    char accuracy[32];
    char energy[32];
    if (s == SETTINGS - 2) { /* of one seed */
        (void)snprintf(accuracy, sizeof accuracy, "%.2f %%", 50.0 + s - 100.0 / 256);
    } else if (s == SAME) {
        (void)snprintf(accuracy, sizeof accuracy, "%.2f %%", 50.0 + s);
    } else {
        (void)snprintf(accuracy, sizeof accuracy, "%.2f \u00b1 4.96 %%", 50.0 + s);
    }
    (void)snprintf(energy, sizeof energy, s < 9 ? "%u.00 nJ" : "%u.0 nJ", s + 1);
    (void)snprintf(text + used, size - used,
                   "%-10s%*s%14s        2.00 \u00b5s     2.5 mm\u00b2            4 x           none"
                   "   %u  device.read_noise %.4g\n",
                   name, s == SETTINGS - 2 || s == SAME ? 17 : 18, accuracy, energy, s + 1, noise);
}

/* Of equal latencies and areas the most accurate setting is best; 20 rows of a front are shown. */
static void test_sweep_results_on_the_terminal(void **state) {
    struct fixture *f = *state;
    static char wanted[16384];
    (void)strcpy(wanted,
                 "Best               accuracy  energy/image  latency/image        area digital "
                 "/ chip        dynamic   setting\n");
    add_row(wanted, sizeof wanted, "accuracy", SETTINGS - 2);
    add_row(wanted, sizeof wanted, "energy", 0);
    add_row(wanted, sizeof wanted, "latency", SETTINGS - 2);
    add_row(wanted, sizeof wanted, "area", SETTINGS - 2);
    (void)strcat(wanted, "\nPareto front of accuracy and energy: 23 of 24 settings\n");
    for (uint32_t i = 0; i < 20; ++i) {
        add_row(wanted, sizeof wanted, "", SETTINGS - 2 - i);
    }
    (void)strcat(wanted, "          ... and 3 more in pareto.csv\n"
                         "\nPareto front of latency and area: 23 of 24 settings\n");
    for (uint32_t i = 0; i < 20; ++i) {
        add_row(wanted, sizeof wanted, "", i);
    }
    (void)strcat(wanted, "          ... and 3 more in pareto.csv\n");
    struct mca_error error;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(mca_sweep_print(out, &f->results, &error), MCA_OK);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, wanted);
    free(text);
}

/* 16 settings of three seeds: the best is better by the same with each, which is not chance. */
static void test_sweep_results_tell_a_best_without_equals(void **state) {
    struct fixture *f = *state;
    struct mca_error error;
    char *text = NULL;
    size_t size = 0;
    for (uint32_t i = 0; i < POINTS; ++i) {
        f->points[i].setting = i / 3;
        f->points[i].seed = 9 + i % 3;
        f->points[i].state = MCA_SWEEP_DONE;
        f->points[i].result.metrics[0] = 0.5 + i / 3 / 64.0 + i % 3 / 1024.0;
    }
    f->results.setting_count = POINTS / 3;
    assert_string_equal(f->plan.metrics.list[0].column, "accuracy_test_final");
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(mca_sweep_print(out, &f->results, &error), MCA_OK);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "\nNo other setting is as accurate as the best within chance "
                                 "(95 %, differences by 3 seeds)\n"));
    assert_null(strstr(text, "As accurate as the best"));
    free(text);
}

static double number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void check_setting(const json_t *setting, uint32_t s) {
    const json_t *metrics = json_object_get(setting, "metrics");
    const json_t *energy = json_object_get(metrics, "energy_j_per_image");
    const json_t *accuracy = json_object_get(metrics, "accuracy_test_final");
    const uint32_t done = s + 1 == SETTINGS ? 0 : s + 2 == SETTINGS ? 1 : 2;
    assert_int_equal(number(setting, "setting"), s + 1);
    assert_int_equal(number(setting, "done"), done);
    assert_int_equal(number(setting, "failed"), 2 - done);
    const double noise = number(json_object_get(setting, "values"), "device.read_noise");
    assert_near(noise, s == 0 ? 0.1 : 0.1 + 0.001 * s + 0.000456, 1e-12);
    if (done == 2) {
        assert_near(number(energy, "mean"), 1e-9 * (1 + s), 1e-20);
        assert_near(number(energy, "std"), 0.0, 0.0);
        assert_near(number(accuracy, "std"), s == SAME ? 0.0 : sqrt(2.0) / 256, 1e-12);
        assert_near(number(accuracy, "high95") - number(accuracy, "low95"),
                    s == SAME ? 0.0 : 2 * 12.7062 / 256, 1e-5);
    } else {
        assert_true(json_is_null(json_object_get(accuracy, "std")));
        assert_int_equal(json_is_null(json_object_get(accuracy, "mean")), done == 0);
    }
}

static void check_point(const json_t *point, uint32_t i) {
    const json_t *metrics = json_object_get(point, "metrics");
    const json_t *bottleneck = json_object_get(point, "bottleneck");
    const int failed = i + 3 >= POINTS;
    char hash[17];
    (void)snprintf(hash, sizeof hash, "0000000000%06x", 0xabc000 + i);
    assert_string_equal(json_string_value(json_object_get(point, "point")), hash);
    assert_int_equal(number(point, "setting"), i / 2 + 1);
    assert_int_equal(number(point, "seed"), 9 + i % 2);
    assert_string_equal(json_string_value(json_object_get(point, "status")),
                        failed ? "failed" : "done");
    assert_int_equal(json_object_size(json_object_get(point, "values")), 1); /* no seed */
    assert_int_equal(json_is_null(metrics), failed);
    assert_int_equal(json_is_null(bottleneck), failed || i % 2 == 0);
    if (!failed) {
        assert_near(number(metrics, "area_mm2"), 2.5, 0.0);
        assert_near(number(metrics, "energy_j_per_image"), 1e-9 * (1 + i / 2), 0.0);
    }
}

static void test_sweep_results_as_json(void **state) {
    struct fixture *f = *state;
    struct mca_error error;
    struct mca__sweep_settings settings;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(mca__sweep_settings_init(&settings, &f->results, &error), MCA_OK);
    assert_int_equal(mca__sweep_put_json(out, &settings, &error), MCA_OK);
    assert_int_equal(fclose(out), 0);
    mca__sweep_settings_deinit(&settings);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const json_t *settings_of = json_object_get(root, "settings");
    assert_int_equal(json_array_size(settings_of), SETTINGS);
    for (uint32_t s = 0; s < SETTINGS; ++s) {
        check_setting(json_array_get(settings_of, s), s);
    }
    const json_t *points = json_object_get(root, "points");
    assert_int_equal(json_array_size(points), POINTS);
    for (uint32_t i = 0; i < POINTS; ++i) {
        check_point(json_array_get(points, i), i);
    }
    const json_t *notices = json_object_get(root, "notices");
    assert_int_equal(json_array_size(notices), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(notices, 0), "text")),
                        "told");
    assert_int_equal(number(json_array_get(notices, 0), "points"), 5);
    assert_int_equal(number(root, "notices_left_out"), 7);
    const json_t *fronts = json_object_get(root, "fronts");
    assert_int_equal(json_array_size(fronts), 2);
    for (uint32_t k = 0; k < 2; ++k) {
        const json_t *members = json_object_get(json_array_get(fronts, k), "settings");
        assert_int_equal(json_array_size(members), SETTINGS - 1);
        for (uint32_t i = 0; i + 1 < SETTINGS; ++i) { /* the most accurate first; as they come */
            assert_int_equal(json_integer_value(json_array_get(members, i)),
                             k == 0 ? SETTINGS - 1 - i : i + 1);
        }
    }
    json_decref(root);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sweep_results_on_the_terminal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep_results_tell_a_best_without_equals, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_sweep_results_as_json, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
