/*
 * Ranges of sums and of ratios of sums. Two kinds of error are kept apart: each figure of a
 * library has an uncertainty of its own, independent of the others', and shares causes of error
 * with other figures, which a cause moves all by the same factor. Each such source of error is
 * moved to its ends alone; the changes, as factors on the result, are combined in quadrature:
 *
 *   high = value (1 + sqrt(sum up_i^2))     up_i   = value with source i high / value - 1
 *   low  = value / (1 + sqrt(sum down_i^2)) down_i = value / value with source i low - 1
 *
 * One source alone gives its own ends; small errors give the ordinary law; low is never negative.
 */
#ifndef MCA_COST_UNCERTAINTY_H
#define MCA_COST_UNCERTAINTY_H

#include "base/c_linkage.h"
#include "cost/component_library.h"

MCA_C_BEGIN

/* How much of a sum comes of each figure of the library, in the unit of the sum; all >= 0. */
struct mca_shares {
    double of[MCA_FIGURE_COUNT];
};

struct mca_range {
    double low;
    double high;
};

/* One source of error: a figure by itself, or a cause. */
struct mca_error_source {
    int is_cause;
    uint32_t index;     /* of the figure or of the cause */
    double share;       /* of the value that it moves, in the value's unit; of ratios NAN */
    double factor;      /* by which it moves that share up ... */
    double factor_down; /* ... and down */
    double up;          /* as above */
    double down;
};

enum { MCA_ERROR_SOURCES_MAX = (int)MCA_FIGURE_COUNT + (int)MCA_CAUSES_MAX };

enum mca_error_kind { MCA_ERRORS_ALL, MCA_ERRORS_INDEPENDENT, MCA_ERRORS_COMMON };

/* The sources that move a sum of `value` (up or down not 0); returns how many, none where it is 0.
 * Figures first. */
uint32_t mca_sum_errors(const struct mca_component_library *library,
                        const struct mca_shares *shares, double value,
                        struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]);

/* The same for the ratio top / bottom of two sums under one library: what both share cancels.
 * bottom > 0. */
uint32_t mca_ratio_errors(const struct mca_component_library *library,
                          const struct mca_shares *top_shares, double top,
                          const struct mca_shares *bottom_shares, double bottom,
                          struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]);

/* Combines sources of one kind, or all. */
struct mca_range mca_range_of(double value, const struct mca_error_source *sources, uint32_t count,
                              enum mca_error_kind kind);

/* Range of a sum, from all sources. {0, 0} for a value of 0. */
struct mca_range mca_sum_range(const struct mca_component_library *library,
                               const struct mca_shares *shares, double value);

MCA_C_END

#endif
