/* Dense layer: every output is an activation of the weighted sum of all inputs and a bias. */
#include "network/layer_kind.h"
#include "network/program.h"

static const struct mca_key KEYS[] = {
    MCA_LAYER_U32("units", units, 1, MCA_LAYER_WIDTH_MAX, NULL, "outputs")};

static enum mca_status shape(const struct mca_network *network, struct mca_network_layer *layer,
                             struct mca_error *error) {
    (void)network;
    layer->out = (struct mca_shape){layer->config.units, 1, 1};
    return mca_layer_matrix(layer, layer->inputs, error);
}

static void lower_forward(struct mca_program *program, const struct mca_network *network,
                          uint32_t layer) {
    const uint32_t outputs = network->layers[layer].outputs;
    struct mca_layer_buffers *at = &program->at[layer];
    at->sums = mca_program_buffer(program, MCA_BUFFER_REGISTERS, outputs);
    /* the layer after has a bias line beside its inputs; the last activations stay in the unit
     * until their errors are known (their traffic is counted as if they went to a buffer) */
    at->output = layer + 1 < network->layer_count
                     ? mca_program_buffer(program, MCA_BUFFER_ACTIVATIONS, outputs + 1)
                     : mca_program_buffer(program, MCA_BUFFER_REGISTERS, outputs);
    mca_program_read(program, layer, 0, at->input, at->sums);
    mca_program_vector(program, MCA_VECTOR_ACTIVATION, layer, at->sums, MCA_NO_BUFFER, at->output);
}

static void lower_backward(struct mca_program *program, const struct mca_network *network,
                           uint32_t layer) {
    struct mca_layer_buffers *below = &program->at[layer - 1];
    const uint32_t inputs = network->layers[layer].inputs;
    below->error_sums = mca_program_buffer(program, MCA_BUFFER_REGISTERS, inputs);
    below->error = mca_program_buffer(program, MCA_BUFFER_ERRORS, inputs);
    mca_program_read(program, layer, 1, program->at[layer].error, below->error_sums);
    mca_program_vector(program, MCA_VECTOR_ERROR, layer - 1, below->error_sums, below->output,
                       below->error);
}

static void lower_update(struct mca_program *program, const struct mca_network *network,
                         uint32_t layer) {
    (void)network;
    mca_program_update(program, layer, program->at[layer].input, program->at[layer].error);
}

const struct mca_layer_kind mca_dense_layer = {"dense",
                                               MCA_LAYER_KEYS(KEYS),
                                               "sigmoid",
                                               1,
                                               shape,
                                               mca_lower_matrix_forward,
                                               mca_lower_matrix_backward,
                                               mca_lower_matrix_update};
