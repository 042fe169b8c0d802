/*
 * A table of anchors: what was published or measured beside what the model gives, and a verdict.
 * `mcasim validate` fills it (cli/validate/) and prints it.
 */
#ifndef MCA_REPORTS_TABLES_VALIDATION_H
#define MCA_REPORTS_TABLES_VALIDATION_H

#include <stdint.h>
#include <stdio.h>

#include "base/json_writer.h"

enum mca_anchor_basis {
    MCA_ANCHOR_PREDICTED, /* the model was not made to give it */
    MCA_ANCHOR_CALIBRATED /* a constant of the model was chosen so that it does */
};

enum mca_anchor_rule {
    MCA_ANCHOR_RELATIVE, /* |got / expected - 1| <= tolerance */
    MCA_ANCHOR_ABSOLUTE, /* |got - expected| <= tolerance, in the unit */
    MCA_ANCHOR_AT_LEAST  /* got >= expected */
};

enum mca_verdict {
    MCA_VERDICT_PASS,
    MCA_VERDICT_EXPLAINED, /* out, and a page says why from constants */
    MCA_VERDICT_FAIL,
    MCA_VERDICT_NOT_RUN /* data or time for it were not there */
};

/* Strings must outlive the table. */
struct mca_anchor {
    const char *group; /* "device" */
    const char *name;  /* "mean after 3 pulses" */
    const char *source;
    const char *unit; /* "uS", "J", "s", "" */
    enum mca_anchor_basis basis;
    enum mca_anchor_rule rule;
    double expected;
    double got; /* NAN: not run */
    double tolerance;
    const char *page; /* that explains a deviation, or NULL where none is accepted ... */
    double explained; /* ... and the figure that it explains: another one fails, 10 % off or more */
};

enum { MCA_ANCHORS_MAX = 64 };

struct mca_validation {
    struct mca_anchor anchors[MCA_ANCHORS_MAX];
    uint32_t count;
};

/* Adds an anchor; there is room for MCA_ANCHORS_MAX (asserted). */
void mca_validation_add(struct mca_validation *validation, const struct mca_anchor *anchor);

enum mca_verdict mca_anchor_verdict(const struct mca_anchor *anchor);

/* Anchors with a verdict. */
uint32_t mca_validation_count(const struct mca_validation *validation, enum mca_verdict verdict);

void mca_validation_print(FILE *out, const struct mca_validation *validation, int colour);

/* Puts into a document: {"anchors": [{group, name, source, basis, unit, rule, expected, got,
 * deviation, tolerance, verdict, page}, ...], "passed", "explained", "failed", "not_run"}. */
void mca__validation_put(struct mca__json *json, const struct mca_validation *validation);

#endif
