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

#include "base/c_linkage.h"
#include "shim/rtl/dpu_ports.h"

MCA_C_BEGIN

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

MCA_C_END

#endif
