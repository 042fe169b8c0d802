/*
 * Read models: what a read of a tile gives. A model is a file here that defines its mca_read_ops,
 * and a line in MCA_READ_MODELS (array_config.h). A matrix chooses one when it is made
 * (mca_matrix_init); nothing else asks which.
 */
#ifndef MCA_ARRAY_READ_READ_MODEL_H
#define MCA_ARRAY_READ_READ_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "array/array_config.h"
#include "base/arena.h"
#include "base/c_linkage.h"
#include "base/rng.h"
#include "base/status.h"

MCA_C_BEGIN

/* Lines driven at once: rows in a forward read, columns in a backward read. Sorted, values
 * non-zero. */
struct mca_drive {
    uint32_t count;
    const uint32_t *line;
    const int32_t
        *code; /* DAC codes, of full scale 2^bits; signed with bipolar drivers; or NULL ... */
    const double *value; /* ... and real inputs where the DAC is ideal */
    uint32_t bits;       /* of magnitude */
};

/* Where a read's noise comes from: reads that differ in any of it have noise of their own. */
enum { MCA_READ_DRAWS = 1 << 15 };
struct mca_read_event {
    enum mca_rng_purpose purpose;
    uint64_t event;
    uint32_t draw; /* < MCA_READ_DRAWS: drives of a signed input, and positions of a matrix that is
                      read at several */
};

/* Work space of one thread. */
struct mca_read_scratch {
    int32_t *sum;     /* [size] */
    uint32_t *var;    /* [size] */
    int32_t *code;    /* [size] */
    uint32_t *square; /* [size] */
    double *wide_sum; /* [size] */
    double *wide_var; /* [size] */
    double *z;        /* [size] */
    double *column;   /* [size]: a read's results */
    int32_t *levels;  /* [size]: their conversions */
    uint32_t size;
    /* of blocks of reads; NULL where there are none */
    int16_t *codes;     /* [MCA_READ_BLOCK_CODES or a read's lines]: dense inputs ... */
    int16_t *squares;   /* ... and theirs */
    int16_t *packed[2]; /* [tile's cells] a tile turned round: differences and variances */
};

/*
 * Many reads of a tile, one input after the other, each with all of the matrix's lines: what a
 * matrix that is read at several positions gives. Read i's results stand in scratch->column from
 * i mca_read_block_stride(count) on. Everything as in reads one by one, to the bit: sums of
 * integers are exact in any order, and a read's noise has places of its own.
 */
enum { MCA_READ_BLOCK = 64, MCA_READ_BLOCK_CODES = 8192, MCA_READ_BLOCK_RESULTS = 2048 };
struct mca_read_block {
    uint32_t reads;      /* <= MCA_READ_BLOCK */
    const int16_t *code; /* [reads][stride] DAC codes, 0 where a line is not driven */
    size_t stride;       /* a multiple of 32 that is more than the lines */
    uint32_t bits;       /* of magnitude */
    enum mca_rng_purpose purpose;
    uint64_t event;
    const uint32_t *draw; /* [reads] < MCA_READ_DRAWS */
};

static inline size_t mca_read_block_stride(uint32_t count) {
    return ((size_t)count + 15) / 16 * 16;
}

struct mca_matrix;
struct mca_tile;

/*
 * What a read model decides. Conductances and results are in uS, inputs of full scale 1; `drive`
 * holds the tile's own lines only. Reads change nothing but the work space, so that threads can
 * read side by side, and draw their noise by their event alone.
 */
struct mca_read_ops {
    const char *name;
    /* 1: a read is the sum of its products, and noise that is independent from device to device:
     * one Gaussian per column is exactly that (`column`), and without noise only the sum is left */
    int is_column_exact;
    /* 1: reads the two devices of a pair one by one; continuous weights have none */
    int needs_pairs;
    /* The same model where inputs are real numbers or weights are continuous; NULL: it takes them
     * itself. */
    const struct mca_read_ops *real;
    /* Once, after the devices are laid out, all at 0: sets matrix->bytes_per_weight, and makes the
     * model's own tables (matrix->read_tables) with memory from `arena`. MCA_FAILED when it is
     * short. */
    enum mca_status (*prepare)(struct mca_matrix *matrix, struct mca_arena *arena,
                               struct mca_error *error);
    /* A pulsed device of a cell was laid out or changed. NULL: no table follows the devices. */
    void (*cell_changed)(struct mca_matrix *matrix, size_t cell);
    /* column_us[c] for c < tile->cols, rows driven. */
    void (*forward)(const struct mca_matrix *matrix, const struct mca_tile *tile,
                    const struct mca_drive *drive, struct mca_read_event event,
                    struct mca_read_scratch *scratch, double *column_us);
    /* row_us[r] for the first `rows` of the tile, columns driven. */
    void (*backward)(const struct mca_matrix *matrix, const struct mca_tile *tile, uint32_t rows,
                     const struct mca_drive *drive, struct mca_read_event event,
                     struct mca_read_scratch *scratch, double *row_us);
    /* The same for blocks of reads of tiles of up to block_lines(bits) driven lines; NULL, and 0
     * lines: reads one by one only. Before its first backward block a tile is packed. */
    uint32_t (*block_lines)(uint32_t bits);
    void (*forward_block)(const struct mca_matrix *matrix, const struct mca_tile *tile,
                          const struct mca_read_block *block, struct mca_read_scratch *scratch);
    void (*pack)(const struct mca_matrix *matrix, const struct mca_tile *tile, uint32_t rows,
                 struct mca_read_scratch *scratch);
    void (*backward_block)(const struct mca_matrix *matrix, const struct mca_tile *tile,
                           uint32_t rows, const struct mca_read_block *block,
                           struct mca_read_scratch *scratch);
    /* Single devices, as mca_matrix_read_pairs_us. */
    void (*pairs_us)(const struct mca_matrix *matrix, const uint32_t *row, const uint32_t *col,
                     uint32_t count, uint64_t event, double *read_us);
};

/* The model of a line of MCA_READ_MODELS (enum mca_read_path). */
const struct mca_read_ops *mca_read_model(unsigned read_path);

#define MCA_READ_DECLARE(constant, name, ops) extern const struct mca_read_ops mca_read_##ops;
MCA_READ_MODELS(MCA_READ_DECLARE)
#undef MCA_READ_DECLARE
extern const struct mca_read_ops mca_read_real; /* `column` with real numbers */

MCA_C_END

#endif
