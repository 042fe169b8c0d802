/* The key table: whole, consistent, and the reference chip by default. */
#include "mca_test.h"

#include "base/suggest.h"
#include "mca_fixture.h"
#include "scenario/idle.h"
#include "scenario/key_value.h"
#include "scenario/keys.h"
#include "scenario/load.h"
#include "scenario/value_text.h"

static size_t size_of_type(enum mca_key_type type) {
    switch (type) {
    case MCA_KEY_U32:
        return sizeof(uint32_t);
    case MCA_KEY_U64:
        return sizeof(uint64_t);
    case MCA_KEY_F64:
        return sizeof(double);
    case MCA_KEY_ENUM:
        return sizeof(unsigned);
    case MCA_KEY_EXPONENT:
        return sizeof(int32_t);
    case MCA_KEY_SHAPE:
        return sizeof(struct mca_shape);
    case MCA_KEY_LAYERS:
        return MCA_NETWORK_LAYERS_SIZE;
    case MCA_KEY_F64_LIST:
        return sizeof(struct mca_f64_list);
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
    case MCA_KEY_LIBRARY:
    default:
        return 0;
    }
}

static void test_keys_fields_have_the_size_of_their_type(void **state) {
    (void)state;
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        const size_t size = size_of_type(keys[i].type);
        assert_true(size ? keys[i].size == size : keys[i].size >= MCA_NAME_SIZE);
        assert_true(keys[i].offset + keys[i].size <= sizeof(struct mca_scenario));
        assert_int_equal(keys[i].choices != NULL, keys[i].type == MCA_KEY_ENUM);
        assert_true(strlen(keys[i].name) < MCA_KEY_NAME_SIZE);
        assert_true(strlen(keys[i].meaning) > 0 && !strchr(keys[i].meaning, '\n'));
        assert_null(strchr(keys[i].meaning, '|')); /* would split a cell of the page */
    }
}

/* Every byte of a scenario but padding belongs to one key: no field is out of reach, none has two.
 * What is found from training images is nobody's to say. */
static void test_keys_cover_every_field_once(void **state) {
    (void)state;
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    static unsigned char owners[sizeof(struct mca_scenario)];
    for (size_t i = 0; i < count; ++i) {
        for (size_t byte = 0; byte < keys[i].size; ++byte) {
            assert_int_equal(owners[keys[i].offset + byte]++, 0);
        }
    }
    memset(owners + offsetof(struct mca_scenario, chip.network.found), 1,
           sizeof(((struct mca_scenario *)0)->chip.network.found));
    memset(owners + offsetof(struct mca_scenario, chip.weights.is_given), 1,
           sizeof(((struct mca_scenario *)0)->chip.weights.is_given));
    memset(owners + offsetof(struct mca_scenario, chip.chi.engine_free), 1,
           sizeof(((struct mca_scenario *)0)->chip.chi.engine_free)); /* by timing.free_dpu */
    memset(owners + offsetof(struct mca_scenario, dataset.bright_values), 1,
           sizeof(((struct mca_scenario *)0)->dataset.bright_values)); /* the network's */
    memset(owners + offsetof(struct mca_scenario, dataset.bright_classes), 1,
           sizeof(((struct mca_scenario *)0)->dataset.bright_classes));
    /* clock and times at timing.node_nm, of those that are given */
    static const struct {
        size_t offset;
        size_t size;
    } scaled[] = {
#define SCALED(field)                                                                              \
    {offsetof(struct mca_scenario, chip.field), sizeof(((struct mca_scenario *)0)->chip.field)}
        SCALED(dpu.clock_hz),          SCALED(timing.image_load_ps_per_byte),
        SCALED(timing.dac_load_ps),    SCALED(timing.read_ps_per_level),
        SCALED(timing.read_settle_ps), SCALED(timing.adc_conversion_ps)};
    for (size_t i = 0; i < sizeof scaled / sizeof scaled[0]; ++i) {
        memset(owners + scaled[i].offset, 1, scaled[i].size);
    }
    size_t gap = 0;
    for (size_t byte = 0; byte < sizeof owners; ++byte) {
        gap = owners[byte] ? 0 : gap + 1;
        assert_true(gap < sizeof(uint32_t) || (byte + 1) % sizeof(uint64_t) == 0);
        assert_true(gap <= sizeof(uint32_t));
    }
}

static void test_keys_sections_stand_together(void **state) {
    (void)state;
    static const char *const wanted[] = {
        "",        "network", "train", "ageing", "calibration", "dataset", "device",       "tile",
        "dac",     "adc",     "dpu",   "chi",    "transfer",    "refresh", "interconnect", "timing",
        "weights", "cost",    "report"};
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    size_t section = 0;
    for (size_t i = 0; i < count; ++i) {
        const size_t length = mca_key_section_length(&keys[i]);
        if (length != strlen(wanted[section]) || strncmp(keys[i].name, wanted[section], length)) {
            ++section;
            assert_true(section < sizeof wanted / sizeof wanted[0]);
            assert_int_equal(length, strlen(wanted[section]));
            assert_memory_equal(keys[i].name, wanted[section], length);
        }
    }
    assert_int_equal(section + 1, sizeof wanted / sizeof wanted[0]);
}

static void test_keys_contract_names_exist(void **state) {
    (void)state;
    static const char *const names[] = {"seed",
                                        "network.layers",
                                        "train.epochs",
                                        "train.images",
                                        "train.batch",
                                        "train.test_images",
                                        "train.test_every",
                                        "train.loss",
                                        "dataset.name",
                                        "train.learning_rate",
                                        "device.model",
                                        "device.read_noise",
                                        "tile.rows",
                                        "train.validation_images",
                                        "tile.cols",
                                        "dac.bits",
                                        "adc.bits",
                                        "adc.share",
                                        "dpu.arithmetic",
                                        "dpu.lanes",
                                        "dpu.clock_hz",
                                        "dpu.rounding",
                                        "chi.bits",
                                        "chi.frac_bits",
                                        "cost.library",
                                        "transfer.epsilon_us",
                                        "refresh.every_images"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        assert_non_null(mca_key_find(names[i]));
    }
    assert_null(mca_key_find("chi.bit"));
    assert_null(mca_key_find("chi"));
}

/* The fixture writes the reference chip down a second time, field by field. */
static void test_keys_defaults_are_the_reference_chip(void **state) {
    (void)state;
    struct mca_scenario scenario;
    assert_int_equal(mca_scenario_defaults(&scenario, NULL, NULL), MCA_OK);
    const struct mca_u32_list layers = {3, {784, 250, 10}};
    struct mca_scenario wanted = {.chip = mca_fixture_chip(&layers)};
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        char got_text[MCA_VALUE_TEXT_SIZE];
        char wanted_text[MCA_VALUE_TEXT_SIZE];
        if (keys[i].offset < sizeof wanted.chip) {
            mca_key_format(&keys[i], &scenario, got_text, sizeof got_text);
            mca_key_format(&keys[i], &wanted, wanted_text, sizeof wanted_text);
            assert_string_equal(got_text, wanted_text);
        }
    }
    assert_int_equal(scenario.train.epochs, 25);
    assert_int_equal(scenario.train.batch, 1);
    assert_int_equal(scenario.train.shuffle, 1);
    assert_near(scenario.train.learning_rate, 0.05, 0);
    assert_near(scenario.train.learning_rate_decay, 0.9, 0);
    assert_int_equal(scenario.dataset.name, MCA_DATASET_AUTO);
    assert_int_equal(scenario.dataset.synthetic_train, 12000);
    assert_int_equal(scenario.dataset.synthetic_test, 2000);
    assert_string_equal(scenario.cost.library, "mca-14nm");
}

static enum mca_status store(const char *name, const char *text, struct mca_scenario *scenario,
                             struct mca_error *error) {
    const struct mca_key *key = mca_key_find(name);
    const struct mca_value value = {0, 1, {{text, strlen(text), 1}}};
    return mca_key_store(key, &value, scenario, error);
}

/* The bounds of every number, written down a second time: what a scenario may say is a contract. */
enum low_end { FROM, ABOVE };

static const struct {
    const char *name;
    double low;
    double high;
    enum low_end low_end;
} BOUNDS[] = {
    {"seed", 0, 4503599627370495, FROM},
    {"network.init_gain", 0, 100, FROM},
    {"train.epochs", 0, 10000, FROM},
    {"train.images", 0, 1e9, FROM},
    {"train.test_images", 0, 1e9, FROM},
    {"train.test_every", 1, 10000, FROM},
    {"train.first_test", 0, 1e9, FROM},
    {"train.validation_images", 0, 1e9, FROM},
    {"train.batch", 1, 65536, FROM},
    {"train.learning_rate", 0, 1000, ABOVE},
    {"train.learning_rate_decay", 0, 1, ABOVE},
    {"train.augment_shift", 0, 1023, FROM},
    {"calibration.images", 1, 1e6, FROM},
    {"calibration.percentile", 0, 100, ABOVE},
    {"dataset.range_low", -1e30, 1e30, FROM},
    {"dataset.range_high", -1e30, 1e30, FROM},
    {"dataset.synthetic_train", 1, 1e6, FROM},
    {"dataset.synthetic_test", 1, 1e6, FROM},
    {"dataset.synthetic_seed", 0, 4503599627370495, FROM},
    {"device.gmin_us", 0, 1000, FROM},
    {"device.gmax_us", 0, 1000, ABOVE},
    {"device.mean_slope", -10, 10, FROM},
    {"device.mean_offset_us", -100, 100, FROM},
    {"device.mean_history_us", -100, 100, FROM},
    {"device.mean_decay_pulses", 0, 1e6, ABOVE},
    {"device.std_slope", -10, 10, FROM},
    {"device.std_offset_us", 0, 100, FROM},
    {"device.std_history_us", 0, 100, FROM},
    {"device.std_decay_pulses", 0, 1e6, ABOVE},
    {"device.linear_step_us", 0, 1000, ABOVE},
    {"device.linear_std_us", 0, 1000, FROM},
    {"device.reset_mean_us", 0, 1000, FROM},
    {"device.reset_std_us", 0, 1000, FROM},
    {"device.read_noise", 0, 1000, FROM},
    {"device.read_noise_slope", 0, 10, FROM},
    {"device.read_noise_offset_us", 0, 1000, FROM},
    {"device.step_spread", 0, 1, FROM},
    {"device.gmax_spread", 0, 1, FROM},
    {"device.endurance_pulses", 1, 1e12, FROM},
    {"device.endurance_spread", 0, 2, FROM},
    {"device.drift_nu", 0, 1, FROM},
    {"device.drift_nu_std", 0, 1, FROM},
    {"device.drift_t0_s", 0, 1e9, ABOVE},
    {"device.drift_training_t0_s", 1e-9, 1e9, FROM},
    {"device.flicker_noise", 0, 1000, FROM},
    {"ageing.seeds", 1, 1000, FROM},
    {"tile.rows", 2, 4096, FROM},
    {"tile.cols", 2, 4096, FROM},
    {"tile.unit_weight_us", 1e-06, 1000, FROM},
    {"dac.bits", 0, 12, FROM},
    {"dac.share", 1, 4096, FROM},
    {"adc.bits", 0, 16, FROM},
    {"adc.share", 1, 4096, FROM},
    {"adc.backward_share", 0, 4096, FROM},
    {"adc.stuck_low_mask", 0, 65535, FROM},
    {"dpu.activation_bits", 8, 16, FROM},
    {"dpu.error_bits", 8, 16, FROM},
    {"dpu.lanes", 1, 256, FROM},
    {"dpu.clock_hz", 1e6, 1e10, FROM},
    {"chi.bits", 8, 32, FROM},
    {"chi.frac_bits", 0, 30, FROM},
    {"chi.ports", 1, 2, FROM},
    {"chi.banks", 1, 1024, FROM},
    {"chi.access_cycles", 0, 1000, FROM},
    {"transfer.epsilon_us", 0, 1000, FROM},
    {"transfer.max_pulses", 1, 255, FROM},
    {"transfer.drivers", 1, 4096, FROM},
    {"transfer.fifo_depth", 1, 65536, FROM},
    {"refresh.every_images", 0, 1e9, FROM},
    {"refresh.every_pulses", 0, 1e15, FROM},
    {"refresh.high_us", 0, 1000, FROM},
    {"refresh.difference_us", 0, 1000, FROM},
    {"refresh.max_pulses", 1, 15, FROM},
    {"interconnect.bits", 1, 4096, FROM},
    {"timing.image_load_ps_per_byte", 0, 1e6, FROM},
    {"timing.dac_load_ps", 0, 1e9, FROM},
    {"timing.read_ps_per_level", 0, 1e6, FROM},
    {"timing.read_settle_ps", 0, 1e9, FROM},
    {"timing.adc_conversion_ps", 0, 1e9, FROM},
    {"timing.node_nm", 7, 180, FROM},
    {"timing.set_pulse_ps", 0, 1e9, FROM},
    {"timing.reset_pulse_ps", 0, 1e9, FROM},
    {"weights.percentile", 0, 100, ABOVE},
    {"weights.largest_us", 0, 1000, FROM},
    {"weights.tolerance_us", 0, 1000, FROM},
    {"weights.max_pulses", 1, 100000, FROM},
    {"weights.reads", 1, 1000, FROM},
    {"cost.sram_macro_bytes", 256, 16777216, FROM},
    {"cost.weight_macro_bytes", 0, 16777216, FROM},
    {"cost.clock_residual", 0, 1, FROM},
    {"cost.sleep_residual", 0, 1, FROM},
};

/* Both bounds of every number are allowed (or refused, where the bound is open), the values just
 * outside are refused. */
static void test_keys_bounds_are_sharp(void **state) {
    (void)state;
    struct mca_scenario scenario = {0};
    struct mca_error error;
    size_t count;
    size_t numbers = 0;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        numbers += keys[i].type == MCA_KEY_U32 || keys[i].type == MCA_KEY_U64 ||
                   keys[i].type == MCA_KEY_F64;
    }
    assert_int_equal(numbers, sizeof BOUNDS / sizeof BOUNDS[0]); /* none is left out */
    for (size_t i = 0; i < numbers; ++i) {
        const char *name = BOUNDS[i].name;
        const double low = BOUNDS[i].low;
        const double high = BOUNDS[i].high;
        const struct mca_key *key = mca_key_find(name);
        assert_non_null(key);
        const int whole = key->type != MCA_KEY_F64;
        char text[64];
        (void)snprintf(text, sizeof text, "%.17g", low);
        assert_int_equal(store(name, text, &scenario, &error),
                         BOUNDS[i].low_end == ABOVE ? MCA_INVALID : MCA_OK);
        (void)snprintf(text, sizeof text, "%.17g",
                       whole ? low + 1 : nextafter(low, (double)INFINITY));
        assert_int_equal(store(name, text, &scenario, &error), MCA_OK);
        (void)snprintf(text, sizeof text, "%.17g", high);
        assert_int_equal(store(name, text, &scenario, &error), MCA_OK);
        (void)snprintf(text, sizeof text, "%.17g",
                       whole ? high + 1 : nextafter(high, (double)INFINITY));
        assert_int_equal(store(name, text, &scenario, &error), MCA_INVALID);
        (void)snprintf(text, sizeof text, "%.17g",
                       whole ? low - 1 : nextafter(low, -(double)INFINITY));
        assert_int_equal(store(name, text, &scenario, &error), MCA_INVALID);
    }
}

static void test_keys_refuse_what_is_no_number(void **state) {
    (void)state;
    static const char *const texts[] = {"",     "~",    "nan", ".nan", "inf",     "-.inf",
                                        ".inf", "1e",   "e5",  ".",    "-",       "0x",
                                        "12x",  "1 2",  "1,5", "--1",  "1e400",   "0x1p3",
                                        "1e+",  "true", "0b1", "1_0",  "infinity"};
    struct mca_scenario scenario = {0};
    struct mca_error error;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        assert_int_equal(store("train.learning_rate", texts[i], &scenario, &error), MCA_INVALID);
        assert_int_equal(store("chi.bits", texts[i], &scenario, &error), MCA_INVALID);
        assert_int_equal(store("dpu.clock_hz", texts[i], &scenario, &error), MCA_INVALID);
    }
    assert_int_equal(store("chi.bits", "16.5", &scenario, &error), MCA_INVALID);
    assert_string_equal(error.message, "'16.5' is not a whole number; allowed: 8..32");
    assert_int_equal(store("chi.bits", "016", &scenario, &error), MCA_INVALID);
    assert_int_equal(store("chi.bits", "18446744073709551632", &scenario, &error), MCA_INVALID);
    assert_string_equal(error.message, "18446744073709551632 is out of range 8..32");
    assert_int_equal(store("dpu.clock_hz", "1e9", &scenario, &error), MCA_OK);
    assert_int_equal(scenario.given.clock_hz, 1000000000u);
    assert_int_equal(store("adc.stuck_low_mask", "0x1F", &scenario, &error), MCA_OK);
    assert_int_equal(scenario.chip.adc.stuck_low_mask, 31);
}

static void test_keys_suggest_what_was_meant(void **state) {
    (void)state;
    static const struct {
        const char *written;
        const char *meant;
    } cases[] = {
        {"chi.bit", "chi.bits"},
        {"train.learnin_rate", "train.learning_rate"},
        {"trian", "train"},
        {"sed", "seed"},
        {"epochs", "train.epochs"},
        {"network.epochs", "train.epochs"},
        {"cho.bits", "chi.bits"},                   /* not the first bits */
        {"tilerows", "tile.rows"},                  /* the dot is missing */
        {"tile-rows", "tile.rows"},                 /* another mark */
        {"Tile.Rows", "tile.rows"},                 /* capitals */
        {"bits", "dac.bits, adc.bits or chi.bits"}, /* several, in their order */
        {"lr", "train.learning_rate"},              /* another tool's word */
        {"optimizer.batch_size", "train.batch"},    /* in a section of its own */
        {"adc.resolution", "adc.bits"},             /* in the right section */
        {"kernel", "network.layers.LAYER.kernel"},  /* of layers */
        {"chi.banks_", "chi.banks"},
        {"refresh.every", "refresh.every_images or refresh.every_pulses"}, /* a beginning */
        {"chi.", "chi.bits, chi.frac_bits or chi.ports"}, /* not the section that stands there */
        {"seed.", "seed"},
        {"devic", "device, device.model or device.gmin_us"}, /* a section, or a key within it */
        {"completely.different", ""},
        {"", ""},
    };
    struct mca_suggestions found;
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        mca_key_suggest(cases[i].written, &found);
        assert_string_equal(mca_suggestions_text(&found, "", "", text), cases[i].meant);
    }
}

static void test_keys_take_truth_values_of_yaml_1_2(void **state) {
    (void)state;
    static const char *const yes[] = {"true", "True", "TRUE"};
    static const char *const no[] = {"false", "False", "FALSE"};
    static const char *const others[] = {"tRUE", "yes", "on", "1", "y", "t"};
    struct mca_scenario scenario = {0};
    struct mca_error error;
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(store("train.shuffle", yes[i], &scenario, &error), MCA_OK);
        assert_int_equal(scenario.train.shuffle, 1);
        assert_int_equal(store("train.shuffle", no[i], &scenario, &error), MCA_OK);
        assert_int_equal(scenario.train.shuffle, 0);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        assert_int_equal(store("train.shuffle", others[i], &scenario, &error), MCA_INVALID);
    }
    assert_int_equal(store("train.shuffle", "yes", &scenario, &error), MCA_INVALID);
    assert_string_equal(error.message, "'yes' is not one of false, true; did you mean true?");
    /* a choice that is no truth value keeps its letters */
    assert_int_equal(store("dpu.arithmetic", "Fixed", &scenario, &error), MCA_INVALID);
    assert_string_equal(error.message, "'Fixed' is not one of fixed, float; did you mean fixed?");
}

/* Table 3-7 of the Unicode standard: the ends of each of its rows, and what lies beside them. */
static void test_keys_take_well_formed_text(void **state) {
    (void)state;
    static const char *const taken[] = {
        " ",
        "~",
        "\xc2\xa0",
        "\xdf\xbf",
        "\xe0\xa0\x80",
        "\xe1\x80\x80",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf1\x80\x80\x80",
        "\xf4\x8f\xbf\xbf",
        "a\xf4\x8f\xbf\xbf\xdf\xbfz",
    };
    static const char *const refused[] = {
        "\x1f",
        "\x7f",
        "\xc2\x80",
        "\xc2\x9f",
        "\x80",
        "\xbf",
        "\x81\x80\x80\x80",
        "\xbf\xbf\xbf\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc3\x7f",
        "\xc3\xc0",
        "\xe0\x9f\xbf",
        "\xe1\x80",
        "\xe1\x80\x7f",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xf1\x80\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff\x80\x80\x80",
        "a\xff",
    };
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; ++i) {
        assert_true(mca_text_is_printable(taken[i], strlen(taken[i])));
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; ++i) {
        assert_false(mca_text_is_printable(refused[i], strlen(refused[i])));
    }
}

static void test_keys_show_the_list_that_is_meant(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *message;
    } cases[] = {
        {"adc.forward_range", "16",
         "'16' is not a list of numbers; write [16], each >1e-06..1000000"},
        {"adc.forward_range", "wide",
         "'wide' is not a list of numbers; write [A, B], each >1e-06..1000000"},
        {"network.layers", "784,250,10",
         "'784,250,10' is not a list of widths or layers; write [784,250,10], each 1..1000000"},
        {"network.layers", "784",
         "'784' is not a list of widths or layers; write [A, B], each 1..1000000"},
    };
    struct mca_scenario scenario = {0};
    struct mca_error error;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_int_equal(store(cases[i].name, cases[i].text, &scenario, &error), MCA_INVALID);
        assert_string_equal(error.message, cases[i].message);
    }
}

static void test_keys_short_floats_read_back(void **state) {
    (void)state;
    static const double values[] = {0.1,  1.0 / 3.0,           5e-324, 1.7976931348623157e308, 38.6,
                                    2.15, 0.30000000000000004, 1e9};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        char text[32];
        mca_format_f64(values[i], text);
        const double back = strtod(text, NULL);
        assert_memory_equal(&back, &values[i], sizeof back);
    }
    char text[32];
    mca_format_f64(0.1, text);
    assert_string_equal(text, "0.1");
}

/* Notices take a value that is written like the default for one that was not asked for. */
static void test_keys_defaults_are_written_as_values_are(void **state) {
    (void)state;
    struct mca_scenario scenario;
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    assert_int_equal(mca_scenario_defaults(&scenario, NULL, NULL), MCA_OK);
    for (size_t i = 0; i < count; ++i) {
        char text[MCA_VALUE_TEXT_SIZE];
        if (keys[i].idle != MCA_IDLE_USED) {
            mca_key_format(&keys[i], &scenario, text, sizeof text);
            assert_string_equal(text, keys[i].default_text);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_fields_have_the_size_of_their_type),
        cmocka_unit_test(test_keys_cover_every_field_once),
        cmocka_unit_test(test_keys_sections_stand_together),
        cmocka_unit_test(test_keys_contract_names_exist),
        cmocka_unit_test(test_keys_defaults_are_the_reference_chip),
        cmocka_unit_test(test_keys_defaults_are_written_as_values_are),
        cmocka_unit_test(test_keys_bounds_are_sharp),
        cmocka_unit_test(test_keys_refuse_what_is_no_number),
        cmocka_unit_test(test_keys_suggest_what_was_meant),
        cmocka_unit_test(test_keys_take_truth_values_of_yaml_1_2),
        cmocka_unit_test(test_keys_take_well_formed_text),
        cmocka_unit_test(test_keys_show_the_list_that_is_meant),
        cmocka_unit_test(test_keys_short_floats_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
