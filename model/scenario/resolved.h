/* A scenario written out in full. */
#ifndef MCA_SCENARIO_RESOLVED_H
#define MCA_SCENARIO_RESOLVED_H

#include <stdint.h>
#include <stdio.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "scenario/keys.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

/* Writes every key as YAML that loads to the same scenario, byte for byte. Write errors stay in
 * the stream's error flag. */
void mca_scenario_write(const struct mca_scenario *scenario, FILE *file);

/*
 * XXH3 of the resolved text. Of paths only the last part counts, so that the hash does not depend
 * on where a checkout lies. MCA_FAILED for memory.
 */
enum mca_status mca_scenario_hash(const struct mca_scenario *scenario, uint64_t *hash,
                                  struct mca_error *error);

/* The first key, in the table's order, whose values differ in two scenarios as mca_scenario_hash
 * sees them; NULL where none does. MCA_FAILED for memory. */
enum mca_status mca_scenario_difference(const struct mca_scenario *a, const struct mca_scenario *b,
                                        const struct mca_key **key, struct mca_error *error);

MCA_C_END

#endif
