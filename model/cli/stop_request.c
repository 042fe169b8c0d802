#include "cli/stop_request.h"

#include <signal.h>
#include <string.h>

#include "base/status.h"

/* The one thing a signal handler may touch. */
static volatile sig_atomic_t requested_signal;

static void note(int number) {
    requested_signal = number;
}

void cli_stop_watch(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
        (void)sigaction(SIGHUP, &action, NULL); /* but nohup stays in force */
    }
}

int cli_stop_requested(void) {
    if (requested_signal == 0) {
        return 0;
    }
    return requested_signal == SIGINT ? MCA_INTERRUPTED : MCA_TERMINATED;
}
