/* What the commands that run many points have in common: options, their defaults, notices. */
#ifndef MCA_CLI_POINT_OPTIONS_H
#define MCA_CLI_POINT_OPTIONS_H

#include <stdint.h>

#include "base/observer.h"
#include "cli/cli.h"
#include "sweep/points.h"
#include "sweep/shard.h"

struct cli_point_options {
    const char *path;
    const char *output;
    const char *data;
    struct mca_sweep_shard shard;
    uint32_t processes;
    int dry_run;
    int quiet;
};

/* Reads --shard (mca_option's `take`). */
enum mca_status cli_take_shard(void *to, const char *command, const char *text,
                               struct mca_error *error);

/* Fills in what was not given: the shard that the environment names, a process a core, the file.
 * Errors: MCA_INVALID without -o or --dry-run. */
enum mca_status cli_point_options_settle(const struct mca_arguments *given,
                                         struct mca_error *error);

/* A line for each notice of `all` points, called `noun`, with how many have it where not all do. */
void cli_tell_point_notices(const struct mca_sweep_notices *notices, uint32_t all, const char *noun,
                            const struct mca_observer *observer);

#endif
