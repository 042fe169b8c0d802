/* How long operations take; when they take place is in schedule.c. */
#include "chip/chip_state.h"

static uint64_t later(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

uint64_t mca__image_words(const struct mca_chip *chip) {
    return (chip->layers[0].inputs - 1) / chip->config.dpu.lanes + 1;
}

uint64_t mca_engine_image_cycle(const struct mca_chip *chip, uint64_t start_ps,
                                uint64_t before_cycle) {
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const uint64_t lanes = chip->config.dpu.lanes;
    const uint64_t pixels = chip->layers[0].inputs - 1;
    const uint64_t byte_ps = chip->config.timing.image_load_ps_per_byte;
    const uint64_t words = mca_dpu_words(pixels, chip->config.dpu.lanes);
    /* words come faster than one a cycle: the first is the one that counts; else the last two */
    const uint64_t first =
        mca_ps_to_cycles(start_ps + (words > 1 ? lanes : pixels) * byte_ps, clock_hz) + words - 1;
    const uint64_t last = mca_ps_to_cycles(start_ps + pixels * byte_ps, clock_hz);
    const uint64_t last_but_one =
        words > 1 ? mca_ps_to_cycles(start_ps + (words - 1) * lanes * byte_ps, clock_hz) + 1 : 0;
    const uint64_t bias = pixels % lanes == 0;
    return later(later(first, later(last, last_but_one)) + 1 + bias,
                 before_cycle + mca__image_words(chip));
}

uint64_t mca_engine_forward_cycles(const struct mca_chip *chip, uint32_t index) {
    const struct mca_layer *layer = &chip->layers[index];
    const uint64_t words = mca_dpu_words(layer->outputs, chip->config.dpu.lanes);
    return words * layer->matrix.place.row_tiles + words + MCA_FORWARD_LATENCY;
}

uint64_t mca_engine_error_passes(const struct mca_chip *chip, uint32_t index, uint64_t reads) {
    const int last = index + 1 == chip->layer_count;
    return last ? 3 : 2 + reads * chip->layers[index + 1].matrix.place.col_tiles;
}

uint64_t mca_engine_error_cycles(const struct mca_chip *chip, uint32_t index, uint64_t passes) {
    return passes * mca_dpu_words(chip->layers[index].outputs, chip->config.dpu.lanes) +
           MCA_ERROR_LATENCY;
}

uint64_t mca_engine_refresh_cycles(const struct mca_chip *chip, uint32_t index) {
    const struct mca_layer *layer = &chip->layers[index];
    return mca_dpu_words(mca_placement_refresh_samples(&layer->matrix.place),
                         chip->config.dpu.lanes);
}
