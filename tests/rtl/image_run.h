/* Random networks, settings and images for the benches of the units, run on the image oracle. */
#ifndef MCA_TESTS_RTL_IMAGE_RUN_H
#define MCA_TESTS_RTL_IMAGE_RUN_H

#include "image_oracle.h"
#include "vectors.h"

enum { IMAGE_PASSES = 8 };

/* Operations of the RTL's trace. */
enum image_kind { IMAGE_FORWARD, IMAGE_ERROR, IMAGE_UPDATE };

struct image_operation {
    enum image_kind kind;
    uint32_t layer;
};

/* Networks: lines in terms of lanes stand in image_run.c. */
enum image_shape {
    SHAPE_ALIGNED, /* two layers; every bias row has a word of its own */
    SHAPE_ODD,     /* two layers; no width is a multiple of lanes */
    SHAPE_THREE,
    SHAPE_ONE,
    SHAPE_FOUR
};

/* What a set of images has to reach: bits of image_corner.reach. */
enum {
    REACH_SATURATED_HIGH = 1,
    REACH_SATURATED_LOW = 2,
    REACH_MOST_SET = 4,    /* max_pulses up */
    REACH_MOST_RESET = 8,  /* max_pulses down */
    REACH_BIAS_ALONE = 16, /* an image of zeros */
    REACH_NO_ERROR = 32,
    REACH_SKIPPED = 64,
    REACH_TWO_READS = 128,
    REACH_ONE_READ = 256,
    REACH_FULL_WORD = 512,      /* every lane of a word sends a command */
    REACH_LEFT = 1024,          /* products shifted left */
    REACH_HIDDEN_TILE = 2048,   /* a command for the third row tile of a layer above the first */
    REACH_NEGATIVE_READ = 4096, /* a layer is read for negative errors only */
    REACH_SMALL_ERROR = 8192    /* scaling shifts left */
};

/* What the images are made of; the rest is random. */
struct image_corner {
    const char *name;
    uint32_t images;
    enum image_shape shape;
    int train, squared, stochastic, bipolar;
    uint32_t interval, latency, max_pulses;
    uint32_t queue;  /* depth of a tile's command queue */
    int rate_offset; /* of the rate's exponent, from the one at which pulses are common */
    int dark;        /* pixels are 0 */
    int small;       /* activations of the outputs are close to their targets, all above */
    int met;         /* activations and targets of the outputs are 0 */
    int chi_at_ends;
    int any_frac;   /* converters' fractional bits from their whole range */
    uint32_t modes; /* bits: how the bench runs it; see vectors_unit.h */
    uint32_t reach;
};

struct image_pass {
    uint32_t passes;
    int32_t adc[IMAGE_PASSES * IMAGE_LINES]; /* passes x padded outputs */
};

struct image_run {
    uint8_t pixels[IMAGE_LINES];
    uint32_t label;
    uint32_t codes[IMAGE_LINES];
    struct image_pass forward_adc[IMAGE_LAYERS], error_adc[IMAGE_LAYERS];
    struct image_forward forward[IMAGE_LAYERS];
    struct image_error error[IMAGE_LAYERS];
    struct image_update update[IMAGE_LAYERS];
};

struct image_widths image_widths(const struct vector_args *args);

/* Network, settings and state of a corner; chi has image_chi_words() words. */
void image_unit_init(struct image_unit *unit, const struct image_widths *widths,
                     const struct image_corner *corner, struct vector_random *random);
void image_unit_deinit(struct image_unit *unit);

uint32_t image_chi_words(const struct image_unit *unit);

/* An image's operations, ordered as docs/reference/rtl.md says; returns their number, 3 x layers at
 * most. */
uint32_t image_operations(const struct image_unit *unit, struct image_operation *operations);

/* A random image from its pixels to its updates. Returns what it reached. */
uint32_t image_run(struct image_unit *unit, const struct image_corner *corner,
                   struct vector_random *random, struct image_run *run);

/* What an update alone reached. */
uint32_t image_update_reach(const struct image_unit *unit, const struct image_update *update);

#endif
