/* The numbers of lanes of one path and width: see update_paths.h. */
#define LANES 8
#define NAME(x) NAMED(x)
#define ANY(v) any_of((const int32_t *)&(v), LANES)
#include "dpu/update_rows.h"
#undef LANES
#define LANES 16
#define NAME(x) NAMED(x)
#define ANY(v) any_of((const int32_t *)&(v), LANES)
#include "dpu/update_rows.h"
#undef LANES
#define LANES 32
#define NAME(x) NAMED(x)
#define ANY(v) any_of((const int32_t *)&(v), LANES)
#include "dpu/update_rows.h"
#undef LANES
