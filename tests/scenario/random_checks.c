/*
 * random_checks COUNT: what COUNT random scenarios are refused for, or told of. A few keys of each
 * have values that a person might give: a choice, one of a list's ends, the default halved or
 * doubled, a small number. One block of lines for each, which begins with its settings.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cost/component_library.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "scenario/notices.h"
#include "scenario/random_value.h"
#include "train/dataset.h"

static const char *const NETWORKS[] = {
    "[784, 10]",
    "[784, 40, 10]",
    "[784, 50, 30, 10]",
    "[conv2d: {filters: 4, kernel: 5, stride: 2}, max_pool: {kernel: 2}, dense: {units: 10}]",
    "[conv2d: {filters: 4, kernel: 3, padding: 1, activation: relu}, conv2d: {filters: 4, kernel: "
    "3, padding: 1, activation: tanh}, residual_sum: {from: 0}, avg_pool: {kernel: 4}, dense: "
    "{units: 10}]",
    "[dense: {units: 20, digital: true}, dense: {units: 10}]",
    "[dense: {units: 20, frozen: true}, dense: {units: 10, digital: true}]",
    "[dense: {units: 30, tile_rows: 100, tile_cols: 10, unit_weight_us: 16}, dense: {units: 10, "
    "unit_weight_us: 8, adc_forward_range: 8, adc_backward_range: 4}]",
    "[dense: {units: 20, frozen: true}, dense: {units: 10, frozen: true}]",
    "[max_pool: {kernel: 4}, dense: {units: 12, activation: relu, activation_scale: 4}, dense: "
    "{units: 10, rate_factor: 0.5}]"};

static const char *const FILES[] = {"dataset.train_images", "dataset.train_labels",
                                    "dataset.test_images", "dataset.test_labels"};

static uint64_t drawn; /* numbers so far */

static uint64_t draw(uint64_t count) {
    return mca_test_word(drawn++, 7) % count;
}

/* A number of a key that a person might give. */
static double number_of(const struct mca_key *key, double by_default) {
    switch (draw(7)) {
    case 0:
        return key->min;
    case 1:
        return key->max;
    case 2:
        return by_default / 2.0;
    case 3:
        return by_default * 2.0;
    case 4:
        return by_default + 1.0;
    default:
        return (double)draw(40);
    }
}

static void put_number(char *text, size_t size, const struct mca_key *key) {
    const double number = number_of(key, key->default_text ? strtod(key->default_text, NULL) : 1.0);
    const double least = number < key->min ? key->min : number;
    const double value = least > key->max ? key->max : least;
    if (key->type == MCA_KEY_F64) {
        (void)snprintf(text, size, "%.17g", value);
    } else {
        (void)snprintf(text, size, "%" PRIu64, (uint64_t)value);
    }
}

/* A value of a key; 0 where none is drawn for its kind. */
static int put_value(char *text, size_t size, const struct mca_key *key) {
    size_t choices = 0;
    switch (key->type) {
    case MCA_KEY_U32:
    case MCA_KEY_U64:
    case MCA_KEY_F64:
        put_number(text, size, key);
        return 1;
    case MCA_KEY_ENUM:
        while (key->choices[choices]) {
            ++choices;
        }
        (void)snprintf(text, size, "%s", key->choices[draw(choices)]);
        return 1;
    case MCA_KEY_F64_LIST:
        (void)snprintf(text, size, "[%" PRIu64 ", %" PRIu64 "]", 1 + draw(20), 1 + draw(20));
        return 1;
    case MCA_KEY_LAYERS:
        (void)snprintf(text, size, "%s", NETWORKS[draw(sizeof NETWORKS / sizeof NETWORKS[0])]);
        return 1;
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
        (void)snprintf(text, size, "%s", draw(3) == 0 ? "" : "some-name");
        return 1;
    case MCA_KEY_LIBRARY:
    case MCA_KEY_EXPONENT:
    case MCA_KEY_SHAPE:
    default:
        return 0;
    }
}

static void say(void *user, const char *line) {
    (void)user;
    (void)printf("  %s\n", line);
}

/* Sets a key and prints it; what is refused alone is said. */
static void set(struct mca_scenario *scenario, struct mca_scenario_origins *origins,
                const struct mca_key *key) {
    char setting[512];
    char value[400];
    struct mca_error error;
    if (!put_value(value, sizeof value, key)) {
        return;
    }
    (void)snprintf(setting, sizeof setting, "%s=%s", key->name, value);
    (void)printf("%s\n", setting);
    if (mca_scenario_set(scenario, origins, setting, "--set", &error) != MCA_OK) {
        say(NULL, error.message);
    }
}

/* Some keys of all, or some that stand near one another in the table. */
static void set_some(struct mca_scenario *scenario, struct mca_scenario_origins *origins) {
    enum { NEAR = 8 };
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    const uint64_t within = draw(2) == 0 ? count : NEAR;
    const uint64_t first = draw(count - within + 1);
    if (draw(40) == 0) { /* a set of one's own, with some of its files */
        for (int i = 0; i < 4; ++i) {
            set(scenario, origins, mca_key_find(FILES[i]));
        }
    }
    for (uint64_t k = 1 + draw(6); k > 0; --k) {
        set(scenario, origins, &keys[first + draw(within)]);
    }
}

int main(int argc, char **argv) {
    static const struct mca_dataset data = {.name = "made-up",
                                            .inputs = 784,
                                            .classes = 10,
                                            .train = {.count = 4000},
                                            .test = {.count = 1000}};
    static struct mca_scenario scenario;
    static struct mca_scenario_origins origins;
    static struct mca_component_library library;
    const struct mca_observer observer = {.notice = say};
    struct mca_error error;
    if (argc != 2 || mca_component_library_load(&library, "mca-14nm", &error) != MCA_OK) {
        return 2;
    }
    for (long i = 0; i < strtol(argv[1], NULL, 10); ++i) {
        (void)printf("%ld\n", i);
        if (mca_scenario_defaults(&scenario, &origins, &error) != MCA_OK) {
            return 1;
        }
        if (draw(2) == 0) {
            set(&scenario, &origins, mca_key_find("network.layers"));
        }
        set_some(&scenario, &origins);
        if (mca_scenario_check(&scenario, &origins, &error) != MCA_OK) {
            say(NULL, error.message);
        } else {
            mca_scenario_notices(&scenario, &origins, &data, &library, &observer);
        }
    }
    mca_component_library_deinit(&library);
    return 0;
}
