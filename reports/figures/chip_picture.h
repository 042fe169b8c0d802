/*
 * What a chip's devices and accumulators look like at one moment, small enough to keep: histograms
 * of conductances, weights and chi, and how worn the devices of each tile are.
 */
#ifndef MCA_REPORTS_FIGURES_CHIP_PICTURE_H
#define MCA_REPORTS_FIGURES_CHIP_PICTURE_H

#include <stdint.h>

#include "base/status.h"
#include "chip/chip.h"
#include "reports/figures/converter_use.h"

enum {
    MCA_PICTURE_BINS = 64,
    MCA_PICTURE_WRITE_BINS = 33, /* 0, 1, 2..3, 4..7 .. */
    MCA_PICTURE_MAP_SIDE = 64    /* a layer's wear map has at most so many blocks a side */
};

/* Bin b of `bins` holds values from low + b (high - low) / bins on; what lies outside is counted in
 * the first or last one. */
struct mca_histogram {
    double low;
    double high;
    double sum; /* of all values */
    uint64_t count;
    uint64_t bins[MCA_PICTURE_BINS];
};

struct mca_layer_picture {
    struct mca_histogram conductance_us; /* of all devices; empty for continuous ones */
    struct mca_histogram weight_us;      /* differences of pairs */
    struct mca_histogram chi_epsilons;
};

struct mca_chip_picture {
    uint32_t layer_count;
    struct mca_layer_picture *layers; /* owned */
};

/* Takes the picture. MCA_FAILED for memory. */
enum mca_status mca_chip_picture_take(struct mca_chip_picture *picture, const struct mca_chip *chip,
                                      struct mca_error *error);
void mca_chip_picture_deinit(struct mca_chip_picture *picture);

/* Writes `dir`/chip.json: the picture before training, that of `chip` now, how its converters were
 * used, and its wear: pulses of every device since the beginning, by tile and as a map of the
 * largest of each block. Errors: MCA_SYSTEM for the file, MCA_FAILED for memory. */
enum mca_status mca_report_write_chip(const struct mca_chip_picture *before,
                                      const struct mca_converter_use *use,
                                      const struct mca_chip *chip, const char *dir,
                                      struct mca_error *error);

#endif
