/* Explanations as JSON, for programs: one with all of its terms, or the list of figures. */
#include <math.h>
#include <stdlib.h>

#include "base/memory_text.h"
#include "reports/explain/explain.h"

static void put_value(struct mca__json *json, json_t *object, const struct mca_explanation *x) {
    if (x->text) {
        mca__json_text(json, object, "value", x->text);
    } else {
        mca__json_number(json, object, "value", x->value);
    }
    mca__json_text(json, object, "unit", x->unit);
}

/* A term's constant, to be printed. */
struct origin {
    const struct mca_explanation *x;
    const struct mca_term *term;
};

static void print_origin(FILE *out, const void *what) {
    const struct origin *origin = what;
    mca_explanation_print_origin(out, origin->x, origin->term);
}

static enum mca_status put_term(struct mca__json *json, json_t *terms,
                                const struct mca_explanation *x, const struct mca_term *term,
                                struct mca_error *error) {
    const struct origin origin = {x, term};
    const int is_error = term->cause || term->error;
    char *text = NULL;
    size_t size;
    if (term->price || is_error) {
        MCA_TRY(mca_print_to_memory(print_origin, &origin, &text, &size, error));
    }
    json_t *o = mca__json_object(json, terms, NULL);
    mca__json_text(json, o, "name", term->name);
    mca__json_text(json, o, "key", term->is_key ? term->name : NULL);
    mca__json_number(json, o, "amount", term->price || is_error ? term->amount : (double)NAN);
    mca__json_number(json, o, "each", term->price || is_error ? term->each : (double)NAN);
    mca__json_number(json, o, "value", term->value);
    mca__json_text(json, o, "origin", text);
    free(text);
    return MCA_OK;
}

static enum mca_status put_explanation(struct mca__json *json, const struct mca_explanation *x,
                                       struct mca_error *error) {
    static const char *const FORMULAS[] = {
        [MCA_FORMULA_SUM] = "sum", [MCA_FORMULA_HIGH] = "high", [MCA_FORMULA_LOW] = "low"};
    const double none = (double)NAN;
    mca__json_text(json, json->root, "key", x->key);
    put_value(json, json->root, x);
    mca__json_text(json, json->root, "meaning", x->meaning);
    mca__json_number(json, json->root, "low", x->low);
    mca__json_number(json, json->root, "high", x->high);
    mca__json_text(json, json->root, "formula", FORMULAS[x->formula]);
    mca__json_number(json, json->root, "middle", x->formula == MCA_FORMULA_SUM ? none : x->middle);
    mca__json_number(json, json->root, "divisor", x->divisor);
    mca__json_text(json, json->root, "divisor_name", *x->divisor_name ? x->divisor_name : NULL);
    json_t *terms = mca__json_array(json, json->root, "terms");
    for (uint32_t t = 0; t < x->term_count; ++t) {
        MCA_TRY(put_term(json, terms, x, &x->terms[t], error));
    }
    return MCA_OK;
}

enum mca_status mca_explanation_print_json(FILE *out, const struct mca_explanation *x,
                                           struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    const enum mca_status status = put_explanation(&json, x, error);
    if (status != MCA_OK) {
        json_decref(json.root);
        return status;
    }
    return mca__json_print(&json, out, error);
}

struct list {
    struct mca__json json;
    json_t *figures;
};

static void put_figure(void *user, const struct mca_explanation *x) {
    struct list *list = user;
    json_t *o = mca__json_object(&list->json, list->figures, NULL);
    mca__json_text(&list->json, o, "key", x->key);
    put_value(&list->json, o, x);
}

enum mca_status mca_explanations_print_json(FILE *out, const struct mca_priced_run *report,
                                            struct mca_error *error) {
    struct list list;
    mca__json_init(&list.json);
    list.figures = mca__json_array(&list.json, list.json.root, "figures");
    mca_explain_all(report, put_figure, &list);
    return mca__json_print(&list.json, out, error);
}
