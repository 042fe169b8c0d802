#include "cost/library_yaml.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml_input.h"
#include "cost/library_keys.h"

enum { WHERE_SIZE = 160, MAPPING_KEYS_MAX = 256 };

const struct mca_library_unit mca_library_units[] = {
    {"energy_j", MCA_QUANTITY_ENERGY, 1.0},   {"energy_nj", MCA_QUANTITY_ENERGY, 1e9},
    {"energy_pj", MCA_QUANTITY_ENERGY, 1e12}, {"energy_fj", MCA_QUANTITY_ENERGY, 1e15},
    {"energy_aj", MCA_QUANTITY_ENERGY, 1e18}, {"power_w", MCA_QUANTITY_POWER, 1.0},
    {"power_mw", MCA_QUANTITY_POWER, 1e3},    {"power_uw", MCA_QUANTITY_POWER, 1e6},
    {"power_nw", MCA_QUANTITY_POWER, 1e9},    {"power_pw", MCA_QUANTITY_POWER, 1e12},
    {"area_um2", MCA_QUANTITY_AREA, 1.0},     {"area_mm2", MCA_QUANTITY_AREA, 1e-6},
    {"time_ns", MCA_QUANTITY_TIME, 1e9},      {"time_ps", MCA_QUANTITY_TIME, 1e12},
    {NULL, MCA_QUANTITY_ENERGY, 0.0}};

double mca_library_most(enum mca_quantity quantity) {
    static const double most[] = {[MCA_QUANTITY_ENERGY] = 1.0,
                                  [MCA_QUANTITY_POWER] = 1e3,
                                  [MCA_QUANTITY_AREA] = 1e12,
                                  [MCA_QUANTITY_TIME] = 1.0};
    return most[quantity];
}

const char *const mca_library_scalings[] = {"none", "stillmaker-baas", NULL};
const char *const mca_library_bits_laws[] = {"linear", "square", "levels", "sar", NULL};

static const char *const UNIT_CHOICES[] = {
    [MCA_QUANTITY_ENERGY] = "energy_j, energy_nj, energy_pj, energy_fj, energy_aj",
    [MCA_QUANTITY_POWER] = "power_w, power_mw, power_uw, power_nw, power_pw",
    [MCA_QUANTITY_AREA] = "area_um2, area_mm2",
    [MCA_QUANTITY_TIME] = "time_ns, time_ps",
};

enum mca_status mca__yaml_fault(const struct mca__library_reader *reader, const yaml_node_t *node,
                                const char *format, ...) {
    char reason[MCA_ERROR_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s", reader->path, mca_yaml_line(node),
                    reason);
}

static const char *scalar_text(const yaml_node_t *node) {
    return (const char *)node->data.scalar.value;
}

const char *mca__yaml_key(const struct mca__library_reader *reader, const yaml_node_pair_t *pair) {
    const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
    return key->type == YAML_SCALAR_NODE ? scalar_text(key) : "?";
}

/* "energy." + "adc" and so on. */
static const char *joined(char *buffer, const char *where, const char *key) {
    (void)snprintf(buffer, WHERE_SIZE, "%s%s%.64s", where, *where ? "." : "", key);
    return buffer;
}

enum mca_status mca__yaml_check_mapping(const struct mca__library_reader *reader,
                                        const yaml_node_t *node, const char *where) {
    if (node->type != YAML_MAPPING_NODE) {
        return mca__yaml_fault(reader, node, "%s: a mapping (key: value) is needed",
                               *where ? where : "component library");
    }
    if (node->data.mapping.pairs.top - node->data.mapping.pairs.start > MAPPING_KEYS_MAX) {
        return mca__yaml_fault(reader, node, "%s: more than %d keys", *where ? where : "top level",
                               MAPPING_KEYS_MAX);
    }
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        const yaml_node_t *key = yaml_document_get_node(reader->document, p->key);
        if (key->type != YAML_SCALAR_NODE || strlen(scalar_text(key)) != key->data.scalar.length) {
            return mca__yaml_fault(reader, key, "%s: a key must be plain text",
                                   *where ? where : "top level");
        }
    }
    const yaml_node_t *again;
    const yaml_node_t *first;
    MCA_TRY(mca_yaml_find_duplicate(reader->document, node, &again, &first, reader->error));
    if (again) {
        char place[WHERE_SIZE];
        return mca__yaml_fault(reader, again, "%s: the key stands twice",
                               joined(place, where, scalar_text(again)));
    }
    return MCA_OK;
}

yaml_node_t *mca__yaml_find(const struct mca__library_reader *reader, const yaml_node_t *mapping,
                            const char *key) {
    for (const yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
         p < mapping->data.mapping.pairs.top; ++p) {
        if (strcmp(mca__yaml_key(reader, p), key) == 0) {
            return yaml_document_get_node(reader->document, p->value);
        }
    }
    return NULL;
}

enum mca_status mca__yaml_text(const struct mca__library_reader *reader, const yaml_node_t *node,
                               const char *where, const char **text) {
    if (node->type != YAML_SCALAR_NODE || strlen(scalar_text(node)) != node->data.scalar.length ||
        strspn(scalar_text(node), " \t\n") == node->data.scalar.length) {
        return mca__yaml_fault(reader, node, "%s: a text is needed", where);
    }
    char *copy = mca_arena_alloc(&reader->library->arena, node->data.scalar.length + 1, 1);
    if (!copy) {
        return mca_fail_memory(reader->error, "component library");
    }
    memcpy(copy, scalar_text(node), node->data.scalar.length);
    for (size_t i = node->data.scalar.length; i > 0 && copy[i - 1] == '\n'; --i) {
        copy[i - 1] = '\0'; /* a folded text ends in a newline */
    }
    mca_text_tame(copy, ' ');
    *text = copy;
    return MCA_OK;
}

enum mca_status mca__yaml_number(const struct mca__library_reader *reader, const yaml_node_t *node,
                                 const char *where, double low, double high, double *number) {
    const char *text = node->type == YAML_SCALAR_NODE ? scalar_text(node) : "";
    char *end = NULL;
    const double value = strtod(text, &end);
    const int hexadecimal = strpbrk(text, "xX") != NULL;
    if (*text == '\0' || *end != '\0' || hexadecimal || strlen(text) != node->data.scalar.length) {
        return mca__yaml_fault(reader, node, "%s: \"%.64s\" is no number", where, text);
    }
    if (!isfinite(value) || value < low || value > high) {
        return mca__yaml_fault(reader, node, "%s: %.64s is out of range; allowed: %g .. %g", where,
                               text, low, high);
    }
    *number = value;
    return MCA_OK;
}

static enum mca_status read_value(const struct mca__library_reader *reader, const yaml_node_t *node,
                                  const char *where, const struct mca_library_unit *unit,
                                  struct mca_figure *figure) {
    double value;
    MCA_TRY(mca__yaml_number(reader, node, where, 0.0,
                             mca_library_most(unit->quantity) * unit->per_si, &value));
    figure->published = value / unit->per_si + 0.0; /* no negative zero */
    if (figure->published == 0.0 &&
        (unit->quantity == MCA_QUANTITY_ENERGY || unit->quantity == MCA_QUANTITY_TIME)) {
        return mca__yaml_fault(reader, node, "%s: nothing is done for nothing; allowed: above 0",
                               where);
    }
    return MCA_OK;
}

/* Which of `names` a text is. */
static enum mca_status read_choice(const struct mca__library_reader *reader,
                                   const yaml_node_t *node, const char *where,
                                   const char *const *names, int *choice) {
    const char *text = node->type == YAML_SCALAR_NODE ? scalar_text(node) : "";
    char allowed[WHERE_SIZE] = "";
    for (int i = 0; names[i]; ++i) {
        if (strcmp(text, names[i]) == 0) {
            *choice = i;
            return MCA_OK;
        }
        mca_text_add(allowed, sizeof allowed, "%s%s", i ? ", " : "", names[i]);
    }
    return mca__yaml_fault(reader, node, "%s: \"%.64s\" is unknown; allowed: %s", where, text,
                           allowed);
}

static const struct mca_library_unit *find_unit(const char *key, enum mca_quantity quantity) {
    for (const struct mca_library_unit *unit = mca_library_units; unit->key; ++unit) {
        if (unit->quantity == quantity && strcmp(unit->key, key) == 0) {
            return unit;
        }
    }
    return NULL;
}

static enum mca_status unknown_key(const struct mca__library_reader *reader,
                                   const yaml_node_t *node, const char *place, const char *key,
                                   enum mca_quantity quantity) {
    if (strcmp(key, "energy") == 0 || strcmp(key, "power") == 0 || strcmp(key, "area") == 0 ||
        strcmp(key, "time") == 0 || strcmp(key, "value") == 0) {
        return mca__yaml_fault(reader, node, "%s: a value needs its unit; allowed: %s", place,
                               UNIT_CHOICES[quantity]);
    }
    return mca__yaml_fault(
        reader, node,
        "%s: unknown key; allowed: %s, times, node_nm, voltage_v, scaling, "
        "source, uncertainty, uncertainty_down, causes, kind, note, at_bits, law, at_bytes, "
        "exponent, at_ps, at_hz, at_pj",
        place, UNIT_CHOICES[quantity]);
}

static enum mca_status read_causes(const struct mca__library_reader *reader,
                                   const yaml_node_t *node, const char *where,
                                   struct mca_figure *figure) {
    if (node->type != YAML_SEQUENCE_NODE) {
        return mca__yaml_fault(reader, node, "%s: a list of causes is needed", where);
    }
    const char *names[MCA_CAUSES_MAX + 1] = {NULL};
    for (uint32_t i = 0; i < reader->library->cause_count; ++i) {
        names[i] = reader->library->causes[i].name;
    }
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; ++item) {
        int cause = 0;
        MCA_TRY(read_choice(reader, yaml_document_get_node(reader->document, *item), where, names,
                            &cause));
        figure->causes |= (uint32_t)1 << cause;
    }
    return MCA_OK;
}

static enum mca_status read_scaling(const struct mca__library_reader *reader,
                                    const yaml_node_t *node, const char *where, uint32_t index,
                                    struct mca_figure *figure) {
    MCA_TRY(read_choice(reader, node, where, mca_library_scalings, &figure->scaled));
    if (figure->scaled && !mca_library_scales(index)) {
        return mca__yaml_fault(reader, node,
                               "%s: phase-change devices are no CMOS and are never scaled", where);
    }
    return MCA_OK;
}

static enum mca_status second_law(const struct mca__library_reader *reader, const yaml_node_t *node,
                                  const char *where) {
    return mca__yaml_fault(reader, node, "%s: a second law; one is allowed", where);
}

static enum mca_status read_bits_law(const struct mca__library_reader *reader,
                                     const yaml_node_t *node, const char *where,
                                     struct mca_figure *figure) {
    int choice = 0;
    if (figure->law > MCA_LAW_BITS_SAR) {
        return second_law(reader, node, where);
    }
    MCA_TRY(read_choice(reader, node, where, mca_library_bits_laws, &choice));
    figure->law = (enum mca_law)((int)MCA_LAW_BITS_LINEAR + choice);
    return MCA_OK;
}

static enum mca_status read_kind(const struct mca__library_reader *reader, const yaml_node_t *node,
                                 const char *where, struct mca_figure *figure) {
    const char *kinds[MCA_FIGURE_KIND_COUNT + 1] = {NULL};
    int kind = 0;
    for (int k = 0; k < MCA_FIGURE_KIND_COUNT; ++k) {
        kinds[k] = mca_figure_kind_name((enum mca_figure_kind)k);
    }
    MCA_TRY(read_choice(reader, node, where, kinds, &kind));
    figure->kind = (enum mca_figure_kind)kind;
    return MCA_OK;
}

const struct mca_library_number mca_library_numbers[] = {
    {"times", offsetof(struct mca_figure, times), 1e-9, 1e9, MCA_LAW_FIXED,
     "factor on the value: 1/64 for a bit of a 64-bit word"},
    {"node_nm", offsetof(struct mca_figure, node_nm), 1.0, 1e4, MCA_LAW_FIXED,
     "technology node of the value, nm"},
    {"voltage_v", offsetof(struct mca_figure, voltage_v), 0.01, 100.0, MCA_LAW_FIXED,
     "its supply, V"},
    {"uncertainty", offsetof(struct mca_figure, uncertainty), 1.0, 1000.0, MCA_LAW_FIXED,
     "the value may be so many times more, and less"},
    {"uncertainty_down", offsetof(struct mca_figure, uncertainty_down), 1.0, 1000.0, MCA_LAW_FIXED,
     "less, where that is another factor"},
    {"exponent", offsetof(struct mca_figure, exponent), 0.0, 2.0, MCA_LAW_FIXED,
     "of the law of capacity: (bytes / at_bytes)^exponent"},
    {"at_pj", offsetof(struct mca_figure, at_energy_j), 1e-6, 1e6, MCA_LAW_FIXED,
     "energy of the conversions for which the value was stated, pJ"},
    {"at_bits", offsetof(struct mca_figure, at), 1.0, 64.0, MCA_LAW_BITS_LINEAR,
     "width for which the value was stated"},
    {"at_bytes", offsetof(struct mca_figure, at), 1.0, 1e9, MCA_LAW_BYTES,
     "capacity of the memory for which the value was stated"},
    {"at_ps", offsetof(struct mca_figure, at), 1.0, 1e12, MCA_LAW_DURATION,
     "pulse or conversion for which the value was stated, ps"},
    {"at_hz", offsetof(struct mca_figure, at), 1.0, 1e12, MCA_LAW_CLOCK,
     "clock for which the value was stated, Hz"},
    {NULL, 0, 0.0, 0.0, MCA_LAW_FIXED, NULL}};

static enum mca_status read_number(const struct mca__library_reader *reader,
                                   const yaml_node_t *node, const char *where,
                                   const struct mca_library_number *number,
                                   struct mca_figure *figure) {
    if (number->law != MCA_LAW_FIXED) {
        const int is_bits = number->law == MCA_LAW_BITS_LINEAR; /* `law` may have said more */
        if (!isnan(figure->at) || (!is_bits && figure->law != MCA_LAW_FIXED)) {
            return second_law(reader, node, where);
        }
        figure->law = figure->law == MCA_LAW_FIXED ? number->law : figure->law;
    }
    return mca__yaml_number(reader, node, where, number->low, number->high,
                            (void *)((char *)figure + number->offset));
}

/* Any key but that of the value; `*known` is 0 where there is none of that name. */
static enum mca_status read_plain(const struct mca__library_reader *reader, const char *key,
                                  const yaml_node_t *node, const char *where, uint32_t index,
                                  struct mca_figure *figure, int *known) {
    *known = 1;
    for (const struct mca_library_number *number = mca_library_numbers; number->key; ++number) {
        if (strcmp(key, number->key) == 0) {
            return read_number(reader, node, where, number, figure);
        }
    }
    if (strcmp(key, "source") == 0 || strcmp(key, "note") == 0) {
        return mca__yaml_text(reader, node, where, *key == 's' ? &figure->source : &figure->note);
    }
    if (strcmp(key, "causes") == 0) {
        return read_causes(reader, node, where, figure);
    }
    if (strcmp(key, "scaling") == 0) {
        return read_scaling(reader, node, where, index, figure);
    }
    if (strcmp(key, "kind") == 0) {
        return read_kind(reader, node, where, figure);
    }
    *known = strcmp(key, "law") == 0;
    return *known ? read_bits_law(reader, node, where, figure) : MCA_OK;
}

static enum mca_status read_key(const struct mca__library_reader *reader,
                                const yaml_node_pair_t *pair, const char *where, uint32_t index,
                                struct mca_figure *figure) {
    const char *key = mca__yaml_key(reader, pair);
    const yaml_node_t *node = yaml_document_get_node(reader->document, pair->value);
    const enum mca_quantity quantity = mca_figure_quantity(index);
    const struct mca_library_unit *unit = find_unit(key, quantity);
    char place[WHERE_SIZE];
    joined(place, where, key);
    if (unit && isnan(figure->published)) {
        return read_value(reader, node, place, unit, figure);
    }
    if (unit) {
        return mca__yaml_fault(reader, node, "%s: a second value; one is allowed", place);
    }
    int known = 0;
    MCA_TRY(read_plain(reader, key, node, place, index, figure, &known));
    return known ? MCA_OK
                 : unknown_key(reader, yaml_document_get_node(reader->document, pair->key), place,
                               key, quantity);
}

/* What chip/components.def says of figures, and what follows from it. */
enum trait { WIDTH = 1, CAPACITY = 2, PULSE = 4, CLOCK = 8, CONVERSION = 16, NO_CMOS = 32 };

static unsigned traits_of(uint32_t index) {
    static const unsigned traits[MCA_FIGURE_COUNT] = {
#define MCA_ENTRY(NAME, name, action, traits) (traits),
#define CONVERSION_OF(ENTRY) (MCA_ENTRY_##ENTRY != MCA_ENTRY_COUNT ? CONVERSION : 0)
#define MCA_PART(NAME, name, traits, ENTRY)                                                        \
    (traits) | CONVERSION_OF(ENTRY), ((traits) & ~CLOCK) | CONVERSION_OF(ENTRY),
#include "chip/components.def"
        CAPACITY};
    return traits[index];
}

int mca_library_scales(uint32_t index) {
    return !(traits_of(index) & NO_CMOS);
}

/* What a figure must follow, to follow a law. */
static int law_applies(uint32_t index, enum mca_law law) {
    static const unsigned needs[] = {
        [MCA_LAW_BITS_LINEAR] = WIDTH, [MCA_LAW_BITS_SQUARE] = WIDTH,
        [MCA_LAW_BITS_LEVELS] = WIDTH, [MCA_LAW_BITS_SAR] = WIDTH,
        [MCA_LAW_BYTES] = CAPACITY,    [MCA_LAW_DURATION] = PULSE,
        [MCA_LAW_CLOCK] = CLOCK,       [MCA_LAW_CONVERSION] = CONVERSION};
    return law == MCA_LAW_FIXED || (traits_of(index) & needs[law]) != 0;
}

static const char *missing_key(const struct mca_figure *figure, enum mca_quantity quantity) {
    const int needs_supply =
        figure->scaled && (quantity == MCA_QUANTITY_ENERGY || quantity == MCA_QUANTITY_POWER ||
                           figure->law == MCA_LAW_CONVERSION);
    const struct {
        int missing;
        const char *key;
    } checks[] = {
        {isnan(figure->published), UNIT_CHOICES[quantity]},
        {isnan(figure->uncertainty), "uncertainty"},
        {isnan(figure->node_nm), "node_nm"},
        {needs_supply && isnan(figure->voltage_v), "voltage_v (of a scaled figure)"},
        {figure->kind == MCA_FIGURE_KIND_COUNT, "kind"},
        {!figure->source, "source"},
        {figure->law == MCA_LAW_BYTES && isnan(figure->exponent), "exponent"},
        {figure->law != MCA_LAW_BYTES && !isnan(figure->exponent), "at_bytes"},
        {figure->law == MCA_LAW_CONVERSION && isnan(figure->at), "at_ps (beside at_pj)"},
        {figure->law != MCA_LAW_FIXED && isnan(figure->at), "at_bits"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; ++i) {
        if (checks[i].missing) {
            return checks[i].key;
        }
    }
    return NULL;
}

/* `at_pj` beside `at_ps` makes a law of its own. */
static enum mca_status finish_law(const struct mca__library_reader *reader, const yaml_node_t *node,
                                  const char *where, struct mca_figure *figure) {
    if (isnan(figure->at_energy_j)) {
        return MCA_OK;
    }
    figure->at_energy_j *= 1e-12; /* as read, in picojoules */
    if (figure->law != MCA_LAW_FIXED && figure->law != MCA_LAW_DURATION) {
        return mca__yaml_fault(reader, node, "%s: at_pj is a second law; it goes with at_ps alone",
                               where);
    }
    figure->law = MCA_LAW_CONVERSION;
    return MCA_OK;
}

enum mca_status mca__yaml_figure(const struct mca__library_reader *reader, const yaml_node_t *node,
                                 const char *where, uint32_t index) {
    MCA_TRY(mca__yaml_check_mapping(reader, node, where));
    struct mca_figure figure = {.published = (double)NAN,
                                .times = 1.0,
                                .scale = 1.0,
                                .uncertainty = (double)NAN,
                                .node_nm = (double)NAN,
                                .voltage_v = (double)NAN,
                                .at = (double)NAN,
                                .exponent = (double)NAN,
                                .at_energy_j = (double)NAN,
                                .law = MCA_LAW_FIXED,
                                .kind = MCA_FIGURE_KIND_COUNT,
                                .note = "",
                                .path = reader->library->path,
                                .line = mca_yaml_line(node)};
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        MCA_TRY(read_key(reader, p, where, index, &figure));
    }
    MCA_TRY(finish_law(reader, node, where, &figure));
    const char *missing = missing_key(&figure, mca_figure_quantity(index));
    if (missing) {
        return mca__yaml_fault(reader, node, "%s: %s%s is missing", where,
                               isnan(figure.published) ? "one of " : "", missing);
    }
    if (!law_applies(index, figure.law)) {
        return mca__yaml_fault(reader, node, "%s: the figure cannot follow the law \"%s\"", where,
                               mca_law_name(figure.law));
    }
    reader->library->figures[index] = figure;
    return MCA_OK;
}
