#include "base/parallel.h"

#include <pthread.h>

enum { THREADS_MAX = 256 };

struct worker {
    pthread_t id;
    int started;
    uint32_t thread;
    uint32_t threads;
    uint64_t count;
    mca_parallel_fn fn;
    void *user;
};

static void *work(void *argument) {
    const struct worker *w = argument;
    for (uint64_t item = w->thread; item < w->count; item += w->threads) {
        w->fn(w->user, w->thread, item);
    }
    return NULL;
}

void mca_parallel_for(uint32_t threads, uint64_t count, mca_parallel_fn fn, void *user) {
    struct worker workers[THREADS_MAX];
    threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
    threads = threads > count && count > 0 ? (uint32_t)count : threads;
    for (uint32_t t = 0; t < threads; ++t) {
        workers[t] = (struct worker){
            .thread = t, .threads = threads, .count = count, .fn = fn, .user = user};
        workers[t].started = t > 0 && pthread_create(&workers[t].id, NULL, work, &workers[t]) == 0;
    }
    for (uint32_t t = 0; t < threads; ++t) {
        if (!workers[t].started) {
            (void)work(&workers[t]);
        }
    }
    for (uint32_t t = 1; t < threads; ++t) {
        if (workers[t].started) {
            (void)pthread_join(workers[t].id, NULL);
        }
    }
}
