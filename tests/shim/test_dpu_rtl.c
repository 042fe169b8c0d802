/* The C face of the Verilated unit: what it says of itself, registers, reset, streams. */
#include "shim/rtl/dpu_rtl.h"

#include "mca_test.h"

enum {
    ID = 0x4d434101,
    REG_ID = 0x00,
    REG_CONTROL = 0x04,
    REG_RATE = 0x08,
    REG_STATUS = 0x14,
    REG_IMAGES = 0x18,
    REG_IRQ = 0x1c,
    REG_LAYER = 0x100,
    REG_TABLE = 0x1000
};

/* Of the reference chip, and of an unlike one: 1 lane. */
static const struct mca_dpu_rtl_set SETS[] = {{16, 16, 12, 8, 16, 13, 2, 8, 4, 16, 6},
                                              {1, 12, 10, 6, 12, 9, 3, 10, 8, 16, 7}};
enum { SET_COUNT = sizeof SETS / sizeof SETS[0] };

struct unit {
    const struct mca_dpu_rtl_set *set;
    struct mca_dpu_rtl *rtl;
    struct mca_dpu_rtl_in in;
    struct mca_dpu_rtl_out out;
};

static struct unit create(uint32_t set) {
    struct unit unit = {.set = &SETS[set]};
    const struct mca_dpu_rtl_wanted wanted = {.set = SETS[set]};
    struct mca_error error;
    if (mca_dpu_rtl_create(&unit.rtl, &wanted, NULL, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    mca_dpu_rtl_reset(unit.rtl);
    return unit;
}

static void step(struct unit *unit) {
    mca_dpu_rtl_step(unit->rtl, &unit->in, &unit->out);
}

/* Two cycles of APB; returns what was read. */
static uint32_t apb(struct unit *unit, uint32_t address, int write, uint32_t data) {
    unit->in.apb_select = 1;
    unit->in.apb_write = write;
    unit->in.apb_address = address;
    unit->in.apb_data = data;
    unit->in.apb_enable = 0;
    step(unit);
    unit->in.apb_enable = 1;
    step(unit);
    unit->in.apb_select = 0;
    unit->in.apb_enable = 0;
    return unit->out.apb_data;
}

static void test_dpu_rtl_says_what_it_is(void **state) {
    (void)state;
    for (uint32_t set = 0; set < SET_COUNT; ++set) {
        struct unit unit = create(set);
        assert_memory_equal(mca_dpu_rtl_set_of(unit.rtl), &SETS[set], sizeof SETS[set]);
        assert_null(mca_dpu_rtl_trace_lacks(unit.rtl));
        mca_dpu_rtl_destroy(unit.rtl);
    }
    mca_dpu_rtl_destroy(NULL);
}

static void test_dpu_rtl_registers(void **state) {
    (void)state;
    for (uint32_t set = 0; set < SET_COUNT; ++set) {
        struct unit unit = create(set);
        assert_int_equal(apb(&unit, REG_ID, 0, 0), ID);
        assert_int_equal(apb(&unit, REG_RATE, 0, 0), 0x800);
        (void)apb(&unit, REG_RATE, 1, 0x12340abc);
        assert_int_equal(apb(&unit, REG_RATE, 0, 0), 0x12340abc);
        assert_false(unit.out.apb_error);
        (void)apb(&unit, 0x20, 0, 0);
        assert_true(unit.out.apb_error);
        (void)apb(&unit, REG_RATE + 2, 1, 7);
        assert_true(unit.out.apb_error);
        assert_int_equal(apb(&unit, REG_RATE, 0, 0), 0x12340abc);
        mca_dpu_rtl_reset(unit.rtl);
        assert_int_equal(apb(&unit, REG_RATE, 0, 0), 0x800);
        mca_dpu_rtl_destroy(unit.rtl);
    }
}

/* Pixels pass as DAC codes, the bias behind them at full scale; a stalled sink holds the source. */
static void test_dpu_rtl_image_codes(void **state) {
    (void)state;
    struct unit unit = create(0);
    const uint32_t lanes = unit.set->lanes;
    uint8_t beat[256];
    for (uint32_t l = 0; l < lanes; ++l) {
        beat[l] = (uint8_t)(17 * l + 3);
    }
    (void)apb(&unit, REG_LAYER, 1, lanes); /* lanes - 1 pixels and the bias */
    (void)apb(&unit, REG_CONTROL, 1, 1);
    unit.in.image_valid = 1;
    unit.in.image = beat;
    step(&unit);
    assert_true(unit.out.image_codes_valid);
    assert_false(unit.out.image_ready);
    unit.in.image_codes_ready = 1;
    step(&unit);
    assert_true(unit.out.image_ready && unit.out.image_codes_last);
    for (uint32_t l = 0; l + 1 < lanes; ++l) {
        assert_int_equal(unit.out.image_codes[l], beat[l]);
    }
    assert_int_equal(unit.out.image_codes[lanes - 1], 255);
    unit.in.image_valid = 0;
    step(&unit);
    assert_int_equal(apb(&unit, REG_STATUS, 0, 0) & 1, 0); /* waits for converter codes */
    mca_dpu_rtl_destroy(unit.rtl);
}

/* Inference of one layer whose sums are all 0: sigmoid(0) is a half on every output. A stalled sink
 * freezes the unit, nothing is lost, and the image is counted and interrupts. */
static void test_dpu_rtl_infers_behind_a_stalled_sink(void **state) {
    (void)state;
    struct unit unit = create(0);
    const uint32_t lanes = unit.set->lanes;
    const uint32_t half = (uint32_t)1 << (unit.set->act_bits - 1);
    const uint8_t beat[256] = {1};
    const int32_t zeros[256] = {0};
    (void)apb(&unit, REG_TABLE, 1, half);
    (void)apb(&unit, REG_LAYER, 1, lanes);
    (void)apb(&unit, REG_LAYER + 4, 1, lanes | 1u << 16); /* outputs, and their words */
    (void)apb(&unit, REG_LAYER + 8, 1, 1 | 1u << 16);     /* tiles */
    (void)apb(&unit, REG_CONTROL, 1, 1 | 1u << 5);        /* no training; interrupt */
    unit.in.image_valid = unit.in.image_codes_ready = 1;
    unit.in.image = beat;
    step(&unit);
    assert_true(unit.out.image_ready);
    unit.in.image_valid = 0;
    unit.in.adc_valid = 1;
    unit.in.adc = zeros;
    for (int cycle = 0; cycle < 20; ++cycle) { /* drive_ready is 0 */
        step(&unit);
        assert_false(unit.out.done);
    }
    assert_true(unit.out.frozen && unit.out.drive_valid && unit.out.busy);
    assert_int_equal(apb(&unit, REG_STATUS, 0, 0) & 3, 3);
    assert_int_equal(apb(&unit, REG_IMAGES, 0, 0), 0);
    unit.in.adc_valid = 0;
    unit.in.drive_ready = 1;
    step(&unit);
    assert_int_equal(unit.out.drive_kind, 2);
    for (uint32_t l = 0; l < lanes; ++l) {
        assert_int_equal(unit.out.drive[l], half);
    }
    step(&unit);
    assert_true(unit.out.done);
    step(&unit);
    assert_true(unit.out.irq);
    assert_int_equal(apb(&unit, REG_IMAGES, 0, 0), 1);
    assert_int_equal(apb(&unit, REG_IRQ, 0, 0), 1);
    (void)apb(&unit, REG_IRQ, 1, 0);
    assert_int_equal(apb(&unit, REG_IRQ, 0, 0), 0);
    assert_false(unit.out.irq);
    mca_dpu_rtl_destroy(unit.rtl);
}

static void test_dpu_rtl_refuses_a_waveform_it_cannot_write(void **state) {
    (void)state;
    for (int format = MCA_DPU_RTL_NO_WAVEFORM; format <= MCA_DPU_RTL_FST; ++format) {
        const struct mca_dpu_rtl_wanted wanted = {.set = SETS[0],
                                                  .waveform = (enum mca_dpu_rtl_waveform)format};
        struct mca_dpu_rtl *rtl;
        struct mca_error error;
        assert_int_equal(mca_dpu_rtl_create(&rtl, &wanted, NULL, &error), MCA_OK);
        assert_int_equal(mca_dpu_rtl_trace(rtl, "no/such/directory/a", 1000000000), -1);
        mca_dpu_rtl_destroy(rtl);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dpu_rtl_says_what_it_is),
        cmocka_unit_test(test_dpu_rtl_registers),
        cmocka_unit_test(test_dpu_rtl_image_codes),
        cmocka_unit_test(test_dpu_rtl_infers_behind_a_stalled_sink),
        cmocka_unit_test(test_dpu_rtl_refuses_a_waveform_it_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
