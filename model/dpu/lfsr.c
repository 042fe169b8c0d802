#include "dpu/lfsr.h"

/* later[b]: where a state of bit b alone gets to */
static uint64_t block_of(const uint32_t later[32], uint32_t to, uint32_t from) {
    uint64_t block = 0;
    for (uint32_t i = 0; i < 8; ++i) {
        for (uint32_t b = 0; b < 8; ++b) {
            const uint64_t bit = later[8 * from + b] >> (8 * to + i) & 1;
            block |= bit << (8 * (7 - i) + b);
        }
    }
    return block;
}

void mca_lfsr_jumps(struct mca_lfsr_jump *jumps, uint32_t count) {
    uint32_t later[32];
    for (uint32_t b = 0; b < 32; ++b) {
        later[b] = (uint32_t)1 << b;
    }
    for (uint32_t steps = 0; steps < count; ++steps) {
        for (uint32_t turn = 0; turn < 4; ++turn) {
            for (uint32_t to = 0; to < 4; ++to) {
                const uint64_t block = block_of(later, to, (to + turn) % 4);
                jumps[steps].block[turn][to][0] = block;
                jumps[steps].block[turn][to][1] = block;
            }
        }
        for (uint32_t b = 0; b < 32; ++b) {
            later[b] = mca_lfsr_next(later[b]);
        }
    }
}
