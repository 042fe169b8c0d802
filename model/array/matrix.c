#include "array/matrix.h"

#include <math.h>
#include <string.h>

#include "array/drifting.h"
#include "array/read/block_kernels.h"

enum { PAD = 32, AGE_PIECE = 64 };

static size_t padded(uint32_t n) {
    return ((size_t)n + PAD - 1) / PAD * PAD;
}

static enum mca_status lay_out_tiles(struct mca_matrix *matrix, struct mca_arena *arena,
                                     const struct mca_matrix_plan *plan, struct mca_error *error) {
    const uint32_t count = mca_placement_tiles(&matrix->place);
    matrix->tiles = mca_arena_alloc(arena, count, sizeof *matrix->tiles);
    matrix->adcs = mca_arena_alloc(arena, count, sizeof *matrix->adcs);
    if (!matrix->tiles || !matrix->adcs) {
        return mca_fail_memory(error, "tiles");
    }
    static const struct mca_adc_config exact = {.bits = 0};
    const struct mca_adc_config *backward = plan->hardware_aware ? &exact : plan->adc;
    for (uint32_t t = 0; t < count; ++t) {
        matrix->tiles[t] = mca_placement_tile(&matrix->place, t, plan->first_tile);
        mca_adc_init(&matrix->adcs[t].forward, plan->adc, plan->forward_range_us);
        mca_adc_init(&matrix->adcs[t].backward, backward, plan->backward_range_us);
    }
    return MCA_OK;
}

static enum mca_status allocate_devices(struct mca_matrix *matrix, struct mca_arena *arena,
                                        struct mca_error *error) {
    const size_t cells = matrix->cells;
    if (matrix->device->ops->continuous) {
        matrix->continuous_us = mca_arena_alloc(arena, cells, sizeof *matrix->continuous_us);
        return matrix->continuous_us ? MCA_OK : mca_fail_memory(error, "matrix");
    }
    int whole = 1;
    for (int side = 0; side < 2; ++side) {
        matrix->g[side] = mca_arena_alloc(arena, cells, sizeof(uint16_t));
        matrix->pulses_since_reset[side] = mca_arena_alloc(arena, cells, sizeof(uint8_t));
        matrix->writes[side] = mca_arena_alloc(arena, cells, sizeof(uint32_t));
        whole =
            whole && matrix->g[side] && matrix->pulses_since_reset[side] && matrix->writes[side];
    }
    matrix->difference = mca_arena_alloc(arena, cells, sizeof(int16_t));
    whole = whole && matrix->difference;
    return whole ? MCA_OK : mca_fail_memory(error, "matrix");
}

int mca_matrix_has_noise(const struct mca_matrix *matrix) {
    const struct mca_device *device = matrix->device;
    const double top_us = MCA_CONDUCTANCE_CODE_MAX * device->us_per_code;
    return (!matrix->continuous_us || matrix->hardware_aware) &&
           device->ops->read_std_most_us(device, top_us) > 0.0;
}

void mca_matrix_pair_changed(struct mca_matrix *matrix, size_t cell) {
    matrix->difference[cell] = (int16_t)((int)matrix->g[0][cell] - (int)matrix->g[1][cell]);
    if (matrix->read->cell_changed) {
        matrix->read->cell_changed(matrix, cell);
    }
}

/* The read model of the configuration, or what is the same and faster. */
static const struct mca_read_ops *choose_read(const struct mca_matrix *matrix, int takes_real) {
    const struct mca_read_ops *model = mca_read_model(matrix->config.read_path);
    if (model->is_column_exact && !mca_matrix_has_noise(matrix)) {
        model = &mca_read_column;
    }
    return model->real && (takes_real || matrix->continuous_us) ? model->real : model;
}

static enum mca_status init_drifting(struct mca_matrix *matrix, struct mca_arena *arena,
                                     struct mca_error *error) {
    const struct mca_drifting_devices of = {.device = matrix->device,
                                            .rows = matrix->rows,
                                            .cols = matrix->cols,
                                            .stride = matrix->stride,
                                            .cells = matrix->cells,
                                            .g = {matrix->g[0], matrix->g[1]},
                                            .first_device = matrix->first_device};
    return mca_drifting_init(&matrix->drifting, &of, arena, error);
}

enum mca_status mca_matrix_init(struct mca_matrix *matrix, struct mca_arena *arena,
                                const struct mca_matrix_plan *plan, struct mca_error *error) {
    *matrix = (struct mca_matrix){.device = plan->device,
                                  .config = *plan->tile,
                                  .seed = plan->seed,
                                  .rows = plan->rows,
                                  .cols = plan->cols,
                                  .stride = padded(plan->cols),
                                  .first_device = plan->first_device,
                                  .largest_us = plan->hardware_aware ? plan->device->config.gmax_us
                                                                     : (double)INFINITY,
                                  .hardware_aware = plan->hardware_aware,
                                  .place = mca_placement_of(plan->tile, plan->rows, plan->cols)};
    /* a kernel may run PAD columns past the last row's end */
    matrix->cells = (size_t)matrix->rows * matrix->stride + PAD;
    MCA_TRY(lay_out_tiles(matrix, arena, plan, error));
    MCA_TRY(allocate_devices(matrix, arena, error));
    matrix->read = choose_read(matrix, plan->takes_real);
    MCA_TRY(matrix->read->prepare(matrix, arena, error));
    for (uint32_t r = 0; matrix->difference && r < matrix->rows; ++r) {
        for (uint32_t c = 0; c < matrix->cols; ++c) {
            mca_matrix_pair_changed(matrix, (size_t)r * matrix->stride + c);
        }
    }
    return mca_device_drifts_in_training(&plan->device->config)
               ? init_drifting(matrix, arena, error)
               : MCA_OK;
}

uint32_t mca_matrix_block_lines(const struct mca_matrix *matrix, uint32_t bits) {
    return matrix->read->block_lines ? matrix->read->block_lines(bits) : 0;
}

size_t mca_read_block_cells(uint32_t rows, uint32_t cols) {
    return mca_block_packed(rows, cols);
}

size_t mca_read_block_code_stride(uint32_t lines) {
    return padded(lines + 1);
}

uint32_t mca_read_block_reads(uint32_t lines, uint32_t results) {
    const size_t by_codes = MCA_READ_BLOCK_CODES / mca_read_block_code_stride(lines);
    const size_t by_results = MCA_READ_BLOCK_RESULTS / mca_read_block_stride(results);
    const size_t reads = by_codes < by_results ? by_codes : by_results;
    return reads < 1 ? 1 : reads < MCA_READ_BLOCK ? (uint32_t)reads : MCA_READ_BLOCK;
}

enum mca_status mca_read_scratch_blocks(struct mca_read_scratch *scratch, struct mca_arena *arena,
                                        uint32_t lines, size_t tile_cells,
                                        struct mca_error *error) {
    const size_t one = mca_read_block_code_stride(lines);
    const size_t codes = one > MCA_READ_BLOCK_CODES ? one : MCA_READ_BLOCK_CODES;
    int whole = 1;
    scratch->codes = mca_arena_take(arena, codes, sizeof *scratch->codes, &whole);
    scratch->squares = mca_arena_take(arena, codes, sizeof *scratch->squares, &whole);
    for (int i = 0; i < 2; ++i) {
        scratch->packed[i] = mca_arena_take(arena, tile_cells, sizeof(int16_t), &whole);
    }
    return whole ? MCA_OK : mca_fail_memory(error, "read scratch");
}

enum mca_status mca_read_scratch_init(struct mca_read_scratch *scratch, struct mca_arena *arena,
                                      uint32_t lines, struct mca_error *error) {
    const size_t size = padded(lines) + PAD;
    int whole = 1;
    *scratch = (struct mca_read_scratch){
        .sum = mca_arena_take(arena, size, sizeof(int32_t), &whole),
        .var = mca_arena_take(arena, size, sizeof(uint32_t), &whole),
        .code = mca_arena_take(arena, size, sizeof(int32_t), &whole),
        .square = mca_arena_take(arena, size, sizeof(uint32_t), &whole),
        .wide_sum = mca_arena_take(arena, size, sizeof(double), &whole),
        .wide_var = mca_arena_take(arena, size, sizeof(double), &whole),
        .z = mca_arena_take(arena, size, sizeof(double), &whole),
        .column = mca_arena_take(arena, size, sizeof(double), &whole),
        .levels = mca_arena_take(arena, size, sizeof(int32_t), &whole),
        .size = lines,
    };
    return whole ? MCA_OK : mca_fail_memory(error, "read scratch");
}

/* A device that sticks goes on drifting as it was. */
static int begins_anew(const struct mca_matrix *matrix, size_t cell, int side, uint64_t place) {
    return matrix->drifting &&
           !mca_device_is_stuck(matrix->device, place, matrix->writes[side][cell]);
}

void mca_matrix_set(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side,
                    uint32_t count) {
    const size_t cell = (size_t)row * matrix->stride + col;
    const uint64_t place = mca_matrix_device_number(matrix, row, col, side);
    const int begins = count > 0 && begins_anew(matrix, cell, side, place);
    uint8_t *history = &matrix->pulses_since_reset[side][cell];
    if (begins) { /* the published steps are between conductances of one age */
        matrix->g[side][cell] = matrix->drifting->programmed[side][cell];
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (*history < MCA_HISTORY_MAX) {
            ++*history;
        }
        matrix->g[side][cell] = mca_device_set(matrix->device, matrix->g[side][cell], *history,
                                               place, matrix->writes[side][cell]++);
    }
    if (begins) {
        mca_drifting_programmed(matrix->drifting, cell, side);
    }
    mca_matrix_pair_changed(matrix, cell);
}

void mca_matrix_reset(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side) {
    const size_t cell = (size_t)row * matrix->stride + col;
    const uint64_t place = mca_matrix_device_number(matrix, row, col, side);
    const int begins = begins_anew(matrix, cell, side, place);
    matrix->g[side][cell] = mca_device_reset(matrix->device, matrix->g[side][cell], place,
                                             matrix->writes[side][cell]++);
    matrix->pulses_since_reset[side][cell] = 0;
    if (begins) {
        mca_drifting_programmed(matrix->drifting, cell, side);
    }
    mca_matrix_pair_changed(matrix, cell);
}

void mca_matrix_add_us(struct mca_matrix *matrix, uint32_t row, uint32_t col, double delta_us) {
    double *g_us = &matrix->continuous_us[(size_t)row * matrix->stride + col];
    *g_us = mca_matrix_held_us(matrix, *g_us + delta_us);
}

double mca_matrix_weight_us(const struct mca_matrix *matrix, uint32_t row, uint32_t col) {
    const size_t cell = (size_t)row * matrix->stride + col;
    return matrix->continuous_us ? matrix->continuous_us[cell]
                                 : (double)matrix->difference[cell] * matrix->device->us_per_code;
}

void mca_matrix_restore(struct mca_matrix *matrix, uint32_t row, uint32_t col, int side,
                        uint16_t code, uint8_t pulses_since_reset, uint32_t writes) {
    const size_t cell = (size_t)row * matrix->stride + col;
    matrix->g[side][cell] = code;
    matrix->pulses_since_reset[side][cell] = pulses_since_reset;
    matrix->writes[side][cell] = writes;
    if (matrix->drifting) {
        mca_drifting_programmed(matrix->drifting, cell, side);
    }
    mca_matrix_pair_changed(matrix, cell);
}

static void pair_changed(void *user, size_t cell) {
    mca_matrix_pair_changed(user, cell);
}

void mca_matrix_drift(struct mca_matrix *matrix, int64_t now_ps) {
    const struct mca_drifting_sink sink = {matrix, pair_changed};
    mca_drifting_look(matrix->drifting, now_ps, &sink);
}

enum mca_status mca_matrix_keep(struct mca_matrix *matrix, struct mca_arena *arena,
                                struct mca_error *error) {
    for (int side = 0; side < 2 && !matrix->continuous_us; ++side) {
        if (!matrix->kept[side]) {
            matrix->kept[side] = mca_arena_alloc(arena, matrix->cells, sizeof(uint16_t));
        }
        if (!matrix->kept[side]) {
            return mca_fail_memory(error, "programmed conductances");
        }
        memcpy(matrix->kept[side], matrix->g[side], matrix->cells * sizeof(uint16_t));
    }
    return MCA_OK;
}

/* Up to AGE_PIECE devices of a side of a row. */
static void age_piece(struct mca_matrix *matrix, const struct mca_ageing *ageing, uint32_t row,
                      uint32_t col, uint32_t count, int side) {
    const struct mca_device *device = matrix->device;
    const size_t cell = (size_t)row * matrix->stride + col;
    const struct mca_drifting *drifting = matrix->drifting;
    const uint16_t *programmed = drifting ? drifting->programmed[side] : matrix->kept[side];
    uint64_t place[AGE_PIECE];
    double log_age[AGE_PIECE];
    double g_us[AGE_PIECE];
    for (uint32_t i = 0; i < count; ++i) {
        place[i] = mca_matrix_device_number(matrix, row, col + i, side);
        g_us[i] = (double)programmed[cell + i] * device->us_per_code;
        if (drifting) {
            log_age[i] = mca_drifting_log_age(drifting, cell + i, side, ageing->age_s);
        }
    }
    device->ops->age_us(device, ageing, count, place, drifting ? log_age : NULL, g_us);
    for (uint32_t i = 0; i < count; ++i) {
        matrix->g[side][cell + i] = mca_device_code(device, g_us[i]);
    }
}

void mca_matrix_age(struct mca_matrix *matrix, const struct mca_ageing *ageing) {
    for (uint32_t r = 0; r < matrix->rows && !matrix->continuous_us; ++r) {
        for (uint32_t c = 0; c < matrix->cols; c += AGE_PIECE) {
            const uint32_t left = matrix->cols - c;
            const uint32_t count = left < AGE_PIECE ? left : AGE_PIECE;
            age_piece(matrix, ageing, r, c, count, 0);
            age_piece(matrix, ageing, r, c, count, 1);
            for (uint32_t i = 0; i < count; ++i) {
                mca_matrix_pair_changed(matrix, (size_t)r * matrix->stride + c + i);
            }
        }
    }
}

void mca_matrix_give_back(struct mca_matrix *matrix) {
    for (uint32_t r = 0; r < matrix->rows && matrix->kept[0]; ++r) {
        for (uint32_t c = 0; c < matrix->cols; ++c) {
            const size_t cell = (size_t)r * matrix->stride + c;
            matrix->g[0][cell] = matrix->kept[0][cell];
            matrix->g[1][cell] = matrix->kept[1][cell];
            mca_matrix_pair_changed(matrix, cell);
        }
    }
}
