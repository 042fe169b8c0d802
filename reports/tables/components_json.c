/* The component library as `mcasim components --json` prints it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_writer.h"
#include "cost/library_keys.h"
#include "reports/tables/tables.h"

/* What the reader makes of a text of at most 15 digits comes back to it. */
static double in_unit(double si, double per_si) {
    char text[32];
    (void)snprintf(text, sizeof text, "%.15g", si * per_si);
    return strtod(text, NULL);
}

/* The largest unit of which the value is `least` or more, and in which the reader finds it again,
 * or NULL. */
static const struct mca_library_unit *unit_of(const struct mca_figure *figure,
                                              enum mca_quantity quantity, double least) {
    for (const struct mca_library_unit *unit = mca_library_units; unit->key; ++unit) {
        const double value = in_unit(figure->published, unit->per_si);
        if (unit->quantity == quantity && value >= least &&
            value / unit->per_si == figure->published) {
            return unit;
        }
    }
    return NULL;
}

/* The value as published: 110 uW, not 0.00011 W; 0 in any unit. */
static void put_published(struct mca__json *json, json_t *o, const struct mca_figure *figure,
                          enum mca_quantity quantity) {
    const struct mca_library_unit *unit = unit_of(figure, quantity, 1.0);
    unit = unit ? unit : unit_of(figure, quantity, 1e-3);
    unit = unit ? unit : unit_of(figure, quantity, 0.0);
    if (unit) {
        mca__json_number(json, o, unit->key, in_unit(figure->published, unit->per_si));
        return;
    }
    for (unit = mca_library_units; unit->quantity != quantity; ++unit) {
    }
    mca__json_number(json, o, unit->key, figure->published * unit->per_si); /* all digits */
}

/* Where the law was stated: width, bytes, time or clock. */
static void put_law(struct mca__json *json, json_t *o, const struct mca_figure *figure) {
    switch (figure->law) {
    case MCA_LAW_BITS_LINEAR:
    case MCA_LAW_BITS_SQUARE:
    case MCA_LAW_BITS_LEVELS:
    case MCA_LAW_BITS_SAR:
        mca__json_number(json, o, "at_bits", figure->at);
        mca__json_text(json, o, "law", mca_law_name(figure->law));
        break;
    case MCA_LAW_BYTES:
        mca__json_number(json, o, "at_bytes", figure->at);
        mca__json_number(json, o, "exponent", figure->exponent);
        break;
    case MCA_LAW_CONVERSION:
        mca__json_number(json, o, "at_pj", in_unit(figure->at_energy_j, 1e12));
        mca__json_number(json, o, "at_ps", figure->at);
        break;
    case MCA_LAW_DURATION:
        mca__json_number(json, o, "at_ps", figure->at);
        break;
    case MCA_LAW_CLOCK:
        mca__json_number(json, o, "at_hz", figure->at);
        break;
    case MCA_LAW_FIXED:
        break;
    }
}

/* With the keys of a library file, so that a file may state it so. */
static void put_stated(struct mca__json *json, json_t *o,
                       const struct mca_component_library *library, const struct mca_figure *figure,
                       enum mca_quantity quantity) {
    put_published(json, o, figure, quantity);
    if (figure->times != 1.0) {
        mca__json_number(json, o, "times", figure->times);
    }
    mca__json_number(json, o, "node_nm", figure->node_nm);
    if (!isnan(figure->voltage_v)) {
        mca__json_number(json, o, "voltage_v", figure->voltage_v);
    }
    put_law(json, o, figure);
    if (figure->scaled) {
        mca__json_text(json, o, "scaling", mca_library_scalings[figure->scaled]);
    }
    mca__json_number(json, o, "uncertainty", figure->uncertainty);
    if (figure->uncertainty_down > 0.0) {
        mca__json_number(json, o, "uncertainty_down", figure->uncertainty_down);
    }
    if (figure->causes) {
        json_t *causes = mca__json_array(json, o, "causes");
        for (uint32_t i = 0; i < library->cause_count; ++i) {
            if (figure->causes >> i & 1) {
                mca__json_text(json, causes, NULL, library->causes[i].name);
            }
        }
    }
    mca__json_text(json, o, "kind", mca_figure_kind_name(figure->kind));
    mca__json_text(json, o, "source", figure->source);
    if (*figure->note) {
        mca__json_text(json, o, "note", figure->note);
    }
}

static void put_figure(struct mca__json *json, json_t *parent, const char *key,
                       const struct mca_component_library *library, uint32_t index,
                       const char *per) {
    static const char *const values[] = {[MCA_QUANTITY_ENERGY] = "value_j",
                                         [MCA_QUANTITY_POWER] = "value_w",
                                         [MCA_QUANTITY_AREA] = "value_um2",
                                         [MCA_QUANTITY_TIME] = "value_s"};
    const struct mca_figure *figure = &library->figures[index];
    const enum mca_quantity quantity = mca_figure_quantity(index);
    json_t *o = mca__json_object(json, parent, key);
    mca__json_number(json, o, values[quantity], figure->value);
    mca__json_text(json, o, "per", per);
    mca__json_number(json, o, "scale", figure->scale);
    put_stated(json, mca__json_object(json, o, "stated"), library, figure, quantity);
    mca__json_text(json, o, "file", figure->path);
    mca__json_count(json, o, "line", figure->line);
}

static void put_causes(struct mca__json *json, const struct mca_component_library *library) {
    json_t *causes = mca__json_object(json, json->root, "causes");
    for (uint32_t i = 0; i < library->cause_count; ++i) {
        const struct mca_cause *cause = &library->causes[i];
        json_t *o = mca__json_object(json, causes, cause->name);
        mca__json_number(json, o, "factor", cause->factor);
        if (cause->factor_down > 0.0) {
            mca__json_number(json, o, "factor_down", cause->factor_down);
        }
        mca__json_text(json, o, "note", cause->note);
    }
}

enum mca_status mca_report_print_components_json(FILE *out,
                                                 const struct mca_component_library *library,
                                                 struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    mca__json_text(&json, json.root, "name", library->name);
    mca__json_text(&json, json.root, "about", library->about);
    mca__json_text(&json, json.root, "file", library->path);
    mca__json_number(&json, json.root, "node_nm", library->node_nm);
    mca__json_number(&json, json.root, "voltage_v", library->voltage_v);
    put_causes(&json, library);
    json_t *energy = mca__json_object(&json, json.root, "energy");
    for (int e = 0; e < MCA_ENTRY_COUNT; ++e) {
        put_figure(&json, energy, mca_entry_name((enum mca_entry)e), library, (uint32_t)e,
                   mca_entry_action((enum mca_entry)e));
    }
    json_t *blocks = mca__json_object(&json, json.root, "blocks");
    for (int p = 0; p < MCA_PART_COUNT; ++p) {
        const enum mca_part part = (enum mca_part)p;
        json_t *block = mca__json_object(&json, blocks, mca_part_name(part));
        put_figure(&json, block, "static", library, mca_figure_static(part), "instance");
        put_figure(&json, block, "area", library, mca_figure_area(part), "instance");
    }
    json_t *timing = mca__json_object(&json, json.root, "timing");
    put_figure(&json, timing, "sram_access", library, MCA_FIGURE_SRAM_ACCESS, "macro access");
    return mca__json_print(&json, out, error);
}
