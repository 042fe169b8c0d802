/*
 * The digital unit's arithmetic, fixed-point or float, behind one set of operations: nothing else
 * asks which it is. Each works on the signals that it allocates for itself; the others are NULL.
 */
#ifndef MCA_CHIP_ARITHMETIC_H
#define MCA_CHIP_ARITHMETIC_H

#include "chip/signals.h"
#include "dpu/chi.h"

struct mca_chip;
struct mca_layer;

struct mca_arithmetic_ops {
    int draws_random; /* a word of a lane's generator for each word of chi, where rounding does;
                         without chi a word of it is always drawn */
    int drives_codes; /* what a matrix is driven with are codes: mca_layer_signals.driven, error */
    int takes_rows;   /* chi is served a row at a time, not a word of lanes */
    /* Signals of a layer of `values` outputs at all its positions; *whole becomes 0 when memory is
     * short. `is_shared`: several layers take them. */
    void (*init_signals)(struct mca_layer_signals *s, uint32_t values, int is_shared,
                         struct mca_arena *arena, int *whole);
    /* `count` pixels and the bias become input lines. */
    void (*load)(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                 struct mca_lines *lines);
    /* `count` pixels become values that layers gather. */
    void (*load_values)(const struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                        struct mca_layer_signals *image);
    /* What drives the bias line of a layer; NULL where not all are codes. */
    int32_t (*bias_code)(const struct mca_chip *chip, const struct mca_layer *layer);
    /* An update at a position, without input lines; NULL where no updates can be joined. */
    struct mca_update (*update_at)(const struct mca_chip *chip, const struct mca_layer *layer,
                                   uint32_t position, const struct mca_layer_signals *s);
    /* The values of `taken` that a layer's matrix is driven with at a position, and the bias,
     * become its input lines. */
    void (*gather)(const struct mca_layer *layer, uint32_t position,
                   const struct mca_layer_signals *taken, struct mca_lines *lines);
    /* A layer's sums over tiles, and what becomes of them: activations, and what they drive. */
    void (*add_forward)(const struct mca_layer *layer, const struct mca_tile_read *of,
                        const struct mca_read_scratch *read, struct mca_layer_signals *s);
    void (*activate)(const struct mca_chip *chip, const struct mca_layer *layer,
                     struct mca_layer_signals *s);
    /* Error of the last layer, scaled. */
    void (*output_error)(const struct mca_chip *chip, const struct mca_layer *layer,
                         struct mca_layer_signals *s, uint32_t label);
    /* Backward reads of a layer: the raw errors of what it takes cleared, those that another
     * layer's reads left there kept, and the scale of what is driven (0: no error at all); lines to
     * drive at a position; conversions of a tile's rows added or taken away where they belong; and
     * the end, the raw errors that were kept added. */
    double (*begin_backward)(const struct mca_chip *chip, const struct mca_layer *layer,
                             int is_first, const struct mca_layer_signals *s,
                             struct mca_layer_signals *below);
    void (*drive)(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t position,
                  int sign, struct mca_layer_signals *s);
    void (*add_backward)(const struct mca_chip *chip, const struct mca_layer *layer,
                         const struct mca_tile_read *of, const struct mca_read_scratch *read,
                         struct mca_layer_signals *below);
    void (*end_backward)(const struct mca_chip *chip, const struct mca_layer *layer, int is_first,
                         const struct mca_layer_signals *s, struct mca_layer_signals *below);
    /* A layer's raw errors, saturated, to its errors; NULL: they are that. */
    void (*scale)(const struct mca_chip *chip, const struct mca_layer *layer,
                  struct mca_layer_signals *s);
    /* Outputs of a layer without a matrix, of what it takes (and `other`, of a residual sum). */
    void (*combine)(const struct mca_chip *chip, const struct mca_layer *layer,
                    const struct mca_layer_signals *taken, const struct mca_layer_signals *other,
                    struct mca_layer_signals *s);
    /* The derivative into the raw errors of a layer that has an activation. */
    void (*apply_slopes)(const struct mca_layer *layer, struct mca_layer_signals *s);
    /* Its raw errors, to those of a layer that it takes: begin_backward to end_backward at once. */
    void (*spread)(const struct mca_chip *chip, const struct mca_layer *layer, int is_first,
                   struct mca_layer_signals *s, struct mca_layer_signals *below);
    /* Products of a digital layer's weights and its input lines at a position, added to its sums;
     * and of its errors there, added to the raw errors of what it takes. */
    void (*multiply)(const struct mca_layer *layer, uint32_t position, struct mca_layer_signals *s);
    void (*multiply_back)(const struct mca_layer *layer, uint32_t position,
                          const struct mca_layer_signals *s, struct mca_layer_signals *below);
    /* A layer's outer product at a position into chi, of the lines gathered there. */
    struct mca_update_result (*update)(struct mca_chip *chip, struct mca_layer *layer,
                                       uint32_t position, struct mca_layer_signals *s,
                                       const struct mca_pulse_sink *sink);
};

extern const struct mca_arithmetic_ops mca__fixed_arithmetic;
extern const struct mca_arithmetic_ops mca__float_arithmetic;

#endif
