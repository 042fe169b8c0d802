#include "sweep/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/durable_file.h"
#include "base/file_input.h"
#include "run/job.h"
#include "run/sums.h"
#include "sweep/directory.h"

static void send_output_to(const char *log) {
    (void)unlink(log); /* of an earlier try; a link is not followed */
    const int fd = open(log, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
    if (fd >= 0) {
        (void)dup2(fd, STDOUT_FILENO);
        (void)dup2(fd, STDERR_FILENO);
        (void)close(fd);
    }
}

/* A point's hash is of the weights as they were when the sweep began. */
static enum mca_status check_weights(const struct mca_sweep_plan *plan, struct mca_error *error) {
    uint64_t hash;
    if (plan->weights[0] == '\0') {
        return MCA_OK;
    }
    MCA_TRY(mca_weights_sum(plan->weights, &hash, error));
    return hash == plan->weights_hash
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "%.400s: was changed since the sweep began",
                          plan->weights);
}

static enum mca_status run(const struct mca_sweep_job *job, const struct mca_sweep_point *point,
                           const char *output, struct mca_error *error) {
    struct mca_loaded_scenario *s = malloc(sizeof *s);
    if (!s) {
        return mca_fail_memory(error, "scenario");
    }
    enum mca_status status =
        mca_sweep_plan_scenario(job->plan, point->plan_index, &s->scenario, &s->origins, error);
    if (status == MCA_OK) {
        status = check_weights(job->plan, error);
    }
    if (status == MCA_OK) {
        const struct mca_run_job run = {.reporter = job->reporter,
                                        .scenario = {.resolved = &s->scenario},
                                        .output = output,
                                        .weights =
                                            job->plan->weights[0] ? job->plan->weights : NULL,
                                        .data = job->data_dir,
                                        .threads = 1,
                                        .force = 1, /* over a directory that is not whole */
                                        .resume = MCA_RESUME_IF_POSSIBLE,
                                        .checkpoint_every_s = MCA_CHECKPOINT_EVERY_S,
                                        .quiet = 1,
                                        .without_page = 1};
        status = mca_perform_run(&run, NULL, error);
    }
    free(s);
    return status;
}

enum mca_status mca_sweep_worker_start(const struct mca_sweep_job *job,
                                       const struct mca_sweep_point *point, const sigset_t *mask,
                                       pid_t *pid, struct mca_error *error) {
    char output[MCA_PATH_SIZE];
    char log[MCA_PATH_SIZE];
    const pid_t parent = getpid();
    mca_sweep_point_path(output, job->dir, point->hash, "");
    mca_sweep_point_path(log, job->dir, point->hash, ".log");
    (void)fflush(NULL);
    *pid = fork();
    if (*pid < 0) {
        return mca_fail_errno(error, "cannot start a process");
    }
    if (*pid > 0) {
        return MCA_OK;
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) { /* it died before that */
        _exit(MCA_FAILED);
    }
    (void)sigprocmask(SIG_SETMASK, mask, NULL);
    send_output_to(log);
    const enum mca_status status = run(job, point, output, error);
    if (status != MCA_OK) {
        (void)fprintf(stderr, "%s\n", error->message);
    }
    (void)fflush(NULL);
    _exit((int)status);
}

/* The last line of a log, or "" where there is none. */
static void last_line(const char *path, char line[512]) {
    char *read = NULL;
    size_t room = 0;
    FILE *file;
    struct mca_error ignored;
    line[0] = '\0';
    if (mca_open_regular(path, &file, &ignored) != MCA_OK) {
        return;
    }
    while (getline(&read, &room, file) > 0) {
        read[strcspn(read, "\n")] = '\0';
        (void)snprintf(line, 512, "%s", read);
    }
    free(read);
    (void)fclose(file);
}

enum mca_status mca_sweep_worker_settle(const char *dir, uint64_t hash, int status, int may_stop,
                                        int *stopped, char reason[512], struct mca_error *error) {
    char log[MCA_PATH_SIZE];
    char mark[MCA_PATH_SIZE];
    struct stat info;
    mca_sweep_point_path(log, dir, hash, ".log");
    mca_sweep_point_path(mark, dir, hash, ".failed");
    last_line(log, reason);
    /* by a signal where it came before the process could mind it */
    *stopped =
        may_stop && (WIFSIGNALED(status) ? WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGINT
                                         : WEXITSTATUS(status) == MCA_INTERRUPTED ||
                                               WEXITSTATUS(status) == MCA_TERMINATED);
    if (*stopped || (stat(log, &info) == 0 && info.st_size == 0)) {
        (void)unlink(log);
    }
    if (*stopped || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        return MCA_OK;
    }
    if (WIFSIGNALED(status)) {
        (void)snprintf(reason, 512, "ended by signal %d", WTERMSIG(status));
    } else if (reason[0] == '\0') {
        (void)snprintf(reason, 512, "exit status %d", WEXITSTATUS(status));
    }
    mca_text_tame(reason, '?');
    if (WIFEXITED(status) && WEXITSTATUS(status) == MCA_SYSTEM) {
        (void)unlink(log); /* no fault of the point: the next ones would end like it */
        return mca_fail(error, MCA_SYSTEM, "%s; the same command resumes", reason);
    }
    char text[520];
    const int n = snprintf(text, sizeof text, "%s\n", reason);
    return mca_write_whole(mark, text, (size_t)n, error);
}
