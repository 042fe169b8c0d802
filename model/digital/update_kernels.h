/* Inner loop of the update engine: one row of chi, for shifts 0 .. 30 and chi of up to 30 bits. */
#ifndef MCA_DIGITAL_UPDATE_KERNELS_H
#define MCA_DIGITAL_UPDATE_KERNELS_H

#include <stdint.h>

/* One step of a lane's generator: Marsaglia, "Xorshift RNGs", J. Stat. Softw. 8 (2003), triple 13,
 * 17, 5. */
static inline uint32_t mca_lfsr_next(uint32_t state) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

struct mca_update_kernel {
    uint32_t lanes;
    int stochastic;
    uint32_t shift;
    int32_t epsilon;
    const uint32_t *chunks; /* words to serve, ascending */
    uint32_t chunk_count;
    const int32_t *error; /* [lanes x words] */
    uint32_t *state;      /* [lanes] */
};

/*
 * Adds the rounded products code x error to the words of a row, without threshold. Returns whether
 * any sum reached epsilon in magnitude; *unchanged: how many non-zero products were rounded to
 * nothing, 0 with stochastic rounding, which loses none in the mean.
 */
int mca_update_row(const struct mca_update_kernel *kernel, int32_t code, int32_t *words,
                   uint32_t *unchanged);

#endif
