/*
 * Which phases the path to the end of the simulated time goes through, found from the operations
 * that a sink sees: from the latest end back from each operation to what ended when it began. Of
 * the chip it knows what waits for what, nothing of how it keeps its times.
 */
#ifndef MCA_TESTS_CHIP_PATH_WALK_H
#define MCA_TESTS_CHIP_PATH_WALK_H

#include "chip/chip_state.h"

struct path_walk; /* operations of a chip from its first image on */

struct path_walk *path_walk_begin(struct mca_chip *chip);
/* The mini-batch ended with what was done so far. */
void path_walk_batch_ends(struct path_walk *walk);
/* Time of each phase on the path to the latest end. */
void path_walk_shares(struct path_walk *walk, uint64_t phase_ps[MCA_PHASE_COUNT]);
void path_walk_end(struct path_walk *walk);

#endif
