/* What the unit's registers hold once it is set up for the reference chip: the last columns of the
 * tables in docs/reference/rtl.md. The numbers are the page's, packed by hand, so that a field that
 * moves is seen although both sides of the bus follow rtl/registers.vh. */
#include "shim/rtl/dpu_setup.h"

#include "chip/view.h"
#include "mca_fixture.h"
#include "mca_test.h"
#include "network/layer_kind.h"
#include "network/two_reads.h"
#include "scenario/check.h"
#include "scenario/load.h"

static struct mca_chip *reference_chip(void) {
    static struct mca_scenario scenario;
    static struct mca_scenario_origins origins;
    struct mca_chip *chip;
    struct mca_error error;
    assert_int_equal(mca_scenario_load(&scenario, &origins,
                                       MCA_TEST_SOURCE_DIR "/scenarios/mnist-mca.yaml", &error),
                     MCA_OK);
    assert_int_equal(mca_scenario_check(&scenario, &origins, &error), MCA_OK);
    assert_int_equal(mca_chip_create(&chip, &scenario.chip, &error), MCA_OK);
    mca_chip_set_rate(chip, scenario.train.learning_rate, scenario.train.batch);
    return chip;
}

static uint32_t read_register(struct mca_dpu_port *port, uint32_t address) {
    port->in.apb_select = 1;
    port->in.apb_address = address;
    for (int access = 0; access < 2; ++access) {
        port->in.apb_enable = access;
        mca_dpu_rtl_step(port->rtl, &port->in, &port->out);
    }
    port->in.apb_select = 0;
    port->in.apb_enable = 0;
    return port->out.apb_data;
}

static void test_dpu_setup_fills_the_registers_of_the_reference_chip(void **state) {
    (void)state;
    static const struct {
        uint32_t address, word;
    } PAGE[] = {
        {0x0004, 0x0001000b},
        {0x0008, 0x00010850},
        {0x000c, 0x03010001},
        {0x0010, 16},
        {0x0100, 785},
        {0x0104, 250 | 16u << 16},
        {0x0108, 4 | 1u << 16},
        {0x010c, 16},
        {0x0110, 0},
        {0x0114, 0},
        {0x0118, 9 | 5u << 8},
        {0x011c, 0},
        {0x0120, 251},
        {0x0124, 10 | 1u << 16},
        {0x0128, 1 | 1u << 16},
        {0x012c, 0},
        {0x0130, 12560},
        {0x0134, 4 | 16u << 16},
        {0x0138, 9 | 5u << 8},
        {0x013c, 0},
    };
    struct mca_chip *chip = reference_chip();
    struct mca_dpu_rtl_wanted wanted = {0};
    struct mca_dpu_port port = {0};
    struct mca_error error;
    assert_int_equal(mca_dpu_set_of(&wanted.set, mca_chip_config_of(chip), &error), MCA_OK);
    assert_int_equal(mca_dpu_rtl_create(&port.rtl, &wanted, NULL, &error), MCA_OK);
    mca_dpu_set_up(&port, chip);
    assert_int_equal(port.refused, 0);
    for (size_t i = 0; i < sizeof PAGE / sizeof PAGE[0]; ++i) {
        assert_int_equal(read_register(&port, PAGE[i].address), PAGE[i].word);
    }
    mca_dpu_write_train(&port, chip, 0);
    assert_int_equal(read_register(&port, 0x0004), 0x00010009);
    mca_dpu_rtl_destroy(port.rtl);
    mca_chip_destroy(chip);
}

/* An activation that the unit's lanes cannot compute is refused by its layer and name. */
static void test_dpu_setup_refuses_an_activation_that_the_rtl_lacks(void **state) {
    (void)state;
    struct mca_chip *chip = reference_chip();
    struct mca_error error;
    assert_int_equal(mca_dpu_check_chip(chip, &error), MCA_OK);
    /* what nobody may do but a test: the layers' function becomes another */
    struct mca_activation *function =
        (struct mca_activation *)(uintptr_t)mca_chip_layer(chip, 0).activation;
    struct mca_activation_ops other = *function->ops;
    other.name = "staircase";
    other.rtl_computes = 0;
    function->ops = &other;
    assert_int_equal(mca_dpu_check_chip(chip, &error), MCA_INVALID);
    assert_string_equal(error.message, "layer 0: the RTL has no activation staircase");
    mca_chip_destroy(chip);
}

static void lower_nothing(struct mca_program *program, const struct mca_network *network,
                          uint32_t layer) {
    (void)program;
    (void)network;
    (void)layer;
}

/* A layer of another kind is refused: the sequencer's order is fixed. */
static void test_dpu_setup_refuses_a_program_that_the_sequencer_does_not_do(void **state) {
    (void)state;
    static struct mca_program program;
    const struct mca_u32_list widths = {4, {784, 30, 20, 10}};
    struct mca_network_config config = {.init_gain = 1.0};
    struct mca_network network;
    struct mca_error error;
    mca_network_config_set_widths(&config, &widths);
    assert_int_equal(mca_network_init(&network, &config, NULL), MCA_OK);
    mca_program_train(&program, &network);
    assert_int_equal(mca_dpu_check_program(&program, 3, &error), MCA_OK);
    struct mca_layer_kind other = *network.layers[1].kind;
    network.layers[1].kind = &other;
    other.lower_forward = lower_two_reads;
    mca_program_train(&program, &network);
    assert_int_equal(mca_dpu_check_program(&program, 3, &error), MCA_INVALID);
    assert_string_equal(error.message,
                        "network.layers: the RTL's sequencer knows dense layers alone, each read "
                        "once on the way forward and once back");
    other = *network.layers[0].kind;
    other.lower_update = lower_nothing; /* weights that are not learnt */
    mca_program_train(&program, &network);
    assert_int_equal(mca_dpu_check_program(&program, 3, &error), MCA_INVALID);
}

/* What the RTL has once for all layers, or not at all, is refused by name. */
static void test_dpu_setup_refuses_layers_that_the_rtl_lacks(void **state) {
    (void)state;
    const struct mca_u32_list widths = {4, {784, 30, 20, 10}};
    const struct mca_chip_config reference = mca_fixture_chip(&widths);
    struct mca_dpu_rtl_set set;
    struct mca_error error;
    struct mca_chip_config config = reference;
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_OK);
    config.network.layers[0].unit_weight_us = 16;
    config.network.layers[1].unit_weight_us = 16;
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_INVALID);
    assert_string_equal(error.message,
                        "network.layers: layer 2: the RTL has one learning rate and one unit "
                        "weight; unit_weight_us or rate_factor differs from layer 0");
    config.network.layers[2].unit_weight_us = 16;
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_OK);
    config.network.layers[1].rate_exponent = -1;
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_INVALID);
    config = reference;
    config.network.is_widths =
        0; /* unit weights follow each layer's initial weights: 64, 16, ... */
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_INVALID);
    assert_string_equal(error.message,
                        "network.layers: layer 1: the RTL has one learning rate and one unit "
                        "weight; unit_weight_us or rate_factor differs from layer 0");
    config = reference;
    config.network.layers[1].frozen = 1;
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_INVALID);
    assert_string_equal(error.message, "network.layers: layer 1: the RTL has no frozen layers");
    config = reference;
    config.loss = MCA_LOSS_SOFTMAX;
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_INVALID);
    assert_string_equal(error.message, "train.loss: the RTL has no softmax");
    config = reference;
    config.network.layers[0] = (struct mca_layer_config){
        .type = MCA_LAYER_CONV2D, .units = 4, .kernel = 1, .stride = 1}; /* one read, one order */
    assert_int_equal(mca_dpu_set_of(&set, &config, &error), MCA_INVALID);
    assert_string_equal(error.message, "network.layers: layer 0: the RTL has no conv2d");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dpu_setup_fills_the_registers_of_the_reference_chip),
        cmocka_unit_test(test_dpu_setup_refuses_an_activation_that_the_rtl_lacks),
        cmocka_unit_test(test_dpu_setup_refuses_layers_that_the_rtl_lacks),
        cmocka_unit_test(test_dpu_setup_refuses_a_program_that_the_sequencer_does_not_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
