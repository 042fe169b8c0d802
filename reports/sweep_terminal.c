/* What a person reads at the end of a sweep. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/sweep_settings.h"
#include "reports/terminal_text.h"
#include "scenario/key_value.h"

enum { FRONT_SHOWN_MAX = 20 };

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

/* "setting 3: chi.bits 12, adc.bits 4", in one line. */
static void put_setting(FILE *out, const struct mca__sweep_settings *settings, uint32_t s) {
    const struct mca_sweep_results *results = settings->results;
    char room[MCA_VALUE_TEXT_SIZE];
    char line[512];
    int used = snprintf(line, sizeof line, "%u", s + 1);
    const char *before = "  ";
    for (uint32_t k = 0; k < results->plan->key_count && used < (int)sizeof line; ++k) {
        if (!mca__sweep_is_seed(results->plan, k)) {
            used += snprintf(line + used, sizeof line - (size_t)used, "%s%s %s", before,
                             results->plan->keys[k]->name,
                             mca__sweep_value_text(results, settings->list[s].plan_index, k, room));
            before = ", ";
        }
    }
    (void)fprintf(out, "%s\n", line);
}

static void put_row(FILE *out, const struct mca__sweep_settings *settings, uint32_t s) {
    for (int o = 0; o < MCA_SWEEP_OBJECTIVES; ++o) {
        const enum mca_sweep_objective objective = (enum mca_sweep_objective)o;
        const int metric = (int)mca_sweep_objective_metric(objective);
        const double value = settings->list[s].metrics[metric].mean;
        mca__put_right(out, objective_text(objective, value).s, 13);
    }
    (void)fputs("   ", out);
    put_setting(out, settings, s);
}

static void put_headings(FILE *out, const char *first) {
    mca__put_left(out, first, 10);
    for (int o = 0; o < MCA_SWEEP_OBJECTIVES; ++o) {
        mca__put_right(out, HEADINGS[o], 13);
    }
    (void)fputs("   setting\n", out);
}

/* The setting with the best mean; the count of settings where none has one. */
static uint32_t best_setting(const struct mca__sweep_settings *settings,
                             enum mca_sweep_objective objective) {
    const int metric = (int)mca_sweep_objective_metric(objective);
    const int sign = mca_sweep_objective_sign(objective);
    uint32_t best = settings->results->setting_count;
    double best_value = 0;
    for (uint32_t s = 0; s < settings->results->setting_count; ++s) {
        const double value = sign * settings->list[s].metrics[metric].mean;
        if (isfinite(value) && (best == settings->results->setting_count || value > best_value)) {
            best = s;
            best_value = value;
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
