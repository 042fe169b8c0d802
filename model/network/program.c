#include "network/program.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "network/layer_kind.h"
#include "network/window.h"

uint32_t mca_program_buffer(struct mca_program *program, enum mca_buffer_kind kind,
                            uint32_t values) {
    assert(program->buffer_count < MCA_BUFFERS_MAX);
    program->buffers[program->buffer_count] = (struct mca_buffer){kind, values};
    return program->buffer_count++;
}

/* A step waits for those that give what it takes. */
static void take(const struct mca_program *program, struct mca_step *step, uint32_t buffer) {
    assert(step->take_count < MCA_STEP_TAKES_MAX);
    step->takes[step->take_count++] = buffer;
    for (uint32_t i = 0; i < program->step_count; ++i) {
        const struct mca_step *before = &program->steps[i];
        if (before->gives == buffer) {
            assert(step->wait_count < MCA_STEP_WAITS_MAX);
            step->waits[step->wait_count++] = (uint16_t)i;
        }
    }
}

static struct mca_step step_of(enum mca_step_kind kind, enum mca_phase phase, uint32_t layer) {
    return (struct mca_step){.kind = kind, .phase = phase, .layer = layer, .gives = MCA_NO_BUFFER};
}

static void append(struct mca_program *program, const struct mca_step *step) {
    assert(program->step_count < MCA_STEPS_MAX);
    assert(step->wait_count > 0 || step->kind == MCA_STEP_LOAD || step->kind > MCA_STEP_UPDATE);
    program->steps[program->step_count++] = *step;
}

static void load(struct mca_program *program, uint32_t gives) {
    struct mca_step step = step_of(MCA_STEP_LOAD, program->forward_phase, MCA_NO_LAYER);
    step.gives = gives;
    append(program, &step);
}

/* How many steps give a buffer so far. */
static uint32_t givers(const struct mca_program *program, uint32_t buffer) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->step_count; ++i) {
        count += program->steps[i].gives == buffer;
    }
    return count;
}

void mca_program_read(struct mca_program *program, uint32_t layer, int is_backward, uint32_t takes,
                      uint32_t gives) {
    struct mca_step step =
        step_of(MCA_STEP_READ, is_backward ? MCA_PHASE_BACKWARD : program->forward_phase, layer);
    step.is_backward = is_backward;
    step.gives = gives;
    step.read = givers(program, gives);
    take(program, &step, takes);
    append(program, &step);
}

void mca_program_vector(struct mca_program *program, enum mca_vector_operation operation,
                        uint32_t layer, uint32_t sums, uint32_t operand, uint32_t gives) {
    const int is_forward = operation == MCA_VECTOR_ACTIVATION || operation == MCA_VECTOR_COMBINE;
    struct mca_step step =
        step_of(MCA_STEP_VECTOR, is_forward ? program->forward_phase : MCA_PHASE_ERROR, layer);
    step.vector = operation;
    step.gives = gives;
    take(program, &step, sums);
    if (operand != MCA_NO_BUFFER) {
        take(program, &step, operand);
    }
    append(program, &step);
}

/* The buffer of what a layer gives: of the layer `takes`, or the image. */
static uint32_t output_of(const struct mca_program *program, uint32_t takes) {
    return takes == MCA_FROM_INPUT ? program->image : program->at[takes].output;
}

/* A layer's output buffer, made. */
static uint32_t make_output(struct mca_program *program, const struct mca_network *network,
                            uint32_t layer) {
    const uint32_t outputs = network->layers[layer].outputs;
    /* a layer after has a bias line beside its inputs; the last activations stay in the unit until
     * their errors are known (their traffic is counted as if they went to a buffer) */
    program->at[layer].output =
        layer + 1 < network->layer_count
            ? mca_program_buffer(program, MCA_BUFFER_ACTIVATIONS, outputs + 1)
            : mca_program_buffer(program, MCA_BUFFER_REGISTERS, outputs);
    return program->at[layer].output;
}

/* The buffer of a layer's error sums, made where it is not there. */
static uint32_t error_sums_of(struct mca_program *program, const struct mca_network *network,
                              uint32_t layer) {
    struct mca_layer_buffers *at = &program->at[layer];
    if (!at->has_error_sums) {
        at->has_error_sums = 1;
        const struct mca_network_layer *of = &network->layers[layer];
        at->error_sums = mca_program_buffer(
            program, mca_layer_is_flat(of) ? MCA_BUFFER_REGISTERS : MCA_BUFFER_SUMS, of->outputs);
    }
    return at->error_sums;
}

/* A read of the layer's matrix; of a digital layer a product of the digital unit, on the same
 * buffers. */
static void multiply(struct mca_program *program, const struct mca_network *network, uint32_t layer,
                     int is_backward, uint32_t gives) {
    const struct mca_layer_buffers *at = &program->at[layer];
    mca_program_read(program, layer, is_backward, is_backward ? at->error : at->input, gives);
    if (network->layers[layer].config.digital) {
        struct mca_step *step = &program->steps[program->step_count - 1];
        step->kind = MCA_STEP_VECTOR;
        step->vector = MCA_VECTOR_PRODUCT;
    }
}

void mca_lower_matrix_forward(struct mca_program *program, const struct mca_network *network,
                              uint32_t layer) {
    struct mca_layer_buffers *at = &program->at[layer];
    const struct mca_network_layer *of = &network->layers[layer];
    /* the activations of a position follow its reads; those of a digital layer all its products */
    const int in_memory = of->config.digital && !mca_layer_is_flat(of);
    at->sums = mca_program_buffer(program, in_memory ? MCA_BUFFER_SUMS : MCA_BUFFER_REGISTERS,
                                  of->outputs);
    (void)make_output(program, network, layer);
    multiply(program, network, layer, 0, at->sums);
    mca_program_vector(program, MCA_VECTOR_ACTIVATION, layer, at->sums, MCA_NO_BUFFER, at->output);
}

void mca_lower_matrix_backward(struct mca_program *program, const struct mca_network *network,
                               uint32_t layer) {
    const uint32_t to = network->layers[layer].takes;
    const uint32_t sums = error_sums_of(program, network, to);
    multiply(program, network, layer, 1, sums);
    program->steps[program->step_count - 1].to = to;
}

void mca_lower_matrix_update(struct mca_program *program, const struct mca_network *network,
                             uint32_t layer) {
    struct mca_step step = step_of(MCA_STEP_UPDATE, MCA_PHASE_UPDATE, layer);
    (void)network;
    take(program, &step, program->at[layer].input);
    take(program, &step, program->at[layer].error);
    append(program, &step);
}

void mca_lower_combine(struct mca_program *program, const struct mca_network *network,
                       uint32_t layer) {
    const struct mca_layer_config *config = &network->layers[layer].config;
    const uint32_t other =
        config->type == MCA_LAYER_RESIDUAL_SUM ? output_of(program, config->from) : MCA_NO_BUFFER;
    struct mca_layer_buffers *at = &program->at[layer];
    at->remembers = config->type == MCA_LAYER_MAX_POOL &&
                    program->forward_phase == MCA_PHASE_FORWARD && layer > 0 &&
                    mca_network_learns_up_to(network, layer - 1);
    if (at->remembers) {
        at->choices = mca_program_buffer(program, MCA_BUFFER_CHOICES,
                                         network->layers[layer].outputs *
                                             mca_window_choice_bits(config->kernel));
    }
    mca_program_vector(program, MCA_VECTOR_COMBINE, layer, program->at[layer].input, other,
                       make_output(program, network, layer));
}

void mca_lower_spread_back(struct mca_program *program, const struct mca_network *network,
                           uint32_t layer) {
    mca_lower_spread(program, network, layer, network->layers[layer].takes);
}

void mca_lower_spread(struct mca_program *program, const struct mca_network *network,
                      uint32_t layer, uint32_t to) {
    const uint32_t sums = error_sums_of(program, network, to);
    const uint32_t before = givers(program, sums);
    mca_program_vector(program, MCA_VECTOR_SPREAD, layer, program->at[layer].error_sums,
                       program->at[layer].output, sums);
    program->steps[program->step_count - 1].read = before;
    program->steps[program->step_count - 1].to = to;
}

/* The digital unit keeps the image's codes for the update: its first operation waits until it has
 * taken them. */
static void await_image(struct mca_program *program) {
    for (uint32_t i = 0; i < program->step_count; ++i) {
        struct mca_step *step = &program->steps[i];
        if (mca_step_is_digital(step)) {
            if (step->takes[0] != program->image) {
                take(program, step, program->image);
            }
            return;
        }
    }
}

static void lower_forward(struct mca_program *program, const struct mca_network *network) {
    program->image =
        mca_program_buffer(program, MCA_BUFFER_ACTIVATIONS, network->layers[0].inputs + 1);
    load(program, program->image);
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        program->at[i].input = output_of(program, network->layers[i].takes);
        network->layers[i].kind->lower_forward(program, network, i);
    }
    await_image(program);
    program->image_steps = program->step_count;
}

int mca_program_can_read_ahead(const struct mca_program *train, const struct mca_network *network) {
    const struct mca_step *read = &train->steps[1];
    const struct mca_step *last = &train->steps[train->image_steps - 1];
    int is_alone = 1;
    for (uint32_t i = 3; i + 1 < train->image_steps; ++i) {
        for (uint32_t k = 0; k < train->steps[i].take_count; ++k) {
            is_alone &= train->steps[i].takes[k] != train->image;
        }
    }
    return is_alone && train->image_steps > 3 && network->layers[0].positions == 1 &&
           read->kind == MCA_STEP_READ && read->layer == 0 && train->steps[2].layer == 0 &&
           train->steps[2].kind == MCA_STEP_VECTOR && last->kind == MCA_STEP_UPDATE &&
           last->layer == 0;
}

void mca_program_infer(struct mca_program *program, const struct mca_network *network) {
    memset(program, 0, sizeof *program);
    program->forward_phase = MCA_PHASE_TEST;
    lower_forward(program, network);
}

int mca_network_learns_up_to(const struct mca_network *network, uint32_t layer) {
    for (uint32_t i = 0; layer != MCA_FROM_INPUT && i <= layer; ++i) {
        if (network->layers[i].rows > 0 && !network->layers[i].config.frozen) {
            return 1;
        }
    }
    return 0;
}

int mca_network_learns_on_crossbars(const struct mca_network *network) {
    int learns = 0;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        learns |= layer->rows > 0 && !layer->config.digital && !layer->config.frozen;
    }
    return learns;
}

/* All layers from `first` on have given their errors: those of the layers with a matrix whose error
 * sums are now whole, which none before `first` takes. */
static void scale_errors(struct mca_program *program, const struct mca_network *network,
                         uint32_t first) {
    for (uint32_t k = first; k-- > 0;) {
        struct mca_layer_buffers *at = &program->at[k];
        int is_whole = mca_layer_takes(&network->layers[first], k) && network->layers[k].rows > 0;
        for (uint32_t i = k + 1; i < first; ++i) {
            is_whole = is_whole && !mca_layer_takes(&network->layers[i], k);
        }
        if (is_whole && mca_network_learns_up_to(network, k)) {
            at->error = mca_program_buffer(program, MCA_BUFFER_ERRORS, network->layers[k].outputs);
            mca_program_vector(program, MCA_VECTOR_ERROR, k, at->error_sums, at->output, at->error);
        }
    }
}

void mca_program_train(struct mca_program *program, const struct mca_network *network) {
    const uint32_t last = network->layer_count - 1;
    memset(program, 0, sizeof *program);
    program->forward_phase = MCA_PHASE_FORWARD;
    lower_forward(program, network);
    program->at[last].error =
        mca_program_buffer(program, MCA_BUFFER_ERRORS, network->layers[last].outputs);
    mca_program_vector(program, MCA_VECTOR_OUTPUT_ERROR, last, program->at[last].output,
                       MCA_NO_BUFFER, program->at[last].error);
    for (uint32_t i = network->layer_count; i-- > 0;) {
        const struct mca_network_layer *layer = &network->layers[i];
        if (i > 0 && mca_network_learns_up_to(network, i - 1)) {
            layer->kind->lower_backward(program, network, i);
            scale_errors(program, network, i);
        }
        if (layer->rows > 0 && !layer->config.frozen) {
            layer->kind->lower_update(program, network, i);
        }
    }
    program->image_steps = program->step_count;
    const struct mca_step transfer = step_of(MCA_STEP_TRANSFER, MCA_PHASE_TRANSFER, MCA_NO_LAYER);
    append(program, &transfer);
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        if (network->layers[i].rows > 0 && !network->layers[i].config.digital) {
            const struct mca_step refresh = step_of(MCA_STEP_REFRESH, MCA_PHASE_REFRESH, i);
            append(program, &refresh);
        }
    }
}

const struct mca_step *mca_program_backward_read(const struct mca_program *program,
                                                 uint32_t layer) {
    for (uint32_t i = 0; i < program->image_steps; ++i) {
        const struct mca_step *step = &program->steps[i];
        if (mca_step_multiplies(step) && step->is_backward && step->layer == layer) {
            return step;
        }
    }
    return NULL;
}

static int takes_buffer(const struct mca_step *step, uint32_t buffer) {
    int takes_it = 0;
    for (uint32_t i = 0; i < step->take_count; ++i) {
        takes_it |= step->takes[i] == buffer;
    }
    return takes_it;
}

int mca_step_adds_up(const struct mca_step *step, const struct mca_step *read) {
    const struct mca_step *first = read + 1;
    while (first < step && !takes_buffer(first, read->gives)) {
        ++first;
    }
    return read->kind == MCA_STEP_READ && first == step;
}

uint32_t mca_step_read_count(const struct mca_program *program, const struct mca_step *step) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < step->wait_count; ++i) {
        count += mca_step_adds_up(step, &program->steps[step->waits[i]]) != 0;
    }
    return count;
}

const struct mca_step *mca_step_read(const struct mca_program *program,
                                     const struct mca_step *step) {
    for (uint32_t i = 0; i < step->wait_count; ++i) {
        const struct mca_step *read = &program->steps[step->waits[i]];
        if (mca_step_adds_up(step, read)) {
            return read;
        }
    }
    return NULL;
}

const struct mca_step *mca_program_next_digital(const struct mca_program *program,
                                                const struct mca_step *step) {
    for (uint32_t i = step ? mca_step_number(program, step) + 1 : 0; i < program->image_steps;
         ++i) {
        if (mca_step_is_digital(&program->steps[i])) {
            return &program->steps[i];
        }
    }
    return NULL;
}

/* The last step of an image that multiplies a buffer's values by a matrix, or NULL. */
static const struct mca_step *last_read(const struct mca_program *program, uint32_t buffer) {
    const struct mca_step *last = NULL;
    for (uint32_t i = 0; i < program->image_steps; ++i) {
        const struct mca_step *step = &program->steps[i];
        last = mca_step_multiplies(step) && step->takes[0] == buffer ? step : last;
    }
    return last;
}

int mca_program_is_driven(const struct mca_program *program, uint32_t buffer) {
    const struct mca_step *last = last_read(program, buffer);
    return last != NULL && last->kind == MCA_STEP_READ;
}

int mca_program_reads_last(const struct mca_program *program, const struct mca_step *step,
                           uint32_t buffer) {
    return last_read(program, buffer) == step;
}

uint64_t mca_step_macs(const struct mca_network *network, const struct mca_step *step) {
    if (!mca_step_multiplies(step) && step->kind != MCA_STEP_UPDATE) {
        return 0;
    }
    const struct mca_network_layer *layer = &network->layers[step->layer];
    /* no error goes back to the bias */
    return (uint64_t)(layer->rows - (step->is_backward ? 1 : 0)) * layer->cols * layer->positions;
}

const struct mca_step *mca_program_refresh(const struct mca_program *program, uint32_t layer) {
    const struct mca_step *step = &program->steps[program->image_steps];
    while (step->kind != MCA_STEP_REFRESH || step->layer != layer) {
        ++step;
        assert(step < program->steps + program->step_count);
    }
    return step;
}
