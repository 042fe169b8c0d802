/*
 * Who reports a run: it listens to the chip while that trains, and writes and prints what there is
 * to tell. A run is written through this table, so that the model knows of no report.
 */
#ifndef MCA_RUN_REPORTER_H
#define MCA_RUN_REPORTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "chip/chip.h"
#include "chip/trace.h"
#include "run/priced_run.h"
#include "train/checkpoint.h"

MCA_C_BEGIN

/* What there is to write of a run that is over. */
struct mca_run_results {
    struct mca_priced_run *run; /* gets its advice from who writes it */
    const struct mca_chip *chip;
    const struct mca_trace *trace;
    int is_trace_wanted; /* in files of its own; otherwise it is the picture of one image */
    int is_page_wanted;
};

/* No function may be NULL. */
struct mca_run_reporter {
    size_t picture_operations; /* of the last image but one that are kept to be drawn */
    /* One for a run; NULL when memory is short. */
    void *(*create)(void);
    void (*destroy)(void *user); /* NULL is fine */
    /* The chip's first weights are programmed; `images` will be trained on. MCA_FAILED for memory.
     */
    enum mca_status (*begin)(void *user, const struct mca_chip *chip, uint64_t images,
                             struct mca_error *error);
    /* Before image `number`, from 1, is trained on by the chip itself. */
    void (*next_image)(void *user, struct mca_chip *chip, uint64_t number);
    /* What it has noted so far and a checkpoint keeps for it. */
    struct mca_checkpoint_extra (*noted)(void *user);
    /* Everything of the run's directory but scenario.yaml and weights/, summary.json after all that
     * it has checksums of. Errors: MCA_SYSTEM for files, MCA_FAILED for memory. */
    enum mca_status (*write)(void *user, const struct mca_run_results *results, const char *dir,
                             struct mca_error *error);
    /* What a person reads at the end, on stdout. */
    void (*print)(const struct mca_priced_run *run);
};

MCA_C_END

#endif
