/* Wear: how often devices were written, and which of them sticks first. */
#include <math.h>
#include <string.h>

#include "chip/chip_state.h"

double mca_wear_trainings(const struct mca_wear *wear) {
    return wear->first_worn_writes == 0
               ? (double)INFINITY
               : (double)(wear->first_worn_endurance - wear->first_worn_before) /
                     (double)wear->first_worn_writes;
}

/* Pulses that a pair had before the training. */
static void writes_before(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t row,
                          uint32_t col, uint32_t writes[2]) {
    const size_t cell = (size_t)row * layer->matrix.stride + col;
    if (!layer->writes_before[1]) {
        mca__initial_writes(chip, layer, row, col, writes);
        return;
    }
    for (int side = 0; side < 2; ++side) {
        writes[side] = layer->writes_before[side][cell];
    }
}

/* A device that takes `endurance` pulses, had `before` before the training and `writes` by now. */
static void add_device(struct mca_wear *wear, uint64_t endurance, uint64_t before,
                       uint64_t writes) {
    const struct mca_wear one = {.first_worn_endurance = endurance,
                                 .first_worn_before = before < endurance ? before : endurance,
                                 .first_worn_writes = writes > before ? writes - before : 0};
    const uint64_t most = wear->max_writes_per_device;
    const uint64_t stuck = wear->stuck_devices;
    if (mca_wear_trainings(&one) < mca_wear_trainings(wear)) {
        *wear = one;
    }
    wear->max_writes_per_device = writes > most ? writes : most;
    wear->stuck_devices = stuck + (writes >= endurance);
}

struct mca_wear mca_chip_wear(const struct mca_chip *chip, uint32_t layer) {
    const struct mca_layer *of = &chip->layers[layer];
    const struct mca_matrix *matrix = &of->matrix;
    struct mca_wear wear = {0};
    for (uint32_t r = 0; matrix->writes[0] && r < matrix->rows; ++r) {
        for (uint32_t c = 0; c < matrix->cols; ++c) {
            uint32_t before[2];
            writes_before(chip, of, r, c, before);
            for (int side = 0; side < 2; ++side) {
                const uint64_t place = mca_matrix_device_number(matrix, r, c, side);
                add_device(&wear, mca_device_endurance(&chip->device, place), before[side],
                           matrix->writes[side][(size_t)r * matrix->stride + c]);
            }
        }
    }
    return wear;
}

enum mca_status mca_chip_begin_wear(struct mca_chip *chip, struct mca_error *error) {
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        const struct mca_matrix *matrix = &layer->matrix;
        for (int side = 0; side < 2 && matrix->writes[side]; ++side) {
            uint32_t *before = mca_arena_alloc(&chip->arena, matrix->cells, sizeof *before);
            if (!before) {
                return mca_fail_memory(error, "wear");
            }
            memcpy(before, matrix->writes[side], matrix->cells * sizeof *before);
            layer->writes_before[side] = before;
        }
    }
    return MCA_OK;
}
