/*
 * Which of the values that a layer takes drive which lines of its matrix, position by position.
 * Values lie channel-last: value (y, x, c) at (y width + x) channels + c.
 */
#ifndef MCA_NETWORK_WINDOW_H
#define MCA_NETWORK_WINDOW_H

#include "network/network.h"

/* Values side by side, on lines side by side. */
struct mca_run {
    uint32_t line;
    uint32_t value;
    uint32_t count;
};

/* The runs of a position, ascending in both; places of the padding are left out. Returns how many:
 * one for each row of the kernel that has any. The only run of a layer without a kernel is of all
 * values. */
uint32_t mca_window_runs(const struct mca_network_layer *layer, uint32_t position,
                         struct mca_run runs[MCA_LAYER_KERNEL_MAX]);

/* How many values lie in pieces of `lines` lines of the matrix, from the first line on: each that a
 * layer takes once for every piece that has a line of it, and one that drives no line once. */
uint64_t mca_window_held_values(const struct mca_network_layer *layer, uint32_t lines);

/* Bits that tell the places of a window of kernel x kernel apart. */
uint32_t mca_window_choice_bits(uint32_t kernel);

#endif
