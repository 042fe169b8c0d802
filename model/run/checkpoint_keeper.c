#include "run/checkpoint_keeper.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "run/progress.h"
#include "run/stop_request.h"
#include "scenario/resolved.h"

static const char BUILD[] = "mcasim " MCA_VERSION " " MCA_COMMIT;

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
        mca_checkpoint_save(c->path, &c->identity, c->chip, place, &c->extra, &reason);
    c->saved_s = mca_now_s();
    if (status == MCA_OK) {
        ++c->count;
    } else if (mca_stop_requested() != 0) {
        return mca_fail(error, status, "%s", reason.message);
    } else {
        mca_observer_notice(c->observer, reason.message);
    }
    return MCA_OK;
}

static enum mca_status restore(void *user, struct mca_error *error) {
    struct mca_run_checkpoint *c = user;
    c->trace->image = c->trained_before;
    return mca_checkpoint_restore(&c->from, c->chip, &c->extra, error);
}

static enum mca_status identify(struct mca_checkpoint_identity *identity,
                                const struct mca_simulation *s, struct mca_error *error) {
    *identity = (struct mca_checkpoint_identity){.build = XXH3_64bits(BUILD, sizeof BUILD - 1),
                                                 .data = s->data.hash};
    MCA_TRY(mca_scenario_hash(&s->scenario.scenario, &identity->scenario, error));
    return mca_chip_hash(s->chip, &identity->start, error);
}

static void notice_start(const struct mca_observer *observer, const char *why) {
    char line[MCA_ERROR_SIZE + 64];
    (void)snprintf(line, sizeof line, "%.1000s; starting from the beginning", why);
    mca_observer_notice(observer, line);
}

static enum mca_status resume_from(struct mca_run_checkpoint *c, enum mca_resume resume,
                                   uint32_t epochs, struct mca_error *error) {
    struct mca_error reason;
    const enum mca_status status =
        mca_checkpoint_open(&c->from, c->path, &c->identity, c->images, epochs, &reason);
    if ((status == MCA_INVALID || status == MCA_SYSTEM) && resume == MCA_RESUME_IF_POSSIBLE) {
        notice_start(c->observer, reason.message);
        return MCA_OK;
    }
    if (status != MCA_OK) {
        return mca_fail(error, status, "%.900s%s", reason.message,
                        status == MCA_INVALID ? "; --force starts anew" : "");
    }
    char line[MCA_PATH_SIZE + 128];
    (void)snprintf(line, sizeof line, "%s: going on in epoch %u after %u of %u images", c->path,
                   c->from.place.epoch, c->from.place.image, c->images);
    mca_observer_notice(c->observer, line);
    c->trained_before = (uint64_t)(c->from.place.epoch - 1) * c->images + c->from.place.image;
    c->keeper.resume = &c->from.place;
    return MCA_OK;
}

enum mca_status mca_run_checkpoint_init(struct mca_run_checkpoint *checkpoint,
                                        const struct mca_checkpoint_setup *setup,
                                        struct mca_error *error) {
    const struct mca_simulation *simulation = setup->simulation;
    const struct mca_train_config *train = &simulation->scenario.scenario.train;
    *checkpoint = (struct mca_run_checkpoint){
        .extra = {setup->use->layers, setup->use->layer_count * sizeof *setup->use->layers},
        .keeper = {checkpoint, is_due, save, NULL, restore},
        .chip = simulation->chip,
        .trace = setup->trace,
        .observer = setup->observer,
        .images = mca_train_images(train, &simulation->data),
        .none = setup->none,
        .every_s = setup->every_s,
        .saved_s = mca_now_s()};
    mca_run_directory_checkpoint(setup->directory, checkpoint->path);
    MCA_TRY(identify(&checkpoint->identity, simulation, error));
    if (setup->directory->has_checkpoint) {
        return resume_from(checkpoint, setup->resume, train->epochs, error);
    }
    if (setup->resume == MCA_RESUME) {
        char why[1100];
        (void)snprintf(why, sizeof why, "%.1000s: there is none", checkpoint->path);
        notice_start(setup->observer, why);
    }
    return MCA_OK;
}

void mca_run_checkpoint_deinit(struct mca_run_checkpoint *checkpoint) {
    mca_checkpoint_close(&checkpoint->from);
}
