/*
 * Programming of weights that come from outside, at their layer's unit weight: exactly where
 * devices are ideal and into the words of digital layers; into pairs of pulsed devices blindly,
 * with reads in between, or as published statistics have it.
 *
 * Program-and-verify works row by row. The tiles of a layer work side by side, each on one row, and
 * in rounds that all of them begin together; layers work side by side too. A round reads the
 * weights of the rows that do not stand yet, G+ and then G- through the converters as a refresh
 * does, and compares; then each gets a pulse, one after the other on each of the tile's drivers.
 * Only the device on the side of the target's sign is pulsed: SET while the weight is too small,
 * and once it has gone too far RESET, to begin again. The other device stays at RESET, so that the
 * pair conducts little and its reads are quiet. Comparisons of the digital unit are counted; they
 * go on beside the reads and take no time of their own.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mathx.h"
#include "base/observer.h"
#include "chip/chip_state.h"
#include "device/published_programming.h"

/* Events of reads that are not those of refreshes. */
static const uint64_t READ_EVENT = (uint64_t)1 << 63;

/* A weight's conductance difference, which a pair may not reach; what is clipped is counted. */
static double target_of(struct mca_chip *chip, const struct mca_layer *layer, double weight) {
    const double most_us = chip->config.device.gmax_us;
    const double wanted_us = weight * layer->unit_weight_us;
    const double target_us = mca_clamp(wanted_us, -most_us, most_us);
    /* the largest weight is the largest conductance, but for rounding */
    chip->import.clipped += fabs(wanted_us) > most_us * (1.0 + 1e-12);
    return target_us;
}

static void note_error(struct mca_chip *chip, const struct mca_layer *layer, uint32_t row,
                       uint32_t col, double target_us) {
    const double error_us = mca_matrix_weight_us(&layer->matrix, row, col) - target_us;
    ++chip->import.programmed;
    chip->import.error_sum_us += error_us;
    chip->import.error_squares_us2 += error_us * error_us;
}

/* --- blind */

/* SET pulses after a RESET whose expected conductance is the target's, rounded stochastically
 * between two numbers of them; negative for G-. */
static int32_t blind_pulses(const struct mca_chip *chip, double target_us, double uniform) {
    const double *mean_us = chip->device.mean_after;
    const double size_us = target_us < 0.0 ? -target_us : target_us;
    int32_t pulses = 0;
    while (pulses < MCA_MEAN_AFTER_MAX && mean_us[pulses + 1] - mean_us[0] <= size_us) {
        ++pulses;
    }
    if (pulses < MCA_MEAN_AFTER_MAX) { /* what more of them reach is not tabled */
        const double rest_us = size_us - (mean_us[pulses] - mean_us[0]);
        pulses += uniform * (mean_us[pulses + 1] - mean_us[pulses]) < rest_us;
    }
    return target_us < 0.0 ? -pulses : pulses;
}

static void program_blindly(struct mca_chip *chip, struct mca_layer *layer, const double *weights) {
    const struct mca_rng rng = mca_rng_stream(chip->config.seed, MCA_RNG_INIT_WEIGHT);
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const size_t at = (size_t)r * layer->outputs + c;
            const double target_us = target_of(chip, layer, weights[at]);
            uint32_t words[4];
            mca_rng_words(rng, layer->matrix.first_device + 2 * at, 0, 0, words);
            mca__program_pair(chip, layer, r, c,
                              blind_pulses(chip, target_us, mca_rng_uniform(words[1])));
            note_error(chip, layer, r, c, target_us);
        }
    }
}

/* --- published statistics */

/* A device at `target_us`, with as long a history as pulses that lead there have. */
static void draw_device(struct mca_chip *chip, struct mca_layer *layer, uint32_t row, uint32_t col,
                        int side, double target_us) {
    const uint64_t place = mca_matrix_device_number(&layer->matrix, row, col, side);
    const double z =
        mca_rng_gaussian(mca_rng_stream(chip->config.seed, MCA_RNG_PROGRAM), place, 0, 0);
    const double g_us = target_us + mca_published_programming_std_us(target_us) * z;
    const uint16_t code =
        mca_device_code(&chip->device, mca_clamp(g_us, 0.0, chip->config.device.gmax_us));
    mca_matrix_restore(&layer->matrix, row, col, side, code,
                       (uint8_t)blind_pulses(chip, target_us, 0.5), 0);
}

static void draw_published(struct mca_chip *chip, struct mca_layer *layer, const double *weights) {
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const double target_us =
                target_of(chip, layer, weights[(size_t)r * layer->outputs + c]);
            draw_device(chip, layer, r, c, 0, target_us > 0.0 ? target_us : 0.0);
            draw_device(chip, layer, r, c, 1, target_us < 0.0 ? -target_us : 0.0);
            note_error(chip, layer, r, c, target_us);
        }
    }
}

/* --- program and verify */

/* A weight that is being programmed. */
struct cell {
    uint32_t row;
    uint32_t col;
    uint32_t tile; /* of the layer */
    uint32_t pulses;
    double target_us;
};

struct verifier {
    struct mca_chip *chip;
    struct mca_layer *layer;
    const double *weights;
    struct mca_adc adc; /* of single-ended reads */
    struct mca_read_time time;
    uint64_t now_ps;
    uint64_t event;     /* of the next read */
    struct cell *cells; /* [count] that do not stand yet, tile by tile */
    size_t count;
    uint64_t *driver_free_ps; /* [transfer.drivers] of the tile at work */
};

static void count_component(const struct verifier *v, enum mca_component component,
                            uint64_t count) {
    mca_ledger_count(&v->chip->ledger, v->layer->index, MCA_PHASE_INIT, component, count);
}

static void book(const struct verifier *v, enum mca_resource resource, uint64_t busy_ps) {
    mca_ledger_busy(&v->chip->ledger, v->layer->index, MCA_PHASE_INIT, resource, busy_ps, 0);
}

/* The first driver of the tile that is free drives a pulse. Returns when it ends. */
static uint64_t drive(const struct verifier *v, uint64_t duration_ps) {
    uint32_t first = 0;
    for (uint32_t d = 1; d < v->chip->config.transfer.drivers; ++d) {
        first = v->driver_free_ps[d] < v->driver_free_ps[first] ? d : first;
    }
    v->driver_free_ps[first] += duration_ps;
    book(v, MCA_RESOURCE_PROGRAM, duration_ps);
    return v->driver_free_ps[first];
}

static void free_drivers(const struct verifier *v) {
    for (uint32_t d = 0; d < v->chip->config.transfer.drivers; ++d) {
        v->driver_free_ps[d] = v->now_ps;
    }
}

static uint64_t reset_device(const struct verifier *v, const struct cell *cell, int side) {
    mca_matrix_reset(&v->layer->matrix, cell->row, cell->col, side);
    count_component(v, MCA_COMPONENT_PCM_RESET, 1);
    return drive(v, v->chip->config.timing.reset_pulse_ps);
}

static uint64_t set_device(const struct verifier *v, const struct cell *cell, int side) {
    mca_matrix_set(&v->layer->matrix, cell->row, cell->col, side, 1);
    count_component(v, MCA_COMPONENT_PCM_SET, 1);
    return drive(v, v->chip->config.timing.set_pulse_ps);
}

/* The weights of row `index` of each row of tiles, tile by tile, begin at RESET. */
static void begin_rows(struct verifier *v, uint32_t index) {
    const struct mca_placement *place = &v->layer->matrix.place;
    uint64_t end_ps = v->now_ps;
    v->count = 0;
    for (uint32_t t = 0; t < mca_placement_tiles(place); ++t) {
        const struct mca_tile tile = mca_placement_tile(place, t, 0);
        free_drivers(v);
        for (uint32_t c = 0; index < tile.rows && c < tile.cols; ++c) {
            struct cell *cell = &v->cells[v->count++];
            *cell = (struct cell){tile.row0 + index, tile.col0 + c, t, 0, 0.0};
            cell->target_us = target_of(
                v->chip, v->layer, v->weights[(size_t)cell->row * v->layer->outputs + cell->col]);
            for (int side = 0; side < 2; ++side) {
                const uint64_t ps = reset_device(v, cell, side);
                end_ps = ps > end_ps ? ps : end_ps;
            }
        }
    }
    v->now_ps = end_ps;
}

/* Means of reads of up to MCA_READ_PAIRS_MAX cells: what their weights read, uS. */
static void read_cells(const struct verifier *v, const struct cell *cells, uint32_t count,
                       double *weight_us) {
    const uint32_t reads = v->chip->config.weights.reads;
    uint32_t row[MCA_READ_PAIRS_MAX];
    uint32_t col[MCA_READ_PAIRS_MAX];
    double read_us[2 * MCA_READ_PAIRS_MAX];
    for (uint32_t i = 0; i < count; ++i) {
        row[i] = cells[i].row;
        col[i] = cells[i].col;
        weight_us[i] = 0.0;
    }
    for (uint32_t k = 0; k < reads; ++k) {
        mca_matrix_read_pairs_us(&v->layer->matrix, row, col, count, v->event + k, read_us);
        v->adc.ops->single_ended(&v->adc, 2 * (size_t)count, read_us);
        for (uint32_t i = 0; i < count; ++i) {
            weight_us[i] += (read_us[2 * (size_t)i] - read_us[2 * (size_t)i + 1]) / (double)reads;
        }
    }
}

/* A round's reads take their time and what they take. */
static void charge_reads(struct verifier *v) {
    const uint64_t reads = 2 * (uint64_t)v->chip->config.weights.reads;
    const struct mca_read_time *t = &v->time;
    const uint64_t longer_ps = t->dac_ps > t->tile_ps ? t->dac_ps : t->tile_ps;
    const uint64_t pace_ps = longer_ps > t->adc_ps ? longer_ps : t->adc_ps;
    uint64_t tiles = 0;
    for (size_t i = 0; i < v->count; ++i) {
        tiles += i == 0 || v->cells[i].tile != v->cells[i - 1].tile;
    }
    v->now_ps += t->load_ps + t->tile_ps + t->adc_ps + (reads - 1) * pace_ps;
    book(v, MCA_RESOURCE_DAC, reads * t->dac_ps);
    book(v, MCA_RESOURCE_TILE, reads * t->tile_ps);
    book(v, MCA_RESOURCE_ADC, reads * t->adc_ps);
    count_component(v, MCA_COMPONENT_DAC_DRIVE, reads * tiles);
    count_component(v, MCA_COMPONENT_PCM_READ, reads * v->count);
    count_component(v, MCA_COMPONENT_SAMPLE_HOLD, reads * v->count);
    count_component(v, MCA_COMPONENT_ADC_CONVERSION, reads * v->count);
    count_component(v, MCA_COMPONENT_DPU_ADD, reads * v->count);
    v->chip->import.reads += v->chip->config.weights.reads * v->count;
}

static void finish_cell(struct verifier *v, const struct cell *cell, int stands) {
    struct mca_import_stats *stats = &v->chip->import;
    stats->unreached += !stands;
    stats->pulses += cell->pulses;
    stats->pulses_most = cell->pulses > stats->pulses_most ? cell->pulses : stats->pulses_most;
    note_error(v->chip, v->layer, cell->row, cell->col, cell->target_us);
}

/* One pulse for a weight that reads `weight_us`. Returns when it ends. */
static uint64_t correct(const struct verifier *v, struct cell *cell, double weight_us) {
    const int side = cell->target_us < 0.0;
    const double sign = side ? -1.0 : 1.0;
    ++cell->pulses;
    return sign * weight_us < sign * cell->target_us ? set_device(v, cell, side)
                                                     : reset_device(v, cell, side);
}

/* Reads, then a pulse for those that do not stand. */
static void make_round(struct verifier *v) {
    const struct mca_import_config *config = &v->chip->config.weights;
    double weight_us[MCA_READ_PAIRS_MAX];
    size_t left = 0;
    charge_reads(v);
    uint64_t end_ps = v->now_ps;
    for (size_t first = 0; first < v->count; first += MCA_READ_PAIRS_MAX) {
        const size_t rest = v->count - first;
        const uint32_t count = (uint32_t)(rest < MCA_READ_PAIRS_MAX ? rest : MCA_READ_PAIRS_MAX);
        read_cells(v, v->cells + first, count, weight_us);
        for (uint32_t i = 0; i < count; ++i) {
            struct cell cell = v->cells[first + i];
            const double miss_us = weight_us[i] - cell.target_us;
            const int stands = miss_us <= config->tolerance_us && miss_us >= -config->tolerance_us;
            if (stands || cell.pulses == config->max_pulses) {
                finish_cell(v, &cell, stands);
                continue;
            }
            if (left == 0 || cell.tile != v->cells[left - 1].tile) {
                free_drivers(v);
            }
            const uint64_t ps = correct(v, &cell, weight_us[i]);
            end_ps = ps > end_ps ? ps : end_ps;
            v->cells[left++] = cell;
        }
    }
    v->now_ps = end_ps;
    v->event += config->reads;
    v->count = left;
}

static enum mca_status program_verified(struct mca_chip *chip, struct mca_layer *layer,
                                        const double *weights, const struct mca_observer *observer,
                                        struct mca_error *error) {
    const struct mca_placement *place = &layer->matrix.place;
    struct verifier v = {
        .chip = chip,
        .layer = layer,
        .weights = weights,
        .time = mca_read_time_of(&chip->config, place, chip->config.dac.bits, MCA_READ_SCAN),
        .event = READ_EVENT};
    mca_adc_init_single_ended(&v.adc, &chip->config.adc, chip->config.device.gmax_us);
    v.cells = calloc((size_t)place->row_tiles * place->cols, sizeof *v.cells);
    v.driver_free_ps = calloc(chip->config.transfer.drivers, sizeof *v.driver_free_ps);
    if (!v.cells || !v.driver_free_ps) {
        free(v.cells);
        free(v.driver_free_ps);
        return mca_fail_memory(error, "weights");
    }
    int stop = 0;
    for (uint32_t r = 0; r < place->tile_rows && r < place->rows && stop == 0; ++r) {
        begin_rows(&v, r);
        while (v.count > 0 && stop == 0) {
            make_round(&v);
            stop = mca_observer_stop(observer);
        }
    }
    free(v.cells);
    free(v.driver_free_ps);
    struct mca_moment end = {0};
    mca_moment_pass_to(&end, MCA_PHASE_INIT, v.now_ps);
    mca_timeline_reach(&chip->timeline, &end);
    return stop == 0 ? MCA_OK
                     : mca_fail(error, (enum mca_status)stop,
                                "interrupted while weights were programmed");
}

/* --- layers */

static void set_words(struct mca_chip *chip, struct mca_layer *layer, const double *weights) {
    const double full = mca_exp2i(layer->weight_exponent) *
                        ((mca_exp2i(MCA_WEIGHT_BITS - 1) - 1.0) / mca_exp2i(MCA_WEIGHT_FRAC_BITS));
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const double weight = weights[(size_t)r * layer->outputs + c];
            chip->import.clipped += !layer->chi.real && (weight > full || weight < -full);
            mca__digital_set(layer, r, c, weight);
        }
    }
}

static void set_exactly(struct mca_chip *chip, struct mca_layer *layer, const double *weights) {
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const double weight_us =
                weights[(size_t)r * layer->outputs + c] * layer->unit_weight_us;
            chip->import.clipped += fabs(weight_us) > layer->matrix.largest_us * (1.0 + 1e-12);
            mca_matrix_add_us(&layer->matrix, r, c, weight_us);
        }
    }
    mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_INIT, MCA_COMPONENT_PCM_SET,
                     (uint64_t)layer->inputs * layer->outputs);
}

enum mca_status mca__program_given(struct mca_chip *chip, struct mca_layer *layer,
                                   const struct mca_given_weights *given, struct mca_error *error) {
    const double *weights = given->layers[layer->index];
    chip->import.weights += (uint64_t)layer->inputs * layer->outputs;
    if (layer->is_digital) {
        set_words(chip, layer, weights);
    } else if (layer->matrix.continuous_us) {
        set_exactly(chip, layer, weights);
    } else if (chip->config.weights.programming == MCA_PROGRAM_VERIFY) {
        return program_verified(chip, layer, weights, given->observer, error);
    } else if (chip->config.weights.programming == MCA_PROGRAM_BLIND) {
        program_blindly(chip, layer, weights);
    } else {
        draw_published(chip, layer, weights);
    }
    return MCA_OK;
}
