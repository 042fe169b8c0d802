/* How a chip's column converters are used: which of their codes come, by layer and direction. */
#ifndef MCA_REPORTS_FIGURES_CONVERTER_USE_H
#define MCA_REPORTS_FIGURES_CONVERTER_USE_H

#include <stdint.h>

#include "base/json_writer.h"
#include "base/status.h"
#include "chip/chip.h"
#include "chip/probe.h"

enum { MCA_CONVERTER_BINS = 64, MCA_CONVERTER_IMAGES = 500 /* that a run looks at */ };

struct mca_converter_histogram {
    uint64_t count;   /* of conversions */
    uint64_t at_ends; /* of them, with the least or the largest code that there is */
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

#endif
