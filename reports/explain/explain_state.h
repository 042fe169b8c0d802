/* Inside of explanations: what explain.c (energy, time, area), counts.c, designs.c (digital
 * designs, milestones) and terms.c (terms and ends of ranges) share. */
#ifndef MCA_REPORTS_EXPLAIN_EXPLAIN_STATE_H
#define MCA_REPORTS_EXPLAIN_EXPLAIN_STATE_H

#include "reports/explain/explain.h"
#include "reports/figures/result_figures.h"

/* terms.c */
struct mca_term *mca__add_term(struct mca_explanation *x, const char *name, double value);
/* A part with an explanation of its own: PREFIX SECTION NAME. */
void mca__add_part(struct mca_explanation *x, const struct mca_result_subject *s,
                   const char *section, const char *name, double value);
void mca__add_product(struct mca_explanation *x, const char *name, double amount,
                      const struct mca_price *price);
void mca__divide_by(struct mca_explanation *x, double divisor, const char *name);
void mca__set_range(struct mca_explanation *x, struct mca_range range);
/* One end of a range: the sources of error and what each alone does to the value. */
void mca__explain_end(struct mca_explanation *x, enum mca_result_bound bound, double middle,
                      const struct mca_error_source *sources, uint32_t count);
void mca__explain_sum_end(struct mca_explanation *x, enum mca_result_bound bound,
                          const struct mca_shares *shares, double middle);

/* explain.c: picoseconds of the phases first .. last. */
void mca__explain_path(struct mca_explanation *x, const struct mca_ledger *ledger, int first,
                       int last);

/* Fill in the terms of a figure; 0 when the run has none. counts.c */
int mca__explain_numbers(struct mca_explanation *x, const struct mca_result_place *place);
int mca__explain_pulses(struct mca_explanation *x, const struct mca_result_place *place);
/* designs.c */
int mca__explain_ratio(struct mca_explanation *x, const struct mca_result_place *place);
int mca__explain_epoch_energy(struct mca_explanation *x, const struct mca_result_place *place);
int mca__explain_epoch_time(struct mca_explanation *x, const struct mca_result_place *place);

#endif
