#include "cost/component_figures.h"

#include <stdio.h>

const char *mca_entry_name(enum mca_entry entry) {
    static const char *const names[MCA_ENTRY_COUNT] = {
#define MCA_ENTRY(NAME, name, ...) #name,
#include "chip/components.def"
    };
    return names[entry];
}

const char *mca_entry_action(enum mca_entry entry) {
    static const char *const actions[MCA_ENTRY_COUNT] = {
#define MCA_ENTRY(NAME, name, action, ...) action,
#include "chip/components.def"
    };
    return actions[entry];
}

const char *mca_part_name(enum mca_part part) {
    static const char *const names[MCA_PART_COUNT] = {
#define MCA_PART(NAME, name, ...) #name,
#include "chip/components.def"
    };
    return names[part];
}

const char *mca_figure_kind_name(enum mca_figure_kind kind) {
    static const char *const names[MCA_FIGURE_KIND_COUNT] = {"measured", "published", "derived",
                                                             "assumption"};
    return names[kind];
}

const char *mca_law_name(enum mca_law law) {
    static const char *const names[] = {"fixed",    "linear",   "square", "levels",    "sar",
                                        "capacity", "duration", "clock",  "conversion"};
    return names[law];
}

enum mca_entry mca_figure_follows(const struct mca_component_library *library, uint32_t figure) {
    static const enum mca_entry conversions[MCA_PART_COUNT] = {
#define MCA_PART(NAME, name, traits, entry) MCA_ENTRY_##entry,
#include "chip/components.def"
    };
    return library->figures[figure].law == MCA_LAW_CONVERSION
               ? conversions[(figure - (uint32_t)MCA_FIGURE_PARTS) / 2]
               : MCA_ENTRY_COUNT;
}

enum mca_quantity mca_figure_quantity(uint32_t figure) {
    if (figure < (uint32_t)MCA_FIGURE_PARTS) {
        return MCA_QUANTITY_ENERGY;
    }
    if (figure == (uint32_t)MCA_FIGURE_SRAM_ACCESS) {
        return MCA_QUANTITY_TIME;
    }
    return (figure - (uint32_t)MCA_FIGURE_PARTS) % 2 == 0 ? MCA_QUANTITY_POWER : MCA_QUANTITY_AREA;
}

void mca_figure_name(uint32_t figure, char *name, size_t size) {
    if (figure < (uint32_t)MCA_FIGURE_PARTS) {
        (void)snprintf(name, size, "energy.%s", mca_entry_name((enum mca_entry)figure));
    } else if (figure == (uint32_t)MCA_FIGURE_SRAM_ACCESS) {
        (void)snprintf(name, size, "timing.sram_access");
    } else {
        const uint32_t part = (figure - (uint32_t)MCA_FIGURE_PARTS) / 2;
        (void)snprintf(name, size, "blocks.%s.%s", mca_part_name((enum mca_part)part),
                       mca_figure_quantity(figure) == MCA_QUANTITY_POWER ? "static" : "area");
    }
}
