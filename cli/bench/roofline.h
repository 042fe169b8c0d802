/* What this machine can do, measured: copy bandwidth by size of the data, and rate of fused
 * multiply-adds, one thread. */
#ifndef MCA_CLI_BENCH_ROOFLINE_H
#define MCA_CLI_BENCH_ROOFLINE_H

#include <stddef.h>

enum { CLI_ROOFLINE_LEVELS = 4 };

struct cli_roofline {
    struct cli_roofline_level {
        const char *name; /* "L2" */
        size_t bytes;     /* read and written over and over, together */
        size_t capacity;  /* of the cache; SIZE_MAX for memory */
        double bytes_per_s;
    } levels[CLI_ROOFLINE_LEVELS];
    double fma_per_s; /* single precision */
};

/* Takes about a quarter of a second. Where memory is short a level's rate is 0. */
void cli_measure_roofline(struct cli_roofline *roofline);

/* The level, 0 .. CLI_ROOFLINE_LEVELS - 1, that `bytes` used over and over lie in: the first that
 * holds them. */
int cli_roofline_level(const struct cli_roofline *roofline, size_t bytes);

#endif
