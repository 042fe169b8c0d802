/*
 * What a component library holds: what one action of each component costs in energy, what each
 * structural block costs in static power and area, how fast an SRAM macro is, and the names of all
 * that.
 */
#ifndef MCA_COST_COMPONENT_FIGURES_H
#define MCA_COST_COMPONENT_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/c_linkage.h"

MCA_C_BEGIN

/* Energies per action, and structural parts with static power and area per instance, as
 * chip/components.def lists them. */
enum mca_entry {
#define MCA_ENTRY(NAME, ...) MCA_ENTRY_##NAME,
#include "chip/components.def"
    MCA_ENTRY_COUNT
};

enum mca_part {
#define MCA_PART(NAME, ...) MCA_PART_##NAME,
#include "chip/components.def"
    MCA_PART_COUNT
};

/* Figures are numbered: energies, then static power and area of each block, then one time. */
enum {
    MCA_FIGURE_PARTS = MCA_ENTRY_COUNT,
    MCA_FIGURE_SRAM_ACCESS = MCA_FIGURE_PARTS + 2 * MCA_PART_COUNT,
    MCA_FIGURE_COUNT
};

static inline uint32_t mca_figure_static(enum mca_part part) {
    return (uint32_t)MCA_FIGURE_PARTS + 2 * (uint32_t)part;
}

static inline uint32_t mca_figure_area(enum mca_part part) {
    return mca_figure_static(part) + 1;
}

enum mca_quantity { MCA_QUANTITY_ENERGY, MCA_QUANTITY_POWER, MCA_QUANTITY_AREA, MCA_QUANTITY_TIME };

/* How a figure was come by. */
enum mca_figure_kind {
    MCA_FIGURE_MEASURED,   /* on silicon */
    MCA_FIGURE_PUBLISHED,  /* stated by a publication or a published model */
    MCA_FIGURE_DERIVED,    /* by arithmetic from measured or published figures */
    MCA_FIGURE_ASSUMPTION, /* chosen; nothing verified supports it */
    MCA_FIGURE_KIND_COUNT
};

/* How a figure follows the design: its factor is 1 at `at`. */
enum mca_law {
    MCA_LAW_FIXED,       /* it does not */
    MCA_LAW_BITS_LINEAR, /* bits / at */
    MCA_LAW_BITS_SQUARE, /* product of both widths / at^2 */
    MCA_LAW_BITS_LEVELS, /* 2^(bits - at) */
    MCA_LAW_BITS_SAR,    /* (100 bits + 4^bits / 1000) / (the same of at) */
    MCA_LAW_BYTES,       /* (macro capacity / at)^exponent */
    MCA_LAW_DURATION,    /* longest input pulse / at picoseconds */
    MCA_LAW_CLOCK,       /* clock / at hertz */
    MCA_LAW_CONVERSION   /* of blocks of converters: (energy of a conversion / at_energy)^a x (at
                            picoseconds / time of a conversion)^b; power: 1, 1; area: below */
};

/* Exponents by which a converter's area follows the energy and the rate of its conversions, from
 * the regression over published converters of Andrulis et al., arXiv 2404.06553. */
#define MCA_CONVERTER_AREA_ENERGY_EXPONENT 0.3
#define MCA_CONVERTER_AREA_RATE_EXPONENT 0.2

/* One figure. Strings belong to the library. */
struct mca_figure {
    double value;       /* J, W, um2 or s at the library's node and supply, at `at`; energies and
                           times > 0, else >= 0 */
    double published;   /* as stated, SI (um2) */
    double times;       /* dimensionless: 1/64 for a bit of a 64-bit word */
    double scale;       /* to the library's node and supply; 1 where none is applied */
    double uncertainty; /* factor >= 1, its own: the value may be so many times more ... */
    double uncertainty_down; /* ... or so many times less; 0: as many */
    double node_nm;          /* technology node of the published value */
    double voltage_v;   /* its supply; NAN where not stated, never for scaled energy or power */
    double at;          /* width, bytes, picoseconds or hertz, as the law says */
    double exponent;    /* of MCA_LAW_BYTES */
    double at_energy_j; /* of MCA_LAW_CONVERSION: energy of a conversion, as stated */
    double at_energy_scaled_j; /* the same at the library's node and supply */
    uint32_t causes;           /* bit i: shares cause i of the library */
    enum mca_law law;
    enum mca_figure_kind kind;
    int scaled;         /* whether `scale` is a step of technology scaling */
    const char *source; /* author, title, year, table or file */
    const char *note;   /* "" where there is none */
    const char *path;   /* file that states it */
    uint32_t line;      /* in that file */
};

/* A cause of error common to several figures: all of them are off by the same factor. */
struct mca_cause {
    const char *name;
    double factor; /* >= 1, upwards */
    const char *note;
    double factor_down; /* downwards; 0: as far */
};

/* How many times less a figure may be by itself, and what shares a cause. */
static inline double mca_figure_down(const struct mca_figure *figure) {
    return figure->uncertainty_down > 0.0 ? figure->uncertainty_down : figure->uncertainty;
}

static inline double mca_cause_down(const struct mca_cause *cause) {
    return cause->factor_down > 0.0 ? cause->factor_down : cause->factor;
}

enum { MCA_CAUSES_MAX = 16 };

struct mca_component_library {
    const char *name;  /* as the file says */
    const char *about; /* one paragraph */
    const char *path;  /* file it was read from */
    uint64_t hash;     /* XXH3 of the bytes of the file, but for a first line that names its schema,
                          and of those it is based on */
    double node_nm;    /* what scaled figures are brought to */
    double voltage_v;
    struct mca_figure figures[MCA_FIGURE_COUNT];
    struct mca_cause causes[MCA_CAUSES_MAX];
    uint32_t cause_count;
    struct mca_arena arena; /* holds the strings */
};

/* Names as they stand in files. */
const char *mca_entry_name(enum mca_entry entry);               /* "adc_cco" */
const char *mca_part_name(enum mca_part part);                  /* "sram_bit" */
const char *mca_figure_kind_name(enum mca_figure_kind kind);    /* "published" */
const char *mca_law_name(enum mca_law law);                     /* "linear" */
enum mca_quantity mca_figure_quantity(uint32_t figure);         /* of figure number `figure` */
void mca_figure_name(uint32_t figure, char *name, size_t size); /* "blocks.sram_bit.area" */

/* The entry of the conversions that a figure of MCA_LAW_CONVERSION follows; of any other figure
 * MCA_ENTRY_COUNT. */
enum mca_entry mca_figure_follows(const struct mca_component_library *library, uint32_t figure);

/* The action of an entry: "bit read", "conversion". */
const char *mca_entry_action(enum mca_entry entry);

MCA_C_END

#endif
