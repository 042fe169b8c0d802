/* A library of round figures for tests: powers of two, so that sums are exact. */
#ifndef MCA_TESTS_COST_MADE_UP_LIBRARY_H
#define MCA_TESTS_COST_MADE_UP_LIBRARY_H

#include "cost/component_library.h"

static inline struct mca_figure made_up_figure(double value, double uncertainty) {
    return (struct mca_figure){.value = value,
                               .uncertainty = uncertainty,
                               .node_nm = 14.0,
                               .voltage_v = 0.8,
                               .kind = MCA_FIGURE_ASSUMPTION,
                               .source = "made up, \"for a test\"",
                               .note = "",
                               .line = 1};
}

/* Every action costs 2^-40 J (about 1 pJ) x (index + 1), factor 2; every block draws 2^-20 W
 * (about 1 uW), factor 4, and takes 100 um2. */
static inline struct mca_component_library made_up_library(void) {
    struct mca_component_library library = {.name = "made-up", .about = "for tests", .path = "-"};
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        library.energy_j[c] = made_up_figure((c + 1) * 0x1p-40, 2.0);
    }
    for (int a = 0; a < MCA_BASELINE_ACTION_COUNT; ++a) {
        library.baseline_j[a] = made_up_figure((a + 1) * 0x1p-38, 2.0);
    }
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        library.blocks[b].static_w = made_up_figure(0x1p-20, 4.0);
        library.blocks[b].area_um2 = made_up_figure(100.0, 2.0);
    }
    return library;
}

#endif
