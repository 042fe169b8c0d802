/*
 * Results of a run: files of the run's directory and the summary on the terminal. Everything but
 * `runtime` is a pure function of scenario, seed and data.
 */
#ifndef MCA_REPORTS_RUN_REPORT_H
#define MCA_REPORTS_RUN_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "cost/baseline.h"
#include "cost/component_library.h"
#include "cost/pricing.h"
#include "scenario/scenario.h"
#include "train/trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The data that was really used. */
struct mca_dataset_summary {
    const char *name;
    uint32_t train; /* images of the set, as loaded */
    uint32_t test;
    uint64_t hash;
};

/* Measured on this machine; 0 where not measured, threads 0 where nothing ran. */
struct mca_runtime {
    double wall_s;
    double train_wall_s;
    double test_wall_s;
    uint32_t threads;
    uint64_t peak_rss_bytes;
    uint64_t trained_before; /* images, by processes before this one: a run that was resumed */
    uint64_t tested_before;
};

/* Energy of a digital design over the chip's; NAN for none. What both share cancels in the range.
 */
struct mca_energy_ratio {
    double value;
    struct mca_range range;
};

/* A digital design beside the chip: as wide as the chip's digital unit, as fast as the chip, and as
 * large as the chip. `lanes` is 0 where that cannot be. */
struct mca_baseline_report {
    struct mca_baseline same_lanes;
    struct mca_baseline iso_throughput;
    struct mca_baseline iso_area;
    struct mca_energy_ratio total_ratio;   /* dynamic and static energy */
    struct mca_energy_ratio dynamic_ratio; /* dynamic energy alone */
};

/* What the writers need. Fill it with mca_run_report_init; everything pointed to is the caller's
 * and must outlive it. */
struct mca_run_report {
    const char *name;       /* of the scenario */
    uint64_t scenario_hash; /* of the resolved scenario */
    const struct mca_scenario *scenario;
    struct mca_dataset_summary dataset;
    const struct mca_train_result *result;
    const struct mca_component_library *library;
    struct mca_runtime runtime;
    /* by mca_run_report_init */
    struct mca_price_list prices;
    struct mca_pricing pricing;
    struct mca_baseline_report baselines[MCA_BASELINE_DESIGN_COUNT];
};

/* Prices the run and its baselines; the fields above `prices` must be set. */
void mca_run_report_init(struct mca_run_report *report);

/* Write the files of a run into the existing directory `dir`. Errors: MCA_SYSTEM when a file cannot
 * be written whole, MCA_FAILED for memory. */
enum mca_status mca_report_write_summary(const struct mca_run_report *report, const char *dir,
                                         struct mca_error *error); /* summary.json */
enum mca_status mca_report_write_epochs(const struct mca_run_report *report, const char *dir,
                                        struct mca_error *error); /* epochs.csv */
enum mca_status mca_report_write_energy(const struct mca_run_report *report, const char *dir,
                                        struct mca_error *error); /* energy.csv */
enum mca_status mca_report_write_ledger(const struct mca_run_report *report, const char *dir,
                                        struct mca_error *error); /* ledger.json */

/* report.html, from summary.json, chip.json and timeline.json in `dir` too; the latter two may be
 * missing. MCA_INVALID where one of them is not JSON. */
enum mca_status mca_report_write_html(const struct mca_run_report *report, const char *dir,
                                      struct mca_error *error);

/* The first four, summary.json last: it has checksums of the others, and of chip.json,
 * timeline.json and weights/ where they are in `dir` by then. */
enum mca_status mca_report_write_files(const struct mca_run_report *report, const char *dir,
                                       struct mca_error *error);

/* What a person reads at the end of a run: at most 100 columns, UTF-8; `colour` adds ANSI escapes.
 * Write errors show in ferror(out). */
void mca_report_print_summary(FILE *out, const struct mca_run_report *report, int colour);

/* The library with values, ranges, kinds and sources, for `mcasim components`. */
void mca_report_print_components(FILE *out, const struct mca_component_library *library,
                                 int colour);

#ifdef __cplusplus
}
#endif

#endif
