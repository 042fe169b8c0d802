/* What a built digital unit (rtl/dpu.v) is like, takes and gives in a clock cycle. */
#ifndef MCA_SHIM_RTL_DPU_PORTS_H
#define MCA_SHIM_RTL_DPU_PORTS_H

#include <stdint.h>

/* What a set fixes; names as in rtl/dpu.v. The sizes are upper limits. */
struct mca_dpu_rtl_set {
    uint32_t lanes;
    uint32_t act_bits;
    uint32_t err_bits;
    uint32_t dac_bits;
    uint32_t chi_bits;
    uint32_t frac_bits;
    uint32_t layers;    /* most layers */
    uint32_t words;     /* most words of lanes in a layer, inputs (bias included) or outputs, and in
                         * the outputs of all layers together */
    uint32_t tiles;     /* most tiles */
    uint32_t chi_words; /* most words of lanes in chi */
    uint32_t queue_depth; /* most commands waiting per tile */
};

/* Inputs of a cycle. Arrays are read only where their valid is set. */
struct mca_dpu_rtl_in {
    int reset; /* asserts the (active-low) reset */
    int dump;  /* the cycle goes into the waveform, where one is written */
    int apb_select;
    int apb_enable;
    int apb_write;
    uint32_t apb_address;
    uint32_t apb_data;
    int image_valid;
    const uint8_t *image; /* [lanes] */
    uint32_t label;
    int image_codes_ready;
    int adc_valid;
    const int32_t *adc; /* [lanes] sign-extended codes of up to 16 bits */
    int drive_ready;
    uint64_t pulse_ready; /* bit t: tile t */
    int chi_valid;
    const int32_t *chi; /* [lanes] */
};

/* What the cycle shows before its clock edge. Arrays of an instance, valid until the next step. */
struct mca_dpu_rtl_out {
    uint32_t apb_data;
    int apb_error;
    int irq;
    int image_ready;
    int image_codes_valid;
    int image_codes_last;
    const int32_t *image_codes; /* [lanes] */
    int adc_ready;
    int drive_valid;
    int drive_last;
    uint32_t drive_kind; /* 0: codes forward, 1: codes backward, 2: activations */
    uint32_t drive_layer;
    const int32_t *drive; /* [lanes] signed codes, or activations */
    uint64_t pulse_valid; /* bit t: tile t */
    int chi_read;
    uint32_t chi_read_address;
    int chi_write;
    uint32_t chi_write_address;
    const int32_t *chi;     /* [lanes] written */
    uint64_t chi_saturated; /* with chi_write, bit l: what did not fit lane l was cut off */
    int busy;
    int frozen;
    int done;           /* last cycle of an operation ... */
    uint32_t done_kind; /* 0: forward, 1: error, 2: update */
    uint32_t done_layer;
    uint32_t done_cycles;
    int32_t done_exponent; /* error */
    int act_valid;
    uint32_t act_word;
    const int32_t *act; /* [lanes] */
    int err_valid;
    uint32_t err_word;
    const int32_t *err;   /* [lanes] */
    const int32_t *rated; /* [lanes] */
    int command_taken;
    uint32_t command_tile;
    int failed; /* memory was short, in this cycle or before: nothing else here is right */
};

/* A pulse command at the head of a tile's queue. */
struct mca_dpu_rtl_command {
    uint32_t row;
    uint32_t col;
    int32_t pulses;
};

#endif
