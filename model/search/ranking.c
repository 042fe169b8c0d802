#include "search/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mathx.h"

/* How much of what a setting was off the model on a rung of few images it is expected to be off in
 * a run in full: its accuracy there is of few images, trained and tested. */
static const double OWN_SHARE = 0.5;
/* Before enough runs in full tell: a factor of 1.6 in errors. */
static const double SPREAD_BEFORE = 0.5;
static const double SPREAD_LEAST = 0.1;
enum { SPREAD_FROM = 4 };

static const double *expected_of(const struct mca__ranking *ranking, uint32_t setting) {
    return ranking->expected + (size_t)setting * ranking->search->config.figure_count;
}

static const uint32_t *rows_of(const struct mca__ranking *ranking, uint32_t setting) {
    return ranking->rows + (size_t)setting * ranking->search->config.axis_count;
}

/* The logarithm of a figure's mean on a rung; NAN where there is none. */
static double measured(const struct mca__ranking *ranking, uint32_t setting, uint32_t rung,
                       uint32_t figure) {
    const struct mca_search_mean *mean = mca_search_mean_of(ranking->search, setting, rung);
    return mean->seeds > 0 && !ranking->search->is_out[setting]
               ? mca_search_log(&ranking->search->config, figure, mean->figures[figure])
               : (double)NAN;
}

static uint32_t observe(const struct mca__ranking *ranking, uint32_t figure,
                        struct mca__observation *observations) {
    const struct mca_search_config *c = &ranking->search->config;
    uint32_t count = 0;
    for (uint32_t s = 0; s < c->setting_count; ++s) {
        for (uint32_t r = 0; r < c->rung_count; ++r) {
            const double value = measured(ranking, s, r, figure);
            /* many images tell more of an accuracy, and what shows in long runs alone */
            const double weight = c->figures[figure].is_accuracy
                                      ? (double)c->rungs[r].images /
                                            c->rungs[c->rung_count - 1].images *
                                            mca_search_mean_of(ranking->search, s, r)->seeds
                                      : 1.0;
            if (!isnan(value)) {
                observations[count++] =
                    (struct mca__observation){rows_of(ranking, s), r, value, weight};
            }
        }
    }
    return count;
}

/* What a figure of a setting is expected to be in full, by its runs up to a rung. */
static double expect(const struct mca__ranking *ranking, uint32_t setting, uint32_t figure,
                     uint32_t rung) {
    const struct mca_search_config *c = &ranking->search->config;
    const struct mca__additive *model = &ranking->models[figure];
    const uint32_t last = c->rung_count - 1;
    const double sum = mca__additive_sum(model, rows_of(ranking, setting));
    uint32_t known = last; /* highest rung that has a level */
    while (known > 0 && isnan(model->levels[known])) {
        --known;
    }
    for (uint32_t r = rung + 1; r-- > 0;) {
        const double own = measured(ranking, setting, r, figure);
        if (!isnan(own)) {
            const double share = r < last && c->figures[figure].is_accuracy ? OWN_SHARE : 1.0;
            return model->levels[known] + sum + share * (own - model->levels[r] - sum);
        }
    }
    return model->levels[known] + sum;
}

/* How far runs in full are off the model. */
static double spread_of(const struct mca__ranking *ranking) {
    const struct mca_search_config *c = &ranking->search->config;
    const uint32_t last = c->rung_count - 1;
    double sum = 0;
    uint32_t count = 0;
    for (uint32_t s = 0; s < c->setting_count && ranking->accuracy < c->figure_count; ++s) {
        const struct mca__additive *model = &ranking->models[ranking->accuracy];
        const double off = measured(ranking, s, last, ranking->accuracy) - model->levels[last] -
                           mca__additive_sum(model, rows_of(ranking, s));
        if (!isnan(off)) {
            sum += off * off;
            ++count;
        }
    }
    const double spread = count >= SPREAD_FROM ? sqrt(sum / count) : SPREAD_BEFORE;
    return spread > SPREAD_LEAST ? spread : SPREAD_LEAST;
}

/* How far objectives in full are off what was expected before, of the one that is off most. */
static double off_of(const struct mca__ranking *ranking) {
    const struct mca_search_config *c = &ranking->search->config;
    const uint32_t last = c->rung_count - 1;
    double most = 0;
    for (uint32_t f = 0; f < c->objective_count && last > 0; ++f) {
        double sum = 0;
        uint32_t count = 0;
        for (uint32_t s = 0; s < c->setting_count; ++s) {
            const double off = measured(ranking, s, last, f) - expect(ranking, s, f, last - 1);
            if (!isnan(off)) {
                sum += off * off;
                ++count;
            }
        }
        const double own = count >= SPREAD_FROM ? sqrt(sum / count) : 0;
        most = own > most ? own : most;
    }
    return most;
}

static enum mca_status fit(struct mca__ranking *ranking, struct mca_error *error) {
    const struct mca_search_config *c = &ranking->search->config;
    struct mca__observation *observations =
        calloc((size_t)c->setting_count * c->rung_count + 1, sizeof *observations);
    enum mca_status status =
        observations ? MCA_OK : mca_fail_memory(error, "what the search has measured");
    for (uint32_t f = 0; f < c->figure_count && status == MCA_OK; ++f) {
        const uint32_t count = observe(ranking, f, observations);
        status =
            mca__additive_init(&ranking->models[f], c->axis_count, c->rows, c->rung_count, error);
        if (status == MCA_OK) {
            status = mca__additive_fit(&ranking->models[f], observations, count, error);
        }
    }
    free(observations);
    return status;
}

enum mca_status mca__ranking_init(struct mca__ranking *ranking, const struct mca_search *search,
                                  struct mca_error *error) {
    const struct mca_search_config *c = &search->config;
    *ranking = (struct mca__ranking){
        .search = search,
        .rows = calloc((size_t)c->setting_count * c->axis_count + 1, sizeof *ranking->rows),
        .expected =
            calloc((size_t)c->setting_count * c->figure_count + 1, sizeof *ranking->expected)};
    if (!ranking->rows || !ranking->expected) {
        return mca_fail_memory(error, "settings of the search");
    }
    while (ranking->accuracy < c->figure_count && !c->figures[ranking->accuracy].is_accuracy) {
        ++ranking->accuracy;
    }
    for (uint32_t s = 0; s < c->setting_count; ++s) {
        mca_search_rows(c, s, ranking->rows + (size_t)s * c->axis_count);
    }
    MCA_TRY(fit(ranking, error));
    ranking->spread = spread_of(ranking);
    ranking->off = off_of(ranking);
    for (uint32_t s = 0; s < c->setting_count; ++s) {
        for (uint32_t f = 0; f < c->figure_count; ++f) {
            ranking->expected[(size_t)s * c->figure_count + f] =
                expect(ranking, s, f, c->rung_count - 1);
        }
    }
    return MCA_OK;
}

void mca__ranking_deinit(struct mca__ranking *ranking) {
    for (uint32_t f = 0; f < MCA_SEARCH_FIGURES_MAX; ++f) {
        mca__additive_deinit(&ranking->models[f]);
    }
    free(ranking->rows);
    free(ranking->expected);
}

double mca__ranking_excess(const struct mca__ranking *ranking, uint32_t setting) {
    const struct mca_search_config *c = &ranking->search->config;
    double sum = 0;
    for (uint32_t f = 0; f < c->figure_count; ++f) {
        if (c->figures[f].is_constrained && !c->figures[f].is_accuracy) {
            const double over =
                expected_of(ranking, setting)[f] - mca_search_log(c, f, c->figures[f].bound);
            sum += over > 0 ? over : 0;
        }
    }
    return sum;
}

/* By how many spreads the expected error is below what is allowed. */
static double margin_of(const struct mca__ranking *ranking, uint32_t setting) {
    const struct mca_search_config *c = &ranking->search->config;
    const uint32_t f = ranking->accuracy;
    return f < c->figure_count && c->figures[f].is_constrained
               ? (mca_search_log(c, f, c->figures[f].bound) - expected_of(ranking, setting)[f]) /
                     ranking->spread
               : HUGE_VAL;
}

/* The share of a normal distribution below z: the logistic curve that is nearest to it (Bowling et
 * al., J. Ind. Eng. Manag. 2, 2009). */
static double share_below(double z) {
    return z > 20 ? 1.0 : z < -20 ? 0.0 : 1 / (1 + mca_exp(-1.702 * z));
}

double mca__ranking_chance(const struct mca__ranking *ranking, uint32_t setting) {
    return share_below(margin_of(ranking, setting));
}

double mca__ranking_gain(const struct mca__ranking *ranking, uint32_t setting) {
    const struct mca_search *search = ranking->search;
    const struct mca_search_config *c = &search->config;
    double gain = 1;
    int is_first = 1;
    for (uint32_t s = 0; s < c->setting_count; ++s) {
        if (s == setting || !mca_search_is_confirmed(search, s) ||
            !mca_search_is_feasible(search, s)) {
            continue;
        }
        double most = -HUGE_VAL;
        for (uint32_t f = 0; f < c->objective_count; ++f) {
            const double less = expected_of(ranking, s)[f] - expected_of(ranking, setting)[f];
            most = less > most ? less : most;
        }
        gain = is_first || most < gain ? most : gain;
        is_first = 0;
    }
    return gain;
}

double mca__ranking_expected_gain(const struct mca__ranking *ranking, uint32_t setting) {
    static const double NORMAL_PEAK = 0.3989422804014327; /* 1 / sqrt(2 pi) */
    const double gain = mca__ranking_gain(ranking, setting);
    if (!(ranking->off > 0)) {
        return gain > 0 ? gain : 0;
    }
    const double z = gain / ranking->off;
    const double density = z > -20 && z < 20 ? NORMAL_PEAK * mca_exp(-0.5 * z * z) : 0;
    const double mean = gain * share_below(z) + ranking->off * density;
    return mean > 0 ? mean : 0;
}

/* A setting in an order: by its keys, the first one first, then by its number. */
enum { KEYS = 4 };
struct place {
    double keys[KEYS];
    uint32_t setting;
};

static int by_keys(const void *a, const void *b) {
    const struct place *p = a;
    const struct place *q = b;
    for (int k = 0; k < KEYS; ++k) {
        if (p->keys[k] != q->keys[k]) {
            return p->keys[k] < q->keys[k] ? -1 : 1;
        }
    }
    return p->setting < q->setting ? -1 : p->setting > q->setting;
}

static double objectives_of(const struct mca__ranking *ranking, uint32_t setting) {
    double sum = 0;
    for (uint32_t f = 0; f < ranking->search->config.objective_count; ++f) {
        sum += expected_of(ranking, setting)[f];
    }
    return sum;
}

/* Whether a is as good as b in objectives, and in the accuracy where `with_accuracy`, and better in
 * one. */
static int dominates(const struct mca__ranking *ranking, uint32_t a, uint32_t b,
                     int with_accuracy) {
    const double *x = expected_of(ranking, a);
    const double *y = expected_of(ranking, b);
    int is_better = 0;
    for (uint32_t f = 0; f < ranking->search->config.figure_count; ++f) {
        if (f < ranking->search->config.objective_count ||
            (with_accuracy && f == ranking->accuracy)) {
            if (x[f] > y[f]) {
                return 0;
            }
            is_better |= x[f] < y[f];
        }
    }
    return is_better;
}

/* Gives keys[key] of each place the number of its front; those behind the first `wanted` share one.
 */
static void rank_fronts(const struct mca__ranking *ranking, struct place *places, uint32_t count,
                        uint32_t wanted, int key, int with_accuracy) {
    for (uint32_t i = 0; i < count; ++i) {
        places[i].keys[key] = HUGE_VAL;
    }
    uint32_t ranked = 0;
    for (uint32_t front = 0; ranked < count && ranked < wanted; ++front) {
        for (uint32_t i = 0; i < count; ++i) {
            int is_on = places[i].keys[key] > front;
            for (uint32_t j = 0; j < count && is_on; ++j) {
                is_on = places[j].keys[key] < front ||
                        !dominates(ranking, places[j].setting, places[i].setting, with_accuracy);
            }
            if (is_on) {
                places[i].keys[key] = front;
                ++ranked;
            }
        }
    }
}

/* The order by the front of objectives and accuracy. */
static void order_by_front(const struct mca__ranking *ranking, struct place *places, uint32_t count,
                           uint32_t wanted) {
    rank_fronts(ranking, places, count, wanted, 1, 1);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t s = places[i].setting;
        const double margin = margin_of(ranking, s);
        places[i].keys[0] = mca__ranking_excess(ranking, s);
        places[i].keys[2] = margin < 0 ? -margin : 0;
        places[i].keys[3] = objectives_of(ranking, s);
    }
    qsort(places, count, sizeof *places, by_keys);
}

/* The order by Deb's rules, where an accuracy may still be as much better as is not rare. */
static void order_by_rules(const struct mca__ranking *ranking, struct place *places, uint32_t count,
                           uint32_t wanted) {
    const int has_two = ranking->search->config.objective_count > 1;
    if (has_two) {
        rank_fronts(ranking, places, count, wanted, 1, 0);
    }
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t s = places[i].setting;
        const double missed = -margin_of(ranking, s) - 1;
        places[i].keys[0] =
            mca__ranking_excess(ranking, s) + (missed > 0 ? missed * ranking->spread : 0);
        places[i].keys[1] = has_two ? places[i].keys[1] : 0;
        places[i].keys[2] = objectives_of(ranking, s);
        places[i].keys[3] = 0;
    }
    qsort(places, count, sizeof *places, by_keys);
}

static int is_among(const uint32_t *settings, uint32_t count, uint32_t setting) {
    uint32_t i = 0;
    while (i < count && settings[i] != setting) {
        ++i;
    }
    return i < count;
}

enum mca_status mca__ranking_choose(const struct mca__ranking *ranking, uint32_t *settings,
                                    uint32_t count, uint32_t wanted, struct mca_error *error) {
    struct place *fronts = calloc(count + 1, sizeof *fronts);
    struct place *rules = calloc(count + 1, sizeof *rules);
    if (!fronts || !rules) {
        free(fronts);
        free(rules);
        return mca_fail_memory(error, "order of settings");
    }
    for (uint32_t i = 0; i < count; ++i) {
        fronts[i].setting = rules[i].setting = settings[i];
    }
    const int has_accuracy = ranking->accuracy < ranking->search->config.figure_count;
    if (has_accuracy) {
        order_by_front(ranking, fronts, count, wanted);
    }
    order_by_rules(ranking, rules, count, wanted);
    uint32_t taken = 0;
    for (uint32_t turn = 0, next[2] = {0, 0}; taken < count && taken < wanted; ++turn) {
        const int by_rules = !has_accuracy || turn % 2 == 1;
        const struct place *order = by_rules ? rules : fronts;
        uint32_t *i = &next[by_rules];
        while (is_among(settings, taken, order[*i].setting)) {
            ++*i;
        }
        settings[taken++] = order[*i].setting;
    }
    free(fronts);
    free(rules);
    return MCA_OK;
}
