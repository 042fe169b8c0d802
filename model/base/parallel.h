/*
 * Static parallel loops on POSIX threads. Work items write disjoint results, so the outcome does
 * not depend on the number of threads.
 */
#ifndef MCA_BASE_PARALLEL_H
#define MCA_BASE_PARALLEL_H

#include <stdint.h>

/* One item of work; `thread` < threads names the caller's work space. */
typedef void (*mca_parallel_fn)(void *user, uint32_t thread, uint64_t item);

/*
 * Calls fn for every item < count, thread t taking items t, t + threads, ...; the calling thread
 * works too. When threads cannot be started their items are done by the caller.
 */
void mca_parallel_for(uint32_t threads, uint64_t count, mca_parallel_fn fn, void *user);

#endif
