#include "scenario/origin.h"

#include <stdio.h>
#include <string.h>

uint32_t mca_origins_source(struct mca_scenario_origins *origins, const char *name) {
    for (uint32_t i = 0; i < origins->source_count; ++i) {
        if (strcmp(origins->sources[i], name) == 0) {
            return i + 1;
        }
    }
    if (origins->source_count == MCA_SOURCE_MAX || strlen(name) >= MCA_SOURCE_NAME_SIZE) {
        return 0;
    }
    memcpy(origins->sources[origins->source_count], name, strlen(name) + 1);
    return ++origins->source_count;
}

struct mca_origin mca_origin_of(const struct mca_scenario_origins *origins,
                                const struct mca_key *key) {
    return origins ? origins->of[mca_key_index(key)] : (struct mca_origin){0, 0};
}

void mca_origin_place(const struct mca_scenario_origins *origins, const struct mca_key *key,
                      char *text, size_t size) {
    const struct mca_origin origin = mca_origin_of(origins, key);
    if (origin.source == 0) {
        (void)snprintf(text, size, "default");
    } else if (origin.line == 0) {
        (void)snprintf(text, size, "%s", origins->sources[origin.source - 1]);
    } else {
        (void)snprintf(text, size, "%s:%u", origins->sources[origin.source - 1], origin.line);
    }
}
