/* Inside of explanations: what explain.c (energy, latency, area), explain_terms.c (terms and ends
 * of ranges) and explain_designs.c (digital designs, milestones) share. */
#ifndef MCA_REPORTS_EXPLAIN_EXPLAIN_STATE_H
#define MCA_REPORTS_EXPLAIN_EXPLAIN_STATE_H

#include "reports/explain/explain.h"

/* What is taken apart: the chip, or a digital design beside it. */
struct mca__subject {
    char prefix[64]; /* of its keys: "" or "baselines.digital_fp32." */
    const struct mca_ledger *ledger;
    const struct mca_inventory *inventory;
    const struct mca_price_list *prices;
    const struct mca_pricing *pricing;
    double images;
};

enum mca__bound { MCA__MIDDLE, MCA__LOW, MCA__HIGH };

/* What stands behind `prefix` in `key`, or NULL. */
const char *mca__after(const char *key, const char *prefix);

/* Index of `name` among `count` names, or -1. */
int mca__find(const char *name, int count, const char *(*name_of)(int));

/* explain_terms.c */
struct mca_term *mca__add_term(struct mca_explanation *x, const char *name, double value);
/* A part with an explanation of its own: PREFIX SECTION NAME. */
void mca__add_part(struct mca_explanation *x, const struct mca__subject *s, const char *section,
                   const char *name, double value);
void mca__add_product(struct mca_explanation *x, const char *name, double amount,
                      const struct mca_price *price);
void mca__divide_by(struct mca_explanation *x, double divisor, const char *name);
void mca__set_range(struct mca_explanation *x, struct mca_range range);
/* One end of a range: the sources of error and what each alone does to the value. */
void mca__explain_end(struct mca_explanation *x, enum mca__bound bound, double middle,
                      const struct mca_error_source *sources, uint32_t count);
void mca__explain_sum_end(struct mca_explanation *x, enum mca__bound bound,
                          const struct mca_shares *shares, double middle);

/* explain.c; 0 when there is no key of that name. */
int mca__explain_subject(struct mca_explanation *x, const struct mca__subject *s, const char *key);
int mca__explain_area(struct mca_explanation *x, const struct mca__subject *s, const char *name);
void mca__explain_per_image(struct mca_explanation *x, const struct mca__subject *s,
                            const char *part, double value);
void mca__explain_time(struct mca_explanation *x, const struct mca_ledger *ledger, int first,
                       int last);

/* explain_counts.c: accuracy, writes, health; 0 when there is no key of that name. */
int mca__explain_count(struct mca_explanation *x, const struct mca_priced_run *report,
                       const char *key);

/* explain_designs.c; `key` without "baselines." or "milestones.". */
int mca__explain_baseline(struct mca_explanation *x, const struct mca_priced_run *report,
                          const char *key);
int mca__explain_milestone(struct mca_explanation *x, const struct mca_priced_run *report,
                           const char *key);

#endif
