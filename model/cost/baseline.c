#include "cost/baseline.h"

#include <math.h>

const char *mca_baseline_design_name(enum mca_baseline_design design) {
    static const char *const names[MCA_BASELINE_DESIGN_COUNT] = {
        "digital_fp32", "digital_fp32_sparse", "digital_mixed"};
    return names[design];
}

/* What one visit of a weight costs a design. */
struct visit {
    double product_j;     /* forward and backward: read a weight, multiply, add */
    double update_j;      /* read, multiply, add, write */
    double transfer_j;    /* a weight rewritten from chi; 0 where the update writes the weight */
    uint64_t weight_bits; /* stored per weight: weight and chi */
    int skips_zeros;
};

/* A bit of weight memory costs what a bit of chi costs: same SRAM, node and voltage. */
static struct visit visit_of(enum mca_baseline_design design,
                             const struct mca_component_library *library) {
    const double read_j = library->energy_j[MCA_COMPONENT_CHI_READ].value;
    const double write_j = library->energy_j[MCA_COMPONENT_CHI_WRITE].value;
    if (design == MCA_BASELINE_DIGITAL_MIXED) {
        const double mac_j = library->baseline_j[MCA_BASELINE_INT8_MULTIPLY].value +
                             library->energy_j[MCA_COMPONENT_DPU_ADD].value;
        return (struct visit){.product_j = 8 * read_j + mac_j,
                              .update_j = 16 * (read_j + write_j) + mac_j,
                              .transfer_j = 8 * (read_j + write_j),
                              .weight_bits = 8 + 16,
                              .skips_zeros = 1};
    }
    const double mac_j = library->baseline_j[MCA_BASELINE_FP32_MULTIPLY].value +
                         library->baseline_j[MCA_BASELINE_FP32_ADD].value;
    return (struct visit){.product_j = 32 * read_j + mac_j,
                          .update_j = 32 * (read_j + write_j) + mac_j,
                          .weight_bits = 32,
                          .skips_zeros = design == MCA_BASELINE_DIGITAL_FP32_SPARSE};
}

struct mca_baseline mca_baseline_price(enum mca_baseline_design design,
                                       const struct mca_baseline_work *work,
                                       const struct mca_component_library *library) {
    const double none = (double)NAN;
    if (work->images == 0) {
        return (struct mca_baseline){none, none, none, none};
    }
    const struct visit visit = visit_of(design, library);
    const uint64_t products =
        work->backward_macs + (visit.skips_zeros ? work->forward_macs_nonzero : work->forward_macs);
    const uint64_t updates = visit.skips_zeros ? work->update_macs_nonzero : work->update_macs;
    const double images = (double)work->images;
    const double dynamic_j = (double)products * visit.product_j + (double)updates * visit.update_j +
                             (double)work->transfers * visit.transfer_j;
    const double time_s =
        (double)(products + updates) / ((double)work->lanes * (double)work->clock_hz);
    const double static_w =
        (double)(work->weights * visit.weight_bits) *
            library->blocks[MCA_BLOCK_CHI_BIT].static_w.value +
        (double)work->lanes * library->blocks[MCA_BLOCK_DPU_LANE].static_w.value;
    return (struct mca_baseline){
        .energy_j_per_image = (dynamic_j + static_w * time_s) / images,
        .dynamic_j_per_image = dynamic_j / images,
        .latency_s_per_image = time_s / images,
        .energy_ratio = work->chip_dynamic_j > 0.0 ? dynamic_j / work->chip_dynamic_j : none};
}
