/*
 * What the figures that a run has measured advise: lines for people, in summary.json, on the
 * terminal and on the page. Who reports a run makes them (run/reporter.h); here they are kept.
 */
#ifndef MCA_RUN_ADVICE_LIST_H
#define MCA_RUN_ADVICE_LIST_H

#include <stdint.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

enum { MCA_ADVICE_MAX = 32, MCA_ADVICE_KEY_SIZE = 64, MCA_ADVICE_TEXT_SIZE = 400 };

struct mca_advice {
    char rule[MCA_ADVICE_KEY_SIZE]; /* what was seen, as a name: "converter_coarse" */
    char key[MCA_ADVICE_KEY_SIZE];  /* of the scenario: where to look first */
    double value;                   /* measured */
    double threshold;               /* that it has passed */
    char text[MCA_ADVICE_TEXT_SIZE];
};

/* The likeliest cause first. */
struct mca_advice_list {
    uint32_t count;
    struct mca_advice lines[MCA_ADVICE_MAX];
};

MCA_C_END

#endif
