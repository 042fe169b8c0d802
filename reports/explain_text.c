/* An explanation on the terminal. */
#include <math.h>
#include <string.h>

#include "reports/explain.h"
#include "reports/terminal_text.h"

enum { NAME_WIDTH = 24 };

struct screen {
    FILE *out;
    const char *bold;
    const char *plain;
};

static void put_exact(FILE *out, double value, int width) {
    char text[40];
    (void)snprintf(text, sizeof text, "%.17g", value);
    mca__put_right(out, isfinite(value) ? text : "", width);
}

static void put_term(const struct screen *s, const struct mca_explanation *x,
                     const struct mca_term *term) {
    (void)fputs("  ", s->out);
    mca__put_left(s->out, term->name, term->is_key ? 44 : NAME_WIDTH);
    if (term->figure) {
        put_exact(s->out, term->amount, 24);
        (void)fputs(" x", s->out);
        put_exact(s->out, term->each, 24);
        if (term->times != 1.0) {
            (void)fprintf(s->out, " x %.17g", term->times);
        }
        if (term->over != 1.0) {
            (void)fprintf(s->out, " / %.17g", term->over);
        }
        (void)fputs(" =", s->out);
    }
    put_exact(s->out, term->value, 25);
    const double whole = x->value * x->divisor;
    if (!x->text && isfinite(whole) && whole != 0.0) {
        mca__put_right(s->out, mca__percent(term->value / whole, 1).s, 9);
    }
    (void)fputc('\n', s->out);
}

/* Each constant once, in the order in which it first occurs. */
static void put_sources(const struct screen *s, const struct mca_explanation *x) {
    for (uint32_t t = 0; t < x->term_count; ++t) {
        const struct mca_figure *figure = x->terms[t].figure;
        int seen = figure == NULL;
        for (uint32_t before = 0; before < t && !seen; ++before) {
            seen = x->terms[before].figure == figure;
        }
        if (seen || x->terms[t].value == 0.0) {
            continue;
        }
        (void)fprintf(s->out, "  %.17g: %s, %g nm", figure->value,
                      mca_figure_kind_name(figure->kind), figure->node_nm);
        if (isfinite(figure->voltage_v)) {
            (void)fprintf(s->out, ", %g V", figure->voltage_v);
        }
        (void)fprintf(s->out, ", factor %g either way (%s)\n", figure->uncertainty,
                      x->terms[t].name);
        (void)fprintf(s->out, "    source: %s\n", figure->source);
        if (*figure->note) {
            (void)fprintf(s->out, "    note: %s\n", figure->note);
        }
    }
}

void mca_explanation_print(FILE *out, const struct mca_explanation *x, int colour) {
    const struct screen s = {out, colour ? "\033[1m" : "", colour ? "\033[0m" : ""};
    if (x->text) {
        (void)fprintf(out, "%s%s = %s%s\n", s.bold, x->key, *x->text ? x->text : "none", s.plain);
    } else if (isfinite(x->value)) {
        (void)fprintf(out, "%s%s = %.17g %s%s\n", s.bold, x->key, x->value, x->unit, s.plain);
    } else {
        (void)fprintf(out, "%s%s has no value%s\n", s.bold, x->key, s.plain);
    }
    if (isfinite(x->low)) {
        (void)fprintf(out, "range: %.17g to %.17g %s\n", x->low, x->high, x->unit);
    }
    (void)fprintf(out, "%s%s%s%s:\n", x->meaning, *x->divisor_name ? ", divided by " : "",
                  x->divisor_name, "");
    int left_out = 0;
    for (uint32_t t = 0; t < x->term_count; ++t) {
        const int shown = x->terms[t].value != 0.0 || x->term_count == 1 || x->text;
        left_out += !shown;
        if (shown) {
            put_term(&s, x, &x->terms[t]);
        }
    }
    if (left_out > 0) {
        (void)fprintf(out, "  %d more that are 0\n", left_out);
    }
    if (*x->divisor_name) {
        (void)fputs("  / ", out);
        mca__put_left(out, x->divisor_name, NAME_WIDTH);
        (void)fprintf(out, " %.17g\n", x->divisor);
    }
    put_sources(&s, x);
}
