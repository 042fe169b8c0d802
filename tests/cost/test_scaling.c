/* Technology scaling against the factors that its publication prints. */
#include "cost/cost_test.h"

#include "cost/scaling.h"

static const double NODES_NM[] = {180.0, 130.0, 90.0, 65.0, 45.0, 32.0,
                                  20.0,  16.0,  14.0, 10.0, 7.0};

enum { NODE_COUNT = sizeof NODES_NM / sizeof NODES_NM[0] };

/* Stillmaker and Baas (2017), relative to 45 nm, general energy factors at 0.8 V: to the digits
 * printed. */
static void test_scaling_energy_is_as_published(void **state) {
    (void)state;
    static const struct {
        double nm;
        double factor;
        double last_digit;
    } published[] = {{130.0, 3.07, 0.01}, {90.0, 1.90, 0.01}, {65.0, 1.24, 0.01},
                     {32.0, 0.66, 0.01},  {20.0, 0.22, 0.01}, {16.0, 0.17, 0.01},
                     {14.0, 0.14, 0.01},  {10.0, 0.12, 0.01}, {7.0, 0.09, 0.01}};
    for (size_t i = 0; i < sizeof published / sizeof published[0]; ++i) {
        assert_near(mca_scale_energy(45.0, 0.8, published[i].nm, 0.8), published[i].factor,
                    published[i].last_digit / 2.0);
    }
}

static void test_scaling_area_is_as_published(void **state) {
    (void)state;
    static const struct {
        double nm;
        double factor;
    } published[] = {{32.0, 0.46}, {20.0, 0.21}, {14.0, 0.17}, {7.0, 0.059}};
    for (size_t i = 0; i < sizeof published / sizeof published[0]; ++i) {
        assert_close(mca_scale_area(45.0, published[i].nm), published[i].factor);
    }
}

/* The step by which rtl/synth/README.md brings the synthesized unit to the reference chip. */
static void test_scaling_from_synthesis_to_reference(void **state) {
    (void)state;
    assert_near(mca_scale_energy(180.0, 1.8, 14.0, 0.8), 0.003649, 0.5e-6);
    assert_near(mca_scale_area(180.0, 14.0), 0.0093, 0.5e-4);
    assert_near(mca_scale_energy(180.0, 1.8, 14.0, 0.8),
                (0.2363 * 0.64 - 0.09675 * 0.8 + 0.02239) / (24.64 * 1.8 - 17.98), 1e-12);
}

static void test_scaling_delay_is_linear_in_the_node(void **state) {
    (void)state;
    assert_close(mca_scale_delay(65.0, 14.0), 14.0 / 65.0);
    assert_close(mca_scale_delay(14.0, 28.0), 2.0);
}

static void test_scaling_to_itself_is_one(void **state) {
    (void)state;
    for (double nm = 7.0; nm <= 180.0; nm += 0.5) {
        assert_true(mca_scale_energy(nm, 1.0, nm, 1.0) == 1.0);
        assert_true(mca_scale_area(nm, nm) == 1.0);
        assert_true(mca_scale_delay(nm, nm) == 1.0);
    }
}

/* In two steps as in one, by any way. */
static void test_scaling_composes(void **state) {
    (void)state;
    static const struct {
        double nm;
        double v;
    } points[] = {{180.0, 1.8}, {110.0, 1.2}, {65.0, 1.1}, {45.0, 0.8}, {28.0, 0.9}, {7.0, 0.7}};
    enum { POINTS = sizeof points / sizeof points[0] };
    for (int a = 0; a < POINTS; ++a) {
        for (int b = 0; b < POINTS; ++b) {
            for (int c = 0; c < POINTS; ++c) {
                assert_close(
                    mca_scale_energy(points[a].nm, points[a].v, points[b].nm, points[b].v) *
                        mca_scale_energy(points[b].nm, points[b].v, points[c].nm, points[c].v),
                    mca_scale_energy(points[a].nm, points[a].v, points[c].nm, points[c].v));
                assert_close(mca_scale_area(points[a].nm, points[b].nm) *
                                 mca_scale_area(points[b].nm, points[c].nm),
                             mca_scale_area(points[a].nm, points[c].nm));
            }
        }
    }
}

static void test_scaling_energy_falls_with_the_supply(void **state) {
    (void)state;
    for (size_t i = 0; i < NODE_COUNT; ++i) {
        for (double v = 0.8; v < 1.8; v += 0.1) {
            assert_true(mca_scale_energy(45.0, 1.0, NODES_NM[i], v) <
                        mca_scale_energy(45.0, 1.0, NODES_NM[i], v + 0.1));
            assert_true(mca_scale_energy(NODES_NM[i], v, 45.0, 1.0) >
                        mca_scale_energy(NODES_NM[i], v + 0.1, 45.0, 1.0));
        }
    }
}

/* Halfway between two nodes of the tables is the mean of both, and neither of them. */
static void test_scaling_interpolates_between_nodes(void **state) {
    (void)state;
    for (size_t i = 0; i + 1 < NODE_COUNT; ++i) {
        const double nm = (NODES_NM[i] + NODES_NM[i + 1]) / 2.0;
        const double energy[2] = {mca_scale_energy(45.0, 1.0, NODES_NM[i], 1.0),
                                  mca_scale_energy(45.0, 1.0, NODES_NM[i + 1], 1.0)};
        const double area[2] = {mca_scale_area(45.0, NODES_NM[i]),
                                mca_scale_area(45.0, NODES_NM[i + 1])};
        assert_true(energy[0] > energy[1] && area[0] > area[1]);
        assert_close(mca_scale_energy(45.0, 1.0, nm, 1.0), (energy[0] + energy[1]) / 2.0);
        assert_close(mca_scale_area(45.0, nm), (area[0] + area[1]) / 2.0);
        assert_close(mca_scale_area(nm, 45.0), 2.0 / (area[0] + area[1]));
    }
}

/* 24.64 V - 17.98 of 180 nm is negative below 0.73 V. */
static void test_scaling_has_no_energy_far_below_the_supply(void **state) {
    (void)state;
    assert_true(mca_scale_energy(180.0, 0.5, 14.0, 0.8) == 0.0);
    assert_true(mca_scale_energy(14.0, 0.8, 180.0, 0.5) == 0.0);
    assert_true(mca_scale_energy(14.0, 0.8, 180.0, 0.72) == 0.0);
    assert_true(mca_scale_energy(14.0, 0.8, 180.0, 0.74) > 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scaling_energy_is_as_published),
        cmocka_unit_test(test_scaling_area_is_as_published),
        cmocka_unit_test(test_scaling_from_synthesis_to_reference),
        cmocka_unit_test(test_scaling_delay_is_linear_in_the_node),
        cmocka_unit_test(test_scaling_to_itself_is_one),
        cmocka_unit_test(test_scaling_composes),
        cmocka_unit_test(test_scaling_energy_falls_with_the_supply),
        cmocka_unit_test(test_scaling_interpolates_between_nodes),
        cmocka_unit_test(test_scaling_has_no_energy_far_below_the_supply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
