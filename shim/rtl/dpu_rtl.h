/*
 * The Verilated digital unit. It is built when it is first wanted, for its parameters and from its
 * Verilog, kept in a cache (unit_cache.h), and loaded through the interface of unit/dpu_unit.h.
 * An instance is one unit, advanced a clock cycle at a time, of one thread at a time.
 */
#ifndef MCA_SHIM_RTL_DPU_RTL_H
#define MCA_SHIM_RTL_DPU_RTL_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/observer.h"
#include "base/status.h"
#include "shim/rtl/dpu_wanted.h"

MCA_C_BEGIN

struct mca_dpu_rtl; /* opaque */

/*
 * A unit before its first reset. `observer` hears that the unit is built, which takes from seconds
 * to a minute, and may stop that. MCA_INVALID when the Verilog is not right, MCA_SYSTEM when there
 * is no Verilator, no compiler or no RTL, MCA_FAILED for memory or a build that fails otherwise.
 */
enum mca_status mca_dpu_rtl_create(struct mca_dpu_rtl **rtl,
                                   const struct mca_dpu_rtl_wanted *wanted,
                                   const struct mca_observer *observer, struct mca_error *error);
void mca_dpu_rtl_destroy(struct mca_dpu_rtl *rtl); /* NULL is fine */

const struct mca_dpu_rtl_set *mca_dpu_rtl_set_of(const struct mca_dpu_rtl *rtl);

/* NULL where the unit has trace ports, or what is missing of them. */
const char *mca_dpu_rtl_trace_lacks(const struct mca_dpu_rtl *rtl);

/* Two cycles in reset, all inputs low. Clears all state but memories, table and generators. */
void mca_dpu_rtl_reset(struct mca_dpu_rtl *rtl);

/* Opens a waveform for those of the following cycles that have `dump` set, of a clock of clock_hz
 * (1 .. 5e11). Returns 0, or -1 when the file cannot be written or memory is
 * short (errno ENOMEM). */
int mca_dpu_rtl_trace(struct mca_dpu_rtl *rtl, const char *path, uint64_t clock_hz);

/* Ends the waveform. The errno of the first write of a VCD that failed, as on a full disk, or 0.
 * Verilator's FST writer tells of none. */
int mca_dpu_rtl_trace_error(struct mca_dpu_rtl *rtl);

/* What the waveform shows in its scope `cosim` from the edge of the last step on; the edge's time,
 * or UINT64_MAX where that step was not dumped or has its note. */
uint64_t mca_dpu_rtl_note(struct mca_dpu_rtl *rtl, const struct mca_dpu_rtl_note *note);

/* One clock cycle: inputs applied, outputs read, then the edge. */
void mca_dpu_rtl_step(struct mca_dpu_rtl *rtl, const struct mca_dpu_rtl_in *in,
                      struct mca_dpu_rtl_out *out);

/* The command that tile `tile` offered in the last step (only where pulse_valid had its bit). */
struct mca_dpu_rtl_command mca_dpu_rtl_command_of(const struct mca_dpu_rtl *rtl, uint32_t tile);

MCA_C_END

#endif
