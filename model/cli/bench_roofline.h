/* What this machine can do, measured: copy bandwidth by size of the data, and rate of fused
 * multiply-adds, one thread. */
#ifndef MCA_CLI_BENCH_ROOFLINE_H
#define MCA_CLI_BENCH_ROOFLINE_H

#include <stddef.h>

enum { CLI_ROOFLINE_LEVELS = 4 };

struct cli_roofline {
    struct {
        const char *name; /* "L2" */
        size_t bytes;     /* read and written over and over, together */
        double bytes_per_s;
    } levels[CLI_ROOFLINE_LEVELS];
    double fma_per_s; /* single precision */
};

/* Takes about a quarter of a second. Where memory is short a level's rate is 0. */
void cli_measure_roofline(struct cli_roofline *roofline);

#endif
