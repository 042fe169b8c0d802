/* Which points come next: the phases of a search. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mathx.h"
#include "base/rng.h"
#include "search/ranking.h"

/* What of the budget the first rung may take, and the rungs up to the last one; the rest refines.
 */
static const double FIRST_SHARE = 0.4;
static const double HALVING_SHARE = 0.7;
/* Refining ends where no setting is expected to improve the logarithm of an objective by more. */
static const double GAIN_LEAST = 1e-4;
/* Costs that are expected to be this much above a bound, in logarithms, are worth a try. */
static const double EXCESS_MOST = 0.02;
/* Settings at a time: what the ones come to decides of the next ones. */
enum { REFINED = 4, CONFIRMED = 2, ANCHORS = 2, FIRST_LEAST = 8 };

static uint64_t cost_of(const struct mca_search *search, uint32_t rung) {
    return search->config.rungs[rung].cost;
}

/* A setting that was run in full with one seed waits for the others. */
static uint64_t cost_to_confirm(const struct mca_search_config *c) {
    return (c->seeds - 1) * c->rungs[c->rung_count - 1].cost;
}

uint64_t mca_search_least_budget(const struct mca_search_config *config) {
    const uint64_t full = config->rungs[config->rung_count - 1].cost;
    const uint32_t first =
        config->setting_count < FIRST_LEAST ? config->setting_count : FIRST_LEAST;
    const double needed = (double)(first * config->rungs[0].cost) / FIRST_SHARE;
    const uint64_t runs = (ANCHORS + 1) * full + cost_to_confirm(config);
    const uint64_t all = first * config->rungs[0].cost + 2 * runs;
    return (uint64_t)needed + 1 > all ? (uint64_t)needed + 1 : all;
}

static int has_room(const struct mca_search *search, uint64_t cost) {
    return search->spent + cost <= search->config.budget;
}

/* Adds a point, if the budget has it. */
static int add(struct mca_search *search, uint32_t setting, uint32_t rung, uint32_t seed) {
    if (!has_room(search, cost_of(search, rung))) {
        return 0;
    }
    search->batch.points[search->batch.count++] = (struct mca_search_point){setting, rung, seed};
    search->spent += cost_of(search, rung);
    ++search->runs;
    return 1;
}

static int was_run(const struct mca_search *search, uint32_t setting, uint32_t rung) {
    return mca_search_mean_of(search, setting, rung)->seeds > 0;
}

/* The first rung: all settings, or one in each of as many strata as the budget has room for. */
static void first_rung(struct mca_search *search) {
    const struct mca_search_config *c = &search->config;
    const uint64_t room = (uint64_t)(FIRST_SHARE * (double)c->budget) / cost_of(search, 0);
    const uint32_t count = room < c->setting_count ? (uint32_t)room : c->setting_count;
    const struct mca_rng rng = mca_rng_stream(1, MCA_RNG_SWEEP);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t low = (uint32_t)((uint64_t)i * c->setting_count / count);
        const uint32_t high = (uint32_t)((uint64_t)(i + 1) * c->setting_count / count);
        uint32_t words[4];
        mca_rng_words(rng, i, 0, 2, words);
        uint32_t s = low + mca_rng_below(words[0], words[1], high - low);
        for (uint32_t tried = 0; search->is_out[s] && tried < high - low; ++tried) {
            s = s + 1 < high ? s + 1 : low;
        }
        if (!search->is_out[s]) {
            (void)add(search, s, 0, 0);
        }
    }
}

/* The settings whose highest rung is `rung`; returns how many. */
static uint32_t settings_of_rung(const struct mca_search *search, uint32_t rung,
                                 uint32_t *settings) {
    const struct mca_search_config *c = &search->config;
    uint32_t count = 0;
    for (uint32_t s = 0; s < c->setting_count; ++s) {
        int is_there = !search->is_out[s] && was_run(search, s, rung);
        for (uint32_t r = rung + 1; r < c->rung_count; ++r) {
            is_there &= !was_run(search, s, r);
        }
        if (is_there) {
            settings[count++] = s;
        }
    }
    return count;
}

/* Which of settings[count] is expected to be the most accurate or, of the more accurate half, the
 * cheapest. */
static uint32_t extreme(const struct mca__ranking *ranking, const uint32_t *settings,
                        uint32_t count, int cheapest) {
    const struct mca_search_config *c = &ranking->search->config;
    uint32_t best = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const double *own = ranking->expected + (size_t)settings[i] * c->figure_count;
        const double *than = ranking->expected + (size_t)settings[best] * c->figure_count;
        uint32_t before = 0; /* that are more accurate */
        uint32_t before_best = 0;
        for (uint32_t j = 0; j < count && cheapest; ++j) {
            const double error =
                ranking->expected[(size_t)settings[j] * c->figure_count + ranking->accuracy];
            before += error < own[ranking->accuracy];
            before_best += error < than[ranking->accuracy];
        }
        const int is_better =
            cheapest ? own[0] < than[0] : own[ranking->accuracy] < than[ranking->accuracy];
        if (before < (count + 1) / 2 && (is_better || before_best >= (count + 1) / 2)) {
            best = i;
        }
    }
    return settings[best];
}

static void anchors(struct mca_search *search, const struct mca__ranking *ranking,
                    uint32_t *settings) {
    const struct mca_search_config *c = &search->config;
    const uint32_t count = settings_of_rung(search, 0, settings);
    if (count == 0 || c->rung_count == 1 || ranking->accuracy == c->figure_count) {
        return;
    }
    const uint32_t accurate = extreme(ranking, settings, count, 0);
    const uint32_t cheap = extreme(ranking, settings, count, 1);
    (void)add(search, accurate, c->rung_count - 1, 0);
    if (cheap != accurate) {
        (void)add(search, cheap, c->rung_count - 1, 0);
    }
}

/* The settings of the rung before that go on. */
static enum mca_status halve(struct mca_search *search, const struct mca__ranking *ranking,
                             uint32_t *settings, struct mca_error *error) {
    const struct mca_search_config *c = &search->config;
    const uint32_t rung = search->rung;
    const uint32_t count = settings_of_rung(search, rung - 1, settings);
    const double all = HALVING_SHARE * (double)c->budget - (double)search->spent;
    const double share = all > 0 ? all / (c->rung_count - rung) : 0;
    const double room = share / (double)cost_of(search, rung);
    uint32_t wanted = (count + c->factor - 1) / c->factor;
    wanted = room < wanted ? (uint32_t)room : wanted;
    wanted = wanted > 0 ? wanted : 1;
    MCA_TRY(mca__ranking_choose(ranking, settings, count, wanted, error));
    for (uint32_t i = 0; i < wanted && i < count; ++i) {
        if (has_room(search, cost_of(search, rung) + cost_to_confirm(c))) {
            (void)add(search, settings[i], rung, 0);
        }
    }
    return MCA_OK;
}

struct scored {
    double score;
    double tie;
    uint32_t setting;
};

static int by_score(const void *a, const void *b) {
    const struct scored *p = a;
    const struct scored *q = b;
    if (p->score < q->score || p->score > q->score) {
        return p->score > q->score ? -1 : 1;
    }
    if (p->tie < q->tie || p->tie > q->tie) {
        return p->tie < q->tie ? -1 : 1;
    }
    return p->setting < q->setting ? -1 : p->setting > q->setting;
}

/* Whether chance alone may have put the setting's accuracy below its bound: two standard errors of
 * its test. */
static int is_hopeful(const struct mca_search *search, uint32_t setting) {
    const struct mca_search_config *c = &search->config;
    const struct mca_search_mean *mean = mca_search_mean_of(search, setting, c->rung_count - 1);
    double figures[MCA_SEARCH_FIGURES_MAX];
    for (uint32_t f = 0; f < c->figure_count; ++f) {
        const double a = mean->figures[f];
        figures[f] = c->figures[f].is_accuracy && c->judged_on > 0
                         ? a + 2 * mca_sqrt(a * (1 - a) / ((double)c->judged_on * mean->seeds))
                         : a;
    }
    return mca_search_violation(c, figures) <= 0;
}

static double objectives_of(const struct mca__ranking *ranking, uint32_t setting) {
    const struct mca_search_config *c = &ranking->search->config;
    double sum = 0;
    for (uint32_t f = 0; f < c->objective_count; ++f) {
        sum += ranking->expected[(size_t)setting * c->figure_count + f];
    }
    return sum;
}

/* The other seeds of settings that may come to be the best. */
static void confirm(struct mca_search *search, const struct mca__ranking *ranking,
                    struct scored *list) {
    const struct mca_search_config *c = &search->config;
    const uint32_t last = c->rung_count - 1;
    uint32_t count = 0;
    for (uint32_t s = 0; s < c->setting_count; ++s) {
        const uint32_t seeds = mca_search_mean_of(search, s, last)->seeds;
        if (seeds > 0 && seeds < c->seeds && !search->is_out[s] && is_hopeful(search, s) &&
            mca__ranking_gain(ranking, s) > 0) {
            list[count++] =
                (struct scored){mca_search_is_feasible(search, s), objectives_of(ranking, s), s};
        }
    }
    qsort(list, count, sizeof *list, by_score);
    for (uint32_t i = 0; i < count && i < CONFIRMED; ++i) {
        const uint32_t s = list[i].setting;
        const uint32_t seeds = mca_search_mean_of(search, s, last)->seeds;
        if (has_room(search, (c->seeds - seeds) * cost_of(search, last))) {
            for (uint32_t seed = seeds; seed < c->seeds; ++seed) {
                (void)add(search, s, last, seed);
            }
        }
    }
}

/* Settings that have not been run in full, those first that are expected to improve most. */
static void explore(struct mca_search *search, const struct mca__ranking *ranking,
                    struct scored *list) {
    const struct mca_search_config *c = &search->config;
    const uint32_t last = c->rung_count - 1;
    const int has_best = mca_search_best(search) < c->setting_count;
    uint32_t count = 0;
    for (uint32_t s = 0; s < c->setting_count; ++s) {
        if (search->is_out[s] || was_run(search, s, last) ||
            mca__ranking_excess(ranking, s) > EXCESS_MOST) {
            continue;
        }
        const double score =
            mca__ranking_expected_gain(ranking, s) * mca__ranking_chance(ranking, s);
        if (has_best ? score > GAIN_LEAST : score > 0) {
            list[count++] = (struct scored){score, objectives_of(ranking, s), s};
        }
    }
    qsort(list, count, sizeof *list, by_score);
    for (uint32_t i = 0; i < count && i < REFINED; ++i) {
        const uint32_t s = list[i].setting;
        int is_new = last > 0;
        for (uint32_t r = 0; r < last; ++r) {
            is_new &= !was_run(search, s, r);
        }
        const uint32_t rung = is_new ? 0 : last; /* a few images first */
        if (has_room(search, cost_of(search, rung) + cost_to_confirm(c))) {
            (void)add(search, s, rung, 0);
        }
    }
}

static enum mca_status refine(struct mca_search *search, const struct mca__ranking *ranking,
                              struct mca_error *error) {
    struct scored *list = calloc(search->config.setting_count + 1, sizeof *list);
    if (!list) {
        return mca_fail_memory(error, "settings of the search");
    }
    confirm(search, ranking, list);
    if (search->batch.count == 0) {
        explore(search, ranking, list);
    }
    free(list);
    return MCA_OK;
}

/* The points of a phase; moves on to the next one. */
static enum mca_status fill(struct mca_search *search, const struct mca__ranking *ranking,
                            uint32_t *settings, struct mca_error *error) {
    const uint32_t last = search->config.rung_count - 1;
    switch (search->phase) {
    case MCA_SEARCH_FIRST:
        first_rung(search);
        search->phase = MCA_SEARCH_ANCHORS;
        return MCA_OK;
    case MCA_SEARCH_ANCHORS:
        anchors(search, ranking, settings);
        search->rung = 1;
        search->phase = last > 0 ? MCA_SEARCH_HALVING : MCA_SEARCH_REFINE;
        return MCA_OK;
    case MCA_SEARCH_HALVING:
        MCA_TRY(halve(search, ranking, settings, error));
        search->phase = search->rung++ < last ? MCA_SEARCH_HALVING : MCA_SEARCH_REFINE;
        return MCA_OK;
    case MCA_SEARCH_REFINE:
        MCA_TRY(refine(search, ranking, error));
        search->phase = search->batch.count > 0 ? MCA_SEARCH_REFINE : MCA_SEARCH_OVER;
        return MCA_OK;
    case MCA_SEARCH_OVER:
        break;
    }
    return MCA_OK;
}

static int by_place(const void *a, const void *b) {
    const struct mca_search_point *p = a;
    const struct mca_search_point *q = b;
    if (p->setting != q->setting) {
        return p->setting < q->setting ? -1 : 1;
    }
    if (p->rung != q->rung) {
        return p->rung < q->rung ? -1 : 1;
    }
    return p->seed < q->seed ? -1 : p->seed > q->seed;
}

static enum mca_status next_batch(struct mca_search *search, struct mca_error *error) {
    struct mca_search_batch *batch = &search->batch;
    struct mca__ranking ranking;
    uint32_t *settings = calloc(search->config.setting_count + 1, sizeof *settings);
    batch->phase = search->phase;
    batch->rung = search->phase == MCA_SEARCH_FIRST     ? 0
                  : search->phase == MCA_SEARCH_HALVING ? search->rung
                                                        : search->config.rung_count - 1;
    enum mca_status status = mca__ranking_init(&ranking, search, error);
    if (status == MCA_OK) {
        status = settings ? fill(search, &ranking, settings, error)
                          : mca_fail_memory(error, "settings of the search");
    }
    mca__ranking_deinit(&ranking);
    free(settings);
    qsort(batch->points, batch->count, sizeof *batch->points, by_place);
    return status;
}

enum mca_status mca_search_next(struct mca_search *search, struct mca_error *error) {
    search->batch.count = 0;
    while (search->batch.count == 0 && search->phase != MCA_SEARCH_OVER) {
        MCA_TRY(next_batch(search, error));
    }
    return MCA_OK;
}
