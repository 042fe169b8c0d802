/* Settings and findings in words. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/search/findings.h"
#include "reports/search/write_results.h"
#include "scenario/value_text.h"

uint32_t mca__search_key_count(const struct mca_search_plan *plan) {
    uint32_t keys = 0;
    for (uint32_t a = 0; a < plan->config.axis_count; ++a) {
        keys += plan->sweep.axes[a].key_count;
    }
    return keys;
}

const char *mca__search_key_text(const struct mca_search_plan *plan, uint32_t setting,
                                 uint32_t slot, char *room) {
    uint32_t cells[MCA_KEY_MAX];
    const struct mca_search_point point = {setting, plan->config.rung_count - 1, 0};
    mca_sweep_plan_cells(&plan->sweep, mca_search_plan_index(plan, &point), cells);
    return mca_sweep_plan_text(&plan->sweep, slot, cells[slot], room, MCA_VALUE_TEXT_SIZE);
}

/* Four digits of a number are enough to tell settings apart. */
static struct mca__text brief(const struct mca_key *key, const char *text) {
    return key->type == MCA_KEY_F64 ? mca__format("%.4g", strtod(text, NULL))
                                    : mca__format("%.70s", text);
}

void mca__search_setting_text(const struct mca_search_plan *plan, uint32_t setting, char *text,
                              size_t size) {
    char room[MCA_VALUE_TEXT_SIZE];
    text[0] = '\0';
    for (uint32_t k = 0; k < mca__search_key_count(plan); ++k) {
        const struct mca_key *key = plan->sweep.keys[k];
        mca_text_add(text, size, "%s%s %s", k > 0 ? ", " : "", key->name,
                     brief(key, mca__search_key_text(plan, setting, k, room)).s);
    }
}

void mca__search_row_text(const struct mca_search_plan *plan, uint32_t axis, uint32_t row,
                          char *text, size_t size) {
    const struct mca_sweep_axis *a = &plan->sweep.axes[axis];
    char room[MCA_VALUE_TEXT_SIZE];
    text[0] = '\0';
    for (uint32_t k = 0; k < a->key_count; ++k) {
        const struct mca_key *key = plan->sweep.keys[a->slots[k]];
        const uint32_t cell = a->cells[(size_t)row * a->key_count + k];
        const char *value = mca_sweep_plan_text(&plan->sweep, a->slots[k], cell, room, sizeof room);
        mca_text_add(text, size, "%s%s %s", k > 0 ? ", " : "", key->name, brief(key, value).s);
    }
}

struct mca__text mca__search_value(const struct mca_search_plan *plan, uint32_t figure,
                                   double value) {
    return mca_result_text(mca__search_figure(plan, figure), value);
}

static double mean_of(const struct mca__findings *f, uint32_t setting, uint32_t figure) {
    const struct mca_search_results *r = f->results;
    return mca_search_mean_of(r->search, setting, r->search->config.rung_count - 1)
        ->figures[figure];
}

/* "energy 99.8 nJ" */
static void add_value(const struct mca__findings *f, uint32_t setting, uint32_t figure, char *text,
                      const char *before) {
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "%s%s %s", before,
                 f->results->plan->names[figure]->name,
                 mca__search_value(f->results->plan, figure, mean_of(f, setting, figure)).s);
}

/* The bounds that figures of a setting miss. */
static void add_missed(const struct mca__findings *f, uint32_t setting, char *text) {
    const struct mca_search_config *c = &f->results->search->config;
    const char *before = " ";
    for (uint32_t i = 0; i < c->figure_count; ++i) {
        const struct mca_search_figure *figure = &c->figures[i];
        const double value = mean_of(f, setting, i);
        const int is_missed = figure->is_constrained &&
                              (figure->is_accuracy ? value < figure->bound : value > figure->bound);
        if (is_missed) {
            add_value(f, setting, i, text, before);
            mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " of %s %s", figure->is_accuracy ? ">=" : "<=",
                         mca__search_value(f->results->plan, i, figure->bound).s);
            before = ", ";
        }
    }
}

static void add_setting(const struct mca__findings *f, uint32_t setting, char *text) {
    char own[512];
    mca__search_setting_text(f->results->plan, setting, own, sizeof own);
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "%s", own);
}

static void add_best(const struct mca__findings *f, char *text) {
    const struct mca_search_config *c = &f->results->search->config;
    if (f->best == f->none) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE,
                     "None of the %u chips that were run in full keeps to all bounds",
                     f->full_count);
        if (f->nearest < f->none) {
            mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "; the nearest is ");
            add_setting(f, f->nearest, text);
            mca_text_add(text, MCA_SEARCH_TEXT_SIZE, ", with");
            add_missed(f, f->nearest, text);
        }
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, ".");
        return;
    }
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "The best chip is ");
    add_setting(f, f->best, text);
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, ":");
    for (uint32_t i = 0; i < c->figure_count; ++i) {
        add_value(f, f->best, i, text, i == 0 ? " " : ", ");
    }
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, ".");
}

/* Whether the accuracy of the best one keeps to its bound by more than chance. */
static void add_slack(const struct mca__findings *f, char *text) {
    const struct mca_search_config *c = &f->results->search->config;
    for (uint32_t i = 0; i < c->figure_count && f->best < f->none; ++i) {
        if (c->figures[i].is_constrained && c->figures[i].is_accuracy) {
            const double slack = mean_of(f, f->best, i) - c->figures[i].bound;
            const double doubt = mca__search_doubt(f, f->best, i);
            mca_text_add(text, MCA_SEARCH_TEXT_SIZE,
                         " Its accuracy is %.2f points above the bound, %s the %.2f that chance "
                         "makes (95 %%).",
                         100 * slack, slack > doubt ? "more than" : "not more than", 100 * doubt);
        }
    }
}

static void add_ties(const struct mca__findings *f, char *text) {
    if (f->best == f->none) {
        return;
    }
    if (f->tie_count == 0) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE,
                     " No other chip that keeps to the bounds ties with it.");
        return;
    }
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " %u other%s with it: ", f->tie_count,
                 f->tie_count == 1 ? " ties" : "s tie");
    for (uint32_t i = 0; i < f->tie_count && i < 2; ++i) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "%s", i > 0 ? "; " : "");
        add_setting(f, f->ties[i], text);
    }
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "%s.", f->tie_count > 2 ? "; ..." : "");
}

static void add_binding(const struct mca__findings *f, char *text) {
    if (f->cheaper < f->none) {
        const double less = 1 - mean_of(f, f->cheaper, 0) / mean_of(f, f->best, 0);
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " What binds: %.1f %% less %s is had with ",
                     100 * less, f->results->plan->names[0]->name);
        add_setting(f, f->cheaper, text);
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, ", which misses");
        add_missed(f, f->cheaper, text);
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, ".");
    } else if (f->best < f->none) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE,
                     " No chip that was run in full has less %s: no bound was seen to bind.",
                     f->results->plan->names[0]->name);
    }
}

static void add_knee(const struct mca__findings *f, char *text) {
    const struct mca_search_plan *plan = f->results->plan;
    if (f->knee < f->none) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " The front of %s and %s has its knee at ",
                     plan->names[f->x]->name, plan->names[f->y]->name);
        add_setting(f, f->knee, text);
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " (");
        add_value(f, f->knee, f->x, text, "");
        add_value(f, f->knee, f->y, text, ", ");
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, ").");
    } else if (f->x != f->y) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " The front of %s and %s has no knee.",
                     plan->names[f->x]->name, plan->names[f->y]->name);
    }
}

/* "adc.bits"; where several change together "the choice of adc.bits, dpu.lanes". */
static void add_axis(const struct mca_sweep_plan *plan, uint32_t number, char *text) {
    const struct mca_sweep_axis *axis = &plan->axes[number];
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "%s", axis->key_count > 1 ? "the choice of " : "");
    for (uint32_t k = 0; k < axis->key_count; ++k) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, "%s%s", k > 0 ? ", " : "",
                     plan->keys[axis->slots[k]]->name);
    }
}

/* The axis whose values differ most in a figure. */
static void add_effect(const struct mca__findings *f, uint32_t figure, char *text) {
    const struct mca_search_config *c = &f->results->search->config;
    uint32_t widest = 0;
    double most = -1;
    for (uint32_t a = 0; a < c->axis_count; ++a) {
        double low = HUGE_VAL;
        double high = -HUGE_VAL;
        for (uint32_t r = f->first[a]; r < f->first[a + 1]; ++r) {
            const double change = f->effects[r].change[figure];
            low = change < low ? change : low;
            high = change > high ? change : high;
        }
        if (high - low > most) {
            most = high - low;
            widest = a;
        }
    }
    if (most > 0) {
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " By itself ");
        add_axis(&f->results->plan->sweep, widest, text);
        mca_text_add(text, MCA_SEARCH_TEXT_SIZE, " moves %s most: %.*f %s.",
                     f->results->plan->names[figure]->name, c->figures[figure].is_accuracy ? 2 : 0,
                     100 * most,
                     c->figures[figure].is_accuracy ? "points between its ends"
                                                    : "% of the mean between its ends");
    }
}

void mca__search_paragraph(const struct mca__findings *f, char text[MCA_SEARCH_TEXT_SIZE]) {
    const struct mca_search *search = f->results->search;
    const struct mca_search_config *c = &search->config;
    const double all =
        (double)c->setting_count * c->seeds * (double)c->rungs[c->rung_count - 1].cost;
    text[0] = '\0';
    add_best(f, text);
    add_slack(f, text);
    add_ties(f, text);
    add_binding(f, text);
    add_knee(f, text);
    for (uint32_t i = 0; i < c->figure_count; ++i) {
        if (c->figures[i].is_objective || c->figures[i].is_accuracy) {
            add_effect(f, i, text);
        }
    }
    mca_text_add(text, MCA_SEARCH_TEXT_SIZE,
                 " %u of %u chips were run in full, in %u runs of %" PRIu64
                 " images together: %.1f %% of what all chips with all seeds would take.",
                 f->full_count, c->setting_count, search->runs, search->spent,
                 100 * (double)search->spent / all);
}

enum mca_status mca_search_nearest_text(const struct mca_search_results *results,
                                        char text[MCA_SEARCH_TEXT_SIZE], struct mca_error *error) {
    struct mca__findings findings;
    const enum mca_status status = mca__findings_init(&findings, results, error);
    text[0] = '\0';
    if (status == MCA_OK && findings.nearest < findings.none) {
        add_missed(&findings, findings.nearest, text);
    }
    mca__findings_deinit(&findings);
    return status;
}
