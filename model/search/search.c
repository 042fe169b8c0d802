#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mathx.h"

void mca_search_rows(const struct mca_search_config *config, uint32_t setting, uint32_t *rows) {
    for (uint32_t a = config->axis_count; a-- > 0;) {
        rows[a] = setting % config->rows[a];
        setting /= config->rows[a];
    }
}

enum mca_status mca_search_init(struct mca_search *search, const struct mca_search_config *config,
                                struct mca_error *error) {
    const size_t settings = config->setting_count;
    const size_t points = settings * (config->seeds > 1 ? config->seeds : 1);
    *search = (struct mca_search){
        .config = *config,
        .means = calloc(settings * config->rung_count + 1, sizeof *search->means),
        .is_out = calloc(settings + 1, sizeof *search->is_out),
        .batch = {.points = calloc(points + 1, sizeof *search->batch.points)}};
    return search->means && search->is_out && search->batch.points
               ? MCA_OK
               : mca_fail_memory(error, "settings of the search");
}

void mca_search_deinit(struct mca_search *search) {
    free(search->means);
    free(search->is_out);
    free(search->batch.points);
    *search = (struct mca_search){0};
}

void mca_search_exclude(struct mca_search *search, uint32_t setting) {
    search->is_out[setting] = 1;
}

void mca_search_tell(struct mca_search *search, const struct mca_search_point *point,
                     const double *figures) {
    const struct mca_search_config *c = &search->config;
    struct mca_search_mean *mean =
        &search->means[(size_t)point->setting * c->rung_count + point->rung];
    for (uint32_t f = 0; f < c->figure_count; ++f) {
        if (!isfinite(figures[f])) {
            search->is_out[point->setting] = 1;
            return;
        }
    }
    ++mean->seeds;
    for (uint32_t f = 0; f < c->figure_count; ++f) {
        mean->sums[f] += figures[f];
        mean->figures[f] = mean->sums[f] / mean->seeds;
    }
}

const struct mca_search_mean *mca_search_mean_of(const struct mca_search *search, uint32_t setting,
                                                 uint32_t rung) {
    return &search->means[(size_t)setting * search->config.rung_count + rung];
}

/* Of a run in full. */
static const struct mca_search_mean *full_mean(const struct mca_search *search, uint32_t setting) {
    return mca_search_mean_of(search, setting, search->config.rung_count - 1);
}

int mca_search_is_confirmed(const struct mca_search *search, uint32_t setting) {
    return !search->is_out[setting] && full_mean(search, setting)->seeds == search->config.seeds;
}

double mca_search_log(const struct mca_search_config *config, uint32_t figure, double value) {
    if (!config->figures[figure].is_accuracy) {
        return mca_log(value > 1e-300 ? value : 1e-300);
    }
    const double least = 0.5 / (config->judged_on > 0 ? config->judged_on : 1);
    return mca_log(1 - value > least ? 1 - value : least);
}

double mca_search_violation(const struct mca_search_config *config, const double *figures) {
    double sum = 0;
    for (uint32_t f = 0; f < config->figure_count; ++f) {
        const struct mca_search_figure *figure = &config->figures[f];
        const double off =
            figure->is_accuracy ? figure->bound - figures[f] : figures[f] - figure->bound;
        if (figure->is_constrained && off > 0) { /* not by logarithms, which round */
            const double missed =
                mca_search_log(config, f, figures[f]) - mca_search_log(config, f, figure->bound);
            sum += missed > 1e-12 ? missed : 1e-12;
        }
    }
    return sum;
}

int mca_search_is_feasible(const struct mca_search *search, uint32_t setting) {
    const struct mca_search_mean *mean = full_mean(search, setting);
    return mean->seeds > 0 && mca_search_violation(&search->config, mean->figures) <= 0;
}

/* Whether a is the better of two confirmed settings that keep to the constraints. */
static int is_better(const struct mca_search *search, uint32_t a, uint32_t b) {
    const struct mca_search_config *c = &search->config;
    const double *x = full_mean(search, a)->figures;
    const double *y = full_mean(search, b)->figures;
    const double u = c->objective_count > 1 ? x[0] * x[1] : x[0];
    const double v = c->objective_count > 1 ? y[0] * y[1] : y[0];
    if (u < v || u > v) {
        return u < v;
    }
    for (uint32_t f = 0; f < c->figure_count; ++f) {
        if (c->figures[f].is_accuracy && (x[f] > y[f] || x[f] < y[f])) {
            return x[f] > y[f];
        }
    }
    return a < b;
}

uint32_t mca_search_best(const struct mca_search *search) {
    const uint32_t none = search->config.setting_count;
    uint32_t best = none;
    for (uint32_t s = 0; s < none; ++s) {
        if (mca_search_is_confirmed(search, s) && mca_search_is_feasible(search, s) &&
            (best == none || is_better(search, s, best))) {
            best = s;
        }
    }
    return best;
}
