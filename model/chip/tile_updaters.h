/*
 * The update engines of a layer whose tiles have digital units of their own (dpu.units per-tile).
 * Each goes through the part of chi of its tile's weights, in the order in which one engine goes
 * through all (dpu/chi.h): the same words, with the same products, pulses and random numbers, only
 * that those of different tiles are served side by side. What is found here is when: how many of
 * its own words an engine has served before a command, and in which cycle it is done.
 */
#ifndef MCA_CHIP_TILE_UPDATERS_H
#define MCA_CHIP_TILE_UPDATERS_H

#include <stdint.h>

#include "chip/chip.h"
#include "chip/signals.h"
#include "dpu/chi.h"

struct mca_layer;

/* An engine in an update. */
struct mca_tile_updater {
    uint64_t start;  /* cycles before its first word: products go to accumulators */
    uint64_t words;  /* of chi, served so far */
    uint64_t beyond; /* cycles that commands took beyond the pace of their words */
    uint64_t word;   /* the one that had the last command, and how many it had */
    uint64_t commands;
    uint64_t cycles; /* of the update, if no queue is full */
};

struct mca_tile_updaters {
    struct mca_tile_updater *of; /* [tiles], of the chip's layer that has most */
    /* what all of them go through now: rows of chi, and words of each of these rows */
    uint32_t row_count;
    uint32_t *rows;
    uint32_t word_count;
    uint32_t *words;
};

/* chip->updaters, where tiles have units. MCA_FAILED for memory. */
enum mca_status mca__updaters_init(struct mca_chip *chip, struct mca_error *error);

/* Whether a layer has several of them. */
int mca__has_updaters(const struct mca_layer *layer);

/* An update of a layer begins. */
void mca__updaters_begin(struct mca_chip *chip, const struct mca_layer *layer);

/* The outer product of a position comes next, of the lines gathered there. */
void mca__updaters_take_position(struct mca_chip *chip, const struct mca_layer *layer,
                                 uint32_t position, const struct mca_layer_signals *s);

/* The sums of a row of chi come next: integers, or NULL in floating point. */
void mca__updaters_take_sums(struct mca_chip *chip, const struct mca_layer *layer, uint32_t row,
                             const int32_t *sums);

/* They are in accumulators, or were served by chi. */
void mca__updaters_sum(struct mca_chip *chip, const struct mca_layer *layer);
void mca__updaters_serve(struct mca_chip *chip, const struct mca_layer *layer);

/* The cycle of the update in which a command of what comes next is ready, if nothing waits; asked
 * once for each, in their order. */
uint64_t mca__updaters_command_cycle(struct mca_chip *chip, const struct mca_layer *layer,
                                     uint32_t row, uint32_t col);

/* It is over: its cycles. */
void mca__updaters_end(struct mca_chip *chip, const struct mca_layer *layer,
                       struct mca_update_result *result);

/* Words that the engine of a layer serves which has most: of an update that is over, of all
 * `words`. */
uint64_t mca__updater_words(const struct mca_chip *chip, uint32_t layer, uint64_t words);

/* Words of a whole row of chi that lie with a tile, or all. */
uint64_t mca__updater_row_words(const struct mca_layer *layer, uint32_t tile);

#endif
