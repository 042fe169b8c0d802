/* The points of a sweep, each checked and named before anything runs. */
#ifndef MCA_CLI_SWEEP_POINTS_H
#define MCA_CLI_SWEEP_POINTS_H

#include "base/observer.h"
#include "reports/sweep_results.h"

struct cli_sweep_points {
    struct mca_sweep_point *list; /* in plan order, none twice */
    uint32_t count;
    uint32_t setting_count;
    uint32_t repeated; /* points of the plan that equal an earlier one */
    struct mca_sweep_notices notices;
};

/* What of the model a point's results hang on: its version and those of its files. */
enum { CLI_SWEEP_MODEL_SIZE = 96 };
void cli_sweep_model(char text[CLI_SWEEP_MODEL_SIZE]);

/*
 * Checks every point: its combination of values, its component library, its data (looked for as
 * `mcasim run --data data_dir` does). A point's hash is XXH3 over its resolved scenario with the
 * seed, the bytes of its library and of its data, and cli_sweep_model. On success released with
 * cli_sweep_points_deinit.
 */
enum mca_status cli_sweep_points_init(struct cli_sweep_points *points,
                                      const struct mca_sweep_plan *plan, const char *data_dir,
                                      const struct mca_observer *observer, struct mca_error *error);
void cli_sweep_points_deinit(struct cli_sweep_points *points);

#endif
