#include "chip/work.h"

#include "chip/chip_state.h"

enum { DIVISION_CYCLES = 21 }; /* of the reciprocal of a softmax: one for each of its bits */

static uint64_t lane_words(const struct mca_chip *chip, uint64_t values) {
    return mca_dpu_words(values, chip->config.dpu.lanes);
}

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

/* Values of a window that are sought in the buffer; those of a layer that takes all lie in order.
 */
static uint64_t gathered(const struct mca_layer *layer) {
    return layer->positions > 1 ? layer->inputs - 1 : 0;
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
    work->counts[MCA_COMPONENT_DPU_GATHER] += back ? 0 : reads * gathered(layer);
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

uint64_t mca_work_softmax_cycles(uint64_t outputs) {
    return 2 * outputs + DIVISION_CYCLES;
}

/* Cycles of a digital unit for `sums` of a read, a word of lanes each: it takes them as they cross
 * from the tiles. */
static uint64_t sum_cycles(const struct mca_chip *chip, const struct mca_layer *layer, int back,
                           uint64_t sums) {
    const struct mca_placement *place = &layer->matrix.place;
    /* back, sums of whole tiles leave by the same wires, of which the unit may take a part */
    const uint64_t crossing =
        back ? mca_max_u64(sums, mca_min_u64(layer->inputs - 1, place->tile_rows)) : sums;
    return mca_max_u64(lane_words(chip, sums) * mca_codes_of_sum(&chip->config, place, back),
                       mca_crossing_back(&chip->config, place, back, crossing).cycles);
}

/* Of as many values for each output of a layer, those of the outputs of one of its digital units. */
static uint64_t part_of(const struct mca_layer *layer, uint64_t values, uint64_t outputs) {
    return layer->parts.columns > 1 ? values / layer->outputs * outputs : values;
}

/* Cycles of an operation that the digital units of a layer do side by side, each for its column of
 * tiles: of each but the last, and of that. */
static void take_side_by_side(const struct mca_layer *layer, uint64_t each, uint64_t last,
                              struct mca_work *work) {
    const uint32_t columns = layer->parts.columns;
    work->cycles += each;
    work->cycles_beside += columns > 1 ? (columns - 2) * each + last : 0;
}

/* Cycles before the first of them is there. */
static uint64_t cycles_before_sums(const struct mca_chip *chip, const struct mca_layer *layer,
                                   int back, uint64_t reads) {
    return reads > 0 ? mca_crossing_levels(&chip->config, &layer->matrix.place, back) : 0;
}

/* Bits that go from one layer's digital unit to another's, over the chip's network: none where all
 * layers share one. What a layer gives lies beside the units that take it. */
static void cross(const struct mca_chip *chip, uint64_t bits, struct mca_work *work) {
    if (mca_has_own_units(&chip->config)) {
        work->counts[MCA_COMPONENT_LINK] += bits;
        work->sent_bits += bits;
    }
}

/* The same of values of a layer's outputs, that its columns of tiles send side by side, each once:
 * so many bits are taken up. */
static void cross_to(const struct mca_chip *chip, const struct mca_layer *layer, uint64_t bits,
                     uint64_t taken, struct mca_work *work) {
    if (mca_has_own_units(&chip->config) && taken > 0) {
        work->counts[MCA_COMPONENT_LINK] += taken;
        work->sent_bits += part_of(layer, bits, layer->parts.outputs);
    }
}

/* Bits of so many activations of a layer, which go once to all that take them; none take the last
 * layer's. */
static uint64_t activation_bits(const struct mca_chip *chip, const struct mca_layer *layer,
                                uint64_t values) {
    return layer->index + 1 < chip->layer_count ? values * chip->config.dpu.activation_bits : 0;
}

static void send_activations(const struct mca_chip *chip, const struct mca_layer *layer,
                             uint64_t held, struct mca_work *work) {
    cross_to(chip, layer, activation_bits(chip, layer, layer->values),
             activation_bits(chip, layer, held), work);
}

/* Of a softmax, outputs of all columns of tiles but the first: their sums go to its unit, and the
 * activations back. */
static uint64_t others_of_softmax(const struct mca_layer *layer) {
    return layer->values - part_of(layer, layer->values, layer->parts.outputs);
}

static uint64_t softmax_cycles(const struct mca_chip *chip, const struct mca_layer *layer) {
    const uint64_t others = others_of_softmax(layer);
    return mca_work_softmax_cycles(layer->values) +
           mca_crossing_cycles(&chip->config, others * MCA_DPU_SUM_BITS) +
           mca_crossing_cycles(&chip->config, others * chip->config.dpu.activation_bits);
}

/* From sums to activations. Of a softmax the largest sum is found as the sums come. */
static void work_function(const struct mca_chip *chip, const struct mca_layer *layer,
                          struct mca_work *work) {
    if (mca__is_softmax(chip, layer)) {
        work->counts[MCA_COMPONENT_DPU_ADD] += layer->values;
        work->counts[MCA_COMPONENT_DPU_SOFTMAX] += layer->values;
        work->counts[MCA_COMPONENT_DPU_RECIPROCAL] += 1;
        const uint64_t others = others_of_softmax(layer);
        work->counts[MCA_COMPONENT_LINK] +=
            others * (MCA_DPU_SUM_BITS + chip->config.dpu.activation_bits);
        work->cycles += softmax_cycles(chip, layer);
    } else if (layer->activation->ops->looks_up) {
        work->counts[MCA_COMPONENT_DPU_SIGMOID] += layer->values;
    } else {
        work->counts[MCA_COMPONENT_DPU_RELU] += layer->values;
    }
}

/* Bits of each sum of a layer in memory until its activations are made: of some digital layers. */
static uint64_t forward_sum_bits(const struct mca_chip *chip, const struct mca_layer *layer) {
    const uint32_t sums = chip->train.at[layer->index].sums;
    return chip->train.buffers[sums].kind == MCA_BUFFER_SUMS ? MCA_DPU_SUM_BITS : 0;
}

/* Passes over whole sums: the function, and the factors before it on an aged chip. */
static uint64_t passes_of_sums(const struct mca_layer *layer) {
    return layer->scale ? 2 : 1;
}

/* One factor lies in a register, those of columns in memory. */
static void work_scale(const struct mca_chip *chip, const struct mca_layer *layer,
                       struct mca_work *work) {
    if (layer->scale) {
        const int is_column = chip->config.dpu.drift_compensation == MCA_COMPENSATION_COLUMN;
        work->counts[MCA_COMPONENT_DPU_MULTIPLY] += layer->values;
        work->counts[MCA_COMPONENT_BUFFER_READ] += is_column ? layer->values * MCA_SCALE_BITS : 0;
    }
}

/* Cycles after the sums of so many outputs of a layer. */
static uint64_t function_cycles(const struct mca_chip *chip, const struct mca_layer *layer,
                                uint64_t outputs) {
    return lane_words(chip, outputs) * passes_of_sums(layer);
}

/* Cycles of a digital unit for so many outputs of a layer at all positions. */
static uint64_t activation_cycles(const struct mca_chip *chip, const struct mca_layer *layer,
                                  uint64_t reads, uint64_t outputs) {
    return sum_cycles(chip, layer, 0, outputs) * reads +
           function_cycles(chip, layer, outputs) * layer->positions + MCA_VECTOR_LATENCY_CYCLES +
           cycles_before_sums(chip, layer, 0, reads);
}

static void work_activation(const struct mca_chip *chip, const struct mca_layer *layer,
                            uint64_t reads, struct mca_work *work) {
    const struct mca_unit_parts *parts = &layer->parts;
    work->counts[MCA_COMPONENT_BUFFER_WRITE] +=
        layer->held_values * chip->config.dpu.activation_bits;
    work->counts[MCA_COMPONENT_BUFFER_READ] += layer->values * forward_sum_bits(chip, layer);
    send_activations(chip, layer, layer->held_values, work);
    work->reads = reads;
    /* a position's activations follow its sums, which no memory holds; those of a digital layer
     * come when all of its products are made */
    work->read_cycles = sum_cycles(chip, layer, 0, parts->outputs);
    take_side_by_side(layer, activation_cycles(chip, layer, reads, parts->outputs),
                      activation_cycles(chip, layer, reads, parts->last_outputs), work);
    work_function(chip, layer, work);
    work_scale(chip, layer, work);
    if (layer->positions > 1 && reads > 0) { /* codes below a step of the converter drive nothing */
        work->read_cycles +=
            function_cycles(chip, layer, parts->outputs) * layer->positions / reads;
    }
}

/* Bits that a sum has in memory: none where the sums that a step takes lie in registers. */
static uint64_t sum_bits(const struct mca_chip *chip, const struct mca_step *step) {
    return chip->train.buffers[step->takes[0]].kind == MCA_BUFFER_SUMS ? MCA_DPU_SUM_BITS : 0;
}

/* Cycles of the sums of reads of the matrix above, of which a layer's digital unit that makes so
 * many of its outputs takes its own. */
static uint64_t error_sum_cycles(const struct mca_chip *chip, const struct mca_layer *layer,
                                 const struct mca_layer *above, uint64_t outputs) {
    const uint64_t sums = above->inputs - 1;
    return sum_cycles(chip, above, 1, part_of(layer, sums, outputs));
}

/* Partial sums of transposed reads, a word of lanes a cycle for each column tile of each read; in
 * memory they are read, added to and written. */
static void work_sums(const struct mca_chip *chip, const struct mca_step *step, uint64_t reads,
                      struct mca_work *work) {
    const struct mca_step *read = mca_step_read(&chip->train, step);
    if (read) { /* otherwise they are of layers without a matrix, and whole */
        const struct mca_layer *layer = &chip->layers[step->layer];
        const struct mca_layer *above = &chip->layers[read->layer];
        const uint64_t before = cycles_before_sums(chip, above, 1, reads);
        const uint64_t last = error_sum_cycles(chip, layer, above, layer->parts.last_outputs);
        work->reads = reads;
        work->read_cycles = error_sum_cycles(chip, layer, above, layer->parts.outputs);
        take_side_by_side(layer, work->read_cycles * reads + before, last * reads + before, work);
        const uint64_t bits = reads * (above->inputs - 1) * sum_bits(chip, step);
        work->counts[MCA_COMPONENT_BUFFER_READ] += bits;
        work->counts[MCA_COMPONENT_BUFFER_WRITE] += bits;
        work->counts[MCA_COMPONENT_DPU_GATHER] += reads * gathered(above);
        if (chip->config.interconnect.kind == MCA_INTERCONNECT_NONE) { /* else with the read */
            cross(chip,
                  reads * mca_placement_backward_samples(&above->matrix.place) *
                      mca_converter_width(chip->config.adc.bits),
                  work);
        }
    }
}

/* Products by which an error takes the slope of its activation; one of 0 or 1 needs none. */
static uint64_t slope_products(const struct mca_layer *layer) {
    return layer->activation->ops->looks_up ? MCA_SLOPE_PRODUCTS : 0;
}

/* Cycles of a digital unit for the errors of so many outputs of a layer. */
static uint64_t error_cycles(const struct mca_chip *chip, const struct mca_layer *layer,
                             uint64_t passes, uint64_t outputs) {
    return passes * lane_words(chip, part_of(layer, layer->values, outputs)) +
           MCA_VECTOR_LATENCY_CYCLES;
}

static void work_error(const struct mca_chip *chip, const struct mca_layer *layer,
                       uint64_t multiplies, uint64_t passes, struct mca_work *work) {
    const struct mca_unit_parts *parts = &layer->parts;
    const uint64_t values = layer->values;
    const uint64_t bits = values * chip->config.dpu.error_bits;
    work->counts[MCA_COMPONENT_DPU_MULTIPLY] += values * multiplies;
    work->counts[MCA_COMPONENT_DPU_ADD] += values;
    work->counts[MCA_COMPONENT_BUFFER_READ] += values * chip->config.dpu.activation_bits;
    work->counts[MCA_COMPONENT_BUFFER_WRITE] += bits * parts->error_copies;
    work->counts[MCA_COMPONENT_LINK] +=
        2 * (uint64_t)(parts->columns - 1) * chip->config.dpu.error_bits; /* the largest error */
    cross_to(chip, layer, bits, bits * (parts->error_copies - 1), work);
    take_side_by_side(layer, error_cycles(chip, layer, passes, parts->outputs),
                      error_cycles(chip, layer, passes, parts->last_outputs), work);
    work->cycles += mca_column_exchange_cycles(&chip->config, parts);
}

/* Values that an output of a layer without a matrix is made of: a window's, or two. */
static uint64_t values_of_output(const struct mca_layer *layer) {
    return layer->type == MCA_LAYER_RESIDUAL_SUM
               ? 2
               : (uint64_t)layer->pool.kernel * layer->pool.kernel;
}

uint64_t mca_work_average_products(uint64_t places) {
    return (places & (places - 1)) != 0 ? 2 : 0;
}

/* Bits of a pool's remembered choices in memory; 0 where nothing is remembered. */
static uint64_t choice_bits(const struct mca_chip *chip, const struct mca_layer *layer) {
    const struct mca_layer_buffers *at = &chip->train.at[layer->index];
    return at->remembers ? chip->train.buffers[at->choices].values : 0;
}

/* A layer without a matrix takes all its values at once, in words of lanes; where it streams, row
 * by row, each in words of its own. */
static uint64_t combine_rows(const struct mca_chip *chip, const struct mca_layer *layer) {
    return chip->stream ? chip->network.layers[layer->index].out.height : 1;
}

static uint64_t row_cycles(const struct mca_chip *chip, const struct mca_layer *layer) {
    const uint64_t rows = combine_rows(chip, layer);
    return values_of_output(layer) * lane_words(chip, layer->values / rows);
}

/* What an item's values take to go to other digital units. */
static uint64_t item_sent_cycles(const struct mca_chip *chip, const struct mca_layer *layer,
                                 uint64_t values) {
    return mca_has_own_units(&chip->config)
               ? mca_crossing_cycles(&chip->config, activation_bits(chip, layer, values))
               : 0;
}

/* Of an operation that streams, after its last item. */
static uint64_t rest_cycles(const struct mca_chip *chip, const struct mca_layer *layer) {
    const int is_pool = layer->type == MCA_LAYER_MAX_POOL || layer->type == MCA_LAYER_AVG_POOL;
    const int is_softmax = !is_pool && mca__is_softmax(chip, layer);
    return MCA_VECTOR_LATENCY_CYCLES + (is_softmax ? softmax_cycles(chip, layer) : 0);
}

/* Cycles of a digital unit for so many outputs of a position. */
static uint64_t position_cycles(const struct mca_chip *chip, const struct mca_layer *layer,
                                uint64_t reads, uint64_t outputs) {
    const uint64_t cycles = cycles_before_sums(chip, layer, 0, reads) +
                            sum_cycles(chip, layer, 0, outputs) * reads +
                            function_cycles(chip, layer, outputs);
    return mca_max_u64(cycles, item_sent_cycles(chip, layer, outputs));
}

struct mca_item_work mca_work_item(const struct mca_chip *chip, const struct mca_step *step,
                                   uint64_t reads, int is_last) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_unit_parts *parts = &layer->parts;
    const uint64_t rest = is_last ? rest_cycles(chip, layer) : 0;
    if (chip->config.timing.free_dpu) {
        return (struct mca_item_work){0, 0};
    }
    struct mca_work work = {0};
    if (step->vector == MCA_VECTOR_COMBINE) {
        const uint64_t values = layer->values / combine_rows(chip, layer);
        work.cycles =
            mca_max_u64(row_cycles(chip, layer), item_sent_cycles(chip, layer, values)) + rest;
    } else {
        const uint64_t latency = is_last ? MCA_VECTOR_LATENCY_CYCLES : 0;
        take_side_by_side(layer, position_cycles(chip, layer, reads, parts->outputs) + latency,
                          position_cycles(chip, layer, reads, parts->last_outputs) + latency,
                          &work);
        work.cycles += rest - latency;
    }
    return (struct mca_item_work){work.cycles, work.cycles_beside};
}

/* Each of the values is taken from the buffer, and added or compared. */
static void work_combine(const struct mca_chip *chip, const struct mca_step *step,
                         const struct mca_layer *layer, struct mca_work *work) {
    const uint64_t values = values_of_output(layer) * layer->values;
    const uint64_t bits = chip->config.dpu.activation_bits;
    work->cycles = combine_rows(chip, layer) * row_cycles(chip, layer) + MCA_VECTOR_LATENCY_CYCLES;
    work->counts[MCA_COMPONENT_BUFFER_READ] += values * bits;
    work->counts[MCA_COMPONENT_BUFFER_WRITE] += layer->held_values * bits;
    send_activations(chip, layer, layer->held_values, work);
    if (layer->type == MCA_LAYER_MAX_POOL) {
        work->counts[MCA_COMPONENT_DPU_COMPARE] += values;
        work->counts[MCA_COMPONENT_BUFFER_WRITE] +=
            step->phase == MCA_PHASE_FORWARD ? choice_bits(chip, layer) : 0;
    } else if (layer->type == MCA_LAYER_AVG_POOL) {
        work->counts[MCA_COMPONENT_DPU_ADD] += values;
        work->counts[MCA_COMPONENT_DPU_MULTIPLY] +=
            mca_work_average_products(values_of_output(layer)) * layer->values;
        work->counts[MCA_COMPONENT_DPU_RELU] += layer->values; /* shifted and rounded */
    } else {
        work->counts[MCA_COMPONENT_DPU_ADD] += layer->values;
        work_function(chip, layer, work);
    }
}

/* Each error goes to all values that made its output, or to the largest; a residual sum's has taken
 * the slope of its activation before, once. */
static void work_spread(const struct mca_chip *chip, const struct mca_step *step,
                        const struct mca_layer *layer, struct mca_work *work) {
    const uint64_t each = layer->type == MCA_LAYER_AVG_POOL ? values_of_output(layer) : 1;
    if (layer->type == MCA_LAYER_MAX_POOL) {
        work->counts[MCA_COMPONENT_BUFFER_READ] += choice_bits(chip, layer);
    } else if (layer->type == MCA_LAYER_AVG_POOL) {
        work->counts[MCA_COMPONENT_DPU_MULTIPLY] +=
            mca_work_average_products(values_of_output(layer)) * layer->values;
    } else if (step->to == chip->network.layers[layer->index].takes) {
        work->counts[MCA_COMPONENT_DPU_MULTIPLY] += slope_products(layer) * layer->values;
        work->counts[MCA_COMPONENT_BUFFER_READ] +=
            (uint64_t)layer->values * chip->config.dpu.activation_bits;
        send_activations(chip, layer, layer->values, work); /* back, for the slopes */
    }
    work->counts[MCA_COMPONENT_DPU_ADD] += each * layer->values;
    work->counts[MCA_COMPONENT_BUFFER_READ] += (1 + each) * layer->values * MCA_DPU_SUM_BITS;
    work->counts[MCA_COMPONENT_BUFFER_WRITE] += each * layer->values * MCA_DPU_SUM_BITS;
    cross(chip, each * layer->values * MCA_DPU_SUM_BITS, work);
    work->cycles = each * lane_words(chip, layer->values) + MCA_VECTOR_LATENCY_CYCLES;
}

/* What goes to other units leaves as it comes about, and no faster than wires are there for. */
static void wait_for_wires(const struct mca_chip *chip, struct mca_work *work) {
    work->cycles = mca_max_u64(work->cycles, mca_crossing_cycles(&chip->config, work->sent_bits));
}

void mca_work_pace_product(const struct mca_chip *chip, uint64_t each, struct mca_work *work) {
    work->cycles = work->words * each + MCA_VECTOR_LATENCY_CYCLES;
    wait_for_wires(chip, work);
}

/* Of a digital unit that is free. */
static void take_no_time(const struct mca_chip *chip, struct mca_work *work) {
    if (chip->config.timing.free_dpu) {
        work->cycles = 0;
        work->read_cycles = 0;
        work->cycles_beside = 0;
    }
}

uint64_t mca_work_latency_cycles(const struct mca_chip *chip) {
    return chip->config.timing.free_dpu ? 0 : MCA_VECTOR_LATENCY_CYCLES;
}

void mca_work_vector(const struct mca_chip *chip, const struct mca_step *step, uint64_t reads,
                     struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    switch (step->vector) {
    case MCA_VECTOR_ACTIVATION:
        work_activation(chip, layer, reads, work);
        break;
    case MCA_VECTOR_OUTPUT_ERROR:
        /* the rate's mantissa once per error, and the derivative where the loss has one */
        work_error(chip, layer,
                   chip->config.loss == MCA_LOSS_SQUARED ? 1 + slope_products(layer) : 1, 3, work);
        break;
    case MCA_VECTOR_COMBINE:
        work_combine(chip, step, layer, work);
        break;
    case MCA_VECTOR_SPREAD:
        work_spread(chip, step, layer, work);
        work_sums(chip, step, reads, work);
        break;
    case MCA_VECTOR_PRODUCT: /* mca_work_product */
        break;
    case MCA_VECTOR_ERROR:
    default:
        /* derivative and the rate's mantissa */
        work_error(chip, layer, 1 + slope_products(layer), 2, work);
        work_sums(chip, step, reads, work);
        work->counts[MCA_COMPONENT_BUFFER_READ] += layer->values * sum_bits(chip, step);
        send_activations(chip, layer, layer->values, work); /* back, for the slopes */
        break;
    }
    wait_for_wires(chip, work);
    take_no_time(chip, work);
}

uint64_t mca_work_product_passes(const struct mca_dpu_config *dpu, int is_backward) {
    const uint32_t port = is_backward ? dpu->activation_bits : dpu->error_bits;
    return dpu->arithmetic == MCA_ARITHMETIC_FLOAT ? 1 : (MCA_WEIGHT_BITS + port - 1) / port;
}

uint64_t mca_work_weight_interval(const struct mca_chi_config *memory) {
    struct mca_chi_config one_access = *memory;
    one_access.ports = 2; /* a read and a write share a port, a read alone does not */
    return mca_chi_interval(&one_access);
}

void mca_work_product(const struct mca_chip *chip, const struct mca_step *step,
                      const struct mca_products *done, struct mca_work *work) {
    const struct mca_layer *layer = &chip->layers[step->layer];
    const struct mca_dpu_config *dpu = &chip->config.dpu;
    const uint64_t passes = mca_work_product_passes(dpu, step->is_backward);
    const uint64_t interval = mca_work_weight_interval(&layer->chi.config);
    work->counts[MCA_COMPONENT_WEIGHT_READ] += done->words * dpu->lanes * MCA_WEIGHT_BITS;
    work->counts[MCA_COMPONENT_DPU_MULTIPLY] += done->products * passes;
    work->counts[MCA_COMPONENT_DPU_ADD] += done->products;
    work->counts[MCA_COMPONENT_DPU_GATHER] += gathered(layer) * layer->positions;
    work->counts[MCA_COMPONENT_BUFFER_READ] +=
        step->is_backward ? (uint64_t)layer->values * dpu->error_bits
                          : (uint64_t)layer->inputs * layer->positions * dpu->activation_bits;
    work->counts[MCA_COMPONENT_BUFFER_WRITE] +=
        step->is_backward ? 0 : layer->values * forward_sum_bits(chip, layer);
    if (step->is_backward && chip->train.buffers[step->gives].kind == MCA_BUFFER_SUMS) {
        const uint64_t bits = (uint64_t)(layer->inputs - 1) * layer->positions * MCA_DPU_SUM_BITS;
        work->counts[MCA_COMPONENT_BUFFER_READ] += bits;
        work->counts[MCA_COMPONENT_BUFFER_WRITE] += bits;
    }
    if (step->is_backward) {
        cross(chip, (uint64_t)(layer->inputs - 1) * layer->positions * MCA_DPU_SUM_BITS, work);
    }
    work->words = done->words;
    mca_work_pace_product(chip, mca_max_u64(passes, interval), work);
    take_no_time(chip, work);
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
    work->counts[MCA_COMPONENT_DPU_GATHER] += gathered(layer) * layer->positions;
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
    const uint64_t words = has_parts ? scan->tile_words : lane_words(chip, scan->samples);
    work->cycles = mca_max_u64(words, back.cycles);
    work->cycles_beside = has_parts ? scan->words - words : 0;
    take_no_time(chip, work);
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
