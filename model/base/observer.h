/*
 * What a long job tells its caller. The library prints nothing: notices and progress go through
 * these callbacks, and the caller may ask the job to stop. Every callback may be NULL.
 */
#ifndef MCA_BASE_OBSERVER_H
#define MCA_BASE_OBSERVER_H

#include <stdint.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

struct mca_progress {
    const char *stage; /* that ends here: "init", "train", "test" */
    uint32_t epoch;    /* from 1 */
    uint32_t epochs;
    uint64_t done;  /* images of the whole job so far */
    uint64_t total; /* images of the whole job */
};

struct mca_observer {
    void *user;
    void (*notice)(void *user, const char *line); /* one line without newline */
    void (*progress)(void *user, const struct mca_progress *progress);
    int (*stop)(void *user); /* 0 to go on, or the mca_status to stop with */
};

static inline void mca_observer_notice(const struct mca_observer *observer, const char *line) {
    if (observer && observer->notice) {
        observer->notice(observer->user, line);
    }
}

/* 0 to go on, or the mca_status to stop with. */
static inline int mca_observer_stop(const struct mca_observer *observer) {
    return observer && observer->stop ? observer->stop(observer->user) : 0;
}

/* The same of a line that is put together; what is longer than a path and an error is cut off. */
void mca_observer_tell(const struct mca_observer *observer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A `stop` whose `user` is a volatile int: 0, or the mca_status to stop with, which another thread
 * or a signal handler puts there. */
int mca_stop_flag(void *user);

MCA_C_END

#endif
