/* An explanation on the terminal. */
#include <math.h>

#include "reports/explain/explain.h"
#include "reports/formats/terminal_text.h"

enum { NAME_WIDTH = 24 };

struct screen {
    FILE *out;
    const char *bold;
    const char *plain;
};

static void put_exact(FILE *out, double value, int width) {
    mca__put_right(out, isfinite(value) ? mca__format("%.17g", value).s : "", width);
}

/* An error: what it moves, by which factor, and what that does to the value. */
static void put_error(const struct screen *s, const struct mca_term *term) {
    mca__put_left(s->out, term->name, 34);
    if (isfinite(term->amount)) {
        (void)fputs(" moves", s->out);
        put_exact(s->out, term->amount, 24);
    }
    (void)fprintf(s->out, " by %-7.4g", term->each);
    put_exact(s->out, term->value, 25);
    (void)fputc('\n', s->out);
}

static void put_term(const struct screen *s, const struct mca_explanation *x,
                     const struct mca_term *term) {
    (void)fputs("  ", s->out);
    if (term->cause || term->error) {
        put_error(s, term);
        return;
    }
    mca__put_left(s->out, term->name, term->is_key ? 44 : NAME_WIDTH);
    if (term->price) {
        put_exact(s->out, term->amount, 24);
        (void)fputs(" x", s->out);
        put_exact(s->out, term->each, 24);
        (void)fputs(" =", s->out);
    }
    put_exact(s->out, term->value, 25);
    const double whole = x->value * x->divisor;
    if (!x->text && isfinite(whole) && whole != 0.0) {
        mca__put_right(s->out, mca__percent(term->value / whole, 1).s, 9);
    }
    (void)fputc('\n', s->out);
}

/* "5", or "5 up and 2 down" where an error does not reach as far both ways. */
static void put_factors(FILE *out, double up, double down) {
    (void)fprintf(out, "%g", up);
    if (down != up) {
        (void)fprintf(out, " up and %g down", down);
    }
}

static void put_origin(FILE *out, const struct mca_figure *figure) {
    (void)fprintf(out, "    source: %s\n", figure->source);
    if (*figure->note) {
        (void)fprintf(out, "    note: %s\n", figure->note);
    }
}

/* Power and area of a converter follow its conversions: the entry that prices those. */
static void put_conversion(FILE *out, const struct mca_component_library *library,
                           const struct mca_figure *figure) {
    const uint32_t index = (uint32_t)(figure - library->figures);
    const enum mca_entry number = mca_figure_follows(library, index);
    const struct mca_figure *entry = &library->figures[number];
    (void)fprintf(out, "    follows the conversions of energy.%s: %.17g J", mca_entry_name(number),
                  entry->published);
    (void)fprintf(out, " at %g nm, %.17g J at the library's node%s", entry->node_nm, entry->value,
                  entry->law == MCA_LAW_FIXED ? "" : ",");
    if (entry->law != MCA_LAW_FIXED) {
        (void)fprintf(out, " for %g bits", entry->at);
    }
    (void)fputs(mca_figure_quantity(index) == MCA_QUANTITY_POWER
                    ? "; power by energy x rate\n"
                    : "; area by energy^0.3 x rate^0.2 (Andrulis et al., arXiv 2404.06553)\n",
                out);
    put_origin(out, entry);
}

/* What the library says of a figure: kind, errors, source. */
static void put_figure(FILE *out, const struct mca_component_library *library,
                       const struct mca_figure *figure) {
    (void)fprintf(out, "    %s, %g nm", mca_figure_kind_name(figure->kind), figure->node_nm);
    if (isfinite(figure->voltage_v)) {
        (void)fprintf(out, ", %g V", figure->voltage_v);
    }
    (void)fputs("; errs by a factor of ", out);
    put_factors(out, figure->uncertainty, mca_figure_down(figure));
    (void)fputs(" of its own", out);
    for (uint32_t i = 0; i < library->cause_count; ++i) {
        if (figure->causes >> i & 1) {
            const struct mca_cause *cause = &library->causes[i];
            (void)fputs(", ", out);
            put_factors(out, cause->factor, mca_cause_down(cause));
            (void)fprintf(out, " with %s", cause->name);
        }
    }
    (void)fputc('\n', out);
    put_origin(out, figure);
    if (figure->law == MCA_LAW_CONVERSION) {
        put_conversion(out, library, figure);
    }
}

/* From the published value to the price: the steps between them. */
static void put_source(FILE *out, const struct mca_component_library *library, const char *name,
                       const struct mca_price *price) {
    const struct mca_figure *figure = price->figure;
    (void)fprintf(out, "  %.17g (%s)", price->value, name);
    if (price->value != figure->published) {
        (void)fprintf(out, " = %.17g", figure->published);
    }
    if (figure->times != 1.0) {
        (void)fprintf(out, " x %.17g", figure->times);
    }
    if (figure->scaled && figure->scale != 1.0) {
        (void)fprintf(out, " x %.17g (", figure->scale);
        if (isfinite(figure->voltage_v)) {
            (void)fprintf(out, "%g nm at %g V", figure->node_nm, figure->voltage_v);
        } else {
            (void)fprintf(out, "%g nm", figure->node_nm);
        }
        (void)fputs(" to the library's node, Stillmaker and Baas 2017)", out);
    }
    if (price->factor != 1.0) {
        (void)fprintf(out, " x %.17g (%s", price->factor,
                      figure->law == MCA_LAW_FIXED ? "of the design" : mca_law_name(figure->law));
        if (figure->law == MCA_LAW_CONVERSION) {
            (void)fprintf(out, ", stated at %.17g J,", figure->at_energy_scaled_j);
            (void)fprintf(out, " %.17g ps)", figure->at);
        } else {
            (void)fprintf(out, isfinite(figure->at) ? ", stated at %.17g)" : ")", figure->at);
        }
    }
    (void)fputc('\n', out);
    put_figure(out, library, figure);
}

void mca_explanation_print_origin(FILE *out, const struct mca_explanation *x,
                                  const struct mca_term *term) {
    if (term->cause) {
        (void)fprintf(out, "%s\n", term->cause->note);
    } else if (term->error) {
        put_figure(out, x->library, term->error);
    } else if (term->price) {
        char name[MCA_EXPLAIN_KEY_SIZE];
        mca_figure_name((uint32_t)(term->price->figure - x->library->figures), name, sizeof name);
        put_source(out, x->library, name, term->price);
    }
}

/* Each constant once, in the order in which it first occurs, and each cause of error. */
static void put_sources(FILE *out, const struct mca_explanation *x) {
    for (uint32_t t = 0; t < x->term_count; ++t) {
        const struct mca_term *term = &x->terms[t];
        int seen = term->price == NULL || term->value == 0.0;
        for (uint32_t before = 0; before < t && !seen; ++before) {
            seen = x->terms[before].price == term->price && x->terms[before].value != 0.0;
        }
        if (!seen) {
            put_source(out, x->library, term->name, term->price);
        }
        if (term->cause) {
            (void)fprintf(out, "  %s: %s\n", term->name, term->cause->note);
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
    (void)fprintf(out, "%s%s%s:\n", x->meaning, *x->divisor_name ? ", divided by " : "",
                  x->divisor_name);
    if (x->formula != MCA_FORMULA_SUM) {
        (void)fprintf(out, "  the value is %.17g %s\n", x->middle, x->unit);
    }
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
    put_sources(out, x);
}
