/*
 * The Verilated digital unit made ready for a chip: its parameters, where its layers, tiles and
 * words of chi stand, and its registers (docs/reference/rtl.md).
 */
#ifndef MCA_SHIM_RTL_DPU_SETUP_H
#define MCA_SHIM_RTL_DPU_SETUP_H

#include "base/c_linkage.h"
#include "chip/chip.h"
#include "shim/rtl/dpu_rtl.h"

MCA_C_BEGIN

/* Cycles that the unit waits for chi, and reads on their way, at most. */
enum { MCA_DPU_LATENCY_MAX = 15, MCA_DPU_READS_MAX = 4 };

/* A unit with its pins. */
struct mca_dpu_port {
    struct mca_dpu_rtl *rtl;
    struct mca_dpu_rtl_in in;
    struct mca_dpu_rtl_out out;
    uint64_t clocks;  /* stepped here */
    uint32_t silent;  /* address of the first register that was not answered, or 0 */
    uint32_t refused; /* address of the first register that was answered with an error, or 0 */
};

/* A layer in the unit. */
struct mca_dpu_layout {
    uint32_t words;  /* of its outputs */
    uint32_t stride; /* words x lanes */
    uint32_t tile_base;
    uint32_t chi_base; /* chi word = base + column word x inputs + row */
    uint32_t activation_base;
};

/* The parameters of the RTL that a chip needs. MCA_INVALID with the reason when the RTL has no such
 * chip, or its registers do not hold the sizes. */
enum mca_status mca_dpu_set_of(struct mca_dpu_rtl_set *set, const struct mca_chip_config *config,
                               struct mca_error *error);

/* MCA_INVALID when the program of an image that a network of `layers` layers learns from asks the
 * digital unit for other operations, in another order, than the RTL's sequencer does. */
enum mca_status mca_dpu_check_program(const struct mca_program *program, uint32_t layers,
                                      struct mca_error *error);

/* MCA_INVALID for such a program, when the RTL does not have a layer's activation, or an ADC step
 * does not fit the registers. */
enum mca_status mca_dpu_check_chip(const struct mca_chip *chip, struct mca_error *error);

struct mca_dpu_layout mca_dpu_layout_of(const struct mca_chip *chip, uint32_t layer);

/* Reset, table of the activation, seeds and all registers: training, at the chip's learning rate.
 */
void mca_dpu_set_up(struct mca_dpu_port *port, const struct mca_chip *chip);

/* The chip's learning rate; training or forward only. With no image in the unit. */
void mca_dpu_write_rate(struct mca_dpu_port *port, const struct mca_chip *chip);
void mca_dpu_write_train(struct mca_dpu_port *port, const struct mca_chip *chip, int train);

/* Images that the unit has done since its reset. */
uint32_t mca_dpu_read_images(struct mca_dpu_port *port);

MCA_C_END

#endif
