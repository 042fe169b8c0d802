/*
 * Parameters of crossbar tiles and converters. Defaults, ranges and meanings: the scenario key
 * table (sections `tile`, `dac`, `adc`).
 */
#ifndef MCA_ARRAY_ARRAY_CONFIG_H
#define MCA_ARRAY_ARRAY_CONFIG_H

#include <stdint.h>

#include "base/list.h"

/*
 * The ways in which a tile is read, a line each: constant, name in scenarios, and the mca_read_NAME
 * that its file in read/ defines (read/read_model.h).
 */
#define MCA_READ_MODELS(MODEL)                                                                     \
    MODEL(COLUMN, "column", column) /* one noise draw per column: exact in distribution, fast */   \
    MODEL(DEVICE, "device", device) /* one noise draw per device: the reference */

enum mca_read_path {
#define MCA_READ_CONSTANT(constant, name, ops) MCA_READ_##constant,
    MCA_READ_MODELS(MCA_READ_CONSTANT)
#undef MCA_READ_CONSTANT
        MCA_READ_MODEL_COUNT
};

struct mca_tile_config {
    uint32_t rows;         /* inputs of a tile, bias included */
    uint32_t cols;         /* differential weights per row */
    double unit_weight_us; /* conductance difference of weight 1 */
    unsigned read_path;    /* enum mca_read_path */
};

/*
 * How signed inputs are driven, a line each: constant, name in scenarios, the drives that one read
 * takes, and the bits of a converter that the sign takes.
 */
#define MCA_DAC_DRIVES(DRIVE)                                                                      \
    DRIVE(TWO_PHASE, "two-phase", 2, 0) /* positive part, then negative part, subtracted */        \
    DRIVE(BIPOLAR, "bipolar", 1, 1)     /* both at once */

enum mca_dac_drive {
#define MCA_DRIVE_CONSTANT(constant, name, drives, sign_bits) MCA_DRIVE_##constant,
    MCA_DAC_DRIVES(MCA_DRIVE_CONSTANT)
#undef MCA_DRIVE_CONSTANT
        MCA_DRIVE_COUNT
};

/*
 * Kinds of converter, a line each: constant, name in scenarios, for an ADC the mca_adc_NAME that
 * its file defines (converters.h), the figures of a component library that it is charged by
 * (chip/components.def), and of an ADC the law of its time (converters.c).
 */
#define MCA_DAC_KINDS(KIND)                                                                        \
    KIND(PWM, "pwm", DAC_PWM)             /* pulses of coded length */                             \
    KIND(VOLTAGE, "voltage", DAC_VOLTAGE) /* coded voltages */
#define MCA_ADC_KINDS(KIND)                                                                        \
    KIND(CCO, "cco", uniform, ADC_CCO, counts)      /* current-controlled oscillator */            \
    KIND(SAR, "sar", uniform, ADC_SAR, comparisons) /* successive approximation */

enum mca_dac_kind {
#define MCA_DAC_CONSTANT(constant, name, figures) MCA_DAC_##constant,
    MCA_DAC_KINDS(MCA_DAC_CONSTANT)
#undef MCA_DAC_CONSTANT
        MCA_DAC_KIND_COUNT
};

enum mca_adc_kind {
#define MCA_ADC_CONSTANT(constant, name, ops, figures, law) MCA_ADC_##constant,
    MCA_ADC_KINDS(MCA_ADC_CONSTANT)
#undef MCA_ADC_CONSTANT
        MCA_ADC_KIND_COUNT
};

/* How long a conversion takes. */
enum mca_adc_time {
    MCA_ADC_TIME_GIVEN,  /* as timing.adc_conversion_ps says */
    MCA_ADC_TIME_BY_KIND /* that is for 8 bits; for others by the kind's law */
};

/* Converters of a tile that is read in both directions. */
enum mca_adc_bank {
    MCA_ADC_BANK_PER_DIRECTION, /* columns have their own, and rows */
    MCA_ADC_BANK_SHARED         /* switches lay either to one bank */
};

/* Which lines of a tile have a converter. */
enum mca_converter_build {
    MCA_BUILD_USED, /* those that the network drives or samples */
    MCA_BUILD_ALL   /* every row and every column */
};

struct mca_dac_config {
    unsigned kind;  /* enum mca_dac_kind */
    uint32_t bits;  /* of magnitude; 0: ideal */
    unsigned drive; /* enum mca_dac_drive, for signed inputs */
    uint32_t share; /* rows per converter */
    unsigned build; /* enum mca_converter_build */
};

struct mca_adc_config {
    unsigned kind;                      /* enum mca_adc_kind */
    uint32_t bits;                      /* sign included; 0: ideal */
    uint32_t share;                     /* columns per converter */
    unsigned build;                     /* enum mca_converter_build */
    struct mca_f64_list forward_range;  /* per layer: full scale in weight x activation units, +- */
    struct mca_f64_list backward_range; /* per layer: in weight x normalised error units, +- */
    uint32_t stuck_low_mask;            /* planted fault: output bits that always read 0 */
    unsigned time;                      /* enum mca_adc_time */
    uint32_t backward_share;            /* rows per converter; 0: as share */
    unsigned bank;                      /* enum mca_adc_bank */
};

#endif
