/*
 * The directory of a run's results. A run works in DIR.partial and renames it to DIR when whole;
 * what fails, is refused or interrupted leaves neither, nor parents made for them. A lock in
 * DIR.partial keeps two runs apart; what a killed run left there is cleared away.
 */
#ifndef MCA_CLI_RUN_DIRECTORY_H
#define MCA_CLI_RUN_DIRECTORY_H

#include "base/observer.h"
#include "base/status.h"
#include "scenario/scenario.h"

enum { CLI_PATH_SIZE = 4096 };

struct cli_run_directory {
    char final_path[CLI_PATH_SIZE];
    char partial_path[CLI_PATH_SIZE];
    int lock_fd;
    int made_parents; /* how many directories above DIR were made for it */
    int replaces;     /* a finished run stands at DIR and is to be replaced */
};

/*
 * Creates DIR.partial. MCA_INVALID when DIR holds a finished run and `force` is 0, holds anything
 * else, or another run works in DIR.partial; MCA_SYSTEM when it cannot be made. Nothing is left
 * behind then. A notice tells of a killed run's remains.
 */
enum mca_status cli_run_directory_open(struct cli_run_directory *directory, const char *path,
                                       int force, const struct mca_observer *observer,
                                       struct mca_error *error);

/* Writes scenario.yaml, in full, into DIR.partial. MCA_SYSTEM when it cannot be written whole. */
enum mca_status cli_run_directory_write_scenario(const struct cli_run_directory *directory,
                                                 const struct mca_scenario *scenario,
                                                 struct mca_error *error);

/* Renames DIR.partial to DIR. On failure everything is removed as by cli_run_directory_abandon. */
enum mca_status cli_run_directory_commit(struct cli_run_directory *directory,
                                         struct mca_error *error);

/* 1 when another process works in DIR.partial of `path`. */
int cli_run_directory_is_held(const char *path);

/* Removes DIR.partial and the parents made for it. A replaced run stays as it was. */
void cli_run_directory_abandon(struct cli_run_directory *directory);

#endif
