/*
 * Chi, the accumulator memory, and the update engine that fills it: outer product of input codes
 * and errors, one alignment shift, rounding, accumulation, threshold, pulse count with bound,
 * residual.
 *
 * Words count in 1 / 2^frac_bits of epsilon, so that epsilon = 2^frac_bits. For input code x > 0 of
 * row r, error e of column c, and the shift s of the image and layer (s < 0 shifts left):
 *
 *   delta   = round(x e / 2^s)            nearest: half away from zero
 *             floor((x e + u) / 2^s)      stochastic: u the low s bits of the lane's generator
 *                                         saturated to 32 bits
 *   sum     = chi + delta
 *   pulses  = trunc(sum / epsilon)        at most max_pulses in magnitude
 *   chi     = sum - pulses epsilon        saturated to +-(2^(bits - 1) - 1)
 *
 * With transfer.mode direct there is no chi: words count whole pulses and keep nothing. A product
 * is rounded once, at the shift S = s + frac_bits, with u the low S bits of the generator, which is
 * the same as rounding to chi's units first and to pulses with the next frac_bits bits after:
 *
 *   pulses  = floor((x e + u) / 2^S)      at most max_pulses in magnitude; the rest is lost
 *
 * The mean over u is x e / 2^S exactly, for either sign. Beyond S = 32, the generator's bits, x e
 * is first rounded to 2^(S - 32), half away from zero: off by 2^-33 of a pulse at most.
 *
 * Column c is served by lane c % lanes, as word c / lanes of its row. Words whose errors are all
 * zero and rows whose input is zero are skipped; a lane's generator (32-bit xorshift, Marsaglia
 * 2003, a linear feedback shift register with three taps per step) steps once for each word served.
 * Of a memory that lies by columns the same holds with rows and columns, inputs and errors
 * exchanged: row r is served by lane r % lanes, as word r / lanes of its column, columns whose error
 * is zero and words whose inputs are all zero are skipped. The products are the same.
 *
 * Cycles: a word takes `interval` cycles (see mca_chi_interval; one without chi), or as many as it
 * has pulse commands when those are more; a command that finds its queue full stalls the engine;
 * mca_update_latency cycles fill and drain the pipeline, even of an update without words.
 */
#ifndef MCA_DPU_CHI_H
#define MCA_DPU_CHI_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/c_linkage.h"
#include "base/status.h"
#include "dpu/dpu_config.h"

MCA_C_BEGIN

enum { MCA_SHIFT_MAX = 30 };

struct mca_lfsr_jump;

/* An update as a memory by columns takes it; work space, [rows] or [cols] of the memory. */
struct mca_chi_turned {
    uint32_t *row; /* outputs with an error ... */
    int32_t *code; /* ... and their errors, [rows] */
    double *value;
    int32_t *error; /* codes of all inputs, [cols] */
    double *error_real;
};

struct mca_chi {
    struct mca_chi_config config; /* of the memory; without chi 0 bits and no cycles of access. Its
                                   * layout is rows or columns */
    uint32_t rows;                /* of the memory: inputs, or outputs where it lies by columns */
    uint32_t cols;                /* the others */
    uint32_t lanes;
    unsigned rounding; /* enum mca_rounding */
    uint32_t max_pulses;
    uint32_t pulse_shift;        /* from an update's units to the words': 0 with chi */
    size_t stride;               /* words of a row, a multiple of lanes */
    int16_t *narrow;             /* fixed, up to 16 bits: [rows][stride]; NULL otherwise */
    int32_t *wide;               /* fixed, more bits: [rows][stride]; NULL otherwise */
    double *real;                /* float: [rows][stride], in units of epsilon; NULL otherwise */
    int16_t *passing;            /* without chi: [MCA_UPDATE_GROUP][stride] work space: pulses of
                                    rows side by side, zero between updates; NULL otherwise */
    uint32_t *slots;             /* without chi: [rows] rows of `passing`, in turn */
    uint32_t *state;             /* [lanes] generators */
    uint32_t *before;            /* [MCA_UPDATE_GROUP][lanes] work space: generators before rows */
    struct mca_lfsr_jump *jumps; /* [mca_update_jumps]; NULL where that is 0 */
    int32_t *error;              /* [stride] work space: errors, padded with zero */
    int16_t *error16; /* [stride], or MCA_CHI_JOINED_MAX of them where updates can be joined, work
                       * space: errors shifted, see update_kernels.h */
    int32_t *sums;    /* [stride] work space: a row's sums before settling */
    uint32_t *chunks; /* [stride / lanes] work space: words with a non-zero error */
    struct mca_chi_turned turned; /* by columns; NULL otherwise */
};

/* Whether words are kept from one update to the next; otherwise there is no chi at all. */
static inline int mca_chi_is_kept(const struct mca_chi *chi) {
    return chi->passing == NULL;
}

static inline int mca_chi_lies_by_columns(const struct mca_chi *chi) {
    return chi->config.layout == MCA_LAYOUT_COLUMNS;
}

/* Where the accumulator of input `row` and output `col` is. */
static inline size_t mca_chi_cell(const struct mca_chi *chi, uint32_t row, uint32_t col) {
    return mca_chi_lies_by_columns(chi) ? (size_t)col * chi->stride + row
                                        : (size_t)row * chi->stride + col;
}

/* Words of lanes of a row of the memory. */
static inline uint32_t mca_chi_row_words(const struct mca_chi *chi) {
    return (uint32_t)(chi->stride / chi->lanes);
}

/* A word of fixed-point chi, whatever its width; of a `cell` (mca_chi_cell). */
static inline int32_t mca_chi_word(const struct mca_chi *chi, size_t cell) {
    return chi->narrow ? chi->narrow[cell] : chi->wide[cell];
}

/* |value| < 2^(bits - 1) */
static inline void mca_chi_put(struct mca_chi *chi, size_t cell, int32_t value) {
    if (chi->narrow) {
        chi->narrow[cell] = (int16_t)value;
    } else {
        chi->wide[cell] = value;
    }
}

/* Where pulse commands go: each with the cycle of the update in which it is ready if nothing waits.
 * The first of a word comes when the word begins, the others a cycle apart. */
struct mca_pulse_sink {
    void *user;
    void (*push)(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle);
};

/* In rows and columns of the layer's matrix, whatever the layout of chi. */
struct mca_update {
    uint32_t count;           /* rows with a non-zero input */
    const uint32_t *row;      /* [count], ascending */
    const int32_t *code;      /* [count] input codes */
    const double *value;      /* [count] float: inputs */
    const int32_t *error;     /* [cols] errors times rate mantissa; joined: [joined][lanes], padded
                               * with zero */
    const double *error_real; /* [cols] float: errors times rate, in units of epsilon */
    int32_t shift;
    int32_t code_bound; /* no code and no error is larger in magnitude; both 0: that is found out */
    int32_t error_bound;
    uint32_t joined; /* updates that follow one another as one, with any error each; 0: just one */
    const uint32_t *of; /* [count] joined: which of them a row is of; `row` ascends within each */
    uint64_t products;  /* joined: that are not 0 */
};

struct mca_update_result {
    uint64_t cycles;   /* if no queue is full */
    uint64_t rows;     /* with a non-zero input: told by whoever makes the update */
    uint64_t words;    /* of `lanes` weights that were served: with chi each is read and written */
    uint64_t products; /* non-zero products */
    uint64_t lost;     /* of those, rounded to no change; with stochastic rounding only where
                              the step is beyond every product */
    uint64_t commands;
    uint64_t pulses;
    uint64_t saturations; /* chi words that saturated */
    int64_t saturated;    /* signed sum of what saturation cut off */
    uint64_t pulses_lost; /* without chi: beyond max_pulses */
    /* where positions are summed before chi, whose products are these sums (told by whoever sums):
     * words of accumulators, each read and written, and non-zero products added to them */
    uint64_t summed_words;
    uint64_t summed_products;
    uint64_t summed_cycles; /* that these take before the first word of chi */
    uint64_t cycles_beside; /* of the other engines of the layer, where each tile has one (told by
                             * whoever makes the update): `cycles` are the longest's */
};

/* How chi of inputs x outputs weights lies, rows or columns, where its config asks for `layout`. */
enum mca_chi_layout mca_chi_layout_of(unsigned layout, uint32_t lanes, uint32_t inputs,
                                      uint32_t outputs);

/* Chi of zeros for inputs x outputs weights, or, as `transfer` says, none. */
enum mca_status mca_chi_init(struct mca_chi *chi, struct mca_arena *arena,
                             const struct mca_chi_config *config, const struct mca_dpu_config *dpu,
                             const struct mca_transfer_config *transfer, uint32_t inputs,
                             uint32_t outputs, uint64_t seed, uint32_t layer,
                             struct mca_error *error);

/* Work space for updates that are turned; whether there was memory for it. By mca_chi_init. */
int mca_chi_init_turned(struct mca_chi *chi, struct mca_arena *arena);

/* Cycles between words: access time, twice for a single port, divided by the banks, 1 at least. Of
 * a layer's own chi->config, which differs from the scenario's where there is no chi. */
uint64_t mca_chi_interval(const struct mca_chi_config *config);

/* Cycles to fill and drain the engine: 2 to fetch, the access, 4 to multiply, align, add, settle.
 * Likewise. */
uint64_t mca_update_latency(const struct mca_chi_config *config);

/* Cycles in which the engine hands a command over. */
uint64_t mca_update_command_cycles(const struct mca_chi_config *config);

/* Whether updates can be joined, with bounds on codes and errors as `update` has them: the same
 * values and cycles as one after the other. Commands then come with row + rows x which of them. A
 * memory by columns takes one after the other. */
int mca_chi_joins(const struct mca_chi *chi, const struct mca_update *update);
enum { MCA_CHI_JOINED_MAX = 64 };

/* `update` in rows and columns of the memory: itself, or, of a memory by columns, in its work space
 * until the next is asked for. */
struct mca_update mca_chi_turn(const struct mca_chi *chi, const struct mca_update *update);

/* Products of `inputs` inputs in floating point, where an update has turned to `rows` rows of the
 * memory: zeros within a row are multiplied too. */
uint64_t mca_chi_products_float(const struct mca_chi *chi, uint32_t inputs, uint32_t rows);

/* Applies one image's update to a layer's chi (integers). */
struct mca_update_result mca_chi_update(struct mca_chi *chi, const struct mca_update *update,
                                        const struct mca_pulse_sink *sink);

/* What an observer of the engine cannot see, from its inputs: products that are not 0, and how many
 * of them nearest rounding makes 0. `cols` errors. */
uint64_t mca_update_products(const struct mca_update *update, uint32_t cols);
uint64_t mca_update_lost(const struct mca_update *update, uint32_t cols);

/* The same in floating point: chi += value error_real; no lanes' generators, no saturation. Without
 * chi: pulses = floor(value error_real + u / 2^32), u the lane's generator. */
struct mca_update_result mca_chi_update_float(struct mca_chi *chi, const struct mca_update *update,
                                              const struct mca_pulse_sink *sink);

/* Adds to one word, saturating; for the residual of a refresh. Needs chi. */
void mca_chi_add(struct mca_chi *chi, uint32_t row, uint32_t col, double epsilons);

MCA_C_END

#endif
