#include "reports/explain_all.h"

#include "reports/report_fixture.h"

#include "reports/explain/explain.h"
#include "reports/run/report.h"

/* What a reader computes from the listed digits. */
static double recomputed(const struct mca_explanation *x) {
    double sum = 0.0;
    for (uint32_t t = 0; t < x->term_count; ++t) {
        const struct mca_term *term = &x->terms[t];
        const double value = term->price ? term->amount * term->each : term->value;
        sum += x->formula == MCA_FORMULA_SUM ? value : value * value;
    }
    return x->formula == MCA_FORMULA_SUM    ? sum / x->divisor
           : x->formula == MCA_FORMULA_HIGH ? x->middle * (1.0 + sqrt(sum))
                                            : x->middle / (1.0 + sqrt(sum));
}

static void check_term(const struct mca_priced_run *report, const struct mca_explanation *x,
                       const struct mca_term *term) {
    static struct mca_explanation part;
    if (term->is_key) {
        assert_int_equal(mca_explain(&part, report, term->name, NULL), MCA_OK);
        assert_true(part.value == term->value);
        return;
    }
    if (term->price) { /* the constant follows from what was published */
        const struct mca_figure *figure = term->price->figure;
        assert_true(term->each == figure->value * term->price->factor);
        assert_true(figure->value == figure->published * figure->times * figure->scale);
    }
    if ((term->error || term->cause) && !isnan(term->amount)) {
        const double down = term->amount * (1.0 - 1.0 / term->each);
        const double moved = x->formula == MCA_FORMULA_HIGH
                                 ? term->amount * (term->each - 1.0) / x->middle
                                 : down / (x->middle - down);
        assert_true(term->value == moved);
    }
}

static void explain_and_compare(const struct mca_priced_run *report, const char *key,
                                json_t *wanted) {
    static struct mca_explanation x;
    struct mca_error error;
    if (mca_explain(&x, report, key, &error) != MCA_OK) {
        fail_msg("%s: %s", key, error.message);
    }
    if (x.text) {
        assert_string_equal(x.text, json_string_value(wanted));
        return;
    }
    if (json_is_null(wanted)) {
        assert_true(isnan(x.value) || x.divisor == 0.0 || recomputed(&x) == 0.0);
        return;
    }
    const double value = json_number_value(wanted);
    if (x.value != value || recomputed(&x) != value) {
        fail_msg("%s: %.17g in the summary, %.17g explained, %.17g recomputed", key, value, x.value,
                 recomputed(&x));
    }
    for (uint32_t t = 0; t < x.term_count; ++t) {
        check_term(report, &x, &x.terms[t]);
    }
}

/* What speaks for itself. */
int is_no_figure(const char *path) {
    static const char *const names[] = {"lanes", "images", "test_best_epoch",
                                        "layer", "kind",   "shape"};
    int is_one = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        is_one |= strcmp(strrchr(path, '.') + 1, names[i]) == 0;
    }
    return is_one;
}

/* Every number and text below `value`, named by the keys on the way; counts of lanes and images
 * are no figures. Returns how many. */
static uint32_t explain_all(const struct mca_priced_run *report, const char *path, json_t *value) {
    char longer[MCA_EXPLAIN_KEY_SIZE];
    json_t *child;
    uint32_t count = 0;
    if (json_is_object(value) || json_is_array(value)) {
        for (size_t i = 0; (child = below(value, path, i, longer)) != NULL; ++i) {
            count += is_no_figure(longer) ? 0 : explain_all(report, longer, child);
        }
        return count;
    }
    static struct mca_explanation none;
    if (json_is_null(value) && (strncmp(path, "layers.shared.", 14) == 0 ||
                                mca_explain(&none, report, path, NULL) != MCA_OK)) {
        return 0; /* the run has none */
    }
    explain_and_compare(report, path, value);
    return 1;
}

uint32_t explain_every_figure(const struct mca_priced_run *report, const char *dir) {
    static const char *const sections[] = {
        "accuracy", "energy_j",   "energy_other_j", "latency_s", "area_mm2", "writes",
        "health",   "baselines",  "milestones",     "array",     "layers",   "inference",
        "power_w",  "operations", "throughput",     "peak",      "roofline", "what_if"};
    char path[256];
    json_error_t fault;
    assert_int_equal(mca_report_write_summary(report, dir, NULL), MCA_OK);
    (void)snprintf(path, sizeof path, "%s/summary.json", dir);
    json_t *summary = json_load_file(path, 0, &fault);
    assert_non_null(summary);
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; ++i) {
        count += explain_all(report, sections[i], at(summary, sections[i]));
    }
    json_decref(summary);
    (void)unlink(path);
    return count;
}
