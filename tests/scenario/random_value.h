/* Random values of scenario keys, the same in every run of a test. */
#ifndef MCA_TESTS_SCENARIO_RANDOM_VALUE_H
#define MCA_TESTS_SCENARIO_RANDOM_VALUE_H

#include <stdint.h>
#include <stdio.h>

#include "base/key.h"

/* Random bits of a place. */
uint64_t mca_test_word(uint64_t place, uint32_t draw);

/* A value that the key takes, as YAML; of layers widths. */
void mca_test_put_random_value(FILE *stream, const struct mca_key *key, uint64_t place);

#endif
