#include "shim/rtl/dpu_rtl.h"

#include "shim/rtl/dpu_rtl_model.hpp"

const mca_dpu_rtl_set *mca_dpu_rtl_set_at(uint32_t set) {
    return set < mca_dpu_rtl_count ? &mca_dpu_rtl_table[set][0]->set : nullptr;
}

int mca_dpu_rtl_find(const mca_dpu_rtl_set *wanted) {
    for (uint32_t i = 0; i < mca_dpu_rtl_count; ++i) {
        const mca_dpu_rtl_set &set = mca_dpu_rtl_table[i][0]->set;
        if (set.lanes == wanted->lanes && set.act_bits == wanted->act_bits &&
            set.err_bits == wanted->err_bits && set.dac_bits == wanted->dac_bits &&
            set.chi_bits == wanted->chi_bits && set.frac_bits == wanted->frac_bits) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

mca_dpu_rtl *mca_dpu_rtl_create(uint32_t set, mca_dpu_rtl_waveform waveform) {
    return mca_dpu_rtl_table[set][waveform]->create();
}

void mca_dpu_rtl_destroy(mca_dpu_rtl *rtl) {
    delete rtl;
}

void mca_dpu_rtl_reset(mca_dpu_rtl *rtl) {
    mca_dpu_rtl_in in{};
    mca_dpu_rtl_out out;
    in.reset = 1;
    for (int cycle = 0; cycle < 2; ++cycle) {
        rtl->step(in, out);
    }
}

int mca_dpu_rtl_trace(mca_dpu_rtl *rtl, const char *path, uint64_t clock_hz) {
    return rtl->trace(path, clock_hz);
}

int mca_dpu_rtl_trace_error(mca_dpu_rtl *rtl) {
    return rtl->trace_error();
}

void mca_dpu_rtl_step(mca_dpu_rtl *rtl, const mca_dpu_rtl_in *in, mca_dpu_rtl_out *out) {
    rtl->step(*in, *out);
}

mca_dpu_rtl_command mca_dpu_rtl_command_of(const mca_dpu_rtl *rtl, uint32_t tile) {
    return rtl->command_of(tile);
}
