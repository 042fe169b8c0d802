/*
 * A thousand random valid scenarios, run and priced: whatever the chip, sums are exact, and no
 * figure is negative, infinite, undefined, or zero where there is work.
 */
#include "mca_test.h"

#include <unistd.h>

#include "chip/chip.h"
#include "network/network.h"
#include "reports/summary_sums.h"
#include "scenario/check.h"
#include "scenario/keys.h"
#include "scenario/load.h"

enum { SCENARIOS = 1000, IMAGES_MAX = 12, TEXT_SIZE = 1024 };

static const char *const LIBRARIES[] = {"mca-14nm", "mca-14nm-rtl", "hermes-14nm", "isaac-32nm"};

enum { LIBRARY_COUNT = sizeof LIBRARIES / sizeof LIBRARIES[0] };

static uint64_t next(uint64_t *state) { /* SplitMix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint64_t below(uint64_t *state, uint64_t n) {
    return next(state) % n;
}

static double unit(uint64_t *state) {
    return (double)(next(state) >> 11) * 0x1p-53;
}

/* Sizes that would make a run long are drawn small; nothing else is spared. */
static double largest(const struct mca_key *key) {
    static const struct {
        const char *name;
        double most;
    } caps[] = {{"tile.rows", 40},      {"tile.cols", 40},           {"train.batch", 6},
                {"dac.share", 64},      {"adc.share", 64},           {"transfer.fifo_depth", 64},
                {"chi.banks", 32},      {"refresh.every_images", 4}, {"dpu.lanes", 64},
                {"transfer.drivers", 8}};
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; ++i) {
        if (strcmp(caps[i].name, key->name) == 0) {
            return caps[i].most;
        }
    }
    return key->max;
}

/* Whole numbers over their range, half of them near its low end; half of the real numbers by
 * magnitude. */
static void draw(const struct mca_key *key, uint64_t *state, char text[TEXT_SIZE]) {
    const double most = largest(key);
    uint32_t choices = 0;
    switch (key->type) {
    case MCA_KEY_U32:
    case MCA_KEY_U64: {
        const uint64_t span = (uint64_t)(most - key->min) + 1;
        const uint64_t small = span < 9 ? span : 9;
        (void)snprintf(text, TEXT_SIZE, "%s=%llu", key->name,
                       (unsigned long long)((uint64_t)key->min +
                                            below(state, next(state) & 1 ? span : small)));
        return;
    }
    case MCA_KEY_F64: {
        const double base = strtod(key->default_text, NULL);
        const double value = next(state) & 1 ? key->min + (most - key->min) * unit(state)
                                             : base * exp(4.0 * unit(state) - 2.0);
        (void)snprintf(text, TEXT_SIZE, "%s=%.9g", key->name, value);
        return;
    }
    case MCA_KEY_ENUM:
        while (key->choices[choices]) {
            ++choices;
        }
        (void)snprintf(text, TEXT_SIZE, "%s=%s", key->name, key->choices[below(state, choices)]);
        return;
    case MCA_KEY_F64_LIST:
        (void)snprintf(text, TEXT_SIZE, "%s=[%.6g]", key->name, exp(8.0 * unit(state) - 3.0));
        return;
    case MCA_KEY_EXPONENT:
    case MCA_KEY_SHAPE:
    case MCA_KEY_LAYERS:
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
    case MCA_KEY_LIBRARY:
        break;
    }
    text[0] = '\0';
}

static int is_drawn(const struct mca_key *key) {
    static const char *const kept[] = {"seed",        "train.epochs",           "train.images",
                                       "dataset.",    "train.test_images",      "train.test_every",
                                       "report.name", "train.validation_images"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; ++i) {
        if (strncmp(key->name, kept[i], strlen(kept[i])) == 0) {
            return 0;
        }
    }
    return 1;
}

/* Sets a key; a value that the key refuses leaves the default. */
static void set(struct mca_scenario *scenario, struct mca_scenario_origins *origins,
                const char *text) {
    struct mca_scenario before = *scenario;
    if (mca_scenario_set(scenario, origins, text, "test", NULL) != MCA_OK) {
        *scenario = before;
    }
}

static void add(char text[TEXT_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(char text[TEXT_SIZE], const char *format, ...) {
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text + used, TEXT_SIZE - used, format, args);
    va_end(args);
}

static unsigned one_to(uint64_t *state, uint64_t most) {
    return 1 + (unsigned)below(state, most);
}

static void draw_widths(uint64_t *state, char text[TEXT_SIZE]) {
    add(text, "network.layers=[%u", one_to(state, 60));
    for (unsigned layers = one_to(state, 3); layers > 0; --layers) {
        add(text, ",%u", one_to(state, 30));
    }
    add(text, "]");
}

/* A layer or, for a sum, two; gives how many. `channels` is what the layers before them give. */
static unsigned draw_layer(uint64_t *state, unsigned number, unsigned *channels,
                           char text[TEXT_SIZE]) {
    static const char *const activations[] = {"sigmoid", "tanh", "relu", "identity"};
    const char *activation = activations[below(state, 4)];
    const char *frozen = below(state, 6) == 0 ? "true" : "false";
    const unsigned kernel = one_to(state, 3);
    switch (below(state, 5)) {
    case 0:
        add(text, "max_pool: {kernel: %u, stride: %u}, ", kernel, one_to(state, 3));
        return 1;
    case 1:
        add(text, "avg_pool: {kernel: %u, stride: %u}, ", kernel, one_to(state, 3));
        return 1;
    case 2:
        add(text, "conv2d: {filters: %u, kernel: 3, padding: 1, activation: %s, frozen: %s}, ",
            *channels, activation, frozen);
        if (number > 0) {
            add(text, "residual_sum: {from: %u, activation: %s}, ", number - 1, activation);
        } else {
            add(text, "residual_sum: {from: input, activation: %s}, ", activation);
        }
        return 2;
    default:
        *channels = one_to(state, 4);
        add(text,
            "conv2d: {filters: %u, kernel: %u, stride: %u, padding: %u, activation: %s, frozen: "
            "%s, unit_weight_us: %u}, ",
            *channels, kernel, one_to(state, 2), (unsigned)below(state, kernel), activation, frozen,
            1u << below(state, 6));
        return 1;
    }
}

/* Layers of all kinds, of odd shapes; what does not fit is drawn again. */
static void draw_kinds(uint64_t *state, char shape[TEXT_SIZE], char text[TEXT_SIZE]) {
    unsigned channels = one_to(state, 3);
    add(shape, "network.input=[%u,%u,%u]", channels, 1 + one_to(state, 7), 1 + one_to(state, 7));
    add(text, "network.layers=[");
    const unsigned layers = (unsigned)below(state, 5);
    for (unsigned number = 0; number < layers;) {
        number += draw_layer(state, number, &channels, text);
    }
    add(text, "dense: {units: %u, rate_factor: %g}]", one_to(state, 10),
        ldexp(1.0, (int)below(state, 5) - 2));
}

/* One valid scenario: each key is drawn with a chance of a third, until the whole passes. */
static void draw_scenario(struct mca_scenario *scenario, struct mca_scenario_origins *origins,
                          uint64_t *state) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    char text[TEXT_SIZE];
    do {
        assert_int_equal(mca_scenario_defaults(scenario, origins, NULL), MCA_OK);
        char shape[TEXT_SIZE] = "network.input=auto";
        text[0] = '\0';
        if (below(state, 2) == 0) {
            draw_widths(state, text);
        } else {
            shape[0] = '\0';
            draw_kinds(state, shape, text);
        }
        set(scenario, origins, shape);
        set(scenario, origins, text);
        (void)snprintf(text, sizeof text, "seed=%llu", (unsigned long long)below(state, 1u << 30));
        set(scenario, origins, text);
        for (size_t k = 0; k < count; ++k) {
            if (is_drawn(&keys[k]) && below(state, 3) == 0) {
                draw(&keys[k], state, text);
                if (*text) {
                    set(scenario, origins, text);
                }
            }
        }
    } while (mca_scenario_check(scenario, origins, NULL) != MCA_OK);
}

/* Random images; some dark, some of full brightness. */
static void draw_images(struct mca_image_set *set_of, uint32_t count, uint32_t inputs,
                        uint32_t classes, uint64_t *state) {
    *set_of =
        (struct mca_image_set){count, 1, inputs, malloc((size_t)count * inputs), malloc(count), 1};
    for (uint32_t i = 0; i < count; ++i) {
        const uint64_t kind = below(state, 4);
        set_of->labels[i] = (uint8_t)below(state, classes);
        for (uint32_t p = 0; p < inputs; ++p) {
            set_of->pixels[(size_t)i * inputs + p] = kind == 0   ? 0
                                                     : kind == 1 ? 255
                                                                 : (uint8_t)below(state, 256);
        }
    }
}

static void run_one(const struct mca_component_library *libraries, const char *dir,
                    uint64_t *state) {
    static struct mca_scenario scenario;
    static struct mca_scenario_origins origins;
    static struct mca_priced_run report;
    struct mca_dataset data = {.name = "random"};
    struct mca_train_result result;
    struct mca_error error = {""};
    draw_scenario(&scenario, &origins, state);
    data.inputs = (uint32_t)mca_shape_values(&scenario.chip.network.input);
    data.classes = mca_network_config_outputs(&scenario.chip.network);
    draw_images(&data.train, 1 + (uint32_t)below(state, IMAGES_MAX), data.inputs, data.classes,
                state);
    draw_images(&data.test, 1 + (uint32_t)below(state, 3), data.inputs, data.classes, state);
    scenario.train.epochs = 1 + (uint32_t)below(state, 2);
    scenario.train.test_every = 1;
    struct mca_training training = {NULL, NULL, &scenario.train, &data, 1, NULL, NULL};
    if (mca_chip_create(&training.chip, &scenario.chip, &error) != MCA_OK ||
        mca_train(&training, &result, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    report = (struct mca_priced_run){.name = "random",
                                     .scenario = &scenario,
                                     .dataset = {"random", data.train.count, data.test.count, 0},
                                     .result = &result,
                                     .library = &libraries[below(state, LIBRARY_COUNT)]};
    mca_priced_run_init(&report);
    check_summary(&report, dir);
    mca_train_result_deinit(&result);
    mca_chip_destroy(training.chip);
    free(data.train.pixels);
    free(data.train.labels);
    free(data.test.pixels);
    free(data.test.labels);
}

static void test_random_scenarios_have_exact_sums_and_sane_figures(void **state) {
    (void)state;
    struct mca_component_library libraries[LIBRARY_COUNT];
    char dir[] = "/tmp/mca-random-XXXXXX";
    assert_non_null(mkdtemp(dir));
    for (int i = 0; i < LIBRARY_COUNT; ++i) {
        assert_int_equal(mca_component_library_load(&libraries[i], LIBRARIES[i], NULL), MCA_OK);
    }
    for (uint64_t i = 0; i < SCENARIOS; ++i) {
        uint64_t seed = i;
        run_one(libraries, dir, &seed);
    }
    for (int i = 0; i < LIBRARY_COUNT; ++i) {
        mca_component_library_deinit(&libraries[i]);
    }
    rmdir(dir);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_scenarios_have_exact_sums_and_sane_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
