/* One noise draw per device and read: the reference. */
#include "array/read/read_noise.h"

static enum mca_status prepare(struct mca_matrix *matrix, struct mca_arena *arena,
                               struct mca_error *error) {
    (void)arena;
    (void)error;
    matrix->bytes_per_weight = 2 * sizeof *matrix->g[0];
    return MCA_OK;
}

/* out_us[i] for `count` lines across the driven ones. */
static void read_across(const struct mca_matrix *matrix, const struct mca_tile *tile, int forward,
                        uint32_t count, const struct mca_drive *drive, struct mca_read_event event,
                        double *out_us) {
    const struct mca_device *device = matrix->device;
    const struct mca_rng rng = mca_rng_stream(matrix->seed, event.purpose);
    for (uint32_t i = 0; i < count; ++i) {
        double sum = 0.0;
        for (uint32_t k = 0; k < drive->count; ++k) {
            const uint32_t row = forward ? drive->line[k] : tile->row0 + i;
            const uint32_t col = forward ? tile->col0 + i : drive->line[k];
            double pair_us = 0.0;
            for (int side = 0; side < 2; ++side) {
                const size_t cell = (size_t)row * matrix->stride + col;
                const double g_us = (double)matrix->g[side][cell] * device->us_per_code;
                const double z =
                    mca_rng_gaussian(rng, mca_matrix_device_number(matrix, row, col, side),
                                     event.event, mca__read_draw(MCA_READ_DRAW_DEVICE, event.draw));
                const double read_us = g_us + mca_device_read_std_us(device, g_us) * z;
                pair_us += side == 0 ? read_us : -read_us;
            }
            sum += mca__read_input(drive, k) * pair_us;
        }
        out_us[i] = sum;
    }
}

static void forward(const struct mca_matrix *matrix, const struct mca_tile *tile,
                    const struct mca_drive *drive, struct mca_read_event event,
                    struct mca_read_scratch *scratch, double *column_us) {
    (void)scratch;
    read_across(matrix, tile, 1, tile->cols, drive, event, column_us);
}

static void backward(const struct mca_matrix *matrix, const struct mca_tile *tile, uint32_t rows,
                     const struct mca_drive *drive, struct mca_read_event event,
                     struct mca_read_scratch *scratch, double *row_us) {
    (void)scratch;
    read_across(matrix, tile, 0, rows, drive, event, row_us);
}

const struct mca_read_ops mca_read_device = {.name = "device",
                                             .is_column_exact = 1,
                                             .needs_pairs = 1,
                                             .real = NULL,
                                             .prepare = prepare,
                                             .cell_changed = NULL,
                                             .forward = forward,
                                             .backward = backward,
                                             .pairs_us = mca__read_pairs_us};
