/* Explanations for a page, which leads from a figure to its parts, their parts, constants and their
 * sources. What many explanations share stands once and is named by its place. */
#include <math.h>
#include <stdlib.h>

#include "base/memory_text.h"
#include "reports/explain/explain.h"

struct book {
    struct mca__json *json;
    json_t *explanations;
    json_t *constants; /* a list */
    json_t *meanings;  /* a list */
    json_t *places;    /* in these lists, by text; not written */
    json_t *wanted;    /* keys of parts, in the order in which they were met; not written */
    json_t *met;       /* the same, as names; not written */
    enum mca_status status;
    struct mca_error *error;
};

/* A term's constant, to be printed. */
struct origin {
    const struct mca_explanation *x;
    const struct mca_term *term;
};

static void print_origin(FILE *out, const void *what) {
    const struct origin *origin = what;
    mca_explanation_print_origin(out, origin->x, origin->term);
}

static void put_number(struct book *book, json_t *list, double value) {
    mca__json_number(book->json, list, NULL, value);
}

/* The text's place in a list; the list's end, where the caller puts it, when it is new. Meanings
 * and constants never have the same text. */
static uint64_t place_of(struct book *book, const json_t *list, const char *text, int *is_new) {
    const json_t *known = json_object_get(book->places, text);
    *is_new = known == NULL;
    if (known) {
        return (uint64_t)json_integer_value(known);
    }
    mca__json_count(book->json, book->places, text, json_array_size(list));
    return json_array_size(list);
}

/* The place of a term's constant among all of them, at the end of the term. */
static enum mca_status put_constant(struct book *book, json_t *list,
                                    const struct mca_explanation *x, const struct mca_term *term) {
    const struct origin origin = {x, term};
    char *text;
    size_t size;
    MCA_TRY(mca_print_to_memory(print_origin, &origin, &text, &size, book->error));
    int is_new;
    const uint64_t place = place_of(book, book->constants, text, &is_new);
    if (is_new) {
        json_t *constant = mca__json_object(book->json, book->constants, NULL);
        mca__json_number(book->json, constant, "value",
                         term->price ? term->price->value : (double)NAN);
        mca__json_text(book->json, constant, "text", text);
    }
    free(text);
    mca__json_count(book->json, list, NULL, place);
    return MCA_OK;
}

static void put_meaning(struct book *book, json_t *object, const char *meaning) {
    int is_new;
    const uint64_t place = place_of(book, book->meanings, meaning, &is_new);
    if (is_new) {
        mca__json_text(book->json, book->meanings, NULL, meaning);
    }
    mca__json_count(book->json, object, "meaning", place);
}

static void want(struct book *book, const char *key) {
    if (!json_object_get(book->met, key)) {
        mca__json_count(book->json, book->met, key, 1);
        mca__json_text(book->json, book->wanted, NULL, key);
    }
}

/* [name, value]; [name, amount, constant]; of an error [name, change, share moved, factor,
 * constant]. */
static enum mca_status put_term(struct book *book, json_t *terms, const struct mca_explanation *x,
                                const struct mca_term *term) {
    json_t *list = mca__json_array(book->json, terms, NULL);
    mca__json_text(book->json, list, NULL, term->name);
    if (term->cause || term->error) {
        put_number(book, list, term->value);
        put_number(book, list, term->amount);
        put_number(book, list, term->each);
    } else {
        put_number(book, list, term->price ? term->amount : term->value);
    }
    if (term->is_key) {
        want(book, term->name);
    }
    return term->price || term->cause || term->error ? put_constant(book, list, x, term) : MCA_OK;
}

static enum mca_status put_terms(struct book *book, json_t *object,
                                 const struct mca_explanation *x) {
    json_t *terms = mca__json_array(book->json, object, "terms");
    uint32_t zeros = 0;
    for (uint32_t t = 0; t < x->term_count; ++t) {
        if (x->terms[t].value == 0.0 && x->term_count > 1 && !x->text) {
            ++zeros;
        } else {
            MCA_TRY(put_term(book, terms, x, &x->terms[t]));
        }
    }
    if (zeros > 0) {
        mca__json_count(book->json, object, "zeros", zeros);
    }
    return MCA_OK;
}

static void put_explanation(void *user, const struct mca_explanation *x) {
    struct book *book = user;
    struct mca__json *json = book->json;
    if (book->status != MCA_OK) {
        return;
    }
    json_t *object = mca__json_object(json, book->explanations, x->key);
    put_meaning(book, object, x->meaning);
    mca__json_text(json, object, "unit", x->unit);
    if (x->text) {
        mca__json_text(json, object, "text", x->text);
    } else {
        mca__json_number(json, object, "value", x->value);
    }
    if (isfinite(x->low)) {
        mca__json_number(json, object, "low", x->low);
        mca__json_number(json, object, "high", x->high);
    }
    if (x->formula != MCA_FORMULA_SUM) {
        mca__json_text(json, object, "end", x->formula == MCA_FORMULA_HIGH ? "high" : "low");
        mca__json_number(json, object, "middle", x->middle);
    }
    if (*x->divisor_name) {
        mca__json_text(json, object, "over", x->divisor_name);
        mca__json_number(json, object, "divisor", x->divisor);
        want(book, x->divisor_name);
    }
    book->status = put_terms(book, object, x);
}

/* Parts that are not listed, and parts of those, until all are there. A divisor need not be a key.
 */
static void put_parts(struct book *book, const struct mca_priced_run *report,
                      struct mca_explanation *x) {
    for (size_t i = 0;
         book->status == MCA_OK && !book->json->failed && i < json_array_size(book->wanted); ++i) {
        const char *key = json_string_value(json_array_get(book->wanted, i));
        if (!json_object_get(book->explanations, key) &&
            mca_explain(x, report, key, NULL) == MCA_OK) {
            put_explanation(book, x);
        }
    }
}

enum mca_status mca_explanations_put(struct mca__json *json, const struct mca_priced_run *report,
                                     struct mca_error *error) {
    struct mca_explanation *x = malloc(sizeof *x);
    struct book book = {json,
                        mca__json_object(json, json->root, "explanations"),
                        mca__json_array(json, json->root, "constants"),
                        mca__json_array(json, json->root, "meanings"),
                        json_object(),
                        json_array(),
                        json_object(),
                        MCA_OK,
                        error};
    if (x && book.places && book.wanted && book.met) {
        mca_explain_all(report, put_explanation, &book);
        put_parts(&book, report, x);
    } else {
        book.status = mca_fail_memory(error, "page");
    }
    json_decref(book.places);
    json_decref(book.wanted);
    json_decref(book.met);
    free(x);
    return book.status;
}
