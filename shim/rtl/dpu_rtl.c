#include "shim/rtl/dpu_rtl.h"

#include <stdlib.h>

#include "shim/rtl/dpu_rtl_set.h"

struct mca_dpu_rtl {
    const struct mca_dpu_rtl_ops *ops;
    void *model;
};

const struct mca_dpu_rtl_set *mca_dpu_rtl_set_at(uint32_t set) {
    return set < mca_dpu_rtl_count ? &mca_dpu_rtl_table[set][0]->set : NULL;
}

int mca_dpu_rtl_find(const struct mca_dpu_rtl_set *wanted) {
    for (uint32_t i = 0; i < mca_dpu_rtl_count; ++i) {
        const struct mca_dpu_rtl_set *set = &mca_dpu_rtl_table[i][0]->set;
        if (set->lanes == wanted->lanes && set->act_bits == wanted->act_bits &&
            set->err_bits == wanted->err_bits && set->dac_bits == wanted->dac_bits &&
            set->chi_bits == wanted->chi_bits && set->frac_bits == wanted->frac_bits) {
            return (int)i;
        }
    }
    return -1;
}

struct mca_dpu_rtl *mca_dpu_rtl_create(uint32_t set, enum mca_dpu_rtl_waveform waveform) {
    struct mca_dpu_rtl *rtl = calloc(1, sizeof *rtl);
    if (rtl) {
        rtl->ops = mca_dpu_rtl_table[set][waveform];
        rtl->model = rtl->ops->create();
    }
    if (rtl && !rtl->model) {
        free(rtl);
        rtl = NULL;
    }
    return rtl;
}

void mca_dpu_rtl_destroy(struct mca_dpu_rtl *rtl) {
    if (rtl) {
        rtl->ops->destroy(rtl->model);
        free(rtl);
    }
}

void mca_dpu_rtl_reset(struct mca_dpu_rtl *rtl) {
    const struct mca_dpu_rtl_in in = {.reset = 1};
    struct mca_dpu_rtl_out out;
    for (int cycle = 0; cycle < 2; ++cycle) {
        rtl->ops->step(rtl->model, &in, &out);
    }
}

int mca_dpu_rtl_trace(struct mca_dpu_rtl *rtl, const char *path, uint64_t clock_hz) {
    return rtl->ops->trace(rtl->model, path, clock_hz);
}

int mca_dpu_rtl_trace_error(struct mca_dpu_rtl *rtl) {
    return rtl->ops->trace_error(rtl->model);
}

void mca_dpu_rtl_step(struct mca_dpu_rtl *rtl, const struct mca_dpu_rtl_in *in,
                      struct mca_dpu_rtl_out *out) {
    rtl->ops->step(rtl->model, in, out);
}

struct mca_dpu_rtl_command mca_dpu_rtl_command_of(const struct mca_dpu_rtl *rtl, uint32_t tile) {
    return rtl->ops->command_of(rtl->model, tile);
}
