/*
 * A layer's matrix of weights on crossbar tiles.
 *
 * A layer of `rows` inputs (bias row included) and `cols` outputs is an array of differential
 * pairs, W = (G+ - G-) / unit_weight, cut into windows of tile.rows x tile.cols: the tiles. Each
 * tile is read and converted by itself; partial sums are added digitally. Device number of (row,
 * col, side) = first_device + 2 (row cols + col) + side, side 0 for G+.
 *
 * A read of a tile gives, per column and over the driven rows, with white noise on each device that
 * is independent of the others',
 *
 *   sum of x (G+ - G-)  +  Gaussian noise of variance  sum of x^2 (sigma^2(G+) + sigma^2(G-))
 *
 * so one draw per column has exactly the distribution of one draw per device (MCA_READ_COLUMN).
 * MCA_READ_DEVICE draws per device and is the reference. Each is a read model
 * (read/read_model.h). Not modelled: wire resistance, clipping of single device reads, correlated
 * noise.
 */
#ifndef MCA_ARRAY_MATRIX_H
#define MCA_ARRAY_MATRIX_H

#include <stddef.h>
#include <stdint.h>

#include "array/converters.h"
#include "array/placement.h"
#include "array/read/read_model.h"
#include "base/arena.h"
#include "base/c_linkage.h"
#include "device/device.h"

MCA_C_BEGIN

struct mca_drifting;

/* The converters of a tile: of its columns in a forward read, of its rows in a backward read. */
struct mca_tile_adcs {
    struct mca_adc forward; /* of uS x full-scale input */
    struct mca_adc backward;
};

struct mca_matrix {
    const struct mca_device *device;
    struct mca_tile_config config;
    uint64_t seed;
    uint32_t rows;
    uint32_t cols;
    size_t stride; /* elements between rows, a multiple of 32 */
    uint64_t first_device;
    struct mca_placement place;
    struct mca_tile *tiles;     /* [mca_placement_tiles] */
    struct mca_tile_adcs *adcs; /* of each tile */
    /* pulsed devices, [rows][stride]; index 0: G+, 1: G- */
    uint16_t *g[2];
    uint8_t *pulses_since_reset[2]; /* saturating */
    uint32_t *writes[2];            /* SET and RESET pulses since the beginning */
    int16_t *difference;
    uint16_t *kept[2];             /* what is given back after ageing; NULL before any */
    struct mca_drifting *drifting; /* NULL: devices do not drift while the chip trains */
    /* continuous devices, [rows][stride] uS within +-largest_us; otherwise NULL */
    double *continuous_us;
    double largest_us;
    int hardware_aware; /* as planned */
    size_t cells;       /* elements of each of these arrays */
    const struct mca_read_ops *read;
    void *read_tables;       /* the read model's own, or NULL */
    size_t bytes_per_weight; /* that a read fetches */
};

/* What a matrix is made of. All but numbers must outlive mca_matrix_init, `device` the matrix. */
struct mca_matrix_plan {
    const struct mca_tile_config *tile;
    const struct mca_adc_config *adc;
    const struct mca_device *device;
    int takes_real; /* inputs are real numbers, the DAC being ideal */
    /* of continuous weights: they are held within the largest conductance and read forward with the
     * noise of the pair of devices that would hold them; backward reads are exact */
    int hardware_aware;
    double forward_range_us; /* full scale of converters, +-, in uS x full-scale input */
    double backward_range_us;
    uint64_t seed;
    uint32_t rows;
    uint32_t cols;
    uint64_t first_device;
    uint32_t first_tile;
};

/*
 * Lays weights out on tiles numbered from plan->first_tile, all devices at 0. Memory comes from
 * `arena`. Errors: MCA_FAILED when memory is short.
 */
enum mca_status mca_matrix_init(struct mca_matrix *matrix, struct mca_arena *arena,
                                const struct mca_matrix_plan *plan, struct mca_error *error);

/* Whether two forward reads of the same differ. */
int mca_matrix_has_noise(const struct mca_matrix *matrix);

/* Work space for matrices of up to `lines` rows and columns. */
enum mca_status mca_read_scratch_init(struct mca_read_scratch *scratch, struct mca_arena *arena,
                                      uint32_t lines, struct mca_error *error);

/* Work space for blocks of reads of matrices of up to `lines` rows and columns, on tiles of up to
 * `tile_cells` (mca_read_block_cells); beside the other, made for MCA_READ_BLOCK_RESULTS lines
 * at least. */
enum mca_status mca_read_scratch_blocks(struct mca_read_scratch *scratch, struct mca_arena *arena,
                                        uint32_t lines, size_t tile_cells, struct mca_error *error);

/* Most lines of a tile that a block of reads drives with codes of `bits`; 0: no blocks. */
uint32_t mca_matrix_block_lines(const struct mca_matrix *matrix, uint32_t bits);

/* Elements from a read's codes to the next one's, of a block whose reads have `lines` lines. */
size_t mca_read_block_code_stride(uint32_t lines);

/* Elements of a tile that is turned round. */
size_t mca_read_block_cells(uint32_t rows, uint32_t cols);

/* Reads of a block that fit the work space, with `results` results each. */
uint32_t mca_read_block_reads(uint32_t lines, uint32_t results);

/*
 * Reads `tile` with its rows driven: column_us[c], c < tile->cols, in uS x full-scale input.
 * `drive` holds the tile's own lines only, with row numbers of the whole layer.
 */
static inline void mca_matrix_read_forward(const struct mca_matrix *matrix,
                                           const struct mca_tile *tile,
                                           const struct mca_drive *drive,
                                           struct mca_read_event event,
                                           struct mca_read_scratch *scratch, double *column_us) {
    matrix->read->forward(matrix, tile, drive, event, scratch, column_us);
}

/* Reads `tile` with its columns driven: row_us[r] for the first `rows` <= tile->rows rows. */
static inline void mca_matrix_read_backward(const struct mca_matrix *matrix,
                                            const struct mca_tile *tile, uint32_t rows,
                                            const struct mca_drive *drive,
                                            struct mca_read_event event,
                                            struct mca_read_scratch *scratch, double *row_us) {
    matrix->read->backward(matrix, tile, rows, drive, event, scratch, row_us);
}

/* One noisy read of each device of `count` pairs, at most MCA_READ_PAIRS_MAX: read_us[2 i] of G+
 * and read_us[2 i + 1] of G- in row[i] and col[i]. Not for continuous devices. */
enum { MCA_READ_PAIRS_MAX = 64 };
static inline void mca_matrix_read_pairs_us(const struct mca_matrix *matrix, const uint32_t *row,
                                            const uint32_t *col, uint32_t count, uint64_t event,
                                            double *read_us) {
    matrix->read->pairs_us(matrix, row, col, count, event, read_us);
}

/* A pair that will soon be programmed: its devices come to the cache meanwhile. */
static inline void mca_matrix_expect(const struct mca_matrix *matrix, uint32_t row, uint32_t col,
                                     int side) {
    const size_t cell = (size_t)row * matrix->stride + col;
    if (!matrix->continuous_us) {
        __builtin_prefetch(&matrix->g[0][cell], 1);
        __builtin_prefetch(&matrix->g[1][cell], 1);
        __builtin_prefetch(&matrix->pulses_since_reset[side][cell], 1);
        __builtin_prefetch(&matrix->writes[side][cell], 1);
    }
}

/* `count` SET pulses on one device. */
void mca_matrix_set(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side,
                    uint32_t count);

/* A RESET pulse on one device. */
void mca_matrix_reset(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side);

/* Continuous devices only: adds to the conductance of a weight, exactly, up to the largest. */
void mca_matrix_add_us(struct mca_matrix *matrix, uint32_t row, uint32_t col, double delta_us);

/* What a continuous device holds of a conductance difference that it is given. */
static inline double mca_matrix_held_us(const struct mca_matrix *matrix, double weight_us) {
    const double most_us = matrix->largest_us;
    return weight_us > most_us ? most_us : weight_us < -most_us ? -most_us : weight_us;
}

/* Conductance difference of a weight, without noise. */
double mca_matrix_weight_us(const struct mca_matrix *matrix, uint32_t row, uint32_t col);

/* Sets a device's state from outside (loading weights): code, pulse history and writes. */
void mca_matrix_restore(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side,
                        uint16_t code, uint8_t pulses_since_reset, uint32_t writes);

/* What follows from the codes of a pair's devices is made anew. */
void mca_matrix_pair_changed(struct mca_matrix *matrix, size_t cell);

/* Devices that drift while the chip trains (matrix->drifting) are looked at: they are set to what
 * they conduct at `now_ps`, not before the last look; those that were programmed since then count
 * as programmed now. A look at the time of the last one, nothing having been programmed, changes
 * nothing. */
void mca_matrix_drift(struct mca_matrix *matrix, int64_t now_ps);

/*
 * Ageing, for tests: keep what the devices were programmed to; set them to what they conduct at an
 * age, as often as wanted, each time from what was kept; and give it back. Devices that drift while
 * the chip trains are that much older than at the last look, and go from what they were programmed
 * to. Histories and writes stay. Continuous devices do not age: nothing happens. Memory for what is
 * kept comes from `arena`, once; MCA_FAILED when it is short.
 */
enum mca_status mca_matrix_keep(struct mca_matrix *matrix, struct mca_arena *arena,
                                struct mca_error *error);
void mca_matrix_age(struct mca_matrix *matrix, const struct mca_ageing *ageing);
void mca_matrix_give_back(struct mca_matrix *matrix);

static inline uint64_t mca_matrix_device_number(const struct mca_matrix *matrix, uint32_t row,
                                                uint32_t col, int side) {
    return matrix->first_device + 2 * ((uint64_t)row * matrix->cols + col) + (uint64_t)side;
}

MCA_C_END

#endif
