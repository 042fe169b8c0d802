/* Means with intervals over seeds, and Pareto fronts. */
#ifndef MCA_REPORTS_FIGURES_STATISTICS_H
#define MCA_REPORTS_FIGURES_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct mca_sample_statistics {
    uint32_t count; /* values that are numbers */
    double mean;    /* NAN for none */
    double std;     /* of the sample (n - 1); NAN below two values, like the interval */
    double low;     /* mean -+ t std / sqrt(n): 95 % interval of the mean */
    double high;
};

/*
 * Student's t with P(|T| <= t) = 0.95 for `dof` >= 1 degrees of freedom, relative error below 1e-9.
 * The distribution is the finite series of Abramowitz and Stegun, "Handbook of Mathematical
 * Functions" (1964), 26.7.3 and 26.7.4, inverted by bisection in the angle.
 */
double mca_student_t_95(uint32_t dof);

/* Values that are not finite are left out. */
struct mca_sample_statistics mca_sample_statistics(const double *values, size_t count);

/* One of two quantities to be judged by. */
struct mca_pareto_axis {
    const double *values;
    int sign; /* 1: more is better, -1: less is */
};

/*
 * Fills front[0 .. *used - 1], of room for `count`, with the numbers of the points that no other
 * point dominates: is as good in both and better in one. The best in x is the first; of equals,
 * that of the least number. Points with a value that is not finite are on no front. MCA_FAILED for
 * memory.
 */
enum mca_status mca_pareto_front(struct mca_pareto_axis x, struct mca_pareto_axis y, size_t count,
                                 uint32_t *front, uint32_t *used, struct mca_error *error);

#endif
