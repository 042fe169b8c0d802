/*
 * C face of the Verilated digital unit (rtl/dpu.v). One instance is one unit, advanced a clock
 * cycle at a time. Nothing of Verilator shows here. An instance belongs to one thread at a time.
 *
 * The RTL is built for a few sets of parameters (CMake variable MCA_RTL_SETS); mca_dpu_rtl_find
 * picks one.
 */
#ifndef MCA_SHIM_RTL_DPU_RTL_H
#define MCA_SHIM_RTL_DPU_RTL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

struct mca_dpu_rtl; /* opaque */

/* The built sets, from 0; NULL past the last. */
const struct mca_dpu_rtl_set *mca_dpu_rtl_set_at(uint32_t set);

/* Number of the set with these parameters (its upper limits are not looked at), or -1. */
int mca_dpu_rtl_find(const struct mca_dpu_rtl_set *wanted);

enum mca_dpu_rtl_waveform { MCA_DPU_RTL_VCD, MCA_DPU_RTL_FST };

/* A unit before its first reset, of a built set, that can write waveforms of that format. NULL when
 * memory is short. */
struct mca_dpu_rtl *mca_dpu_rtl_create(uint32_t set, enum mca_dpu_rtl_waveform waveform);
void mca_dpu_rtl_destroy(struct mca_dpu_rtl *rtl); /* NULL is fine */

/* Two cycles in reset, all inputs low. Clears all state but memories, table and generators. */
void mca_dpu_rtl_reset(struct mca_dpu_rtl *rtl);

/* Opens a waveform for those of the following cycles that have `dump` set, in the time of a clock
 * of clock_hz (1 .. 5e11), from 0. Returns 0, or -1 when the file cannot be written or memory is
 * short (errno ENOMEM). */
int mca_dpu_rtl_trace(struct mca_dpu_rtl *rtl, const char *path, uint64_t clock_hz);

/* The errno of the first write of a VCD that failed, as on a full disk, or 0. Verilator's FST
 * writer tells of none. */
int mca_dpu_rtl_trace_error(struct mca_dpu_rtl *rtl);

/* One clock cycle: inputs applied, outputs read, then the edge. */
void mca_dpu_rtl_step(struct mca_dpu_rtl *rtl, const struct mca_dpu_rtl_in *in,
                      struct mca_dpu_rtl_out *out);

/* The command that tile `tile` offered in the last step (only where pulse_valid had its bit). */
struct mca_dpu_rtl_command mca_dpu_rtl_command_of(const struct mca_dpu_rtl *rtl, uint32_t tile);

#ifdef __cplusplus
}
#endif

#endif
