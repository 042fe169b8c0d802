/* Inner loop of the update engine: rows of chi, for sums that fit 32 bits. */
#ifndef MCA_DIGITAL_UPDATE_KERNELS_H
#define MCA_DIGITAL_UPDATE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* One step of a lane's generator: Marsaglia, "Xorshift RNGs", J. Stat. Softw. 8 (2003), triple 13,
 * 17, 5. */
static inline uint32_t mca_lfsr_next(uint32_t state) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

struct mca_update_rows {
    uint32_t lanes;
    int stochastic;
    uint32_t shift; /* products x 2^left / 2^shift; one of the two is 0 */
    uint32_t left;
    int32_t epsilon;
    const uint32_t *chunks; /* words to serve, ascending */
    uint32_t chunk_count;
    const int32_t *error; /* [lanes x words] */
    uint32_t *state;      /* [lanes] generators */
    uint32_t *before;     /* [lanes] as they were before the last row */
    uint32_t count;       /* of rows */
    const uint32_t *row;  /* [count] */
    const int32_t *code;  /* [count] input codes */
    void *words;          /* [rows][stride] int16_t, or int32_t where `wide` */
    size_t stride;
    int wide;
    /* 16-bit words whose low bits tell which sums reach epsilon: products as halves of 32 bits,
     * factors shifted so that their upper halves are the changes; NULL where that does not hold */
    const int16_t *error16; /* [lanes x words] errors x 2^error_left */
    uint32_t code_left;     /* error_left + code_left = 16 - shift */
};

/*
 * Adds the rounded products code x error to the words of rows k, k + 1 .., without threshold.
 * Returns the first row whose sums reach epsilon in magnitude, with its words' low bits stored and
 * generators after it; or `count`. Adds to *unchanged how many non-zero products were rounded to
 * nothing; none with stochastic rounding, which loses none in the mean. All sums have to fit 32
 * bits.
 */
uint32_t mca_update_serve(const struct mca_update_rows *update, uint32_t k, uint64_t *unchanged);

/* The sums of the row that mca_update_serve returned: sums[chunk_count][lanes]. */
void mca_update_sums(const struct mca_update_rows *update, uint32_t k, int32_t *sums);

#endif
