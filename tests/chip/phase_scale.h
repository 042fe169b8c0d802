/*
 * Durations of the chip's operations, scaled phase by phase, and the operations that come of them.
 * Phases share keys (a clock, a read's times), so the scale is put where the chip asks how long
 * something takes: the linker lets these functions stand before the chip's own (see
 * CMakeLists.txt).
 */
#ifndef MCA_TESTS_CHIP_PHASE_SCALE_H
#define MCA_TESTS_CHIP_PHASE_SCALE_H

#include "chip/chip_state.h"

enum { PHASE_SCALE_NONE = 1 };

/* Factor of each phase's durations: 0, 1 or 2. Free programming, of phase transfer or refresh,
 * takes no time in queues either. */
extern uint64_t phase_scale[MCA_PHASE_COUNT];

/* Called with each command that is queued, before its operation is shown. */
extern void (*phase_scale_command)(uint64_t ready_cycle);

#endif
