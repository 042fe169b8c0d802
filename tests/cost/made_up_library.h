/* A library of round figures for tests: powers of two, so that sums are exact. */
#ifndef MCA_TESTS_COST_MADE_UP_LIBRARY_H
#define MCA_TESTS_COST_MADE_UP_LIBRARY_H

#include <math.h>

#include "cost/component_library.h"

static inline struct mca_figure made_up_figure(double value, double uncertainty) {
    return (struct mca_figure){.value = value,
                               .published = value,
                               .times = 1.0,
                               .scale = 1.0,
                               .uncertainty = uncertainty,
                               .node_nm = 14.0,
                               .voltage_v = 0.8,
                               .at = (double)NAN,
                               .exponent = (double)NAN,
                               .at_energy_j = (double)NAN,
                               .at_energy_scaled_j = (double)NAN,
                               .law = MCA_LAW_FIXED,
                               .kind = MCA_FIGURE_ASSUMPTION,
                               .source = "made up, \"for a test\"",
                               .note = "",
                               .path = "-",
                               .line = 1};
}

/* Entry e costs 2^-40 J (about 1 pJ) x (e + 1), factor 2; every block draws 2^-20 W (about 1 uW),
 * factor 4, and takes 100 um2, factor 2; SRAM answers in 1 ns, factor 2. Nothing follows the
 * design. SRAM reads and writes share a cause of factor 3. */
static inline struct mca_component_library made_up_library(void) {
    struct mca_component_library library = {
        .name = "made-up", .about = "for tests", .path = "-", .node_nm = 14.0, .voltage_v = 0.8};
    library.causes[0] = (struct mca_cause){"shared", 3.0, "for a test", 0.0};
    library.cause_count = 1;
    for (uint32_t e = 0; e < (uint32_t)MCA_ENTRY_COUNT; ++e) {
        library.figures[e] = made_up_figure((e + 1) * 0x1p-40, 2.0);
    }
    library.figures[MCA_ENTRY_SRAM_READ].causes = 1;
    library.figures[MCA_ENTRY_SRAM_WRITE].causes = 1;
    for (int part = 0; part < MCA_PART_COUNT; ++part) {
        library.figures[mca_figure_static((enum mca_part)part)] = made_up_figure(0x1p-20, 4.0);
        library.figures[mca_figure_area((enum mca_part)part)] = made_up_figure(100.0, 2.0);
    }
    library.figures[MCA_FIGURE_SRAM_ACCESS] = made_up_figure(1e-9, 2.0);
    return library;
}

#endif
