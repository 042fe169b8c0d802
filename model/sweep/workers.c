#include "sweep/workers.h"

#include <inttypes.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/directory.h"
#include "run/progress.h"
#include "run/stop_request.h"
#include "scenario/value_text.h"
#include "sweep/claim.h"
#include "sweep/directory.h"
#include "sweep/table.h"
#include "sweep/worker.h"

struct worker {
    pid_t pid; /* 0: idle */
    uint32_t point;
};

struct pool {
    const struct mca_sweep_job *job;
    uint8_t *is_ours; /* [shards]: ours, or taken over from a dead one */
    struct worker *workers;
    uint32_t running;
    int has_waited;
    uint8_t *was_stopped; /* [points]: its process was */
    uint32_t stopped;     /* points whose process was, since the pass began */
    uint32_t held;        /* points that others worked on when last looked at */
    struct mca_claimant claimant;
    struct mca_sweep_table table;
    struct mca_sweep_counts counts;
    double beat_s;
    sigset_t mask;
    struct mca_error *error;
};

static int mine(const struct pool *pool, uint32_t point) {
    return pool->is_ours[point % pool->job->shard.count];
}

static struct mca_sweep_point *point_of(const struct pool *pool, uint32_t point) {
    return &pool->job->points->list[point];
}

/* "tile.rows 64, adc.bits 4, seed 2" */
static void describe(const struct pool *pool, uint32_t point, char *text, size_t size) {
    const struct mca_sweep_plan *plan = pool->job->plan;
    const struct mca_sweep_point *p = point_of(pool, point);
    uint32_t cells[MCA_KEY_MAX];
    char value[MCA_VALUE_TEXT_SIZE];
    text[0] = '\0';
    mca_sweep_plan_cells(plan, p->plan_index, cells);
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        if (strcmp(plan->keys[k]->name, "seed") != 0) {
            mca_text_add(text, size, "%s %s, ", plan->keys[k]->name,
                         mca_sweep_plan_text(plan, k, cells[k], value, sizeof value));
        }
    }
    mca_text_add(text, size, "seed %" PRIu64, p->seed);
}

static void note_done(struct pool *pool, uint32_t i) {
    struct mca_sweep_point *point = point_of(pool, i);
    const double accuracy = point->result.metrics[0];
    point->state = MCA_SWEEP_DONE;
    pool->counts.done += (uint32_t)mine(pool, i);
    if (isfinite(accuracy) && !(accuracy <= pool->counts.best_accuracy)) {
        pool->counts.best_accuracy = accuracy;
        describe(pool, i, pool->counts.best, sizeof pool->counts.best);
    }
}

/* 1 when the point's directory is there and whole. One that is damaged is run again, which `tell`
 * has it say. */
static int is_finished(struct pool *pool, uint32_t i, int tell) {
    struct mca_error reason;
    const int finished =
        mca_sweep_point_is_done(pool->job->dir, pool->job->plan, point_of(pool, i), &reason);
    if (!finished && tell && reason.message[0]) {
        mca_sweep_table_line(&pool->table, 0, "%s; running the point again", reason.message);
    }
    return finished;
}

static void note_failed(struct pool *pool, uint32_t i) {
    point_of(pool, i)->state = MCA_SWEEP_FAILED;
    pool->counts.failed += (uint32_t)mine(pool, i);
}

/* A sweep that was killed may leave the empty log of a point that was just done. */
static void remove_empty_log(const struct pool *pool, uint32_t i) {
    char path[MCA_PATH_SIZE];
    struct stat info;
    mca_sweep_point_path(path, pool->job->dir, point_of(pool, i)->hash, ".log");
    if (stat(path, &info) == 0 && info.st_size == 0) {
        (void)unlink(path);
    }
}

/* Looks at what is there. What failed before is tried again, by whose it is. */
static void survey(struct pool *pool) {
    const struct mca_sweep_points *points = pool->job->points;
    for (uint32_t i = 0; i < points->count; ++i) {
        pool->counts.total += (uint32_t)mine(pool, i);
        if (is_finished(pool, i, 0)) {
            note_done(pool, i);
            remove_empty_log(pool, i);
        }
    }
}

/* Takes the points of a shard over whose claim is stale. */
static void take_over_dead_shards(struct pool *pool) {
    const struct mca_sweep_points *points = pool->job->points;
    const uint32_t shards = pool->job->shard.count;
    for (uint32_t i = 0; i < points->count; ++i) {
        const uint32_t shard = i % shards;
        if (pool->is_ours[shard] || point_of(pool, i)->state != MCA_SWEEP_OPEN ||
            mca_claim_look(&pool->claimant, point_of(pool, i)->hash) != MCA_CLAIM_STALE) {
            continue;
        }
        mca_sweep_table_line(&pool->table, 0, "shard %u/%u died; taking its points over", shard + 1,
                             shards);
        pool->is_ours[shard] = 1;
        for (uint32_t p = shard; p < points->count; p += shards) {
            ++pool->counts.total;
            pool->counts.done += point_of(pool, p)->state == MCA_SWEEP_DONE;
            pool->counts.failed += point_of(pool, p)->state == MCA_SWEEP_FAILED;
        }
    }
}

/* Starts a point on an idle worker, unless somebody else has it. */
static enum mca_status start(struct pool *pool, uint32_t i, struct worker *worker) {
    struct mca_sweep_point *point = point_of(pool, i);
    const uint64_t hash = point->hash;
    enum mca_claim claim;
    char path[MCA_PATH_SIZE];
    MCA_TRY(mca_claim_take(&pool->claimant, hash, &claim, pool->error));
    if (claim != MCA_CLAIM_TAKEN) {
        ++pool->held;
        return MCA_OK;
    }
    if (is_finished(pool, i, 1)) { /* by somebody else, in the meantime */
        mca_claim_release(&pool->claimant, hash);
        note_done(pool, i);
        return MCA_OK;
    }
    mca_sweep_point_path(path, pool->job->dir, hash, "");
    if (mca_run_directory_is_held(path)) { /* by what a dying process left */
        mca_claim_release(&pool->claimant, hash);
        ++pool->held;
        return MCA_OK;
    }
    mca_sweep_point_path(path, pool->job->dir, hash, ".failed");
    (void)unlink(path);
    const enum mca_status status =
        mca_sweep_worker_start(pool->job, point, &pool->mask, &worker->pid, pool->error);
    if (status != MCA_OK) {
        worker->pid = 0;
        mca_claim_release(&pool->claimant, hash);
        return status;
    }
    worker->point = i;
    point->state = MCA_SWEEP_RUNNING;
    ++pool->running;
    return MCA_OK;
}

static struct worker *idle_worker(struct pool *pool) {
    for (uint32_t w = 0; w < pool->job->processes; ++w) {
        if (pool->workers[w].pid == 0) {
            return &pool->workers[w];
        }
    }
    return NULL;
}

/* Fills the idle workers from point *next on; pool->held counts what others hold. */
static enum mca_status start_more(struct pool *pool, uint32_t *next) {
    const uint32_t count = pool->job->points->count;
    struct worker *worker = idle_worker(pool);
    for (; *next < count && worker; ++*next) {
        if (mine(pool, *next) && point_of(pool, *next)->state == MCA_SWEEP_OPEN) {
            MCA_TRY(start(pool, *next, worker));
            worker = idle_worker(pool);
        }
    }
    return MCA_OK;
}

/* A worker's process ended. */
static enum mca_status settle(struct pool *pool, struct worker *worker, int wait_status) {
    const uint32_t i = worker->point;
    struct mca_sweep_point *point = point_of(pool, i);
    char reason[512];
    worker->pid = 0;
    --pool->running;
    point->state = MCA_SWEEP_OPEN;
    /* stopped by somebody, not with us: once it may begin anew */
    const int may_stop = mca_stop_requested() != 0 || !pool->was_stopped[i];
    int stopped;
    enum mca_status status = mca_sweep_worker_settle(pool->job->dir, point->hash, wait_status,
                                                     may_stop, &stopped, reason, pool->error);
    pool->was_stopped[i] |= (uint8_t)stopped;
    pool->stopped += (uint32_t)stopped;
    if (status == MCA_OK && is_finished(pool, i, 1)) {
        ++pool->counts.ran;
        note_done(pool, i);
        if (reason[0] != '\0') { /* a notice, as of a checkpoint that it could not go on from */
            mca_sweep_table_line(&pool->table, 0, "point %016" PRIx64 ": %.900s", point->hash,
                                 reason);
        }
    } else if (status == MCA_OK && mca_sweep_point_has_failed(pool->job->dir, point)) {
        char settings[256];
        ++pool->counts.ran;
        note_failed(pool, i);
        describe(pool, i, settings, sizeof settings);
        mca_sweep_table_line(&pool->table, 1, "point %016" PRIx64 " failed (%s): %s", point->hash,
                             settings, reason);
    }
    mca_claim_release(&pool->claimant, point->hash);
    return status;
}

/* Settles every process that ended. */
static enum mca_status reap(struct pool *pool) {
    enum mca_status first = MCA_OK;
    for (uint32_t w = 0; w < pool->job->processes; ++w) {
        struct worker *worker = &pool->workers[w];
        int wait_status;
        if (worker->pid > 0 && waitpid(worker->pid, &wait_status, WNOHANG) == worker->pid) {
            const enum mca_status status = settle(pool, worker, wait_status);
            first = first == MCA_OK ? status : first;
        }
    }
    return first;
}

static void beat(struct pool *pool) {
    const double now_s = mca_now_s();
    if (now_s - pool->beat_s < MCA_CLAIM_BEAT_S) {
        return;
    }
    pool->beat_s = now_s;
    mca_claim_beat(&pool->claimant);
    for (uint32_t w = 0; w < pool->job->processes; ++w) {
        if (pool->workers[w].pid > 0) {
            mca_claim_touch(&pool->claimant, point_of(pool, pool->workers[w].point)->hash);
        }
    }
}

/* Waits for the end of a process, a signal, or a quarter of a second. */
static void wait_a_while(struct pool *pool) {
    sigset_t child;
    const struct timespec quarter = {0, 250000000};
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)sigtimedwait(&child, NULL, &quarter);
    beat(pool);
}

static void stop_workers(struct pool *pool) {
    struct mca_error *error = pool->error;
    struct mca_error ignored;
    pool->error = &ignored;
    for (uint32_t w = 0; w < pool->job->processes; ++w) {
        if (pool->workers[w].pid > 0) {
            (void)kill(pool->workers[w].pid, SIGTERM);
        }
    }
    while (pool->running > 0) {
        (void)reap(pool);
        if (pool->running > 0) {
            wait_a_while(pool);
        }
    }
    pool->error = error;
}

/* One pass over the points: until every one of ours is settled or held by somebody else. */
static enum mca_status run_pass(struct pool *pool) {
    uint32_t next = 0;
    pool->held = 0;
    pool->stopped = 0;
    for (;;) {
        MCA_TRY(mca_stop_check(pool->error));
        MCA_TRY(start_more(pool, &next));
        pool->counts.running = pool->running;
        mca_sweep_table_show(&pool->table, &pool->counts, pool->counts.ran == 0);
        if (pool->running == 0) {
            return MCA_OK;
        }
        wait_a_while(pool);
        MCA_TRY(reap(pool));
    }
}

/* Others may have finished or failed what was not ours, or be trying again what failed. */
static void look_again(struct pool *pool) {
    for (uint32_t i = 0; i < pool->job->points->count; ++i) {
        struct mca_sweep_point *point = point_of(pool, i);
        const int waits = point->state == MCA_SWEEP_OPEN;
        const int failed_elsewhere = point->state == MCA_SWEEP_FAILED && !mine(pool, i);
        if (!waits && !failed_elsewhere) {
            continue;
        }
        if (is_finished(pool, i, 0)) {
            note_done(pool, i);
        } else if ((pool->held > 0 || !mine(pool, i)) &&
                   mca_sweep_point_has_failed(pool->job->dir, point)) {
            note_failed(pool, i);
        } else {
            point->state = MCA_SWEEP_OPEN;
        }
    }
}

/* Told once: there may be long to wait. */
static void report_wait(struct pool *pool) {
    if (!pool->has_waited) {
        mca_sweep_table_line(&pool->table, 0, "%u point%s held by other processes; waiting",
                             pool->held, pool->held == 1 ? " is" : "s are");
    }
    pool->has_waited = 1;
}

static enum mca_status run_passes(struct pool *pool) {
    do {
        MCA_TRY(run_pass(pool));
        look_again(pool);
        const uint32_t total = pool->counts.total;
        take_over_dead_shards(pool);
        if (pool->held > 0) {
            report_wait(pool);
            wait_a_while(pool);
        }
        pool->held += pool->counts.total > total;
    } while (pool->held > 0 || pool->stopped > 0);
    return MCA_OK;
}

static void report_start(struct pool *pool) {
    const struct mca_sweep_counts *counts = &pool->counts;
    if (counts->done + counts->failed < counts->total) {
        mca_sweep_table_line(&pool->table, 0, "%u point%s, %u done before; %u at a time",
                             counts->total, counts->total == 1 ? "" : "s", counts->done,
                             pool->job->processes);
    }
}

static enum mca_status run_pool(struct pool *pool) {
    sigset_t child;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &child, &pool->mask);
    mca_stop_watch();
    survey(pool);
    report_start(pool);
    /* pages that loading the data left would be copied by every process that writes to them */
    (void)malloc_trim(0);
    const enum mca_status status = run_passes(pool);
    if (status != MCA_OK) {
        stop_workers(pool);
    }
    pool->counts.running = 0;
    mca_sweep_table_show(&pool->table, &pool->counts, 1);
    mca_sweep_table_end(&pool->table);
    (void)sigprocmask(SIG_SETMASK, &pool->mask, NULL);
    return status;
}

enum mca_status mca_sweep_run(const struct mca_sweep_job *job, struct mca_sweep_outcome *outcome,
                              struct mca_error *error) {
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool) {
        return mca_fail_memory(error, "sweep");
    }
    *pool = (struct pool){.job = job,
                          .was_stopped = calloc(job->points->count, 1),
                          .is_ours = calloc(job->shard.count, 1),
                          .workers = calloc(job->processes, sizeof(struct worker)),
                          .counts = {.best_accuracy = (double)NAN},
                          .beat_s = mca_now_s(),
                          .error = error};
    enum mca_status status = pool->was_stopped && pool->is_ours && pool->workers
                                 ? mca_claimant_init(&pool->claimant, job->dir, error)
                                 : mca_fail_memory(error, "sweep");
    if (status == MCA_OK) {
        pool->is_ours[job->shard.index] = 1;
        mca_sweep_table_init(&pool->table, job->quiet);
        status = run_pool(pool);
        mca_claimant_deinit(&pool->claimant);
    }
    *outcome = (struct mca_sweep_outcome){0, 0, 0};
    for (uint32_t i = 0; i < job->points->count; ++i) {
        outcome->done += job->points->list[i].state == MCA_SWEEP_DONE;
        outcome->failed += job->points->list[i].state == MCA_SWEEP_FAILED;
    }
    outcome->open = job->points->count - outcome->done - outcome->failed;
    free(pool->was_stopped);
    free(pool->is_ours);
    free(pool->workers);
    free(pool);
    return status;
}
