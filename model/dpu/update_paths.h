/* One SIMD path of update_rows.h: its lanes and widths. Included by update_kernels.c with TARGET
 * and PATH defined. */
#define WORD int16_t
#define WIDTH 16
#include "dpu/update_lanes.h"
#undef WORD
#undef WIDTH
#define WORD int32_t
#define WIDTH 32
#include "dpu/update_lanes.h"
#undef WORD
#undef WIDTH
