/* The points of a sweep, each checked and named before anything runs. */
#ifndef MCA_SWEEP_POINTS_H
#define MCA_SWEEP_POINTS_H

#include "base/observer.h"
#include "sweep/result.h"

struct mca_sweep_points {
    struct mca_sweep_point *list; /* in plan order, none twice */
    uint32_t count;
    uint32_t setting_count;
    uint32_t repeated; /* points of the plan that equal an earlier one */
    struct mca_sweep_notices notices;
};

/* What of the model a point's results hang on: its version and those of its files. */
enum { MCA_SWEEP_MODEL_SIZE = 96 };
void mca_sweep_model(char text[MCA_SWEEP_MODEL_SIZE]);

/*
 * Checks every point: its combination of values, its component library, its data (looked for as
 * `mcasim run --data data_dir` does). A point's hash is XXH3 over its resolved scenario with the
 * seed, the bytes of its library, of its data and of weights from outside, and mca_sweep_model.
 * Plain weights are checked against each network, an exact state only when its point runs. On
 * success released with mca_sweep_points_deinit.
 */
enum mca_status mca_sweep_points_init(struct mca_sweep_points *points,
                                      const struct mca_sweep_plan *plan, const char *data_dir,
                                      const struct mca_observer *observer, struct mca_error *error);

/* The same of `count` points of the plan alone: which[count], in ascending order. */
enum mca_status mca_sweep_points_init_some(struct mca_sweep_points *points,
                                           const struct mca_sweep_plan *plan, const uint32_t *which,
                                           uint32_t count, const char *data_dir,
                                           const struct mca_observer *observer,
                                           struct mca_error *error);
void mca_sweep_points_deinit(struct mca_sweep_points *points);

#endif
