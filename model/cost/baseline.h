/*
 * Digital baselines: the same training on chips without a crossbar, priced by the same library, so
 * by the same SRAM energy per bit, node and voltage as chi. Equations: docs/07-cost.md.
 */
#ifndef MCA_COST_BASELINE_H
#define MCA_COST_BASELINE_H

#include "arch/ledger.h"
#include "cost/component_library.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mca_baseline_design {
    MCA_BASELINE_DIGITAL_FP32,        /* 32-bit floating point, every weight visited */
    MCA_BASELINE_DIGITAL_FP32_SPARSE, /* the same, rows with zero input skipped */
    MCA_BASELINE_DIGITAL_MIXED,       /* 8-bit weights and products, 16-bit chi, zeros skipped */
    MCA_BASELINE_DESIGN_COUNT
};

/* Work of a training run, summed over its images (struct mca_train_result). */
struct mca_baseline_work {
    uint64_t images;
    uint64_t weights;
    uint64_t forward_macs;
    uint64_t forward_macs_nonzero;
    uint64_t backward_macs;
    uint64_t update_macs;
    uint64_t update_macs_nonzero;
    uint64_t transfers; /* weights moved from chi: SET pulses of the run */
    uint32_t lanes;     /* multiply-add units, each with its SRAM port: one weight a cycle */
    uint64_t clock_hz;
    double chip_dynamic_j; /* of the chip under study, training phases: what the ratio is to */
};

struct mca_baseline {
    double energy_j_per_image; /* dynamic + static */
    double dynamic_j_per_image;
    double latency_s_per_image;
    double energy_ratio; /* its dynamic energy / the chip's; NAN where the chip spends nothing */
};

/* "digital_fp32" */
const char *mca_baseline_design_name(enum mca_baseline_design design);

/* Prices one design. All fields are NAN when the work holds no image. */
struct mca_baseline mca_baseline_price(enum mca_baseline_design design,
                                       const struct mca_baseline_work *work,
                                       const struct mca_component_library *library);

#ifdef __cplusplus
}
#endif

#endif
