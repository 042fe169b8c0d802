/* How a run is priced (scenario section `cost`). Nothing here changes counts or times. */
#ifndef MCA_COST_COST_CONFIG_H
#define MCA_COST_COST_CONFIG_H

#include <stdint.h>

enum { MCA_LIBRARY_PATH_SIZE = 4096 };

struct mca_cost_config {
    char library[MCA_LIBRARY_PATH_SIZE]; /* a name ("mca-14nm") or a path to a YAML file */
    uint32_t sram_macro_bytes; /* memories are built of macros of this capacity, smaller ones are
                                  one macro: energy per bit grows with it */
    uint32_t
        weight_macro_bytes; /* the same for the weight memory of digital designs; 0: as above */
    unsigned dram;          /* whether images are fetched from DRAM and charged for it */
    unsigned clock_gating;  /* whether the digital unit's clock stands while the unit is idle */
    double clock_residual;  /* share of the clock's power that a gated clock still takes */
    unsigned sram_sleep;    /* whether cells of memories sleep, those that are accessed neglected */
    double sleep_residual;  /* share of their leakage that sleeping cells still take */
};

#endif
