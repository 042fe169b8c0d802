/* The C model against the Verilated RTL of the digital unit, in lock-step. */
#include "cli/cosim/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "run/progress.h"
#include "run/stop_request.h"
#include "scenario/check.h"
#include "shim/cosim/cosim.h"
#include "shim/rtl/dpu_setup.h"
#include "train/calibration.h"
#include "train/dataset.h"
#include "train/trainer.h"

struct session {
    const struct cli_cosim *options;
    struct mca_loaded_scenario scenario;
    struct mca_dataset data;
    int has_data;
    struct mca_progress_bar progress;
    struct mca_observer outer;
    struct mca_cosim *cosim; /* of the pass at work */
    uint64_t images;         /* of it */
    int is_replay;
};

/* What a pass found. */
struct outcome {
    struct mca_cosim_counts counts;
    double seconds;
    char mismatch[512]; /* empty: none */
    char lacks[512];    /* of the trace; empty: nothing */
    uint64_t image;
    uint64_t mismatch_ps; /* in the waveform */
};

static void forward_notice(void *user, const char *line) {
    const struct session *session = user;
    mca_observer_notice(&session->outer, line);
}

static void forward_progress(void *user, const struct mca_progress *progress) {
    const struct session *session = user;
    struct mca_progress compared = *progress;
    compared.total = session->images;
    compared.done = progress->done < session->images ? progress->done : session->images;
    session->outer.progress(session->outer.user, &compared);
}

/* A difference, or the last image compared, ends the training as a stop request does. */
static int stop(void *user) {
    const struct session *session = user;
    if (session->cosim && mca_cosim_is_over(session->cosim)) {
        return MCA_FAILED;
    }
    return session->outer.stop ? session->outer.stop(session->outer.user) : 0;
}

/* The scenario's training, for as many epochs as hold the images that are compared; tests are of no
 * interest. */
static struct mca_train_config plan(const struct session *session, uint64_t images) {
    struct mca_train_config train = session->scenario.scenario.train;
    const uint64_t epoch =
        train.images ? train.images : session->data.train.count - train.validation_images;
    train.epochs = (uint32_t)((images + epoch - 1) / epoch);
    train.test_images = 1;
    train.test_every = train.epochs;
    return train;
}

static enum mca_status run_pass(struct session *session, uint64_t images, const char *vcd,
                                uint64_t first_traced, struct outcome *outcome,
                                struct mca_error *error) {
    const struct mca_train_config train = plan(session, images);
    session->images = images;
    const struct mca_observer observer = {session, forward_notice, forward_progress, stop};
    struct mca_chip *chip;
    struct mca_train_result result;
    const struct mca_cosim_options options = {.images = images,
                                              .source = session->options->source,
                                              .ignores_cycles = session->options->ignores_cycles,
                                              .waveform = {vcd, first_traced, images - 1},
                                              .observer = &session->outer};
    struct mca_error reason;
    MCA_TRY(mca_chip_create(&chip, &session->scenario.scenario.chip, error));
    enum mca_status status = mca_dpu_check_chip(chip, &reason);
    if (status != MCA_OK) {
        (void)mca_fail(error, status, "%s: %s", session->options->scenario.path, reason.message);
    } else {
        status = mca_cosim_create(&session->cosim, chip, &options, error);
    }
    if (status == MCA_OK) {
        const double start_s = mca_now_s();
        const struct mca_training training = {chip, NULL,      &train, &session->data,
                                              1,    &observer, NULL};
        status = mca_train(&training, &result, error);
        outcome->seconds = mca_now_s() - start_s;
        if (status == MCA_OK) {
            mca_train_result_deinit(&result);
        }
        outcome->counts = *mca_cosim_counts_of(session->cosim);
        const char *lacks = mca_cosim_trace_lacks(session->cosim);
        (void)snprintf(outcome->lacks, sizeof outcome->lacks, "%s", lacks ? lacks : "");
        const char *mismatch =
            mca_cosim_mismatch(session->cosim, &outcome->image, &outcome->mismatch_ps);
        (void)snprintf(outcome->mismatch, sizeof outcome->mismatch, "%s", mismatch ? mismatch : "");
        /* a difference is the caller's, who has it replayed: that waveform counts */
        const int is_found = mismatch && !session->is_replay;
        if (mca_cosim_is_over(session->cosim)) {
            status = is_found ? MCA_OK : mca_cosim_status(session->cosim, error);
        }
        if (status == MCA_OK && !is_found) {
            status = mca_cosim_write_view(session->cosim, error);
        }
        mca_cosim_destroy(session->cosim);
        session->cosim = NULL;
    }
    mca_chip_destroy(chip);
    mca_progress_end(&session->progress);
    return status;
}

/* Repeats the run up to the image that differs, to leave a waveform of it. */
static enum mca_status tell_mismatch(struct session *session, const struct outcome *found,
                                     struct mca_error *error) {
    const char *path = session->options->vcd ? session->options->vcd : "cosim-mismatch.vcd";
    struct outcome replay = {0};
    struct mca_error reason = {"the replay found another difference"};
    session->is_replay = 1;
    const enum mca_status status =
        run_pass(session, found->image + 1, path, found->image, &replay, &reason);
    if (status != MCA_OK || strcmp(replay.mismatch, found->mismatch) != 0) {
        return mca_fail(error, MCA_FAILED, "mcasim cosim: %s; no waveform: %s", found->mismatch,
                        reason.message);
    }
    char time[48] = ""; /* none of what is found before the image begins */
    if (replay.mismatch_ps != UINT64_MAX) {
        (void)snprintf(time, sizeof time, ", at %" PRIu64 ".%03" PRIu64 " ns",
                       replay.mismatch_ps / 1000, replay.mismatch_ps % 1000);
    }
    return mca_fail(error, MCA_FAILED, "mcasim cosim: %s; waveform of the image: %s%s",
                    found->mismatch, path, time);
}

static enum mca_status run_session(struct session *session, struct mca_error *error) {
    const struct cli_cosim *options = session->options;
    struct mca_scenario *scenario = &session->scenario.scenario;
    MCA_TRY(mca_load_scenario(&session->scenario, &options->scenario, error));
    struct mca_error reason;
    struct mca_dpu_rtl_set set;
    if (mca_dpu_set_of(&set, &scenario->chip, &reason) != MCA_OK) {
        return mca_fail(error, MCA_INVALID, "%s: %s", options->scenario.path, reason.message);
    }
    MCA_TRY(mca_dataset_load(&session->data, &scenario->dataset, options->data, &session->outer,
                             error));
    session->has_data = 1;
    MCA_TRY(mca_scenario_check_data(scenario, &session->scenario.origins, &session->data, error));
    MCA_TRY(
        mca_calibrate(&scenario->chip, &scenario->calibration, &session->data.train, NULL, error));
    uint64_t images = options->images;
    if (images == 0) {
        images = scenario->train.images
                     ? scenario->train.images
                     : session->data.train.count - scenario->train.validation_images;
    }
    struct outcome outcome;
    MCA_TRY(run_pass(session, images, options->vcd, 0, &outcome, error));
    if (outcome.lacks[0]) {
        mca_observer_tell(&session->outer, "%s: only what the ports show was compared",
                          outcome.lacks);
    }
    if (outcome.mismatch[0]) {
        return tell_mismatch(session, &outcome, error);
    }
    const struct mca_cosim_counts *c = &outcome.counts;
    char cycles[48];
    (void)snprintf(cycles, sizeof cycles, "%" PRIu64 " cycles", c->cycles);
    (void)printf("equal: %" PRIu64 " images of %s, %" PRIu64 " operations, %" PRIu64
                 " words, %" PRIu64 " commands (%" PRIu64 " pulses), %s%s; %.0f images/s, %.2f "
                 "Mcycles/s\n",
                 c->images, session->data.name, c->operations, c->words, c->commands, c->pulses,
                 options->ignores_cycles ? "cycles not compared" : cycles,
                 outcome.lacks[0] ? ", at the ports alone" : "",
                 (double)c->images / outcome.seconds, (double)c->clocks / outcome.seconds * 1e-6);
    return MCA_OK;
}

enum mca_status cli_run_cosim(const struct cli_cosim *options, struct mca_error *error) {
    struct session *session = calloc(1, sizeof *session);
    if (!session) {
        return mca_fail_memory(error, "cosimulation");
    }
    session->options = options;
    mca_progress_init(&session->progress, options->quiet);
    session->outer = mca_progress_observer(&session->progress);
    mca_stop_watch();
    const enum mca_status status = run_session(session, error);
    if (session->has_data) {
        mca_dataset_deinit(&session->data);
    }
    free(session);
    return status;
}
