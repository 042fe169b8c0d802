/* Parts of an image that only a system model asks for (shim/systemc): each beside what the chip
 * does of itself. */
#include "chip/chip_state.h"
#include "chip/trained_chip.h"
#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 10, BATCH = 5 };

static struct mca_layer_config layer(unsigned type, uint32_t units, uint32_t kernel) {
    return (struct mca_layer_config){.type = type,
                                     .activation = MCA_ACTIVATION_SIGMOID,
                                     .units = units,
                                     .kernel = kernel,
                                     .stride = kernel > 0 ? 1 : 0,
                                     .unit_weight_us = 8,
                                     .adc_forward_range = 16,
                                     .adc_backward_range = 4};
}

/* 1 x 8 x 8, a convolution to 4 x 6 x 6, a pool to 4 x 3 x 3, two dense layers. */
static struct mca_chip_config chip_config(unsigned arithmetic) {
    const struct mca_u32_list any = {2, {2, 2}};
    struct mca_chip_config config = mca_fixture_chip(&any);
    struct mca_network_config *net = &config.network;
    config.dpu.arithmetic = arithmetic;
    config.refresh.every_images = 0;
    net->is_widths = 0;
    net->input = (struct mca_shape){1, SIDE, SIDE};
    net->layer_count = 4;
    net->layers[0] = layer(MCA_LAYER_CONV2D, 4, 3);
    net->layers[1] =
        (struct mca_layer_config){.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 2};
    net->layers[2] = layer(MCA_LAYER_DENSE, 12, 0);
    net->layers[3] = layer(MCA_LAYER_DENSE, CLASSES, 0);
    return config;
}

/* A layer's values and the lines that they drive in the layer above. */
struct values {
    int32_t activation[PIXELS * 4];
    int32_t driven[PIXELS * 4];
    double activation_real[PIXELS * 4];
    double driven_real[PIXELS * 4];
    uint32_t count;
    uint32_t line[PIXELS * 4];
};

static void keep(const struct mca_chip *chip, uint32_t index, struct values *kept) {
    const struct mca_layer_signals *s = &chip->signals.layers[index];
    const uint32_t values = chip->layers[index].values;
    memset(kept, 0, sizeof *kept);
    memcpy(kept->driven, s->driven, values * sizeof *s->driven);
    if (mca_engine_is_fixed(chip)) {
        memcpy(kept->activation, s->activation, values * sizeof *s->activation);
    } else {
        memcpy(kept->activation_real, s->activation_real, values * sizeof *s->activation_real);
        memcpy(kept->driven_real, s->driven_real, values * sizeof *s->driven_real);
    }
    if (index + 1 < chip->layer_count && chip->layers[index + 1].positions == 1) {
        kept->count = s[1].input.count;
        memcpy(kept->line, s[1].input.line, kept->count * sizeof *kept->line);
    }
}

static void spoil(struct mca_chip *chip, uint32_t index) {
    struct mca_layer_signals *s = &chip->signals.layers[index];
    const uint32_t values = chip->layers[index].values;
    memset(s->driven, 0x11, values * sizeof *s->driven);
    if (mca_engine_is_fixed(chip)) {
        memset(s->activation, 0x11, values * sizeof *s->activation);
    } else {
        memset(s->activation_real, 0x11, values * sizeof *s->activation_real);
        memset(s->driven_real, 0x11, values * sizeof *s->driven_real);
    }
    if (index + 1 < chip->layer_count && chip->layers[index + 1].positions == 1) {
        s[1].input.count = 0;
    }
}

/* Item by item in any order but the last, the values of a layer are those of the whole of it, and
 * the layer above has its lines when all are there and not before. */
static void test_engine_items_make_the_layer(void **state) {
    (void)state;
    static struct values wanted;
    static struct values got;
    for (unsigned arithmetic = MCA_ARITHMETIC_FIXED; arithmetic <= MCA_ARITHMETIC_FLOAT;
         ++arithmetic) {
        const struct mca_chip_config config = chip_config(arithmetic);
        struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
        uint32_t seen = 0;
        train_images(chip, PIXELS, CLASSES, 0, 3);
        for (uint32_t n = 0; n < chip->train.step_count; ++n) {
            const struct mca_step *step = &chip->train.steps[n];
            if (step->kind != MCA_STEP_VECTOR || step->phase != MCA_PHASE_FORWARD) {
                continue;
            }
            const uint32_t index = step->layer;
            const uint32_t items = mca_engine_items(chip, index);
            const int has_matrix = chip->network.layers[index].rows > 0;
            assert_int_equal(items, index == 0 ? 36 : index == 1 ? 3 : 1);
            keep(chip, index, &wanted);
            spoil(chip, index);
            for (uint32_t i = 0; i + 1 < items; ++i) {
                mca_engine_finish_item(chip, step, has_matrix ? items - 2 - i : i, &chip->signals);
            }
            assert_true(!has_matrix || items == 1 || index + 1 == chip->layer_count ||
                        chip->signals.layers[index + 1].input.count == 0);
            mca_engine_finish_item(chip, step, items - 1, &chip->signals);
            keep(chip, index, &got);
            assert_memory_equal(&got, &wanted, sizeof got);
            seen += 1u << index;
        }
        assert_int_equal(seen, 15);
        mca_chip_destroy(chip);
    }
}

/* A mini-batch is open from its first image to its last, or until it is closed; its commands are
 * taken once. */
static void test_engine_closes_a_batch(void **state) {
    (void)state;
    struct mca_chip_config config = chip_config(MCA_ARITHMETIC_FIXED);
    config.transfer.epsilon_us = 0.05;
    struct mca_chip *chip = chip_to_train(&config, 0.3, BATCH);
    size_t count;
    assert_int_equal(mca_chip_dpu(chip).batch, BATCH);
    assert_false(mca_engine_batch_is_open(chip));
    train_images(chip, PIXELS, CLASSES, 0, BATCH - 1);
    assert_true(mca_engine_batch_is_open(chip));
    train_images(chip, PIXELS, CLASSES, BATCH - 1, 1);
    assert_false(mca_engine_batch_is_open(chip));
    train_images(chip, PIXELS, CLASSES, BATCH, 2);
    const size_t waiting = chip->command_count;
    assert_true(waiting > 0);
    assert_ptr_equal(mca_engine_take_commands(chip, &count), chip->commands);
    assert_int_equal(count, waiting);
    (void)mca_engine_take_commands(chip, &count);
    assert_int_equal(count, 0);
    mca_engine_close_batch(chip);
    assert_false(mca_engine_batch_is_open(chip));
    train_images(chip, PIXELS, CLASSES, BATCH + 2, BATCH - 1); /* the next begins anew */
    assert_true(mca_engine_batch_is_open(chip));
    mca_chip_destroy(chip);
}

/* What a clock of its own gave stands in ledger and statistics, in its place and nowhere else. */
static void test_engine_books_what_it_is_told(void **state) {
    (void)state;
    const struct mca_chip_config config = chip_config(MCA_ARITHMETIC_FIXED);
    struct mca_chip *chip = chip_to_train(&config, 0.3, 1);
    train_images(chip, PIXELS, CLASSES, 0, 2);
    struct mca_ledger wanted = mca_chip_ledger(chip);
    const uint64_t clips = mca_chip_stats_of(chip)->adc_clips;
    const uint64_t layers_ps =
        mca_chip_ledger_part(chip, 2)->busy_ps[MCA_PHASE_BACKWARD][MCA_RESOURCE_ADC];
    uint64_t path_ps[MCA_PHASE_COUNT];
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        path_ps[p] = 1000u * (unsigned)(p + 1);
        const int is_of_path = p >= MCA_PHASE_FORWARD && p <= MCA_PHASE_REFRESH;
        wanted.critical_ps[p] = is_of_path ? path_ps[p] : wanted.critical_ps[p];
    }
    wanted.busy_ps[MCA_PHASE_BACKWARD][MCA_RESOURCE_ADC] += 123;
    mca_engine_book_busy(chip, 2, MCA_PHASE_BACKWARD, MCA_RESOURCE_ADC, 123, 0);
    mca_engine_book_time(chip, 27000, path_ps);
    mca_engine_count_clips(chip, 7);
    const struct mca_ledger got = mca_chip_ledger(chip);
    assert_memory_equal(&got, &wanted, sizeof got);
    assert_int_equal(mca_chip_ledger_part(chip, 2)->busy_ps[MCA_PHASE_BACKWARD][MCA_RESOURCE_ADC],
                     layers_ps + 123);
    assert_int_equal(mca_chip_time_ps(chip), 27000);
    assert_int_equal(mca_chip_stats_of(chip)->adc_clips, clips + 7);
    mca_chip_destroy(chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_items_make_the_layer),
        cmocka_unit_test(test_engine_closes_a_batch),
        cmocka_unit_test(test_engine_books_what_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
