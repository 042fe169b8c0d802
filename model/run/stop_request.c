#include "run/stop_request.h"

#include <signal.h>
#include <string.h>
#include <time.h>

/* The one thing a signal handler may touch. */
static volatile sig_atomic_t requested_signal;

static volatile sig_atomic_t requested_s; /* of the monotonic clock */

/* One request may come as several signals at once: to a process and to its group, say. A person who
 * asks again does so later. */
static void note(int number) {
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (requested_signal == 0) {
        requested_s = (sig_atomic_t)now.tv_sec;
        requested_signal = number;
    } else if ((sig_atomic_t)now.tv_sec - requested_s > 1) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
}

void mca_stop_watch(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    (void)sigfillset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
        (void)sigaction(SIGHUP, &action, NULL); /* but nohup stays in force */
    }
}

int mca_stop_requested(void) {
    if (requested_signal == 0) {
        return 0;
    }
    return requested_signal == SIGINT ? MCA_INTERRUPTED : MCA_TERMINATED;
}

enum mca_status mca_stop_check(struct mca_error *error) {
    const int stop = mca_stop_requested();
    return stop == 0 ? MCA_OK : mca_fail(error, (enum mca_status)stop, "interrupted");
}
