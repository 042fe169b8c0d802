/*
 * Finished runs side by side: which scenario keys differ, what came out, and by how much. The first
 * run is the base of the differences. Reads scenario.yaml and summary.json, a page epochs.csv too;
 * alters nothing.
 */
#ifndef MCA_REPORTS_COMPARE_COMPARE_H
#define MCA_REPORTS_COMPARE_COMPARE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "network/network.h"
#include "reports/figures/result_figures.h"
#include "scenario/keys.h"
#include "scenario/scenario.h"

enum {
    MCA_COMPARE_RUNS_MIN = 2,
    MCA_COMPARE_RUNS_MAX = 32,
    MCA_COMPARE_LAYER_FIGURES_MAX = 4, /* of each layer */
    MCA_COMPARE_FIGURES_MAX = 160 + MCA_COMPARE_LAYER_FIGURES_MAX * (MCA_LAYERS_MAX + 1),
    MCA_COMPARE_NOTICES_MAX = 6
};

/* A row of the comparison: a figure of the table of results. */
struct mca_compared_figure {
    const struct mca_result_figure *figure;
    int per_image;                   /* 1: divided by `images` */
    char name[MCA_RESULT_KEY_SIZE];  /* as it stands in JSON: the key, or KEY_per_image */
    char path[MCA_RESULT_KEY_SIZE];  /* in summary.json; a null on the way is no value */
    char label[MCA_RESULT_KEY_SIZE]; /* as a person reads it */
};

/* What of a run is compared. */
struct mca_compared_run {
    const char *dir; /* the caller's */
    struct mca_scenario scenario;
    uint64_t scenario_hash;
    int has_sums;      /* summary.json says what its files are to be (run/sums.h) */
    char version[256]; /* of mcasim, with the commit */
    char *dataset;     /* its name; owned, like the bottleneck */
    uint64_t dataset_hash;
    uint64_t images;                        /* trained on, all epochs */
    char *bottleneck;                       /* NULL where the run has none */
    double values[MCA_COMPARE_FIGURES_MAX]; /* NAN for none */
};

struct mca_comparison {
    size_t count;
    struct mca_compared_run *runs; /* [count] */
    size_t notice_count;
    char notices[MCA_COMPARE_NOTICES_MAX][512]; /* why figures do not compare, a line each */
    size_t key_count;
    const struct mca_key *keys[MCA_KEY_MAX]; /* that are not the same in all runs */
    size_t figure_count;
    size_t layer_row; /* figures before those of layers, which are there where all runs have the
                         same layers, more than one */
    struct mca_compared_figure figures[MCA_COMPARE_FIGURES_MAX];
    size_t bottleneck_row; /* figures before that of the bottleneck, the only text */
};

/*
 * Reads MCA_COMPARE_RUNS_MIN .. MAX directories; their names must outlive the comparison, which is
 * filled on success only and released with mca_comparison_deinit. Errors: MCA_SYSTEM for files that
 * are missing or cannot be read, MCA_INVALID for content (fields missing or of another type, a
 * summary that is not of the scenario beside it), MCA_FAILED for memory.
 */
enum mca_status mca_comparison_load(struct mca_comparison *comparison, const char *const *dirs,
                                    size_t count, struct mca_error *error);
void mca_comparison_deinit(struct mca_comparison *comparison);

/* value - base, and that over |base|; NAN where either is NAN, the fraction also where base is 0.
 */
struct mca_difference {
    double absolute;
    double fraction;
};
struct mca_difference mca_difference_of(double base, double value);

/* best[i] = 1 for each of the best values[count]; none where `better` is 0 or all values are the
 * same. NAN is never best. With `beats_none` a value is better than none at all; otherwise runs
 * without one are not judged. */
void mca_mark_best(const double *values, size_t count, int better, int beats_none,
                   unsigned char *best);

/* A row's values in all runs, and the best of them. */
void mca_compared_row(const struct mca_comparison *comparison, size_t row,
                      double values[MCA_COMPARE_RUNS_MAX],
                      unsigned char best[MCA_COMPARE_RUNS_MAX]);

/* Tables for a person, `width` columns wide where that can be; `colour` adds ANSI escapes. */
enum mca_status mca_comparison_print(FILE *out, const struct mca_comparison *comparison, int width,
                                     int colour, struct mca_error *error);

/* The same as one JSON document. */
enum mca_status mca_comparison_print_json(FILE *out, const struct mca_comparison *comparison,
                                          struct mca_error *error);

/* Fills an object with it; lists are in the order of `runs`, places in them count from 0. */
void mca__comparison_fill_json(struct mca__json *json, json_t *parent,
                               const struct mca_comparison *comparison);

/*
 * One self-contained HTML page, with epochs.csv and the shares of energy and time read from the
 * runs' directories. Written in one step, over what is there (base/durable_file). Errors:
 * as of loading, and MCA_SYSTEM when it cannot be written.
 */
enum mca_status mca_comparison_write_html(const struct mca_comparison *comparison, const char *path,
                                          struct mca_error *error);

#endif
