/* Ages as a person writes them. */
#ifndef MCA_TRAIN_AGES_H
#define MCA_TRAIN_AGES_H

#include "base/c_linkage.h"
#include "base/list.h"
#include "base/status.h"

MCA_C_BEGIN

/* What ages are given and shown in; the last one's name is NULL. */
struct mca_age_unit {
    const char *name;
    double seconds;
};
extern const struct mca_age_unit mca_age_units[]; /* rising, from the second */

/*
 * Ages from text: numbers with a unit right behind them ("30d"; seconds without), with commas
 * between them. MCA_INVALID for what is none, negative, not finite or above 1e10 s, given twice, or
 * more than MCA_LIST_MAX; `error` tells which.
 */
enum mca_status mca_ages_parse(struct mca_f64_list *ages_s, const char *text,
                               struct mca_error *error);

MCA_C_END

#endif
