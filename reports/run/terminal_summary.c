/* The summary at the end of a run. Energies and times are of training unless it says otherwise. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/wrapped_text.h"
#include "network/network.h"
#include "reports/figures/facts.h"
#include "reports/figures/result_figures.h"
#include "reports/formats/terminal_text.h"
#include "reports/run/report.h"

enum { BAR_WIDTH = 24, NAME_WIDTH = 22, EPOCHS_SHOWN = 12, ERRORS_SHOWN = 2 };

struct screen {
    FILE *out;
    const char *bold;
    const char *tint;
    const char *plain;
    const struct mca_priced_run *report;
    double images;
};

static void heading(const struct screen *s, const char *text) {
    (void)fprintf(s->out, "\n%s%s%s", s->bold, text, s->plain);
}

/* A share, and its bar in `width` columns at least. */
static void put_share(const struct screen *s, double fraction, int width) {
    const struct mca__text bar = mca__bar(fraction, BAR_WIDTH);
    mca__put_right(s->out, mca__percent(fraction, 1).s, 9);
    if (bar.s[0] || width > 0) {
        (void)fprintf(s->out, "  %s", s->tint);
        mca__put_left(s->out, bar.s, width);
        (void)fputs(s->plain, s->out);
    }
}

/* Widths, or how many layers there are from what to what. */
static void print_network(const struct screen *s) {
    const struct mca_network_config *config = &s->report->scenario->chip.network;
    struct mca_network network;
    (void)mca_network_init(&network, config, NULL); /* it has run */
    if (!config->is_widths) {
        char input[MCA_SHAPE_TEXT_SIZE];
        mca_shape_text(&config->input, input);
        (void)fprintf(s->out, "network of %u layer%s, %s to %u", network.layer_count,
                      network.layer_count == 1 ? "" : "s", input, mca_network_outputs(&network));
        return;
    }
    (void)fprintf(s->out, "network %u", mca_network_inputs(&network));
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        (void)fprintf(s->out, "-%u", network.layers[i].outputs);
    }
}

static void print_header(const struct screen *s) {
    const struct mca_priced_run *r = s->report;
    (void)fprintf(s->out, "%s%s%s on %s (%s training, %s test images), seed %llu, library %s\n",
                  s->bold, r->name, s->plain, r->dataset.name, mca__grouped(r->dataset.train).s,
                  mca__grouped(r->dataset.test).s, (unsigned long long)r->scenario->chip.seed,
                  r->library->name);
    print_network(s);
    (void)fprintf(s->out, ", %s weights on %s tiles, ",
                  mca__grouped(r->result->inventory.weights).s,
                  mca__grouped(r->result->inventory.tiles).s);
    if (mca_is_test_alone(r->result)) {
        (void)fprintf(s->out, "tested on %s images\n", mca__grouped(r->result->images).s);
    } else {
        (void)fprintf(s->out, "batch %u, %u epoch%s of %s images\n", r->scenario->train.batch,
                      r->result->epoch_count, r->result->epoch_count == 1 ? "" : "s",
                      mca__grouped(r->result->images / r->result->epoch_count).s);
    }
    const int is_colour = strcmp(r->dataset.name, "synthetic-colour") == 0;
    if (is_colour || strcmp(r->dataset.name, "synthetic-digits") == 0) {
        (void)fprintf(s->out, "synthetic images: these accuracies do not compare with %s's\n",
                      is_colour ? "CIFAR-10" : "MNIST");
    }
}

static void print_epoch(const struct screen *s, const struct mca_epoch_record *record,
                        uint32_t best) {
    mca__put_right(s->out, mca__grouped(record->epoch).s, 7);
    (void)fprintf(s->out, "%10.4g%11.4g", record->learning_rate, record->train_loss);
    mca__put_right(s->out, mca__percent(record->train_accuracy, 2).s, 11);
    mca__put_right(s->out, mca__percent(record->validation_accuracy, 2).s, 12);
    mca__put_right(s->out, mca__percent(record->test_accuracy, 2).s, 11);
    mca__put_right(s->out, mca__si(mca__epoch_energy_j(s->report, record), "J").s, 11);
    mca__put_right(s->out, mca__si((double)record->time_ps / 1e12, "s").s, 10);
    (void)fputs(record->epoch == best ? "  best\n" : "\n", s->out);
}

/* What a test alone found: its accuracy, by class, and for what the images of each were mostly
 * taken that were not known. */
static void print_classes(const struct screen *s) {
    const uint32_t outputs = mca_network_config_outputs(&s->report->scenario->chip.network);
    const struct mca__accuracy a = mca__accuracy_of(s->report->result);
    heading(s, "Accuracy");
    (void)fprintf(s->out, " %s\n  class   images     recall  precision  mostly taken for\n",
                  mca__percent(a.test_final, 2).s);
    for (uint32_t k = 0; k < outputs; ++k) {
        const struct mca__class_figures of = mca__class_figures(s->report, k);
        if (of.images == 0) {
            continue;
        }
        (void)fprintf(s->out, "  %5u", k);
        mca__put_right(s->out, mca__grouped(of.images).s, 9);
        mca__put_right(s->out, mca__percent(of.recall, 2).s, 11);
        mca__put_right(s->out, mca__percent(of.precision, 2).s, 11);
        if (of.right < of.images) {
            (void)fprintf(s->out, "  %u (%s)", of.worst, mca__grouped(of.taken_for[of.worst]).s);
        }
        (void)fputc('\n', s->out);
    }
}

/* The class of which the last test knew the least, where it did not know all of each. */
static void print_worst_class(const struct screen *s) {
    const uint32_t outputs = mca_network_config_outputs(&s->report->scenario->chip.network);
    uint32_t worst = 0;
    struct mca__class_figures least = {.recall = 1.0};
    for (uint32_t k = 0; k < outputs; ++k) {
        const struct mca__class_figures of = mca__class_figures(s->report, k);
        if (of.recall < least.recall) { /* false for NAN */
            worst = k;
            least = of;
        }
    }
    if (least.images > 0) {
        (void)fprintf(
            s->out,
            "  last test: class %u mistaken most, %s of its %s images, mostly for %u (%s)\n", worst,
            mca__grouped(least.images - least.right).s, mca__grouped(least.images).s, least.worst,
            mca__grouped(least.taken_for[least.worst]).s);
    }
}

/* Long runs show the first and the last epoch, the best, and every n-th. */
static void print_accuracy(const struct screen *s) {
    const struct mca_train_result *result = s->report->result;
    const struct mca__accuracy a = mca__accuracy_of(result);
    if (mca_is_test_alone(result)) {
        print_classes(s);
        return;
    }
    const uint32_t step = (result->epoch_count + EPOCHS_SHOWN - 1) / EPOCHS_SHOWN;
    heading(s, "Accuracy");
    (void)fputs("\n  epoch      rate       loss      train  validation       test     energy"
                "      time\n",
                s->out);
    for (uint32_t e = 0; e < result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &result->epochs[e];
        if (e == 0 || (e + 1) % step == 0 || e + 1 == result->epoch_count ||
            record->epoch == a.test_best_epoch) {
            print_epoch(s, record, a.test_best_epoch);
        }
    }
    if (step > 1) {
        (void)fprintf(s->out, "  epochs.csv has all %u\n", result->epoch_count);
    }
    for (int i = 0; i < MCA__MILESTONE_COUNT; ++i) {
        const struct mca_epoch_record *m = mca__milestone(result, mca__milestones[i]);
        if (m) {
            (void)fprintf(s->out, "  %s reached in epoch %u: %s images, %s, %s\n",
                          mca__percent(mca__milestones[i], 0).s, m->epoch,
                          mca__grouped(m->images).s,
                          mca__si(mca__epoch_energy_j(s->report, m), "J").s,
                          mca__si((double)m->time_ps / 1e12, "s").s);
        }
    }
    print_worst_class(s);
}

/* Tests of the finished chip some time later. */
static void print_ages(const struct screen *s) {
    const struct mca_train_result *result = s->report->result;
    if (result->age_count == 0) {
        return;
    }
    heading(s, "Accuracy at ages");
    (void)fprintf(s->out, ", %u test%s each\n       age       mean    95 %% interval of the mean\n",
                  result->age_seeds, result->age_seeds == 1 ? "" : "s");
    for (uint32_t i = 0; i < result->age_count; ++i) {
        const struct mca_sample_statistics of = mca__aged(result, i);
        mca__put_right(s->out, mca__age(result->ages_s[i]).s, 10);
        mca__put_right(s->out, mca__percent(of.mean, 2).s, 11);
        if (isfinite(of.low)) {
            (void)fprintf(s->out, "    %s .. %s", mca__percent(of.low, 2).s,
                          mca__percent(of.high, 2).s);
        }
        (void)fputc('\n', s->out);
    }
}

/* A row of the energy tables. */
struct row {
    struct mca__text name;
    double count; /* per image; NAN for static power */
    double each_j;
    double joules;
};

static int by_joules(const void *left, const void *right) {
    const double a = ((const struct row *)left)->joules;
    const double b = ((const struct row *)right)->joules;
    return (a < b) - (a > b);
}

/* What something takes of all images, per image. */
static void put_amount(const struct screen *s, const char *name, double amount, const char *unit) {
    (void)fputs("  ", s->out);
    mca__put_left(s->out, name, NAME_WIDTH);
    mca__put_right(s->out, mca__si(mca__ratio(amount, s->images), unit).s, 11);
}

/* What the training phases take of a total. */
static void print_phases(const struct screen *s, const double *of, double total, const char *unit) {
    const int last = mca_is_test_alone(s->report->result) ? MCA_PHASE_FORWARD : MCA_PHASE_REFRESH;
    for (int i = MCA_PHASE_FORWARD; i <= last; ++i) {
        put_amount(s, mca_phase_name((enum mca_phase)i), of[i], unit);
        put_share(s, mca__ratio(of[i], total), 0);
        (void)fputc('\n', s->out);
    }
}

static size_t collect_rows(const struct screen *s, struct row *rows) {
    const struct mca_pricing *p = &s->report->pricing;
    size_t n = 0;
    for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
        double count = 0.0;
        for (int i = MCA_PHASE_FORWARD; i <= MCA_PHASE_REFRESH; ++i) {
            count += (double)s->report->result->ledger.counts[i][c];
        }
        rows[n++] = (struct row){mca__format("%s", mca_component_name((enum mca_component)c)),
                                 mca__ratio(count, s->images), s->report->prices.energy[c].value,
                                 p->by_component_j[c]};
    }
    for (int b = 0; b < MCA_BLOCK_CHIP_COUNT; ++b) {
        rows[n++] = (struct row){mca__format("static %s", mca_block_name((enum mca_block)b)),
                                 (double)NAN, (double)NAN, p->by_block_j[b]};
    }
    qsort(rows, n, sizeof *rows, by_joules);
    return n;
}

static void print_energy_components(const struct screen *s) {
    struct row rows[MCA_COMPONENT_CHIP_COUNT + MCA_BLOCK_CHIP_COUNT];
    const size_t n = collect_rows(s, rows);
    const double total = s->report->pricing.total_j;
    double rest = 0.0;
    (void)fputs("  component               per image    share                            "
                "per image x each\n",
                s->out);
    for (size_t i = 0; i < n; ++i) {
        if (!(rows[i].joules >= 0.001 * total) || rows[i].joules == 0.0) {
            rest += rows[i].joules;
            continue;
        }
        const int is_counted = !isnan(rows[i].count);
        put_amount(s, rows[i].name.s, rows[i].joules, "J");
        put_share(s, mca__ratio(rows[i].joules, total), is_counted ? BAR_WIDTH : 0);
        if (is_counted) { /* what the energy is made of */
            mca__put_right(s->out, mca__si(rows[i].count, "").s, 10);
            (void)fprintf(s->out, " x %s", mca__si(rows[i].each_j, "J").s);
        }
        (void)fputc('\n', s->out);
    }
    if (rest > 0.0) {
        put_amount(s, "others, each < 0.1 %", rest, "J");
        put_share(s, mca__ratio(rest, total), 0);
        (void)fputc('\n', s->out);
    }
}

/* "sram_bit.static", without the section of the library; a cause's own name. */
static struct mca__text error_name(const struct mca_component_library *library,
                                   const struct mca_error_source *source) {
    char full[64];
    if (source->is_cause) {
        return mca__format("%s", library->causes[source->index].name);
    }
    mca_figure_name(source->index, full, sizeof full);
    return mca__format("%s", strchr(full, '.') + 1);
}

/* The sources of error that move the total most, and what kind they are. */
static void print_errors(const struct screen *s) {
    const struct mca_pricing *p = &s->report->pricing;
    struct mca_shares shares;
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    if (!(p->total_j > 0.0)) {
        return;
    }
    mca_pricing_shares(p, &s->report->prices, MCA_EVERY, MCA_EVERY, MCA_EVERY, &shares);
    const uint32_t count = mca_sum_errors(s->report->library, &shares, p->total_j, sources);
    (void)fprintf(s->out, "  in all %s to %s; by own errors %s to %s, by shared causes %s to %s\n",
                  mca__si(p->total_range_j.low, "J").s, mca__si(p->total_range_j.high, "J").s,
                  mca__si(p->independent_range_j.low, "J").s,
                  mca__si(p->independent_range_j.high, "J").s,
                  mca__si(p->common_range_j.low, "J").s, mca__si(p->common_range_j.high, "J").s);
    (void)fputs("  most uncertain:", s->out);
    for (int shown = 0; shown < ERRORS_SHOWN; ++shown) {
        uint32_t most = 0;
        for (uint32_t i = 1; i < count; ++i) {
            most = sources[i].up > sources[most].up ? i : most;
        }
        if (count == 0 || sources[most].up == 0.0) {
            break;
        }
        (void)fprintf(s->out, "%s %s (+%s)", shown ? "," : "",
                      error_name(s->report->library, &sources[most]).s,
                      mca__percent(sources[most].up, 0).s);
        sources[most].up = 0.0;
    }
    (void)fputc('\n', s->out);
}

static void print_energy(const struct screen *s) {
    const struct mca_pricing *p = &s->report->pricing;
    heading(s, "Energy");
    (void)fprintf(s->out, "  %s (%s to %s) per %simage, %s in all; ",
                  mca__si(mca__ratio(p->total_j, s->images), "J").s,
                  mca__si(mca__ratio(p->total_range_j.low, s->images), "J").s,
                  mca__si(mca__ratio(p->total_range_j.high, s->images), "J").s,
                  mca_is_test_alone(s->report->result) ? "" : "training ",
                  mca__si(p->total_j, "J").s);
    (void)fprintf(s->out, "%s dynamic, %s static\n",
                  mca__percent(mca__ratio(p->dynamic_j, p->total_j), 0).s,
                  mca__percent(mca__ratio(p->static_j, p->total_j), 0).s);
    print_errors(s);
    (void)fputs("  phase                   per image    share\n", s->out);
    print_phases(s, p->by_phase_j, p->total_j, "J");
    print_energy_components(s);
    const struct mca__text init = mca__si(p->by_phase_j[MCA_PHASE_INIT], "J");
    if (mca_is_test_alone(s->report->result)) {
        (void)fprintf(s->out, "  beside it: initial weights %s\n", init.s);
    } else {
        (void)fprintf(s->out, "  beside training: tests %s, initial weights %s\n",
                      mca__si(p->by_phase_j[MCA_PHASE_TEST], "J").s, init.s);
    }
}

static void print_latency(const struct screen *s) {
    const struct mca_pricing *p = &s->report->pricing;
    heading(s, "Latency");
    (void)fprintf(s->out, "  %s, %s per image\n", mca__si(p->time_s, "s").s,
                  mca__si(mca__ratio(p->time_s, s->images), "s").s);
    (void)fputs("  critical path           per image    share\n", s->out);
    print_phases(s, p->critical_s, p->time_s, "s");
    (void)fputs("  utilisation, on average and of the busiest layer's units\n", s->out);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        const int is_busiest = mca__is_busiest(p, (enum mca_resource)r);
        (void)fputs("  ", s->out);
        mca__put_left(s->out, mca_resource_name((enum mca_resource)r), NAME_WIDTH);
        mca__put_right(s->out, mca__percent(p->utilisation[r], 1).s, 11);
        put_share(s, p->busiest[r], 0);
        (void)fputs(!is_busiest                    ? "\n"
                    : mca__has_binding_resource(p) ? "  binds\n"
                                                   : "  busiest\n",
                    s->out);
    }
}

/* What a run with timing.what_if knows of a resource that takes no time. */
static void print_what_if(const struct screen *s) {
    if (!s->report->scenario->chip.timing.what_if) {
        return;
    }
    (void)fputs("  with a resource free    per image     gain\n", s->out);
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        if (s->report->result->inventory.resource_instances[r] == 0) {
            continue;
        }
        const double time_s = (double)s->report->result->what_if_ps[r] / 1e12;
        put_amount(s, mca_resource_name((enum mca_resource)r), time_s, "s");
        const double gain = mca__ratio(s->report->pricing.time_s, time_s);
        mca__put_right(s->out, mca__format("%.3g x", gain).s, 9);
        (void)fputc('\n', s->out);
    }
}

static void print_area(const struct screen *s) {
    const struct mca_pricing *p = &s->report->pricing;
    heading(s, "Area");
    (void)fprintf(s->out, "     %.3f mm\u00b2:", p->area_total_mm2);
    const char *separator = "";
    for (int b = 0; b < MCA_BLOCK_CHIP_COUNT; ++b) {
        if (p->area_mm2[b] >= 0.01 * p->area_total_mm2 && p->area_mm2[b] > 0.0) {
            (void)fprintf(s->out, "%s %s %s", separator, mca_block_name((enum mca_block)b),
                          mca__percent(p->area_mm2[b] / p->area_total_mm2, 0).s);
            separator = ",";
        }
    }
    (void)fputc('\n', s->out);
}

/* A section's figures that stand at one place of its line. */
struct phrase {
    const struct screen *screen;
    const char *section; /* the beginning of their keys */
    int place;
};

/* "conversions clipped 0.013 %": a count that does not apply is none. */
static void print_phrase(void *user, const struct mca_result_place *place) {
    const struct phrase *p = user;
    const struct mca_result_view *view = &place->figure->terminal;
    FILE *out = p->screen->out;
    if (view->place != p->place || place->subject.scope != MCA_OF_CHIP ||
        strncmp(place->figure->key, p->section, strlen(p->section)) != 0) {
        return;
    }
    const char *before = view->place == 11       ? "   "
                         : view->place % 10 == 1 ? ",\n         "
                         : *view->as == '('      ? " "
                                                 : ", ";
    const double value = mca_result_value(place);
    const int is_of_import = strcmp(p->section, "import.") == 0; /* what programming has not */
    if (isnan(value) && (place->figure->mode != 0 || is_of_import)) {
        return;
    }
    const int is_none = isnan(value) && place->figure->kind == MCA_RESULT_COUNT;
    const int star = (int)strcspn(view->as, "*");
    (void)fprintf(out, "%s%.*s%s%s", before, star, view->as,
                  mca_result_text(place->figure, is_none ? 0.0 : value).s, view->as + star + 1);
}

static void print_section(const struct screen *s, const char *before, const char *title,
                          const char *section) {
    (void)fprintf(s->out, "%s%s%s%s", before, s->bold, title, s->plain);
    for (int place = 1; place <= MCA_RESULT_PLACES; ++place) {
        mca_result_walk(s->report, print_phrase, &(struct phrase){s, section, place});
    }
    (void)fputc('\n', s->out);
}

static void print_design(const struct screen *s, const char *name, const struct mca_baseline *b) {
    mca__put_left(s->out, name, 21);
    if (b->lanes == 0) {
        (void)fputs("     cannot be reached\n", s->out);
        return;
    }
    mca__put_right(s->out, mca__grouped(b->lanes).s, 6);
    mca__put_right(s->out, mca__si(mca__ratio(b->pricing.total_j, s->images), "J").s, 11);
    mca__put_right(s->out, mca__si(mca__ratio(b->pricing.dynamic_j, s->images), "J").s, 11);
    mca__put_right(s->out, mca__si(mca__ratio(b->pricing.time_s, s->images), "s").s, 11);
    (void)fprintf(s->out, "%8.3f mm\u00b2\n", b->pricing.area_total_mm2);
}

static void print_ratio(const struct screen *s, const char *name,
                        const struct mca_energy_ratio *ratio) {
    if (isfinite(ratio->value)) {
        (void)fprintf(s->out, "%s %.3g x (%.3g to %.3g)", name, ratio->value, ratio->range.low,
                      ratio->range.high);
    } else {
        (void)fprintf(s->out, "%s none", name);
    }
}

static void print_baselines(const struct screen *s) {
    heading(s, "Digital designs, same library");
    (void)fputs("\n                     lanes  per image    dynamic    latency        area\n",
                s->out);
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline_report *r = &s->report->baselines[d];
        const char *name = mca_baseline_design_name((enum mca_baseline_design)d);
        print_design(s, mca__format("  %s", name).s, &r->same_lanes);
        print_ratio(s, "    energy / chip's: total", &r->total_ratio);
        print_ratio(s, ", dynamic alone", &r->dynamic_ratio);
        (void)fputc('\n', s->out);
        print_design(s, "    same throughput", &r->iso_throughput);
        print_design(s, "    same area", &r->iso_area);
    }
    mca__print_design_layers(s->out, s->report);
}

static void print_verdict(const struct screen *s) {
    const struct mca_pricing *p = &s->report->pricing;
    const int is_test = mca_is_test_alone(s->report->result);
    const double of = is_test ? s->images : 1.0; /* of a test what an image takes */
    char text[MCA__VERDICT_SIZE];
    char binding[MCA__VERDICT_SIZE];
    mca__verdict_text(s->report, text);
    mca__binding_text(p, binding);
    const struct mca__accuracy a = mca__accuracy_of(s->report->result);
    (void)fprintf(s->out, "\n%s%s on %s in %s (%s to %s) and %s%s,\n", s->bold,
                  mca__percent(a.test_final, 2).s, s->report->dataset.name,
                  mca__si(p->total_j / of, "J").s, mca__si(p->total_range_j.low / of, "J").s,
                  mca__si(p->total_range_j.high / of, "J").s, mca__si(p->time_s / of, "s").s,
                  is_test ? " an image" : "");
    if (!is_test) {
        (void)fprintf(s->out, "%s and %s a training image,\n",
                      mca__si(mca__ratio(p->total_j, s->images), "J").s,
                      mca__si(mca__ratio(p->time_s, s->images), "s").s);
    }
    if (mca__is_continuous(s->report)) {
        (void)fprintf(s->out, "devices that do not wear.\n");
    } else {
        (void)fprintf(s->out, "%s writes on the worst cell.\n",
                      mca__grouped(s->report->result->max_writes_per_device).s);
    }
    if (binding[0] != '\0') {
        mca_put_wrapped(s->out, binding, 0, 0, 100);
    }
    if (text[0] != '\0') {
        text[0] = (char)toupper((unsigned char)text[0]);
        (void)strcat(text, ".");
        mca_put_wrapped(s->out, text, 0, 0, 100);
    }
    (void)fputs(s->plain, s->out);
}

/* What the run's figures advise, where they do. */
static void print_advice(const struct screen *s) {
    const struct mca_advice_list *advice = s->report->advice;
    if (!advice || advice->count == 0) {
        return;
    }
    heading(s, "Advice");
    (void)fputs(", the likeliest cause first\n", s->out);
    for (uint32_t i = 0; i < advice->count; ++i) {
        const int column = fprintf(s->out, "  %u. ", i + 1);
        mca_put_wrapped(s->out, advice->lines[i].text, column, 5, 100);
    }
}

void mca_report_print_summary(FILE *out, const struct mca_priced_run *report, int colour) {
    const struct screen screen = {.out = out,
                                  .bold = colour ? "\033[1m" : "",
                                  .tint = colour ? "\033[36m" : "",
                                  .plain = colour ? "\033[0m" : "",
                                  .report = report,
                                  .images = (double)report->result->images};
    print_header(&screen);
    mca__print_layer_numbers(out, report->scenario, screen.bold, screen.plain);
    print_accuracy(&screen);
    print_ages(&screen);
    print_energy(&screen);
    print_latency(&screen);
    print_what_if(&screen);
    print_area(&screen);
    mca__print_layers(out, report, screen.bold, screen.plain);
    print_section(&screen, "\n", "Power ", "power_w.");
    print_section(&screen, "", "Work  ", "operations.");
    print_section(&screen, "", "Speed ", "throughput.");
    print_section(&screen, "", "Arrays", "peak.");
    print_section(&screen, "", "Tests ", "inference.");
    if (report->result->import.weights > 0) {
        print_section(&screen, "", "Import", "import.");
    }
    if (!mca_is_test_alone(report->result)) {
        print_section(&screen, "", "Writes", "writes.");
    }
    print_section(&screen, "", "Health", "health.");
    print_baselines(&screen);
    print_verdict(&screen);
    print_advice(&screen);
}
