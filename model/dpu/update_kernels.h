/* Inner loop of the update engine: rows of chi, for sums that fit 32 bits. */
#ifndef MCA_DPU_UPDATE_KERNELS_H
#define MCA_DPU_UPDATE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

struct mca_lfsr_jump;

/* Rows that may be served side by side. */
enum { MCA_UPDATE_GROUP = 4 };

struct mca_update_rows {
    uint32_t lanes;
    int stochastic;
    uint32_t shift; /* products x 2^left / 2^shift; one of the two is 0 */
    uint32_t left;
    int32_t epsilon;
    const uint32_t *chunks; /* words to serve, ascending */
    uint32_t chunk_count;
    const int32_t *error; /* [lanes x words] */
    const uint32_t *of;   /* [count] whose errors a row's are, `stride` apart, where updates are
                           * joined (mca_update_joins); NULL: all have the same */
    uint32_t *state;      /* [lanes] generators */
    uint32_t *before;     /* [MCA_UPDATE_GROUP][lanes] as they were before rows of the last group */
    const struct mca_lfsr_jump *jumps; /* [mca_update_jumps] NULL where that is 0 */
    uint32_t count;                    /* of rows */
    const uint32_t *row;               /* [count] */
    const int32_t *code;               /* [count] input codes */
    void *words;                       /* [rows][stride] int16_t, or int32_t where `wide` */
    size_t stride;
    int wide;
    /* 16-bit words whose low bits tell which sums reach epsilon: products as halves of 32 bits,
     * factors shifted so that their upper halves are the changes; NULL where that does not hold */
    const int16_t *error16; /* [lanes x words] errors x 2^error_left */
    uint32_t code_left;     /* error_left + code_left = 16 - shift */
};

/* Rows served: those before `end`; and of the last ones, from `first` on, at most MCA_UPDATE_GROUP,
 * which reached epsilon in magnitude in any of their sums: bit r - first for row r. */
struct mca_update_served {
    uint32_t end;
    uint32_t first;
    uint32_t over;
};

/*
 * Adds the rounded products code x error to the words of rows k, k + 1 .., and stops after rows in
 * which a sum reaches epsilon, which are left for mca_update_sums to be settled, or when all are
 * served. Of sums that reach epsilon the low bits are stored. The generators are then after the
 * last row served. Adds to *unchanged how many non-zero products were rounded to nothing; none with
 * stochastic rounding, which loses none in the mean. All sums have to fit 32 bits.
 */
struct mca_update_served mca_update_serve(const struct mca_update_rows *update, uint32_t k,
                                          uint64_t *unchanged);

/* The sums of row k, which mca_update_serve told to have reached epsilon as its bit `place`:
 * sums[chunk_count][lanes]. */
void mca_update_sums(const struct mca_update_rows *update, uint32_t k, uint32_t place,
                     int32_t *sums);

/* A row alone was served last: `k`, which reached epsilon, or none where that is `count`. */
static inline struct mca_update_served mca_update_one(uint32_t count, uint32_t k) {
    const uint32_t over = k < count;
    return (struct mca_update_served){k + over, k, over};
}

/* Of how many jumps a kernel makes use, where rows have `words` words of lanes. */
uint32_t mca_update_jumps(uint32_t lanes, int wide, int stochastic, uint32_t words);

/* Whether rows of several updates can be served as those of one: rows of a single word, whose lists
 * of words are all alike. */
int mca_update_joins(uint32_t lanes, int wide, int stochastic, uint32_t words);

/* The errors of row k, of `from` the first's. */
static inline size_t mca_update_errors_at(const struct mca_update_rows *update, uint32_t k) {
    return update->of ? update->of[k] * update->stride : 0;
}

/* Serves by instructions of the machine's own where it has such a kernel; returns whether. */
int mca_update_serve_own(const struct mca_update_rows *update, uint32_t k,
                         struct mca_update_served *served);

#endif
