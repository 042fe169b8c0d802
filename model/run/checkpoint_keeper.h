/* Checkpoints of a run: when they are written, and how a run goes on from one. */
#ifndef MCA_RUN_CHECKPOINT_KEEPER_H
#define MCA_RUN_CHECKPOINT_KEEPER_H

#include "base/c_linkage.h"
#include "base/observer.h"
#include "chip/trace.h"
#include "run/directory.h"
#include "run/simulation.h"
#include "train/checkpoint.h"

MCA_C_BEGIN

/* Wall-clock seconds between checkpoints, where nothing is said. */
#define MCA_CHECKPOINT_EVERY_S 60 /* unless said otherwise; a text of it stands in --help */
enum { MCA_CHECKPOINT_EVERY_MAX_S = 1000000 };

enum mca_resume {
    MCA_RESUME_NO,
    MCA_RESUME,            /* what does not fit is refused */
    MCA_RESUME_IF_POSSIBLE /* what does not fit is told, and the run begins anew */
};

/* Stays where it is while the run trains. */
struct mca_run_checkpoint {
    /* by who makes the run, for mca_run_checkpoint_init; all of it outlives the checkpoint */
    struct mca_run_directory *directory;
    const struct mca_simulation *simulation; /* its chip as it is before training */
    struct mca_trace *trace;
    struct mca_checkpoint_extra noted; /* by who reports the run */
    const struct mca_observer *observer;
    enum mca_resume resume;
    int none; /* is written: the run may only go on from one */
    double every_s;
    /* by mca_run_checkpoint_init and while the run trains */
    char path[MCA_PATH_SIZE + 32];
    struct mca_checkpoint_identity identity;
    struct mca_checkpoint from;
    struct mca_train_keeper keeper;
    uint32_t images;         /* of an epoch */
    uint64_t trained_before; /* images, where the run was resumed */
    double saved_s;          /* when the last one was written */
    int count;               /* written */
};

enum { MCA_DIFFERENCE_SIZE = 448 };

/* How the scenario in the file `path` differs from the run's: "made with KEY=A, this run asks B";
 * empty where it does not, or where the file is no scenario. MCA_FAILED for memory. */
enum mca_status mca_run_compare_scenario(const char *path, const struct mca_scenario *scenario,
                                         char difference[MCA_DIFFERENCE_SIZE],
                                         struct mca_error *error);

/* That the checkpoint in the directory, if one is there, was made with this scenario; before
 * anything is cleared there or written over. Otherwise MCA_INVALID with the key that differs, or,
 * for MCA_RESUME_IF_POSSIBLE, a notice, and the checkpoint is dropped. */
enum mca_status mca_run_checkpoint_check(struct mca_run_directory *directory,
                                         const struct mca_scenario *scenario,
                                         enum mca_resume resume, struct mca_error *error);

/*
 * The run's keeper. Where the run is to resume, and a checkpoint is in the directory, it goes on
 * from there: the trace, which counts its images, is set to them, and what was noted is what was
 * noted before. `from` is then the caller's to close, in any case. Errors as mca_checkpoint_open
 * has them.
 */
enum mca_status mca_run_checkpoint_init(struct mca_run_checkpoint *checkpoint,
                                        struct mca_error *error);

MCA_C_END

#endif
