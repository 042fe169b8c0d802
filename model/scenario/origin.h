/* Where each key of a scenario got its value, so that a message can name file and line. */
#ifndef MCA_SCENARIO_ORIGIN_H
#define MCA_SCENARIO_ORIGIN_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "scenario/keys.h"

MCA_C_BEGIN

enum { MCA_SOURCE_MAX = 16, MCA_SOURCE_NAME_SIZE = 4096 };

struct mca_origin {
    uint32_t source; /* 0: default; otherwise 1 + index of sources */
    uint32_t line;   /* from 1; 0: the source has no lines */
};

struct mca_scenario_origins {
    uint32_t source_count;
    char sources[MCA_SOURCE_MAX][MCA_SOURCE_NAME_SIZE]; /* file paths, "--set", "--seed" */
    struct mca_origin of[MCA_KEY_MAX];                  /* by position in the key table */
};

/* Where a key got its value; `origins` may be NULL: by default. */
struct mca_origin mca_origin_of(const struct mca_scenario_origins *origins,
                                const struct mca_key *key);

/* Number of `name` among the sources (from 1), added where it is new; 0 when there is no room. */
uint32_t mca_origins_source(struct mca_scenario_origins *origins, const char *name);

/* "file.yaml:12", "--set" or "default". */
void mca_origin_place(const struct mca_scenario_origins *origins, const struct mca_key *key,
                      char *text, size_t size);

MCA_C_END

#endif
