/* Progress and notices of a run on stderr, and the wall clock. */
#ifndef MCA_RUN_PROGRESS_H
#define MCA_RUN_PROGRESS_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/observer.h"

MCA_C_BEGIN

struct mca_progress_bar {
    int quiet;
    int bar; /* stderr is a terminal that can redraw a line */
    int colour;
    int columns; /* of the terminal */
    int drawn;   /* a bar stands on the line */
    double start_s;
    uint64_t start_done; /* images that were done when the job began */
    double drawn_s;      /* when it was last drawn */
    double last_s;       /* of the last call */
    double train_s;      /* time spent in stages */
    double test_s;
    int holds;
    char *held; /* notices, each with the end of its line; NULL: none */
};

void mca_progress_init(struct mca_progress_bar *progress, int quiet);

/* Takes the bar off the screen. */
void mca_progress_end(struct mca_progress_bar *progress);

/* From here on notices are held back, until it is known that the job begins: what fails before
 * leaves its error alone. */
void mca_progress_hold(struct mca_progress_bar *progress);

/* Prints the notices that were held back, or drops them; those that come after it are printed. */
void mca_progress_release(struct mca_progress_bar *progress, int drops);

/* An observer that draws, notes stage times and passes stop requests on. `progress` must outlive
 * it. */
struct mca_observer mca_progress_observer(struct mca_progress_bar *progress);

/* "2:05" or "1:02:05". */
void mca_format_time(double seconds, char text[32]);

/* Monotonic wall clock. */
double mca_now_s(void);

MCA_C_END

#endif
