/* Explanations against summary.json, and against sums of what they list. */
#include "reports/explain/explain.h"
#include "reports/run/report.h"

#include "explain_all.h"
#include "report_fixture.h"

static void test_explain_reproduces_every_figure_to_the_last_digit(void **state) {
    struct fixture *f = *state;
    assert_true(explain_every_figure(&f->report, f->dir) > 500);
}

/* The keys of the list. */
struct list {
    uint32_t count;
    char keys[560][MCA_EXPLAIN_KEY_SIZE];
};

static void add_key(void *user, const struct mca_explanation *x) {
    struct list *list = user;
    assert_in_range(list->count, 0, 559);
    (void)strcpy(list->keys[list->count++], x->key);
}

static uint32_t listed(const struct list *list, const char *wanted) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->count; ++i) {
        count += strcmp(list->keys[i], wanted) == 0;
    }
    return count;
}

/* Of digital designs the list has the figures beside the chip's and these totals, not by layer. */
static int is_left_to_the_reader(const char *path) {
    static const char *const totals[] = {".energy_j.total", ".energy_j.dynamic", ".energy_j.static",
                                         ".energy_j.low",   ".energy_j.high",    ".latency_s.total",
                                         ".area_mm2.total"};
    static const char *const groups[] = {".energy_j.", ".latency_s.",  ".area_mm2.",
                                         ".power_w.",  ".operations.", ".throughput."};
    int is_in_a_group = 0;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; ++i) {
        is_in_a_group |= strstr(path, groups[i]) != NULL;
    }
    if (!is_in_a_group) {
        return 0;
    }
    if (strstr(path, ".layers.")) {
        return 1;
    }
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; ++i) {
        const size_t length = strlen(totals[i]);
        if (strlen(path) > length && strcmp(path + strlen(path) - length, totals[i]) == 0) {
            return strstr(path, "by_component") != NULL;
        }
    }
    return 1;
}

/* Of layers it has what stands in their table, not the parts of that. */
static int is_part_of_a_layer(const char *path) {
    return strncmp(path, "layers.", 7) == 0 &&
           (strstr(path, ".by_") || strstr(path, ".utilisation.") || strstr(path, ".bottleneck") ||
            strstr(path, ".power_w.") || strstr(path, ".j_per_mac") || strstr(path, ".tops_per_w"));
}

/* Every figure below `value` that has a value is in the list once; an energy by component with its
 * bounds is one. Returns how many there are. */
static uint32_t check_listed(const struct list *list, const char *path, json_t *value) {
    char longer[MCA_EXPLAIN_KEY_SIZE];
    json_t *child;
    uint32_t count = 0;
    const int is_design = strncmp(path, "baselines.", 10) == 0;
    const int is_chip_component = strncmp(path, "energy_j.by_component.", 22) == 0;
    if ((json_is_object(value) && !is_chip_component) || json_is_array(value)) {
        for (size_t i = 0; (child = below(value, path, i, longer)) != NULL; ++i) {
            count += is_no_figure(longer) ? 0 : check_listed(list, longer, child);
        }
        return count;
    }
    if (json_is_null(value)) {
        if (listed(list, path) != 0) {
            fail_msg("%s is null, but listed", path);
        }
        return 0;
    }
    if ((is_design && is_left_to_the_reader(path)) || is_part_of_a_layer(path)) {
        if (listed(list, path) != 0) {
            fail_msg("%s is listed", path);
        }
        return 0;
    }
    if (listed(list, path) != 1) {
        fail_msg("%s stands %u times in the list", path, listed(list, path));
    }
    return 1;
}

/* The list has every figure of the summary once, and no other. */
static void test_explain_lists_every_figure_once(void **state) {
    static const char *const sections[] = {
        "accuracy",   "energy_j", "energy_other_j", "latency_s", "latency_other_s",
        "inference",  "area_mm2", "writes",         "health",    "baselines",
        "milestones", "array",    "layers",         "power_w",   "operations",
        "throughput", "peak",     "roofline",       "what_if"};
    struct fixture *f = *state;
    struct list *list = calloc(1, sizeof *list);
    uint32_t wanted = 0;
    assert_non_null(list);
    mca_explain_all(&f->report, add_key, list);
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *summary = load(f, "summary.json");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; ++i) {
        wanted += check_listed(list, sections[i], at(summary, sections[i]));
    }
    assert_in_range(list->count, 130, 560);
    assert_int_equal(list->count, wanted);
    json_decref(summary);
    free(list);
}

static void test_explain_refuses_other_keys(void **state) {
    struct fixture *f = *state;
    static const char *const keys[] = {"",
                                       "energy_j",
                                       "energy_j.",
                                       "energy_j.by_phase.test",
                                       "energy_j.by_phase.forward.total.low",
                                       "energy_j.per_image.low",
                                       "energy_j.independent",
                                       "energy_j.common.middle",
                                       "baselines",
                                       "baselines.analog.energy_j.total",
                                       "baselines.digital_fp32.energy_ratio_middle",
                                       "baselines.digital_fp32.iso_area.energy_ratio",
                                       "baselines.digital_fp32",
                                       "milestones.0.50.energy_j",
                                       "milestones.0.98.images",
                                       "milestones.0.98.energy_j",
                                       "energy_other_j.forward",
                                       "energy_j.by_component.static_",
                                       "latency_s.critical_path.init",
                                       "latency_s.utilisation.cpu",
                                       "area_mm2.by_component.chip",
                                       "accuracy.test_last",
                                       "layers.2.energy_j.total",
                                       "layers.shared",
                                       "layers.0.energy_j.by_phase.test",
                                       "layers.0.latency_s.total",
                                       "layers.1.kind",
                                       "layers.shared.rows",
                                       "writes.",
                                       "health.adc_clips"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; ++i) {
        static struct mca_explanation x;
        struct mca_error error;
        if (mca_explain(&x, &f->report, keys[i], &error) != MCA_INVALID) {
            fail_msg("'%s' is explained", keys[i]);
        }
    }
}

/* Ranges are those of the summary. */
static void test_explain_gives_ranges(void **state) {
    struct fixture *f = *state;
    static const char *const keys[][3] = {
        {"energy_j.total", "energy_j/low", "energy_j/high"},
        {"energy_j.by_component.adc_conversion", "energy_j/by_component/adc_conversion/low",
         "energy_j/by_component/adc_conversion/high"},
        {"baselines.digital_mixed.energy_ratio", "baselines/digital_mixed/energy_ratio_low",
         "baselines/digital_mixed/energy_ratio_high"}};
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *summary = load(f, "summary.json");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; ++i) {
        static struct mca_explanation x;
        assert_int_equal(mca_explain(&x, &f->report, keys[i][0], NULL), MCA_OK);
        assert_near(x.low, real_at(summary, keys[i][1]), 1e-15 * x.low);
        assert_near(x.high, real_at(summary, keys[i][2]), 1e-15 * x.high);
        assert_true(x.low < x.value && x.value < x.high);
    }
    json_decref(summary);
}

/* Sixteen tests at an age one by one, those after them together. */
static void test_explain_adds_up_tests_at_ages(void **state) {
    struct fixture *f = *state;
    static double aged[2 * 18];
    for (int k = 0; k < 36; ++k) {
        aged[k] = k / 64.0;
    }
    f->result.age_count = 2;
    f->result.ages_s[0] = 1.0;
    f->result.ages_s[1] = 2.0;
    f->result.aged_accuracy = aged;
    for (uint32_t seeds = 16; seeds <= 18; ++seeds) {
        static struct mca_explanation x;
        const double *second = aged + seeds;
        f->result.age_seeds = seeds;
        assert_int_equal(mca_explain(&x, &f->report, "ageing.2.accuracy", NULL), MCA_OK);
        assert_int_equal(x.term_count, seeds == 16 ? 16 : 17);
        for (uint32_t k = 0; k < 16; ++k) {
            char name[16];
            (void)snprintf(name, sizeof name, "seed_%u", k);
            assert_string_equal(x.terms[k].name, name);
            assert_true(x.terms[k].value == second[k]);
        }
        if (seeds > 16) {
            assert_string_equal(x.terms[16].name, "seeds_16_and_on");
            assert_near(x.terms[16].value, second[16] + (seeds > 17 ? second[17] : 0.0), 0.0);
        }
        assert_near(x.divisor, seeds, 0.0);
        assert_near(x.value, (second[0] + second[seeds - 1]) / 2, 1e-15);
    }
}

/* An explanation as it is printed; it stands until the next. */
static const char *printed(const struct fixture *f, const char *key) {
    static struct mca_explanation x;
    static char text[65536];
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_non_null(out);
    assert_int_equal(mca_explain(&x, &f->report, key, NULL), MCA_OK);
    mca_explanation_print(out, &x, 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_ends(const char *text, const char *end) {
    const size_t length = strlen(end);
    assert_true(strlen(text) > length);
    assert_string_equal(text + strlen(text) - length, end);
}

/* Every term with its share, what is 0 by its number, and the constant with each step to it. */
static void test_explain_prints_products(void **state) {
    enum { C = MCA_COMPONENT_ADC_CONVERSION };
    struct fixture *f = *state;
    struct mca_price *price = &f->report.prices.energy[C];
    struct mca_figure *figure = &f->library.figures[price->figure - f->library.figures];
    const double each = 7 * 0x1p-40;
    uint64_t all = 0;
    char wanted[4096] = "counts of the training phases x joules per action:\n";
    f->result.ledger.counts[MCA_PHASE_FORWARD][C] = 0;
    for (int p = MCA_PHASE_ERROR; p <= MCA_PHASE_REFRESH; ++p) {
        all += 3000u * (unsigned)(1000 + 37 * p + 11 * C * C);
    }
    for (int p = MCA_PHASE_ERROR; p <= MCA_PHASE_REFRESH; ++p) {
        const double count = 3000.0 * (1000 + 37 * p + 11 * C * C);
        const size_t used = strlen(wanted);
        (void)snprintf(wanted + used, sizeof wanted - used,
                       "  %-24s%24.17g x%24.17g =%25.17g%7.1f %%\n",
                       mca_phase_name((enum mca_phase)p), count, each, count * each,
                       100 * count / (double)all);
    }
    (void)strcat(wanted, "  1 more that are 0\n"
                         "  6.3664629124104977e-12 (error)\n"
                         "    assumption, 14 nm, 0.8 V; errs by a factor of 2 of its own\n"
                         "    source: made up, \"for a test\"\n");
    const char *text = printed(f, "energy_j.by_component.adc_conversion");
    assert_ends(text, wanted);
    /* all that a constant can come from */
    figure->published = 2.5;
    figure->times = 3.0;
    figure->scaled = 1;
    figure->scale = 0.5;
    figure->node_nm = 90.0;
    figure->voltage_v = 1.25;
    figure->uncertainty_down = 4.0;
    figure->causes = 1;
    figure->note = "noted";
    price->factor = 0.25;
    figure->at = (double)NAN;
    text = printed(f, "energy_j.by_component.adc_conversion");
    assert_ends(
        text, "  6.3664629124104977e-12 (error) = 2.5 x 3 x 0.5 (90 nm at 1.25 V to the library's "
              "node, Stillmaker and Baas 2017) x 0.25 (of the design)\n"
              "    assumption, 90 nm, 1.25 V; errs by a factor of 2 up and 4 down of its own, 3 "
              "with shared\n"
              "    source: made up, \"for a test\"\n"
              "    note: noted\n");
    figure->voltage_v = (double)NAN;
    figure->law = MCA_LAW_BITS_SAR;
    figure->at = 8.0;
    text = printed(f, "energy_j.by_component.adc_conversion");
    assert_non_null(strstr(text, " x 0.5 (90 nm to the library's node, Stillmaker and Baas 2017) x "
                                 "0.25 (sar, stated at 8)\n    assumption, 90 nm; errs by "));
}

/* Power and area of a converter follow its conversions. */
static void test_explain_prints_conversions(void **state) {
    struct fixture *f = *state;
    static const char *const keys[] = {"area_mm2.by_component.adc",
                                       "energy_j.by_component.static_adc"};
    static const char *const laws[] = {"area by energy^0.3 x rate^0.2 (Andrulis et al., arXiv "
                                       "2404.06553)",
                                       "power by energy x rate"};
    struct mca_figure *entry = &f->library.figures[MCA_ENTRY_ADC_CCO];
    for (int i = 0; i < 2; ++i) {
        struct mca_price *price = i ? &f->report.prices.static_w[MCA_BLOCK_ADC]
                                    : &f->report.prices.area_um2[MCA_BLOCK_ADC];
        struct mca_figure *figure = &f->library.figures[price->figure - f->library.figures];
        price->factor = 0.5;
        figure->law = MCA_LAW_CONVERSION;
        figure->at_energy_scaled_j = 0.125;
        figure->at = 77.0;
        for (int has_law = 0; has_law < 2; ++has_law) {
            char wanted[512];
            entry->law = has_law ? MCA_LAW_BITS_SAR : MCA_LAW_FIXED;
            entry->at = 8.0;
            (void)snprintf(
                wanted, sizeof wanted,
                "    follows the conversions of energy.adc_cco: 6.3664629124104977e-12 J "
                "at 14 nm, 6.3664629124104977e-12 J at the library's node%s; %s\n"
                "    source: made up, \"for a test\"\n",
                has_law ? ", for 8 bits" : "", laws[i]);
            const char *text = printed(f, keys[i]);
            assert_ends(text, wanted);
            assert_non_null(strstr(text, " x 0.5 (conversion, stated at 0.125 J, 77 ps)\n"));
        }
        entry->law = MCA_LAW_FIXED;
    }
}

/* Errors by what they move, and each cause once more with what it is. */
static void test_explain_prints_errors(void **state) {
    struct fixture *f = *state;
    const struct mca_pricing *p = &f->report.pricing;
    char wanted[512];
    /* of what the cause moves at its low end 2 in 3 are gone */
    const double down = p->common_range_j.low;
    const double share = (1.0 - down / p->total_j) * p->total_j / (2.0 / 3.0);
    const char *text = printed(f, "energy_j.common.low");
    const char *line = strstr(text, "\n  causes.shared ");
    char *term;
    assert_non_null(line);
    assert_near(strtod(strstr(line, " moves ") + 7, NULL), share, 1e-9 * share);
    assert_near(strtod(strstr(line, " by ") + 4, &term), 3.0, 0.0);
    assert_near(strtod(term, NULL), p->total_j / down - 1.0, 1e-9);
    (void)snprintf(wanted, sizeof wanted, "\n  the value is %.17g J\n  causes.shared", p->total_j);
    assert_non_null(strstr(text, wanted));
    assert_ends(text, "\n  causes.shared: for a test\n");
    text = printed(f, "latency_s.bottleneck");
    assert_int_equal(strncmp(text, "latency_s.bottleneck = chi\n", 27), 0);
    assert_null(strchr(text, '%'));
}

#define EXPLAIN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        EXPLAIN_TEST(test_explain_reproduces_every_figure_to_the_last_digit),
        EXPLAIN_TEST(test_explain_lists_every_figure_once),
        EXPLAIN_TEST(test_explain_refuses_other_keys),
        EXPLAIN_TEST(test_explain_prints_products),
        EXPLAIN_TEST(test_explain_prints_conversions),
        EXPLAIN_TEST(test_explain_prints_errors),
        EXPLAIN_TEST(test_explain_gives_ranges),
        EXPLAIN_TEST(test_explain_adds_up_tests_at_ages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
