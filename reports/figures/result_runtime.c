/* The simulation itself: what it took of the machine that ran it. */
#include "reports/figures/facts.h"
#include "reports/figures/result_lines.h"

/* Images a second of this process. */
static double train_rate(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    return mca__ratio((double)(run->result->images - run->runtime.trained_before),
                      run->runtime.train_wall_s);
}

static double test_rate(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    return mca__ratio((double)(run->result->tested_images - run->runtime.tested_before),
                      run->runtime.test_wall_s);
}

static double memory(const struct mca_result_place *place) {
    return (double)place->subject.run->runtime.peak_rss_bytes;
}

static double threads(const struct mca_result_place *place) {
    return place->subject.run->runtime.threads;
}

const struct mca_result_figure mca__runtime_figures[] = {
    FIGURE("runtime.wall_s", SI, "s", NEITHER, "time of the simulation",
           "seconds that the simulation took on the machine that ran it", .unlisted = MCA_OF_CHIP,
           .needs_runtime = 1, .number = RUNTIME(wall_s)),
    FIGURE("runtime.train_images_per_s", NUMBER, "images/s", NEITHER, "training images a second",
           "training images simulated a second", .unlisted = MCA_OF_CHIP, .needs_runtime = 1,
           .number = TERM("measured"), .value = train_rate),
    FIGURE("runtime.test_images_per_s", NUMBER, "images/s", NEITHER, "test images a second",
           "test images simulated a second", .unlisted = MCA_OF_CHIP, .needs_runtime = 1,
           .number = TERM("measured"), .value = test_rate),
    FIGURE("runtime.peak_rss_bytes", COUNT, "bytes", NEITHER, "memory",
           "the most memory that the simulation held", .unlisted = MCA_OF_CHIP, .needs_runtime = 1,
           .number = TERM("measured"), .value = memory),
    FIGURE("runtime.threads", COUNT, "", NEITHER, "threads", "threads that the simulation ran on",
           .unlisted = MCA_OF_CHIP, .needs_runtime = 1, .number = TERM("measured"),
           .value = threads),
    {.key = NULL},
};
