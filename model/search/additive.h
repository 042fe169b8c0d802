/*
 * What each value of each axis does to a figure, by itself: an additive model of main effects,
 * fitted by weighted backfitting (Buja, Hastie and Tibshirani, Ann. Statist. 17, 1989), which for a
 * whole grid gives the differences of means. Only for model/search.
 */
#ifndef MCA_SEARCH_ADDITIVE_H
#define MCA_SEARCH_ADDITIVE_H

#include <stdint.h>

#include "base/status.h"

/* A value that was measured: rows[axes] of its setting, and a group that has a level of its own. */
struct mca__observation {
    const uint32_t *rows;
    uint32_t group;
    double value;
    double weight; /* above 0 */
};

struct mca__additive {
    uint32_t axis_count;
    uint32_t group_count;
    uint32_t *first; /* [axis_count + 1]: effects of axis a are effects[first[a] .. first[a + 1]) */
    double *effects; /* their mean over the observations is 0 on every axis; 0 where none is */
    double *levels;  /* [group_count]; NAN of a group without observations */
};

/* An axis a has rows[a] values. MCA_FAILED for memory; released with mca__additive_deinit, also
 * then. */
enum mca_status mca__additive_init(struct mca__additive *model, uint32_t axis_count,
                                   const uint32_t *rows, uint32_t group_count,
                                   struct mca_error *error);
void mca__additive_deinit(struct mca__additive *model);

/* The same observations in the same order give the same bytes. MCA_FAILED for memory. */
enum mca_status mca__additive_fit(struct mca__additive *model,
                                  const struct mca__observation *observations, uint32_t count,
                                  struct mca_error *error);

/* The sum of the effects of a setting's rows, without a level. */
double mca__additive_sum(const struct mca__additive *model, const uint32_t *rows);

#endif
