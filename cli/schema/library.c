/* The schema of component libraries, by the tables of their figures and of what a figure may say.
 */
#include <stdio.h>
#include <string.h>

#include "cli/schema/schema.h"
#include "cost/library_keys.h"

enum { NAME_SIZE = 96 };

static const char *const QUANTITIES[] = {
    [MCA_QUANTITY_ENERGY] = "energy",
    [MCA_QUANTITY_POWER] = "power",
    [MCA_QUANTITY_AREA] = "area",
    [MCA_QUANTITY_TIME] = "time",
};

/* One value, in one of the units. */
static void put_value(struct mca__json *j, json_t *schema, enum mca_quantity quantity) {
    const int is_above = quantity == MCA_QUANTITY_ENERGY || quantity == MCA_QUANTITY_TIME;
    json_t *one = mca__json_array(j, schema, "oneOf");
    for (const struct mca_library_unit *unit = mca_library_units; unit->key; ++unit) {
        if (unit->quantity != quantity) {
            continue;
        }
        json_t *value = cli__schema_member(j, schema, unit->key);
        mca__json_text(j, value, "description", "the value, as its source has it");
        cli__schema_set_type(j, value, "number");
        cli__schema_set_number(j, value, is_above ? "exclusiveMinimum" : "minimum", 0.0);
        cli__schema_set_number(j, value, "maximum", mca_library_most(quantity) * unit->per_si);
        cli__schema_require(j, mca__json_object(j, one, NULL), unit->key);
    }
}

static void put_numbers(struct mca__json *j, json_t *schema) {
    for (const struct mca_library_number *number = mca_library_numbers; number->key; ++number) {
        json_t *value = cli__schema_member(j, schema, number->key);
        mca__json_text(j, value, "description", number->meaning);
        cli__schema_set_type(j, value, "number");
        cli__schema_set_number(j, value, "minimum", number->low);
        cli__schema_set_number(j, value, "maximum", number->high);
    }
}

static void put_causes_of_figure(struct mca__json *j, json_t *schema) {
    json_t *causes = cli__schema_member(j, schema, "causes");
    mca__json_text(j, causes, "description", "names of those that the figure shares");
    cli__schema_set_type(j, causes, "array");
    cli__schema_set_type(j, mca__json_object(j, causes, "items"), "string");
}

static void put_words(struct mca__json *j, json_t *schema, int is_scaled) {
    static const char *const no_scaling[] = {"none", NULL};
    const char *kinds[MCA_FIGURE_KIND_COUNT + 1] = {NULL};
    for (int k = 0; k < MCA_FIGURE_KIND_COUNT; ++k) {
        kinds[k] = mca_figure_kind_name((enum mca_figure_kind)k);
    }
    json_t *kind = cli__schema_member(j, schema, "kind");
    mca__json_text(j, kind, "description", "how the figure was come by");
    cli__schema_set_choices(j, kind, kinds);
    json_t *scaling = cli__schema_member(j, schema, "scaling");
    mca__json_text(j, scaling, "description", "what brings the value to the library's node");
    cli__schema_set_choices(j, scaling, is_scaled ? mca_library_scalings : no_scaling);
    json_t *law = cli__schema_member(j, schema, "law");
    mca__json_text(j, law, "description", "how the value follows the width, beside at_bits");
    cli__schema_set_choices(j, law, mca_library_bits_laws);
    cli__schema_set_text(j, cli__schema_member(j, schema, "source"),
                         "author, title, year, table or file");
    cli__schema_set_text(j, cli__schema_member(j, schema, "note"), "what else is to be said");
}

/* What goes with something else alone, and what a scaled figure needs. */
static void put_conditions(struct mca__json *j, json_t *schema, enum mca_quantity quantity) {
    static const char *const together[][2] = {
        {"exponent", "at_bytes"}, {"at_bytes", "exponent"}, {"law", "at_bits"}, {"at_pj", "at_ps"}};
    json_t *needs = mca__json_object(j, schema, "dependencies");
    for (size_t i = 0; i < sizeof together / sizeof together[0]; ++i) {
        cli__schema_append(j, mca__json_array(j, needs, together[i][0]),
                           json_string(together[i][1]));
    }
    if (quantity == MCA_QUANTITY_ENERGY || quantity == MCA_QUANTITY_POWER) {
        json_t *scaled = mca__json_object(j, schema, "if");
        mca__json_text(j, cli__schema_member(j, scaled, "scaling"), "const",
                       mca_library_scalings[1]);
        cli__schema_require(j, scaled, "scaling");
        cli__schema_require(j, mca__json_object(j, schema, "then"), "voltage_v");
    }
}

/* The definition of figures of a quantity, of CMOS or not. */
static void put_figure_kind(struct mca__json *j, enum mca_quantity quantity, int is_scaled) {
    static const char *const needed[] = {"node_nm", "uncertainty", "kind", "source"};
    char name[NAME_SIZE];
    (void)snprintf(name, sizeof name, "%s%s", QUANTITIES[quantity], is_scaled ? "" : "_unscaled");
    json_t *schema = cli__schema_definition(j, name);
    put_value(j, schema, quantity);
    put_numbers(j, schema);
    put_causes_of_figure(j, schema);
    put_words(j, schema, is_scaled);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; ++i) {
        cli__schema_require(j, schema, needed[i]);
    }
    put_conditions(j, schema, quantity);
    cli__schema_close(j, schema, "object");
}

/* The schema of the mapping at "energy" or "blocks.sram_bit" of figures' names, seen from `root`.
 */
static void put_figure(struct mca__json *j, json_t *root, uint32_t figure) {
    char name[NAME_SIZE];
    char definition[NAME_SIZE];
    json_t *schema = root;
    mca_figure_name(figure, name, sizeof name);
    char *rest = name;
    for (char *dot; (dot = strchr(rest, '.')) != NULL; rest = dot + 1) {
        *dot = '\0';
        schema = cli__schema_member(j, schema, rest);
        cli__schema_close(j, schema, "object");
    }
    schema = cli__schema_member(j, schema, rest);
    (void)snprintf(definition, sizeof definition, "%s%s", QUANTITIES[mca_figure_quantity(figure)],
                   mca_library_scales(figure) ? "" : "_unscaled");
    if (figure < (uint32_t)MCA_FIGURE_PARTS) {
        mca__json_text(j, schema, "description", mca_entry_action((enum mca_entry)figure));
    }
    cli__schema_set_reference(j, mca__json_object(j, mca__json_array(j, schema, "allOf"), NULL),
                              definition);
}

/* Where there is no base, every figure has to be there. */
static void require_figure(struct mca__json *j, json_t *root, uint32_t figure) {
    char name[NAME_SIZE];
    json_t *schema = root;
    mca_figure_name(figure, name, sizeof name);
    char *rest = name;
    for (char *dot; (dot = strchr(rest, '.')) != NULL; rest = dot + 1) {
        *dot = '\0';
        cli__schema_require(j, schema, rest);
        schema = cli__schema_member(j, schema, rest);
    }
    cli__schema_require(j, schema, rest);
}

static void put_causes(struct mca__json *j, json_t *schema) {
    static const char *const factors[] = {"factor", "factor_down"};
    json_t *cause = mca__json_object(j, schema, "additionalProperties");
    cli__schema_set_type(j, schema, "object");
    for (size_t i = 0; i < 2; ++i) {
        json_t *factor = cli__schema_member(j, cause, factors[i]);
        cli__schema_set_type(j, factor, "number");
        cli__schema_set_number(j, factor, "minimum", 1);
        cli__schema_set_number(j, factor, "maximum", 1000);
    }
    cli__schema_set_text(j, cli__schema_member(j, cause, "note"), "why, and by how much");
    cli__schema_require(j, cause, "factor");
    cli__schema_require(j, cause, "note");
    cli__schema_close(j, cause, "object");
}

static void put_head(struct mca__json *j, const struct mca_library_section *section) {
    json_t *schema = cli__schema_member(j, j->root, section->name);
    if (strcmp(section->name, "causes") == 0) {
        put_causes(j, schema);
    } else if (section->high > 0.0) {
        cli__schema_set_type(j, schema, "number");
        cli__schema_set_number(j, schema, "minimum", section->low);
        cli__schema_set_number(j, schema, "maximum", section->high);
    } else if (strcmp(section->name, "sources") == 0) {
        cli__schema_set_type(j, schema, "object");
    } else if (!json_object_get(schema, "properties")) { /* no figures are below it */
        cli__schema_set_text(j, schema, section->meaning);
    }
    mca__json_text(j, schema, "description", section->meaning);
}

void cli_schema_put_library(struct mca__json *j) {
    cli__schema_begin(j, "mcasim component library",
                      "Energies, powers, areas and times of components, each with its source and "
                      "its uncertainty.");
    for (uint32_t i = 0; i < (uint32_t)MCA_FIGURE_COUNT; ++i) {
        put_figure(j, j->root, i);
    }
    for (const struct mca_library_section *s = mca_library_sections; s->name; ++s) {
        put_head(j, s);
    }
    cli__schema_require(j, j->root, "name");
    cli__schema_require(j, j->root, "about");
    cli__schema_close(j, j->root, "object");
    cli__schema_require(j, mca__json_object(j, j->root, "if"), "base");
    json_t *whole = mca__json_object(j, j->root, "else");
    cli__schema_require(j, whole, "node_nm");
    cli__schema_require(j, whole, "voltage_v");
    for (uint32_t i = 0; i < (uint32_t)MCA_FIGURE_COUNT; ++i) {
        require_figure(j, whole, i);
    }
    for (int q = MCA_QUANTITY_ENERGY; q <= MCA_QUANTITY_TIME; ++q) {
        put_figure_kind(j, (enum mca_quantity)q, 0);
        put_figure_kind(j, (enum mca_quantity)q, 1);
    }
}
