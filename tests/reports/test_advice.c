/* Advice from planted figures, each at the edge of its threshold. */
#include "reports/figures/advice.h"

#include "report_fixture.h"
#include "reports/run/report.h"
#include "scenario/keys.h"

enum { CONVERSIONS = 1000, IMAGES = 3000 };

/* A made-up run in good health, with what noted its converters. */
struct patient {
    struct fixture *f;
    struct mca_converter_histogram histograms[2][2];
    struct mca_converter_use use;
    struct mca__health health;
    struct mca_advice_list advice;
};

static void test_accuracy_is(struct patient *p, double accuracy) {
    p->f->epochs[2].test_accuracy = accuracy;
}

/* Pulses of training of a layer: so many a weight. */
static void pulses_are(struct patient *p, uint32_t layer, double a_weight) {
    const struct mca_network_layer *l = &p->f->report.network.layers[layer];
    uint64_t(*counts)[MCA_COMPONENT_COUNT] = p->f->layers[layer].part.counts;
    for (int phase = 0; phase < MCA_PHASE_COUNT; ++phase) {
        counts[phase][MCA_COMPONENT_PCM_SET] = 0;
    }
    counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET] = (uint64_t)(a_weight * l->rows * l->cols);
    counts[MCA_PHASE_REFRESH][MCA_COMPONENT_PCM_SET] = 1000000; /* count for nothing */
}

static struct mca_converter_histogram healthy_codes(void) {
    return (struct mca_converter_histogram){
        .count = CONVERSIONS, .squares = 900 * CONVERSIONS, .least = -100, .most = 90};
}

static struct patient healthy(void **state) {
    struct patient p = {.f = *state};
    struct fixture *f = p.f;
    for (int i = 0; i < 4; ++i) {
        p.histograms[i / 2][i % 2] = healthy_codes();
    }
    p.histograms[0][1].count = 0; /* the first layer is not read backward */
    p.use = (struct mca_converter_use){.bits = 8, .bins = 64, .layer_count = 2};
    f->layers[0].devices_at_gmax = 12;
    f->layers[1].devices_at_gmax = 5;
    f->layers[1].wear.stuck_devices = 0;
    f->result.images = IMAGES;
    f->result.refreshed_pairs = 300;
    f->result.chi_saturations = f->result.pulses_lost = f->result.updates_lost = 0;
    f->result.update_products = 1000000;
    f->result.import = (struct mca_import_stats){.weights = 0};
    f->scenario.chip.transfer.epsilon_us = 0.77;
    f->scenario.chip.refresh.every_images = 100;
    f->scenario.train.batch = 1;
    for (int e = 0; e < 3; ++e) {
        f->epochs[e].train_accuracy = 0.9;
    }
    f->epochs[2].train_loss = 0.3;
    test_accuracy_is(&p, 0.97);
    pulses_are(&p, 0, 0.2);
    pulses_are(&p, 1, 10.0);
    p.health = (struct mca__health){&f->report, NULL, 0.8};
    return p;
}

/* "rule[key] rule[key]" of what is told. */
static const char *told(struct patient *p) {
    static char text[1024];
    text[0] = '\0';
    p->use.layers = p->histograms;
    p->health.use = &p->use;
    mca__advise(&p->health, &p->advice);
    for (uint32_t i = 0; i < p->advice.count; ++i) {
        const struct mca_advice *line = &p->advice.lines[i];
        mca_text_add(text, sizeof text, "%s%s[%s]", i ? " " : "", line->rule, line->key);
        assert_null(strchr(line->text, '{'));
        assert_non_null(strstr(line->text, line->key));
        assert_true(mca_key_is_of_layer(line->key) || mca_key_find(line->key));
        assert_true(strlen(line->text) < 300);
    }
    return text;
}

static void test_advice_is_silent_in_health(void **state) {
    struct patient p = healthy(state);
    assert_string_equal(told(&p), "");
    p.health.step_us = 0.0; /* a device whose step is not known */
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, 0.56); /* poor begins below half the way from 10 % */
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, (double)NAN);
    assert_string_equal(told(&p), "");
}

/* A poor accuracy alone says nothing of its cause, and a good one takes every cause back. */
static void test_advice_of_steps(void **state) {
    struct patient p = healthy(state);
    struct mca_converter_histogram *h = &p.histograms[1][1];
    h->squares = CONVERSIONS - 1;
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, 0.5501);
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, 0.5499);
    assert_string_equal(told(&p), "converter_coarse[adc.bits]");
    assert_string_equal(p.advice.lines[0].text,
                        "layer 1 (dense) backward: conversions have a root mean square of 1 steps, "
                        "where 1 or more are wanted: the converters have too few bits; raise "
                        "adc.bits");
    h->squares = CONVERSIONS;
    assert_string_equal(told(&p), "");
    h->squares = 0;
    h->least = -33; /* a quarter of the range and more */
    h->most = 32;
    assert_string_equal(told(&p), "converter_coarse[adc.bits]");
    h->least = -32;
    assert_string_equal(told(&p), "");
    h->least = -5;
    h->most = 4;
    assert_string_equal(told(&p), "");
    h->least = -4;
    assert_string_equal(told(&p), "converter_wide[adc.backward_range]");
    pulses_are(&p, 1, 1.99); /* weights are still small */
    assert_string_equal(told(&p), "");
    h->least = h->most = 1;
    assert_string_equal(told(&p), "converter_wide[adc.backward_range]");
    h->most = 2;
    assert_string_equal(told(&p), "");
    h->most = 4;
    pulses_are(&p, 1, 2.01);
    assert_string_equal(told(&p), "converter_wide[adc.backward_range]");
    h->most = 3;
    h->least = -4;
    p.histograms[0][0] = p.histograms[1][0] = *h;
    p.use.bits = 6; /* just an eighth of the range */
    assert_string_equal(told(&p), "converter_wide[adc.forward_range]");
    p.use.bits = 5;
    assert_string_equal(told(&p), "");
    p.use.bits = 8;
    p.histograms[0][0] = p.histograms[1][0] = healthy_codes();
    h->count = 0; /* that nobody noted */
    assert_string_equal(told(&p), "");
}

static void test_advice_of_clipping(void **state) {
    struct patient p = healthy(state);
    p.histograms[0][0].at_ends = 900;
    assert_string_equal(told(&p), "");
    p.histograms[0][0].at_ends = 901;
    p.histograms[1][0].at_ends = 950;
    assert_string_equal(told(&p), "converter_clipped[adc.forward_range]");
    assert_non_null(strstr(p.advice.lines[0].text, "layer 1 (dense) forward and 1 more: 95 %"));
    p.use.bits = 2; /* the ends are half of all codes */
    p.histograms[0][0].least = p.histograms[1][0].least = p.histograms[1][1].least = -2;
    assert_string_equal(told(&p), "");
    p.use.bits = 0; /* nobody noted codes: the run's own count */
    p.f->result.adc_clips = 900000;
    assert_string_equal(told(&p), "");
    p.f->result.adc_clips = 900001;
    assert_string_equal(told(&p), "reads_clipped[adc.forward_range]");
}

/* Keys of networks that are written layer by layer. */
static void test_advice_names_keys_of_layers(void **state) {
    struct patient p = healthy(state);
    struct mca_layer_config *layer = &p.f->report.network.layers[1].config;
    p.f->scenario.chip.network.is_widths = 0;
    p.histograms[1][0].at_ends = 950;
    assert_string_equal(told(&p), "converter_clipped[calibration.margin]");
    layer->adc_forward_range = 8.0;
    assert_string_equal(told(&p), "converter_clipped[network.layers.1.adc_forward_range]");
    p.histograms[1][0].at_ends = 0;
    p.f->layers[1].devices_at_gmax = p.f->layers[1].inventory.weights;
    assert_string_equal(told(&p), "devices_full[network.layers.1.unit_weight_us]");
}

static void test_advice_of_devices(void **state) {
    struct patient p = healthy(state);
    const uint64_t tenth = 2 * p.f->layers[1].inventory.weights / 10;
    p.f->layers[1].devices_at_gmax = tenth;
    assert_string_equal(told(&p), "");
    p.f->layers[1].devices_at_gmax = tenth + 1;
    assert_string_equal(told(&p), "devices_full[tile.unit_weight_us]");
    p.f->result.refreshed_pairs = 0;
    assert_string_equal(told(&p), "refresh_missing[refresh.high_us]");
    p.f->scenario.chip.refresh.every_images = IMAGES + 1;
    assert_string_equal(told(&p), "refresh_missing[refresh.every_images]");
    p.f->scenario.chip.refresh.every_images = 0;
    assert_string_equal(told(&p), "refresh_missing[refresh.every_images]");
    p.f->layers[1].devices_at_gmax = 0; /* and no refresh was needed */
    assert_string_equal(told(&p), "");
    p.f->layers[1].wear.stuck_devices = tenth;
    assert_string_equal(told(&p), "");
    p.f->layers[1].wear.stuck_devices = tenth + 1;
    assert_string_equal(told(&p), "devices_stuck[device.endurance_pulses]");
}

static void test_advice_of_overshoot(void **state) {
    struct patient p = healthy(state);
    pulses_are(&p, 1, 0.1001 * IMAGES);
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, 0.4);
    assert_string_equal(told(&p), "rate_high[train.learning_rate]");
    pulses_are(&p, 1, 0.0999 * IMAGES);
    assert_string_equal(told(&p), "");
    pulses_are(&p, 0, 0.1001 * IMAGES); /* every layer is looked at */
    assert_string_equal(told(&p), "rate_high[train.learning_rate]");
    pulses_are(&p, 0, 0.0999 * IMAGES);
    p.f->scenario.train.batch = 2; /* of half as many weight changes */
    assert_string_equal(told(&p), "rate_high[train.learning_rate]");
    p.f->scenario.chip.transfer.epsilon_us = 0.4; /* a pulse does twice as much */
    assert_string_equal(told(&p), "rate_high[train.learning_rate]");
    p.f->scenario.chip.transfer.epsilon_us = 0.399;
    assert_string_equal(told(&p), "epsilon_small[transfer.epsilon_us]");
    pulses_are(&p, 1, 10.0);
    p.f->scenario.chip.transfer.epsilon_us = 0.0; /* written through: the loss alone tells */
    p.f->epochs[2].train_loss = 9.75;             /* of guessing 3.2508 */
    assert_string_equal(told(&p), "");
    p.f->epochs[2].train_loss = 9.76;
    assert_string_equal(told(&p), "loss_high[train.learning_rate]");
    const struct {
        unsigned loss;
        double guess;
    } others[] = {{MCA_LOSS_SOFTMAX, 2.302585}, {MCA_LOSS_SQUARED, 0.45}};
    for (int i = 0; i < 2; ++i) {
        p.f->scenario.chip.loss = others[i].loss;
        p.f->epochs[2].train_loss = 2.999 * others[i].guess;
        assert_string_equal(told(&p), "");
        p.f->epochs[2].train_loss = 3.001 * others[i].guess;
        assert_string_equal(told(&p), "loss_high[train.learning_rate]");
    }
}

static void test_advice_of_lost_updates(void **state) {
    struct patient p = healthy(state);
    p.f->result.chi_saturations = 1000;
    assert_string_equal(told(&p), "");
    p.f->result.chi_saturations = 1001;
    assert_string_equal(told(&p), "chi_saturated[train.learning_rate]");
    p.f->result.chi_saturations = 0;
    p.f->result.pulses_lost = p.f->result.set_pulses / 9;
    assert_string_equal(told(&p), "");
    p.f->result.pulses_lost += 2;
    assert_string_equal(told(&p), "pulses_lost[transfer.max_pulses]");
    p.f->result.pulses_lost = 0;
    p.f->result.updates_lost = 500001;
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, 0.4);
    assert_string_equal(told(&p), "products_lost[dpu.rounding]");
    p.f->result.updates_lost = 500000;
    assert_string_equal(told(&p), "");
}

static void test_advice_of_few_pulses(void **state) {
    struct patient p = healthy(state);
    pulses_are(&p, 0, 0.0199);
    pulses_are(&p, 1, 0.5e-3 * IMAGES - 0.01);
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, 0.4);
    assert_string_equal(told(&p), "rate_low[train.learning_rate]");
    pulses_are(&p, 0, 0.0201);
    assert_string_equal(told(&p), "");
    pulses_are(&p, 0, 0.0199);
    p.f->scenario.train.batch = 8;
    assert_string_equal(told(&p), "rate_low_in_batches[train.learning_rate]");
    pulses_are(&p, 1, 0.5e-3 * IMAGES + 0.01); /* as often as elsewhere */
    assert_string_equal(told(&p), "few_images[train.epochs]");
    p.f->scenario.chip.transfer.epsilon_us = 1.6; /* twice what a pulse does */
    assert_string_equal(told(&p), "few_images[train.epochs]");
    p.f->scenario.chip.transfer.epsilon_us = 1.61;
    assert_string_equal(told(&p), "epsilon_large[transfer.epsilon_us]");
    p.f->report.network.layers[0].config.frozen = 1; /* it is to get none */
    assert_string_equal(told(&p), "");
}

static void test_advice_of_no_pulse(void **state) {
    struct patient p = healthy(state);
    pulses_are(&p, 0, 0.0);
    pulses_are(&p, 1, 0.0);
    assert_string_equal(told(&p), "no_pulse[train.learning_rate]");
    assert_string_equal(
        p.advice.lines[0].text,
        "no pulse was sent in training on 3,000 images: no crossbar weight changed; "
        "raise train.learning_rate, or lower transfer.epsilon_us");
    p.f->layers[1].part.counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET] = 1;
    assert_string_equal(told(&p), "");
    p.f->layers[1].part.counts[MCA_PHASE_TRANSFER][MCA_COMPONENT_PCM_SET] = 0;
    for (int i = 0; i < 2; ++i) {
        p.f->report.network.layers[i].config.frozen = 1;
    }
    assert_string_equal(told(&p), "");
}

static void test_advice_of_imports(void **state) {
    struct patient p = healthy(state);
    p.f->result.import = (struct mca_import_stats){
        .weights = 1000, .clipped = 51, .programmed = 1000, .unreached = 501};
    assert_string_equal(told(&p), "");
    test_accuracy_is(&p, 0.4);
    assert_string_equal(told(&p),
                        "import_clipped[weights.scale] import_unreached[weights.max_pulses]");
    p.f->result.import.clipped = 50;
    p.f->result.import.unreached = 500;
    assert_string_equal(told(&p), "");
}

/* Of 1,000 tests with a tenth of each class guessing reaches 14.5 %. */
static void test_advice_of_guessing(void **state) {
    struct patient p = healthy(state);
    test_accuracy_is(&p, 0.145);
    for (int e = 0; e < 3; ++e) {
        p.f->epochs[e].train_accuracy = 0.12;
    }
    pulses_are(&p, 1, 2.01);
    assert_string_equal(told(&p), "labels[dataset.name]");
    pulses_are(&p, 1, 1.99);
    assert_string_equal(told(&p), "guessing_alone[train.epochs]");
    pulses_are(&p, 1, 2.01);
    pulses_are(&p, 0, 0.0499);
    assert_string_equal(told(&p), "guessing_alone[train.epochs]");
    pulses_are(&p, 0, 0.0501);
    assert_string_equal(told(&p), "labels[dataset.name]");
    test_accuracy_is(&p, 0.146);
    assert_string_equal(told(&p), "");
    p.f->epochs[2].train_accuracy = 0.164; /* beyond noise */
    assert_string_equal(told(&p), "");
    p.f->epochs[2].train_accuracy = 0.166;
    assert_string_equal(told(&p), "still_learning[train.epochs]");
    test_accuracy_is(&p, 0.1);
    p.f->epochs[2].train_accuracy = 0.551;
    assert_string_equal(told(&p), "test_data[dataset.name]");
    p.histograms[1][0].at_ends = 950; /* a cause stands first */
    assert_string_equal(told(&p),
                        "converter_clipped[adc.forward_range] guessing[adc.forward_range]");
}

/* Where nothing was trained, figures of training say nothing. */
static void test_advice_of_a_test_alone(void **state) {
    struct patient p = healthy(state);
    p.f->result.epoch_count = 1;
    p.f->epochs[0].epoch = 0;
    p.f->epochs[0].test_accuracy = 0.97;
    pulses_are(&p, 0, 0.0);
    pulses_are(&p, 1, 0.0);
    p.f->result.refreshed_pairs = 0;
    assert_string_equal(told(&p), "");
    p.f->epochs[0].test_accuracy = 0.1;
    assert_string_equal(told(&p), "untrained[train.epochs]");
}

/* Of few images, or of a single class, nothing can be said. */
static void test_advice_needs_tests(void **state) {
    struct patient p = healthy(state);
    test_accuracy_is(&p, 0.1);
    memset(p.f->confusion, 0, sizeof p.f->confusion);
    p.f->confusion[0][0] = 49;
    p.f->confusion[1][0] = 50;
    assert_string_equal(told(&p), "");
    p.f->confusion[0][0] = 50;
    assert_string_equal(told(&p), "test_data[dataset.name]");
    p.f->confusion[1][0] = 0;
    p.f->confusion[0][0] = 1000;
    assert_string_equal(told(&p), "");
}

/* In summary.json a list, empty where there is nothing to advise; on the terminal the last lines.
 */
static void test_advice_is_written(void **state) {
    struct patient p = healthy(state);
    struct fixture *f = p.f;
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *root = load(f, "summary.json");
    assert_true(json_is_array(at(root, "advice")));
    assert_int_equal(json_array_size(at(root, "advice")), 0);
    json_decref(root);
    p.histograms[1][0].at_ends = 950;
    assert_string_equal(told(&p), "converter_clipped[adc.forward_range]");
    f->report.advice = &p.advice;
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    root = load(f, "summary.json");
    assert_near(real_at(root, "advice/0/value"), 0.95, 0.0);
    assert_near(real_at(root, "advice/0/threshold"), 0.9, 0.0);
    assert_string_equal(json_string_value(at(root, "advice/0/text")), p.advice.lines[0].text);
    json_decref(root);
    FILE *file = tmpfile();
    char text[1 << 15] = "";
    mca_report_print_summary(file, &f->report, 0);
    rewind(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    const char *last =
        strstr(text, "\nAdvice, the likeliest cause first\n  1. layer 1 (dense) forw");
    assert_non_null(last);
    assert_non_null(strstr(last, "\n     "));
    assert_non_null(strstr(last, "raise adc.forward_range\n"));
}

/* Of codes that a chip tells of: how many, at which ends, and their squares. */
static void test_advice_counts_codes(void **state) {
    static const int32_t codes[] = {0, 3, -4, 127, -128, 126};
    const struct mca_u32_list widths = {2, {6, 3}};
    const struct mca_chip_config config = mca_fixture_chip(&widths);
    struct mca_converter_use use;
    struct mca_chip *chip;
    (void)state;
    assert_int_equal(mca_chip_create(&chip, &config, NULL), MCA_OK);
    assert_int_equal(mca_converter_use_init(&use, chip, NULL), MCA_OK);
    use.probe.codes(&use, &(struct mca_dpu_codes){.layer = 0, .count = 6, .code = codes});
    assert_int_equal(use.layers[0][0].count, 6);
    assert_int_equal(use.layers[0][0].at_ends, 2);
    assert_int_equal(use.layers[0][0].squares, 9 + 16 + 127 * 127 + 128 * 128 + 126 * 126);
    mca_converter_use_deinit(&use);
    mca_chip_destroy(chip);
}

/* The first pulses after RESET, of the published model 0.88 + 1.4 exp(-n / 2.6) - 0.084 G uS in the
 * mean; none of a continuous device. */
static void test_advice_knows_a_pulse(void **state) {
    const struct mca_u32_list widths = {2, {6, 3}};
    struct mca_chip_config config = mca_fixture_chip(&widths);
    struct mca_chip *chip;
    double g_us = config.device.reset_mean_us;
    (void)state;
    for (int n = 1; n <= 8; ++n) {
        g_us += 0.88 + 1.4 * exp(-n / 2.6) - 0.084 * g_us;
    }
    assert_int_equal(mca_chip_create(&chip, &config, NULL), MCA_OK);
    assert_near(mca__pulse_step_us(chip), (g_us - config.device.reset_mean_us) / 8, 1e-9);
    mca_chip_destroy(chip);
    config = mca_fixture_float(&widths);
    assert_int_equal(mca_chip_create(&chip, &config, NULL), MCA_OK);
    assert_near(mca__pulse_step_us(chip), 0.0, 0.0);
    mca_chip_destroy(chip);
}

int main(void) {
#define WITH_RUN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_RUN(test_advice_is_silent_in_health),  WITH_RUN(test_advice_of_steps),
        WITH_RUN(test_advice_of_clipping),          WITH_RUN(test_advice_names_keys_of_layers),
        WITH_RUN(test_advice_of_devices),           WITH_RUN(test_advice_of_overshoot),
        WITH_RUN(test_advice_of_lost_updates),      WITH_RUN(test_advice_of_few_pulses),
        WITH_RUN(test_advice_of_no_pulse),          WITH_RUN(test_advice_of_imports),
        WITH_RUN(test_advice_of_guessing),          WITH_RUN(test_advice_of_a_test_alone),
        WITH_RUN(test_advice_needs_tests),          WITH_RUN(test_advice_is_written),
        cmocka_unit_test(test_advice_counts_codes), cmocka_unit_test(test_advice_knows_a_pulse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
