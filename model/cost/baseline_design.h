/* The digital designs beside the chip, and the work that they are given (cost/baseline.h). */
#ifndef MCA_COST_BASELINE_DESIGN_H
#define MCA_COST_BASELINE_DESIGN_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/ledger.h"
#include "network/network_config.h"

MCA_C_BEGIN

enum mca_baseline_design {
    MCA_BASELINE_DIGITAL_FP32,        /* 32-bit floating point, every weight visited */
    MCA_BASELINE_DIGITAL_FP32_SPARSE, /* the same, inputs and errors of 0 skipped */
    MCA_BASELINE_DIGITAL_MIXED,       /* 8-bit weights and products, zeros skipped; errors and
                                         updates of chi as on the chip: the chip without its
                                         crossbar */
    MCA_BASELINE_DESIGN_COUNT
};

/* "digital_fp32" */
const char *mca_baseline_design_name(enum mca_baseline_design design);

/* Work of a run, summed over its images (struct mca_train_result). */
struct mca_baseline_work {
    uint64_t images;
    int is_test;    /* the images were tested alone, not trained on */
    uint32_t batch; /* images of a mini-batch, at least 1 */
    /* What the chip counted for each layer, the caller's; NULL where there was no run. Taken over
     * are which inputs and errors were 0, the pulses, and what the digital unit did in updates. */
    const struct mca_ledger_part *parts[MCA_LAYERS_MAX];
};

MCA_C_END

#endif
