/* The forward lowering of a kind of layer that reads its matrix twice and adds the sums up. */
#ifndef MCA_TESTS_NETWORK_TWO_READS_H
#define MCA_TESTS_NETWORK_TWO_READS_H

#include "network/program.h"

static inline void lower_two_reads(struct mca_program *program, const struct mca_network *network,
                                   uint32_t layer) {
    const uint32_t outputs = network->layers[layer].outputs;
    struct mca_layer_buffers *at = &program->at[layer];
    at->sums = mca_program_buffer(program, MCA_BUFFER_REGISTERS, outputs);
    at->output = mca_program_buffer(program, MCA_BUFFER_ACTIVATIONS, outputs + 1);
    mca_program_read(program, layer, 0, at->input, at->sums);
    mca_program_read(program, layer, 0, at->input, at->sums);
    mca_program_vector(program, MCA_VECTOR_ACTIVATION, layer, at->sums, MCA_NO_BUFFER, at->output);
}

#endif
