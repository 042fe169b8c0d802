/* A random network (random_net.h) on a random chip, as a scenario, and images for it. */
#ifndef MCA_TESTS_NETWORK_RANDOM_SCENARIO_H
#define MCA_TESTS_NETWORK_RANDOM_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "scenario/load.h"
#include "train/dataset.h"

/* Settings "KEY=VALUE", of which one is drawn. */
typedef const char *const random_choice[4];

/* Two epochs of the network of `seed`. Settings are drawn from a list that all tests have and from
 * the caller's `count` rows; values that do not go together are drawn again. */
void random_scenario(uint64_t seed, uint64_t *sequence, random_choice *choices, size_t count,
                     struct mca_scenario *scenario, struct mca_scenario_origins *origins);

/* Images for the scenario's network, a quarter of whose pixels is dark, a quarter of full
 * brightness; the caller frees pixels and labels. */
void random_images(const struct mca_scenario *scenario, uint64_t *sequence, uint32_t count,
                   struct mca_image_set *images);

#endif
