/* How a sweep stands, on stderr: a table of two lines on a terminal, now and then a line elsewhere.
 */
#ifndef MCA_SWEEP_TABLE_H
#define MCA_SWEEP_TABLE_H

#include <stdint.h>

struct mca_sweep_counts {
    uint32_t total; /* of this process */
    uint32_t done;
    uint32_t failed;
    uint32_t running;
    uint32_t ran;         /* done or failed since this process began */
    double best_accuracy; /* of the points done; NAN before */
    char best[128];       /* its settings */
};

struct mca_sweep_table {
    int quiet;
    int live;  /* stderr is a terminal that can redraw a line */
    int drawn; /* the row stands on the line */
    int headed;
    int columns;
    double start_s;
    double shown_s;
};

void mca_sweep_table_init(struct mca_sweep_table *table, int quiet);

/* Shows the counts where it is time to; `now` shows them in any case on a terminal. */
void mca_sweep_table_show(struct mca_sweep_table *table, const struct mca_sweep_counts *counts,
                          int now);

/* A line of its own, above the row. Not when quiet, unless it tells of a failure. */
void mca_sweep_table_line(struct mca_sweep_table *table, int is_failure, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Takes the row off the screen, or leaves it as the last word. */
void mca_sweep_table_end(struct mca_sweep_table *table);

#endif
