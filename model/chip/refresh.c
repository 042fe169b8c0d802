/*
 * Refresh: SET-only pairs drift towards saturation, both devices high and their difference small.
 * Every refresh.every_images images, or refresh.every_pulses SET pulses, each device, or with
 * refresh.scan programmed those of pairs that had pulses since the last time, is read alone (row by
 * row, G+ then G-), through noise and ADC; a pair with a device above high_us and a difference
 * below difference_us is RESET, and its difference rewritten with at most max_pulses SET pulses on
 * one side, the number whose expected conductance is nearest.
 *
 * A single-ended read is converted over 0 .. gmax with adc.bits. With refresh.sense compare or
 * comparator it is first compared with high_us, at the edge of the codes above it, so that the same
 * pairs are found as by converting every device: both samples of a pair are held, and converted
 * where either device is above. Reads keep their pace. Noise draws are bounded, so a device so low
 * that no draw can lift it above the threshold needs no draw: the outcome is the same.
 */
#include <string.h>

#include "base/clones.h"
#include "base/mathx.h"
#include "chip/chip_state.h"

struct scan {
    struct mca_adc adc; /* of single-ended reads */
    uint16_t safe_code; /* devices up to this code cannot read above high_us */
};

static struct scan scan_of(const struct mca_chip *chip) {
    const struct mca_refresh_config *refresh = &chip->config.refresh;
    struct scan scan;
    mca_adc_init_single_ended(&scan.adc, &chip->config.adc, chip->config.device.gmax_us);
    const double noise = chip->config.device.read_noise * MCA_GAUSSIAN_MAX;
    const double safe_us =
        (refresh->high_us - scan.adc.lsb - noise * chip->config.device.read_noise_offset_us) /
        (1.0 + noise * chip->config.device.read_noise_slope);
    const double code = safe_us * chip->device.codes_per_us - 1.0;
    scan.safe_code = (uint16_t)mca_clamp(mca_round(code), 0.0, MCA_CONDUCTANCE_CODE_MAX);
    return scan;
}

/* SET pulses, at most max_pulses, whose expected conductance above RESET is nearest to
 * difference_us >= 0. */
static uint32_t rewrite_pulses(const struct mca_chip *chip, double difference_us, double *gain_us) {
    uint32_t best = 0;
    double best_miss = difference_us;
    *gain_us = 0.0;
    for (uint32_t n = 1; n <= chip->config.refresh.max_pulses; ++n) {
        const double gain = chip->device.mean_after[n] - chip->device.mean_after[0];
        const double miss = gain > difference_us ? gain - difference_us : difference_us - gain;
        if (miss < best_miss) {
            best = n;
            best_miss = miss;
            *gain_us = gain;
        }
    }
    return best;
}

static void rewrite(struct mca_chip *chip, struct mca_layer *layer, uint32_t row, uint32_t col,
                    double difference_us, const struct mca_rewrite_sink *sink) {
    const int side = difference_us < 0.0;
    double gain_us;
    const int32_t pulses =
        (int32_t)rewrite_pulses(chip, side ? -difference_us : difference_us, &gain_us);
    const uint64_t duration_ps =
        mca__rewrite_pair(chip, layer, row, col, MCA_PHASE_REFRESH, side ? -pulses : pulses);
    sink->rewrite(sink->user, layer->index, row, col, duration_ps);
    if (chip->config.refresh.residual == MCA_RESIDUAL_CHI) {
        const double residual_us = difference_us - (side ? -gain_us : gain_us);
        mca_chi_add(&layer->chi, row, col, residual_us / chip->config.transfer.epsilon_us);
        if (mca_engine_is_fixed(chip)) { /* the memory of no digital unit holds it otherwise */
            mca__tell_chi_written(chip, layer->index, row, col);
        }
        mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_REFRESH, MCA_COMPONENT_CHI_READ,
                         (uint64_t)chip->config.dpu.lanes * chip->config.chi.bits);
        mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_REFRESH, MCA_COMPONENT_CHI_WRITE,
                         (uint64_t)chip->config.dpu.lanes * chip->config.chi.bits);
        mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_REFRESH, MCA_COMPONENT_DPU_ADD, 1);
    }
    ++chip->stats.refreshed_pairs;
}

/* Pairs that may be due, in the order of the scan. */
struct pairs {
    uint32_t count;
    uint32_t row[MCA_READ_PAIRS_MAX];
    uint32_t col[MCA_READ_PAIRS_MAX];
};

/* A pair that a comparator found is converted in full, and compared by the digital unit. */
static void count_conversion(struct mca_chip *chip, const struct mca_layer *layer) {
    mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_REFRESH, MCA_COMPONENT_ADC_CONVERSION,
                     2);
    mca_ledger_count(&chip->ledger, layer->index, MCA_PHASE_REFRESH, MCA_COMPONENT_DPU_ADD, 2);
    mca_ledger_count(
        &chip->ledger, layer->index, MCA_PHASE_REFRESH, MCA_COMPONENT_LINK,
        mca_crossing_scan(&chip->config, 2, mca_converter_width(chip->config.adc.bits)).bits);
}

/* Pairs read, compared, rewritten; none are left. */
static void refresh_pairs(struct mca_chip *chip, struct mca_layer *layer, const struct scan *scan,
                          struct pairs *pairs, const struct mca_rewrite_sink *sink) {
    double read_us[2 * MCA_READ_PAIRS_MAX];
    mca_matrix_read_pairs_us(&layer->matrix, pairs->row, pairs->col, pairs->count,
                             chip->stats.refreshes, read_us);
    scan->adc.ops->single_ended(&scan->adc, 2 * (size_t)pairs->count, read_us);
    for (size_t i = 0; i < pairs->count; ++i) {
        const double plus_us = read_us[2 * i];
        const double minus_us = read_us[2 * i + 1];
        const double high_us = plus_us > minus_us ? plus_us : minus_us;
        const double difference_us = plus_us - minus_us;
        const double magnitude_us = difference_us < 0.0 ? -difference_us : difference_us;
        if (high_us <= chip->config.refresh.high_us) {
            continue;
        }
        if (mca_compares(&chip->config)) {
            count_conversion(chip, layer);
        }
        if (magnitude_us < chip->config.refresh.difference_us) {
            rewrite(chip, layer, pairs->row[i], pairs->col[i], difference_us, sink);
        }
    }
    pairs->count = 0;
}

/* Which of a row's pairs have a device above `code`; returns whether any has. */
MCA_CLONES
static int find_above(const uint16_t *restrict plus, const uint16_t *restrict minus, uint32_t count,
                      uint16_t code, uint8_t *restrict above) {
    uint8_t any = 0;
    for (uint32_t c = 0; c < count; ++c) {
        const uint16_t larger = plus[c] > minus[c] ? plus[c] : minus[c];
        above[c] = larger > code;
        any |= above[c];
    }
    return any;
}

/* A row in pieces. */
static void refresh_row(struct mca_chip *chip, struct mca_layer *layer, const struct scan *scan,
                        uint32_t row, struct pairs *pairs, const struct mca_rewrite_sink *sink) {
    enum { PIECE = 64, GROUP = 8 };
    const size_t start = (size_t)row * layer->matrix.stride;
    for (uint32_t first = 0; first < layer->outputs; first += PIECE) {
        uint8_t above[PIECE] = {0};
        const uint32_t left = layer->outputs - first;
        const uint32_t size = left < PIECE ? left : PIECE;
        if (!find_above(layer->matrix.g[0] + start + first, layer->matrix.g[1] + start + first,
                        size, scan->safe_code, above)) {
            continue;
        }
        const uint64_t read = mca_scan_map_pairs(&layer->scan_map, row, first);
        for (uint32_t c = 0; c < size; c += GROUP) { /* most groups have none */
            uint64_t group;
            memcpy(&group, above + c, sizeof group);
            if (pairs->count + GROUP > MCA_READ_PAIRS_MAX) {
                refresh_pairs(chip, layer, scan, pairs, sink);
            }
            for (; group != 0; group &= group - 1) { /* a byte is 1 or 0; the first is the lowest */
                const uint32_t col = c + (uint32_t)__builtin_ctzll(group) / 8;
                pairs->row[pairs->count] = row;
                pairs->col[pairs->count] = first + col;
                pairs->count += (uint32_t)(read >> col & 1);
            }
        }
    }
}

void mca_engine_refresh_layer(struct mca_chip *chip, uint32_t index,
                              const struct mca_rewrite_sink *sink) {
    struct mca_layer *layer = &chip->layers[index];
    const struct scan scan = scan_of(chip);
    struct pairs pairs;
    pairs.count = 0;
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        refresh_row(chip, layer, &scan, r, &pairs, sink);
    }
    refresh_pairs(chip, layer, &scan, &pairs, sink);
    mca_scan_map_fill(&layer->scan_map, &layer->matrix.place, 0);
}

struct rewriter {
    struct mca_chip *chip;
    uint64_t ready_cycle;
};

static void schedule_rewrite(void *user, uint32_t layer, uint32_t row, uint32_t col,
                             uint64_t duration_ps) {
    const struct rewriter *rewriter = user;
    const struct mca_command_job job = {layer,
                                        row,
                                        col,
                                        MCA_PHASE_REFRESH,
                                        rewriter->ready_cycle,
                                        duration_ps,
                                        &mca__unit_of(rewriter->chip, layer)->free,
                                        MCA_PHASE_REFRESH};
    struct mca_moment held;
    if (rewriter->chip->what_if) {
        mca__what_if_rewrite(rewriter->chip, &job);
    }
    (void)mca__program_schedule(rewriter->chip, &job, &held);
}

void mca__begin_refresh(struct mca_chip *chip) {
    if (chip->what_if) {
        mca__what_if_scan(chip);
    }
    mca__time_scan(chip);
}

void mca__refresh(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work) {
    mca_work_refresh(chip, step, work);
    if (chip->what_if) {
        mca__what_if_refresh(chip, step, work);
    }
    struct rewriter rewriter = {chip, mca__time_refresh(chip, step, work)};
    const struct mca_rewrite_sink sink = {&rewriter, schedule_rewrite};
    mca_engine_refresh_layer(chip, step->layer, &sink);
}
