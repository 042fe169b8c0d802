/*
 * An image's operations in parts, for an engine that keeps time itself, as a system model does
 * (shim/systemc): it calls them in an order that it finds, and tells the chip what its own clock
 * gave. The chip's own image (chip.h) strings the same parts together. Values are those of
 * `signals`, one set an image; layers and tiles are given by their numbers.
 */
#ifndef MCA_CHIP_ENGINE_H
#define MCA_CHIP_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "array/converters.h"
#include "base/c_linkage.h"
#include "chip/chip.h"
#include "chip/signals.h"
#include "chip/timeline.h"
#include "chip/work.h"
#include "dpu/chi.h"

MCA_C_BEGIN

/* A pulse command waiting for the end of the image or the mini-batch. */
struct mca_pulse_command {
    uint32_t layer;
    uint32_t row;
    uint32_t col;
    int32_t pulses;       /* > 0: on G+ */
    uint64_t ready_cycle; /* of its update, if nothing waits */
    uint64_t position;    /* whose errors it comes of */
};

/* Where an update's commands go. */
struct mca_command_sink {
    void *user;
    void (*push)(void *user, struct mca_pulse_command command);
};

/* Fixed-point arithmetic. */
int mca_engine_is_fixed(const struct mca_chip *chip);

/* --- an image */

/* Work space of an image; memory comes from `arena`. MCA_FAILED when it is short. */
enum mca_status mca_engine_signals(const struct mca_chip *chip, struct mca_arena *arena,
                                   struct mca_signals *signals, struct mca_error *error);

/* What follows an image of the training: its place in mini-batch and refresh period, which it
 * advances. Continuous devices are never refreshed. */
struct mca_image_plan {
    int ends_batch;
    int refreshes;
};
/* Before the image's updates. Whether it refreshes is known then where the period is in images
 * alone. */
struct mca_image_plan mca_engine_plan_image(struct mca_chip *chip);
/* When all of its updates are recorded, and before the next image's are: their pulses can ask for
 * the refresh. Every image's plan goes through here, in their order. */
void mca_engine_settle_plan(struct mca_chip *chip, struct mca_image_plan *plan);

/* Pixels become the input lines of layers that take the whole image, or values to be gathered. */
void mca_engine_load_image(const struct mca_chip *chip, struct mca_signals *signals,
                           const uint8_t *pixels);

/* The image is trained on. */
void mca_engine_count_image(struct mca_chip *chip);

/* --- reads of a tile */

/* The part of the driven lines below `end`, from the *k-th on; *k moves past it. `bits` of DAC
 * magnitude; 0: real numbers. */
struct mca_drive mca_engine_drive_until(const struct mca_lines *lines, uint32_t bits, uint32_t end,
                                        uint32_t *k);
/* Rows of a tile that belong to the layer below: all but the bias row. */
uint32_t mca_engine_rows_below(const struct mca_chip *chip, uint32_t layer, uint32_t tile);
/* A read's columns to levels, unless the converter is ideal; returns how many were clipped. */
uint64_t mca_engine_convert(const struct mca_adc *adc, struct mca_read_scratch *scratch,
                            uint32_t count);
/* Clipped conversions of a read in training. */
void mca_engine_count_clips(struct mca_chip *chip, uint64_t clips);

/* --- forward */

/* The input lines of a layer at a position. */
void mca_engine_gather(const struct mca_chip *chip, uint32_t layer, uint32_t position,
                       struct mca_signals *signals);
/* Drives of a layer's input: one, or those of a signed input; and the lines of one of them, with
 * their sign, 0 for both. */
uint32_t mca_engine_forward_drives(const struct mca_chip *chip, uint32_t layer);
const struct mca_lines *mca_engine_drive_forward(const struct mca_chip *chip, uint32_t layer,
                                                 uint32_t drive, struct mca_signals *signals,
                                                 int *sign);
/* A layer's sums over tiles: cleared, a tile's conversions added, made activations and what they
 * drive. */
void mca_engine_clear_sums(const struct mca_chip *chip, uint32_t layer,
                           struct mca_signals *signals);
void mca_engine_add_forward(const struct mca_chip *chip, uint32_t layer,
                            const struct mca_tile_read *of, const struct mca_read_scratch *read,
                            struct mca_signals *signals);
void mca_engine_activate(const struct mca_chip *chip, uint32_t layer, struct mca_signals *signals);
/* What a vector operation gives of what it takes, its sums being whole: activations, outputs of a
 * layer without a matrix, errors. `label` is that of the image. Products: mca_engine_multiply. */
void mca_engine_compute(const struct mca_chip *chip, const struct mca_step *step,
                        struct mca_signals *signals, uint32_t label);
/* Class of the largest output; the lowest such class. */
uint32_t mca_engine_predict(const struct mca_chip *chip, const struct mca_signals *signals);
/* Of the last layer's activations. */
double mca_engine_loss(const struct mca_chip *chip, const struct mca_signals *signals,
                       uint32_t label);

/* --- items of layers that stream (timing.streaming): a position, or a row without a matrix */

uint32_t mca_engine_items(const struct mca_chip *chip, uint32_t layer);
/* The last item of `source`, a layer that `layer` takes or adds, whose values an item needs. */
uint32_t mca_engine_item_needs(const struct mca_chip *chip, uint32_t layer, uint32_t item,
                               uint32_t source);
/* The values that an item of a forward operation gives. */
void mca_engine_finish_item(const struct mca_chip *chip, const struct mca_step *step, uint32_t item,
                            struct mca_signals *signals);

/* --- errors and backward */

/* Drives of a signed input: its positive part and then its negative part, or both at once. */
uint32_t mca_engine_backward_drives(const struct mca_chip *chip);
/* Clears the raw errors of the layer that `layer` takes; finds the scale by which float errors are
 * driven. */
void mca_engine_begin_backward(const struct mca_chip *chip, uint32_t layer,
                               struct mca_signals *signals);
/* Lines of drive number `drive` at a position (signals->layers[layer].drive); returns their sign, 0
 * for both. */
int mca_engine_drive_backward(const struct mca_chip *chip, uint32_t layer, uint32_t position,
                              uint32_t drive, struct mca_signals *signals);
/* A tile's conversions added to the raw errors of the layer that `layer` takes; and the end of all
 * its reads. */
void mca_engine_add_backward(const struct mca_chip *chip, uint32_t layer,
                             const struct mca_tile_read *of, const struct mca_read_scratch *read,
                             struct mca_signals *signals);
void mca_engine_end_backward(const struct mca_chip *chip, uint32_t layer,
                             struct mca_signals *signals);

/* --- digital layers: no matrix on tiles, their weights are the words of chi */

/* Products of a step of such a layer, forward or backward, at all positions, and their work. */
void mca_engine_multiply(const struct mca_chip *chip, const struct mca_step *step,
                         struct mca_signals *signals, struct mca_work *work);

/* --- update and transfer */

/* fixed: alignment of input code x rated error to chi. */
int32_t mca_engine_update_shift(const struct mca_chip *chip, uint32_t layer,
                                int32_t error_exponent);
/* A layer's outer products into chi, position by position; commands go to `sink`. */
struct mca_update_result mca_engine_update_values(struct mca_chip *chip, uint32_t layer,
                                                  struct mca_signals *signals,
                                                  const struct mca_command_sink *sink);
/* What an update gave, into the chip's statistics. */
void mca_engine_record_update(struct mca_chip *chip, const struct mca_step *step,
                              const struct mca_update_result *result);
/* Keeps a command for the end of the mini-batch; what memory was short for shows in
 * mca_engine_check. */
void mca_engine_program_remember(struct mca_chip *chip, struct mca_pulse_command command);
/* The commands that wait, which are the engine's then; they hold until the next is kept. */
const struct mca_pulse_command *mca_engine_take_commands(struct mca_chip *chip, size_t *count);
/* 1 while images of a mini-batch are in; it is closed before its time. */
int mca_engine_batch_is_open(const struct mca_chip *chip);
void mca_engine_close_batch(struct mca_chip *chip);
/* A command's pulses on its device, counted. */
void mca_engine_apply_pulses(struct mca_chip *chip, const struct mca_pulse_command *command);
/* Mini-batch sums of write-through weights, where there are such, go to the weights. */
void mca_engine_apply_sums(struct mca_chip *chip);
uint64_t mca_engine_pulses_ps(const struct mca_chip *chip, int32_t pulses);

/* --- refresh */

/* Where rewritten pairs go: their pulses take duration_ps. */
struct mca_rewrite_sink {
    void *user;
    void (*rewrite)(void *user, uint32_t layer, uint32_t row, uint32_t col, uint64_t duration_ps);
};
/* Looks at every pair, rewrites those that are due. Pulsed devices only. */
void mca_engine_refresh_layer(struct mca_chip *chip, uint32_t layer,
                              const struct mca_rewrite_sink *sink);
/* All layers are through. */
void mca_engine_end_refresh(struct mca_chip *chip);

/* --- times and counts */

/* First cycle in which the digital unit has all of an image that began to load at start_ps, where
 * it had the image before at before_cycle (0: none). It takes a word of pixels a cycle, and one for
 * the bias line where that has a word of its own. */
uint64_t mca_engine_image_cycle(const struct mca_chip *chip, uint64_t start_ps,
                                uint64_t before_cycle);
/* The counts of a step's work, into the ledger. */
void mca_engine_book(struct mca_chip *chip, const struct mca_step *step,
                     const struct mca_work *work);
/* What the engine's clock gave: busy time of a resource, and of it what others than the unit that
 * worked longest did; and the latest end of all, with the time of each phase on the path that led
 * there. */
void mca_engine_book_busy(struct mca_chip *chip, uint32_t layer, enum mca_phase phase,
                          enum mca_resource resource, uint64_t busy_ps, uint64_t beside_ps);
void mca_engine_book_time(struct mca_chip *chip, uint64_t end_ps,
                          const uint64_t path_ps[MCA_PHASE_COUNT]);
/* MCA_FAILED before times could overflow, and when memory for commands was short. */
enum mca_status mca_engine_check(const struct mca_chip *chip, struct mca_error *error);

MCA_C_END

#endif
