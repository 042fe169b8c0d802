/* What a person reads at the end of a sweep. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/formats/terminal_text.h"
#include "reports/sweep/settings.h"
#include "reports/sweep/write_results.h"
#include "scenario/value_text.h"

enum { FRONT_SHOWN_MAX = 20, RATIO_WIDTH = 15 };

static const int WIDTHS[MCA_SWEEP_OBJECTIVES] = {17, 14, 15, 12};
static const char *const HEADINGS[MCA_SWEEP_OBJECTIVES] = {"accuracy", "energy/image",
                                                           "latency/image", "area"};

static struct mca__text objective_text(enum mca_sweep_objective objective, double value) {
    struct mca__text text;
    switch (objective) {
    case MCA_SWEEP_ACCURACY:
        return mca__percent(value, 2);
    case MCA_SWEEP_ENERGY:
        return mca__si(value, "J");
    case MCA_SWEEP_LATENCY:
        return mca__si(value, "s");
    case MCA_SWEEP_AREA:
    default:
        (void)snprintf(text.s, sizeof text.s, isfinite(value) ? "%.3g mm²" : "-", value);
        return text;
    }
}

/* Four digits of a number are enough to tell settings apart. */
static const char *brief(const struct mca_key *key, const char *text, char room[32]) {
    if (key->type != MCA_KEY_F64) {
        return text;
    }
    (void)snprintf(room, 32, "%.4g", strtod(text, NULL));
    return room;
}

/* "3  chi.bits 12, adc.bits 4", in one line. */
static void put_setting(FILE *out, const struct mca__sweep_settings *settings, uint32_t s) {
    const struct mca_sweep_results *results = settings->results;
    char room[MCA_VALUE_TEXT_SIZE];
    char number[32];
    char line[512];
    int used = snprintf(line, sizeof line, "%u", s + 1);
    const char *before = "  ";
    for (uint32_t k = 0; k < results->plan->key_count && used < (int)sizeof line; ++k) {
        if (!mca__sweep_is_seed(results->plan, k)) {
            const struct mca_key *key = results->plan->keys[k];
            const char *text =
                mca__sweep_value_text(results, settings->list[s].plan_index, k, room);
            used += snprintf(line + used, sizeof line - (size_t)used, "%s%s %s", before, key->name,
                             brief(key, text, number));
            before = ", ";
        }
    }
    (void)fprintf(out, "%s\n", line);
}

/* Means; of the accuracy also half of the interval of the mean, where there is one. Behind them the
 * energy of the strongest digital design over the chip's: in total, and dynamic energy alone. */
static void put_row(FILE *out, const struct mca__sweep_settings *settings, uint32_t s) {
    for (int o = 0; o < MCA_SWEEP_OBJECTIVES; ++o) {
        const enum mca_sweep_objective objective = (enum mca_sweep_objective)o;
        const struct mca_sample_statistics *v =
            &settings->list[s].metrics[mca_sweep_objective_metric(objective)];
        struct mca__text text = objective_text(objective, v->mean);
        if (objective == MCA_SWEEP_ACCURACY && v->high > v->low) {
            const double half = (v->high - v->low) / 2;
            (void)snprintf(text.s, sizeof text.s, "%.2f ± %.2f %%", 100 * v->mean, 100 * half);
        }
        mca__put_right(out, text.s, WIDTHS[o]);
    }
    for (int r = 0; r < 2; ++r) {
        const double ratio = settings->list[s].metrics[MCA_METRIC_TOTAL_ENERGY_RATIO + r].mean;
        char text[24] = "none";
        if (isfinite(ratio)) {
            (void)snprintf(text, sizeof text, "%.3g x", ratio);
        }
        mca__put_right(out, text, RATIO_WIDTH);
    }
    (void)fputs("   ", out);
    put_setting(out, settings, s);
}

static void put_headings(FILE *out, const char *first) {
    mca__put_left(out, first, 10);
    for (int o = 0; o < MCA_SWEEP_OBJECTIVES; ++o) {
        mca__put_right(out, HEADINGS[o], WIDTHS[o]);
    }
    mca__put_right(out, "digital / chip", RATIO_WIDTH);
    mca__put_right(out, "dynamic", RATIO_WIDTH);
    (void)fputs("   setting\n", out);
}

/* How much more of an objective's good a setting has than another one. */
static double gain(const struct mca__sweep_settings *settings, enum mca_sweep_objective objective,
                   uint32_t s, uint32_t than) {
    const int metric = (int)mca_sweep_objective_metric(objective);
    return mca_sweep_objective_sign(objective) *
           (settings->list[s].metrics[metric].mean - settings->list[than].metrics[metric].mean);
}

/* Whether a setting is better; of equals, the one that is in the first objective that tells. */
static int is_better(const struct mca__sweep_settings *settings, enum mca_sweep_objective objective,
                     uint32_t s, uint32_t than) {
    double more = gain(settings, objective, s, than);
    for (int o = 0; o < MCA_SWEEP_OBJECTIVES && more == 0.0; ++o) {
        const double other = gain(settings, (enum mca_sweep_objective)o, s, than);
        more = isnan(other) ? 0.0 : other;
    }
    return more > 0.0;
}

/* The setting with the best mean; the count of settings where none has one. */
static uint32_t best_setting(const struct mca__sweep_settings *settings,
                             enum mca_sweep_objective objective) {
    const int metric = (int)mca_sweep_objective_metric(objective);
    const uint32_t none = settings->results->setting_count;
    uint32_t best = none;
    for (uint32_t s = 0; s < none; ++s) {
        if (isfinite(settings->list[s].metrics[metric].mean) &&
            (best == none || is_better(settings, objective, s, best))) {
            best = s;
        }
    }
    return best;
}

static enum mca_status put_front(FILE *out, struct mca__sweep_settings *settings, uint32_t pair,
                                 struct mca_error *error) {
    const enum mca_sweep_objective *ends = settings->results->plan->pairs[pair];
    uint32_t count;
    MCA_TRY(mca__sweep_front(settings, pair, &count, error));
    (void)fprintf(out, "\nPareto front of %s and %s: %u of %u settings\n",
                  mca_sweep_objective_name(ends[0]), mca_sweep_objective_name(ends[1]), count,
                  settings->results->setting_count);
    for (uint32_t i = 0; i < count && i < FRONT_SHOWN_MAX; ++i) {
        mca__put_left(out, "", 10);
        put_row(out, settings, settings->front[i]);
    }
    if (count > FRONT_SHOWN_MAX) {
        (void)fprintf(out, "          ... and %u more in pareto.csv\n", count - FRONT_SHOWN_MAX);
    }
    return MCA_OK;
}

enum mca_status mca_sweep_print(FILE *out, const struct mca_sweep_results *results,
                                struct mca_error *error) {
    struct mca__sweep_settings settings;
    enum mca_status status = mca__sweep_settings_init(&settings, results, error);
    if (status == MCA_OK) {
        put_headings(out, "Best");
        for (int o = 0; o < MCA_SWEEP_OBJECTIVES; ++o) {
            const uint32_t best = best_setting(&settings, (enum mca_sweep_objective)o);
            if (best < results->setting_count) {
                mca__put_left(out, mca_sweep_objective_name((enum mca_sweep_objective)o), 10);
                put_row(out, &settings, best);
            }
        }
    }
    for (uint32_t pair = 0; pair < results->plan->pair_count && status == MCA_OK; ++pair) {
        status = put_front(out, &settings, pair, error);
    }
    mca__sweep_settings_deinit(&settings);
    return status;
}
