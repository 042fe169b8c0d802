/*
 * The directory of a run's results. A run works in DIR.partial and renames it to DIR when it is
 * whole. A run that fails, is refused or is interrupted leaves neither, nor parents made for them;
 * only a DIR.partial with a checkpoint stays. A lock in DIR.partial keeps two runs apart. What a
 * killed run left there is cleared away, unless it is a checkpoint or a whole run.
 */
#ifndef MCA_RUN_DIRECTORY_H
#define MCA_RUN_DIRECTORY_H

#include "base/c_linkage.h"
#include "base/observer.h"
#include "base/status.h"
#include "scenario/scenario.h"

MCA_C_BEGIN

struct mca_run_directory {
    char final_path[MCA_PATH_SIZE];
    char partial_path[MCA_PATH_SIZE];
    int lock_fd;
    int made_parents; /* how many directories above DIR were made for it */
    int is_whole;     /* a finished run stands at DIR and was to be gone on with: nothing is made */
    int has_checkpoint; /* of an earlier run, kept to go on from if it fits */
};

/* Replace a finished run in DIR, and forget a checkpoint; go on from a checkpoint where there is
 * one. */
enum { MCA_DIRECTORY_FORCE = 1, MCA_DIRECTORY_RESUME = 2 };

/* DIR.partial/checkpoint. */
void mca_run_directory_checkpoint(const struct mca_run_directory *directory,
                                  char path[MCA_PATH_SIZE + 32]);

/* DIR.partial/scenario.yaml: beside a checkpoint, the scenario that it is of. */
void mca_run_directory_scenario(const struct mca_run_directory *directory,
                                char path[MCA_PATH_SIZE + 32]);

/*
 * Creates DIR.partial. A checkpoint in it stays, with what is beside it, for the run to go on from.
 * With MCA_DIRECTORY_RESUME alone nothing is made where DIR holds a finished run (is_whole).
 *
 * MCA_INVALID, nothing being lost or left behind, when
 *   - DIR holds a finished run, and neither MCA_DIRECTORY_FORCE is given nor, with a checkpoint of
 *     the run that was to replace it, MCA_DIRECTORY_RESUME;
 *   - DIR holds anything else, or the run to be replaced holds what no run makes;
 *   - DIR.partial holds a checkpoint and neither flag is given;
 *   - another run works in DIR.partial.
 * MCA_SYSTEM when it cannot be made. A notice tells of what a killed run left.
 */
enum mca_status mca_run_directory_open(struct mca_run_directory *directory, const char *path,
                                       unsigned flags, const struct mca_observer *observer,
                                       struct mca_error *error);

/* Removes the checkpoint: the run does not go on from it. MCA_SYSTEM. */
enum mca_status mca_run_directory_drop_checkpoint(struct mca_run_directory *directory,
                                                  struct mca_error *error);

/* Clears DIR.partial, but the checkpoint to go on from, and writes scenario.yaml there, in full.
 * MCA_SYSTEM when it cannot be written whole. */
enum mca_status mca_run_directory_begin(const struct mca_run_directory *directory,
                                        const struct mca_scenario *scenario,
                                        struct mca_error *error);

/* Syncs DIR.partial and renames it to DIR, in one step with the run that it replaces; only when
 * that is on the disk are the replaced run and the checkpoint removed. Whatever is killed or cut
 * off on the way, the old or the new run is whole in DIR, or the new one in DIR.partial, where the
 * next run in DIR takes it up. On failure the results stay in DIR.partial, and the message says so.
 */
enum mca_status mca_run_directory_commit(struct mca_run_directory *directory,
                                         struct mca_error *error);

/* MCA_INVALID where `path`, which need not be there, lies in the finished run `dir`, or below it:
 * what is written there would alter the run. MCA_SYSTEM when there is no such run. */
enum mca_status mca_run_directory_refuse_within(const char *dir, const char *path,
                                                struct mca_error *error);

/* 1 when another process works in DIR.partial of `path`. */
int mca_run_directory_is_held(const char *path);

/* Removes DIR.partial and the parents made for it, unless a checkpoint is in it. A replaced run
 * stays as it was. */
void mca_run_directory_abandon(struct mca_run_directory *directory);

MCA_C_END

#endif
