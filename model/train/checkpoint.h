/*
 * A checkpoint: all that a training run needs to go on between two images as if it had never
 * stopped, in one file. A file is of one machine's byte order and one build of mcasim; it is
 * refused elsewhere, and so is one that is damaged (XXH3 over all of it).
 */
#ifndef MCA_TRAIN_CHECKPOINT_H
#define MCA_TRAIN_CHECKPOINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "chip/chip.h"
#include "train/trainer.h"

MCA_C_BEGIN

/* What run a checkpoint is of. */
struct mca_checkpoint_identity {
    uint64_t build;    /* of mcasim */
    uint64_t scenario; /* resolved, seed included */
    uint64_t data;
    uint64_t start; /* before training: mca_chip_hash, which is the initial weights, and found full
                       scales */
};

/* Bytes of the caller's own that go with it; size 0: none. */
struct mca_checkpoint_extra {
    void *bytes;
    size_t size;
};

/* XXH3 over all that training changes. MCA_FAILED for memory. */
enum mca_status mca_chip_hash(const struct mca_chip *chip, uint64_t *hash, struct mca_error *error);

/* Writes the whole file, which then gets its name. MCA_SYSTEM when it cannot be written: an older
 * file at `path` is then as it was. */
enum mca_status
mca_checkpoint_save(const char *path, const struct mca_checkpoint_identity *identity,
                    const struct mca_chip *chip, const struct mca_train_place *place,
                    const struct mca_checkpoint_extra *extra, struct mca_error *error);

/* A checkpoint being read; zeroed before use, mca_checkpoint_close afterwards in any case. */
struct mca_checkpoint {
    const char *path;
    void *file; /* FILE *, where the chip's parts begin */
    struct mca_train_place place;
    uint64_t extra_size;
};

/*
 * Opens a file, sees that it is whole and of the run `identity`, and reads the place: place.records
 * and place.outcomes are owned by the checkpoint. `images` and `epochs` are what the run has.
 * MCA_SYSTEM when it cannot be read, MCA_INVALID when it is damaged or of another run, MCA_FAILED
 * for memory.
 */
enum mca_status mca_checkpoint_open(struct mca_checkpoint *checkpoint, const char *path,
                                    const struct mca_checkpoint_identity *identity, uint32_t images,
                                    uint32_t epochs, struct mca_error *error);

/* Fills the chip, of the same configuration, and the caller's bytes. Once. Errors as above; the
 * chip is of no use then. */
enum mca_status mca_checkpoint_restore(struct mca_checkpoint *checkpoint, struct mca_chip *chip,
                                       const struct mca_checkpoint_extra *extra,
                                       struct mca_error *error);

void mca_checkpoint_close(struct mca_checkpoint *checkpoint);

MCA_C_END

#endif
