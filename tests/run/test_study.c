#include "run/study.h"

#include <unistd.h>

#include "chip/arrays.h"
#include "chip/view.h"
#include "mca_test.h"
#include "reports/run/reporter.h"
#include "scenario/value_text.h"

static const char SMALL[] = "network: {layers: [784, 6, 10]}\n"
                            "dataset: {name: synthetic-digits, synthetic_train: 60, "
                            "synthetic_test: 20}\n"
                            "train: {epochs: 1}\n";

static struct mca_study *small_study(void) {
    struct mca_study *study;
    struct mca_error error;
    assert_int_equal(mca_study_create_text(&study, "small.yaml", SMALL, sizeof SMALL - 1, &error),
                     MCA_OK);
    return study;
}

static void has(const struct mca_study *study, const char *key, const char *expected) {
    char text[MCA_VALUE_TEXT_SIZE];
    struct mca_error error;
    assert_int_equal(mca_study_get(study, key, text, sizeof text, &error), MCA_OK);
    assert_string_equal(text, expected);
}

/* Keys come and go as texts; what is refused changes nothing. */
static void test_study_keys(void **state) {
    char text[MCA_VALUE_TEXT_SIZE];
    struct mca_error error;
    struct mca_study *study = small_study();
    struct mca_study *copy;
    (void)state;
    has(study, "network.layers", "[784, 6, 10]");
    assert_int_equal(mca_study_set(study, "adc.bits=6", "argument", &error), MCA_OK);
    assert_int_equal(mca_study_copy(&copy, study, &error), MCA_OK);
    assert_int_equal(mca_study_set(copy, "adc.bits=99", "argument", &error), MCA_INVALID);
    assert_string_equal(error.message, "argument: adc.bits: 99 is out of range 0..16");
    has(copy, "adc.bits", "6");
    assert_int_equal(mca_study_set(copy, "adc.bits=4", "argument", &error), MCA_OK);
    has(study, "adc.bits", "6");
    assert_int_equal(mca_study_origin(study, "adc.bits", text, sizeof text, &error), MCA_OK);
    assert_string_equal(text, "argument");
    assert_int_equal(mca_study_origin(study, "train.epochs", text, sizeof text, &error), MCA_OK);
    assert_string_equal(text, "small.yaml:3");
    assert_int_equal(mca_study_get(study, "adc.bit", text, sizeof text, &error), MCA_INVALID);
    assert_string_equal(error.message, "adc.bit: unknown key; did you mean adc.bits");
    mca_study_destroy(copy);
    mca_study_destroy(study);
    assert_int_equal(mca_study_create(&study, "no-such-scenario", &error), MCA_SYSTEM);
    assert_null(study);
    mca_study_destroy(NULL);
}

static void test_study_yaml_loads_to_the_same(void **state) {
    const char *text;
    uint64_t hashes[2];
    struct mca_error error;
    struct mca_study *study = small_study();
    struct mca_study *again;
    (void)state;
    assert_int_equal(mca_study_yaml(study, &text, &error), MCA_OK);
    assert_int_equal(mca_study_yaml(study, &text, &error), MCA_OK); /* the first is given back */
    assert_int_equal(mca_study_create_text(&again, "other.yaml", text, strlen(text), &error),
                     MCA_OK);
    assert_int_equal(mca_study_hash(study, &hashes[0], &error), MCA_OK);
    assert_int_equal(mca_study_hash(again, &hashes[1], &error), MCA_OK);
    assert_true(hashes[0] == hashes[1]);
    mca_study_destroy(again);
    mca_study_destroy(study);
}

/* Arrays are the chip's own memory; a label that is no output stops a block where it stands. */
static void test_study_chip_in_arrays(void **state) {
    static uint8_t pixels[3 * 784];
    const uint8_t labels[3] = {1, 2, 10};
    const struct mca_chip_images images = {pixels, labels, NULL, 3};
    struct mca_image_outcome outcomes[3];
    struct mca_array_view view;
    struct mca_error error;
    uint32_t done;
    double weights[7 * 10];
    struct mca_study *study = small_study();
    (void)state;
    assert_null(mca_study_chip(study));
    assert_int_equal(mca_study_create_chip(study, NULL, NULL, &error), MCA_OK);
    struct mca_chip *chip = mca_study_chip(study);
    const struct mca_layer_view layer = mca_chip_layer(chip, 1);
    assert_true(mca_chip_array(chip, 1, MCA_CHIP_G_MINUS, &view));
    assert_ptr_equal(view.data, layer.matrix->g[1]);
    assert_int_equal(view.element, MCA_ELEMENT_U16);
    assert_int_equal(view.rows, 7);
    assert_int_equal(view.cols, 10);
    assert_true(mca_chip_array(chip, 1, MCA_CHIP_WRITES_PLUS, &view));
    assert_ptr_equal(view.data, layer.matrix->writes[0]);
    assert_true(mca_chip_array(chip, 1, MCA_CHIP_CHI, &view));
    assert_ptr_equal(view.data, layer.chi->narrow);
    assert_near(view.unit, 1.0 / 8192, 0.0); /* chi.frac_bits 13 */
    assert_false(mca_chip_array(chip, 1, MCA_CHIP_WEIGHT_US, &view));
    mca_chip_weights(chip, 1, weights);
    assert_near(weights[6 * 10 + 3], mca_matrix_weight_us(layer.matrix, 6, 3) / 8, 0.0);
    assert_int_equal(mca_chip_train_images(chip, &images, outcomes, &done, &error), MCA_INVALID);
    assert_string_equal(error.message, "label 10 of image 2 is not below the 10 outputs");
    assert_int_equal(done, 2);
    assert_int_equal(mca_chip_stats_of(chip)->images, 2);
    mca_study_destroy(study);
}

/* What programs in other languages ask of sizes, units and times. */
static void test_study_chip_in_numbers(void **state) {
    uint32_t rows;
    uint32_t cols;
    uint64_t ps[MCA_PHASE_COUNT];
    uint64_t sum_ps = 0;
    struct mca_array_view view;
    struct mca_error error;
    struct mca_study *study = small_study();
    (void)state;
    assert_null(mca_study_data_name(study));
    assert_int_equal(mca_study_load_data(study, NULL, NULL, &error), MCA_OK);
    assert_string_equal(mca_study_data_name(study), "synthetic-digits");
    assert_int_equal(mca_study_images(study, 0)->count, 60);
    assert_int_equal(mca_study_images(study, 1)->count, 20);
    assert_int_equal(mca_study_create_chip(study, NULL, NULL, &error), MCA_OK);
    struct mca_chip *chip = mca_study_chip(study);
    mca_chip_matrix_size(chip, 0, &rows, &cols);
    assert_int_equal(rows, 785);
    assert_int_equal(cols, 6);
    assert_int_equal(mca_chip_inputs(chip), 784);
    assert_int_equal(mca_chip_outputs(chip), 10);
    assert_near(mca_chip_weight_unit(chip, 1), 8.0, 0.0); /* tile.unit_weight_us */
    assert_true(mca_chip_array(chip, 0, MCA_CHIP_PULSES_PLUS, &view));
    assert_ptr_equal(view.data, mca_chip_layer(chip, 0).matrix->pulses_since_reset[0]);
    assert_int_equal(view.element, MCA_ELEMENT_U8);
    assert_false(mca_chip_array(chip, 0, MCA_CHIP_ARRAY_COUNT, &view));
    const struct mca_ledger_axes axes = mca_ledger_axes();
    assert_int_equal(axes.phases, MCA_PHASE_COUNT);
    assert_int_equal(axes.components, MCA_COMPONENT_CHIP_COUNT);
    assert_int_equal(axes.component_stride, MCA_COMPONENT_COUNT);
    assert_int_equal(axes.resources, MCA_RESOURCE_COUNT);
    const struct mca_image_set *train = mca_study_images(study, 0);
    const struct mca_chip_images images = {train->pixels, train->labels, NULL, 2};
    struct mca_image_outcome outcomes[2];
    uint32_t done;
    assert_int_equal(mca_chip_train_images(chip, &images, outcomes, &done, &error), MCA_OK);
    mca_chip_critical_ps(chip, ps);
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        sum_ps += ps[p];
    }
    assert_true(ps[MCA_PHASE_UPDATE] > 0);
    assert_int_equal(sum_ps, mca_chip_time_ps(chip)); /* the phases are the whole of it */
    /* other data than the chip takes are refused, and those before stay */
    assert_int_equal(mca_study_set(study, "dataset.name=synthetic-colour", "argument", &error),
                     MCA_OK);
    assert_int_equal(mca_study_load_data(study, NULL, NULL, &error), MCA_INVALID);
    assert_string_equal(mca_study_data_name(study), "synthetic-digits");
    mca_study_destroy(study);
}

/* Keys of one layer go by its number. */
static void test_study_keys_of_a_layer(void **state) {
    struct mca_error error;
    char text[MCA_VALUE_TEXT_SIZE];
    struct mca_study *study = small_study();
    (void)state;
    assert_int_equal(mca_study_set(study,
                                   "network.layers=[{dense: {units: 4, activation: relu}}, "
                                   "{dense: {units: 10}}]",
                                   "argument", &error),
                     MCA_OK);
    has(study, "network.layers.0.activation", "relu");
    assert_int_equal(
        mca_study_origin(study, "network.layers.0.activation", text, sizeof text, &error), MCA_OK);
    assert_string_equal(text, "argument");
    assert_int_equal(mca_study_get(study, "network.layers.7.activation", text, sizeof text, &error),
                     MCA_INVALID);
    mca_study_destroy(study);
}

/* A study without a file has the defaults; one of a run that does not exist is none. */
static void test_study_of_defaults_and_of_no_run(void **state) {
    struct mca_error error;
    struct mca_study *study;
    (void)state;
    assert_int_equal(mca_study_create(&study, NULL, &error), MCA_OK);
    has(study, "network.layers", "[784, 250, 10]");
    assert_int_equal(mca_study_check(study, &error), MCA_OK);
    mca_study_destroy(study);
    assert_int_equal(mca_study_create_trained(&study, "/nonexistent", &error), MCA_SYSTEM);
    assert_null(study);
}

static void count_notice(void *user, const char *line) {
    (void)line;
    ++*(int *)user;
}

/* A job with an observer asks it, and nobody else, whether to stop. */
static void test_study_run_is_stopped_by_its_observer(void **state) {
    int stop = MCA_TERMINATED;
    char output[] = "/tmp/test_study.XXXXXX";
    char run[sizeof output + 4];
    struct mca_error error;
    struct mca_study *study = small_study();
    const struct mca_observer observer = {&stop, NULL, NULL, mca_stop_flag};
    (void)state;
    assert_non_null(mkdtemp(output));
    (void)snprintf(run, sizeof run, "%s/run", output);
    struct mca_run_job job = {.reporter = &mca_run_reports,
                              .output = run,
                              .threads = 1,
                              .without_page = 1,
                              .observer = &observer};
    assert_int_equal(mca_study_run(study, &job, &error), MCA_TERMINATED);
    assert_string_equal(error.message, "interrupted before the first image");
    assert_int_not_equal(access(run, F_OK), 0);
    assert_int_equal(rmdir(output), 0); /* nothing is left */
    mca_study_destroy(study);
}

static void test_study_tells_notices(void **state) {
    int notices = 0;
    struct mca_error error;
    struct mca_study *study = small_study();
    const struct mca_observer observer = {&notices, count_notice, NULL, NULL};
    (void)state;
    assert_int_equal(mca_study_tell(study, &observer, &error), MCA_OK);
    assert_int_equal(notices, 0);
    assert_int_equal(mca_study_set(study, "device.drift_nu=0.1", "argument", &error), MCA_OK);
    assert_int_equal(mca_study_tell(study, &observer, &error), MCA_OK);
    assert_int_equal(notices, 1);
    mca_study_destroy(study);
}

/* Layers with kinds leave full scales open: images are needed, of the size that the network takes.
 */
static void test_study_needs_images(void **state) {
    static uint8_t pixels[784];
    struct mca_image_set set = {1, 28, 28, pixels, NULL, 1};
    struct mca_error error;
    struct mca_study *study = small_study();
    (void)state;
    assert_false(mca_study_needs_images(study));
    assert_int_equal(mca_study_set(study,
                                   "network.layers=[{dense: {units: 4, activation: relu}}, "
                                   "{dense: {units: 10}}]",
                                   "argument", &error),
                     MCA_OK);
    assert_true(mca_study_needs_images(study));
    assert_int_equal(mca_study_create_chip(study, NULL, NULL, &error), MCA_INVALID);
    assert_non_null(strstr(error.message, "full scales"));
    set.cols = 5;
    assert_int_equal(mca_study_give_images(study, &set, &error), MCA_OK);
    assert_int_equal(mca_study_create_chip(study, NULL, NULL, &error), MCA_INVALID);
    assert_string_equal(error.message, "network.layers: 784 inputs, but images have 140 values");
    set.cols = 28;
    assert_int_equal(mca_study_give_images(study, &set, &error), MCA_OK);
    assert_int_equal(mca_study_create_chip(study, NULL, NULL, &error), MCA_OK);
    assert_null(mca_study_images(study, 1));
    assert_int_equal(mca_study_images(study, 0)->count, 1);
    mca_study_destroy(study);
}

/* Of 12 images with a refresh. */
static struct mca_ledger ledger_of_twelve(const char *const *settings) {
    static uint8_t pixels[12 * 784];
    static uint8_t labels[12];
    const struct mca_chip_images images = {pixels, labels, NULL, 12};
    struct mca_study *study = small_study();
    struct mca_error error;
    uint32_t done;
    for (size_t i = 0; i < sizeof pixels; ++i) {
        pixels[i] = (uint8_t)(i * i >> 5);
    }
    for (uint8_t i = 0; i < 12; ++i) {
        labels[i] = i % 10;
    }
    for (; *settings; ++settings) {
        assert_int_equal(mca_study_set(study, *settings, "argument", &error), MCA_OK);
    }
    assert_int_equal(mca_study_create_chip(study, NULL, NULL, &error), MCA_OK);
    struct mca_chip *chip = mca_study_chip(study);
    mca_chip_set_rate(chip, 1.0, 1);
    assert_int_equal(mca_chip_train_images(chip, &images, NULL, &done, &error), MCA_OK);
    const struct mca_ledger ledger = mca_chip_ledger(chip);
    mca_study_destroy(study);
    return ledger;
}

/* With pulses that take twice as long, too, a chip at twice the node does the same in exactly
 * twice the time. */
static void test_study_times_follow_the_node(void **state) {
    static const char *const fine[] = {"refresh.every_images=10", "timing.node_nm=14", NULL};
    static const char *const coarse[] = {
        "refresh.every_images=10",    "train.learning_rate=1",        "timing.node_nm=28",
        "timing.set_pulse_ps=120000", "timing.reset_pulse_ps=120000", NULL};
    (void)state;
    const struct mca_ledger a = ledger_of_twelve(fine);
    const struct mca_ledger b = ledger_of_twelve(coarse);
    assert_memory_equal(a.counts, b.counts, sizeof a.counts);
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        assert_int_equal(b.critical_ps[phase], 2 * a.critical_ps[phase]);
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            assert_int_equal(b.busy_ps[phase][r], 2 * a.busy_ps[phase][r]);
        }
    }
    assert_true(a.busy_ps[MCA_PHASE_TRANSFER][MCA_RESOURCE_PROGRAM] > 0 &&
                a.critical_ps[MCA_PHASE_REFRESH] > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_study_keys),
        cmocka_unit_test(test_study_yaml_loads_to_the_same),
        cmocka_unit_test(test_study_chip_in_arrays),
        cmocka_unit_test(test_study_chip_in_numbers),
        cmocka_unit_test(test_study_keys_of_a_layer),
        cmocka_unit_test(test_study_of_defaults_and_of_no_run),
        cmocka_unit_test(test_study_run_is_stopped_by_its_observer),
        cmocka_unit_test(test_study_tells_notices),
        cmocka_unit_test(test_study_needs_images),
        cmocka_unit_test(test_study_times_follow_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
