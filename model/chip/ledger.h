/*
 * The ledger: how often each component acted in each phase, and how long each resource was busy.
 * Filled by the operations themselves, read by cost/ and reports/. Plain data.
 */
#ifndef MCA_CHIP_LEDGER_H
#define MCA_CHIP_LEDGER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Phases of operation. The training phases are FORWARD .. REFRESH. */
enum mca_phase {
    MCA_PHASE_INIT,
    MCA_PHASE_FORWARD,
    MCA_PHASE_ERROR, /* output error, and scaling of every layer's error */
    MCA_PHASE_BACKWARD,
    MCA_PHASE_UPDATE,
    MCA_PHASE_TRANSFER,
    MCA_PHASE_REFRESH,
    MCA_PHASE_TEST,
    MCA_PHASE_COUNT
};

/* Components that spend energy per action; in brackets the action that is counted. */
enum mca_component {
    MCA_COMPONENT_DRAM_READ,      /* bit of an input image fetched from outside the chip */
    MCA_COMPONENT_IMAGE_LOAD,     /* bit of it brought to the input buffer */
    MCA_COMPONENT_BUFFER_READ,    /* bit read from activation and error buffers */
    MCA_COMPONENT_BUFFER_WRITE,   /* bit written to them */
    MCA_COMPONENT_DAC_DRIVE,      /* line driven with a non-zero code for one read */
    MCA_COMPONENT_PCM_READ,       /* device on a driven line, one read */
    MCA_COMPONENT_SAMPLE_HOLD,    /* column sampled */
    MCA_COMPONENT_ADC_CONVERSION, /* conversion */
    MCA_COMPONENT_DPU_ADD,        /* 32-bit addition: partial sums, chi, error subtraction */
    MCA_COMPONENT_DPU_MULTIPLY,   /* multiplication: derivative, scaling, outer product */
    MCA_COMPONENT_DPU_SIGMOID,    /* table look-up with interpolation */
    MCA_COMPONENT_DPU_RANDOM,     /* word of a lane's generator (stochastic rounding) */
    MCA_COMPONENT_CHI_READ,       /* bit read from chi */
    MCA_COMPONENT_CHI_WRITE,      /* bit written to chi */
    MCA_COMPONENT_PCM_SET,        /* SET pulse */
    MCA_COMPONENT_PCM_RESET,      /* RESET pulse */
    MCA_COMPONENT_CHIP_COUNT,     /* those above are the chip's, those below of digital designs */
    MCA_COMPONENT_WEIGHT_READ = MCA_COMPONENT_CHIP_COUNT, /* bit read from weight memory */
    MCA_COMPONENT_WEIGHT_WRITE,                           /* bit written to it */
    MCA_COMPONENT_FP32_ADD,                               /* single-precision addition */
    MCA_COMPONENT_FP32_MULTIPLY,                          /* single-precision product */
    MCA_COMPONENT_INT8_MULTIPLY,                          /* product of 8-bit integers */
    MCA_COMPONENT_COUNT
};

/* Things that are occupied in time. */
enum mca_resource {
    MCA_RESOURCE_IMAGE_PORT,
    MCA_RESOURCE_DAC,  /* the converter banks of all layers, per layer on the timeline */
    MCA_RESOURCE_TILE, /* reads in the crossbars */
    MCA_RESOURCE_ADC,
    MCA_RESOURCE_DPU,
    MCA_RESOURCE_CHI,
    MCA_RESOURCE_PROGRAM, /* programming drivers */
    MCA_RESOURCE_COUNT
};

struct mca_ledger {
    uint64_t counts[MCA_PHASE_COUNT][MCA_COMPONENT_COUNT];
    /* picoseconds, summed over the instances of a resource (see mca_chip_inventory) */
    uint64_t busy_ps[MCA_PHASE_COUNT][MCA_RESOURCE_COUNT];
    /* picoseconds of each phase on the critical path, the one that led to the end of the simulated
     * time (chip/timeline.h); adds up to the chip's time */
    uint64_t critical_ps[MCA_PHASE_COUNT];
};

/* Names as they stand in files: "forward", "adc_conversion", "dpu". */
const char *mca_phase_name(enum mca_phase phase);
const char *mca_component_name(enum mca_component component);
const char *mca_resource_name(enum mca_resource resource);

static inline int mca_phase_is_training(enum mca_phase phase) {
    return phase >= MCA_PHASE_FORWARD && phase <= MCA_PHASE_REFRESH;
}

/*
 * What the chip is built of: instances behind static power, area and utilisation. Computed from the
 * configuration by mca_chip_inventory.
 */
struct mca_inventory {
    uint64_t tiles;
    uint64_t devices;      /* on all tiles, used or not */
    uint64_t weights;      /* of the network */
    uint64_t dacs;         /* on the rows (forward) and columns (backward) that dac.build says */
    uint64_t adcs;         /* on the columns (forward) and rows (backward) that adc.build says */
    uint64_t sample_holds; /* lines with a converter or a share of one */
    uint64_t program_drivers;
    uint64_t dpu_lanes;
    uint64_t sigmoid_units;
    uint64_t chi_bits;      /* capacity */
    uint64_t buffer_bits;   /* activation and error buffers */
    uint64_t buffers;       /* memories that they are divided into, all of one size */
    uint64_t register_bits; /* of the digital unit */
    uint64_t weight_bits;   /* weight memory of digital designs; 0 on the chip */
    uint64_t fp32_lanes;    /* of digital designs; 0 on the chip */
    uint64_t
        resource_instances[MCA_RESOURCE_COUNT]; /* busy time is divided by these for utilisation */
};

#ifdef __cplusplus
}
#endif

#endif
