/*
 * Interface of a digital unit that is built while a program runs: a shared object with the one
 * symbol `mca_dpu_unit_get` (docs/reference/unit-interface.md). It was verilated from rtl/ or from
 * a user's own Verilog by `verilate`, which stands beside this file; any other object that keeps to
 * this interface will do. C99 and C++; nothing else is included. An instance is one unit, advanced
 * a clock cycle at a time, and belongs to one thread at a time.
 */
#ifndef MCA_SHIM_UNIT_DPU_UNIT_H
#define MCA_SHIM_UNIT_DPU_UNIT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes with whatever changes the meaning of what stands below. A structure that only grows at
 * its end is seen by its size. */
enum { MCA_DPU_UNIT_ABI = 2 };

/* Parameters of a unit; names as in rtl/dpu.v. */
struct mca_dpu_rtl_set {
    uint32_t lanes; /* a power of two */
    uint32_t act_bits;
    uint32_t err_bits;
    uint32_t dac_bits;
    uint32_t chi_bits;
    uint32_t frac_bits;
    /* sizes: most layers, tiles, words of lanes in chi and commands waiting per tile are 2^bits;
     * inputs (bias included) and outputs of a layer have fewer than 2^word_bits words of lanes, the
     * outputs of all layers together at most as many */
    uint32_t layer_bits;
    uint32_t word_bits;
    uint32_t tile_bits;
    uint32_t addr_bits;
    uint32_t depth_bits;
};

/* Inputs of a cycle. Arrays are read only where their valid is set. */
struct mca_dpu_rtl_in {
    int reset;        /* asserts the (active-low) reset */
    int dump;         /* the cycle goes into the waveform, where one is written ... */
    uint64_t dump_ps; /* ... where it begins, or later: at the end of the cycle before */
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
    uint64_t pulse_ready[4]; /* bit t % 64 of word t / 64: tile t */
    int chi_valid;
    const int32_t *chi; /* [lanes] */
};

/* What the cycle shows before its clock edge. Arrays of an instance, valid until the next step. */
struct mca_dpu_rtl_out {
    uint32_t apb_data;
    int apb_ready;
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
    const int32_t *drive;    /* [lanes] signed codes, or activations */
    uint64_t pulse_valid[4]; /* as pulse_ready */
    int chi_read;
    uint32_t chi_read_address;
    int chi_write;
    uint32_t chi_write_address;
    const int32_t *chi; /* [lanes] written */
    /* the trace: zeros where the unit has none (mca_dpu_unit.trace_lacks) */
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
    int failed;        /* the unit ended, in this cycle or before: nothing else here is right */
    const char *ended; /* how, where it failed: the instance's; NULL: memory was short */
};

/* What its user knows of a cycle: the scope `cosim` of a waveform. */
struct mca_dpu_rtl_note {
    uint64_t cycle; /* of the chip */
    uint64_t image;
    uint32_t operation; /* as done_kind; 3: an image is loaded */
    uint32_t layer;
    uint64_t operation_cycle;
    const char *compared; /* last of all in the cycle, or what differs; its first 40 letters */
    int64_t row;          /* -1: none */
    int64_t column;
    int64_t expected;
    int64_t got;
    int differs;
    const int32_t *expected_lanes; /* [lanes] of the last word compared */
    const int32_t *got_lanes;
};

/* A pulse command at the head of a tile's queue. */
struct mca_dpu_rtl_command {
    uint32_t row;
    uint32_t col;
    int32_t pulses;
};

struct mca_dpu_unit_instance; /* opaque */

struct mca_dpu_unit {
    uint32_t abi;       /* MCA_DPU_UNIT_ABI */
    uint32_t unit_size; /* sizeof of this structure and of the five above */
    uint32_t set_size;
    uint32_t in_size;
    uint32_t out_size;
    uint32_t command_size;
    uint32_t note_size;
    struct mca_dpu_rtl_set set;
    /* NULL where the trace ports are all there; else which is not, in words */
    const char *trace_lacks;

    /* A unit before its first reset; NULL when memory is short. */
    struct mca_dpu_unit_instance *(*create)(void);
    void (*destroy)(struct mca_dpu_unit_instance *instance);
    /* One clock cycle: inputs applied, outputs read, then the edge. */
    void (*step)(struct mca_dpu_unit_instance *instance, const struct mca_dpu_rtl_in *in,
                 struct mca_dpu_rtl_out *out);
    /* The command that a tile offered in the last step (only where pulse_valid had its bit). */
    struct mca_dpu_rtl_command (*command_of)(const struct mca_dpu_unit_instance *instance,
                                             uint32_t tile);
    /* Opens a waveform, where the unit was built for one (errno ENOTSUP otherwise), for those of
     * the following cycles that have `dump` set, of a clock of clock_hz (1 .. 5e11). A cycle begins
     * with the clock low; its edge is half a period later. Returns 0, or -1 when the file cannot be
     * written or memory is short (errno ENOMEM). */
    int (*trace)(struct mca_dpu_unit_instance *instance, const char *path, uint64_t clock_hz);
    /* Ends the waveform. The errno of the first of its writes that failed, or 0. */
    int (*trace_error)(struct mca_dpu_unit_instance *instance);
    /* After a step that was dumped: what is shown from its edge on. Returns the edge's time in the
     * waveform, in ps, or UINT64_MAX where the last step was not dumped or has its note. */
    uint64_t (*note)(struct mca_dpu_unit_instance *instance, const struct mca_dpu_rtl_note *note);
};

/* The symbol. The structure is constant and lives as long as the object is loaded. */
const struct mca_dpu_unit *mca_dpu_unit_get(void);
typedef const struct mca_dpu_unit *mca_dpu_unit_function(void);

#ifdef __cplusplus
}
#endif

#endif
