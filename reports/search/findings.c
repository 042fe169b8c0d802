#include "reports/search/findings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mathx.h"
#include "search/effects.h"

/* Chips whose objectives differ by less are told to tie: what a change of the model's constants by
 * less than their uncertainty would turn round. */
static const double TIE = 0.005;
/* Less of a bend is no knee, as on a sweep's page. */
static const double BEND_LEAST = 0.02;

static const struct mca_search_mean *full_mean(const struct mca_search_results *results,
                                               uint32_t setting) {
    return mca_search_mean_of(results->search, setting, results->search->config.rung_count - 1);
}

struct mca_sample_statistics mca__search_statistics(const struct mca__findings *f, uint32_t setting,
                                                    uint32_t figure) {
    const struct mca_search_results *results = f->results;
    const struct mca_search_config *c = &results->search->config;
    uint32_t count = 0;
    for (uint32_t i = 0; i < results->points->count && count < c->seeds; ++i) {
        const struct mca_sweep_point *point = &results->points->list[i];
        const uint32_t place = point->plan_index / c->seeds;
        if (point->state == MCA_SWEEP_DONE && place / c->rung_count == setting &&
            place % c->rung_count == c->rung_count - 1) {
            f->values[count++] = point->result.metrics[results->plan->metrics[figure]];
        }
    }
    return mca_sample_statistics(f->values, count);
}

double mca__search_doubt(const struct mca__findings *f, uint32_t setting, uint32_t figure) {
    const struct mca_search_config *c = &f->results->search->config;
    const struct mca_sample_statistics s = mca__search_statistics(f, setting, figure);
    if (s.count > 2) { /* an interval of two values tells nothing */
        return (s.high - s.low) / 2;
    }
    return s.count > 0 && c->figures[figure].is_accuracy && c->judged_on > 0
               ? 1.96 * sqrt(s.mean * (1 - s.mean) / ((double)c->judged_on * s.count))
               : 0;
}

const struct mca_result_figure *mca__search_figure(const struct mca_search_plan *plan,
                                                   uint32_t figure) {
    const struct mca_result_figure *found = mca_result_next(NULL);
    while (strcmp(found->key, plan->names[figure]->key) != 0) {
        found = mca_result_next(found);
    }
    return found;
}

/* The settings run in full. */
static void find_full(struct mca__findings *f) {
    for (uint32_t s = 0; s < f->none; ++s) {
        if (!f->results->search->is_out[s] && full_mean(f->results, s)->seeds > 0) {
            f->full[f->full_count++] = s;
        }
    }
}

static void find_nearest(struct mca__findings *f) {
    const struct mca_search_config *c = &f->results->search->config;
    double least = HUGE_VAL;
    for (uint32_t i = 0; i < f->full_count && f->best == f->none; ++i) {
        const double missed = mca_search_violation(c, full_mean(f->results, f->full[i])->figures);
        if (missed < least) {
            least = missed;
            f->nearest = f->full[i];
        }
    }
}

/* What would be better if it kept to the constraints. */
static void find_cheaper(struct mca__findings *f) {
    if (f->best == f->none) {
        return;
    }
    double least_missed = HUGE_VAL;
    for (uint32_t i = 0; i < f->full_count; ++i) {
        const struct mca_search_mean *mean = full_mean(f->results, f->full[i]);
        const double missed = mca_search_violation(&f->results->search->config, mean->figures);
        if (missed > 0 && missed < least_missed &&
            mean->figures[0] < full_mean(f->results, f->best)->figures[0]) {
            least_missed = missed;
            f->cheaper = f->full[i];
        }
    }
}

static void find_ties(struct mca__findings *f) {
    const struct mca_search *search = f->results->search;
    for (uint32_t i = 0; i < f->full_count && f->best < f->none; ++i) {
        const uint32_t s = f->full[i];
        int is_tie =
            s != f->best && mca_search_is_confirmed(search, s) && mca_search_is_feasible(search, s);
        for (uint32_t o = 0; o < search->config.objective_count && is_tie; ++o) {
            const double best = full_mean(f->results, f->best)->figures[o];
            const double off = fabs(full_mean(f->results, s)->figures[o] - best);
            const double a = mca__search_doubt(f, f->best, o);
            const double b = mca__search_doubt(f, s, o);
            is_tie = off <= TIE * best || off * off <= a * a + b * b;
        }
        if (is_tie) {
            f->ties[f->tie_count++] = s;
        }
    }
}

/* Of two objectives, among those that keep to the constraints; of one, against the accuracy. */
static enum mca_status find_front(struct mca__findings *f, struct mca_error *error) {
    const struct mca_search_config *c = &f->results->search->config;
    double *values = calloc(2 * (size_t)f->full_count + 1, sizeof *values);
    if (!values) {
        return mca_fail_memory(error, "front");
    }
    f->y = c->objective_count > 1 ? 1 : 0;
    for (uint32_t i = 0; i < c->figure_count && c->objective_count == 1; ++i) {
        f->x = c->figures[i].is_accuracy ? i : f->x;
    }
    for (uint32_t i = 0; i < f->full_count; ++i) {
        const struct mca_search_mean *mean = full_mean(f->results, f->full[i]);
        const int counts =
            c->figures[f->x].is_accuracy || mca_search_is_feasible(f->results->search, f->full[i]);
        values[i] = counts ? mean->figures[f->x] : (double)NAN;
        values[f->full_count + i] = counts ? mean->figures[f->y] : (double)NAN;
    }
    const struct mca_pareto_axis x = {values, c->figures[f->x].is_accuracy ? 1 : -1};
    const struct mca_pareto_axis y = {values + f->full_count, -1};
    const enum mca_status status =
        mca_pareto_front(x, y, f->full_count, f->front, &f->front_count, error);
    for (uint32_t i = 0; i < f->front_count && status == MCA_OK; ++i) {
        f->front[i] = f->full[f->front[i]];
    }
    free(values);
    return status;
}

/* How far a figure has come along the front, from 0 to 1. */
static double along(const struct mca__findings *f, uint32_t place, uint32_t figure) {
    const double first = full_mean(f->results, f->front[0])->figures[figure];
    const double last = full_mean(f->results, f->front[f->front_count - 1])->figures[figure];
    const double own = full_mean(f->results, f->front[place])->figures[figure];
    return first < last || first > last ? (own - first) / (last - first) : 0;
}

static void find_knee(struct mca__findings *f) {
    double most = BEND_LEAST;
    for (uint32_t i = 1; i + 1 < f->front_count; ++i) {
        const double bend = along(f, i, f->y) - along(f, i, f->x);
        if (bend > most) {
            most = bend;
            f->knee = f->front[i];
        }
    }
}

static enum mca_status find_effects(struct mca__findings *f, struct mca_error *error) {
    const struct mca_search_config *c = &f->results->search->config;
    const uint32_t rows = f->first[c->axis_count];
    double *effects = calloc(rows + 1, sizeof *effects);
    enum mca_status status = effects ? MCA_OK : mca_fail_memory(error, "main effects");
    for (uint32_t i = 0; i < c->figure_count && status == MCA_OK; ++i) {
        double level = (double)NAN;
        status = mca_search_effects(f->results->search, i, effects, &level, error);
        for (uint32_t r = 0; r < rows && status == MCA_OK; ++r) {
            f->effects[r].change[i] = c->figures[i].is_accuracy
                                          ? mca_exp(level) - mca_exp(level + effects[r])
                                          : mca_exp(effects[r]) - 1;
        }
    }
    free(effects);
    return status;
}

enum mca_status mca__findings_init(struct mca__findings *f,
                                   const struct mca_search_results *results,
                                   struct mca_error *error) {
    const struct mca_search_config *c = &results->search->config;
    const size_t settings = (size_t)c->setting_count + 1;
    uint32_t rows = 0;
    for (uint32_t a = 0; a < c->axis_count; ++a) {
        rows += c->rows[a];
    }
    *f = (struct mca__findings){.results = results,
                                .none = c->setting_count,
                                .best = mca_search_best(results->search),
                                .nearest = c->setting_count,
                                .cheaper = c->setting_count,
                                .knee = c->setting_count,
                                .full = calloc(settings, sizeof *f->full),
                                .ties = calloc(settings, sizeof *f->ties),
                                .front = calloc(settings, sizeof *f->front),
                                .effects = calloc(rows + 1, sizeof *f->effects),
                                .first = calloc(c->axis_count + 1, sizeof *f->first),
                                .values = calloc(c->seeds, sizeof *f->values)};
    if (!f->full || !f->ties || !f->front || !f->effects || !f->first || !f->values) {
        return mca_fail_memory(error, "results of the search");
    }
    for (uint32_t a = 0; a < c->axis_count; ++a) {
        f->first[a + 1] = f->first[a] + c->rows[a];
    }
    find_full(f);
    find_nearest(f);
    find_cheaper(f);
    find_ties(f);
    MCA_TRY(find_front(f, error));
    find_knee(f);
    return find_effects(f, error);
}

void mca__findings_deinit(struct mca__findings *f) {
    free(f->full);
    free(f->ties);
    free(f->front);
    free(f->effects);
    free(f->first);
    free(f->values);
}
