#include "network/program.h"

#include "mca_test.h"
#include "network/layer_kind.h"
#include "network/two_reads.h"

/* A step as docs/ writes it: what, of which layer, after which steps. */
struct expected {
    enum mca_step_kind kind;
    enum mca_phase phase;
    uint32_t layer;
    int detail; /* VECTOR: the operation; READ: 1 where it is backward */
    uint32_t wait_count;
    uint32_t waits[3];
};

static void assert_steps(const struct mca_program *program, const struct expected *wanted,
                         uint32_t count) {
    assert_int_equal(program->step_count, count);
    for (uint32_t i = 0; i < count; ++i) {
        const struct mca_step *step = &program->steps[i];
        assert_int_equal(step->kind, wanted[i].kind);
        assert_int_equal(step->phase, wanted[i].phase);
        assert_int_equal(step->layer, wanted[i].layer);
        assert_int_equal(step->kind == MCA_STEP_VECTOR ? (int)step->vector : step->is_backward,
                         wanted[i].detail);
        assert_int_equal(step->wait_count, wanted[i].wait_count);
        for (uint32_t w = 0; w < step->wait_count; ++w) {
            assert_int_equal(step->waits[w], wanted[i].waits[w]);
        }
    }
}

static void init(struct mca_network *network, const struct mca_u32_list *widths) {
    struct mca_network_config config = {.init_gain = 1.0};
    mca_network_config_set_widths(&config, widths);
    assert_int_equal(mca_network_init(network, &config, NULL), MCA_OK);
}

static const struct mca_u32_list TWO_LAYERS = {3, {784, 250, 10}};

/* The order of an image on the reference chip (docs/reference/rtl.md): forward from the first
 * layer, errors and updates from the last. */
static void test_program_of_two_dense_layers(void **state) {
    (void)state;
    static const struct expected wanted[] = {
        {MCA_STEP_LOAD, MCA_PHASE_FORWARD, MCA_NO_LAYER, 0, 0, {0}},
        {MCA_STEP_READ, MCA_PHASE_FORWARD, 0, 0, 1, {0}},
        {MCA_STEP_VECTOR, MCA_PHASE_FORWARD, 0, MCA_VECTOR_ACTIVATION, 2, {1, 0}},
        {MCA_STEP_READ, MCA_PHASE_FORWARD, 1, 0, 1, {2}},
        {MCA_STEP_VECTOR, MCA_PHASE_FORWARD, 1, MCA_VECTOR_ACTIVATION, 1, {3}},
        {MCA_STEP_VECTOR, MCA_PHASE_ERROR, 1, MCA_VECTOR_OUTPUT_ERROR, 1, {4}},
        {MCA_STEP_READ, MCA_PHASE_BACKWARD, 1, 1, 1, {5}},
        {MCA_STEP_VECTOR, MCA_PHASE_ERROR, 0, MCA_VECTOR_ERROR, 2, {6, 2}},
        {MCA_STEP_UPDATE, MCA_PHASE_UPDATE, 1, 0, 2, {2, 5}},
        {MCA_STEP_UPDATE, MCA_PHASE_UPDATE, 0, 0, 2, {0, 7}},
        {MCA_STEP_TRANSFER, MCA_PHASE_TRANSFER, MCA_NO_LAYER, 0, 0, {0}},
        {MCA_STEP_REFRESH, MCA_PHASE_REFRESH, 0, 0, 0, {0}},
        {MCA_STEP_REFRESH, MCA_PHASE_REFRESH, 1, 0, 0, {0}},
    };
    struct mca_network network;
    struct mca_program *program = malloc(sizeof *program);
    init(&network, &TWO_LAYERS);
    mca_program_train(program, &network);
    assert_steps(program, wanted, sizeof wanted / sizeof *wanted);
    assert_int_equal(program->image_steps, 10);
    free(program);
}

/* A test is the beginning of it, in a phase of its own. */
static void test_program_of_a_test(void **state) {
    (void)state;
    static const struct expected wanted[] = {
        {MCA_STEP_LOAD, MCA_PHASE_TEST, MCA_NO_LAYER, 0, 0, {0}},
        {MCA_STEP_READ, MCA_PHASE_TEST, 0, 0, 1, {0}},
        {MCA_STEP_VECTOR, MCA_PHASE_TEST, 0, MCA_VECTOR_ACTIVATION, 2, {1, 0}},
        {MCA_STEP_READ, MCA_PHASE_TEST, 1, 0, 1, {2}},
        {MCA_STEP_VECTOR, MCA_PHASE_TEST, 1, MCA_VECTOR_ACTIVATION, 1, {3}},
    };
    struct mca_network network;
    struct mca_program *program = malloc(sizeof *program);
    init(&network, &TWO_LAYERS);
    mca_program_infer(program, &network);
    assert_steps(program, wanted, sizeof wanted / sizeof *wanted);
    free(program);
}

/* As many layers as there can be: no step before one that it waits for, every error is used, every
 * weight is read forward and updated, all but those of the first layer backward too. */
static void test_program_of_any_depth(void **state) {
    (void)state;
    struct mca_program *program = malloc(sizeof *program);
    for (uint32_t layers = 1; layers < MCA_LIST_MAX; ++layers) {
        struct mca_u32_list widths = {.count = layers + 1};
        uint64_t weights = 0;
        uint64_t first = 0;
        for (uint32_t i = 0; i <= layers; ++i) {
            widths.values[i] = 3 + 5 * i;
            weights += i > 0 ? (uint64_t)(3 + 5 * (i - 1) + 1) * (3 + 5 * i) : 0;
            first += i == 1 ? (uint64_t)(3 + 1) * 8 : 0;
        }
        struct mca_network network;
        init(&network, &widths);
        mca_program_train(program, &network);
        uint64_t macs[MCA_PHASE_COUNT] = {0};
        uint64_t bias = 0; /* is not read backward */
        for (uint32_t i = 0; i < program->step_count; ++i) {
            const struct mca_step *step = &program->steps[i];
            for (uint32_t w = 0; w < step->wait_count; ++w) {
                assert_true(step->waits[w] < i);
            }
            macs[step->phase] += mca_step_macs(&network, step);
            bias += step->kind == MCA_STEP_READ && step->is_backward
                        ? network.layers[step->layer].cols
                        : 0;
        }
        assert_int_equal(macs[MCA_PHASE_FORWARD], weights);
        assert_int_equal(macs[MCA_PHASE_UPDATE], weights);
        assert_int_equal(macs[MCA_PHASE_BACKWARD] + bias, weights - first);
    }
    free(program);
}

/* What the digital unit does in its order, and what of it is driven on lines. */
static void test_program_digital_operations(void **state) {
    (void)state;
    static const uint32_t order[] = {2, 4, 5, 7, 8, 9};
    static const int driven[] = {1, 0, 1, 0};
    struct mca_network network;
    struct mca_program *program = malloc(sizeof *program);
    init(&network, &TWO_LAYERS);
    mca_program_train(program, &network);
    const struct mca_step *step = NULL;
    for (uint32_t i = 0; i < 6; ++i) {
        step = mca_program_next_digital(program, step);
        assert_int_equal(mca_step_number(program, step), order[i]);
        if (i < 4) {
            assert_int_equal(mca_program_is_driven(program, step->gives), driven[i]);
        }
    }
    assert_null(mca_program_next_digital(program, step));
    assert_int_equal(mca_step_read_count(program, &program->steps[2]), 1);
    assert_ptr_equal(mca_step_read(program, &program->steps[7]), &program->steps[6]);
    assert_null(mca_step_read(program, &program->steps[5]));
    assert_ptr_equal(mca_program_refresh(program, 1), &program->steps[12]);
    free(program);
}

/* Reads of one matrix have numbers, what takes their sums waits for both, and the image's buffer is
 * free after the last. */
static void test_program_of_a_layer_read_twice(void **state) {
    (void)state;
    struct mca_network network;
    struct mca_program *program = malloc(sizeof *program);
    init(&network, &TWO_LAYERS);
    struct mca_layer_kind twice = *network.layers[0].kind;
    twice.lower_forward = lower_two_reads;
    network.layers[0].kind = &twice;
    mca_program_train(program, &network);
    const struct mca_step *steps = program->steps;
    for (uint32_t i = 1; i <= 2; ++i) {
        assert_int_equal(steps[i].kind, MCA_STEP_READ);
        assert_int_equal(steps[i].read, i - 1);
        assert_int_equal(mca_step_macs(&network, &steps[i]), 785 * 250);
        assert_int_equal(mca_program_reads_last(program, &steps[i], program->at[0].input), i == 2);
    }
    assert_int_equal(mca_step_read_count(program, &steps[3]), 2);
    assert_int_equal(mca_program_reads_last(program, &steps[4], program->at[0].input), 0);
    assert_int_equal(mca_program_reads_last(program, &steps[4], program->at[1].input), 1);
    free(program);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_program_of_two_dense_layers),
        cmocka_unit_test(test_program_of_a_test),
        cmocka_unit_test(test_program_of_any_depth),
        cmocka_unit_test(test_program_digital_operations),
        cmocka_unit_test(test_program_of_a_layer_read_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
