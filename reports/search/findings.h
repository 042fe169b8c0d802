/* What a search has found, as its writers share it. */
#ifndef MCA_REPORTS_SEARCH_FINDINGS_H
#define MCA_REPORTS_SEARCH_FINDINGS_H

#include "reports/figures/result_figures.h"
#include "reports/figures/statistics.h"
#include "reports/search/results.h"

/* What one value of an axis does, against the mean over the axis. */
struct mca__search_effect {
    double change[MCA_SEARCH_FIGURES_MAX]; /* of a cost a share of it; of an accuracy a difference;
                                              NAN where it is not known */
};

struct mca__findings {
    const struct mca_search_results *results;
    uint32_t none;    /* what stands for no setting */
    uint32_t best;    /* or none */
    uint32_t nearest; /* of those run in full the one that misses least; none where one keeps */
    uint32_t cheaper; /* the cheapest run in full below the best that misses a constraint; or none
                         */
    uint32_t *full;   /* settings that were run in full, ascending */
    uint32_t full_count;
    uint32_t *ties; /* that cannot be told apart from the best by their objectives */
    uint32_t tie_count;
    uint32_t x; /* figures of the front; both the same where there is but one */
    uint32_t y;
    uint32_t *front; /* the best in x first */
    uint32_t front_count;
    uint32_t knee;                      /* or none */
    struct mca__search_effect *effects; /* of each row of each axis */
    uint32_t *first;                    /* [axes + 1]: of an axis */
    double *values;                     /* [seeds]: room for those of a figure */
};

/* MCA_FAILED for memory. Released with mca__findings_deinit, also then. */
enum mca_status mca__findings_init(struct mca__findings *findings,
                                   const struct mca_search_results *results,
                                   struct mca_error *error);
void mca__findings_deinit(struct mca__findings *findings);

/* A figure of a setting run in full over its seeds. */
struct mca_sample_statistics mca__search_statistics(const struct mca__findings *findings,
                                                    uint32_t setting, uint32_t figure);

/* Half of the 95 % interval of that figure's mean: over three seeds or more, or of an accuracy over
 * the images that it is of; 0 where nothing tells. */
double mca__search_doubt(const struct mca__findings *findings, uint32_t setting, uint32_t figure);

/* The line of a figure in the table of results, and a value as a person reads it. */
const struct mca_result_figure *mca__search_figure(const struct mca_search_plan *plan,
                                                   uint32_t figure);
struct mca__text mca__search_value(const struct mca_search_plan *plan, uint32_t figure,
                                   double value);

/* "adc.bits 6, dpu.lanes 16": the keys of the space. */
void mca__search_setting_text(const struct mca_search_plan *plan, uint32_t setting, char *text,
                              size_t size);
/* The value of a key of the space in a setting; `room` has MCA_VALUE_TEXT_SIZE bytes. */
const char *mca__search_key_text(const struct mca_search_plan *plan, uint32_t setting,
                                 uint32_t slot, char *room);
/* "adc.bits 6" or, of an axis of several keys, "adc.bits 6, timing.adc_conversion_ps 19200". */
void mca__search_row_text(const struct mca_search_plan *plan, uint32_t axis, uint32_t row,
                          char *text, size_t size);
/* Keys of the space; those of the rungs and the seed are behind them. */
uint32_t mca__search_key_count(const struct mca_search_plan *plan);

/* What was found, in a paragraph. */
void mca__search_paragraph(const struct mca__findings *findings, char text[MCA_SEARCH_TEXT_SIZE]);

#endif
