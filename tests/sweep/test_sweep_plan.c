/* Sweep plans: which points a file means, and samples. */
#include "mca_test.h"

#include <unistd.h>

#include "reports/sweep/write_results.h"
#include "sweep/plan.h"
#include "sweep/samples.h"

struct fixture {
    struct mca_sweep_plan plan;
    struct mca_scenario scenario;
    struct mca_scenario_origins origins;
    struct mca_error error;
    char directory[64];
    char path[128];
    char scenario_path[128];
};

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (!f) {
        return -1;
    }
    (void)snprintf(f->directory, sizeof f->directory, "/tmp/mca_sweep_XXXXXX");
    if (!mkdtemp(f->directory)) {
        return -1;
    }
    (void)snprintf(f->path, sizeof f->path, "%s/q.yaml", f->directory);
    (void)snprintf(f->scenario_path, sizeof f->scenario_path, "%s/s.yaml", f->directory);
    write_text(f->scenario_path, "seed: 9\nadc: {bits: 7}\n");
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    mca_sweep_plan_deinit(&f->plan);
    (void)unlink(f->path);
    (void)unlink(f->scenario_path);
    const int status = rmdir(f->directory);
    free(f);
    return status;
}

static void load(struct fixture *f, const char *text) {
    char whole[2048];
    (void)snprintf(whole, sizeof whole, "scenario: s.yaml\n%s", text);
    write_text(f->path, whole);
    mca_sweep_plan_deinit(&f->plan);
    struct mca_sweep_metrics metrics;
    mca_sweep_metrics_take(&metrics);
    if (mca_sweep_plan_load(&f->plan, f->path, &metrics, &f->error) != MCA_OK) {
        fail_msg("%s", f->error.message);
    }
}

static const struct mca_scenario *point(struct fixture *f, uint32_t index) {
    if (mca_sweep_plan_scenario(&f->plan, index, &f->scenario, &f->origins, &f->error) != MCA_OK) {
        fail_msg("%s", f->error.message);
    }
    return &f->scenario;
}

static void test_sweep_plan_without_axes_is_the_scenario(void **state) {
    struct fixture *f = *state;
    load(f, "");
    assert_int_equal(f->plan.point_count, 1);
    assert_int_equal(point(f, 0)->chip.adc.bits, 7);
    assert_int_equal(f->scenario.chip.seed, 9);
}

static void test_sweep_plan_counts_in_tens(void **state) {
    struct fixture *f = *state;
    load(f, "seeds: 12\n");
    assert_int_equal(f->plan.point_count, 12);
    assert_int_equal(point(f, 11)->chip.seed, 20);
}

static void test_sweep_plan_is_the_product_of_all_sections(void **state) {
    struct fixture *f = *state;
    static const uint32_t adc[] = {4, 6};
    static const uint32_t lanes[] = {4, 8, 16};
    static const uint32_t epochs[] = {2, 3};
    load(f, "seeds: 2\n"
            "zip: {chi.bits: [12, 16], chi.frac_bits: [9, 13]}\n"
            "list: [{train.epochs: 2}, {train.epochs: 3, train.batch: 5}]\n"
            "set: {train.test_every: 4}\n"
            "grid: {adc.bits: [4, 6], dpu.lanes: [4, 8, 16]}\n");
    assert_int_equal(f->plan.point_count, 2 * 3 * 2 * 2 * 2);
    for (uint32_t i = 0; i < f->plan.point_count; ++i) {
        const struct mca_scenario *s = point(f, i);
        assert_int_equal(s->chip.seed, 9 + i % 2); /* seeds count from the scenario's */
        assert_int_equal(s->chip.chi.bits, i / 2 % 2 ? 16 : 12);
        assert_int_equal(s->chip.chi.frac_bits, i / 2 % 2 ? 13 : 9);
        assert_int_equal(s->train.epochs, epochs[i / 4 % 2]);
        assert_int_equal(s->train.batch, i / 4 % 2 ? 5 : 1); /* else as the scenario has it */
        assert_int_equal(s->chip.dpu.lanes, lanes[i / 8 % 3]);
        assert_int_equal(s->chip.adc.bits, adc[i / 24]);
        assert_int_equal(s->train.test_every, 4);
    }
}

/* A point has a cell for each key, a row of its axes, and no more. */
static void test_sweep_plan_cells(void **state) {
    struct fixture *f = *state;
    load(f, "grid: {adc.bits: [4, 8]}\nlist: [{dpu.lanes: 4}, {chi.bits: 12, chi.frac_bits: 9}]\n");
    assert_int_equal(f->plan.key_count, 4);
    for (uint32_t i = 0; i < f->plan.point_count; ++i) {
        uint32_t cells[MCA_KEY_MAX];
        uint32_t set = 0;
        cells[f->plan.key_count] = 12345;
        mca_sweep_plan_cells(&f->plan, i, cells);
        for (uint32_t k = 0; k < f->plan.key_count; ++k) {
            set += cells[k] != MCA_SWEEP_UNSET;
        }
        assert_true(set == 2 || set == 3); /* bits, and one row of the list or the other */
        assert_int_equal(cells[f->plan.key_count], 12345);
    }
}

static void test_sweep_plan_takes_every_type(void **state) {
    struct fixture *f = *state;
    char text[256];
    load(f, "grid:\n"
            "  network.layers: [[784, 10], [784, 20, 10]]\n"
            "  device.model: [linear]\n"
            "  cost.library: [lib/x.yaml]\n"
            "  device.read_noise: [0.5]\n");
    assert_int_equal(point(f, 1)->chip.network.layer_count, 2);
    assert_int_equal(f->scenario.chip.device.model, MCA_DEVICE_LINEAR);
    assert_near(f->scenario.chip.device.read_noise, 0.5, 0);
    (void)snprintf(text, sizeof text, "%s/lib/x.yaml", f->directory);
    assert_string_equal(f->scenario.cost.library, text);
    assert_string_equal(f->plan.values[f->plan.axes[2].cells[0]].text, "lib/x.yaml");
}

/* Layers with their kinds are values as others are; what follows from a point's keys together does
 * so whatever their order. */
static void test_sweep_plan_takes_typed_layers(void **state) {
    struct fixture *f = *state;
    const struct mca_shape digits = {1, 28, 28};
    load(f, "grid:\n"
            "  network.input: [auto, [1, 9, 9]]\n"
            "  network.layers: [[784, 10], [dense: {units: 12}, dense: {units: 10}]]\n");
    const struct mca_network_config *network = &point(f, 0)->chip.network;
    assert_int_equal(network->layer_count, 1);
    assert_int_equal(network->input.channels, 784);
    network = &point(f, 1)->chip.network;
    assert_int_equal(network->layer_count, 2);
    assert_int_equal(network->layers[0].units, 12);
    assert_memory_equal(&network->input, &digits, sizeof digits);
    assert_int_equal(point(f, 2)->chip.network.input.channels, 784);
    assert_int_equal(point(f, 3)->chip.network.input.height, 9);
    assert_string_equal(f->plan.values[f->plan.axes[1].cells[1]].text,
                        "[dense: {units: 12, activation: sigmoid}, dense: {units: 10, activation: "
                        "sigmoid}]");
}

static void test_sweep_plan_names_the_line_of_a_combination(void **state) {
    struct fixture *f = *state;
    char message[256];
    load(f, "grid:\n  dpu.lanes:\n    - 16\n    - 24\n");
    point(f, 0);
    assert_int_equal(mca_sweep_plan_scenario(&f->plan, 1, &f->scenario, &f->origins, &f->error),
                     MCA_INVALID);
    (void)snprintf(message, sizeof message, "%s:5: dpu.lanes: not a power of two; dpu.lanes is 24",
                   f->path);
    assert_string_equal(f->error.message, message);
}

/* The column of one end of a pair. */
static const char *column(const struct fixture *f, uint32_t pair, int end) {
    return f->plan.metrics.list[f->plan.pairs[pair][end]].column;
}

static void test_sweep_plan_pairs(void **state) {
    struct fixture *f = *state;
    load(f, "");
    assert_int_equal(f->plan.pair_count, 1);
    assert_string_equal(column(f, 0, 0), "accuracy_test_final");
    assert_string_equal(column(f, 0, 1), "energy_j_per_image");
    load(f, "pareto: [[latency, area], [accuracy, latency]]\n");
    assert_int_equal(f->plan.pair_count, 2);
    assert_string_equal(column(f, 0, 0), "latency_s_per_image");
    assert_string_equal(column(f, 0, 1), "area_mm2");
    assert_string_equal(column(f, 1, 1), "latency_s_per_image");
}

/* Every stratum has one sample, whatever the number of samples, and two keys are not in step. */
static void test_sweep_samples_hypercube_has_each_stratum_once(void **state) {
    (void)state;
    static const uint32_t counts[] = {1, 2, 7, 64, 1000};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; ++c) {
        const uint32_t n = counts[c];
        double positions[1000];
        double other[1000];
        uint8_t seen[1000] = {0};
        uint32_t in_step = 0;
        mca_sample_positions(5, "adc.bits", n, 1, positions);
        mca_sample_positions(5, "dpu.lanes", n, 1, other);
        for (uint32_t i = 0; i < n; ++i) {
            const double stratum = floor(positions[i] * n);
            assert_true(stratum >= 0 && stratum < n);
            assert_int_equal(seen[(uint32_t)stratum]++, 0);
            in_step += stratum == floor(other[i] * n);
        }
        /* of 1000 positions of two permutations one agrees on average; 12 has p < 1e-9 */
        assert_true(n < 1000 || in_step < 12);
    }
}

static void test_sweep_samples_repeat_and_differ(void **state) {
    (void)state;
    double a[64];
    double b[64];
    for (int hypercube = 0; hypercube < 2; ++hypercube) {
        mca_sample_positions(5, "adc.bits", 64, hypercube, a);
        mca_sample_positions(5, "adc.bits", 64, hypercube, b);
        assert_memory_equal(a, b, sizeof a);
        mca_sample_positions(6, "adc.bits", 64, hypercube, b);
        assert_memory_not_equal(a, b, sizeof a);
    }
}

static void test_sweep_samples_values(void **state) {
    (void)state;
    const struct mca_sample_range linear = {2, 6, 0, 0};
    const struct mca_sample_range whole = {2, 6, 0, 1};
    const struct mca_sample_range logarithmic = {0.01, 100, 1, 0};
    assert_near(mca_sample_value(&linear, 0.25), 3, 1e-12);
    assert_near(mca_sample_value(&whole, 0.4), 4, 0);
    assert_near(mca_sample_value(&whole, 0.9999), 6, 0);
    assert_near(mca_sample_value(&logarithmic, 0.5), 1, 1e-12);
    assert_near(mca_sample_value(&logarithmic, 0.75), 10, 1e-11);
    assert_true(mca_sample_value(&logarithmic, 1 - 1e-16) <= 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sweep_plan_without_axes_is_the_scenario, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_sweep_plan_counts_in_tens, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep_plan_is_the_product_of_all_sections, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_sweep_plan_cells, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep_plan_takes_every_type, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep_plan_takes_typed_layers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep_plan_names_the_line_of_a_combination, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_sweep_plan_pairs, setup, teardown),
        cmocka_unit_test(test_sweep_samples_hypercube_has_each_stratum_once),
        cmocka_unit_test(test_sweep_samples_repeat_and_differ),
        cmocka_unit_test(test_sweep_samples_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
