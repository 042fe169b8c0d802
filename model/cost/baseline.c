#include "cost/baseline.h"

#include <string.h>

#include "chip/timeline.h"
#include "dpu/fixed_dpu.h"

/* Cycles from the last weight of a layer to its results: adder tree, activation or write-back. */
enum { PIPELINE_CYCLES = 8 };

/* Operand and pipeline registers of a single-precision unit: three operands and three stages. */
enum { FP32_REGISTER_BITS = 192 };

struct traits {
    const char *name;
    int fp32;
    int skips_zeros;
    uint32_t weight_bits;
    uint32_t value_bits; /* of activations and errors in the buffers */
};

static const struct traits TRAITS[MCA_BASELINE_DESIGN_COUNT] = {
    {"digital_fp32", 1, 0, 32, 32},
    {"digital_fp32_sparse", 1, 1, 32, 32},
    {"digital_mixed", 0, 1, 8, 8},
};

const char *mca_baseline_design_name(enum mca_baseline_design design) {
    return TRAITS[design].name;
}

/* What the program of an image asks for, per image. */
struct network {
    uint64_t pixels;
    uint64_t weights;
    uint64_t steps[MCA_PHASE_COUNT]; /* matrix products, errors, updates, each in its phase */
    uint64_t outputs;                /* activations */
    uint64_t last_outputs;           /* errors from the target ... */
    uint64_t hidden;                 /* ... and from the layer after */
    uint64_t buffers;
    uint64_t buffer_values;
};

static void add_vector(struct network *n, const struct mca_network *of,
                       const struct mca_step *step) {
    const uint64_t values = of->layers[step->layer].outputs;
    n->outputs += step->vector == MCA_VECTOR_ACTIVATION ? values : 0;
    n->last_outputs += step->vector == MCA_VECTOR_OUTPUT_ERROR ? values : 0;
    n->hidden += step->vector == MCA_VECTOR_ERROR ? values : 0;
    n->steps[MCA_PHASE_ERROR] += step->vector != MCA_VECTOR_ACTIVATION;
}

static struct network network_of(const struct mca_chip_config *chip) {
    struct mca_network of;
    struct mca_program program;
    (void)mca_network_init(&of, &chip->network, NULL); /* checked */
    mca_program_train(&program, &of);
    struct network n = {.pixels = of.layers[0].inputs};
    for (uint32_t i = 0; i < of.layer_count; ++i) {
        n.weights += (uint64_t)of.layers[i].rows * of.layers[i].cols;
    }
    for (uint32_t i = 0; i < program.image_steps; ++i) {
        const struct mca_step *step = &program.steps[i];
        n.steps[step->phase] += mca_step_macs(&of, step) > 0;
        if (step->kind == MCA_STEP_VECTOR) {
            add_vector(&n, &of, step);
        }
    }
    for (uint32_t i = 0; i < program.buffer_count; ++i) {
        const int is_memory = program.buffers[i].kind != MCA_BUFFER_REGISTERS;
        n.buffers += is_memory ? 2 : 0; /* for two images at work */
        n.buffer_values += is_memory ? 2 * (uint64_t)program.buffers[i].values : 0;
    }
    return n;
}

/* Weights visited in each phase, all images. */
struct visits {
    uint64_t forward;
    uint64_t backward;
    uint64_t update;
};

static struct visits visits_of(const struct traits *t, const struct mca_baseline_work *work) {
    return (struct visits){
        .forward = t->skips_zeros ? work->forward_macs_nonzero : work->forward_macs,
        .backward = work->backward_macs,
        .update = t->skips_zeros ? work->update_macs_nonzero : work->update_macs};
}

static void count_macs(const struct traits *t, uint64_t *counts, uint64_t macs) {
    counts[t->fp32 ? MCA_COMPONENT_FP32_MULTIPLY : MCA_COMPONENT_INT8_MULTIPLY] += macs;
    counts[t->fp32 ? MCA_COMPONENT_FP32_ADD : MCA_COMPONENT_DPU_ADD] += macs;
}

/* Weights are visited a word of lanes after the other: what all lanes need, an input or an error,
 * is read from the buffers once a word. */
static uint64_t operand_bits(const struct traits *t, uint64_t visits, uint32_t lanes) {
    return mca_dpu_words(visits, lanes) * t->value_bits;
}

static void count_products(const struct traits *t, const struct network *n, uint32_t lanes,
                           const struct mca_baseline_work *work, struct mca_ledger *ledger) {
    const struct visits v = visits_of(t, work);
    const uint64_t images = work->images;
    uint64_t *forward = ledger->counts[MCA_PHASE_FORWARD];
    forward[MCA_COMPONENT_DRAM_READ] = images * n->pixels * 8;
    forward[MCA_COMPONENT_IMAGE_LOAD] = images * n->pixels * 8;
    forward[MCA_COMPONENT_BUFFER_WRITE] = images * (n->pixels * 8 + n->outputs * t->value_bits);
    forward[MCA_COMPONENT_BUFFER_READ] = operand_bits(t, v.forward, lanes);
    forward[MCA_COMPONENT_WEIGHT_READ] = v.forward * t->weight_bits;
    count_macs(t, forward, v.forward);
    forward[MCA_COMPONENT_DPU_SIGMOID] = images * n->outputs;
    uint64_t *backward = ledger->counts[MCA_PHASE_BACKWARD];
    backward[MCA_COMPONENT_BUFFER_READ] = operand_bits(t, v.backward, lanes);
    backward[MCA_COMPONENT_WEIGHT_READ] = v.backward * t->weight_bits;
    count_macs(t, backward, v.backward);
}

static void count_fp32_update(const struct traits *t, const struct network *n, uint32_t lanes,
                              const struct mca_baseline_work *work, struct mca_ledger *ledger) {
    const struct visits v = visits_of(t, work);
    const uint64_t images = work->images;
    /* target - activation, and the derivative of hidden units: two products */
    uint64_t *error = ledger->counts[MCA_PHASE_ERROR];
    error[MCA_COMPONENT_FP32_ADD] = images * n->last_outputs;
    error[MCA_COMPONENT_FP32_MULTIPLY] = images * 2 * n->hidden;
    error[MCA_COMPONENT_BUFFER_READ] = images * n->outputs * t->value_bits;
    error[MCA_COMPONENT_BUFFER_WRITE] = images * n->outputs * t->value_bits;
    /* the learning rate goes once into each error */
    uint64_t *update = ledger->counts[MCA_PHASE_UPDATE];
    update[MCA_COMPONENT_FP32_MULTIPLY] = images * n->outputs;
    update[MCA_COMPONENT_BUFFER_READ] = operand_bits(t, v.update, lanes);
    update[MCA_COMPONENT_WEIGHT_READ] = v.update * t->weight_bits;
    update[MCA_COMPONENT_WEIGHT_WRITE] = v.update * t->weight_bits;
    count_macs(t, update, v.update);
}

/* The digital unit works as on the chip; a transfer rewrites a weight instead of pulsing it. */
static void count_mixed_update(const struct traits *t, const struct mca_baseline_work *work,
                               const struct mca_chip_config *chip, struct mca_ledger *ledger) {
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        ledger->counts[MCA_PHASE_ERROR][c] = work->ledger->counts[MCA_PHASE_ERROR][c];
        ledger->counts[MCA_PHASE_UPDATE][c] = work->ledger->counts[MCA_PHASE_UPDATE][c];
    }
    if (!mca_has_chi(chip)) { /* the design has: a word of it for each random word of the chip */
        uint64_t *update = ledger->counts[MCA_PHASE_UPDATE];
        update[MCA_COMPONENT_CHI_READ] = update[MCA_COMPONENT_CHI_WRITE] =
            update[MCA_COMPONENT_DPU_RANDOM] * chip->chi.bits;
    }
    uint64_t *transfer = ledger->counts[MCA_PHASE_TRANSFER];
    transfer[MCA_COMPONENT_WEIGHT_READ] = work->transfers * t->weight_bits;
    transfer[MCA_COMPONENT_WEIGHT_WRITE] = work->transfers * t->weight_bits;
    transfer[MCA_COMPONENT_DPU_ADD] = work->transfers;
}

static void book(struct mca_ledger *ledger, enum mca_phase phase, enum mca_resource memory,
                 uint64_t busy_cycles, uint64_t wait_cycles, uint64_t clock_hz) {
    ledger->busy_ps[phase][MCA_RESOURCE_DPU] += mca_cycles_to_ps(busy_cycles, clock_hz);
    ledger->busy_ps[phase][memory] += mca_cycles_to_ps(busy_cycles, clock_hz);
    ledger->critical_ps[phase] += mca_cycles_to_ps(busy_cycles + wait_cycles, clock_hz);
}

/* The phases of an image follow one another, as its layers do; within a layer the units are always
 * busy. Images load beside the work on those before, and hold it up where the port is slower. */
static void time_work(const struct traits *t, const struct network *n, uint32_t lanes,
                      const struct mca_baseline_work *work, const struct mca_chip_config *chip,
                      struct mca_ledger *ledger) {
    const struct visits v = visits_of(t, work);
    const uint64_t clock_hz = chip->dpu.clock_hz;
    const uint64_t fill = work->images * PIPELINE_CYCLES;
    book(ledger, MCA_PHASE_FORWARD, MCA_RESOURCE_CHI, mca_dpu_words(v.forward, lanes),
         n->steps[MCA_PHASE_FORWARD] * fill, clock_hz);
    book(ledger, MCA_PHASE_ERROR, MCA_RESOURCE_CHI, mca_dpu_words(work->images * n->outputs, lanes),
         n->steps[MCA_PHASE_ERROR] * fill, clock_hz);
    book(ledger, MCA_PHASE_BACKWARD, MCA_RESOURCE_CHI, mca_dpu_words(v.backward, lanes),
         n->steps[MCA_PHASE_BACKWARD] * fill, clock_hz);
    book(ledger, MCA_PHASE_UPDATE, MCA_RESOURCE_CHI, mca_dpu_words(v.update, lanes),
         n->steps[MCA_PHASE_UPDATE] * fill, clock_hz);
    if (!t->fp32) {
        book(ledger, MCA_PHASE_TRANSFER, MCA_RESOURCE_CHI, mca_dpu_words(work->transfers, lanes), 0,
             clock_hz);
    }
    const uint64_t port_ps = work->images * n->pixels * chip->timing.image_load_ps_per_byte;
    uint64_t time_ps = 0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        time_ps += ledger->critical_ps[p];
    }
    ledger->busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_IMAGE_PORT] = port_ps;
    ledger->critical_ps[MCA_PHASE_FORWARD] += port_ps > time_ps ? port_ps - time_ps : 0;
}

static struct mca_inventory inventory_of(const struct traits *t, const struct network *n,
                                         uint32_t lanes, const struct mca_chip_config *chip) {
    struct mca_inventory v = {.weights = n->weights,
                              .sigmoid_units = lanes < n->outputs ? lanes : n->outputs,
                              .weight_bits = n->weights * t->weight_bits,
                              .buffers = n->buffers,
                              .buffer_bits = n->buffer_values * t->value_bits};
    if (t->fp32) {
        v.fp32_lanes = lanes;
        v.register_bits = (uint64_t)lanes * FP32_REGISTER_BITS;
    } else {
        v.dpu_lanes = lanes;
        v.register_bits = (uint64_t)lanes * MCA_DPU_REGISTER_BITS_PER_LANE;
        v.chi_bits = n->weights * chip->chi.bits;
    }
    v.resource_instances[MCA_RESOURCE_IMAGE_PORT] = 1;
    v.resource_instances[MCA_RESOURCE_DPU] = 1;
    v.resource_instances[MCA_RESOURCE_CHI] = 1;
    return v;
}

void mca_baseline_init(struct mca_baseline *baseline, enum mca_baseline_design design,
                       uint32_t lanes, const struct mca_baseline_work *work,
                       const struct mca_chip_config *chip, const struct mca_cost_config *cost,
                       const struct mca_component_library *library) {
    const struct traits *t = &TRAITS[design];
    const struct network n = network_of(chip);
    memset(baseline, 0, sizeof *baseline);
    baseline->lanes = lanes;
    count_products(t, &n, lanes, work, &baseline->ledger);
    if (t->fp32) {
        count_fp32_update(t, &n, lanes, work, &baseline->ledger);
    } else {
        count_mixed_update(t, work, chip, &baseline->ledger);
    }
    time_work(t, &n, lanes, work, chip, &baseline->ledger);
    baseline->inventory = inventory_of(t, &n, lanes, chip);
    const struct mca_cost_design cost_design = mca_cost_design_of(chip, cost, &baseline->inventory);
    mca_price_list_init(&baseline->prices, library, &cost_design);
    mca_price(&baseline->pricing, &baseline->ledger, &baseline->inventory, &baseline->prices);
}

/* Time of the work with so many units. */
static uint64_t time_ps_of(enum mca_baseline_design design, uint32_t lanes,
                           const struct mca_baseline_work *work,
                           const struct mca_chip_config *chip) {
    const struct network n = network_of(chip);
    struct mca_ledger ledger = {0};
    uint64_t time_ps = 0;
    time_work(&TRAITS[design], &n, lanes, work, chip, &ledger);
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        time_ps += ledger.critical_ps[p];
    }
    return time_ps;
}

uint32_t mca_baseline_lanes_for_time(enum mca_baseline_design design,
                                     const struct mca_baseline_work *work,
                                     const struct mca_chip_config *chip, double time_s) {
    uint32_t too_few = 0;
    uint32_t enough = MCA_BASELINE_LANES_MAX;
    if ((double)time_ps_of(design, enough, work, chip) / 1e12 > time_s) {
        return 0;
    }
    while (enough - too_few > 1) {
        const uint32_t middle = too_few + (enough - too_few) / 2;
        if ((double)time_ps_of(design, middle, work, chip) / 1e12 <= time_s) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    return enough;
}

uint32_t mca_baseline_lanes_for_area(enum mca_baseline_design design,
                                     const struct mca_chip_config *chip,
                                     const struct mca_cost_config *cost,
                                     const struct mca_component_library *library, double area_mm2) {
    static const struct mca_ledger no_ledger = {0};
    static const struct mca_baseline_work no_work = {.ledger = &no_ledger};
    struct mca_baseline *tried = &(struct mca_baseline){0};
    uint32_t fits = 0;
    uint32_t too_many = MCA_BASELINE_LANES_MAX + 1;
    while (too_many - fits > 1) {
        const uint32_t middle = fits + (too_many - fits) / 2;
        mca_baseline_init(tried, design, middle, &no_work, chip, cost, library);
        if (tried->pricing.area_total_mm2 <= area_mm2) {
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    return fits;
}
