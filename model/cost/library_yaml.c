#include "cost/library_yaml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHERE_SIZE = 160 };

struct unit {
    const char *key;
    enum mca__quantity quantity;
    double per_si; /* of this unit in one of the quantity's own */
};

static const struct unit UNITS[] = {
    {"energy_j", MCA__ENERGY_J, 1.0},   {"energy_nj", MCA__ENERGY_J, 1e9},
    {"energy_pj", MCA__ENERGY_J, 1e12}, {"energy_fj", MCA__ENERGY_J, 1e15},
    {"energy_aj", MCA__ENERGY_J, 1e18}, {"power_w", MCA__POWER_W, 1.0},
    {"power_mw", MCA__POWER_W, 1e3},    {"power_uw", MCA__POWER_W, 1e6},
    {"power_nw", MCA__POWER_W, 1e9},    {"power_pw", MCA__POWER_W, 1e12},
    {"area_um2", MCA__AREA_UM2, 1.0},   {"area_mm2", MCA__AREA_UM2, 1e-6},
};

static const char *const UNIT_CHOICES[] = {
    [MCA__ENERGY_J] = "energy_j, energy_nj, energy_pj, energy_fj, energy_aj",
    [MCA__POWER_W] = "power_w, power_mw, power_uw, power_nw, power_pw",
    [MCA__AREA_UM2] = "area_um2, area_mm2",
};

unsigned mca__yaml_line(const yaml_node_t *node) {
    return (unsigned)node->start_mark.line + 1;
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
        return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: a mapping (key: value) is needed",
                        reader->path, mca__yaml_line(node), *where ? where : "component library");
    }
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        const yaml_node_t *key = yaml_document_get_node(reader->document, p->key);
        char place[WHERE_SIZE];
        if (key->type != YAML_SCALAR_NODE || strlen(scalar_text(key)) != key->data.scalar.length) {
            return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: a key must be plain text",
                            reader->path, mca__yaml_line(key), *where ? where : "top level");
        }
        for (const yaml_node_pair_t *q = node->data.mapping.pairs.start; q < p; ++q) {
            if (strcmp(mca__yaml_key(reader, q), scalar_text(key)) == 0) {
                return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: the key stands twice",
                                reader->path, mca__yaml_line(key),
                                joined(place, where, scalar_text(key)));
            }
        }
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
    if (node->type != YAML_SCALAR_NODE ||
        strspn(scalar_text(node), " \t\n") == node->data.scalar.length) {
        return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: a text is needed", reader->path,
                        mca__yaml_line(node), where);
    }
    char *copy = mca_arena_alloc(reader->arena, node->data.scalar.length + 1, 1);
    if (!copy) {
        return mca_fail_memory(reader->error, "component library");
    }
    memcpy(copy, scalar_text(node), node->data.scalar.length);
    for (size_t i = node->data.scalar.length; i > 0 && copy[i - 1] == '\n'; --i) {
        copy[i - 1] = '\0'; /* a folded text ends in a newline */
    }
    for (char *c = copy; *c; ++c) {
        *c = (unsigned char)*c < 0x20 || *c == 0x7f ? ' ' : *c;
    }
    *text = copy;
    return MCA_OK;
}

/* A finite number in low .. high. */
static enum mca_status read_number(const struct mca__library_reader *reader,
                                   const yaml_node_t *node, const char *where, double low,
                                   double high, double *number) {
    const char *text = node->type == YAML_SCALAR_NODE ? scalar_text(node) : "";
    char *end = NULL;
    const double value = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || strlen(text) != node->data.scalar.length) {
        return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: \"%.64s\" is no number",
                        reader->path, mca__yaml_line(node), where, text);
    }
    if (!isfinite(value) || value < low || value > high) {
        return mca_fail(reader->error, MCA_INVALID,
                        "%s:%u: %s: %.64s is out of range; allowed: %g .. %g", reader->path,
                        mca__yaml_line(node), where, text, low, high);
    }
    *number = value;
    return MCA_OK;
}

static enum mca_status read_value(const struct mca__library_reader *reader, const yaml_node_t *node,
                                  const char *where, const struct unit *unit,
                                  struct mca_figure *figure) {
    /* beyond a joule, a kilowatt or a square metre something is wrong with the unit */
    static const double most[] = {
        [MCA__ENERGY_J] = 1.0, [MCA__POWER_W] = 1e3, [MCA__AREA_UM2] = 1e12};
    double value;
    MCA_TRY(read_number(reader, node, where, 0.0, most[unit->quantity] * unit->per_si, &value));
    figure->value = value / unit->per_si;
    return MCA_OK;
}

static enum mca_status read_kind(const struct mca__library_reader *reader, const yaml_node_t *node,
                                 const char *where, enum mca_figure_kind *kind) {
    const char *text = node->type == YAML_SCALAR_NODE ? scalar_text(node) : "";
    for (int k = 0; k < MCA_FIGURE_KIND_COUNT; ++k) {
        if (strcmp(text, mca_figure_kind_name((enum mca_figure_kind)k)) == 0) {
            *kind = (enum mca_figure_kind)k;
            return MCA_OK;
        }
    }
    return mca_fail(reader->error, MCA_INVALID,
                    "%s:%u: %s: \"%.64s\" is unknown; allowed: measured, published, derived, "
                    "assumption",
                    reader->path, mca__yaml_line(node), where, text);
}

static const struct unit *find_unit(const char *key, enum mca__quantity quantity) {
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; ++i) {
        if (UNITS[i].quantity == quantity && strcmp(UNITS[i].key, key) == 0) {
            return &UNITS[i];
        }
    }
    return NULL;
}

static enum mca_status unknown_key(const struct mca__library_reader *reader,
                                   const yaml_node_t *node, const char *place, const char *key,
                                   enum mca__quantity quantity) {
    if (strcmp(key, "energy") == 0 || strcmp(key, "power") == 0 || strcmp(key, "area") == 0 ||
        strcmp(key, "value") == 0) {
        return mca_fail(reader->error, MCA_INVALID,
                        "%s:%u: %s: a value needs its unit; allowed: %s", reader->path,
                        mca__yaml_line(node), place, UNIT_CHOICES[quantity]);
    }
    return mca_fail(reader->error, MCA_INVALID,
                    "%s:%u: %s: unknown key; allowed: %s, node_nm, voltage_v, source, uncertainty, "
                    "kind, note",
                    reader->path, mca__yaml_line(node), place, UNIT_CHOICES[quantity]);
}

static enum mca_status read_key(const struct mca__library_reader *reader,
                                const yaml_node_pair_t *pair, const char *where,
                                enum mca__quantity quantity, struct mca_figure *figure) {
    const char *key = mca__yaml_key(reader, pair);
    const yaml_node_t *node = yaml_document_get_node(reader->document, pair->value);
    const struct unit *unit = find_unit(key, quantity);
    char place[WHERE_SIZE];
    joined(place, where, key);
    if (unit && isnan(figure->value)) {
        return read_value(reader, node, place, unit, figure);
    }
    if (unit) {
        return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: a second value; one is allowed",
                        reader->path, mca__yaml_line(node), place);
    }
    if (strcmp(key, "node_nm") == 0) {
        return read_number(reader, node, place, 1.0, 1e4, &figure->node_nm);
    }
    if (strcmp(key, "voltage_v") == 0) {
        return read_number(reader, node, place, 0.01, 100.0, &figure->voltage_v);
    }
    if (strcmp(key, "uncertainty") == 0) {
        return read_number(reader, node, place, 1.0, 1000.0, &figure->uncertainty);
    }
    if (strcmp(key, "source") == 0) {
        return mca__yaml_text(reader, node, place, &figure->source);
    }
    if (strcmp(key, "note") == 0) {
        return mca__yaml_text(reader, node, place, &figure->note);
    }
    if (strcmp(key, "kind") == 0) {
        return read_kind(reader, node, place, &figure->kind);
    }
    return unknown_key(reader, yaml_document_get_node(reader->document, pair->key), place, key,
                       quantity);
}

enum mca_status mca__yaml_figure(const struct mca__library_reader *reader, const yaml_node_t *node,
                                 const char *where, enum mca__quantity quantity,
                                 struct mca_figure *figure) {
    MCA_TRY(mca__yaml_check_mapping(reader, node, where));
    *figure = (struct mca_figure){.value = (double)NAN,
                                  .uncertainty = (double)NAN,
                                  .node_nm = (double)NAN,
                                  .voltage_v = (double)NAN,
                                  .kind = MCA_FIGURE_KIND_COUNT,
                                  .note = "",
                                  .line = mca__yaml_line(node)};
    for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; ++p) {
        MCA_TRY(read_key(reader, p, where, quantity, figure));
    }
    const char *missing = isnan(figure->value)                    ? UNIT_CHOICES[quantity]
                          : isnan(figure->uncertainty)            ? "uncertainty"
                          : isnan(figure->node_nm)                ? "node_nm"
                          : figure->kind == MCA_FIGURE_KIND_COUNT ? "kind"
                          : !figure->source                       ? "source"
                                                                  : NULL;
    if (missing) {
        return mca_fail(reader->error, MCA_INVALID, "%s:%u: %s: %s%s is missing", reader->path,
                        figure->line, where, isnan(figure->value) ? "one of " : "", missing);
    }
    return MCA_OK;
}
