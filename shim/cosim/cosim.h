/*
 * Cosimulation: the C model trains, and the Verilated digital unit is driven with the same traffic,
 * operation by operation. Compared are every DAC code, activation, error, rated error, exponent,
 * chi word and pulse command, in what cycle a command reaches and leaves its queue, and the cycles
 * of every operation; at the end of the last image, whether all commands came and the whole of chi.
 * The first difference is kept; nothing is driven after it.
 *
 * What the harness stands in for: image port, converters (always ready, so that cycles can be
 * compared), chi SRAM (answers after chi.access_cycles), programming drivers (take a command in the
 * cycle in which the C timeline's drivers do).
 */
#ifndef MCA_SHIM_COSIM_COSIM_H
#define MCA_SHIM_COSIM_COSIM_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "chip/chip.h"
#include "shim/rtl/dpu_rtl.h"

MCA_C_BEGIN

struct mca_cosim;

struct mca_cosim_counts {
    uint64_t images;
    uint64_t operations;
    uint64_t words; /* of activations, errors and chi, `lanes` values each */
    uint64_t commands;
    uint64_t pulses;
    uint64_t cycles; /* of operations */
    uint64_t clocks; /* that the RTL was stepped, waiting included */
};

/* Waveform of images first .. last (from 0), in the chip's time: FST where the path ends in .fst,
 * VCD otherwise. While an image is loaded the chip's time stands; the waveform's goes on, and is
 * the chip's again as soon as the unit has waited as long. */
struct mca_cosim_waveform {
    const char *path; /* must outlive the cosimulation; NULL: none */
    uint64_t first;
    uint64_t last;
};

struct mca_cosim_options {
    uint64_t images; /* that are compared; those after them are not */
    struct mca_dpu_rtl_source source;
    int ignores_cycles; /* values alone */
    struct mca_cosim_waveform waveform;
    const struct mca_observer *observer; /* hears of the unit's build; NULL is fine */
};

/*
 * Attaches to a chip, which must outlive it and not have been trained yet. MCA_INVALID as
 * mca_dpu_set_of; errors of mca_dpu_rtl_create; MCA_SYSTEM when the waveform's file cannot be
 * written.
 */
enum mca_status mca_cosim_create(struct mca_cosim **cosim, struct mca_chip *chip,
                                 const struct mca_cosim_options *options, struct mca_error *error);
void mca_cosim_destroy(struct mca_cosim *cosim);

/* NULL, or what the unit lacks of its trace, so that only what its ports show is compared. */
const char *mca_cosim_trace_lacks(const struct mca_cosim *cosim);

const struct mca_cosim_counts *mca_cosim_counts_of(const struct mca_cosim *cosim);

/* Whether nothing is compared any more: all images are through, or there was a difference. */
int mca_cosim_is_over(const struct mca_cosim *cosim);

/* NULL, or one line that tells the first difference; its image, and its time in the waveform, where
 * the scope `cosim` shows it: UINT64_MAX where the waveform does not have it. */
const char *mca_cosim_mismatch(const struct mca_cosim *cosim, uint64_t *image, uint64_t *time_ps);

/* MCA_OK, MCA_FAILED when memory was short, MCA_SYSTEM when the waveform could not be written
 * whole. */
enum mca_status mca_cosim_status(const struct mca_cosim *cosim, struct mca_error *error);

/* Beside a waveform: PATH.gtkw, by which GTKWave shows its signals in groups, and the names of
 * kinds of operation and of codes for it. */
enum mca_status mca_cosim_write_view(const struct mca_cosim *cosim, struct mca_error *error);

MCA_C_END

#endif
