#include "run/job.h"
#include "base/options.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "run/directory.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "run/stop_request.h"
#include "run/sums.h"
#include "scenario/resolved.h"
#include "train/plain_weights.h"
#include "train/weights_io.h"

/* A run from the inside. Zeroed before use. */
struct run {
    const struct mca_run_job *job;
    const struct mca_run_host *host;
    struct mca_simulation simulation;
    struct mca_run_directory directory;
    struct mca_progress_bar progress;
    struct mca_observer observer;
    void *reports; /* the reporter's */
    struct mca_trace trace;
    struct mca_run_checkpoint checkpoint;
};

static int traces(const struct run *run) {
    return run->job->trace_first != 0;
}

static uint64_t trained_images(const struct run *run) {
    const struct mca_train_config *train = &run->simulation.scenario.scenario.train;
    return (uint64_t)mca_train_images(train, &run->simulation.data) * train->epochs;
}

/* What was asked for, or what the report can draw of the last image but one: the last one often has
 * a refresh behind it. */
static void init_trace(struct run *run) {
    const uint64_t images = trained_images(run);
    if (traces(run)) {
        mca_trace_init(&run->trace, run->job->trace_first, run->job->trace_last);
    } else {
        mca_trace_init_cut(&run->trace, images > 1 ? images - 1 : 1,
                           run->job->reporter->picture_operations);
    }
}

/* Told before anything is made or trained. */
static enum mca_status check_trace(const struct run *run, struct mca_error *error) {
    const uint64_t images = trained_images(run);
    return run->job->trace_last <= images
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "--trace: image %llu is beyond the %llu that are trained on in %u epochs",
                          (unsigned long long)run->job->trace_last, (unsigned long long)images,
                          run->simulation.scenario.scenario.train.epochs);
}

/* Of a job that tells its caller, not the terminal: the bar, which draws nothing, notes the times.
 */
static void pass_notice(void *user, const char *line) {
    const struct run *run = user;
    mca_observer_notice(run->job->observer, line);
}

static void pass_progress(void *user, const struct mca_progress *progress) {
    struct run *run = user;
    const struct mca_observer *to = run->job->observer;
    const struct mca_observer bar = mca_progress_observer(&run->progress);
    bar.progress(bar.user, progress);
    if (to->progress) {
        to->progress(to->user, progress);
    }
}

static int pass_stop(void *user) {
    const struct run *run = user;
    return mca_observer_stop(run->job->observer);
}

static int is_silent(const struct run *run) {
    return run->job->quiet || run->job->observer;
}

static void init_observer(struct run *run) {
    mca_progress_init(&run->progress, is_silent(run));
    mca_progress_hold(&run->progress);
    run->observer = run->job->observer
                        ? (struct mca_observer){run, pass_notice, pass_progress, pass_stop}
                        : mca_progress_observer(&run->progress);
    if (!run->job->observer) {
        mca_stop_watch();
    }
}

/* The chip by itself, watched. */
static enum mca_status start_traced(void *user, double learning_rate, uint32_t batch,
                                    struct mca_error *error) {
    struct run *run = user;
    (void)error;
    mca_chip_set_rate(run->simulation.chip, learning_rate, batch);
    return MCA_OK;
}

static enum mca_status train_traced(void *user, const uint8_t *pixels, uint32_t label,
                                    struct mca_image_outcome *outcome, struct mca_error *error) {
    struct run *run = user;
    mca_trace_next_image(&run->trace, run->simulation.chip);
    run->job->reporter->next_image(run->reports, run->simulation.chip, run->trace.image);
    MCA_TRY(mca_chip_train_image(run->simulation.chip, pixels, label, outcome, error));
    return mca_trace_check(&run->trace, error);
}

static enum mca_status end_traced(void *user, struct mca_error *error) {
    struct run *run = user;
    mca_chip_end_batch(run->simulation.chip);
    return mca_trace_check(&run->trace, error);
}

/* Makes the directory and its first file, so that a full disk shows now and not after training. */
static enum mca_status open_directory(struct run *run, struct mca_error *error) {
    const struct mca_scenario *scenario = &run->simulation.scenario.scenario;
    char path[MCA_PATH_SIZE];
    (void)snprintf(path, sizeof path, "runs/%s-%llu%s", scenario->report.name,
                   (unsigned long long)scenario->chip.seed,
                   run->job->suffix ? run->job->suffix : "");
    const unsigned flags = (run->job->force ? MCA_DIRECTORY_FORCE : 0u) |
                           (run->job->resume != MCA_RESUME_NO ? MCA_DIRECTORY_RESUME : 0u);
    return mca_run_directory_open(&run->directory, run->job->output ? run->job->output : path,
                                  flags, &run->observer, error);
}

static enum mca_status train(struct run *run, struct mca_error *error) {
    const struct mca_run_job *job = run->job;
    const struct mca_train_engine *engine = NULL;
    MCA_TRY(job->reporter->begin(run->reports, run->simulation.chip, trained_images(run), error));
    if (run->host) {
        MCA_TRY(run->host->connect(run->host->user, run->simulation.chip, &engine, error));
    }
    const struct mca_train_engine traced = {run, start_traced, train_traced, end_traced};
    const struct mca_train_keeper *keeper = NULL;
    if (!engine) {
        init_trace(run);
        engine = &traced;
        run->checkpoint = (struct mca_run_checkpoint){.directory = &run->directory,
                                                      .simulation = &run->simulation,
                                                      .trace = &run->trace,
                                                      .noted = job->reporter->noted(run->reports),
                                                      .observer = &run->observer,
                                                      .resume = job->resume,
                                                      .none = job->without_checkpoints,
                                                      .every_s = job->checkpoint_every_s};
        MCA_TRY(mca_run_checkpoint_init(&run->checkpoint, error));
        keeper = traces(run) ? NULL : &run->checkpoint.keeper;
    }
    /* only now: a checkpoint that is refused is left with what stands beside it */
    MCA_TRY(mca_run_directory_begin(&run->directory, &run->simulation.scenario.scenario, error));
    MCA_TRY(mca_simulation_train(&run->simulation, engine, keeper, job->threads, &run->observer,
                                 error));
    if (run->host) {
        MCA_TRY(run->host->disconnect(run->host->user, error));
    }
    const int stop = mca_observer_stop(&run->observer);
    return stop == 0 ? MCA_OK : mca_fail(error, (enum mca_status)stop, "interrupted");
}

static enum mca_status write_results(struct run *run, struct mca_error *error) {
    char weights[MCA_PATH_SIZE + 32];
    const struct mca_runtime runtime = {mca_now_s() - run->progress.start_s,
                                        run->progress.train_s,
                                        run->progress.test_s,
                                        run->job->threads,
                                        mca_peak_rss_bytes(),
                                        run->checkpoint.trained_before,
                                        run->checkpoint.from.place.tested};
    MCA_TRY(mca_simulation_report(&run->simulation, &runtime, error));
    (void)snprintf(weights, sizeof weights, "%s/weights", run->directory.partial_path);
    if (mkdir(weights, 0777) != 0) {
        return mca_fail_errno(error, "cannot make %s", weights);
    }
    MCA_TRY(mca_weights_save(run->simulation.chip, weights, error));
    if (mca_plain_weights_fit(run->simulation.chip)) {
        (void)snprintf(weights, sizeof weights, "%s/" MCA_PLAIN_WEIGHTS_NAME,
                       run->directory.partial_path);
        MCA_TRY(mca_plain_weights_write(run->simulation.chip, weights, error));
    } else {
        mca_observer_notice(&run->observer,
                            MCA_PLAIN_WEIGHTS_NAME ": not written, it would be above 4 GiB");
    }
    const struct mca_run_results results = {&run->simulation.report, run->simulation.chip,
                                            &run->trace, traces(run), !run->job->without_page};
    return run->job->reporter->write(run->reports, &results, run->directory.partial_path, error);
}

static enum mca_status run_in_directory(struct run *run, struct mca_error *error) {
    MCA_TRY(mca_run_checkpoint_check(&run->directory, &run->simulation.scenario.scenario,
                                     run->job->resume, error));
    MCA_TRY(train(run, error));
    return write_results(run, error);
}

/* --resume where nothing is left to do. */
static enum mca_status tell_of_whole_run(const struct run *run, struct mca_error *error) {
    uint64_t found_scenario;
    uint64_t found_data;
    uint64_t hash;
    const char *path = run->directory.final_path;
    MCA_TRY(mca_run_summary_origin(path, &found_scenario, &found_data, error));
    MCA_TRY(mca_scenario_hash(&run->simulation.scenario.scenario, &hash, error));
    if (found_scenario != hash) {
        char scenario[MCA_PATH_SIZE + 32];
        char difference[MCA_DIFFERENCE_SIZE];
        (void)snprintf(scenario, sizeof scenario, "%s/scenario.yaml", path);
        MCA_TRY(mca_run_compare_scenario(scenario, &run->simulation.scenario.scenario, difference,
                                         error));
        return mca_fail(error, MCA_INVALID,
                        "%.300s holds a finished run of another scenario%s%s; use another -o, or "
                        "run --force to replace it",
                        path, difference[0] ? ", " : "", difference);
    }
    if (found_data != run->simulation.data.hash) {
        return mca_fail(error, MCA_INVALID,
                        "%.300s holds a finished run on other data; use another -o, or run --force "
                        "to replace it",
                        path);
    }
    if (!is_silent(run)) {
        (void)printf("%s holds this run, finished\n", path);
    }
    return MCA_OK;
}

static enum mca_status run_all(struct run *run, struct mca_error *error) {
    MCA_TRY(mca_simulation_load(&run->simulation, &run->job->scenario, error));
    mca_simulation_expect_weights(&run->simulation, run->job->weights);
    if (run->host && run->simulation.scenario.scenario.train.epochs == 0) {
        return mca_fail(error, MCA_INVALID,
                        "train.epochs is 0: a test alone is timed by mcasim infer, not by a model "
                        "of the system that trains");
    }
    MCA_TRY(mca_simulation_load_data(&run->simulation, run->job->data, &run->observer, error));
    MCA_TRY(traces(run) ? check_trace(run, error) : MCA_OK);
    MCA_TRY(mca_simulation_create_chip(&run->simulation, run->job->weights, &run->observer, error));
    MCA_TRY(open_directory(run, error));
    mca_progress_release(&run->progress, 0);
    if (run->directory.is_whole) {
        return tell_of_whole_run(run, error);
    }
    const enum mca_status status = run_in_directory(run, error);
    mca_progress_end(&run->progress);
    if (status != MCA_OK) {
        mca_run_directory_abandon(&run->directory);
        if (run->checkpoint.count == 0 && !run->checkpoint.keeper.resume) {
            return status;
        }
        const struct mca_error reason = *error; /* and how the run can go on */
        return mca_fail(error, status, "%.600s; --resume goes on from %.300s", reason.message,
                        run->checkpoint.path);
    }
    MCA_TRY(mca_run_directory_commit(&run->directory, error));
    if (!is_silent(run)) {
        run->job->reporter->print(&run->simulation.report);
        (void)printf("Results in %s; its report.html opens in a browser\n",
                     run->directory.final_path);
    }
    return MCA_OK;
}

enum mca_status mca_perform_run(const struct mca_run_job *job, const struct mca_run_host *host,
                                struct mca_error *error) {
    struct run *run = calloc(1, sizeof *run);
    void *reports = job->reporter->create();
    if (!run || !reports) {
        free(run);
        job->reporter->destroy(reports);
        return mca_fail_memory(error, "run");
    }
    run->reports = reports;
    run->job = job;
    run->host = host;
    init_observer(run);
    const enum mca_status status = run_all(run, error);
    mca_progress_release(&run->progress, 1);
    mca_progress_end(&run->progress);
    mca_checkpoint_close(&run->checkpoint.from);
    job->reporter->destroy(run->reports);
    mca_simulation_deinit(&run->simulation);
    mca_trace_deinit(&run->trace);
    free(run);
    return status;
}
