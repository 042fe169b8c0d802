/* What a person reads at the end of a sweep. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/formats/terminal_text.h"
#include "reports/sweep/settings.h"
#include "reports/sweep/write_results.h"
#include "scenario/value_text.h"

enum { FRONT_SHOWN_MAX = 20 };

static int width_of(const struct mca_result_figure *figure) {
    enum { NARROW = 12, RATIO = 15, INTERVAL = 17 };
    const int width = (int)strlen(figure->heading) + 2;
    return figure->kind == MCA_RESULT_FRACTION ? INTERVAL
           : figure->kind == MCA_RESULT_RATIO  ? RATIO
           : width > NARROW                    ? width
                                               : NARROW;
}

/* A mean; of a share also half of the interval of the mean, where there is one. */
static struct mca__text cell_of(const struct mca_result_figure *figure,
                                const struct mca_sample_statistics *v) {
    if (figure->kind == MCA_RESULT_RATIO && !isfinite(v->mean)) {
        return mca__format("none");
    }
    if (figure->kind == MCA_RESULT_AREA) {
        return isfinite(v->mean) ? mca__format("%.3g mm²", v->mean) : mca__format("-");
    }
    if (figure->kind == MCA_RESULT_FRACTION && v->high > v->low) {
        return mca__format("%.*f ± %.*f %%", figure->digits, 100 * v->mean, figure->digits,
                           100 * ((v->high - v->low) / 2));
    }
    return mca_result_text(figure, v->mean);
}

/* Four digits of a number are enough to tell settings apart. */
static const char *brief(const struct mca_key *key, const char *text, struct mca__text *room) {
    *room = mca__format("%.4g", strtod(text, NULL));
    return key->type == MCA_KEY_F64 ? room->s : text;
}

/* "3  chi.bits 12, adc.bits 4", in one line. */
static void put_setting(FILE *out, const struct mca__sweep_settings *settings, uint32_t s) {
    const struct mca_sweep_results *results = settings->results;
    char room[MCA_VALUE_TEXT_SIZE];
    struct mca__text number;
    char line[512];
    (void)snprintf(line, sizeof line, "%u", s + 1);
    const char *before = "  ";
    for (uint32_t k = 0; k < results->plan->key_count; ++k) {
        if (!mca__sweep_is_seed(results->plan, k)) {
            const struct mca_key *key = results->plan->keys[k];
            const char *text =
                mca__sweep_value_text(results, settings->list[s].plan_index, k, room);
            mca_text_add(line, sizeof line, "%s%s %s", before, key->name,
                         brief(key, text, &number));
            before = ", ";
        }
    }
    (void)fprintf(out, "%s\n", line);
}

/* The figures that have a heading, and behind them what the setting is. */
static void put_row(FILE *out, const struct mca__sweep_settings *settings, uint32_t s) {
    const struct mca_sweep_metrics *metrics = &settings->results->plan->metrics;
    for (uint32_t m = 0; m < metrics->count; ++m) {
        const struct mca_result_figure *figure = mca__sweep_figure(&metrics->list[m]);
        if (figure->heading) {
            mca__put_right(out, cell_of(figure, &settings->list[s].metrics[m]).s, width_of(figure));
        }
    }
    (void)fputs("   ", out);
    put_setting(out, settings, s);
}

static void put_headings(FILE *out, const struct mca_sweep_metrics *metrics) {
    mca__put_left(out, "Best", 10);
    for (uint32_t m = 0; m < metrics->count; ++m) {
        const struct mca_result_figure *figure = mca__sweep_figure(&metrics->list[m]);
        if (figure->heading) {
            mca__put_right(out, figure->heading, width_of(figure));
        }
    }
    (void)fputs("   setting\n", out);
}

/* How much more of a metric's good a setting has than another one. */
static double gain(const struct mca__sweep_settings *settings, uint32_t metric, uint32_t s,
                   uint32_t than) {
    return settings->results->plan->metrics.list[metric].better *
           (settings->list[s].metrics[metric].mean - settings->list[than].metrics[metric].mean);
}

/* Whether a setting is better; of equals, the one that is in the first objective that tells. */
static int is_better(const struct mca__sweep_settings *settings, uint32_t metric, uint32_t s,
                     uint32_t than) {
    const struct mca_sweep_metrics *metrics = &settings->results->plan->metrics;
    double more = gain(settings, metric, s, than);
    for (uint32_t m = 0; m < metrics->count && more == 0.0; ++m) {
        const double other = metrics->list[m].objective ? gain(settings, m, s, than) : 0.0;
        more = isnan(other) ? 0.0 : other;
    }
    return more > 0.0;
}

/* The setting with the best mean, of those that are `among` where that is not NULL; the count of
 * settings where none has one. */
static uint32_t best_setting(const struct mca__sweep_settings *settings, uint32_t metric,
                             const unsigned char *among) {
    const uint32_t none = settings->results->setting_count;
    uint32_t best = none;
    for (uint32_t s = 0; s < none; ++s) {
        if ((!among || among[s]) && isfinite(settings->list[s].metrics[metric].mean) &&
            (best == none || is_better(settings, metric, s, best))) {
            best = s;
        }
    }
    return best;
}

static enum mca_status put_front(FILE *out, struct mca__sweep_settings *settings, uint32_t pair,
                                 struct mca_error *error) {
    const struct mca_sweep_plan *plan = settings->results->plan;
    const uint32_t *ends = plan->pairs[pair];
    uint32_t count;
    MCA_TRY(mca__sweep_front(settings, pair, &count, error));
    (void)fprintf(out, "\nPareto front of %s and %s: %u of %u settings\n",
                  plan->metrics.list[ends[0]].objective, plan->metrics.list[ends[1]].objective,
                  count, settings->results->setting_count);
    for (uint32_t i = 0; i < count && i < FRONT_SHOWN_MAX; ++i) {
        mca__put_left(out, "", 10);
        put_row(out, settings, settings->front[i]);
    }
    if (count > FRONT_SHOWN_MAX) {
        (void)fprintf(out, "          ... and %u more in pareto.csv\n", count - FRONT_SHOWN_MAX);
    }
    return MCA_OK;
}

/* The metric that is an objective by this name; the count of metrics where there is none. */
static uint32_t objective_of(const struct mca_sweep_metrics *metrics, const char *name) {
    uint32_t m = 0;
    while (m < metrics->count &&
           (!metrics->list[m].objective || strcmp(metrics->list[m].objective, name) != 0)) {
        ++m;
    }
    return m;
}

/* What the most accurate setting can be had for: the least energy that its seeds cannot tell from
 * it. */
static enum mca_status put_alike(FILE *out, const struct mca__sweep_settings *settings,
                                 struct mca_error *error) {
    const struct mca_sweep_metrics *metrics = &settings->results->plan->metrics;
    const uint32_t accuracy = objective_of(metrics, "accuracy");
    const uint32_t energy = objective_of(metrics, "energy");
    const uint32_t all = settings->results->setting_count;
    const uint32_t best = best_setting(settings, accuracy, NULL);
    unsigned char *is_alike = calloc(all + 1, sizeof *is_alike);
    uint32_t seeds;
    if (!is_alike) {
        return mca_fail_memory(error, "settings of the sweep");
    }
    const uint32_t count =
        best < all ? mca__sweep_find_alike(settings, accuracy, best, is_alike, &seeds) : 0;
    if (count > 1) {
        (void)fprintf(
            out,
            "\nAs accurate as the best within chance (95 %%, differences by %u seeds): %u of "
            "%u settings, with the least energy\n",
            seeds, count, all);
        mca__put_left(out, "", 10);
        put_row(out, settings, best_setting(settings, energy, is_alike));
    } else if (count == 1 && all > 1) {
        (void)fprintf(
            out,
            "\nNo other setting is as accurate as the best within chance (95 %%, differences "
            "by %u seeds)\n",
            seeds);
    }
    free(is_alike);
    return MCA_OK;
}

enum mca_status mca_sweep_print(FILE *out, const struct mca_sweep_results *results,
                                struct mca_error *error) {
    struct mca__sweep_settings settings;
    enum mca_status status = mca__sweep_settings_init(&settings, results, error);
    const struct mca_sweep_metrics *metrics = &results->plan->metrics;
    if (status == MCA_OK) {
        put_headings(out, metrics);
    }
    for (uint32_t m = 0; m < metrics->count && status == MCA_OK; ++m) {
        const uint32_t best =
            metrics->list[m].objective ? best_setting(&settings, m, NULL) : results->setting_count;
        if (best < results->setting_count) {
            mca__put_left(out, metrics->list[m].objective, 10);
            put_row(out, &settings, best);
        }
    }
    for (uint32_t pair = 0; pair < results->plan->pair_count && status == MCA_OK; ++pair) {
        status = put_front(out, &settings, pair, error);
    }
    if (status == MCA_OK) {
        status = put_alike(out, &settings, error);
    }
    mca__sweep_settings_deinit(&settings);
    return status;
}
