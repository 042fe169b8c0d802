/* Loading: values arrive, and every kind of bad content is refused with its exact message. */
#include "mca_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "scenario/load.h"

struct fixture {
    struct mca_scenario scenario;
    struct mca_scenario_origins origins;
    struct mca_error error;
    char directory[64];
};

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (!f) {
        return -1;
    }
    (void)snprintf(f->directory, sizeof f->directory, "/tmp/mca_load_XXXXXX");
    *state = f;
    return mkdtemp(f->directory) ? 0 : -1;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    static const char *const names[] = {"a.yaml", "b.yaml", "c.yaml", "big.yaml"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        (void)snprintf(path, sizeof path, "%s/%s", f->directory, names[i]);
        (void)unlink(path);
    }
    for (int i = 0; i < 20; ++i) {
        (void)snprintf(path, sizeof path, "%s/n%d.yaml", f->directory, i);
        (void)unlink(path);
    }
    const int status = rmdir(f->directory);
    free(f);
    return status;
}

static const char *write_file(struct fixture *f, const char *name, const char *text) {
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", f->directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static enum mca_status load(struct fixture *f, const char *text) {
    return mca_scenario_load_text(&f->scenario, &f->origins, "x.yaml", text, strlen(text),
                                  &f->error);
}

static void test_load_takes_every_type(void **state) {
    struct fixture *f = *state;
    assert_int_equal(load(f, "seed: 42\n"
                             "network:\n  layers: [9, 8, 7, 6]\n"
                             "train: {epochs: 3, shuffle: false, learning_rate: .5}\n"
                             "device:\n  model: 'linear'\n"
                             "adc:\n  forward_range:\n    - 8\n    - 2.5e-1\n"
                             "report:\n  name: \"my-run\"\n"),
                     MCA_OK);
    assert_int_equal(f->scenario.chip.seed, 42);
    assert_int_equal(f->scenario.chip.network.layer_count, 3);
    assert_int_equal(f->scenario.chip.network.layers[2].units, 6);
    assert_int_equal(f->scenario.train.epochs, 3);
    assert_int_equal(f->scenario.train.shuffle, 0);
    assert_near(f->scenario.train.learning_rate, 0.5, 0);
    assert_int_equal(f->scenario.chip.device.model, MCA_DEVICE_LINEAR);
    assert_int_equal(f->scenario.chip.adc.forward_range.count, 2);
    assert_near(f->scenario.chip.adc.forward_range.values[1], 0.25, 0);
    assert_string_equal(f->scenario.report.name, "my-run");
    char place[64];
    mca_origin_place(&f->origins, mca_key_find("adc.forward_range"), place, sizeof place);
    assert_string_equal(place, "x.yaml:9");
    mca_origin_place(&f->origins, mca_key_find("chi.bits"), place, sizeof place);
    assert_string_equal(place, "default");
}

static void test_load_empty_texts_are_the_defaults(void **state) {
    struct fixture *f = *state;
    static const char *const texts[] = {"", "\n", "# nothing\n", "---\n", "{}", "train:\n"};
    struct mca_scenario defaults;
    assert_int_equal(mca_scenario_defaults(&defaults, NULL, NULL), MCA_OK);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        assert_int_equal(load(f, texts[i]), MCA_OK);
        assert_string_equal(f->scenario.report.name, "x");
        memset(f->scenario.report.name, 0, sizeof f->scenario.report.name);
        assert_memory_equal(&f->scenario, &defaults, sizeof defaults);
    }
}

static void test_load_messages_name_line_key_value_and_range(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"\n\nchi:\n  bits: 40\n", "x.yaml:4: chi.bits: 40 is out of range 8..32"},
        {"train:\n  learning_rate: 0\n",
         "x.yaml:2: train.learning_rate: 0 is out of range >0..1000"},
        {"train:\n  learning_rate: .nan\n",
         "x.yaml:2: train.learning_rate: '.nan' is not a number; allowed: >0..1000"},
        {"train:\n  learning_rate: 1e999\n",
         "x.yaml:2: train.learning_rate: 1e999 is out of range >0..1000"},
        {"train: {epochs: many}\n",
         "x.yaml:1: train.epochs: 'many' is not a whole number; allowed: 0..10000"},
        {"train: {epochs: 3 x}\n",
         "x.yaml:1: train.epochs: '3 x' is not a whole number; allowed: 0..10000"},
        {"train: {epochs: \"3\"}\n",
         "x.yaml:1: train.epochs: '3' is not a whole number; allowed: 0..10000"},
        {"train: {epochs: -3}\n", "x.yaml:1: train.epochs: -3 is out of range 0..10000"},
        {"train:\n  epochs:\n",
         "x.yaml:2: train.epochs: no value; a whole number 0..10000 is needed"},
        {"train:\n  epochs: [3]\n",
         "x.yaml:2: train.epochs: a list; a whole number 0..10000 is needed"},
        {"train:\n  epochs: {a: 3}\n", "x.yaml:2: train.epochs: a mapping; a value is needed"},
        {"train:\n  epochs: !!int 3\n", "x.yaml:2: train.epochs: YAML tags are not allowed"},
        {"seed: 4503599627370496\n",
         "x.yaml:1: seed: 4503599627370496 is out of range 0..4503599627370495"},
        {"network:\n  layers: 784\n", "x.yaml:2: network.layers: '784' is not a list of widths or "
                                      "layers; write [A, B], each 1..1000000"},
        {"network:\n  layers: [784]\n", "x.yaml:2: network.layers: list of 1 elements; 2..16 "
                                        "widths, or 1..32 layers with their kinds, are allowed"},
        {"network:\n  layers: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]\n",
         "x.yaml:2: network.layers: list of 17 elements; 2..16 widths, or 1..32 layers with their "
         "kinds, are allowed"},
        {"network:\n  layers: [784, 0, 10]\n",
         "x.yaml:2: network.layers: element 2: 0 is out of range 1..1000000"},
        {"network:\n  layers: [784, [2], 10]\n",
         "x.yaml:2: network.layers: an element that is not a plain value"},
        {"device:\n  model: pcm\n", "x.yaml:2: device.model: 'pcm' is not one of pcm-jap18, "
                                    "linear, ideal; did you mean pcm-jap18?"},
        {"train:\n  shuffle: yes\n",
         "x.yaml:2: train.shuffle: 'yes' is not one of false, true; did you mean true?"},
        {"chi:\n  bit: 12\n", "x.yaml:2: chi.bit: unknown key; did you mean chi.bits?"},
        {"chii:\n  bits: 12\n", "x.yaml:1: chii: unknown key; did you mean chi?"},
        {"epochs: 12\n", "x.yaml:1: epochs: unknown key; did you mean train.epochs?"},
        {"unheard: 12\n", "x.yaml:1: unheard: unknown key; 'mcasim keys' lists all"},
        {"chi.bits: 12\n", "x.yaml:1: chi.bits: in a file, write bits: indented below chi:"},
        {"chi: 12\n", "x.yaml:1: chi: not a mapping; write its keys indented below it"},
        {"chi:\n  bits: 12\nchi:\n  ports: 1\n", "x.yaml:3: chi: given twice; first in line 1"},
        {"chi:\n  bits: 12\n  bits: 13\n", "x.yaml:3: chi.bits: given twice; first in line 2"},
        {"- chi\n", "x.yaml:1: not a mapping of scenario keys"},
        {"text\n", "x.yaml:1: not a mapping of scenario keys"},
        {"[1, 2]: 3\n", "x.yaml:1: a key that is not a name"},
        {"seed: 1\n---\nseed: 2\n", "x.yaml:2: a second YAML document; only one is allowed"},
        {"a: *b\n", "x.yaml:1: not valid YAML: found undefined alias"},
        {"report:\n  name: \"a\\nb\"\n",
         "x.yaml:2: report.name: text with control characters; none are allowed"},
        {"report:\n  name: \"a\\0b\"\n",
         "x.yaml:2: report.name: text with control characters; none are allowed"},
        {"base: [a]\n", "x.yaml:1: base: not the path of a scenario file"},
        {"base: ''\n", "x.yaml:1: base: not the path of a scenario file"},
        {"\"a\\0b\": 1\n", "x.yaml:1: a key with a zero byte"},
        {"ageing:\n  ages_s: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]\n",
         "x.yaml:2: ageing.ages_s: list of 17 elements; 0..16 are allowed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_int_equal(load(f, cases[i].text), MCA_INVALID);
        assert_string_equal(f->error.message, cases[i].message);
    }
}

/* A text fills its room but for the zero behind it. */
static void test_load_refuses_long_texts(void **state) {
    struct fixture *f = *state;
    enum { MOST = (int)sizeof f->scenario.report.name - 1 };
    char text[2 * MOST];
    char wanted[128];
    for (int length = MOST; length <= MOST + 1; ++length) {
        (void)snprintf(text, sizeof text, "report: {name: %0*d}\n", length, 1);
        assert_int_equal(load(f, text), length == MOST ? MCA_OK : MCA_INVALID);
    }
    (void)snprintf(wanted, sizeof wanted,
                   "x.yaml:1: report.name: text of %d bytes; at most %d are allowed", MOST + 1,
                   MOST);
    assert_string_equal(f->error.message, wanted);
}

static void test_load_refuses_damaged_text(void **state) {
    struct fixture *f = *state;
    assert_int_equal(load(f, "seed: 1\nchi: {bits: 3\n"), MCA_INVALID);
    assert_non_null(strstr(f->error.message, "not valid YAML"));
    assert_int_equal(mca_scenario_load_text(&f->scenario, &f->origins, "x.yaml",
                                            "seed: 1\n\x01\xff\x00", 11, &f->error),
                     MCA_INVALID);
    assert_string_equal(f->error.message,
                        "x.yaml:2: not a YAML text: control characters are not allowed (byte 8)");
    assert_int_equal(
        mca_scenario_load_text(&f->scenario, &f->origins, "x.yaml", "\n\x01", 2, &f->error),
        MCA_INVALID);
    assert_string_equal(f->error.message,
                        "x.yaml:2: not a YAML text: control characters are not allowed (byte 1)");
    /* deep nesting ends in a message, not on the stack */
    static char deep[200001];
    memset(deep, '[', sizeof deep - 1);
    assert_int_equal(load(f, deep), MCA_INVALID);
}

static void test_load_aliases_stand_for_values(void **state) {
    struct fixture *f = *state;
    assert_int_equal(load(f, "tile: &t {rows: &n 64, cols: *n}\n"), MCA_OK);
    assert_int_equal(f->scenario.chip.tile.cols, 64);
    /* an alias to the mapping it stands in is caught by its type */
    assert_int_equal(load(f, "tile: &t {rows: *t}\n"), MCA_INVALID);
}

static void test_load_base_is_overlaid(void **state) {
    struct fixture *f = *state;
    (void)write_file(f, "a.yaml", "chi: {bits: 20}\ntrain: {epochs: 7, batch: 2}\n");
    (void)write_file(f, "b.yaml", "base: a.yaml\ntrain: {epochs: 8, test_every: 2}\n");
    const char *path = write_file(f, "c.yaml", "train: {epochs: 9}\nbase: b.yaml\n");
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_OK);
    assert_int_equal(f->scenario.chip.chi.bits, 20);
    assert_int_equal(f->scenario.train.epochs, 9);
    assert_int_equal(f->scenario.train.test_every, 2);
    assert_int_equal(f->scenario.train.batch, 2);
    assert_string_equal(f->scenario.report.name, "c");
    char place[256];
    char wanted[256];
    mca_origin_place(&f->origins, mca_key_find("chi.bits"), place, sizeof place);
    (void)snprintf(wanted, sizeof wanted, "%s/a.yaml:1", f->directory);
    assert_string_equal(place, wanted);
}

/* A base may lead to any file that can be read: what is no scenario is not shown. */
static void test_load_base_does_not_show_other_files(void **state) {
    struct fixture *f = *state;
    static const char *const texts[] = {"password: secret\n", "secret:\n  - x\nsecret: again\n",
                                        "{secret: 1, more: 2}\n", "secret\n", "secret: x: y\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        (void)write_file(f, "a.yaml", texts[i]);
        const char *path = write_file(f, "b.yaml", "base: a.yaml\n");
        assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error),
                         MCA_INVALID);
        assert_null(strstr(f->error.message, "secret"));
        assert_null(strstr(f->error.message, "password"));
    }
    (void)write_file(f, "a.yaml", texts[0]);
    const char *path = write_file(f, "b.yaml", "base: a.yaml\n");
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_INVALID);
    char wanted[256];
    (void)snprintf(wanted, sizeof wanted, "%s/a.yaml:1: not a scenario: none of its keys is one's",
                   f->directory);
    assert_string_equal(f->error.message, wanted);
    /* a slip in a scenario is still told by name */
    (void)write_file(f, "a.yaml", "seed: 1\nchii: {bits: 3}\n");
    path = write_file(f, "b.yaml", "base: a.yaml\n");
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_INVALID);
    assert_non_null(strstr(f->error.message, "chii: unknown key; did you mean chi?"));
}

/* As many keys as a file can hold: each is compared with few others. */
static void test_load_looks_at_many_keys(void **state) {
    struct fixture *f = *state;
    enum { KEYS = 130000 };
    char *text = malloc((size_t)KEYS * 8 + 64);
    assert_non_null(text);
    size_t used = 0;
    for (int i = 0; i < KEYS; ++i) {
        used += (size_t)sprintf(text + used, "%x:\n", i + 0x1000);
    }
    (void)sprintf(text + used, "%x:\n", 0x1001);
    assert_int_equal(load(f, text), MCA_INVALID);
    assert_string_equal(f->error.message, "x.yaml:130001: 1001: given twice; first in line 2");
    free(text);
}

static void test_load_base_circles_and_depth_are_refused(void **state) {
    struct fixture *f = *state;
    char wanted[512];
    (void)write_file(f, "a.yaml", "seed: 1\nbase: b.yaml\n");
    const char *path = write_file(f, "b.yaml", "base: a.yaml\n");
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_INVALID);
    (void)snprintf(wanted, sizeof wanted, "%s/a.yaml:2: base: %s/b.yaml is its own base: a circle",
                   f->directory, f->directory);
    assert_string_equal(f->error.message, wanted);
    for (int i = 0; i < 9; ++i) {
        char name[16];
        char text[32];
        (void)snprintf(name, sizeof name, "n%d.yaml", i);
        (void)snprintf(text, sizeof text, i < 8 ? "base: n%d.yaml\n" : "seed: %d\n", i + 1);
        (void)write_file(f, name, text);
    }
    char first[128];
    (void)snprintf(first, sizeof first, "%s/n1.yaml", f->directory); /* 8 files */
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, first, &f->error), MCA_OK);
    assert_int_equal(f->scenario.chip.seed, 9);
    (void)snprintf(first, sizeof first, "%s/n0.yaml", f->directory); /* 9 files */
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, first, &f->error), MCA_INVALID);
    assert_non_null(strstr(f->error.message, "more than 8 files in a chain of bases"));
}

static void test_load_missing_files_are_the_systems(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, "/nowhere/x.yaml", &f->error),
                     MCA_SYSTEM);
    assert_string_equal(f->error.message, "cannot open /nowhere/x.yaml: No such file or directory");
    const char *path = write_file(f, "a.yaml", "base: none.yaml\n");
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_SYSTEM);
    char wanted[512];
    (void)snprintf(wanted, sizeof wanted,
                   "%s/a.yaml:1: base: %s/none.yaml: No such file or directory", f->directory,
                   f->directory);
    assert_string_equal(f->error.message, wanted);
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, f->directory, &f->error),
                     MCA_SYSTEM);
}

static void test_load_refuses_large_files(void **state) {
    struct fixture *f = *state;
    char *text = malloc((1 << 20) + 2);
    assert_non_null(text);
    memset(text, '#', (1 << 20) + 1);
    text[1 << 20] = '\0'; /* exactly the largest size */
    const char *path = write_file(f, "big.yaml", text);
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_OK);
    text[1 << 20] = '#';
    text[(1 << 20) + 1] = '\0';
    path = write_file(f, "big.yaml", text);
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_INVALID);
    assert_non_null(strstr(f->error.message, "larger than 1048576 bytes"));
    free(text);
}

static void test_load_paths_count_from_their_file(void **state) {
    struct fixture *f = *state;
    (void)write_file(f, "a.yaml",
                     "dataset:\n  train_images: d/images.gz\n  test_images: /abs\n"
                     "cost: {library: my.yaml}\n");
    const char *path = write_file(f, "b.yaml", "base: a.yaml\n");
    assert_int_equal(mca_scenario_load(&f->scenario, &f->origins, path, &f->error), MCA_OK);
    char wanted[256];
    (void)snprintf(wanted, sizeof wanted, "%s/d/images.gz", f->directory);
    assert_string_equal(f->scenario.dataset.train_images, wanted);
    assert_string_equal(f->scenario.dataset.test_images, "/abs");
    (void)snprintf(wanted, sizeof wanted, "%s/my.yaml", f->directory);
    assert_string_equal(f->scenario.cost.library, wanted);
    assert_int_equal(
        mca_scenario_set(&f->scenario, &f->origins, "cost.library=mca-7nm", "--set", &f->error),
        MCA_OK);
    assert_string_equal(f->scenario.cost.library, "mca-7nm");
    assert_int_equal(/* no name of a file without one */
                     mca_scenario_set(&f->scenario, &f->origins, "cost.library=.yaml", "--set",
                                      &f->error),
                     MCA_OK);
    assert_string_equal(f->scenario.cost.library, ".yaml");
    char cwd[128];
    assert_non_null(getcwd(cwd, sizeof cwd));
    assert_int_equal(
        mca_scenario_set(&f->scenario, &f->origins, "dataset.test_labels=l.gz", "--set", &f->error),
        MCA_OK);
    (void)snprintf(wanted, sizeof wanted, "%s/l.gz", cwd);
    assert_string_equal(f->scenario.dataset.test_labels, wanted);
}

/* A path with its directory before it fills its room but for the zero behind it. */
static void test_load_refuses_long_paths(void **state) {
    struct fixture *f = *state;
    enum { ROOM = (int)sizeof f->scenario.cost.library };
    static char text[2 * ROOM];
    const int before = (int)strlen(f->directory) + 1;
    for (int length = ROOM - 1; length <= ROOM; ++length) {
        (void)snprintf(text, sizeof text, "cost: {library: d/%0*d}\n", length - before - 2, 7);
        const char *path = write_file(f, "a.yaml", text);
        const enum mca_status status =
            mca_scenario_load(&f->scenario, &f->origins, path, &f->error);
        assert_int_equal(status, length < ROOM ? MCA_OK : MCA_INVALID);
        if (length < ROOM) {
            assert_int_equal(strlen(f->scenario.cost.library), length);
        }
    }
    assert_non_null(strstr(f->error.message, "/a.yaml:1: cost.library: path too long"));
}

static void test_load_set_overrides_and_refuses(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *assignment;
        const char *message;
    } cases[] = {
        {"chi.bits=40", "--set: chi.bits: 40 is out of range 8..32"},
        {"chi.bit=12", "--set: chi.bit: unknown key; did you mean chi.bits?"},
        {"cho.bits=12",
         "--set: cho.bits: unknown key; did you mean chi.bits?"}, /* not the first bits */
        {"chi.bits", "--set: 'chi.bits' is not of the form KEY=VALUE"},
        {"=1", "--set: '=1' is not of the form KEY=VALUE"},
        {"chi.bits=", "--set: chi.bits: no value; a whole number 8..32 is needed"},
        {"chi.bits={a: 1}", "--set: chi.bits: a mapping; a value is needed"},
        {"chi=12", "--set: chi: a section, not a key; its keys are chi.KEY"},
        {"network.layers=784", "--set: network.layers: '784' is not a list of widths or layers; "
                               "write [A, B], each 1..1000000"},
    };
    assert_int_equal(load(f, "chi: {bits: 20}\n"), MCA_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_int_equal(
            mca_scenario_set(&f->scenario, &f->origins, cases[i].assignment, "--set", &f->error),
            MCA_INVALID);
        assert_string_equal(f->error.message, cases[i].message);
    }
    assert_int_equal(f->scenario.chip.chi.bits, 20);
    assert_int_equal(mca_scenario_set(&f->scenario, &f->origins, "chi.bits=24", "--set", &f->error),
                     MCA_OK);
    assert_int_equal(f->scenario.chip.chi.bits, 24);
    assert_int_equal(
        mca_scenario_set(&f->scenario, &f->origins, "network.layers=[4, 5, 6]", "--set", &f->error),
        MCA_OK);
    assert_int_equal(f->scenario.chip.network.layers[0].units, 5);
}

static void test_load_name_follows_the_file(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *path;
        const char *name;
    } cases[] = {{"a/b/study.yaml", "study"},
                 {"study.v2.yml", "study.v2"},
                 {".hidden.yaml", "-hidden"},
                 {"with space.yaml", "with-space"},
                 {"/dev/fd/63", "63"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_int_equal(
            mca_scenario_load_text(&f->scenario, &f->origins, cases[i].path, "", 0, &f->error),
            MCA_OK);
        assert_string_equal(f->scenario.report.name, cases[i].name);
    }
}

/* A node of 28 nm is half as fast as one of 14 nm; what was given is kept as it was given, so that
 * written out and read again it is not scaled twice. Pulses take what devices need. */
static void test_load_brings_times_to_the_node(void **state) {
    struct fixture *f = *state;
    const struct mca_chip_config *chip = &f->scenario.chip;
    assert_int_equal(load(f, "timing: {node_nm: 28, adc_conversion_ps: 833}\n"), MCA_OK);
    assert_int_equal(f->scenario.given.adc_conversion_ps, 833);
    assert_int_equal(chip->timing.adc_conversion_ps, 1666);
    assert_int_equal(chip->dpu.clock_hz, 500000000);
    assert_int_equal(chip->timing.image_load_ps_per_byte, 200);
    assert_int_equal(chip->timing.dac_load_ps, 2000);
    assert_int_equal(chip->timing.read_ps_per_level, 1000);
    assert_int_equal(chip->timing.read_settle_ps, 4000);
    assert_int_equal(chip->timing.set_pulse_ps, 60000);
    assert_int_equal(chip->timing.reset_pulse_ps, 60000);
    assert_int_equal(
        mca_scenario_set(&f->scenario, &f->origins, "dpu.clock_hz=800000000", "--set", &f->error),
        MCA_OK);
    assert_int_equal(chip->dpu.clock_hz, 400000000);
    assert_int_equal(chip->timing.adc_conversion_ps, 1666);
    assert_int_equal(
        mca_scenario_set(&f->scenario, &f->origins, "timing.node_nm=7", "--set", &f->error),
        MCA_OK);
    assert_int_equal(chip->dpu.clock_hz, 1600000000);
    assert_int_equal(chip->timing.adc_conversion_ps, 416); /* 416.5 to even */
    assert_int_equal(
        mca_scenario_set(&f->scenario, &f->origins, "timing.node_nm=5", "--set", &f->error),
        MCA_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_load_takes_every_type, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_empty_texts_are_the_defaults, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_messages_name_line_key_value_and_range, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_load_refuses_long_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_refuses_damaged_text, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_aliases_stand_for_values, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_base_is_overlaid, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_base_does_not_show_other_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_looks_at_many_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_base_circles_and_depth_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_load_missing_files_are_the_systems, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_refuses_large_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_paths_count_from_their_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_refuses_long_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_set_overrides_and_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_name_follows_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load_brings_times_to_the_node, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
