/*
 * A search file: a sweep file whose points are a space to search, with what is to be minimised and
 * what it is subject to. Behind the axes of the space the plan has one of rungs, each of more
 * training images than the one before, and the seeds.
 */
#ifndef MCA_SEARCH_PLAN_H
#define MCA_SEARCH_PLAN_H

#include "search/search.h"
#include "sweep/plan.h"

/* A figure that a search may minimise or bound. */
struct mca_search_name {
    const char *name; /* "energy" */
    const char *key;  /* of summary.json */
    const char *unit; /* of bounds, without a prefix: "J"; "%" of an accuracy */
    int is_accuracy;
};

/* The name of the last one is NULL. */
extern const struct mca_search_name mca_search_names[];
extern const struct mca_sweep_section mca_search_sections[];

/* What a bound may look like, as a regular expression: ">= 97 %". */
extern const char mca_search_bound_pattern[];

enum { MCA_SEARCH_FACTOR_MAX = 16 };

struct mca_search_plan {
    struct mca_sweep_plan sweep;
    struct mca_search_config config;
    const struct mca_search_name *names[MCA_SEARCH_FIGURES_MAX]; /* of config.figures */
    uint32_t metrics[MCA_SEARCH_FIGURES_MAX];                    /* theirs among sweep.metrics */
};

/*
 * Loads a search file and its scenario, as mca_sweep_plan_load does, whose errors it has. `metrics`
 * must have the keys of mca_search_names. Refused is also what the search needs for itself
 * (train.images and others), a key that nothing pays for without bounds, an accuracy without
 * validation images, and a budget that is too small. On success released with
 * mca_search_plan_deinit.
 */
enum mca_status mca_search_plan_load(struct mca_search_plan *plan, const char *path,
                                     const struct mca_sweep_metrics *metrics,
                                     struct mca_error *error);
void mca_search_plan_deinit(struct mca_search_plan *plan);

/* The number of a search's point in the sweep's plan. */
uint32_t mca_search_plan_index(const struct mca_search_plan *plan,
                               const struct mca_search_point *point);

/* 1 for a key that a chip is not charged for: a better value costs nothing in the model, so that a
 * search would take the best one for granted. */
int mca_search_key_is_free(const struct mca_key *key);

#endif
