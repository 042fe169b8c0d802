/*
 * Results of a run: files of the run's directory and the summary on the terminal. Everything but
 * `runtime` is a pure function of scenario, seed and data.
 */
#ifndef MCA_REPORTS_RUN_REPORT_H
#define MCA_REPORTS_RUN_REPORT_H

#include <stdio.h>

#include "base/json_writer.h"
#include "base/status.h"
#include "reports/figures/chip_picture.h"
#include "run/priced_run.h"

/* Write the files of a run into the existing directory `dir`. Errors: MCA_SYSTEM when a file cannot
 * be written whole, MCA_FAILED for memory. */
enum mca_status mca_report_write_summary(const struct mca_priced_run *report, const char *dir,
                                         struct mca_error *error); /* summary.json */
enum mca_status mca_report_write_epochs(const struct mca_priced_run *report, const char *dir,
                                        struct mca_error *error); /* epochs.csv */
/* confusion.csv: of each class of the last test how many images there were, the share of them that
 * was taken for it, the share of what was taken for it that was of it, and what they were taken
 * for.
 */
enum mca_status mca_report_write_confusion(const struct mca_priced_run *report, const char *dir,
                                           struct mca_error *error);

/* ages.csv: of each age its tests' mean accuracy with the 95 % interval, and each seed's; not
 * written where nothing was aged. */
enum mca_status mca_report_write_ages(const struct mca_priced_run *report, const char *dir,
                                      struct mca_error *error);
enum mca_status mca_report_write_energy(const struct mca_priced_run *report, const char *dir,
                                        struct mca_error *error); /* energy.csv */
/* energy_layers.csv: dynamic energy of each layer; no layer where it is empty. */
enum mca_status mca_report_write_energy_layers(const struct mca_priced_run *report, const char *dir,
                                               struct mca_error *error);
enum mca_status mca_report_write_ledger(const struct mca_priced_run *report, const char *dir,
                                        struct mca_error *error); /* ledger.json */

/* report.html, from summary.json, chip.json and timeline.json in `dir` too; the latter two may be
 * missing. MCA_INVALID where one of them is not JSON. */
enum mca_status mca_report_write_html(const struct mca_priced_run *report, const char *dir,
                                      struct mca_error *error);

/* All of these but report.html, summary.json last: it has checksums of the others, and of
 * chip.json, timeline.json and weights/ where they are in `dir` by then. */
enum mca_status mca_report_write_files(const struct mca_priced_run *report, const char *dir,
                                       struct mca_error *error);

/* What a person reads at the end of a run: at most 100 columns, UTF-8; `colour` adds ANSI escapes.
 * Write errors show in ferror(out). */
void mca_report_print_summary(FILE *out, const struct mca_priced_run *report, int colour);

/* Within the summaries: the numbers that each layer works with (chip/layer_numbers.h); of networks
 * written as widths, whose numbers are the chip's, only where weights were imported. */

/* "layer_numbers": an object for each layer with a matrix or a full scale of its own, every number
 * with where it is from; null where the layer has none. */
void mca__put_layer_numbers(struct mca__json *json, const struct mca_scenario *scenario);

/* A table with a line for each of these layers. */
void mca__print_layer_numbers(FILE *out, const struct mca_scenario *scenario, const char *bold,
                              const char *plain);

/* A row for each layer, for what they share, and for the whole chip, at most 100 columns wide;
 * nothing for a network of one layer. Headings stand between `bold` and `plain`. */
void mca__print_layers(FILE *out, const struct mca_priced_run *report, const char *bold,
                       const char *plain);

/* Energy and time of an image in each layer, on the chip and in each digital design as wide as its
 * digital unit; likewise at most 100 columns. */
void mca__print_design_layers(FILE *out, const struct mca_priced_run *report);

#endif
