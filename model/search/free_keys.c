/* Keys that nothing pays for: clocks, durations and what devices are given as. */
#include <string.h>

#include "search/plan.h"

int mca_search_key_is_free(const struct mca_key *key) {
    static const char *const names[] = {"dpu.clock_hz", "chi.access_cycles", "timing.free_dpu",
                                        "timing.node_nm", NULL};
    if (strncmp(key->name, "device.", 7) == 0) {
        return 1;
    }
    if (strncmp(key->name, "timing.", 7) == 0 && strstr(key->name, "_ps")) {
        return 1;
    }
    for (size_t i = 0; names[i]; ++i) {
        if (strcmp(key->name, names[i]) == 0) {
            return 1;
        }
    }
    return 0;
}
