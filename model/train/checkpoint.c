#include "train/checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/durable_file.h"
#include "base/file_input.h"
#include "chip/snapshot.h"

enum { BLOCK = 1 << 16 };

static const char MAGIC[8] = "MCACKP4";

/* The file: this, records, outcomes, confusion, the chip's parts, the caller's bytes, XXH3 of all
 * before. */
struct header {
    char magic[8];
    struct mca_checkpoint_identity identity;
    uint64_t epoch;
    uint64_t image;
    uint64_t tests;
    uint64_t tested;
    uint64_t confusion_count;
    uint64_t extra_size;
};

struct writer {
    FILE *file;
    XXH3_state_t *hash;
};

static int put(void *user, void *data, size_t size) {
    struct writer *w = user;
    return size == 0 || (XXH3_64bits_update(w->hash, data, size) == XXH_OK &&
                         (!w->file || fwrite(data, 1, size, w->file) == size));
}

static int get(void *user, void *data, size_t size) {
    return size == 0 || fread(data, 1, size, user) == size;
}

enum mca_status mca_chip_hash(const struct mca_chip *chip, uint64_t *hash,
                              struct mca_error *error) {
    struct writer w = {NULL, XXH3_createState()};
    const struct mca_chip_visitor visitor = {&w, put};
    if (!w.hash) {
        return mca_fail_memory(error, "hash of the chip");
    }
    (void)XXH3_64bits_reset(w.hash);
    (void)mca_chip_save_parts(chip, &visitor);
    *hash = XXH3_64bits_digest(w.hash);
    XXH3_freeState(w.hash);
    return MCA_OK;
}

static int put_all(struct writer *w, const struct mca_checkpoint_identity *identity,
                   const struct mca_chip *chip, const struct mca_train_place *place,
                   const struct mca_checkpoint_extra *extra) {
    const struct mca_chip_visitor visitor = {w, put};
    struct header header = {.identity = *identity,
                            .epoch = place->epoch,
                            .image = place->image,
                            .tests = place->tests,
                            .tested = place->tested,
                            .confusion_count = place->confusion_count,
                            .extra_size = extra->size};
    memcpy(header.magic, MAGIC, sizeof header.magic);
    int ok = put(w, &header, sizeof header) &&
             put(w, place->records, (place->epoch - 1) * sizeof *place->records) &&
             put(w, place->outcomes, place->image * sizeof *place->outcomes) &&
             put(w, place->confusion, place->confusion_count * sizeof *place->confusion) &&
             mca_chip_save_parts(chip, &visitor) && put(w, extra->bytes, extra->size);
    uint64_t hash = XXH3_64bits_digest(w->hash);
    ok = ok && fwrite(&hash, sizeof hash, 1, w->file) == 1;
    return ok && fflush(w->file) == 0;
}

enum mca_status
mca_checkpoint_save(const char *path, const struct mca_checkpoint_identity *identity,
                    const struct mca_chip *chip, const struct mca_train_place *place,
                    const struct mca_checkpoint_extra *extra, struct mca_error *error) {
    struct mca_new_file out;
    MCA_TRY(mca_new_file_open(&out, path, error));
    struct writer w = {out.file, XXH3_createState()};
    enum mca_status status = MCA_OK;
    errno = 0;
    if (!w.hash || XXH3_64bits_reset(w.hash) != XXH_OK) {
        status = mca_fail_memory(error, "checkpoint");
    } else if (!put_all(&w, identity, chip, place, extra)) {
        status = mca_fail_errno(error, "%s: cannot be written", path);
    }
    XXH3_freeState(w.hash);
    return mca_new_file_end(&out, status, error);
}

/* What could not be read, or is not as it should be. */
static enum mca_status damaged(FILE *file, const char *path, const char *what,
                               struct mca_error *error) {
    return ferror(file) ? mca_fail_errno(error, "%s", path)
                        : mca_fail(error, MCA_INVALID, "%s: %s", path, what);
}

/* That the file ends with the hash of what stands before. */
static enum mca_status check_whole(FILE *file, const char *path, struct mca_error *error) {
    unsigned char *block = malloc(BLOCK);
    XXH3_state_t *hash = XXH3_createState();
    unsigned char last[sizeof(uint64_t)]; /* bytes that may be the hash */
    size_t held = 0;
    size_t size = 0;
    if (!block || !hash || XXH3_64bits_reset(hash) != XXH_OK) {
        free(block);
        XXH3_freeState(hash);
        return mca_fail_memory(error, path);
    }
    while ((size = fread(block + held, 1, BLOCK - held, file)) > 0) {
        size += held;
        held = size < sizeof last ? size : sizeof last;
        (void)XXH3_64bits_update(hash, block, size - held);
        memmove(block, block + size - held, held);
    }
    const uint64_t found = XXH3_64bits_digest(hash);
    const int whole = held == sizeof last && memcmp(block, &found, sizeof found) == 0;
    XXH3_freeState(hash);
    free(block);
    if (ferror(file) || !whole) {
        return damaged(file, path, "not a whole checkpoint", error);
    }
    rewind(file);
    return MCA_OK;
}

/* Which run it is of. */
static enum mca_status check_identity(const char *path, const struct header *header,
                                      const struct mca_checkpoint_identity *identity,
                                      struct mca_error *error) {
    const struct mca_checkpoint_identity *found = &header->identity;
    const char *what =
        memcmp(header->magic, MAGIC, sizeof header->magic) != 0 || found->build != identity->build
            ? "build of mcasim"
        : found->scenario != identity->scenario ? "scenario or seed"
        : found->data != identity->data         ? "data set"
        : found->start != identity->start       ? "set of initial weights"
                                                : NULL;
    return what ? mca_fail(error, MCA_INVALID, "%s: of another %s", path, what) : MCA_OK;
}

static enum mca_status read_place(struct mca_checkpoint *c, const struct header *header,
                                  struct mca_error *error) {
    c->place = (struct mca_train_place){.epoch = (uint32_t)header->epoch,
                                        .image = (uint32_t)header->image,
                                        .tests = header->tests,
                                        .tested = header->tested,
                                        .confusion_count = header->confusion_count};
    c->extra_size = header->extra_size;
    const size_t records = header->epoch - 1;
    c->place.records = calloc(records + 1, sizeof *c->place.records);
    c->place.outcomes = calloc(header->image + 1, sizeof *c->place.outcomes);
    c->place.confusion = calloc(header->confusion_count + 1, sizeof *c->place.confusion);
    if (!c->place.records || !c->place.outcomes || !c->place.confusion) {
        return mca_fail_memory(error, c->path);
    }
    return get(c->file, c->place.records, records * sizeof *c->place.records) &&
                   get(c->file, c->place.outcomes, header->image * sizeof *c->place.outcomes) &&
                   get(c->file, c->place.confusion,
                       header->confusion_count * sizeof *c->place.confusion)
               ? MCA_OK
               : damaged(c->file, c->path, "too short", error);
}

enum mca_status mca_checkpoint_open(struct mca_checkpoint *checkpoint, const char *path,
                                    const struct mca_checkpoint_identity *identity, uint32_t images,
                                    uint32_t epochs, struct mca_error *error) {
    FILE *file;
    struct header header;
    *checkpoint = (struct mca_checkpoint){.path = path};
    MCA_TRY(mca_open_regular(path, &file, error));
    checkpoint->file = file;
    MCA_TRY(check_whole(file, path, error));
    if (!get(file, &header, sizeof header)) {
        return damaged(file, path, "not a whole checkpoint", error);
    }
    MCA_TRY(check_identity(path, &header, identity, error));
    if (header.epoch < 1 || header.epoch > (uint64_t)epochs + 1 || header.image > images ||
        (header.epoch > epochs && header.image > 0) ||
        header.confusion_count > MCA_CLASSES_MAX * MCA_CLASSES_MAX) {
        return mca_fail(error, MCA_INVALID, "%s: a place beyond the run", path);
    }
    return read_place(checkpoint, &header, error);
}

enum mca_status mca_checkpoint_restore(struct mca_checkpoint *checkpoint, struct mca_chip *chip,
                                       const struct mca_checkpoint_extra *extra,
                                       struct mca_error *error) {
    const struct mca_chip_visitor visitor = {checkpoint->file, get};
    struct mca_error reason;
    const enum mca_status status = mca_chip_load_parts(chip, &visitor, &reason);
    if (ferror(checkpoint->file)) {
        return mca_fail_errno(error, "%s", checkpoint->path);
    }
    if (status != MCA_OK) {
        return mca_fail(error, status, "%s: %.400s", checkpoint->path, reason.message);
    }
    uint64_t hash;
    const int whole = checkpoint->extra_size == extra->size &&
                      get(checkpoint->file, extra->bytes, extra->size) &&
                      get(checkpoint->file, &hash, sizeof hash) && fgetc(checkpoint->file) == EOF;
    return whole && !ferror(checkpoint->file)
               ? MCA_OK
               : damaged(checkpoint->file, checkpoint->path, "of another length", error);
}

void mca_checkpoint_close(struct mca_checkpoint *checkpoint) {
    if (checkpoint->file) {
        (void)fclose(checkpoint->file);
    }
    free(checkpoint->place.records);
    free(checkpoint->place.outcomes);
    free(checkpoint->place.confusion);
    *checkpoint = (struct mca_checkpoint){.path = checkpoint->path};
}
