/* Which settings of a sweep are as accurate as its best one, as far as its seeds tell. */
#include <stdlib.h>

#include "reports/sweep/settings.h"

enum { SEEDS_LEAST = 3 }; /* the interval of two differences is 13 standard errors wide */

/* The point of a setting that has `seed`; NULL where none is done. */
static const struct mca_sweep_point *point_of(const struct mca_sweep_results *results,
                                              uint32_t setting, uint64_t seed) {
    for (uint32_t i = 0; i < results->count; ++i) {
        const struct mca_sweep_point *p = &results->points[i];
        if (p->setting == setting && p->seed == seed && p->state == MCA_SWEEP_DONE) {
            return p;
        }
    }
    return NULL;
}

/* Of a metric, what setting s has more than `than`, seed by seed; `room` has room for all points.
 * Both train on the same data from the same beginnings, so a difference of one seed says more than
 * those of the means' intervals. */
static struct mca_sample_statistics difference_of(const struct mca_sweep_results *results,
                                                  uint32_t metric, uint32_t s, uint32_t than,
                                                  double *room) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < results->count; ++i) {
        const struct mca_sweep_point *p = &results->points[i];
        const struct mca_sweep_point *other =
            p->setting == s && p->state == MCA_SWEEP_DONE ? point_of(results, than, p->seed) : NULL;
        if (other) {
            room[count++] = p->result.metrics[metric] - other->result.metrics[metric];
        }
    }
    return mca_sample_statistics(room, count);
}

uint32_t mca__sweep_find_alike(const struct mca__sweep_settings *settings, uint32_t metric,
                               uint32_t best, unsigned char *is_alike, uint32_t *seeds) {
    const struct mca_sweep_results *results = settings->results;
    const int better = results->plan->metrics.list[metric].better;
    double *room = malloc((results->count + 1) * sizeof *room);
    uint32_t count = 0;
    *seeds = UINT32_MAX;
    for (uint32_t s = 0; s < results->setting_count; ++s) {
        const struct mca_sample_statistics d = room ? difference_of(results, metric, s, best, room)
                                                    : (struct mca_sample_statistics){0};
        const double least_worse = better > 0 ? -d.high : d.low;
        const int is_told = d.count >= SEEDS_LEAST;
        *seeds = is_told && d.count < *seeds ? d.count : *seeds;
        is_alike[s] = s == best || (is_told && !(least_worse > 0.0));
        count += is_alike[s];
    }
    free(room);
    return *seeds == UINT32_MAX ? 0 : count;
}
