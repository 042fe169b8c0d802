#include "device/device.h"

#include "device/ageing.h"

#include "mca_fixture.h"
#include "mca_test.h"

/* Of all devices here. */
static struct mca_arena arena;

static struct mca_device device_of(unsigned model, double gmax_us) {
    const struct mca_u32_list layers = {2, {1, 1}};
    struct mca_device_config config = mca_fixture_chip(&layers).device;
    config.model = model;
    config.gmax_us = gmax_us;
    struct mca_device device;
    struct mca_error error;
    assert_int_equal(mca_device_init(&device, &config, 3, &arena, &error), MCA_OK);
    return device;
}

struct moments {
    double mean;
    double std;
};

/* `pulses` SET pulses after a RESET, on `count` devices. */
static struct moments after_pulses(const struct mca_device *device, uint32_t pulses,
                                   uint32_t count) {
    double sum = 0.0;
    double squares = 0.0;
    for (uint32_t d = 0; d < count; ++d) {
        uint16_t code = mca_device_reset(device, 0, d, 0);
        for (uint32_t n = 1; n <= pulses; ++n) {
            code = mca_device_set(device, code, n, d, n);
        }
        const double g = (double)code * device->us_per_code;
        sum += g;
        squares += g * g;
    }
    const double mean = sum / count;
    return (struct moments){mean, sqrt(squares / count - mean * mean)};
}

/*
 * Mean and standard deviation of the JAP18 model with Gmax 20 uS, from 2,000,000 devices of an
 * independent implementation, given to 0.001 uS. Standard errors for N = 200,000: std / sqrt(N) on
 * the mean. On the standard deviation s: sqrt((kurtosis - 1) / 4N) s; the distributions are clipped
 * below, with a kurtosis near 3, giving s / sqrt(2 N); 1.2 of that covers kurtosis up to 3.9. The
 * reference's own error adds sqrt(1 + 1/10); its rounding, 0.0005.
 */
static void test_device_jap18_moments(void **state) {
    (void)state;
    static const struct {
        uint32_t pulses;
        double mean;
        double std;
    } table[] = {{1, 2.055, 1.520}, {2, 3.431, 1.971},  {3, 4.467, 2.198},  {5, 5.914, 2.379},
                 {8, 7.236, 2.443}, {10, 7.827, 2.465}, {15, 8.804, 2.550}, {20, 9.397, 2.661}};
    const struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 20.0);
    const uint32_t count = 200000;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
        const struct moments m = after_pulses(&device, table[i].pulses, count);
        const double grow = sqrt(1.1);
        const double mean_error = grow * table[i].std / sqrt((double)count);
        const double std_error = 1.2 * grow * table[i].std / sqrt(2.0 * count);
        assert_near(m.mean, table[i].mean, 4.0 * mean_error + 0.0005);
        assert_near(m.std, table[i].std, 4.0 * std_error + 0.0005);
    }
}

static void test_device_reset_moments(void **state) {
    (void)state;
    const struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    const struct moments m = after_pulses(&device, 0, 100000);
    assert_near(m.mean, 0.1, 4.0 * 0.01 / sqrt(1e5));
    assert_near(m.std, 0.01, 4.0 * 0.01 / sqrt(2e5) + 1e-5);
}

/* The grid covers gmax with the smallest power of two, and its error is far below any noise. */
static void test_device_grid_covers_gmax(void **state) {
    (void)state;
    const struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    assert_near(device.us_per_code, 1.0 / 2048.0, 0.0);
    assert_true(MCA_CONDUCTANCE_CODE_MAX * device.us_per_code >= 12.0);
    assert_true(device.us_per_code / 2.0 < 0.002 * mca_device_read_std_us(&device, 0.0) * 2.0);
    for (double g = 0.0; g <= 12.0; g += 0.0137) {
        assert_near(mca_device_code(&device, g) * device.us_per_code, g, device.us_per_code / 2.0);
    }
}

static void test_device_never_leaves_its_range(void **state) {
    (void)state;
    const struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    for (uint32_t d = 0; d < 2000; ++d) {
        uint16_t code = mca_device_reset(&device, 0, d, 0);
        for (uint32_t n = 1; n <= 60; ++n) {
            code = mca_device_set(&device, code, n, d, n);
            assert_true(code * device.us_per_code >= 0.1 - device.us_per_code);
            assert_true(code * device.us_per_code <= 12.0 + device.us_per_code);
        }
    }
}

/* What is expected after n pulses, by the published law step by step and, for the linear device, in
 * closed form. The mean of a step that is linear in G is the step of the mean. */
static void test_device_expected_conductance(void **state) {
    (void)state;
    const struct mca_device pcm = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    const struct mca_device linear = device_of(MCA_DEVICE_LINEAR, 12.0);
    double mean_us = 0.1;
    for (int n = 0; n <= 15; ++n) {
        mean_us += n ? -0.084 * mean_us + 0.88 + 1.4 * exp(-n / 2.6) : 0.0;
        assert_near(pcm.mean_after[n], mean_us, 1e-12);
        assert_near(linear.mean_after[n], 0.1 + 0.77 * n, 1e-12);
    }
    assert_near(pcm.mean_after[1], 1.924597, 1e-6); /* 0.1 - 0.0084 + 0.88 + 1.4 x 0.680712 */
}

static void test_device_linear_step_is_constant(void **state) {
    (void)state;
    const struct mca_device device = device_of(MCA_DEVICE_LINEAR, 12.0);
    uint16_t code = mca_device_code(&device, 0.1);
    for (uint32_t n = 1; n <= 10; ++n) {
        code = mca_device_set(&device, code, n, 0, n);
        assert_near(code * device.us_per_code, 0.1 + 0.77 * n, (n + 1) * device.us_per_code / 2.0);
    }
}

/* Relative spread of the step between devices, none within one: std 0.2 of the linear step. */
static void test_device_spread_between_devices(void **state) {
    (void)state;
    const struct mca_u32_list layers = {2, {1, 1}};
    struct mca_device_config config = mca_fixture_chip(&layers).device;
    config.model = MCA_DEVICE_LINEAR;
    config.step_spread = 0.2;
    struct mca_device device;
    struct mca_error error;
    assert_int_equal(mca_device_init(&device, &config, 3, &arena, &error), MCA_OK);
    const uint32_t count = 50000;
    double sum = 0.0;
    double squares = 0.0;
    for (uint32_t d = 0; d < count; ++d) {
        const uint16_t start = mca_device_code(&device, 1.0);
        const double step = (mca_device_set(&device, start, 1, d, 0) - start) * device.us_per_code;
        const double again = (mca_device_set(&device, start, 5, d, 9) - start) * device.us_per_code;
        assert_near(step, again, 1e-12);
        sum += step;
        squares += step * step;
    }
    const double mean = sum / count;
    assert_near(mean, 0.77, 4.0 * 0.154 / sqrt((double)count));
    assert_near(sqrt(squares / count - mean * mean), 0.154, 4.0 * 0.154 / sqrt(2.0 * count));
}

/* What one device that was programmed to g_us conducts. */
static double aged_us(const struct mca_device *device, double g_us, uint64_t place, double age_s,
                      uint32_t seed) {
    const struct mca_ageing ageing = {age_s, seed};
    device->ops->age_us(device, &ageing, 1, &place, NULL, &g_us);
    return g_us;
}

/* G (age / t0)^-nu from t0 = 38.6 s on, with nu = 0.04; before that nothing. */
static void test_device_drift_law(void **state) {
    (void)state;
    const struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    static const double young[] = {38.6, 1e-6, 0.0, -1.0, (double)NAN};
    for (size_t i = 0; i < sizeof young / sizeof young[0]; ++i) {
        assert_near(aged_us(&device, 5.0, 0, young[i], 0), 5.0, 0.0);
    }
    for (double age = 40.0; age < 1e8; age *= 7.0) {
        assert_near(aged_us(&device, 5.0, 0, age, 0), 5.0 * pow(age / 38.6, -0.04), 1e-12);
    }
}

enum { AGED = 20000 };

/* Mean and std of `value` over AGED devices of 5 uS at an age: 0: drift exponent, 1: relative to
 * what drift has left. */
static struct moments aged_moments(const struct mca_device *device, double g_us, double age_s,
                                   int is_relative) {
    static uint64_t place[AGED];
    static double g[AGED];
    const struct mca_ageing ageing = {age_s, 3};
    double sum = 0.0;
    double squares = 0.0;
    for (uint32_t i = 0; i < AGED; ++i) {
        place[i] = 1000 + i;
        g[i] = g_us;
    }
    device->ops->age_us(device, &ageing, AGED, place, NULL, g);
    for (uint32_t i = 0; i < AGED; ++i) {
        const double x =
            is_relative ? g[i] / g_us : -log(g[i] / g_us) / log(age_s / device->config.drift_t0_s);
        sum += x;
        squares += x * x;
    }
    const double mean = sum / AGED;
    return (struct moments){mean, sqrt(squares / AGED - mean * mean)};
}

/* Of |X|, X a Gaussian: its mean is sigma sqrt(2 / pi) exp(-mu^2 / 2 sigma^2) + mu erf(mu / (sigma
 * sqrt 2)), its mean square mu^2 + sigma^2. */
static struct moments folded(double mu, double sigma) {
    const double mean = sigma * sqrt(2.0 / acos(-1.0)) * exp(-mu * mu / (2 * sigma * sigma)) +
                        mu * erf(mu / (sigma * sqrt(2.0)));
    return (struct moments){mean, sqrt(mu * mu + sigma * sigma - mean * mean)};
}

/* Bounds as in test_device_jap18_moments: the fourth moment of a folded Gaussian here is below that
 * of a Gaussian. */
static void assert_exponents(const struct moments *seen, double mu, double sigma) {
    const struct moments law = folded(mu, sigma);
    assert_near(seen->mean, law.mean, 4.0 * law.std / sqrt((double)AGED));
    assert_near(seen->std, law.std, 4.0 * 1.2 * law.std / sqrt(2.0 * AGED));
}

static void test_device_drift_exponents_spread(void **state) {
    (void)state;
    struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    device.config.drift_nu_std = 0.02;
    const struct moments wide = aged_moments(&device, 5.0, 86400.0, 0);
    assert_exponents(&wide, 0.04, 0.02);
    /* a device keeps its exponent from age to age; another seed gives it another */
    const double day = log(aged_us(&device, 5.0, 7, 86400.0, 1) / 5.0) / log(86400.0 / 38.6);
    const double year = log(aged_us(&device, 5.0, 7, 3e7, 1) / 5.0) / log(3e7 / 38.6);
    assert_near(day, year, 1e-12);
    assert_true(aged_us(&device, 5.0, 7, 86400.0, 2) != aged_us(&device, 5.0, 7, 86400.0, 1));
    assert_near(aged_us(&device, 5.0, 7, 38.6, 1), 5.0, 0.0);
}

/* The published fit at a hundredth, a fifth and all of the largest conductance, by hand: -0.0155 ln
 * g + 0.0244 and -0.0125 ln g - 0.0059 are 0.0958 and 0.0517 (clipped to 0.045), 0.0493 and 0.0142,
 * 0.0244 (0.049) and -0.0059 (0.008). */
static void test_device_drift_by_conductance(void **state) {
    (void)state;
    static const struct {
        double part, mean, std;
    } law[] = {{0.01, 0.095780, 0.045}, {0.2, 0.049346, 0.014218}, {1.0, 0.049, 0.008}};
    struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    device.config.drift_law = MCA_DRIFT_BY_CONDUCTANCE;
    device.config.drift_t0_s = 20.0;
    for (size_t i = 0; i < sizeof law / sizeof law[0]; ++i) {
        const struct moments m = aged_moments(&device, 12.0 * law[i].part, 1e6, 0);
        assert_exponents(&m, law[i].mean, law[i].std);
    }
    assert_near(aged_us(&device, 0.0, 0, 1e6, 0), 0.0, 0.0);
}

/* Q sqrt(ln((t + tr) / 2 tr)) at 1 s, where the root is 3.809023. Q is 0.0088 at full conductance,
 * 0.0088 / 0.01^0.65 = 0.175583 at a hundredth, and clipped to 0.2 at a thousandth of it. */
static void test_device_flicker_noise(void **state) {
    (void)state;
    struct mca_device device = device_of(MCA_DEVICE_PCM_JAP18, 12.0);
    device.config.drift_nu = 0.0;
    device.config.flicker_noise = 1.0;
    static const struct {
        double part, std;
    } law[] = {{1.0, 0.0335194}, {0.01, 0.1755831 * 3.8090232}, {0.001, 0.2 * 3.8090232}};
    const struct moments m = aged_moments(&device, 12.0, 1.0, 1);
    assert_near(m.mean, 1.0, 4.0 * law[0].std / sqrt((double)AGED));
    assert_near(m.std, law[0].std, 4.0 * law[0].std / sqrt(2.0 * AGED));
    for (size_t i = 0; i < sizeof law / sizeof law[0]; ++i) {
        assert_near(mca_flicker_std(law[i].part, 1.0), law[i].std, 1e-5 * law[i].std);
    }
    static const double young[] = {250e-9, 1e-8, 0.0, -1.0, (double)NAN};
    for (size_t i = 0; i < sizeof young / sizeof young[0]; ++i) {
        assert_near(aged_us(&device, 5.0, 0, young[i], 0), 5.0, 0.0);
    }
    /* a deviation for each age and each seed */
    const double first = aged_us(&device, 5.0, 0, 1.0, 0);
    assert_near(aged_us(&device, 5.0, 0, 1.0, 0), first, 0.0);
    const double second = aged_us(&device, 5.0, 0, 2.0, 0);
    assert_true(fabs((second - 5.0) / (first - 5.0) *
                         (mca_flicker_std(5.0 / 12.0, 1.0) / mca_flicker_std(5.0 / 12.0, 2.0)) -
                     1.0) > 0.01); /* another draw */
    assert_true(aged_us(&device, 5.0, 0, 1.0, 1) != first);
}

static struct mca_device device_that_endures(double pulses, double spread) {
    const struct mca_u32_list layers = {2, {1, 1}};
    struct mca_device_config config = mca_fixture_chip(&layers).device;
    config.endurance_pulses = pulses;
    config.endurance_spread = spread;
    struct mca_device device;
    struct mca_error error;
    assert_int_equal(mca_device_init(&device, &config, 3, &arena, &error), MCA_OK);
    return device;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/*
 * Natural logarithms of N = 100,000 endurances of median 1e8 are Gaussians about that of 1e8 with
 * the spread as standard deviation s: their mean within 4 s / sqrt(N), their standard deviation
 * within 4 s / sqrt(2 N), the largest distance of their distribution from the Gaussian's below
 * 1.95 / sqrt(N) (Kolmogorov, p = 0.001). Rounding to whole pulses moves a logarithm by 1e-7 at
 * most where the endurance is above 5e6, which at s = 0.6 all are within 5 s.
 */
static void test_device_endurance_is_log_normal(void **state) {
    (void)state;
    enum { N = 100000 };
    const double s = 0.6;
    const struct mca_device device = device_that_endures(1e8, s);
    double *z = malloc(N * sizeof *z);
    double sum = 0.0;
    double squares = 0.0;
    for (uint32_t d = 0; d < N; ++d) {
        const uint64_t pulses = mca_device_endurance(&device, d);
        assert_true(pulses >= device.endurance_least);
        z[d] = log((double)pulses / 1e8) / s;
        sum += z[d];
        squares += z[d] * z[d];
    }
    const double mean = sum / N;
    assert_near(mean, 0.0, 4.0 / sqrt((double)N));
    assert_near(sqrt(squares / N - mean * mean), 1.0, 4.0 / sqrt(2.0 * N));
    qsort(z, N, sizeof *z, ascending);
    for (uint32_t d = 0; d < N; ++d) {
        const double below = 0.5 * erfc(-z[d] / sqrt(2.0));
        assert_near(below, (d + 0.5) / N, 1.95 / sqrt((double)N) + 0.5 / N);
    }
    free(z);
}

/* Whole pulses, at least one and at most 1e15; without a spread all the same. */
static void test_device_endurance_stays_in_its_range(void **state) {
    (void)state;
    const struct mca_device alike = device_that_endures(12345.4, 0.0);
    const struct mca_device short_lived = device_that_endures(1.0, 2.0);
    const struct mca_device long_lived = device_that_endures(1e12, 2.0);
    uint64_t most = 0;
    for (uint32_t d = 0; d < 100000; ++d) {
        assert_int_equal(mca_device_endurance(&alike, d), 12345);
        assert_true(mca_device_endurance(&short_lived, d) >= 1);
        const uint64_t pulses = mca_device_endurance(&long_lived, d);
        most = pulses > most ? pulses : most;
    }
    assert_int_equal(most, 1000000000000000);
}

/* Pulse number E of a device that takes E is its last that changes anything, SET or RESET: another
 * model of the same seed that never sticks says what a pulse does. */
static void test_device_sticks_after_its_pulses(void **state) {
    (void)state;
    const struct mca_device lasting = device_that_endures(1e12, 0.0);
    const struct mca_device device = device_that_endures(12.0, 0.5);
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (uint32_t d = 0; d < 2000; ++d) {
        const uint64_t pulses = mca_device_endurance(&device, d);
        for (uint64_t had = pulses > 2 ? pulses - 2 : 0; had < pulses + 3; ++had) {
            const uint16_t code = mca_device_code(&device, 3.0);
            const uint16_t set = mca_device_set(&lasting, code, 1, d, had);
            const uint16_t reset = mca_device_reset(&lasting, code, d, had);
            assert_true(reset < code);
            const int sticks = had >= pulses; /* had so many before this one */
            assert_int_equal(mca_device_is_stuck(&device, d, had), sticks);
            assert_int_equal(mca_device_set(&device, code, 1, d, had), sticks ? code : set);
            assert_int_equal(mca_device_reset(&device, code, d, had), sticks ? code : reset);
        }
        least = pulses < least ? pulses : least;
        most = pulses > most ? pulses : most;
    }
    assert_true(least < 6 && most > 24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_device_jap18_moments),
        cmocka_unit_test(test_device_reset_moments),
        cmocka_unit_test(test_device_grid_covers_gmax),
        cmocka_unit_test(test_device_never_leaves_its_range),
        cmocka_unit_test(test_device_expected_conductance),
        cmocka_unit_test(test_device_linear_step_is_constant),
        cmocka_unit_test(test_device_spread_between_devices),
        cmocka_unit_test(test_device_drift_law),
        cmocka_unit_test(test_device_drift_exponents_spread),
        cmocka_unit_test(test_device_drift_by_conductance),
        cmocka_unit_test(test_device_flicker_noise),
        cmocka_unit_test(test_device_endurance_is_log_normal),
        cmocka_unit_test(test_device_endurance_stays_in_its_range),
        cmocka_unit_test(test_device_sticks_after_its_pulses),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mca_arena_deinit(&arena);
    return failed;
}
