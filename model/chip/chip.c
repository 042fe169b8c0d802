#include "chip/chip.h"

#include <stdlib.h>

#include "base/mathx.h"
#include "chip/chip_state.h"
#include "chip/layer_numbers.h"

/* Memories of activations and errors, of the program's buffers, each twice, for the images at work;
 * and of sums. */
static void count_buffers(const struct mca_program *program, const struct mca_dpu_config *dpu,
                          struct mca_inventory *v) {
    for (uint32_t i = 0; i < program->buffer_count; ++i) {
        const struct mca_buffer *buffer = &program->buffers[i];
        const uint32_t bits = buffer->kind == MCA_BUFFER_ERRORS    ? dpu->error_bits
                              : buffer->kind == MCA_BUFFER_SUMS    ? MCA_DPU_SUM_BITS
                              : buffer->kind == MCA_BUFFER_CHOICES ? 1
                                                                   : dpu->activation_bits;
        const uint32_t copies = buffer->kind == MCA_BUFFER_REGISTERS ? 0
                                : buffer->kind == MCA_BUFFER_SUMS    ? 1
                                                                     : 2;
        v->buffers += copies;
        v->buffer_bits += copies * (uint64_t)buffer->values * bits;
    }
}

/* Memories of `values` beyond one, for two images; none are built where there is none. */
static void count_held(const struct mca_buffer *buffer, struct mca_holders holders, uint64_t values,
                       uint64_t bits, struct mca_inventory *v) {
    if (buffer->kind != MCA_BUFFER_REGISTERS) {
        v->buffers += 2 * ((uint64_t)holders.units - 1);
        v->buffer_bits += 2 * (holders.values - values) * bits;
    }
}

/* Values that lie beside more than one digital unit: of the image, of what layers give, and their
 * errors. */
static void count_copies(const struct mca_chip_config *config, const struct mca_network *network,
                         const struct mca_program *program, struct mca_inventory *v) {
    const struct mca_dpu_config *dpu = &config->dpu;
    count_held(&program->buffers[program->image], mca_holders_of(config, network, MCA_FROM_INPUT),
               mca_network_inputs(network), dpu->activation_bits, v);
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_layer_buffers *at = &program->at[i];
        const struct mca_unit_parts parts = mca_unit_parts_of(config, &network->layers[i]);
        const uint64_t values = network->layers[i].outputs;
        if (i + 1 < network->layer_count) {
            count_held(&program->buffers[at->output], mca_holders_of(config, network, i), values,
                       dpu->activation_bits, v);
        }
        if (mca_network_learns_up_to(network, i)) {
            const struct mca_holders errors = {parts.units, values * parts.error_copies};
            count_held(&program->buffers[at->error], errors, values, dpu->error_bits, v);
        }
    }
}

/* Tiles of a layer and what stands at their lines; its chi, or its weight memory. */
static struct mca_inventory matrix_inventory(const struct mca_chip_config *config,
                                             const struct mca_network *network, uint32_t index) {
    const struct mca_network_layer *layer = &network->layers[index];
    if (layer->rows == 0) { /* no matrix */
        return (struct mca_inventory){0};
    }
    if (layer->config.digital) {
        const uint64_t weights = (uint64_t)layer->rows * layer->cols;
        return (struct mca_inventory){.weights = weights, .weight_bits = weights * MCA_WEIGHT_BITS};
    }
    const struct mca_placement place = mca_layer_placement(config, layer);
    const struct mca_line_parts parts =
        mca_placement_parts(&place, &config->dac, &config->adc,
                            index > 0 && mca_network_learns_up_to(network, index - 1));
    struct mca_inventory v = {.tiles = mca_placement_tiles(&place),
                              .weights = (uint64_t)layer->rows * layer->cols,
                              .dacs = parts.dacs,
                              .adcs = parts.adcs,
                              .sample_holds = parts.sample_holds};
    if (mca_compares(config)) { /* the sample of G+ is held while G- is read */
        v.sample_holds += parts.columns;
    }
    v.comparators = mca_has_comparators(config) ? parts.columns : 0;
    v.devices = v.tiles * place.tile_rows * place.tile_cols * 2;
    v.program_drivers = v.tiles * config->transfer.drivers;
    v.chi_bits = mca_has_chi(config) ? v.weights * config->chi.bits : 0;
    v.scan_map_bits = mca_has_scan_map(config) ? v.weights : 0;
    v.resource_instances[MCA_RESOURCE_DAC] = 1;
    v.resource_instances[MCA_RESOURCE_TILE] = 1;
    v.resource_instances[MCA_RESOURCE_ADC] = 1;
    v.resource_instances[MCA_RESOURCE_PROGRAM] = v.program_drivers;
    return v;
}

struct mca_unit_kinds mca_chip_unit_kinds(const struct mca_chip_config *config,
                                          const struct mca_network *network) {
    struct mca_unit_kinds kinds = {.softmax = config->loss == MCA_LOSS_SOFTMAX};
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        const unsigned type = layer->config.type;
        const int is_pool = type == MCA_LAYER_MAX_POOL || type == MCA_LAYER_AVG_POOL;
        const int is_softmax = kinds.softmax && i + 1 == network->layer_count;
        kinds.pools |= is_pool;
        kinds.gathers |= layer->positions > 1;
        kinds.looks_up |=
            !is_pool && !is_softmax && mca_activation_ops_of(layer->config.activation)->looks_up;
    }
    return kinds;
}

/* Digital units, each built for all that the network asks for, with so many accumulators in all, and
 * the parts of chi that they add to, if there is one. */
static struct mca_inventory unit_inventory(const struct mca_chip_config *config,
                                           const struct mca_network *network, uint64_t units,
                                           uint64_t sums, int has_chi) {
    const struct mca_unit_kinds kinds = mca_chip_unit_kinds(config, network);
    const uint64_t lanes = units * config->dpu.lanes;
    struct mca_inventory v = {.dpu_lanes = lanes,
                              .sigmoid_units = kinds.looks_up ? lanes : 0,
                              .softmax_units = kinds.softmax ? units : 0,
                              .pool_units = kinds.pools ? lanes : 0,
                              .gather_units = kinds.gathers ? lanes : 0,
                              .accumulator_bits = sums * MCA_DPU_SUM_BITS,
                              .accumulators = sums > 0 ? units : 0,
                              .register_bits = lanes * MCA_DPU_REGISTER_BITS_PER_LANE};
    v.resource_instances[MCA_RESOURCE_DPU] = units;
    v.resource_instances[MCA_RESOURCE_CHI] = has_chi ? units : 0;
    return v;
}

/* What all layers share: the image port, memories of values, and the digital unit where it is one
 * for all. */
static struct mca_inventory shared_inventory(const struct mca_chip_config *config,
                                             const struct mca_network *network) {
    struct mca_inventory v = {0};
    if (!mca_has_own_units(config)) {
        v = unit_inventory(config, network, 1, mca_chip_sums(config, network), mca_has_chi(config));
    }
    struct mca_program program;
    mca_program_train(&program, network);
    count_buffers(&program, &config->dpu, &v);
    count_copies(config, network, &program, &v);
    v.resource_instances[MCA_RESOURCE_IMAGE_PORT] = 1;
    return v;
}

/* With a digital unit of its own, if it has one. */
static struct mca_inventory layer_inventory(const struct mca_chip_config *config,
                                            const struct mca_network *network, uint32_t index) {
    const struct mca_network_layer *layer = &network->layers[index];
    const int sums = mca_sums_positions(config, layer);
    struct mca_inventory v = matrix_inventory(config, network, index);
    const struct mca_placement place = mca_layer_placement(config, layer);
    struct mca_program program;
    mca_program_train(&program, network);
    const int is_read_backward = mca_program_backward_read(&program, index) != NULL;
    v.link_bits = v.tiles > 0 ? mca_stop_bits(config, &place, is_read_backward) : 0;
    if (mca_has_own_units(config)) {
        const struct mca_inventory units =
            unit_inventory(config, network, mca_unit_parts_of(config, layer).units,
                           sums ? v.weights : 0, v.chi_bits > 0);
        mca_inventory_add(&v, &units);
    }
    return v;
}

struct mca_inventory mca_chip_layer_inventory(const struct mca_chip_config *config,
                                              uint32_t layer) {
    struct mca_network network;
    (void)mca_network_init(&network, &config->network, NULL); /* checked */
    return layer == MCA_NO_LAYER ? shared_inventory(config, &network)
                                 : layer_inventory(config, &network, layer);
}

struct mca_inventory mca_chip_inventory(const struct mca_chip_config *config) {
    struct mca_network network;
    (void)mca_network_init(&network, &config->network, NULL); /* checked */
    struct mca_inventory v = shared_inventory(config, &network);
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        const struct mca_inventory part = layer_inventory(config, &network, i);
        mca_inventory_add(&v, &part);
    }
    return v;
}

/* Exponent of a power of two. */
static int exponent_of(double power) {
    int e = 0;
    while (power >= mca_exp2i(e + 1)) {
        ++e;
    }
    while (power < mca_exp2i(e)) {
        --e;
    }
    return e;
}

/* A layer's matrix, whose devices and tiles are numbered from `first`, and its converters. */
struct first_numbers {
    uint64_t device;
    uint32_t tile;
};

static enum mca_status init_matrix(struct mca_chip *chip, struct mca_layer *layer,
                                   const struct mca_layer_numbers *numbers,
                                   struct first_numbers first, struct mca_error *error) {
    const struct mca_chip_config *config = &chip->config;
    const struct mca_adc_config *adc = &config->adc;
    const double unit_us = layer->unit_weight_us;
    const double forward = numbers->forward_range;
    const double backward = numbers->backward_range;
    layer->forward_frac = (int)adc->bits - 1 - exponent_of(forward) - layer->in_exponent;
    layer->backward_frac = (int)adc->bits - 1 - exponent_of(backward);
    const struct mca_tile_config tile =
        mca_tile_of(config, &chip->network.layers[layer->index].config);
    const struct mca_matrix_plan plan = {.tile = &tile,
                                         .adc = adc,
                                         .device = &chip->device,
                                         .takes_real = config->dac.bits == 0,
                                         .hardware_aware = (int)config->hardware_aware,
                                         .forward_range_us = forward * unit_us,
                                         .backward_range_us = backward * unit_us,
                                         .seed = config->seed,
                                         .rows = layer->inputs,
                                         .cols = layer->outputs,
                                         .first_device = first.device,
                                         .first_tile = first.tile};
    return mca_matrix_init(&layer->matrix, &chip->arena, &plan, error);
}

/* All but its matrix and chi. Those before it are whole. */
static void init_layer(struct mca_chip *chip, struct mca_layer *layer, uint32_t index,
                       const struct mca_layer_numbers *numbers) {
    const struct mca_network_layer *of = &chip->network.layers[index];
    layer->index = index;
    layer->unit = mca_has_own_units(&chip->config) ? index : 0;
    layer->inputs = of->rows;
    layer->outputs = of->cols;
    layer->parts = mca_unit_parts_of(&chip->config, of);
    layer->held_values = mca_holders_of(&chip->config, &chip->network, index).values;
    layer->positions = of->positions;
    layer->values = of->outputs;
    layer->type = of->config.type;
    layer->pool = (struct mca_pool){of->in.channels,   of->in.height,     of->in.width,
                                    of->out.height,    of->out.width,     of->config.kernel,
                                    of->config.stride, of->config.padding};
    layer->in_exponent = numbers->in_exponent;
    layer->other_exponent = numbers->other_exponent;
    layer->out_exponent = numbers->out_exponent;
    layer->unit_weight_us = numbers->unit_weight_us;
    const int is_pool =
        of->config.type == MCA_LAYER_MAX_POOL || of->config.type == MCA_LAYER_AVG_POOL;
    layer->in_signed = mca_takes_signs(&chip->network, index);
    layer->is_digital = (int)of->config.digital;
    for (uint32_t i = index + 1; i < chip->network.layer_count; ++i) {
        layer->is_below_digital |= (int)chip->network.layers[i].config.digital;
    }
    /* no converter stands before a digital layer: it takes codes, or real values, as they are */
    layer->in_bits = !layer->is_digital ? layer->in_signed ? mca_dac_signed_bits(&chip->config.dac)
                                                           : chip->config.dac.bits
                     : mca_engine_is_fixed(chip) ? chip->config.dpu.activation_bits
                                                 : 0;
    if (chip->arithmetic->bias_code) {
        layer->bias_code = chip->arithmetic->bias_code(chip, layer);
    }
    layer->out_signed =
        is_pool ? layer->in_signed : mca_activation_ops_of(of->config.activation)->is_signed;
    layer->backward = mca_program_backward_read(&chip->train, index);
    layer->activation = &chip->activations[of->config.activation];
}

static enum mca_status init_runs(struct mca_chip *chip, struct mca_layer *layer,
                                 struct mca_error *error) {
    const struct mca_network_layer *of = &chip->network.layers[layer->index];
    const size_t most = of->config.kernel > 0 ? of->config.kernel : 1;
    layer->runs = mca_arena_alloc(&chip->arena, layer->positions * most, sizeof *layer->runs);
    layer->first_run =
        mca_arena_alloc(&chip->arena, (size_t)layer->positions + 1, sizeof *layer->first_run);
    if (!layer->runs || !layer->first_run) {
        return mca_fail_memory(error, "windows");
    }
    uint32_t count = 0;
    for (uint32_t p = 0; p < layer->positions; ++p) {
        count += mca_window_runs(of, p, layer->runs + count);
        layer->first_run[p + 1] = count;
    }
    return MCA_OK;
}

static enum mca_status init_scan_map(struct mca_chip *chip, struct mca_layer *layer,
                                     struct mca_error *error) {
    int whole = 1;
    if (mca_has_scan_map(&chip->config)) {
        mca_scan_map_init(&layer->scan_map, &layer->matrix.place, &chip->arena, &whole);
    }
    return whole ? MCA_OK : mca_fail_memory(error, "map of programmed pairs");
}

static enum mca_status init_layers(struct mca_chip *chip, struct mca_error *error) {
    const struct mca_chip_config *config = &chip->config;
    chip->layer_count = chip->network.layer_count;
    chip->unit_count = mca_has_own_units(config) ? chip->layer_count : 1;
    chip->held_pixels = mca_holders_of(config, &chip->network, MCA_FROM_INPUT).values;
    chip->layers = mca_arena_alloc(&chip->arena, chip->layer_count, sizeof *chip->layers);
    if (!chip->layers) {
        return mca_fail_memory(error, "layers");
    }
    struct first_numbers first = {0, 0};
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    mca_layer_numbers(config, &chip->network, numbers);
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        init_layer(chip, layer, i, &numbers[i]);
        chip->gathers_image |= mca_layer_takes(&chip->network.layers[i], MCA_FROM_INPUT) &&
                               (i > 0 || layer->positions != 1 ||
                                chip->network.layers[i].config.kernel > 0 || layer->is_digital);
        if (layer->inputs == 0) { /* it has no matrix */
            continue;
        }
        MCA_TRY(init_runs(chip, layer, error));
        if (layer->is_digital) {
            layer->matrix.first_device = first.device;
            MCA_TRY(mca__digital_init(chip, layer, &numbers[i], error));
            first.device += 2 * (uint64_t)layer->inputs * layer->outputs;
            continue;
        }
        MCA_TRY(init_matrix(chip, layer, &numbers[i], first, error));
        struct mca_chi_config memory = config->chi;
        memory.layout = mca_asked_layout(config, &chip->network.layers[i]);
        MCA_TRY(mca_chi_init(&layer->chi, &chip->arena, &memory, &config->dpu, &config->transfer,
                             layer->inputs, layer->outputs, config->seed, i, error));
        MCA_TRY(init_scan_map(chip, layer, error));
        first.device += 2 * (uint64_t)layer->inputs * layer->outputs;
        first.tile += mca_placement_tiles(&layer->matrix.place);
    }
    return MCA_OK;
}

static enum mca_status init_activations(struct mca_chip *chip, struct mca_error *error) {
    for (unsigned kind = 0; kind < MCA_ACTIVATION_COUNT; ++kind) {
        MCA_TRY(mca_activation_init(&chip->activations[kind], kind,
                                    chip->config.dpu.activation_bits, &chip->arena, error));
    }
    return MCA_OK;
}

size_t mca__reads_followed(const struct mca_chip *chip) {
    uint32_t positions = 1;
    for (uint32_t i = 0; i < chip->network.layer_count; ++i) {
        const uint32_t of_layer = chip->network.layers[i].positions;
        positions = of_layer > positions ? of_layer : positions;
    }
    return positions > 1 ? (size_t)positions * mca_dac_drives(&chip->config.dac) : 0;
}

static enum mca_status init_program(struct mca_chip *chip, struct mca_error *error) {
    MCA_TRY(mca_network_init(&chip->network, &chip->config.network, error));
    mca_program_train(&chip->train, &chip->network);
    mca_program_infer(&chip->infer, &chip->network);
    chip->ends = mca_arena_alloc(&chip->arena, chip->train.step_count, sizeof *chip->ends);
    const size_t reads = mca__reads_followed(chip);
    if (reads > 0) {
        chip->converted = mca_arena_alloc(&chip->arena, reads, sizeof *chip->converted);
    }
    return chip->ends && (reads == 0 || chip->converted) ? MCA_OK
                                                         : mca_fail_memory(error, "program");
}

static enum mca_status init_chip(struct mca_chip *chip, const struct mca_given_weights *weights,
                                 struct mca_error *error) {
    const struct mca_chip_config *config = &chip->config;
    MCA_TRY(mca_device_init(&chip->device, &config->device, config->seed, &chip->arena, error));
    MCA_TRY(init_activations(chip, error));
    chip->drive_bits = config->hardware_aware ? 0 : mca_dac_signed_bits(&config->dac);
    chip->arithmetic = config->dpu.arithmetic == MCA_ARITHMETIC_FIXED ? &mca__fixed_arithmetic
                                                                      : &mca__float_arithmetic;
    for (uint32_t p = 0; mca_engine_is_fixed(chip) && p < 256; ++p) {
        const uint32_t bits = config->dpu.activation_bits;
        chip->pixel_code[p] = mca_dac_code(p << (bits - 8), bits, config->dac.bits);
    }
    mca_softmax_init(&chip->softmax, config->dpu.activation_bits);
    chip->timeline = (struct mca_timeline){.ledger = &chip->ledger};
    chip->batch = 1;
    MCA_TRY(init_program(chip, error));
    MCA_TRY(init_layers(chip, error));
    MCA_TRY(mca__sums_init(chip, error));
    MCA_TRY(mca__updaters_init(chip, error));
    MCA_TRY(mca__stream_init(chip, error));
    MCA_TRY(mca_layered_ledger_init(&chip->ledger, &chip->arena, chip->layer_count, error));
    MCA_TRY(mca_engine_signals(chip, &chip->arena, &chip->signals, error));
    MCA_TRY(mca__read_ahead_init(chip, error));
    MCA_TRY(mca__program_init(chip, error));
    MCA_TRY(mca__program_initial_weights(chip, weights, error));
    MCA_TRY(mca__what_if_init(chip, error));
    mca_chip_set_rate(chip, 0.1, 1);
    return MCA_OK;
}

enum mca_status mca_chip_create(struct mca_chip **chip, const struct mca_chip_config *config,
                                struct mca_error *error) {
    return mca_chip_create_with(chip, config, NULL, error);
}

const struct mca_import_stats *mca_chip_import_stats(const struct mca_chip *chip) {
    return &chip->import;
}

enum mca_status mca_chip_create_with(struct mca_chip **out, const struct mca_chip_config *config,
                                     const struct mca_given_weights *weights,
                                     struct mca_error *error) {
    struct mca_chip *chip = calloc(1, sizeof *chip);
    if (!chip) {
        return mca_fail_memory(error, "chip");
    }
    chip->config = *config;
    chip->config.chi.engine_free = config->timing.free_dpu;
    const enum mca_status status = init_chip(chip, weights, error);
    if (status != MCA_OK) {
        mca_chip_destroy(chip);
        return status;
    }
    *out = chip;
    return MCA_OK;
}

void mca_chip_destroy(struct mca_chip *chip) {
    if (chip) {
        mca__what_if_deinit(chip);
        mca_arena_deinit(&chip->arena);
        free(chip->commands);
        free(chip);
    }
}

const struct mca_chip_config *mca_chip_config_of(const struct mca_chip *chip) {
    return &chip->config;
}

void mca_chip_set_rate(struct mca_chip *chip, double learning_rate, uint32_t batch) {
    const struct mca_chip_config *config = &chip->config;
    const double mean_rate = learning_rate / (double)batch;
    (void)mca__finish_held(chip, NULL); /* short memory is told by the next image */
    chip->batch = batch;
    mca__time_idle(chip);
    if (chip->what_if) {
        mca__what_if_idle(chip);
    }
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        /* its inputs count as parts of their full scale */
        const double rate = mean_rate * mca_exp2i(chip->network.layers[i].config.rate_exponent +
                                                  layer->in_exponent);
        const double epsilon_weight = config->transfer.epsilon_us / layer->unit_weight_us;
        layer->rate_real = layer->is_digital             ? rate * mca_exp2i(-layer->weight_exponent)
                           : mca__is_write_through(chip) ? rate
                                                         : rate / epsilon_weight;
        const uint32_t frac = layer->is_digital ? MCA_WEIGHT_FRAC_BITS : config->chi.frac_bits;
        layer->rate = mca_rate_from(layer->rate_real * mca_exp2i((int)frac));
    }
}

const struct mca_chip_stats *mca_chip_stats_of(const struct mca_chip *chip) {
    return &chip->stats;
}

struct mca_ledger mca_chip_ledger(const struct mca_chip *chip) {
    struct mca_ledger ledger = mca_layered_ledger_total(&chip->ledger);
    ledger.critical_ps[MCA_PHASE_INIT] = chip->init_time_ps;
    ledger.critical_ps[MCA_PHASE_TEST] = chip->test_time_ps;
    for (int p = MCA_PHASE_FORWARD; p < MCA_PATH_PHASES; ++p) {
        ledger.critical_ps[p] = chip->timeline.frontier.phase_ps[p];
    }
    return ledger;
}

const struct mca_ledger_part *mca_chip_ledger_part(const struct mca_chip *chip, uint32_t layer) {
    return mca_ledger_part_of(&chip->ledger, layer);
}

uint64_t mca_chip_time_ps(const struct mca_chip *chip) {
    return chip->timeline.frontier.ps;
}

uint64_t mca_chip_init_time_ps(const struct mca_chip *chip) {
    return chip->init_time_ps;
}

uint64_t mca_chip_test_latency_ps(const struct mca_chip *chip) {
    return chip->test_latency_ps;
}

uint64_t mca_chip_devices_at_gmax(const struct mca_chip *chip, uint32_t layer) {
    const struct mca_matrix *matrix = &chip->layers[layer].matrix;
    uint64_t count = 0;
    if (matrix->continuous_us) {
        return 0;
    }
    for (uint32_t r = 0; r < matrix->rows; ++r) {
        for (uint32_t c = 0; c < matrix->cols; ++c) {
            for (int side = 0; side < 2; ++side) {
                const uint64_t place = mca_matrix_device_number(matrix, r, c, side);
                const uint16_t top =
                    mca_device_code(&chip->device, mca_device_gmax_us(&chip->device, place));
                count += matrix->g[side][(size_t)r * matrix->stride + c] >= top;
            }
        }
    }
    return count;
}
