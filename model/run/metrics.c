#include "run/metrics.h"

#include "array/placement.h"
#include "base/mathx.h"
#include "chip/timeline.h"
#include "network/program.h"

static void add_step(struct mca_macs *macs, enum mca_phase phase, uint64_t of_image,
                     uint64_t trained, uint64_t tested) {
    const uint64_t images = trained > 0 ? trained : tested;
    if (phase == MCA_PHASE_FORWARD) {
        macs->forward += images * of_image;
        macs->tested += tested * of_image;
        macs->per_image += of_image;
        macs->total += images * of_image;
    } else if (trained > 0) {
        macs->backward += phase == MCA_PHASE_BACKWARD ? trained * of_image : 0;
        macs->update += phase == MCA_PHASE_UPDATE ? trained * of_image : 0;
        macs->per_image += of_image;
        macs->total += trained * of_image;
    }
}

struct mca_macs mca_macs_of(const struct mca_network *network, uint64_t trained, uint64_t tested,
                            struct mca_macs *macs) {
    struct mca_program program;
    struct mca_macs all = {0};
    mca_program_train(&program, network);
    for (uint32_t i = 0; i <= network->layer_count; ++i) {
        macs[i] = (struct mca_macs){0};
    }
    for (uint32_t i = 0; i < program.image_steps; ++i) {
        const struct mca_step *step = &program.steps[i];
        const uint64_t of_image = mca_step_macs(network, step);
        if (of_image > 0) {
            add_step(&macs[step->layer], step->phase, of_image, trained, tested);
            add_step(&all, step->phase, of_image, trained, tested);
        }
    }
    return all;
}

static void add_read(struct mca_full_reads *reads, const struct mca_placement *place) {
    const uint64_t weights = (uint64_t)place->rows * place->cols;
    const uint64_t samples = mca_placement_forward_samples(place);
    reads->macs += weights;
    reads->counts[MCA_COMPONENT_DAC_DRIVE] += (uint64_t)place->rows * place->col_tiles;
    reads->counts[MCA_COMPONENT_PCM_READ] += 2 * weights;
    reads->counts[MCA_COMPONENT_SAMPLE_HOLD] += samples;
    reads->counts[MCA_COMPONENT_ADC_CONVERSION] += samples;
}

struct mca_full_reads mca_full_reads_of(const struct mca_network *network,
                                        const struct mca_chip_config *chip,
                                        const struct mca_price_list *prices) {
    struct mca_full_reads reads = {0};
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        if (layer->rows > 0 && !layer->config.digital) {
            const struct mca_placement place = mca_layer_placement(chip, layer);
            const struct mca_read_time time =
                mca_read_time_of(chip, &place, chip->dac.bits, MCA_READ_SCAN);
            const uint64_t pace_ps =
                mca_max_u64(mca_max_u64(time.dac_ps, time.tile_ps), time.adc_ps);
            add_read(&reads, &place);
            reads.pace_ps = mca_max_u64(reads.pace_ps, pace_ps);
        }
    }
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        reads.joules += (double)reads.counts[c] * prices->energy[c].value;
    }
    return reads;
}
