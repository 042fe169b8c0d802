#include "cost/baseline_work.h"

#include "base/mathx.h"
#include "chip/timeline.h"
#include "chip/work.h"
#include "dpu/activation.h"
#include "dpu/fixed_dpu.h"
#include "network/window.h"

enum {
    PIPELINE_CYCLES = 8, /* from the last weight of a layer to its results: adder tree, activation
                          * or write-back */
    SUM_BITS = 32
};

/* Sums that a lane keeps: a few more save little of the weights' traffic and make every access to
 * the sums dearer. */
static const struct mca__design_traits TRAITS[MCA_BASELINE_DESIGN_COUNT] = {
    {"digital_fp32", 1, 0, 32, 32, 16},
    {"digital_fp32_sparse", 1, 1, 32, 32, 16},
    {"digital_mixed", 0, 1, 8, 8, 8},
};

const char *mca_baseline_design_name(enum mca_baseline_design design) {
    return TRAITS[design].name;
}

static uint64_t over(uint64_t count, uint64_t by) {
    return (count + by - 1) / by;
}

uint32_t mca__design_weight_bits(const struct mca__design *design, uint32_t layer) {
    const int in_place = !design->traits->fp32 && design->chip->network.layers[layer].digital;
    return in_place ? MCA_WEIGHT_BITS : design->traits->weight_bits;
}

uint64_t mca__design_buffer_bits(const struct mca__design *design, uint32_t buffer) {
    const struct mca_buffer *of = &design->program.buffers[buffer];
    return of->values * (of->kind == MCA_BUFFER_SUMS      ? (uint64_t)SUM_BITS
                         : of->kind == MCA_BUFFER_CHOICES ? 1
                                                          : design->traits->value_bits);
}

/* What a further image would have in the buffers. */
static uint64_t image_bits(const struct mca__design *design) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < design->program.buffer_count; ++i) {
        const unsigned kind = design->program.buffers[i].kind;
        bits += kind == MCA_BUFFER_REGISTERS || kind == MCA_BUFFER_SUMS
                    ? 0
                    : mca__design_buffer_bits(design, i);
    }
    return bits;
}

static uint64_t gradient_bits(const struct mca__design *design) {
    uint64_t weights = 0;
    for (uint32_t i = 0; i < design->network.layer_count; ++i) {
        const struct mca_network_layer *layer = &design->network.layers[i];
        weights += layer->config.frozen ? 0 : (uint64_t)layer->rows * layer->cols;
    }
    return weights * design->traits->weight_bits;
}

/* Weights change once in a mini-batch: all of its images are taken together, or gradients are kept
 * from group to group, whichever takes less memory. */
static void choose_memory(struct mca__design *design, uint32_t batch) {
    if (design->traits->fp32 && batch > design->group) {
        const uint64_t more = (batch - design->group) * image_bits(design);
        design->keeps_gradients = gradient_bits(design) < more;
        design->group = design->keeps_gradients ? design->group : batch;
    }
}

void mca__design_init(struct mca__design *design, enum mca_baseline_design kind, uint32_t lanes,
                      const struct mca_chip_config *chip, uint32_t batch) {
    design->traits = &TRAITS[kind];
    design->chip = chip;
    design->lanes = lanes;
    (void)mca_network_init(&design->network, &chip->network, NULL); /* checked */
    for (uint32_t i = 0; i < design->network.layer_count; ++i) {
        design->network.layers[i].config.digital = 0; /* all layers are, in the same way */
    }
    mca_program_train(&design->program, &design->network);
    uint64_t inputs = 1; /* that the weights of a layer meet at most before they change */
    for (uint32_t i = 0; i < design->network.layer_count; ++i) {
        inputs = mca_max_u64(inputs, design->network.layers[i].positions);
    }
    /* in equal groups; where positions share weights, so need not images, of which each would have
     * all its activations in the buffers */
    const uint64_t groups = over(batch, design->traits->held);
    design->group = inputs > 1 ? 1 : (uint32_t)over(batch, groups);
    design->keeps_gradients = 0;
    choose_memory(design, batch);
    design->held = (uint32_t)mca_min_u64(mca_max_u64(inputs, design->group), design->traits->held);
}

/* What is rounded up once for all layers of a phase, so far. */
struct so_far {
    uint64_t visits;   /* of units */
    uint64_t operands; /* visits of matrices that meet one input at a time */
    uint64_t cycles;   /* with those in which pipelines drain */
};

struct counting {
    const struct mca__design *design;
    const struct mca_baseline_work *work;
    struct mca_ledger *ledgers;
    struct so_far so_far[MCA_PHASE_COUNT];
};

static struct mca_ledger *ledger_of(const struct counting *c, uint32_t layer) {
    return &c->ledgers[layer == MCA_NO_LAYER ? c->design->network.layer_count : layer];
}

/* What the chip counted for a layer; 0 of no run. */
static uint64_t chip_count(const struct counting *c, uint32_t layer, enum mca_phase phase,
                           enum mca_component component) {
    const struct mca_ledger_part *part = c->work->parts[layer];
    return part ? part->counts[phase][component] : 0;
}

/* A layer's part of words of lanes that are filled across layers. */
static uint64_t words_of(uint64_t *so_far, uint64_t more, uint32_t lanes) {
    const uint64_t before = mca_dpu_words(*so_far, lanes);
    *so_far += more;
    return mca_dpu_words(*so_far, lanes) - before;
}

static uint64_t later_ps(uint64_t before, uint64_t cycles, uint64_t clock_hz) {
    return mca_cycles_to_ps(before + cycles, clock_hz) - mca_cycles_to_ps(before, clock_hz);
}

/* `visits` of the units, and `waits` cycles an image in which they stand. */
static void book(struct counting *c, const struct mca_step *step, uint64_t visits, uint64_t waits) {
    const uint64_t clock_hz = c->design->chip->dpu.clock_hz;
    struct so_far *so_far = &c->so_far[step->phase];
    struct mca_ledger *ledger = ledger_of(c, step->layer);
    const uint64_t busy_before = mca_dpu_words(so_far->visits, c->design->lanes);
    const uint64_t busy = words_of(&so_far->visits, visits, c->design->lanes);
    const uint64_t busy_ps = later_ps(busy_before, busy, clock_hz);
    const uint64_t cycles = busy + waits * c->work->images;
    ledger->busy_ps[step->phase][MCA_RESOURCE_DPU] += busy_ps;
    ledger->busy_ps[step->phase][MCA_RESOURCE_CHI] += busy_ps;
    ledger->critical_ps[step->phase] += later_ps(so_far->cycles, cycles, clock_hz);
    so_far->cycles += cycles;
}

static uint64_t *counts_of(const struct counting *c, const struct mca_step *step) {
    return ledger_of(c, step->layer)->counts[step->phase];
}

static enum mca_component adder(const struct counting *c) {
    return c->design->traits->fp32 ? MCA_COMPONENT_FP32_ADD : MCA_COMPONENT_DPU_ADD;
}

/* Of the digital unit's own products; those with weights of 8 bits are int8_multiply. */
static enum mca_component multiplier(const struct counting *c) {
    return c->design->traits->fp32 ? MCA_COMPONENT_FP32_MULTIPLY : MCA_COMPONENT_DPU_MULTIPLY;
}

static void count_macs(const struct counting *c, const struct mca_step *step, uint64_t macs) {
    uint64_t *counts = counts_of(c, step);
    if (c->design->traits->fp32) {
        counts[MCA_COMPONENT_FP32_MULTIPLY] += macs;
    } else { /* a longer weight byte by byte */
        counts[MCA_COMPONENT_INT8_MULTIPLY] +=
            macs * (mca__design_weight_bits(c->design, step->layer) / 8);
    }
    counts[adder(c)] += macs;
}

/* Products of a matrix and the inputs of the run. */
struct pass {
    uint64_t visits;  /* products that are made */
    uint64_t weights; /* that take part */
    uint64_t width;   /* lanes that can share an operand */
};

/* Whether a layer's weights meet several inputs before they change. */
static int is_reused(const struct mca__design *d, uint32_t layer) {
    return (uint64_t)d->network.layers[layer].positions * d->group > 1;
}

/* Words of weights that are fetched: once for each block of the inputs whose sums the lanes hold;
 * lanes that the matrix leaves over hold those of other inputs. */
static uint64_t weights_fetched(const struct counting *c, uint32_t layer, const struct pass *pass) {
    const struct mca__design *d = c->design;
    const uint64_t inputs = (uint64_t)d->network.layers[layer].positions * d->group;
    const uint64_t copies = d->lanes > pass->width ? d->lanes / pass->width : 1;
    const uint64_t blocks = over(inputs, d->held * copies) * over(c->work->images, d->group);
    return mca_min_u64(pass->visits, pass->weights * blocks);
}

/* Values that the lanes take from the buffers. */
static uint64_t operands(struct counting *c, const struct mca_step *step, const struct pass *pass) {
    const struct mca__design *d = c->design;
    return is_reused(d, step->layer)
               ? over(pass->visits, mca_min_u64(d->lanes, pass->width))
               : words_of(&c->so_far[step->phase].operands, pass->visits, d->lanes);
}

static void count_operands(struct counting *c, const struct mca_step *step,
                           const struct pass *pass) {
    uint64_t *counts = counts_of(c, step);
    const uint64_t values = operands(c, step, pass);
    counts[MCA_COMPONENT_BUFFER_READ] += values * c->design->traits->value_bits;
    if (c->design->network.layers[step->layer].positions > 1) {
        counts[MCA_COMPONENT_DPU_GATHER] += values;
    }
    if (is_reused(c->design, step->layer)) {
        counts[MCA_COMPONENT_LANE_SUM_READ] += pass->visits * SUM_BITS;
        counts[MCA_COMPONENT_LANE_SUM_WRITE] += pass->visits * SUM_BITS;
    }
}

/* Products of which no factor is 0, as the chip had them: of inputs, of errors, of both. */
static uint64_t macs_nonzero(const struct counting *c, const struct mca_step *step) {
    const struct mca_dpu_config *dpu = &c->design->chip->dpu;
    const uint64_t by_unit = chip_count(c, step->layer, step->phase, MCA_COMPONENT_DPU_MULTIPLY);
    if (step->kind == MCA_STEP_UPDATE) {
        return by_unit;
    }
    return chip_count(c, step->layer, step->phase, MCA_COMPONENT_PCM_READ) / 2 +
           by_unit / mca_work_product_passes(dpu, step->is_backward); /* of digital layers */
}

static struct pass pass_of(const struct counting *c, const struct mca_step *step) {
    const struct mca_network_layer *layer = &c->design->network.layers[step->layer];
    const int is_window = layer->config.kernel > 0;
    const int skips = c->design->traits->skips_zeros;
    const uint64_t macs = mca_step_macs(&c->design->network, step);
    return (struct pass){.visits = skips ? macs_nonzero(c, step) : macs * c->work->images,
                         .weights = macs / layer->positions,
                         .width = !step->is_backward ? layer->cols
                                  : is_window        ? layer->in.channels
                                                     : layer->inputs};
}

static void count_read(struct counting *c, const struct mca_step *step) {
    const struct pass pass = pass_of(c, step);
    uint64_t *counts = counts_of(c, step);
    count_operands(c, step, &pass);
    counts[MCA_COMPONENT_WEIGHT_READ] +=
        weights_fetched(c, step->layer, &pass) * mca__design_weight_bits(c->design, step->layer);
    count_macs(c, step, pass.visits);
    if (c->design->program.buffers[step->gives].kind == MCA_BUFFER_SUMS) {
        counts[MCA_COMPONENT_BUFFER_WRITE] +=
            c->work->images * c->design->program.buffers[step->gives].values * SUM_BITS;
    }
    book(c, step, pass.visits, PIPELINE_CYCLES);
}

/* Gradients are summed where lanes hold several sums, an error in the place of a weight: each is
 * fetched for a block of rows, and each weight changed once. Otherwise it is at every product.
 * Returns visits of the units. */
static uint64_t count_fp32_update(struct counting *c, const struct mca_step *step) {
    const struct mca__design *d = c->design;
    const struct mca_network_layer *layer = &d->network.layers[step->layer];
    const struct pass pass = pass_of(c, step);
    const uint64_t errors = c->work->images * layer->outputs;
    uint64_t *counts = counts_of(c, step);
    uint64_t changed = pass.visits;
    counts[MCA_COMPONENT_FP32_MULTIPLY] += errors; /* by the learning rate */
    count_operands(c, step, &pass);
    count_macs(c, step, pass.visits);
    if (is_reused(d, step->layer)) {
        const uint64_t copies = d->lanes > pass.width ? d->lanes / pass.width : 1;
        changed = mca_min_u64(pass.visits, pass.weights * over(c->work->images, d->group));
        counts[MCA_COMPONENT_BUFFER_READ] +=
            errors * over(layer->rows, d->held * copies) * d->traits->value_bits;
        counts[MCA_COMPONENT_FP32_ADD] += changed; /* of the sum to the weight */
    }
    /* of a mini-batch of several groups the first writes gradients, others read them too, and the
     * last writes weights in their place: as much as if each group changed the weights */
    counts[MCA_COMPONENT_WEIGHT_READ] += changed * d->traits->weight_bits;
    counts[MCA_COMPONENT_WEIGHT_WRITE] += changed * d->traits->weight_bits;
    return pass.visits;
}

/* The digital unit works as on the chip; a transfer rewrites a weight instead of pulsing it. Units
 * are visited for each word of a lane that the chip served, of sums before chi as well. */
static uint64_t count_mixed_update(struct counting *c, const struct mca_step *step) {
    const struct mca_chip_config *chip = c->design->chip;
    uint64_t *counts = counts_of(c, step);
    for (int k = 0; k < MCA_COMPONENT_COUNT; ++k) {
        counts[k] += chip_count(c, step->layer, MCA_PHASE_UPDATE, (enum mca_component)k);
    }
    if (chip->network.layers[step->layer].digital) { /* its weights are chi's words */
        return counts[MCA_COMPONENT_WEIGHT_READ] / MCA_WEIGHT_BITS;
    }
    if (!mca_has_chi(chip)) { /* the design has: a word for each random word of the chip */
        counts[MCA_COMPONENT_CHI_READ] = counts[MCA_COMPONENT_CHI_WRITE] =
            counts[MCA_COMPONENT_DPU_RANDOM] * chip->chi.bits;
    }
    const uint64_t words = counts[MCA_COMPONENT_CHI_READ] / chip->chi.bits;
    /* sums that go to chi are read while its words are */
    return mca_max_u64(words, counts[MCA_COMPONENT_ACCUMULATOR_READ] / SUM_BITS);
}

static void count_update(struct counting *c, const struct mca_step *step) {
    book(c, step,
         c->design->traits->fp32 ? count_fp32_update(c, step) : count_mixed_update(c, step),
         PIPELINE_CYCLES);
}

static void count_transfers(struct counting *c, uint32_t layer) {
    const uint64_t bits = c->design->traits->weight_bits;
    const struct mca_step transfer = {.phase = MCA_PHASE_TRANSFER, .layer = layer};
    uint64_t pulses = 0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        pulses += chip_count(c, layer, (enum mca_phase)p, MCA_COMPONENT_PCM_SET);
    }
    uint64_t *counts = counts_of(c, &transfer);
    counts[MCA_COMPONENT_WEIGHT_READ] += pulses * bits;
    counts[MCA_COMPONENT_WEIGHT_WRITE] += pulses * bits;
    counts[MCA_COMPONENT_DPU_ADD] += pulses;
    book(c, &transfer, pulses, 0);
}

/* What makes activations of a layer's sums; returns cycles an image beyond the pipeline's. */
static uint64_t count_function(const struct counting *c, const struct mca_step *step) {
    const struct mca__design *d = c->design;
    const struct mca_network_layer *layer = &d->network.layers[step->layer];
    const struct mca_activation_ops *ops = mca_activation_ops_of(layer->config.activation);
    const uint64_t values = c->work->images * layer->outputs;
    uint64_t *counts = counts_of(c, step);
    counts[MCA_COMPONENT_BUFFER_WRITE] += values * d->traits->value_bits;
    if (d->chip->loss == MCA_LOSS_SOFTMAX && step->layer + 1 == d->network.layer_count) {
        counts[adder(c)] += values;
        counts[MCA_COMPONENT_DPU_SOFTMAX] += values;
        counts[MCA_COMPONENT_DPU_RECIPROCAL] += c->work->images;
        return mca_work_softmax_cycles(layer->outputs);
    }
    if (ops->looks_up) {
        counts[MCA_COMPONENT_DPU_SIGMOID] += values;
    } else if (!d->traits->fp32) {
        counts[MCA_COMPONENT_DPU_RELU] += values;
    } else if (!ops->is_signed) { /* a sign is looked at; the identity needs nothing */
        counts[MCA_COMPONENT_DPU_COMPARE] += values;
    }
    return 0;
}

/* Values that an output of a layer without a matrix is made of: a window's, or two. */
static uint64_t values_of_output(const struct mca_network_layer *layer) {
    return layer->config.type == MCA_LAYER_RESIDUAL_SUM
               ? 2
               : (uint64_t)layer->config.kernel * layer->config.kernel;
}

/* Products of an average, and of its way back. */
static uint64_t average_products(const struct counting *c, const struct mca_network_layer *layer) {
    return c->design->traits->fp32 ? 1 : mca_work_average_products(values_of_output(layer));
}

static uint64_t choice_bits(const struct mca__design *d, uint32_t layer) {
    const struct mca_layer_buffers *at = &d->program.at[layer];
    return at->remembers ? d->program.buffers[at->choices].values : 0;
}

static void count_combine(struct counting *c, const struct mca_step *step) {
    const struct mca__design *d = c->design;
    const struct mca_network_layer *layer = &d->network.layers[step->layer];
    const uint64_t outputs = c->work->images * layer->outputs;
    const uint64_t values = values_of_output(layer) * outputs;
    uint64_t *counts = counts_of(c, step);
    counts[MCA_COMPONENT_BUFFER_READ] += values * d->traits->value_bits;
    if (layer->config.type == MCA_LAYER_RESIDUAL_SUM) {
        counts[adder(c)] += outputs;
        (void)count_function(c, step);
    } else {
        counts[MCA_COMPONENT_BUFFER_WRITE] += outputs * d->traits->value_bits;
    }
    if (layer->config.type == MCA_LAYER_MAX_POOL) {
        /* floating-point numbers are compared as integers are */
        counts[d->traits->fp32 ? MCA_COMPONENT_DPU_ADD : MCA_COMPONENT_DPU_COMPARE] += values;
        counts[MCA_COMPONENT_BUFFER_WRITE] +=
            c->work->is_test ? 0 : c->work->images * choice_bits(d, step->layer);
    } else if (layer->config.type == MCA_LAYER_AVG_POOL) {
        counts[adder(c)] += values;
        counts[multiplier(c)] += average_products(c, layer) * outputs;
        counts[MCA_COMPONENT_DPU_RELU] += d->traits->fp32 ? 0 : outputs;
    }
    book(c, step, values, PIPELINE_CYCLES);
}

static uint64_t slope_products(const struct mca_network_layer *layer) {
    return mca_activation_ops_of(layer->config.activation)->looks_up ? MCA_SLOPE_PRODUCTS : 0;
}

static void count_spread(struct counting *c, const struct mca_step *step) {
    const struct mca__design *d = c->design;
    const struct mca_network_layer *layer = &d->network.layers[step->layer];
    const unsigned type = layer->config.type;
    const uint64_t outputs = c->work->images * layer->outputs;
    const uint64_t each = type == MCA_LAYER_AVG_POOL ? values_of_output(layer) : 1;
    uint64_t *counts = counts_of(c, step);
    counts[adder(c)] += each * outputs;
    counts[MCA_COMPONENT_BUFFER_READ] += (1 + each) * outputs * SUM_BITS;
    counts[MCA_COMPONENT_BUFFER_WRITE] += each * outputs * SUM_BITS;
    if (type == MCA_LAYER_MAX_POOL) {
        counts[MCA_COMPONENT_BUFFER_READ] += c->work->images * choice_bits(d, step->layer);
    } else if (type == MCA_LAYER_AVG_POOL) {
        counts[multiplier(c)] += average_products(c, layer) * outputs;
    } else if (step->to == layer->takes) {
        counts[multiplier(c)] += slope_products(layer) * outputs;
        counts[MCA_COMPONENT_BUFFER_READ] += outputs * d->traits->value_bits;
    }
    book(c, step, each * outputs, PIPELINE_CYCLES);
}

/* Errors from the target, or from sums. The rate goes once into each error: in the design that
 * keeps the chip's digital unit here, in the others at the update. */
static void count_error(struct counting *c, const struct mca_step *step) {
    const struct mca__design *d = c->design;
    const struct mca_network_layer *layer = &d->network.layers[step->layer];
    const struct mca_dpu_config *dpu = &d->chip->dpu;
    const int fp32 = d->traits->fp32;
    const int is_output = step->vector == MCA_VECTOR_OUTPUT_ERROR;
    const int has_slope = !is_output || d->chip->loss == MCA_LOSS_SQUARED;
    const uint64_t values = c->work->images * layer->outputs;
    const int in_memory = d->program.buffers[step->takes[0]].kind == MCA_BUFFER_SUMS;
    uint64_t *counts = counts_of(c, step);
    counts[adder(c)] += fp32 && !is_output ? 0 : values;
    counts[multiplier(c)] += ((has_slope ? slope_products(layer) : 0) + (fp32 ? 0 : 1)) * values;
    counts[MCA_COMPONENT_BUFFER_READ] +=
        values * ((fp32 ? d->traits->value_bits : dpu->activation_bits) +
                  (in_memory ? (uint64_t)SUM_BITS : 0));
    counts[MCA_COMPONENT_BUFFER_WRITE] += values * (fp32 ? d->traits->value_bits : dpu->error_bits);
    book(c, step, values, PIPELINE_CYCLES);
}

static void count_vector(struct counting *c, const struct mca_step *step) {
    switch (step->vector) {
    case MCA_VECTOR_ACTIVATION:
        book(c, step, 0, count_function(c, step));
        break;
    case MCA_VECTOR_COMBINE:
        count_combine(c, step);
        break;
    case MCA_VECTOR_SPREAD:
        count_spread(c, step);
        break;
    case MCA_VECTOR_PRODUCT: /* a design reads all its matrices alike */
        break;
    case MCA_VECTOR_OUTPUT_ERROR:
    case MCA_VECTOR_ERROR:
    default:
        count_error(c, step);
        break;
    }
}

static void count_load(struct counting *c, const struct mca_step *step) {
    const uint64_t bits = c->work->images * c->design->network.layers[0].inputs * 8;
    uint64_t *counts = counts_of(c, step);
    counts[MCA_COMPONENT_DRAM_READ] += bits;
    counts[MCA_COMPONENT_IMAGE_LOAD] += bits;
    counts[MCA_COMPONENT_BUFFER_WRITE] += bits;
}

/* Images load beside the work on those before, and hold it up where the port is slower. */
static void time_load(const struct counting *c) {
    struct mca_ledger *shared = ledger_of(c, MCA_NO_LAYER);
    const uint64_t port_ps = c->work->images * c->design->network.layers[0].inputs *
                             c->design->chip->timing.image_load_ps_per_byte;
    uint64_t time_ps = 0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        time_ps += mca_cycles_to_ps(c->so_far[p].cycles, c->design->chip->dpu.clock_hz);
    }
    shared->busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_IMAGE_PORT] = port_ps;
    shared->critical_ps[MCA_PHASE_FORWARD] += port_ps > time_ps ? port_ps - time_ps : 0;
}

void mca__design_work(const struct mca__design *design, const struct mca_baseline_work *work,
                      struct mca_ledger ledgers[MCA_LAYERS_MAX + 1]) {
    struct counting c = {.design = design, .work = work, .ledgers = ledgers};
    for (uint32_t i = 0; i < design->program.image_steps; ++i) {
        const struct mca_step *step = &design->program.steps[i];
        if (work->is_test && step->phase != MCA_PHASE_FORWARD) {
            continue;
        }
        if (step->kind == MCA_STEP_LOAD) {
            count_load(&c, step);
        } else if (step->kind == MCA_STEP_READ) {
            count_read(&c, step);
        } else if (step->kind == MCA_STEP_UPDATE) {
            count_update(&c, step);
        } else {
            count_vector(&c, step);
        }
    }
    for (uint32_t i = 0; i < design->network.layer_count && !design->traits->fp32; ++i) {
        count_transfers(&c, i);
    }
    time_load(&c);
}
