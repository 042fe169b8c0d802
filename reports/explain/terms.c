/* Terms of explanations, and the ends of ranges. */
#include <math.h>
#include <string.h>

#include "reports/explain/explain_state.h"

struct mca_term *mca__add_term(struct mca_explanation *x, const char *name, double value) {
    struct mca_term *term = &x->terms[x->term_count++];
    *term = (struct mca_term){.amount = (double)NAN, .each = (double)NAN, .value = value};
    (void)snprintf(term->name, sizeof term->name, "%s", name);
    return term;
}

void mca__add_part(struct mca_explanation *x, const struct mca_result_subject *s,
                   const char *section, const char *name, double value) {
    struct mca_term *term = mca__add_term(x, "", value);
    term->is_key = 1;
    (void)snprintf(term->name, sizeof term->name, "%s%.40s%.40s", s->prefix, section, name);
}

void mca__add_product(struct mca_explanation *x, const char *name, double amount,
                      const struct mca_price *price) {
    struct mca_term *term = mca__add_term(x, name, amount * price->value);
    term->amount = amount;
    term->each = price->value;
    term->price = price;
}

void mca__divide_by(struct mca_explanation *x, double divisor, const char *name) {
    x->divisor = divisor;
    (void)snprintf(x->divisor_name, sizeof x->divisor_name, "%s", name);
}

void mca__set_range(struct mca_explanation *x, struct mca_range range) {
    x->low = range.low;
    x->high = range.high;
}

void mca__explain_end(struct mca_explanation *x, enum mca_result_bound bound, double middle,
                      const struct mca_error_source *sources, uint32_t count) {
    const struct mca_component_library *library = x->library;
    const int high = bound == MCA_RESULT_HIGH;
    x->formula = high ? MCA_FORMULA_HIGH : MCA_FORMULA_LOW;
    x->middle = middle;
    for (uint32_t i = 0; i < count; ++i) {
        char name[MCA_EXPLAIN_KEY_SIZE];
        if (sources[i].is_cause) {
            (void)snprintf(name, sizeof name, "causes.%s", library->causes[sources[i].index].name);
        } else {
            mca_figure_name(sources[i].index, name, sizeof name);
        }
        struct mca_term *term = mca__add_term(x, name, high ? sources[i].up : sources[i].down);
        term->amount = sources[i].share;
        term->each = high ? sources[i].factor : sources[i].factor_down;
        if (sources[i].is_cause) {
            term->cause = &library->causes[sources[i].index];
        } else {
            term->error = &library->figures[sources[i].index];
        }
    }
}

void mca__explain_sum_end(struct mca_explanation *x, enum mca_result_bound bound,
                          const struct mca_shares *shares, double middle) {
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count = middle > 0.0 ? mca_sum_errors(x->library, shares, middle, sources) : 0;
    mca__explain_end(x, bound, middle, sources, count);
}
