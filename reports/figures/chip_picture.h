/*
 * What a chip's devices and accumulators look like at one moment, small enough to keep: histograms
 * of conductances, weights and chi, and how worn the devices of each tile are.
 */
#ifndef MCA_REPORTS_FIGURES_CHIP_PICTURE_H
#define MCA_REPORTS_FIGURES_CHIP_PICTURE_H

#include <stdint.h>

#include "base/json_writer.h"
#include "base/status.h"
#include "chip/chip.h"
#include "chip/probe.h"

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

/* How the chip's column converters are used: which of their codes come, by layer and direction. */
enum { MCA_CONVERTER_BINS = 64, MCA_CONVERTER_IMAGES = 500 /* that a run looks at */ };

struct mca_converter_histogram {
    uint64_t count;   /* of conversions */
    uint64_t at_ends; /* of them, with the least or the largest code that there is */
    uint64_t squares; /* their sum, of the codes */
    int32_t least;    /* codes that came */
    int32_t most;
    uint64_t bins[MCA_CONVERTER_BINS]; /* equal parts of the range, from its least code on */
};

struct mca_converter_use {
    uint32_t bits; /* of a code; 0: ideal converters, nothing is noted */
    uint32_t bins; /* min(2^bits, MCA_CONVERTER_BINS) */
    uint32_t layer_count;
    struct mca_converter_histogram (*layers)[2]; /* [layer_count]: forward, backward; owned */
    struct mca_chip_probe probe;
};

/* Nothing is noted yet. MCA_FAILED for memory. */
enum mca_status mca_converter_use_init(struct mca_converter_use *use, const struct mca_chip *chip,
                                       struct mca_error *error);
void mca_converter_use_deinit(struct mca_converter_use *use);

/* Notes conversions of training images from now on. `use` must stay where it is while the chip
 * trains. */
void mca_converter_use_watch(struct mca_converter_use *use, struct mca_chip *chip);

/* Layer `layer` as an object under `key`: forward and backward, null where nothing was noted. */
void mca__converter_use_put(const struct mca_converter_use *use, uint32_t layer,
                            struct mca__json *json, json_t *parent, const char *key);

/* Writes `dir`/chip.json: the picture before training, that of `chip` now, how its converters were
 * used, and its wear: pulses of every device since the beginning, by tile and as a map of the
 * largest of each block. Errors: MCA_SYSTEM for the file, MCA_FAILED for memory. */
enum mca_status mca_report_write_chip(const struct mca_chip_picture *before,
                                      const struct mca_converter_use *use,
                                      const struct mca_chip *chip, const char *dir,
                                      struct mca_error *error);

#endif
