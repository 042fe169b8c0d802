#include "run/checkpoint_keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/file_input.h"
#include "base/version.h"
#include "run/progress.h"
#include "scenario/load.h"
#include "scenario/resolved.h"
#include "scenario/value_text.h"

static int is_due(void *user) {
    const struct mca_run_checkpoint *c = user;
    return !c->none && mca_now_s() - c->saved_s >= c->every_s;
}

/* Not once the trace holds operations: they are not kept. That is only the run's last image but
 * one, for the report. One that cannot be written ends a run only when it is to stop. */
static enum mca_status save(void *user, const struct mca_train_place *place,
                            struct mca_error *error) {
    struct mca_run_checkpoint *c = user;
    if (c->none || c->trace->count > 0) {
        return MCA_OK;
    }
    struct mca_error reason;
    const enum mca_status status =
        mca_checkpoint_save(c->path, &c->identity, c->simulation->chip, place, &c->noted, &reason);
    c->saved_s = mca_now_s();
    if (status == MCA_OK) {
        ++c->count;
    } else if (mca_observer_stop(c->observer) != 0) {
        return mca_fail(error, status, "%s", reason.message);
    } else {
        mca_observer_notice(c->observer, reason.message);
    }
    return MCA_OK;
}

static enum mca_status restore(void *user, struct mca_error *error) {
    struct mca_run_checkpoint *c = user;
    c->trace->image = c->trained_before;
    return mca_checkpoint_restore(&c->from, c->simulation->chip, &c->noted, error);
}

static enum mca_status identify(struct mca_checkpoint_identity *identity,
                                const struct mca_simulation *s, struct mca_error *error) {
    char build[128];
    const int length = snprintf(build, sizeof build, "mcasim %s %s", mca_version(), mca_commit());
    *identity = (struct mca_checkpoint_identity){.build = XXH3_64bits(build, (size_t)length),
                                                 .data = s->data.hash};
    MCA_TRY(mca_scenario_hash(&s->scenario.scenario, &identity->scenario, error));
    MCA_TRY(mca_chip_hash(s->chip, &identity->start, error));
    const struct mca_network_config *network = &s->scenario.scenario.chip.network;
    identity->start = XXH3_64bits_withSeed(network->found, sizeof network->found, identity->start);
    return MCA_OK;
}

/* Of a checkpoint that is lost, a quiet point of a sweep tells too: the sweep passes it on. */
static void notice_loss(const char *why) {
    (void)fprintf(stderr, "%s; starting from the beginning\n", why);
}

enum mca_status mca_run_compare_scenario(const char *path, const struct mca_scenario *scenario,
                                         char difference[MCA_DIFFERENCE_SIZE],
                                         struct mca_error *error) {
    struct mca_scenario *made = malloc(sizeof *made);
    const struct mca_key *key = NULL;
    difference[0] = '\0';
    if (!made) {
        return mca_fail_memory(error, "scenario");
    }
    struct mca_error ignored;
    enum mca_status status = mca_check_regular(path, "", &ignored);
    if (status == MCA_OK) {
        status = mca_scenario_load(made, NULL, path, &ignored);
    }
    if (status == MCA_OK) {
        status = mca_scenario_difference(made, scenario, &key, error);
    } else if (status == MCA_FAILED) {
        *error = ignored;
    } else {
        status = MCA_OK; /* nothing to compare */
    }
    if (key) {
        char a[MCA_VALUE_TEXT_SIZE];
        char b[MCA_VALUE_TEXT_SIZE];
        mca_key_format(key, made, a, sizeof a);
        mca_key_format(key, scenario, b, sizeof b);
        (void)snprintf(difference, MCA_DIFFERENCE_SIZE, "made with %s=%.160s, this run asks %.160s",
                       key->name, a, b);
    }
    free(made);
    return status;
}

enum mca_status mca_run_checkpoint_check(struct mca_run_directory *directory,
                                         const struct mca_scenario *scenario,
                                         enum mca_resume resume, struct mca_error *error) {
    char path[MCA_PATH_SIZE + 32];
    char difference[MCA_DIFFERENCE_SIZE];
    char why[MCA_ERROR_SIZE];
    if (!directory->has_checkpoint) {
        return MCA_OK;
    }
    mca_run_directory_scenario(directory, path);
    MCA_TRY(mca_run_compare_scenario(path, scenario, difference, error));
    if (difference[0] == '\0') {
        return MCA_OK;
    }
    mca_run_directory_checkpoint(directory, path);
    (void)snprintf(why, sizeof why, "%.400s: %s", path, difference);
    if (resume != MCA_RESUME_IF_POSSIBLE) {
        return mca_fail(error, MCA_INVALID, "%.900s; --force starts anew", why);
    }
    notice_loss(why);
    return mca_run_directory_drop_checkpoint(directory, error);
}

static enum mca_status resume_from(struct mca_run_checkpoint *c, uint32_t epochs,
                                   struct mca_error *error) {
    struct mca_error reason;
    const enum mca_status status =
        mca_checkpoint_open(&c->from, c->path, &c->identity, c->images, epochs, &reason);
    if ((status == MCA_INVALID || status == MCA_SYSTEM) && c->resume == MCA_RESUME_IF_POSSIBLE) {
        notice_loss(reason.message);
        return mca_run_directory_drop_checkpoint(c->directory, error);
    }
    if (status != MCA_OK) {
        return mca_fail(error, status, "%.900s%s", reason.message,
                        status == MCA_INVALID ? "; --force starts anew" : "");
    }
    mca_observer_tell(c->observer, "%s: going on in epoch %u after %u of %u images", c->path,
                      c->from.place.epoch, c->from.place.image, c->images);
    c->trained_before = (uint64_t)(c->from.place.epoch - 1) * c->images + c->from.place.image;
    c->keeper.resume = &c->from.place;
    return MCA_OK;
}

enum mca_status mca_run_checkpoint_init(struct mca_run_checkpoint *c, struct mca_error *error) {
    const struct mca_train_config *train = &c->simulation->scenario.scenario.train;
    c->keeper = (struct mca_train_keeper){c, is_due, save, NULL, restore};
    c->images = mca_train_images(train, &c->simulation->data);
    c->saved_s = mca_now_s();
    mca_run_directory_checkpoint(c->directory, c->path);
    MCA_TRY(identify(&c->identity, c->simulation, error));
    if (c->directory->has_checkpoint) {
        return resume_from(c, train->epochs, error);
    }
    if (c->resume == MCA_RESUME) {
        mca_observer_tell(c->observer, "%.1000s: there is none; starting from the beginning",
                          c->path);
    }
    return MCA_OK;
}
