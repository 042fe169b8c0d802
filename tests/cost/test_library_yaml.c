/* Reading component libraries: texts and units; what is wrong is refused, with file and line. */
#include "cost/cost_test.h"

#include <ctype.h>

#include "cost/library_files.h"

#define REFERENCE LIBRARIES_DIR "/mca-14nm.yaml"

/* Loads `text` as a library and expects a refusal that begins with the file and the line and holds
 * `expected`; line 0: any. What is refused is not filled. */
static void refuse(const char *text, unsigned line, const char *expected) {
    char path[] = "/tmp/mca-library-XXXXXX";
    write_temporary(path, text, strlen(text));
    struct mca_component_library library = {.name = "untouched"};
    struct mca_error error = {""};
    const enum mca_status status = mca_component_library_load(&library, path, &error);
    unlink(path);
    assert_int_equal(status, MCA_INVALID);
    char place[64];
    (void)snprintf(place, sizeof place, "%s:", path);
    if (line > 0) {
        (void)snprintf(place, sizeof place, "%s:%u: ", path, line);
    }
    if (strncmp(error.message, place, strlen(place)) != 0 || !strstr(error.message, expected)) {
        fail_msg("\"%s\" should begin with \"%s\" and hold \"%s\"", error.message, place, expected);
    }
    assert_string_equal(library.name, "untouched");
}

static unsigned line_of(const char *text, const char *where) {
    unsigned line = 1;
    for (const char *c = text; c < where; ++c) {
        line += *c == '\n';
    }
    return line;
}

/* A change of the reference library: the first `old` after `anchor` becomes `new`, and the refusal
 * names the line of `old` or, where `line_at` is given, of that text in the reference. */
struct change {
    const char *old;
    const char *new;
    const char *expected;
    const char *line_at;
};

static void refuse_change(const char *anchor, const struct change *change) {
    char *text = read_text(REFERENCE);
    const char *from = strstr(text, anchor);
    assert_non_null(from);
    const char *at = strstr(from, change->old);
    if (!at) {
        fail_msg("no \"%s\" after \"%s\"", change->old, anchor);
    }
    char *changed = calloc(1, 1 << 18);
    assert_non_null(changed);
    (void)snprintf(changed, 1 << 18, "%.*s%s%s", (int)(at - text), text, change->new,
                   at + strlen(change->old));
    const char *place = change->line_at ? strstr(text, change->line_at) : at;
    assert_non_null(place);
    refuse(changed, line_of(text, place), change->expected);
    free(changed);
    free(text);
}

static void refuse_changes(const char *anchor, const struct change *changes, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        refuse_change(anchor, &changes[i]);
    }
}

#define REFUSE_CHANGES(anchor, changes)                                                            \
    refuse_changes(anchor, changes, sizeof(changes) / sizeof((changes)[0]))

static void test_library_yaml_refuses_bad_values(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"40.1", "-1", "energy.adc_cco.energy_pj: -1 is out of range; allowed: 0 .. 1e+12", NULL},
        {"40.1", "nan", "energy.adc_cco.energy_pj: nan is out of range", NULL},
        {"40.1", "1e999", "energy.adc_cco.energy_pj: 1e999 is out of range", NULL},
        {"40.1", "2e12", "2e12 is out of range", NULL}, /* two joules */
        {"40.1", "40.1 pJ", "energy.adc_cco.energy_pj: \"40.1 pJ\" is no number", NULL},
        {"40.1", "\"\"", "energy.adc_cco.energy_pj: \"\" is no number", NULL},
        {"40.1", "[40.1]", "is no number", NULL},
        {"energy_pj", "energy",
         "energy.adc_cco.energy: a value needs its unit; allowed: energy_j, energy_nj, energy_pj, "
         "energy_fj, energy_aj",
         NULL},
        {"energy_pj", "value", "energy.adc_cco.value: a value needs its unit", NULL},
        {"energy_pj", "power_w",
         "energy.adc_cco.power_w: unknown key; allowed: energy_j, energy_nj, energy_pj", NULL},
        {"node_nm: 14", "node_nm: 14, energy_fj: 4",
         "energy.adc_cco.energy_fj: a second value; one is allowed", NULL},
        {"node_nm: 14", "node: 14", "energy.adc_cco.node: unknown key", NULL},
        {"node_nm: 14", "node_nm: 14, node_nm: 14", "energy.adc_cco.node_nm: the key stands twice",
         NULL},
        {"node_nm: 14", "node_nm: 14, times: 0", "energy.adc_cco.times: 0 is out of range", NULL},
    };
    REFUSE_CHANGES("  adc_cco: {", changes);
    static const struct change power[] = {
        {"power_uw: 50", "power_kw: 50",
         "blocks.tile_control.static.power_kw: unknown key; allowed: power_w, power_mw, power_uw, "
         "power_nw, power_pw, times",
         NULL},
        {"area_um2: 53700", "area_um2: 2e12",
         "blocks.tile_control.area.area_um2: 2e12 is out of range", NULL},
        {"area_um2: 53700", "power_w: 1", "unknown key; allowed: area_um2, area_mm2, times", NULL},
    };
    REFUSE_CHANGES("  tile_control:", power);
}

static void test_library_yaml_refuses_bad_descriptions(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"uncertainty: 1.6", "uncertainty: 0.5",
         "energy.adc_cco.uncertainty: 0.5 is out of range; allowed: 1 .. 1000", NULL},
        {"kind: derived", "kind: guess",
         "energy.adc_cco.kind: \"guess\" is unknown; allowed: measured, published, derived, "
         "assumption",
         NULL},
        {"source: *hermes", "source: \"\"", "energy.adc_cco.source: a text is needed", NULL},
        {"source: *hermes", "source: \" \"", "energy.adc_cco.source: a text is needed", NULL},
        {"source: *hermes", "source: [x]", "energy.adc_cco.source: a text is needed", NULL},
        {"scaling: stillmaker-baas", "scaling: moore",
         "energy.adc_cco.scaling: \"moore\" is unknown; allowed: none, stillmaker-baas", NULL},
        {"law: levels", "law: cubic",
         "energy.adc_cco.law: \"cubic\" is unknown; allowed: linear, square, levels, sar", NULL},
        {"at_bits: 8", "at_bits: 0", "energy.adc_cco.at_bits: 0 is out of range", NULL},
        {"40.1", "0x28", "energy.adc_cco.energy_pj: \"0x28\" is no number", NULL},
        {"law: levels", "at_ps: 128000", "energy.adc_cco.at_ps: a second law; one is allowed",
         NULL},
        {"law: levels", "law: levels, at_hz: 1e9", "energy.adc_cco.at_hz: a second law", NULL},
        {"at_bits: 8, law: levels", "at_hz: 1e9, law: levels", "energy.adc_cco.law: a second law",
         NULL},
    };
    REFUSE_CHANGES("  adc_cco: {", changes);
    static const struct change causes[] = {
        {"causes: [node_scaling]", "causes: [weather]",
         "energy.adc_sar.causes: \"weather\" is unknown; allowed: node_scaling, sram_table, "
         "pcm_pulses, leakage_rules",
         NULL},
        {"causes: [node_scaling]", "causes: node_scaling",
         "energy.adc_sar.causes: a list of causes is needed", NULL},
    };
    REFUSE_CHANGES("  adc_sar: {", causes);
}

static void test_library_yaml_refuses_missing_keys(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"energy_pj: 40.1, ", "",
         "energy.adc_cco: one of energy_j, energy_nj, energy_pj, energy_fj, energy_aj is missing",
         NULL},
        {"uncertainty: 1.6, ", "", "energy.adc_cco: uncertainty is missing", NULL},
        {" node_nm: 14,", "", "energy.adc_cco: node_nm is missing", NULL},
        {" kind: derived,", "", "energy.adc_cco: kind is missing", NULL},
        {" source: *hermes,", "", "energy.adc_cco: source is missing", NULL},
        {"at_bits: 8, ", "", "energy.adc_cco: at_bits is missing", NULL},
        {" voltage_v: 0.8,", "", "energy.adc_cco: voltage_v (of a scaled figure) is missing", NULL},
        {"40.1", "0", "energy.adc_cco.energy_pj: nothing is done for nothing; allowed: above 0",
         NULL},
    };
    REFUSE_CHANGES("  adc_cco: {", changes);
    static const struct change capacity[] = {
        {"exponent: 0.6016, ", "", "energy.sram_read: exponent is missing", NULL},
        {"at_bytes: 16384, ", "", "energy.sram_read: at_bytes is missing", NULL},
    };
    REFUSE_CHANGES("  sram_read: {", capacity);
    static const struct change conversion[] = {
        {"at_ps: 77000, ", "", "blocks.adc_cco.static: at_ps (beside at_pj) is missing", NULL},
        {"at_pj: 40.1", "at_pj: 0", "blocks.adc_cco.static.at_pj: 0 is out of range", NULL},
        {"at_ps: 77000", "at_bits: 8", "blocks.adc_cco.static: at_pj is a second law", NULL},
        {"5.2, node_nm: 14, at_pj: 40.1", "5.2, node_nm: 14, scaling: stillmaker-baas, at_pj: 1",
         "blocks.adc_cco.static: voltage_v (of a scaled figure) is missing", NULL},
        {"uncertainty: 3", "uncertainty: 3, uncertainty_down: 0.1",
         "blocks.adc_cco.static.uncertainty_down: 0.1 is out of range", NULL},
    };
    REFUSE_CHANGES("  adc_cco:\n", conversion);
}

static void test_library_yaml_refuses_laws_that_do_not_apply(void **state) {
    (void)state;
    static const struct {
        const char *anchor;
        struct change change;
    } changes[] = {
        {"  sigmoid: {",
         {"{", "{at_bits: 8, ", "energy.sigmoid: the figure cannot follow the law \"linear\"",
          NULL}},
        {"  sram_read: {",
         {"at_bytes: 16384, exponent: 0.6016", "at_bits: 8",
          "energy.sram_read: the figure cannot follow the law \"linear\"", NULL}},
        {"  adc_sar: {",
         {"at_bits: 8, law: sar", "at_bytes: 8, exponent: 1",
          "energy.adc_sar: the figure cannot follow the law \"capacity\"", NULL}},
        {"  pcm_set: {",
         {"{", "{at_ps: 50000, ", "energy.pcm_set: the figure cannot follow the law \"duration\"",
          NULL}},
        {"  register_bit: {",
         {"{", "{at_hz: 1e9, ", "energy.register_bit: the figure cannot follow the law \"clock\"",
          NULL}},
        {"  tile_control:",
         {"area: {", "area: {voltage_v: 1, at_pj: 1, at_ps: 1000, ",
          "blocks.tile_control.area: the figure cannot follow the law \"conversion\"", NULL}},
        {"  tile_control:",
         {"static: {", "static: {at_hz: 1e9, ",
          "blocks.tile_control.static: the figure cannot follow the law \"clock\"", NULL}},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; ++i) {
        refuse_change(changes[i].anchor, &changes[i].change);
    }
}

/* A name may lead to any file that can be read: what is no library is not shown. */
static void test_library_yaml_does_not_show_other_files(void **state) {
    (void)state;
    refuse("password: 1\n", 1, "not a component library: none of its keys is one's");
    refuse("\nsecret: [1]\nsecret: 2\n", 2, "not a component library: none of its keys is one's");
    refuse("secret\n", 1, "component library: a mapping (key: value) is needed");
}

/* A figure has one place: its dotted name is no second way of stating it. */
static void test_library_yaml_refuses_dotted_keys(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"  sram_bit:", "  sram_bit.area:", "blocks.sram_bit.area: unknown entry", NULL}};
    REFUSE_CHANGES("  sram_bit:", changes);
}

static void test_library_yaml_never_scales_devices(void **state) {
    (void)state;
    static const struct {
        const char *anchor;
        struct change change;
    } changes[] = {
        {"  pcm_read: {", {"{", "{scaling: stillmaker-baas, ", "energy.pcm_read.scaling: ", NULL}},
        {"  pcm_set: {", {"{", "{scaling: stillmaker-baas, ", "energy.pcm_set.scaling: ", NULL}},
        {"  pcm_reset: {",
         {"{", "{scaling: stillmaker-baas, ", "energy.pcm_reset.scaling: ", NULL}},
        {"  pcm_device:",
         {"area: {", "area: {scaling: stillmaker-baas, ",
          "blocks.pcm_device.area.scaling: ", NULL}},
        {"  pcm_device:",
         {"static: {", "static: {scaling: stillmaker-baas, ",
          "blocks.pcm_device.static.scaling: ", NULL}},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; ++i) {
        char expected[128];
        (void)snprintf(expected, sizeof expected,
                       "%sphase-change devices are no CMOS and are never scaled",
                       changes[i].change.expected);
        struct change change = changes[i].change;
        change.expected = expected;
        refuse_change(changes[i].anchor, &change);
    }
}

static void test_library_yaml_refuses_scaling_out_of_range(void **state) {
    (void)state;
    static const struct change nodes[] = {
        {"node_nm: 14", "node_nm: 5", "node_nm: 5 is out of range; allowed: 7 .. 180", NULL},
        {"node_nm: 14", "node_nm: 200", "node_nm: 200 is out of range", NULL},
        {"voltage_v: 0.8", "voltage_v: 0.2", "voltage_v: 0.2 is out of range", NULL},
        {"node_nm: 14\n", "", "node_nm is missing", "name: mca-14nm"},
    };
    REFUSE_CHANGES("name: mca-14nm", nodes);
    static const struct change figures[] = {
        {"node_nm: 14", "node_nm: 250",
         "energy.adc_cco.node_nm: 250 cannot be scaled; allowed: 7 .. 180", NULL},
        {"node_nm: 14, voltage_v: 0.8", "node_nm: 180, voltage_v: 0.5",
         "energy.adc_cco: no scaling from 180 nm at 0.5 V to 14 nm at 0.8 V", NULL},
    };
    REFUSE_CHANGES("  adc_cco: {", figures);
}

static void test_library_yaml_refuses_bad_causes(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"{factor: 4,", "{factor: 0.9,",
         "causes.sram_table.factor: 0.9 is out of range; allowed: 1 ..", NULL},
        {"{factor: 4, ", "{", "causes.sram_table: factor is missing", NULL},
        {"factor_down: 1.5", "factor_down: 0.5", "causes.sram_table.factor_down: 0.5 is out of",
         NULL},
        {"note:", "notes:",
         "causes.sram_table.notes: unknown key; allowed: factor, factor_down, note", NULL},
        {"{factor: 4,", "{factor: 4} #", "causes.sram_table: note is missing", NULL},
    };
    REFUSE_CHANGES("  sram_table: {", changes);
    static const struct change twice = {
        "  pcm_pulses:", "  sram_table:", "causes.sram_table: the key stands twice", NULL};
    refuse_change("causes:", &twice);
}

/* Four causes of the base and twelve more are sixteen; one more is too many. */
static void test_library_yaml_refuses_a_seventeenth_cause(void **state) {
    (void)state;
    char text[2048] = "name: x\nabout: y\nbase: mca-14nm\ncauses:\n";
    for (int i = 0; i < 12; ++i) {
        const size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "  cause_%d: {factor: 2, note: x}\n", i);
    }
    const size_t sixteen = strlen(text);
    (void)strcat(text, "  one_more: {factor: 2, note: x}\n");
    refuse(text, 17, "causes.one_more: more than 16 causes");
    text[sixteen] = '\0';
    (void)strcat(text, "energy:\n  sigmoid: {energy_pj: 1, node_nm: 14, uncertainty: 1, "
                       "kind: measured, source: x, causes: [cause_11]}\n");
    char path[] = "/tmp/mca-library-XXXXXX";
    write_temporary(path, text, strlen(text));
    struct mca_component_library library = loaded(path);
    assert_int_equal(library.cause_count, 16);
    assert_int_equal(library.figures[MCA_ENTRY_SIGMOID].causes, 1 << 15);
    mca_component_library_deinit(&library);
    unlink(path);
}

static void test_library_yaml_refuses_unknown_and_missing_entries(void **state) {
    (void)state;
    static const struct change energies[] = {
        {"  adc_cco:", "  adc_coo:", "energy.adc_coo: unknown entry", NULL},
        {"  adc_cco:", "  adc_sar:", "energy.adc_sar: the key stands twice", "  adc_sar: {energy"},
        {"  fp32_add: {", "  #", "energy.fp32_add is missing", "  dram_read: {"},
        {"  fp32_add: {", "  fp32_add: 3 #", "energy.fp32_add: a mapping (key: value) is needed",
         NULL},
    };
    REFUSE_CHANGES("energy:", energies);
    static const struct change blocks[] = {
        {"  sigmoid_unit:", "  dpu_lane:", "blocks.dpu_lane: the key stands twice", NULL},
        {"  sigmoid_unit:", "  dpu_unit:", "blocks.dpu_unit: unknown entry", NULL},
        {"    static:", "    statics:",
         "blocks.pcm_device.statics: unknown entry; allowed: static, area", NULL},
        {"    area: {area_um2: 5,", "    #", "blocks.sample_hold.area is missing",
         "  pcm_device:\n"},
    };
    REFUSE_CHANGES("blocks:", blocks);
    static const struct change tops[] = {
        {"name:", "nam:", "nam: unknown key; allowed: name, about, base,", NULL},
        {"timing:", "timings:", "timings: unknown key", NULL},
        {"causes:", "energy:", "energy: the key stands twice", "energy:"},
        {"timing:\n  sram_access:", "sources:\n  sram_access:", "sources: the key stands twice",
         NULL},
    };
    REFUSE_CHANGES("name: mca-14nm", tops);
}

/* The colon of the next key from `at` on, outside comments and quoted texts; NULL: none is left. */
static const char *next_key(const char *at, const char *end) {
    char quote = '\0';
    for (const char *c = at; c < end; ++c) {
        if (quote) {
            quote = *c == quote ? '\0' : quote;
        } else if (*c == '"' || *c == '\'') {
            quote = *c;
        } else if (*c == '#') {
            c += strcspn(c, "\n");
        } else if (*c == ':' && (c[1] == ' ' || c[1] == '\n') && c > at) {
            return c;
        }
    }
    return NULL;
}

/* Every key of the reference library, at any depth, spelt wrong: refused at its line, by its name.
 * Sources and causes have names of the author's own. */
static void test_library_yaml_refuses_every_key_misspelt(void **state) {
    (void)state;
    char *text = read_text(REFERENCE);
    const char *end = text + strlen(text);
    char *changed = calloc(1, 1 << 18);
    assert_non_null(changed);
    const char *sources = strstr(text, "\nsources:") + strlen("\nsources:");
    const char *entries = strstr(text, "\nenergy:");
    uint32_t keys = 0;
    for (const char *colon = next_key(text, end); colon; colon = next_key(colon + 1, end)) {
        const char *begin = colon;
        while (begin > text && (isalnum((unsigned char)begin[-1]) || begin[-1] == '_')) {
            --begin;
        }
        const char *before = begin;
        while (before > text && before[-1] == ' ') {
            --before;
        }
        const int is_key = before == text || strchr("\n{,", before[-1]); /* not within a text */
        const int is_own =
            begin > sources && begin < entries && before[-1] == '\n' && before < begin;
        if (!is_key || is_own) {
            continue;
        }
        char wrong[96];
        (void)snprintf(wrong, sizeof wrong, "%.*sx: ", (int)(colon - begin), begin);
        (void)snprintf(changed, 1 << 18, "%.*sx%s", (int)(colon - text), text, colon);
        refuse(changed, line_of(text, begin), wrong);
        ++keys;
    }
    assert_true(keys > 300);
    free(changed);
    free(text);
}

static void test_library_yaml_refuses_what_is_no_library(void **state) {
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        const char *expected;
    } files[] = {
        {"", 1, "the file holds no component library"},
        {"# nothing\n", 1, "the file holds no component library"},
        {"- 1\n", 1, "component library: a mapping (key: value) is needed"},
        {"name: x\n\tabout: y\n", 2, "not valid YAML: "},
        {"name: x\n", 1, "about is missing"},
        {"name: x\nabout: y\n", 1, "node_nm is missing"},
        {"name: x\nabout: y\nnode_nm: 14\n", 1, "voltage_v is missing"},
        {"name: x\nabout: y\nnode_nm: 14\nvoltage_v: 1\n", 1, "energy.dram_read is missing"},
        {"name: x\nabout: y\nnode_nm: 14\nvoltage_v: 1\nenergy: 3\n", 5, "energy: a mapping"},
        {"name: x\n? [a]\n: 1\n", 2, "top level: a key must be plain text"},
        {"name: x\nabout: [y]\nbase: mca-14nm\n", 2, "about: a text is needed"},
        {"name: x\nabout: y\nbase: mca-14nm\nblocks:\n  sram_bit: 3\n", 5,
         "blocks.sram_bit: a mapping"},
        {"name: x\nabout: y\nbase: ''\n", 3, "base: a text is needed"},
        {"name: x\nabout: y\nbase: mca-14nm\n---\nname: z\n", 4, "a second YAML document"},
        {"name: x\nabout: y\nbase: mca-14nm\nsources: 5\n", 4, "sources: a mapping"},
        {"name: x\nabout: y\nbase: mca-14nm\nsources: {a: 1, a: 2}\n", 4,
         "sources.a: the key stands twice"},
        {"name: x\nabout: \"\\0abc\"\nbase: mca-14nm\n", 2, "about: a text is needed"},
        {"name: x\nabout: y\n# \xff\n", 3, "not a YAML text: "},
        {"name: x\nabout: y\nsources: [[[[[[[[[[[[[[[[[[\n", 3, "nested deeper than 16 levels"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) {
        refuse(files[i].text, files[i].line, files[i].expected);
    }
}

static void test_library_yaml_refuses_long_files(void **state) {
    (void)state;
    enum { SIZE = (1 << 20) + 1 };
    char *text = malloc(SIZE + 1);
    assert_non_null(text);
    memset(text, '\n', SIZE);
    text[SIZE] = '\0';
    refuse(text, 1, "longer than the 1048576 bytes that a library may be");
    text[SIZE - 1] = '\0';
    refuse(text, 1, "the file holds no component library");
    free(text);
}

/* A library that is its own base ends at a depth. */
static void test_library_yaml_refuses_many_keys(void **state) {
    (void)state;
    enum { KEYS = 100000 };
    char *text = malloc(KEYS * 8);
    assert_non_null(text);
    size_t used = (size_t)sprintf(text, "name:\n");
    for (unsigned i = 0; i < KEYS; ++i) {
        used += (size_t)sprintf(text + used, "k%x:\n", i);
    }
    refuse(text, 1, "top level: more than 256 keys");
    free(text);
}

/* What a terminal would obey is neither kept nor shown. */
static void test_library_yaml_tames_texts(void **state) {
    (void)state;
    static const char text[] =
        "name: \"\\u009b2Jx\\u202e\"\nabout: \"a\\e[31mb\"\nbase: mca-14nm\n";
    char path[] = "/tmp/mca-library-XXXXXX";
    write_temporary(path, text, strlen(text));
    struct mca_component_library library = loaded(path);
    assert_string_equal(library.name, "  2Jx   ");
    assert_string_equal(library.about, "a [31mb");
    mca_component_library_deinit(&library);
    unlink(path);
}

static void test_library_yaml_refuses_its_own_base(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-libraries-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(dir));
    write_in(dir, "self.yaml", "name: x\nabout: y\nbase: self.yaml\n", path);
    struct mca_component_library library;
    struct mca_error error = {""};
    assert_int_equal(mca_component_library_load(&library, path, &error), MCA_INVALID);
    char expected[128];
    (void)snprintf(expected, sizeof expected, "%s:3: base: more than 8 libraries", path);
    assert_int_equal(strncmp(error.message, expected, strlen(expected)), 0);
    unlink(path);
    rmdir(dir);
}

/* Eight bases on top of each other are read, nine are not. */
static void test_library_yaml_limits_the_depth(void **state) {
    (void)state;
    enum { FILES = 9 };
    char dir[] = "/tmp/mca-libraries-XXXXXX";
    char paths[FILES][64];
    assert_non_null(mkdtemp(dir));
    for (int i = 0; i < FILES; ++i) {
        char name[16];
        char text[64];
        (void)snprintf(name, sizeof name, "%d.yaml", i);
        char base[16] = "mca-14nm";
        if (i > 0) {
            (void)snprintf(base, sizeof base, "%d.yaml", i - 1);
        }
        (void)snprintf(text, sizeof text, "name: x\nabout: y\nbase: %s\n", base);
        write_in(dir, name, text, paths[i]);
    }
    struct mca_component_library library = loaded(paths[7]);
    mca_component_library_deinit(&library);
    struct mca_error error = {""};
    assert_int_equal(mca_component_library_load(&library, paths[8], &error), MCA_INVALID);
    assert_non_null(strstr(error.message, "0.yaml:3: base: more than 8 libraries"));
    for (int i = 0; i < FILES; ++i) {
        unlink(paths[i]);
    }
    rmdir(dir);
}

/* Figures are brought to the node of the library that is loaded, not to its bases': a base whose
 * own node is out of reach is refused alone, and serves. */
static void test_library_yaml_scales_for_the_top_alone(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-libraries-XXXXXX";
    char upper[64];
    char lower[64];
    assert_non_null(mkdtemp(dir));
    write_in(dir, "lower.yaml", "name: x\nabout: y\nbase: mca-14nm\nnode_nm: 180\nvoltage_v: 0.5\n",
             lower);
    write_in(dir, "upper.yaml",
             "name: x\nabout: y\nbase: lower.yaml\nnode_nm: 14\nvoltage_v: 0.8\n", upper);
    struct mca_component_library library;
    struct mca_error error = {""};
    assert_int_equal(mca_component_library_load(&library, lower, &error), MCA_INVALID);
    assert_non_null(strstr(error.message, "to 180 nm at 0.5 V"));
    struct mca_component_library reference = loaded("mca-14nm");
    library = loaded(upper);
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        assert_true(library.figures[f].value == reference.figures[f].value);
    }
    mca_component_library_deinit(&library);
    mca_component_library_deinit(&reference);
    unlink(upper);
    unlink(lower);
    rmdir(dir);
}

/* An error of the base names the base's file; a base that is not there is the system's error. */
static void test_library_yaml_blames_the_base(void **state) {
    (void)state;
    char dir[] = "/tmp/mca-libraries-XXXXXX";
    char upper[64];
    char lower[64];
    assert_non_null(mkdtemp(dir));
    write_in(dir, "upper.yaml", "name: x\nabout: y\nbase: lower.yaml\n", upper);
    (void)snprintf(lower, sizeof lower, "%s/lower.yaml", dir);
    struct mca_component_library library;
    struct mca_error error = {""};
    assert_int_equal(mca_component_library_load(&library, upper, &error), MCA_SYSTEM);
    assert_int_equal(strncmp(error.message, lower, strlen(lower)), 0);
    write_in(dir, "lower.yaml", "name: x\nabout: y\nbase: mca-14nm\nnode_nm: 5\n", lower);
    assert_int_equal(mca_component_library_load(&library, upper, &error), MCA_INVALID);
    char expected[128];
    (void)snprintf(expected, sizeof expected, "%s:4: node_nm: 5 is out of range", lower);
    assert_int_equal(strncmp(error.message, expected, strlen(expected)), 0);
    assert_int_equal(mca_component_library_load(&library, upper, NULL), MCA_INVALID);
    unlink(upper);
    unlink(lower);
    rmdir(dir);
}

/* Texts are one line, whatever they were in the file; values have their unit's size. */
static void test_library_yaml_reads_texts_and_units(void **state) {
    (void)state;
    static const char figure[] = "node_nm: 14, uncertainty: 2, kind: published, source: x}";
    char text[1024];
    (void)snprintf(text, sizeof text,
                   "name: x\nabout: |\n  two\n  lines\n\nbase: mca-14nm\nenergy:\n"
                   "  dram_read: {energy_nj: 3, %s\n  sigmoid: {energy_aj: 5, %s\n"
                   "  fp32_add: {energy_j: 7e-13, times: 0.5, %s\nblocks:\n  sram_bit:\n"
                   "    static: {power_pw: 11, %s\n    area: {area_mm2: 13e-8, %s\n"
                   "  tile_control:\n    static: {power_mw: 2, %s\n"
                   "timing:\n  sram_access: {time_ps: 17, %s\n",
                   figure, figure, figure, figure, figure, figure, figure);
    char path[] = "/tmp/mca-library-XXXXXX";
    write_temporary(path, text, strlen(text));
    struct mca_component_library library = loaded(path);
    unlink(path);
    assert_string_equal(library.about, "two lines");
    assert_close(library.figures[MCA_ENTRY_DRAM_READ].value, 3e-9);
    assert_close(library.figures[MCA_ENTRY_SIGMOID].value, 5e-18);
    assert_close(library.figures[MCA_ENTRY_FP32_ADD].value, 3.5e-13);
    assert_close(library.figures[mca_figure_static(MCA_PART_SRAM_BIT)].value, 11e-12);
    assert_close(library.figures[mca_figure_area(MCA_PART_SRAM_BIT)].value, 0.13);
    assert_close(library.figures[mca_figure_static(MCA_PART_TILE_CONTROL)].value, 2e-3);
    assert_close(library.figures[MCA_FIGURE_SRAM_ACCESS].value, 17e-12);
    mca_component_library_deinit(&library);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_library_yaml_reads_texts_and_units),
        cmocka_unit_test(test_library_yaml_refuses_bad_values),
        cmocka_unit_test(test_library_yaml_refuses_bad_descriptions),
        cmocka_unit_test(test_library_yaml_refuses_missing_keys),
        cmocka_unit_test(test_library_yaml_refuses_laws_that_do_not_apply),
        cmocka_unit_test(test_library_yaml_does_not_show_other_files),
        cmocka_unit_test(test_library_yaml_refuses_dotted_keys),
        cmocka_unit_test(test_library_yaml_never_scales_devices),
        cmocka_unit_test(test_library_yaml_refuses_scaling_out_of_range),
        cmocka_unit_test(test_library_yaml_refuses_bad_causes),
        cmocka_unit_test(test_library_yaml_refuses_a_seventeenth_cause),
        cmocka_unit_test(test_library_yaml_refuses_unknown_and_missing_entries),
        cmocka_unit_test(test_library_yaml_refuses_every_key_misspelt),
        cmocka_unit_test(test_library_yaml_refuses_what_is_no_library),
        cmocka_unit_test(test_library_yaml_refuses_long_files),
        cmocka_unit_test(test_library_yaml_refuses_many_keys),
        cmocka_unit_test(test_library_yaml_tames_texts),
        cmocka_unit_test(test_library_yaml_refuses_its_own_base),
        cmocka_unit_test(test_library_yaml_limits_the_depth),
        cmocka_unit_test(test_library_yaml_scales_for_the_top_alone),
        cmocka_unit_test(test_library_yaml_blames_the_base),
    };
    return cmocka_run_group_tests(tests, forget_components_dir, NULL);
}
