/* Loads, reads, updates and refreshes, and the record itself; operations on vectors: work_vector.c.
 */
#include "chip/work.h"

#include "chip/chip_state.h"

uint64_t mca__image_words(const struct mca_chip *chip) {
    return chip->config.timing.free_dpu
               ? 0
               : chip->network.layers[0].inputs / chip->config.dpu.lanes + 1;
}

uint64_t mca_engine_image_cycle(const struct mca_chip *chip, uint64_t start_ps,
                                uint64_t before_cycle) {
    const uint64_t clock_hz = chip->config.dpu.clock_hz;
    const uint64_t lanes = chip->config.dpu.lanes;
    const uint64_t pixels = chip->network.layers[0].inputs;
    const uint64_t byte_ps = chip->config.timing.image_load_ps_per_byte;
    const uint64_t words = mca_dpu_words(pixels, chip->config.dpu.lanes);
    if (chip->config.timing.free_dpu) {
        return mca_max_u64(mca_ps_to_cycles(start_ps + pixels * byte_ps, clock_hz), before_cycle);
    }
    /* words come faster than one a cycle: the first is the one that counts; else the last two */
    const uint64_t first =
        mca_ps_to_cycles(start_ps + (words > 1 ? lanes : pixels) * byte_ps, clock_hz) + words - 1;
    const uint64_t last = mca_ps_to_cycles(start_ps + pixels * byte_ps, clock_hz);
    const uint64_t last_but_one =
        words > 1 ? mca_ps_to_cycles(start_ps + (words - 1) * lanes * byte_ps, clock_hz) + 1 : 0;
    const uint64_t bias = pixels % lanes == 0;
    return mca_max_u64(mca_max_u64(first, mca_max_u64(last, last_but_one)) + 1 + bias,
                       before_cycle + mca__image_words(chip));
}

void mca_work_load(const struct mca_chip *chip, struct mca_work *work) {
    const uint64_t bits = 8 * (uint64_t)chip->network.layers[0].inputs;
    const uint64_t held = 8 * chip->held_pixels;
    work->counts[MCA_COMPONENT_DRAM_READ] += bits;
    work->counts[MCA_COMPONENT_IMAGE_LOAD] += bits;
    work->counts[MCA_COMPONENT_LINK] += held - bits;
    work->counts[MCA_COMPONENT_BUFFER_WRITE] += held;
}

void mca_work_read(const struct mca_chip *chip, const struct mca_step *step, uint64_t reads,
                   uint64_t driven, struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_placement *place = &layer->matrix.place;
    const int back = step->is_backward; /* the bias row is not read backward */
    const uint64_t samples = reads * (back ? mca_placement_backward_samples(place)
                                           : mca_placement_forward_samples(place));
    const uint64_t lines = back ? layer->inputs - 1 : layer->outputs;
    work->reads += reads;
    work->counts[MCA_COMPONENT_LINK] +=
        reads * (mca_crossing_out(&chip->config, place, back).bits +
                 mca_crossing_back(&chip->config, place, back, lines).bits);
    if (!back && chip->config.interconnect.kind == MCA_INTERCONNECT_NONE) {
        /* of all tiles but the first of each column, whose unit adds them up */
        work->counts[MCA_COMPONENT_LINK] += reads * (layer->parts.error_copies - 1) *
                                            layer->outputs *
                                            mca_converter_width(chip->config.adc.bits);
    }
    work->counts[MCA_COMPONENT_DPU_GATHER] += back ? 0 : reads * mca__gathered(layer);
    work->counts[MCA_COMPONENT_BUFFER_READ] +=
        reads *
        (back ? (uint64_t)layer->parts.error_copies * layer->outputs * chip->config.dpu.error_bits
              : (uint64_t)layer->parts.input_copies * layer->inputs *
                    mca_converter_width(chip->config.dac.bits));
    work->counts[MCA_COMPONENT_DAC_DRIVE] += driven * (back ? place->row_tiles : place->col_tiles);
    work->counts[MCA_COMPONENT_PCM_READ] += driven * lines * 2;
    work->counts[MCA_COMPONENT_SAMPLE_HOLD] += samples;
    work->counts[MCA_COMPONENT_ADC_CONVERSION] += samples;
    work->counts[MCA_COMPONENT_DPU_ADD] += samples; /* to the sums, as they come */
}

/* Whether each word served takes a random word for each lane. */
static int draws_random(const struct mca_chip *chip, const struct mca_layer *layer) {
    return layer->chi.rounding == MCA_ROUND_STOCHASTIC &&
           (chip->arithmetic->draws_random || !mca_chi_is_kept(&layer->chi));
}

/* Words of accumulators: each is read and written as it is added to, and again when it goes to chi
 * and is cleared. */
static void work_accumulators(const struct mca_chip *chip, const struct mca_update_result *result,
                              struct mca_work *work) {
    if (result->summed_words > 0) {
        const uint64_t bits =
            (result->summed_words + result->words) * chip->config.dpu.lanes * MCA_DPU_SUM_BITS;
        work->counts[MCA_COMPONENT_ACCUMULATOR_READ] += bits;
        work->counts[MCA_COMPONENT_ACCUMULATOR_WRITE] += bits;
        work->read_cycles = result->summed_cycles;
    }
}

/* Bits of inputs and errors that come from the buffer: those that a row of chi goes by once, those
 * of its words for each word that is served. */
static uint64_t factor_bits(const struct mca_chip *chip, const struct mca_layer *layer,
                            const struct mca_update_result *result) {
    const uint64_t input_bits = layer->is_digital ? chip->config.dpu.activation_bits
                                                  : mca_converter_width(chip->config.dac.bits);
    const uint64_t error_bits = chip->config.dpu.error_bits;
    const uint64_t words = result->summed_words ? result->summed_words : result->words;
    const uint64_t in_words = words * chip->config.dpu.lanes;
    return mca_chi_lies_by_columns(&layer->chi)
               ? (uint64_t)layer->values * layer->parts.error_copies * error_bits +
                     in_words * input_bits
               : (uint64_t)layer->inputs * layer->positions * layer->parts.input_copies *
                         input_bits +
                     in_words * error_bits;
}

void mca_work_update(const struct mca_chip *chip, const struct mca_step *step,
                     const struct mca_update_result *result, struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const uint64_t lanes = chip->config.dpu.lanes;
    const uint64_t word_bits = lanes * layer->chi.config.bits;
    work->counts[MCA_COMPONENT_BUFFER_READ] += factor_bits(chip, layer, result);
    work->counts[MCA_COMPONENT_DPU_GATHER] += mca__gathered(layer) * layer->positions;
    work->counts[layer->is_digital ? MCA_COMPONENT_WEIGHT_READ : MCA_COMPONENT_CHI_READ] +=
        result->words * word_bits;
    work->counts[layer->is_digital ? MCA_COMPONENT_WEIGHT_WRITE : MCA_COMPONENT_CHI_WRITE] +=
        result->words * word_bits;
    work->counts[MCA_COMPONENT_DPU_MULTIPLY] +=
        result->summed_words ? result->summed_products : result->products;
    work->counts[MCA_COMPONENT_DPU_ADD] += result->summed_products + result->products;
    work_accumulators(chip, result, work);
    if (draws_random(chip, layer)) {
        work->counts[MCA_COMPONENT_DPU_RANDOM] += result->words * lanes;
    }
    work->words = mca_chi_is_kept(&layer->chi) ? result->words : 0;
    work->cycles = result->cycles;
    work->cycles_beside = result->cycles_beside;
}

static void work_scan(const struct mca_chip *chip, const struct mca_scan *scan, int compares,
                      struct mca_work *work) {
    work->counts[MCA_COMPONENT_DAC_DRIVE] += scan->drives;
    work->counts[MCA_COMPONENT_PCM_READ] += scan->devices;
    work->counts[MCA_COMPONENT_SAMPLE_HOLD] += scan->samples;
    if (compares) { /* pairs that are converted are counted when they are known */
        work->counts[MCA_COMPONENT_ADC_COMPARE] += scan->samples;
    } else {
        work->counts[MCA_COMPONENT_ADC_CONVERSION] += scan->samples;
        work->counts[MCA_COMPONENT_DPU_ADD] += scan->samples; /* comparisons */
    }
    const struct mca_crossing back = mca_crossing_scan(
        &chip->config, scan->samples, compares ? 1 : mca_converter_width(chip->config.adc.bits));
    work->counts[MCA_COMPONENT_LINK] += back.bits;
    work->reads = scan->reads;
    const int has_parts = mca_has_tile_units(&chip->config);
    const uint64_t words = has_parts ? scan->tile_words : mca__lane_words(chip, scan->samples);
    work->cycles = mca_max_u64(words, back.cycles);
    work->cycles_beside = has_parts ? scan->words - words : 0;
    mca__take_no_time(chip, work);
}

void mca_work_reference_reads(const struct mca_chip *chip, const struct mca_step *step,
                              struct mca_work *work) {
    static const struct mca_scan_map every_pair = {NULL, 0};
    const struct mca_scan scan =
        mca_scan_of(&every_pair, &chip->layers[step->layer].matrix.place, chip->config.dpu.lanes);
    work_scan(chip, &scan, 0, work);
}

void mca_work_refresh(const struct mca_chip *chip, const struct mca_step *step,
                      struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_scan scan =
        mca_scan_of(&layer->scan_map, &layer->matrix.place, chip->config.dpu.lanes);
    work_scan(chip, &scan, mca_compares(&chip->config), work);
    if (layer->scan_map.rows) { /* each bit is read, and cleared */
        const uint64_t bits = (uint64_t)layer->inputs * layer->outputs;
        work->counts[MCA_COMPONENT_SCAN_MAP_READ] += bits;
        work->counts[MCA_COMPONENT_SCAN_MAP_WRITE] += bits;
    }
}

void mca_work_book(struct mca_layered_ledger *ledger, const struct mca_step *step,
                   const struct mca_work *work) {
    uint64_t *counts = mca_ledger_part_of(ledger, step->layer)->counts[step->phase];
    for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
        counts[c] += work->counts[c];
    }
}

void mca_work_clear(struct mca_work *work) {
#pragma GCC unroll 32
    for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) { /* no instruction that starts slowly */
        work->counts[c] = 0;
    }
    work->reads = 0;
    work->read_cycles = 0;
    work->cycles = 0;
    work->stall_cycles = 0;
    work->words = 0;
    work->cycles_beside = 0;
    work->sent_bits = 0;
}
