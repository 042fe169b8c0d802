/* What a person reads at the end of a search. */
#include <math.h>
#include <string.h>

#include "reports/search/findings.h"
#include "reports/search/write_results.h"

enum { FRONT_SHOWN_MAX = 20, NAME_WIDTH = 14, VALUE_WIDTH = 14 };

static double mean_of(const struct mca__findings *f, uint32_t setting, uint32_t figure) {
    const struct mca_search_results *r = f->results;
    return mca_search_mean_of(r->search, setting, r->search->config.rung_count - 1)
        ->figures[figure];
}

/* How far a figure is from its bound: points of an accuracy, a share of a bound else. */
static struct mca__text slack_of(const struct mca_search_figure *figure, double value) {
    const double slack =
        figure->is_accuracy ? value - figure->bound : (figure->bound - value) / figure->bound;
    return mca__format("%s by %.2f %s", slack >= 0 ? "kept" : "missed", 100 * fabs(slack),
                       figure->is_accuracy ? "points" : "%");
}

static void put_bounds(FILE *out, const struct mca__findings *f, uint32_t setting) {
    const struct mca_search_config *c = &f->results->search->config;
    int is_first = 1;
    for (uint32_t i = 0; i < c->figure_count; ++i) {
        const struct mca_search_figure *figure = &c->figures[i];
        const double value = mean_of(f, setting, i);
        const double doubt = mca__search_doubt(f, setting, i);
        if (!figure->is_constrained) {
            continue;
        }
        (void)fputs(is_first ? "\nBounds\n" : "", out);
        is_first = 0;
        (void)fputs("  ", out);
        mca__put_left(out, f->results->plan->names[i]->name, NAME_WIDTH);
        mca__put_right(out, figure->is_accuracy ? ">= " : "<= ", 3);
        mca__put_left(out, mca__search_value(f->results->plan, i, figure->bound).s, VALUE_WIDTH);
        mca__put_left(out, mca__search_value(f->results->plan, i, value).s, VALUE_WIDTH);
        (void)fprintf(out, "%s%s\n", slack_of(figure, value).s,
                      fabs(value - figure->bound) < doubt ? ", within chance" : "");
    }
}

static void put_row(FILE *out, const struct mca__findings *f, uint32_t setting, const char *mark) {
    const struct mca_search_config *c = &f->results->search->config;
    char text[512];
    (void)fputs("  ", out);
    for (uint32_t i = 0; i < c->figure_count; ++i) {
        mca__put_right(out, mca__search_value(f->results->plan, i, mean_of(f, setting, i)).s,
                       VALUE_WIDTH);
    }
    mca__search_setting_text(f->results->plan, setting, text, sizeof text);
    (void)fprintf(out, "   %s%s\n", text, mark);
}

static void put_headings(FILE *out, const struct mca__findings *f, const char *before) {
    const struct mca_search_config *c = &f->results->search->config;
    mca__put_left(out, before, 2);
    for (uint32_t i = 0; i < c->figure_count; ++i) {
        mca__put_right(out, f->results->plan->names[i]->name, VALUE_WIDTH);
    }
}

static void put_front(FILE *out, const struct mca__findings *f) {
    const struct mca_search_plan *plan = f->results->plan;
    if (f->x == f->y || f->front_count == 0) {
        return;
    }
    (void)fprintf(out, "\nFront of %s and %s: %u of %u chips that were run in full\n",
                  plan->names[f->x]->name, plan->names[f->y]->name, f->front_count, f->full_count);
    put_headings(out, f, "");
    (void)fputs("   setting\n", out);
    for (uint32_t i = 0; i < f->front_count && i < FRONT_SHOWN_MAX; ++i) {
        const uint32_t s = f->front[i];
        put_row(out, f, s,
                s == f->best && s == f->knee ? "  (best, knee)"
                : s == f->best               ? "  (best)"
                : s == f->knee               ? "  (knee)"
                                             : "");
    }
    if (f->front_count > FRONT_SHOWN_MAX) {
        (void)fprintf(out, "  ... and %u more in front.csv\n", f->front_count - FRONT_SHOWN_MAX);
    }
}

static struct mca__text change_of(const struct mca_search_figure *figure, double change) {
    return !isfinite(change)     ? mca__format(MCA__DASH)
           : figure->is_accuracy ? mca__format("%+.2f points", 100 * change)
                                 : mca__format("%+.1f %%", 100 * change);
}

static void put_effects(FILE *out, const struct mca__findings *f) {
    const struct mca_search_config *c = &f->results->search->config;
    (void)fputs("\nMain effects: what a value does by itself, against the mean\n", out);
    put_headings(out, f, "");
    (void)fputc('\n', out);
    for (uint32_t a = 0; a < c->axis_count; ++a) {
        for (uint32_t r = 0; r < c->rows[a] && c->rows[a] <= FRONT_SHOWN_MAX; ++r) {
            char text[512];
            (void)fputs("  ", out);
            for (uint32_t i = 0; i < c->figure_count; ++i) {
                mca__put_right(out,
                               change_of(&c->figures[i], f->effects[f->first[a] + r].change[i]).s,
                               VALUE_WIDTH);
            }
            mca__search_row_text(f->results->plan, a, r, text, sizeof text);
            (void)fprintf(out, "   %s\n", text);
        }
    }
}

static void put_all(FILE *out, const struct mca__findings *f) {
    char text[MCA_SEARCH_TEXT_SIZE];
    const uint32_t shown = f->best < f->none ? f->best : f->nearest;
    put_headings(out, f, "");
    (void)fputs(f->best < f->none ? "   best chip\n"
                                  : "   no chip keeps to all bounds; the nearest\n",
                out);
    if (shown < f->none) {
        put_row(out, f, shown, "");
        put_bounds(out, f, shown);
    }
    put_front(out, f);
    put_effects(out, f);
    mca__search_paragraph(f, text);
    (void)fprintf(out, "\n%s\n", text);
}

enum mca_status mca_search_print(FILE *out, const struct mca_search_results *results,
                                 struct mca_error *error) {
    struct mca__findings findings;
    const enum mca_status status = mca__findings_init(&findings, results, error);
    if (status == MCA_OK) {
        put_all(out, &findings);
    }
    mca__findings_deinit(&findings);
    return status;
}
