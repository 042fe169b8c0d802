#include "sweep/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/status.h"
#include "run/progress.h"

static const double REDRAW_S = 0.1;
static const double REPORT_S = 30;

void mca_sweep_table_init(struct mca_sweep_table *table, int quiet) {
    struct mca_progress_bar progress; /* knows what the terminal can do */
    mca_progress_init(&progress, quiet);
    *table = (struct mca_sweep_table){.quiet = quiet,
                                      .live = progress.bar,
                                      .columns = progress.columns,
                                      .start_s = progress.start_s,
                                      .shown_s = progress.start_s};
}

void mca_sweep_table_end(struct mca_sweep_table *table) {
    if (table->drawn) {
        (void)fprintf(stderr, "\n");
        table->drawn = 0;
        table->headed = 0;
    }
}

void mca_sweep_table_line(struct mca_sweep_table *table, int is_failure, const char *format, ...) {
    char line[2 * MCA_ERROR_SIZE];
    va_list args;
    if (table->quiet && !is_failure) {
        return;
    }
    if (table->drawn) {
        (void)fprintf(stderr, "\r%*s\r", table->columns - 1, "");
        table->drawn = 0;
    }
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    (void)fprintf(stderr, "%s\n", line); /* at once: several sweeps may share it */
    table->headed = 0;
}

/* Time for what is left at the rate so far. */
static void time_left(const struct mca_sweep_table *table, const struct mca_sweep_counts *counts,
                      char text[32]) {
    (void)snprintf(text, 32, "-:--");
    if (counts->ran > 0) {
        const double each_s = (mca_now_s() - table->start_s) / counts->ran;
        mca_format_time(each_s * (counts->total - counts->done - counts->failed), text);
    }
}

static void draw(struct mca_sweep_table *table, const struct mca_sweep_counts *counts) {
    char done[32];
    char left[32];
    char best[192] = "-";
    char row[320];
    if (!table->headed) {
        (void)fprintf(stderr, "%s%11s%9s%8s%10s  best accuracy so far\n", table->drawn ? "\n" : "",
                      "done", "running", "failed", "left");
        table->headed = 1;
    }
    time_left(table, counts, left);
    if (isfinite(counts->best_accuracy)) {
        (void)snprintf(best, sizeof best, "%.2f %%  %s", 100 * counts->best_accuracy, counts->best);
    }
    (void)snprintf(done, sizeof done, "%u/%u", counts->done, counts->total);
    (void)snprintf(row, sizeof row, "%11s%9u%8u%10s  %s", done, counts->running, counts->failed,
                   left, best);
    (void)fprintf(stderr, "\r%-*.*s", table->columns - 1, table->columns - 1, row);
    table->drawn = 1;
}

void mca_sweep_table_show(struct mca_sweep_table *table, const struct mca_sweep_counts *counts,
                          int now) {
    const double now_s = mca_now_s();
    const int is_time = now_s - table->shown_s >= (table->live ? REDRAW_S : REPORT_S);
    if (table->quiet || !(is_time || (now && table->live))) {
        return;
    }
    table->shown_s = now_s;
    if (table->live) {
        draw(table, counts);
        return;
    }
    char left[32];
    time_left(table, counts, left);
    (void)fprintf(stderr, "%u of %u points done, %u running, %u failed, %s left\n", counts->done,
                  counts->total, counts->running, counts->failed, left);
}
