/*
 * A chip some time after it was programmed: its devices are set to what they conduct then, tests
 * are made, and the programmed state is given back. What makes up for drift is found before each
 * age's tests from reference reads: every device is read alone, as in a refresh, and the
 * conversions of a column (or of all of a layer) add up; what the sum was when the chip had just
 * been programmed, over what it is now, is the factor on the layer's sums.
 */
#include <string.h>

#include "chip/chip_state.h"

struct mca_ageing_state {
    int is_aged;
    double *reference[MCA_LAYERS_MAX]; /* [outputs] sums of the reads when it was programmed */
    double *read;                      /* [widest layer] sums of the last ones */
    struct mca_output_scale scale[MCA_LAYERS_MAX];
};

static int ages(const struct mca_layer *layer) {
    return layer->matrix.g[0] != NULL;
}

/* Events of reads of single devices, apart from those of refreshes and of programming. */
static uint64_t event_of(const struct mca_ageing *ageing) {
    const float age_s = (float)ageing->age_s;
    uint32_t age_bits;
    memcpy(&age_bits, &age_s, sizeof age_bits);
    return (uint64_t)1 << 62 | (uint64_t)ageing->seed << 32 | age_bits;
}

/* Sums of a column's single-ended conversions, both sides. */
static void read_columns(const struct mca_chip *chip, const struct mca_layer *layer, uint64_t event,
                         double *sum) {
    struct mca_adc adc;
    mca_adc_init_single_ended(&adc, &chip->config.adc, chip->config.device.gmax_us);
    memset(sum, 0, layer->outputs * sizeof *sum);
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        for (uint32_t first = 0; first < layer->outputs; first += MCA_READ_PAIRS_MAX) {
            const uint32_t left = layer->outputs - first;
            const uint32_t count = left < MCA_READ_PAIRS_MAX ? left : MCA_READ_PAIRS_MAX;
            uint32_t row[MCA_READ_PAIRS_MAX];
            uint32_t col[MCA_READ_PAIRS_MAX];
            double read_us[2 * MCA_READ_PAIRS_MAX];
            for (uint32_t i = 0; i < count; ++i) {
                row[i] = r;
                col[i] = first + i;
            }
            mca_matrix_read_pairs_us(&layer->matrix, row, col, count, event, read_us);
            adc.ops->single_ended(&adc, 2 * (size_t)count, read_us);
            for (uint32_t i = 0; i < count; ++i) {
                sum[first + i] += read_us[2 * i] + read_us[2 * i + 1];
            }
        }
    }
}

/* What the reads of a layer cost, in phase `test`, and with `factors` those that follow from them:
 * a reciprocal and a product each. */
static void charge_reads(struct mca_chip *chip, uint32_t layer, uint64_t factors) {
    const struct mca_step step = {
        .kind = MCA_STEP_REFRESH, .phase = MCA_PHASE_TEST, .layer = layer};
    struct mca_work work = {0};
    mca_work_reference_reads(chip, &step, &work);
    work.counts[MCA_COMPONENT_DPU_RECIPROCAL] += factors;
    work.counts[MCA_COMPONENT_DPU_MULTIPLY] += factors;
    mca_work_book(&chip->ledger, &step, &work);
}

static double total(const double *sum, uint32_t count) {
    double all = 0.0;
    for (uint32_t c = 0; c < count; ++c) {
        all += sum[c];
    }
    return all;
}

/* A factor for each column, or the same for all columns of a layer, as is asked for. */
static void set_factors(const struct mca_chip *chip, const double *reference, const double *now,
                        struct mca_output_scale *scale) {
    const uint32_t columns = scale->columns;
    const int is_global = chip->config.dpu.drift_compensation == MCA_COMPENSATION_GLOBAL;
    const double all_before = total(reference, columns);
    const double all_now = total(now, columns);
    for (uint32_t c = 0; c < columns; ++c) {
        const double before = is_global ? all_before : reference[c];
        const double after = is_global ? all_now : now[c];
        scale->factor[c] = after > 0.0 && before > 0.0 ? before / after : 1.0;
        scale->code[c] = mca_scale_code(scale->factor[c]);
    }
}

static enum mca_status init_scale(struct mca_chip *chip, uint32_t index, struct mca_error *error) {
    struct mca_ageing_state *state = chip->ageing;
    const struct mca_layer *layer = &chip->layers[index];
    struct mca_output_scale *scale = &state->scale[index];
    int whole = 1;
    scale->columns = layer->outputs;
    scale->factor = mca_arena_take(&chip->arena, layer->outputs, sizeof *scale->factor, &whole);
    scale->code = mca_arena_take(&chip->arena, layer->outputs, sizeof *scale->code, &whole);
    scale->kept_bits = mca_scale_kept_bits(layer->forward_frac);
    state->reference[index] = mca_arena_take(&chip->arena, layer->outputs, sizeof(double), &whole);
    return whole ? MCA_OK : mca_fail_memory(error, "drift compensation");
}

static enum mca_status init_state(struct mca_chip *chip, struct mca_error *error) {
    uint32_t widest = 0;
    chip->ageing = mca_arena_alloc(&chip->arena, 1, sizeof *chip->ageing);
    if (!chip->ageing) {
        return mca_fail_memory(error, "ageing");
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        widest = chip->layers[i].outputs > widest ? chip->layers[i].outputs : widest;
        if (ages(&chip->layers[i])) {
            MCA_TRY(init_scale(chip, i, error));
        }
    }
    chip->ageing->read = mca_arena_alloc(&chip->arena, widest, sizeof(double));
    return chip->ageing->read ? MCA_OK : mca_fail_memory(error, "ageing");
}

static int compensates(const struct mca_chip *chip) {
    return chip->config.dpu.drift_compensation != MCA_COMPENSATION_NONE;
}

void mca__drift_to_now(struct mca_chip *chip) {
    if (!mca_device_drifts_in_training(&chip->config.device)) {
        return;
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        if (chip->layers[i].matrix.drifting) {
            mca_matrix_drift(&chip->layers[i].matrix, (int64_t)chip->timeline.frontier.ps);
        }
    }
}

/* The programmed state is kept, and what its reads give; devices are aged from here on. */
static enum mca_status begin(struct mca_chip *chip, struct mca_error *error) {
    MCA_TRY(chip->ageing ? MCA_OK : init_state(chip, error));
    mca__drift_to_now(chip);
    MCA_TRY(compensates(chip) ? mca__time_reference_reads(chip, error) : MCA_OK);
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        if (ages(&chip->layers[i])) {
            MCA_TRY(mca_matrix_keep(&chip->layers[i].matrix, &chip->arena, error));
        }
    }
    const struct mca_ageing none = {0.0, 0};
    for (uint32_t i = 0; i < chip->layer_count && compensates(chip); ++i) {
        if (ages(&chip->layers[i])) {
            read_columns(chip, &chip->layers[i], event_of(&none), chip->ageing->reference[i]);
            charge_reads(chip, i, 0);
        }
    }
    chip->ageing->is_aged = 1;
    return MCA_OK;
}

/* Reads the aged devices of a layer, and sets the factors on its sums. */
static void compensate(struct mca_chip *chip, uint32_t index, const struct mca_ageing *ageing) {
    struct mca_ageing_state *state = chip->ageing;
    struct mca_layer *layer = &chip->layers[index];
    const int is_global = chip->config.dpu.drift_compensation == MCA_COMPENSATION_GLOBAL;
    read_columns(chip, layer, event_of(ageing), state->read);
    set_factors(chip, state->reference[index], state->read, &state->scale[index]);
    charge_reads(chip, index, is_global ? 1 : layer->outputs);
    layer->scale = &state->scale[index];
}

enum mca_status mca_chip_age(struct mca_chip *chip, const struct mca_ageing *ageing,
                             struct mca_error *error) {
    MCA_TRY(chip->ageing && chip->ageing->is_aged ? MCA_OK : begin(chip, error));
    MCA_TRY(compensates(chip) ? mca__time_reference_reads(chip, error) : MCA_OK);
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        if (ages(&chip->layers[i])) {
            mca_matrix_age(&chip->layers[i].matrix, ageing);
        }
        if (ages(&chip->layers[i]) && compensates(chip)) {
            compensate(chip, i, ageing);
        }
    }
    return MCA_OK;
}

void mca_chip_end_ageing(struct mca_chip *chip) {
    if (!chip->ageing || !chip->ageing->is_aged) {
        return;
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        if (ages(&chip->layers[i])) {
            mca_matrix_give_back(&chip->layers[i].matrix);
            chip->layers[i].scale = NULL;
        }
    }
    chip->ageing->is_aged = 0;
}
