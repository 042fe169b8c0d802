/*
 * The work of the digital unit's operations on vectors: sums and what is made of them, errors, pools
 * and residual sums, products of digital layers, and what goes to other digital units.
 */
#include "chip/chip_state.h"

enum { DIVISION_CYCLES = 21 }; /* of the reciprocal of a softmax: one for each of its bits */

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
    return mca_max_u64(mca__lane_words(chip, sums) * mca_codes_of_sum(&chip->config, place, back),
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
    return mca__lane_words(chip, outputs) * passes_of_sums(layer);
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
        work->counts[MCA_COMPONENT_DPU_GATHER] += reads * mca__gathered(above);
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
    return passes * mca__lane_words(chip, part_of(layer, layer->values, outputs)) +
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
    return values_of_output(layer) * mca__lane_words(chip, layer->values / rows);
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
    work->cycles = each * mca__lane_words(chip, layer->values) + MCA_VECTOR_LATENCY_CYCLES;
}

/* What goes to other units leaves as it comes about, and no faster than wires are there for. */
static void wait_for_wires(const struct mca_chip *chip, struct mca_work *work) {
    work->cycles = mca_max_u64(work->cycles, mca_crossing_cycles(&chip->config, work->sent_bits));
}

void mca_work_pace_product(const struct mca_chip *chip, uint64_t each, struct mca_work *work) {
    work->cycles = work->words * each + MCA_VECTOR_LATENCY_CYCLES;
    wait_for_wires(chip, work);
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
    mca__take_no_time(chip, work);
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
    work->counts[MCA_COMPONENT_DPU_GATHER] += mca__gathered(layer) * layer->positions;
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
    mca__take_no_time(chip, work);
}
