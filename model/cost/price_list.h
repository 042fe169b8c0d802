/*
 * Price lists: what each component of one design costs, from a component library and the design's
 * widths, capacities, pulses and clock. A price is a library figure times the factor by which the
 * figure's law follows the design (docs/reference/cost.md).
 */
#ifndef MCA_COST_PRICE_LIST_H
#define MCA_COST_PRICE_LIST_H

#include "base/c_linkage.h"
#include "chip/chip_config.h"
#include "chip/ledger.h"
#include "cost/component_library.h"
#include "cost/cost_config.h"

MCA_C_BEGIN

/* Capacities in bytes of the SRAM macros of a design. */
struct mca_macros {
    double chi;
    double buffer;
    double weight;
    double accumulator; /* of sums before chi */
    double lane_sum;    /* of sums that a digital design's lane keeps */
    double scan_map;    /* of pairs programmed since the last refresh */
};

/* What prices depend on. */
struct mca_cost_design {
    unsigned dac_kind; /* enum mca_dac_kind */
    unsigned adc_kind; /* enum mca_adc_kind */
    uint32_t dac_bits; /* ideal converters are priced as 8 bits */
    uint32_t adc_bits;
    uint32_t factor_bits[2]; /* widths of the digital unit's products: activation and error */
    double pulse_ps;         /* longest input pulse of a read */
    double conversion_ps;    /* of one conversion; an integrating converter's is the pulse's; 0: the
                                scenario gives no time to either */
    double clock_hz;
    struct mca_macros macro_bytes;
    int dram;            /* whether fetching images is charged */
    double idle_clock;   /* share of a clock's power that flows while its unit has no work; 1: it is
                          not gated */
    double sram_leak;    /* share of memories' leakage that flows; 1: their cells do not sleep */
    int has_comparators; /* a refresh compares by them, not by its converters */
};

/* A price and what it is made of: value = figure->value x factor. */
struct mca_price {
    double value;                    /* J, W or um2 */
    double factor;                   /* of the design; 0 where an action is not charged */
    const struct mca_figure *figure; /* of the library, which must outlive the list */
};

struct mca_price_list {
    const struct mca_component_library *library;
    struct mca_cost_design design;
    struct mca_price energy[MCA_COMPONENT_COUNT]; /* J per action */
    struct mca_price static_w[MCA_BLOCK_COUNT];   /* W per instance, while its unit works */
    double idle_share[MCA_BLOCK_COUNT]; /* what of it flows while the unit has no work, 0..1 */
    struct mca_price area_um2[MCA_BLOCK_COUNT]; /* um2 per instance */
};

/* What prices a kind of converter. */
struct mca_converter_figures {
    enum mca_entry entry; /* of a conversion, or of a line driven */
    enum mca_part part;
};

/* By enum mca_dac_kind and enum mca_adc_kind. */
struct mca_converter_figures mca_dac_figures(unsigned kind);
struct mca_converter_figures mca_adc_figures(unsigned kind);

/* Instances of `block` on a chip or in a digital design. */
uint64_t mca_block_instances(const struct mca_inventory *inventory, enum mca_block block);

/* What prices of a chip depend on; `inventory` is the chip's (mca_chip_inventory). A memory smaller
 * than cost.sram_macro_bytes is one macro. */
struct mca_cost_design mca_cost_design_of(const struct mca_chip_config *chip,
                                          const struct mca_cost_config *cost,
                                          const struct mca_inventory *inventory);

/* Capacity of the macros of `memories` equal memories of `bits` bits in all: `most_bytes`, or the
 * memory's own where that is less. 1 byte at least. */
double mca_macro_bytes(uint32_t most_bytes, uint64_t bits, uint64_t memories);

/* Prices everything. Cannot fail: the library's figures are finite and not negative. */
void mca_price_list_init(struct mca_price_list *list, const struct mca_component_library *library,
                         const struct mca_cost_design *design);

/* Time of an access to an SRAM macro of `bytes`, in seconds: timing.sram_access of the library. */
double mca_sram_access_s(const struct mca_component_library *library, double bytes);

/* Number of a library figure, from its address. */
static inline uint32_t mca_figure_index(const struct mca_price_list *list,
                                        const struct mca_price *price) {
    return (uint32_t)(price->figure - list->library->figures);
}

MCA_C_END

#endif
