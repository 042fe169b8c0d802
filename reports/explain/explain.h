/*
 * What a figure of a run is made of: every key under energy_j, energy_other_j, latency_s, area_mm2,
 * milestones and baselines of summary.json, taken apart into counts and constants with their
 * sources. An explanation's value is computed from its terms, in their order, and equals the figure
 * in summary.json to the last digit.
 */
#ifndef MCA_REPORTS_EXPLAIN_EXPLAIN_H
#define MCA_REPORTS_EXPLAIN_EXPLAIN_H

#include <stdio.h>

#include "base/json_writer.h"
#include "run/priced_run.h"

enum { MCA_EXPLAIN_TERMS = MCA_ERROR_SOURCES_MAX, MCA_EXPLAIN_KEY_SIZE = 160 };

/* How terms make the value. */
enum mca_formula {
    MCA_FORMULA_SUM,  /* (sum of values) / divisor */
    MCA_FORMULA_HIGH, /* middle x (1 + sqrt(sum of values^2)) */
    MCA_FORMULA_LOW   /* middle / (1 + sqrt(sum of values^2)) */
};

struct mca_term {
    char name[MCA_EXPLAIN_KEY_SIZE]; /* phase, component, source of error, or the key of a part */
    int is_key;                      /* the name is a key that can be explained in turn */
    double amount;                   /* count, or instances x seconds; of errors the share moved */
    double each;  /* the constant; of errors the factor; NAN where the value stands by itself */
    double value; /* amount x each; of errors the relative change */
    const struct mca_price *price;  /* the constant's, or NULL */
    const struct mca_cause *cause;  /* of an error, or NULL */
    const struct mca_figure *error; /* the figure whose own error it is, or NULL */
};

struct mca_explanation {
    char key[MCA_EXPLAIN_KEY_SIZE];
    const char *unit;    /* "J", "s", "mm2" or "" */
    const char *meaning; /* what the terms are and how they make the value */
    double value;        /* NAN where the key is a text or has none */
    double low;          /* range from the library's uncertainties; NAN where there is none */
    double high;
    enum mca_formula formula;
    double middle; /* what the ends of a range are ends of */
    double divisor;
    char divisor_name[MCA_EXPLAIN_KEY_SIZE]; /* "" where it is 1 */
    const char *text;                        /* of keys whose value is a text, else NULL */
    const struct mca_component_library *library;
    uint32_t term_count;
    struct mca_term terms[MCA_EXPLAIN_TERMS];
};

/* Explains a key. MCA_INVALID when there is none of that name; `error`, which may be NULL, then
 * says what may have been meant. */
enum mca_status mca_explain(struct mca_explanation *explanation,
                            const struct mca_priced_run *report, const char *key,
                            struct mca_error *error);

/* Explains every figure that the run has, in the order of summary.json, but those that speak for
 * themselves; `visit` may look at an explanation until it returns. */
typedef void mca_explanation_visit(void *user, const struct mca_explanation *explanation);
void mca_explain_all(const struct mca_priced_run *report, mca_explanation_visit *visit, void *user);

/* On the terminal; numbers with all digits, so that they can be recomputed. */
void mca_explanation_print(FILE *out, const struct mca_explanation *explanation, int colour);

/* The same as one JSON document, every term with where its constant is from; and the list of
 * figures with their values. MCA_SYSTEM for the stream, MCA_FAILED for memory. */
enum mca_status mca_explanation_print_json(FILE *out, const struct mca_explanation *explanation,
                                           struct mca_error *error);
enum mca_status mca_explanations_print_json(FILE *out, const struct mca_priced_run *report,
                                            struct mca_error *error);

/* The run's advice (run/advice_list.h): each line with its figure, and its key as the run had it.
 */
void mca_advice_print(FILE *out, const struct mca_priced_run *report);

/* Where a term's constant is from, or the error that it is: published value, the steps from there,
 * errors, source and note. Nothing for a term without one. */
void mca_explanation_print_origin(FILE *out, const struct mca_explanation *explanation,
                                  const struct mca_term *term);

/* Every figure's explanation under `explanations` of a page's data, and those of all parts that
 * they name; `constants` and `meanings` are lists of what they share. Parts that are 0 are left out
 * and counted. MCA_FAILED for memory. */
enum mca_status mca_explanations_put(struct mca__json *json, const struct mca_priced_run *report,
                                     struct mca_error *error);

#endif
