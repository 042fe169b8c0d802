/* Figures by layer: closed forms on a small chip, and sums over layers against the run's. */
#include "mca_fixture.h"
#include "mca_test.h"

#include "chip/view.h"
#include "cost/made_up_library.h"
#include "reports/figures/result_figures.h"
#include "train/trainer.h"

enum { INPUTS = 30, HIDDEN = 20, CLASSES = 4, IMAGES = 60 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};

/* A run of two epochs on tiles of 16 x 16, with its chip. */
struct small {
    struct mca_scenario scenario;
    struct mca_component_library library;
    struct mca_dataset data;
    struct mca_training training;
    struct mca_train_result result;
    struct mca_priced_run run;
};

static void fill_images(struct mca_image_set *set, uint32_t count) {
    set->count = count;
    set->pixels = calloc(count, INPUTS);
    set->labels = calloc(count, 1);
    for (uint32_t i = 0; i < count; ++i) {
        set->labels[i] =
            (uint8_t)mca_fixture_image(INPUTS, CLASSES, i, set->pixels + (size_t)i * INPUTS);
    }
}

/* 1 x 6 x 5 through three filters of 3 x 3 to 3 x 4 x 3, pooled to 3 x 2 x 1, to four classes. */
static void set_convolution(struct mca_network_config *network) {
    network->is_widths = 0;
    network->input = (struct mca_shape){1, 6, 5};
    network->layer_count = 3;
    network->layers[0] =
        (struct mca_layer_config){.type = MCA_LAYER_CONV2D, .units = 3, .kernel = 3, .stride = 1};
    network->layers[1] =
        (struct mca_layer_config){.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 2};
    network->layers[2] = (struct mca_layer_config){.type = MCA_LAYER_DENSE, .units = CLASSES};
}

static int start(void **state, int is_convolutional) {
    struct small *s = calloc(1, sizeof *s);
    s->scenario.chip = mca_fixture_chip(&WIDTHS);
    if (is_convolutional) {
        set_convolution(&s->scenario.chip.network);
    }
    s->scenario.chip.tile.rows = 16;
    s->scenario.chip.tile.cols = 16;
    s->scenario.chip.refresh.every_images = 20;
    s->scenario.chip.refresh.high_us = 4.0;
    s->scenario.train.epochs = 2;
    s->scenario.train.learning_rate = 0.2;
    s->scenario.train.learning_rate_decay = 1.0;
    s->scenario.train.batch = 1;
    s->scenario.train.test_every = 1;
    s->scenario.cost.sram_macro_bytes = 16384;
    s->library = made_up_library();
    s->data.name = "made-up";
    s->data.inputs = INPUTS;
    s->data.classes = CLASSES;
    fill_images(&s->data.train, IMAGES);
    fill_images(&s->data.test, 5);
    s->training =
        (struct mca_training){.config = &s->scenario.train, .data = &s->data, .threads = 1};
    struct mca_error error = {""};
    if (mca_chip_create(&s->training.chip, &s->scenario.chip, &error) != MCA_OK ||
        mca_train(&s->training, &s->result, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    s->run = (struct mca_priced_run){.name = "small",
                                     .scenario = &s->scenario,
                                     .dataset = {"made-up", IMAGES, 5, 0},
                                     .result = &s->result,
                                     .library = &s->library};
    mca_priced_run_init(&s->run);
    *state = s;
    return 0;
}

static int set_up(void **state) {
    return start(state, 0);
}

static int set_up_convolution(void **state) {
    return start(state, 1);
}

static int tear_down(void **state) {
    struct small *s = *state;
    mca_train_result_deinit(&s->result);
    mca_chip_destroy(s->training.chip);
    free(s->data.train.pixels);
    free(s->data.train.labels);
    free(s->data.test.pixels);
    free(s->data.test.labels);
    free(s);
    return 0;
}

static double figure(const struct small *s, const char *row, const char *key) {
    char full[MCA_RESULT_KEY_SIZE];
    struct mca_result_place place;
    (void)snprintf(full, sizeof full, "%s%s", row, key);
    if (!mca_result_find(&place, &s->run, full)) {
        fail_msg("no figure %s", full);
    }
    return mca_result_value(&place);
}

/* 31 x 20 weights lie on two by two tiles, 21 x 4 on two. Drivers: of rows on each tile that has
 * them, and where the matrix is read backward of columns; converters: of columns of each tile, and
 * backward of rows but the bias. Every block takes 100 um2 in this library. */
static void test_layer_figures_by_hand(void **state) {
    const struct small *s = *state;
    const double tiles[] = {4, 2};
    const double weights[] = {31 * 20, 21 * 4};
    const double dacs[] = {31 * 2, 21 + 4 * 2};
    const double adcs[] = {20 * 2, 4 * 2 + 20};
    static const char *const rows[] = {"layers.0.", "layers.1."};
    for (int l = 0; l < 2; ++l) {
        const double devices = tiles[l] * 512;
        const double blocks = devices + tiles[l] + dacs[l] + 2 * adcs[l] + tiles[l] * 1 +
                              weights[l] * 16; /* and a driver a tile, chi */
        assert_near(figure(s, rows[l], "layer"), l, 0.0);
        assert_near(figure(s, rows[l], "rows") * figure(s, rows[l], "cols"), weights[l], 0.0);
        assert_near(figure(s, rows[l], "array.tiles"), tiles[l], 0.0);
        assert_near(figure(s, rows[l], "array.weights"), weights[l], 0.0);
        assert_near(figure(s, rows[l], "array.cells_used"), 2.0 * weights[l] / devices, 0.0);
        assert_near(figure(s, rows[l], "area_mm2.total"), blocks * 100.0 / 1e6, 1e-15 * blocks);
        /* the library's watts, all the time */
        const double watts = blocks * 0x1p-20;
        const double wanted = watts * (double)s->result.time_ps / 1e12;
        assert_near(figure(s, rows[l], "energy_j.static"), wanted, 1e-13 * wanted);
    }
    /* every image is read once, each column of each tile converted */
    const double forward = IMAGES * 2 * 4 * 2;
    const uint64_t *counts = s->result.layers[1].part.counts[MCA_PHASE_FORWARD];
    assert_near((double)counts[MCA_COMPONENT_ADC_CONVERSION], forward, 0.0);
    assert_near(figure(s, "layers.0.", "energy_j.by_component.dpu_sigmoid"),
                IMAGES * 2 * HIDDEN * (MCA_ENTRY_SIGMOID + 1) * 0x1p-40, 0.0);
    assert_true(isnan(figure(s, "layers.shared.", "rows")));
    assert_true(isnan(figure(s, "layers.shared.", "array.cells_used")));
    assert_near(figure(s, "layers.shared.", "array.tiles"), 0.0, 0.0);
}

/* Ten rows read at twelve positions; a pool that has no tiles and nothing built for it, but works.
 */
static void test_layer_figures_of_a_convolution(void **state) {
    const struct small *s = *state;
    assert_near(figure(s, "layers.0.", "rows"), 10, 0.0);
    assert_near(figure(s, "layers.0.", "cols"), 3, 0.0);
    assert_near(figure(s, "layers.0.", "positions"), 12, 0.0);
    assert_near(figure(s, "layers.0.", "array.cells_used"), 2.0 * 30 / 512, 0.0);
    assert_near(figure(s, "layers.2.", "array.cells_used"), 2.0 * 28 / 512, 0.0);
    assert_near(figure(s, "layers.2.", "positions"), 1, 0.0);
    const uint64_t *forward = s->result.layers[0].part.counts[MCA_PHASE_FORWARD];
    assert_int_equal(forward[MCA_COMPONENT_ADC_CONVERSION], IMAGES * 2 * 12 * 3);
    assert_near(figure(s, "layers.1.", "rows"), 0, 0.0);
    assert_near(figure(s, "layers.1.", "array.tiles"), 0, 0.0);
    assert_true(isnan(figure(s, "layers.1.", "array.cells_used")));
    assert_near(figure(s, "layers.1.", "area_mm2.total"), 0, 0.0);
    assert_near(figure(s, "layers.1.", "energy_j.static"), 0, 0.0);
    assert_near(figure(s, "layers.1.", "latency_s.busy.adc"), 0, 0.0);
    assert_true(figure(s, "layers.1.", "latency_s.busy.dpu") > 0.0);
    assert_near(figure(s, "layers.1.", "writes.max_per_device"), 0, 0.0);
}

/* Layers of a digital design, and what belongs to none, add up to the design: energy and time. */
static void test_layer_figures_of_designs_add_up(void **state) {
    const struct small *s = *state;
    static const char *const keys[] = {"energy_j.total", "energy_j.dynamic", "energy_j.per_image",
                                       "latency_s.total", "latency_s.per_image"};
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        char design[64];
        char row[96];
        (void)snprintf(design, sizeof design, "baselines.%s.",
                       mca_baseline_design_name((enum mca_baseline_design)d));
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; ++k) {
            (void)snprintf(row, sizeof row, "%slayers.shared.", design);
            double sum = figure(s, row, keys[k]);
            for (uint32_t l = 0; l < s->result.layer_count; ++l) {
                (void)snprintf(row, sizeof row, "%slayers.%u.", design, l);
                assert_true(figure(s, row, keys[k]) > 0.0);
                assert_true(figure(s, row, "energy_j.low") < figure(s, row, "energy_j.total"));
                assert_true(figure(s, row, "energy_j.high") > figure(s, row, "energy_j.total"));
                sum += figure(s, row, keys[k]);
            }
            const double whole = figure(s, design, keys[k]);
            assert_near(sum, whole, 1e-13 * whole);
        }
    }
}

/* The worst cell of each layer and its pulses, from its devices' own counters; what programmed the
 * first weights is in the former alone. */
static void test_layer_figures_writes_are_the_devices(void **state) {
    const struct small *s = *state;
    static const char *const rows[] = {"layers.0.", "layers.1."};
    for (uint32_t l = 0; l < 2; ++l) {
        const struct mca_matrix *matrix = mca_chip_layer(s->training.chip, l).matrix;
        const uint64_t *first = s->result.layers[l].part.counts[MCA_PHASE_INIT];
        double written = 0.0;
        double most = 0.0;
        for (size_t k = 0; k < (size_t)matrix->rows * matrix->stride; ++k) {
            for (int side = 0; side < 2; ++side) {
                written += matrix->writes[side][k];
                most = fmax(most, matrix->writes[side][k]);
            }
        }
        assert_near(figure(s, rows[l], "writes.max_per_device"), most, 0.0);
        assert_near(
            figure(s, rows[l], "writes.set_total") + figure(s, rows[l], "writes.reset_total"),
            written - (double)(first[MCA_COMPONENT_PCM_SET] + first[MCA_COMPONENT_PCM_RESET]), 0.0);
        assert_true(figure(s, rows[l], "writes.set_total") > 0.0);
    }
    assert_true(figure(s, "layers.1.", "writes.max_per_device") !=
                figure(s, "layers.0.", "writes.max_per_device"));
}

/* Sums over the rows of the table: exact where a library's figures are powers of two, and counts
 * and picoseconds always. Prices of the layers' counts added up are the chip's to the last digit.
 */
static void test_layer_figures_add_up(void **state) {
    const struct small *s = *state;
    const struct mca_pricing *p = &s->run.pricing;
    double dynamic = 0.0;
    double by_hand = 0.0;
    double area = 0.0;
    for (uint32_t row = 0; row <= s->result.layer_count; ++row) {
        const struct mca_pricing *own = &s->run.layers[row].pricing;
        dynamic += own->dynamic_j;
        area += own->area_total_mm2;
        assert_true(own->dynamic_j > 0.0);
    }
    assert_true(dynamic == p->dynamic_j);
    assert_near(area, p->area_total_mm2, 1e-14 * area);
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        double joules = 0.0;
        for (int phase = MCA_PHASE_FORWARD; phase <= MCA_PHASE_REFRESH; ++phase) {
            uint64_t count = 0;
            for (uint32_t row = 0; row <= s->result.layer_count; ++row) {
                count += s->result.layers[row].part.counts[phase][c];
            }
            joules += (double)count * s->run.prices.energy[c].value;
        }
        by_hand += joules;
    }
    assert_true(by_hand == p->dynamic_j);
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        uint64_t instances = 0;
        for (uint32_t row = 0; row <= s->result.layer_count; ++row) {
            instances += mca_block_instances(&s->result.layers[row].inventory, (enum mca_block)b);
        }
        assert_int_equal(instances, mca_block_instances(&s->result.inventory, (enum mca_block)b));
    }
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        char key[64];
        (void)snprintf(key, sizeof key, "latency_s.busy.%s",
                       mca_resource_name((enum mca_resource)r));
        const double whole = figure(s, "", key);
        double all = figure(s, "layers.shared.", key);
        for (uint32_t i = 0; i < s->result.layer_count; ++i) {
            char row[32];
            (void)snprintf(row, sizeof row, "layers.%u.", i);
            all += figure(s, row, key);
        }
        assert_near(all, whole, 1e-15 * whole);
        assert_true(whole > 0.0);
    }
}

/* A unit of the layer's own is busy for a part of the time; of a shared one the layers have parts
 * that add up to its use. */
static void test_layer_figures_use_of_units(void **state) {
    const struct small *s = *state;
    const double time_ps = (double)s->result.time_ps;
    double adc_ps = 0.0;
    for (int phase = MCA_PHASE_FORWARD; phase <= MCA_PHASE_REFRESH; ++phase) {
        adc_ps += (double)s->result.layers[1].part.busy_ps[phase][MCA_RESOURCE_ADC];
    }
    assert_near(figure(s, "layers.1.", "latency_s.utilisation.adc"), adc_ps / time_ps, 1e-15);
    const double dpu = figure(s, "", "latency_s.utilisation.dpu");
    assert_near(figure(s, "layers.0.", "latency_s.utilisation.dpu") +
                    figure(s, "layers.1.", "latency_s.utilisation.dpu"),
                dpu, 1e-14);
    assert_true(dpu > 0.0);
}

/* Trainings until a layer's first device sticks, by the counters of its devices now and as the
 * initial weights of such a chip leave them. */
static double trainings_until_one_sticks(const struct mca_matrix *now,
                                         const struct mca_matrix *first, double endurance) {
    double least = (double)INFINITY;
    for (size_t k = 0; k < (size_t)now->rows * now->stride; ++k) {
        for (int side = 0; side < 2; ++side) {
            const double before = first->writes[side][k];
            const double pulses = now->writes[side][k] - before;
            if (pulses > 0.0) {
                least = fmin(least, (endurance - before) / pulses);
            }
        }
    }
    return least;
}

/* Two divisions against a division and a product: four roundings, each of 2^-53 at most. */
static void test_layer_figures_lifetime_by_hand(void **state) {
    const struct small *s = *state;
    static const char *const rows[] = {"layers.0.", "layers.1."};
    const double seconds = (double)s->result.time_ps / 1e12;
    double least = (double)INFINITY;
    struct mca_chip *fresh;
    assert_int_equal(mca_chip_create(&fresh, &s->scenario.chip, NULL), MCA_OK);
    for (uint32_t l = 0; l < 2; ++l) {
        const double trainings = trainings_until_one_sticks(
            mca_chip_layer(s->training.chip, l).matrix, mca_chip_layer(fresh, l).matrix, 1e8);
        assert_near(figure(s, rows[l], "writes.lifetime_s"), trainings * seconds,
                    1e-15 * trainings * seconds);
        least = fmin(least, trainings);
    }
    assert_near(figure(s, "", "writes.lifetime_s"), least * seconds, 1e-15 * least * seconds);
    assert_true(isnan(figure(s, "layers.shared.", "writes.lifetime_s")));
    mca_chip_destroy(fresh);
}

#define LAYER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        LAYER_TEST(test_layer_figures_by_hand),
        LAYER_TEST(test_layer_figures_writes_are_the_devices),
        LAYER_TEST(test_layer_figures_lifetime_by_hand),
        LAYER_TEST(test_layer_figures_add_up),
        LAYER_TEST(test_layer_figures_use_of_units),
        LAYER_TEST(test_layer_figures_of_designs_add_up),
        cmocka_unit_test_setup_teardown(test_layer_figures_of_a_convolution, set_up_convolution,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_layer_figures_add_up, set_up_convolution, tear_down),
        cmocka_unit_test_setup_teardown(test_layer_figures_of_designs_add_up, set_up_convolution,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
