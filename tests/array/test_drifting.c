/*
 * Devices that drift while the chip trains, against the law that they follow: what they conduct at
 * an age, that a pulse begins it anew, and that neither the number of looks nor what became of the
 * lists in between counts.
 */
#include "array/drifting.h"
#include "array/matrix.h"

#include "mca_fixture.h"
#include "mca_test.h"

enum { ROWS = 60, COLS = 45 };

static const double T0_PS = 1e6;
static const double STEP = 1.1; /* of ages, from one class to the next */

struct bench {
    struct mca_arena arena;
    struct mca_device device;
    struct mca_matrix matrix;
};

static void reset_all(struct mca_matrix *m) {
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            mca_matrix_reset(m, r, c, 0);
            mca_matrix_reset(m, r, c, 1);
        }
    }
}

/* All devices RESET, and given the pulses of `pulses`, at time 0. */
static struct bench *build(const struct mca_device_config *device, uint32_t pulses) {
    struct bench *b = calloc(1, sizeof *b);
    const struct mca_u32_list layers = {2, {1, 1}};
    const struct mca_chip_config config = mca_fixture_chip(&layers);
    struct mca_error error;
    assert_non_null(b);
    assert_int_equal(mca_device_init(&b->device, device, 5, &b->arena, &error), MCA_OK);
    const struct mca_matrix_plan plan = {.tile = &config.tile,
                                         .adc = &config.adc,
                                         .device = &b->device,
                                         .forward_range_us = 128.0,
                                         .backward_range_us = 32.0,
                                         .seed = 5,
                                         .rows = ROWS,
                                         .cols = COLS,
                                         .first_device = 100};
    assert_int_equal(mca_matrix_init(&b->matrix, &b->arena, &plan, &error), MCA_OK);
    reset_all(&b->matrix);
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            mca_matrix_set(&b->matrix, r, c, 0, pulses);
            mca_matrix_set(&b->matrix, r, c, 1, pulses);
        }
    }
    mca_matrix_drift(&b->matrix, 0);
    return b;
}

static void destroy(struct bench *b) {
    mca_arena_deinit(&b->arena);
    free(b);
}

static struct mca_device_config device_config(void) {
    const struct mca_u32_list layers = {2, {1, 1}};
    struct mca_device_config device = mca_fixture_chip(&layers).device;
    device.drift_in_training = 1;
    return device;
}

/* What a device of the exponent nu may be off the law by: half of a class, and half of a code. */
static void assert_law(const struct mca_matrix *m, uint32_t row, uint32_t col, int side, double nu,
                       double age_ps) {
    const size_t cell = row * m->stride + col;
    const double age = age_ps > T0_PS ? age_ps / T0_PS : 1.0;
    const double law = m->drifting->programmed[side][cell] * pow(age, -nu);
    assert_near(m->g[side][cell], law, law * (pow(STEP, nu / 2.0) - 1.0) + 0.5 + 1e-9);
    assert_int_equal(m->difference[cell], (int)m->g[0][cell] - (int)m->g[1][cell]);
}

/* One exponent for all, at ages from far below t0 to an hour. */
static void test_drifting_follows_the_law(void **state) {
    (void)state;
    const struct mca_device_config device = device_config();
    struct bench *b = build(&device, 9);
    const struct mca_matrix *m = &b->matrix;
    const double ages_ps[] = {0.0, 1.0,         9.99e5, 1e6,  1.04e6, 1.11e6,
                              3e6, 123456789.0, 1e9,    1e12, 1.7e12, 3.6e15};
    uint32_t moved = 0;
    for (size_t i = 0; i < sizeof ages_ps / sizeof ages_ps[0]; ++i) {
        mca_matrix_drift(&b->matrix, (int64_t)ages_ps[i]);
        for (uint32_t r = 0; r < ROWS; ++r) {
            for (uint32_t c = 0; c < COLS; ++c) {
                assert_law(m, r, c, 0, 0.04, ages_ps[i]);
                assert_law(m, r, c, 1, 0.04, ages_ps[i]);
                moved +=
                    m->g[0][r * m->stride + c] != m->drifting->programmed[0][r * m->stride + c];
            }
        }
        assert_true(ages_ps[i] >= 1e6 || moved == 0);
    }
    assert_true(moved > 8 * ROWS * COLS);
    destroy(b);
}

/* A pulse acts on what the device was programmed to, and begins its age anew; its partner's goes
 * on. */
static void test_drifting_pulse_begins_anew(void **state) {
    (void)state;
    const struct mca_device_config device = device_config();
    struct bench *b = build(&device, 9);
    struct mca_matrix *m = &b->matrix;
    const size_t cell = 7 * m->stride + 11;
    const uint64_t place = mca_matrix_device_number(m, 7, 11, 0);
    mca_matrix_drift(m, 50000000);
    const uint16_t programmed = m->drifting->programmed[0][cell];
    assert_true(m->g[0][cell] < programmed);
    const uint16_t next = mca_device_set(m->device, programmed, 10, place, m->writes[0][cell]);
    mca_matrix_set(m, 7, 11, 0, 1);
    assert_int_equal(m->g[0][cell], next);
    mca_matrix_drift(m, 60000000); /* it counts as programmed now */
    assert_int_equal(m->g[0][cell], next);
    mca_matrix_drift(m, 60900000);
    assert_int_equal(m->g[0][cell], next);
    mca_matrix_drift(m, 60000000 + 40000000);
    assert_int_equal(m->drifting->programmed[0][cell], next);
    assert_law(m, 7, 11, 0, 0.04, 4e7);
    assert_law(m, 7, 11, 1, 0.04, 1e8);
    mca_matrix_set(m, 7, 11, 0, 0); /* no pulse */
    assert_law(m, 7, 11, 0, 0.04, 4e7);
    mca_matrix_drift(m, 200000000);
    assert_law(m, 7, 11, 0, 0.04, 1.4e8);
    mca_matrix_reset(m, 7, 11, 1);
    const uint16_t reset = m->g[1][cell];
    mca_matrix_drift(m, 200000000);
    mca_matrix_drift(m, 200900000);
    assert_int_equal(m->g[1][cell], reset);
    assert_law(m, 7, 11, 0, 0.04, 1.409e8);
    destroy(b);
}

/* A device that has had its pulses drifts on since the last one that it took. */
static void test_drifting_stuck_device_goes_on(void **state) {
    (void)state;
    struct mca_device_config device = device_config();
    device.endurance_pulses = 10;
    struct bench *b = build(&device, 9);
    struct mca_matrix *m = &b->matrix;
    mca_matrix_drift(m, 50000000);
    mca_matrix_set(m, 3, 4, 0, 2);
    mca_matrix_reset(m, 3, 4, 1);
    mca_matrix_drift(m, 90000000);
    assert_law(m, 3, 4, 0, 0.04, 9e7);
    assert_law(m, 3, 4, 1, 0.04, 9e7);
    destroy(b);
}

/* Exponents of many devices, of what they conduct when 1e6 times t0 old: Gaussian with the mean and
 * the standard deviation that are asked for (4 and more standard deviations from 0), the same as in
 * tests at ages of the first seed. Codes are 4,000 at least: rounding moves ln by 1.3e-4 at most,
 * and an exponent by 1e-5; half a class is a factor of 1 +- log(1.1) / 2 / log(1e6) = 1 +- 0.0035.
 */
static void test_drifting_moments(void **state) {
    (void)state;
    struct mca_device_config device = device_config();
    device.drift_nu_std = 0.01;
    device.reset_mean_us = 6.0;
    struct bench *b = build(&device, 0);
    const struct mca_matrix *m = &b->matrix;
    const uint32_t count = 2 * ROWS * COLS;
    double sum = 0.0;
    double squares = 0.0;
    mca_matrix_drift(&b->matrix, 1000000000000);
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLS; ++c) {
            for (int side = 0; side < 2; ++side) {
                const size_t cell = r * m->stride + c;
                const double programmed = m->drifting->programmed[side][cell];
                const double nu = -log(m->g[side][cell] / programmed) / log(1e6);
                const uint64_t place = mca_matrix_device_number(m, r, c, side);
                const struct mca_ageing ageing = {1e6 * device.drift_t0_s, 0};
                double g_us = programmed * m->device->us_per_code;
                m->device->ops->age_us(m->device, &ageing, 1, &place, NULL, &g_us);
                const double aged = g_us * m->device->codes_per_us;
                assert_near(m->g[side][cell], aged, aged * nu * log(STEP) / 2.0 * 1.01 + 0.5);
                sum += nu;
                squares += nu * nu;
            }
        }
    }
    const double mean = sum / count;
    const double std = sqrt(squares / count - mean * mean);
    assert_near(mean, 0.04, 4.0 * 0.01 / sqrt(count) + 0.04 * 0.0035 + 1e-5);
    assert_near(std, 0.01, 4.0 * 0.01 / sqrt(2.0 * count) + 0.01 * 0.0035 + 1e-5);
    destroy(b);
}

/* A few pulses at each of 40 times; looks at these times, and between them where `looks` is more.
 */
static struct bench *train(const struct mca_device_config *device, int looks, int makes_anew) {
    struct bench *b = build(device, 3);
    struct mca_matrix *m = &b->matrix;
    for (uint32_t i = 0; i < 40; ++i) {
        const int64_t now_ps = (int64_t)i * i * 700000;
        const int64_t next_ps = (int64_t)(i + 1) * (i + 1) * 700000;
        for (uint32_t k = 0; k < 300; ++k) {
            const uint32_t at = (k * 977 + i * 131) % (ROWS * COLS);
            mca_matrix_set(m, at / COLS, at % COLS, (int)(k & 1), 1 + k % 2);
        }
        if (makes_anew && i % 7 == 3) { /* as after loading */
            m->drifting->is_listed = 0;
        }
        mca_matrix_drift(m, now_ps);
        for (int j = 1; j <= looks; ++j) {
            mca_matrix_drift(m, now_ps + (next_ps - now_ps) * j / looks);
        }
        if (looks == 0) {
            mca_matrix_drift(m, next_ps);
        }
    }
    return b;
}

static void assert_same(const struct bench *a, const struct bench *b) {
    for (int side = 0; side < 2; ++side) {
        const struct mca_matrix *x = &a->matrix;
        const struct mca_matrix *y = &b->matrix;
        assert_memory_equal(x->g[side], y->g[side], x->cells * sizeof(uint16_t));
        assert_memory_equal(x->drifting->programmed[side], y->drifting->programmed[side],
                            x->cells * sizeof(uint16_t));
        assert_memory_equal(x->drifting->at_ps[side], y->drifting->at_ps[side],
                            x->cells * sizeof(int64_t));
        assert_memory_equal(x->difference, y->difference, x->cells * sizeof(int16_t));
    }
}

static void test_drifting_is_of_the_present_alone(void **state) {
    (void)state;
    struct mca_device_config device = device_config();
    device.drift_nu_std = 0.02;
    device.drift_law = MCA_DRIFT_BY_CONDUCTANCE;
    struct bench *once = train(&device, 0, 0);
    struct bench *often = train(&device, 13, 0);
    struct bench *anew = train(&device, 3, 1);
    assert_same(once, often);
    assert_same(once, anew);
    destroy(once);
    destroy(often);
    destroy(anew);
}

/* All devices are in one list each, in order of their times: none is forgotten. */
static void test_drifting_forgets_none(void **state) {
    (void)state;
    const struct mca_device_config device = device_config();
    for (int makes_anew = 0; makes_anew < 2; ++makes_anew) {
        struct bench *b = train(&device, 2, makes_anew);
        const struct mca_drifting *d = b->matrix.drifting;
        uint32_t count = 0;
        for (uint32_t list = 0; list <= MCA_DRIFT_CLASSES; ++list) {
            const uint32_t end = d->devices + list;
            int64_t last_ps = INT64_MIN;
            for (uint32_t id = d->next[end]; id != end; id = d->next[id]) {
                assert_int_equal(d->before[d->next[id]], id);
                assert_true(d->at_ps[id & 1][id / 2] >= last_ps);
                last_ps = d->at_ps[id & 1][id / 2];
                ++count;
            }
        }
        assert_int_equal(count, 2 * ROWS * COLS);
        destroy(b);
    }
}

/* Without an exponent there is nothing to keep. */
static void test_drifting_only_where_used(void **state) {
    (void)state;
    struct mca_device_config device = device_config();
    device.drift_nu = 0.0;
    assert_false(mca_device_drifts_in_training(&device));
    device.drift_nu_std = 0.01;
    assert_true(mca_device_drifts_in_training(&device));
    device.drift_nu_std = 0.0;
    device.drift_law = MCA_DRIFT_BY_CONDUCTANCE;
    assert_true(mca_device_drifts_in_training(&device));
    device.model = MCA_DEVICE_IDEAL;
    assert_false(mca_device_drifts_in_training(&device));
    device.model = MCA_DEVICE_LINEAR;
    assert_true(mca_device_drifts_in_training(&device));
    device.drift_in_training = 0;
    assert_false(mca_device_drifts_in_training(&device));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drifting_follows_the_law),
        cmocka_unit_test(test_drifting_pulse_begins_anew),
        cmocka_unit_test(test_drifting_stuck_device_goes_on),
        cmocka_unit_test(test_drifting_moments),
        cmocka_unit_test(test_drifting_is_of_the_present_alone),
        cmocka_unit_test(test_drifting_forgets_none),
        cmocka_unit_test(test_drifting_only_where_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
