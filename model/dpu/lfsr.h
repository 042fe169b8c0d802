/*
 * A lane's generator: Marsaglia, "Xorshift RNGs", J. Stat. Softw. 8 (2003), triple 13, 17, 5; a
 * linear feedback shift register with three taps a step. A step is linear over the field of two
 * elements, so many of them are one 32 x 32 matrix of bits: that is how rows of chi are served side
 * by side whose random numbers follow each other.
 */
#ifndef MCA_DPU_LFSR_H
#define MCA_DPU_LFSR_H

#include <stdint.h>

/* One step; 0 is a fixed point, all other states lie on one cycle. */
static inline uint32_t mca_lfsr_next(uint32_t state) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/*
 * A number of steps as a 32 x 32 matrix of bits, in blocks of 8 x 8:
 *
 *   byte b of the later state = XOR over turn of block[turn][b] byte (b + turn) mod 4 of the state
 *
 * It is laid out for GF2P8AFFINEQB on vectors of 64 bytes, a quarter of which holds byte b of 16
 * states. Each block stands there twice, as a quarter takes it, and row i of a block, the mask of
 * bits that make bit i, is its byte 7 - i.
 */
struct mca_lfsr_jump {
    uint64_t block[4][4][2];
};

/* jumps[s] = s steps, for s < count. */
void mca_lfsr_jumps(struct mca_lfsr_jump *jumps, uint32_t count);

#endif
