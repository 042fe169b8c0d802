/* Search files: what they have beside the sections of sweep files. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "scenario/key_value.h"
#include "scenario/value_text.h"
#include "search/plan.h"
#include "sweep/reader.h"

const struct mca_search_name mca_search_names[] = {
    {"energy", "energy_j.per_image", "J", 0},
    {"latency", "latency_s.per_image", "s", 0},
    {"area", "area_mm2.total", "mm2", 0},
    {"energy-delay", "throughput.energy_delay_js", "J s", 0},
    {"accuracy", "accuracy.validation_final", "%", 1},
    {NULL, NULL, NULL, 0}};

const struct mca_sweep_section mca_search_sections[] = {
    MCA_SWEEP_POINT_SECTIONS,
    {"seeds", "how many seeds the best chip is judged by, or which ones"},
    {"minimise", "one or two of energy, latency, area, energy-delay"},
    {"subject_to", "bounds of figures: accuracy: '>= 97 %', area: '<= 2 mm2'"},
    {"budget", "images that all runs together may train on and test"},
    {"halving", "images of the first rung, and by what factor the next one has more"},
    {"bounds", "swept keys: [low, high], between which somebody stands for every value; needed "
               "for keys that nothing pays for"},
    {NULL, NULL}};

const char mca_search_bound_pattern[] =
    "^ *(>=|<=) *[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)? *(%|[pnum\u00b5]?J|[pnum\u00b5]?s|mm2|"
    "mm\u00b2|J s)? *$";

enum { FACTOR = 3, FIRST_PARTS = 27, TESTED_LEAST = 100 };

static const struct mca_search_name *find_name(const char *text) {
    const struct mca_search_name *name = mca_search_names;
    while (name->name && strcmp(name->name, text) != 0) {
        ++name;
    }
    return name->name ? name : NULL;
}

static enum mca_status unknown_name(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                    const char *section) {
    char all[128] = "";
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    struct mca_suggestions suggestions;
    mca_suggestions_init(&suggestions);
    for (const struct mca_search_name *n = mca_search_names; n->name; ++n) {
        mca_text_add(all, sizeof all, "%s%s", all[0] ? ", " : "", n->name);
        mca_suggestions_offer(&suggestions, mca_yaml_text(node), n->name);
    }
    return mca__sweep_fault(reader, node, "%s: '%.60s' is none of %s%s", section,
                            mca_yaml_text(node), all,
                            mca_suggestions_text(&suggestions, "; did you mean ", "?", meant));
}

/* The figure of a name, added where it is new; NULL where there are too many. */
static struct mca_search_figure *take_figure(struct mca_search_plan *plan,
                                             const struct mca_search_name *name) {
    struct mca_search_config *c = &plan->config;
    uint32_t f = 0;
    while (f < c->figure_count && plan->names[f] != name) {
        ++f;
    }
    if (f == MCA_SEARCH_FIGURES_MAX) {
        return NULL;
    }
    if (f == c->figure_count) {
        const struct mca_sweep_metrics *metrics = &plan->sweep.metrics;
        uint32_t m = 0;
        while (m < metrics->count && strcmp(metrics->list[m].key, name->key) != 0) {
            ++m;
        }
        if (m == metrics->count) {
            return NULL;
        }
        ++c->figure_count;
        plan->names[f] = name;
        plan->metrics[f] = m;
        c->figures[f] = (struct mca_search_figure){.is_accuracy = name->is_accuracy};
    }
    return &c->figures[f];
}

static enum mca_status no_figure(const struct mca__sweep_reader *reader, const yaml_node_t *node) {
    return mca__sweep_fault(reader, node, "%.60s: no figure of runs", mca_yaml_text(node));
}

static enum mca_status read_minimise(struct mca_search_plan *plan,
                                     const struct mca__sweep_reader *reader,
                                     const yaml_node_t *root) {
    const yaml_node_t *node = mca__sweep_child(reader, root, "minimise");
    if (!node) {
        return mca__sweep_fault(reader, root,
                                "minimise: one or two figures are needed, e.g. minimise: [energy]");
    }
    MCA_TRY(mca__sweep_need_list(reader, node, "minimise", ""));
    if (mca_yaml_count(node) > MCA_SEARCH_OBJECTIVES_MAX) {
        return mca__sweep_fault(reader, node, "minimise: %u figures; at most %d",
                                mca_yaml_count(node), MCA_SEARCH_OBJECTIVES_MAX);
    }
    for (uint32_t i = 0; i < mca_yaml_count(node); ++i) {
        const yaml_node_t *item = mca__sweep_node(reader, node->data.sequence.items.start[i]);
        const struct mca_search_name *name = find_name(mca_yaml_text(item));
        if (!name) {
            return unknown_name(reader, item, "minimise");
        }
        if (name->is_accuracy) {
            return mca__sweep_fault(reader, item,
                                    "minimise: accuracy; bound it: subject_to: {accuracy: "
                                    "\">= 97 %%\"}");
        }
        struct mca_search_figure *figure = take_figure(plan, name);
        if (!figure) {
            return no_figure(reader, item);
        }
        if (figure->is_objective) {
            return mca__sweep_fault(reader, item, "minimise: %s twice", name->name);
        }
        figure->is_objective = 1;
        ++plan->config.objective_count;
    }
    return MCA_OK;
}

/* What a unit with a prefix is worth, "nJ" of "J"; 0 where it is none. */
static double unit_of(const char *text, const char *unit) {
    static const struct {
        const char *text;
        double worth;
    } prefixes[] = {{"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6}, {"\u00b5", 1e-6}, {"m", 1e-3}};
    if (text[0] == '\0' || strcmp(text, unit) == 0) {
        return 1;
    }
    if (strcmp(unit, "mm2") == 0) {
        return strcmp(text, "mm\u00b2") == 0 ? 1 : 0;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0] && unit[1] == '\0'; ++i) {
        const size_t length = strlen(prefixes[i].text);
        if (strncmp(text, prefixes[i].text, length) == 0 && strcmp(text + length, unit) == 0) {
            return prefixes[i].worth;
        }
    }
    return 0;
}

/* ">= 97 %", "<= 2 mm2" */
static enum mca_status read_bound(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                  const struct mca_search_name *name, double *bound) {
    const char *text = mca_yaml_text(node);
    const char *sign = name->is_accuracy ? ">=" : "<=";
    const char *example = name->is_accuracy                ? "97 %"
                          : strcmp(name->unit, "J") == 0   ? "300 nJ"
                          : strcmp(name->unit, "s") == 0   ? "5 us"
                          : strcmp(name->unit, "mm2") == 0 ? "2 mm2"
                                                           : "1e-12 J s";
    char unit[32];
    text += strspn(text, " ");
    const int is_signed = strncmp(text, sign, 2) == 0;
    const char *number = text + (is_signed ? 2 : 0);
    number += strspn(number, " ");
    char *end;
    *bound = strtod(number, &end);
    const int is_number = end != number && number[0] >= '0' && number[0] <= '9';
    (void)snprintf(unit, sizeof unit, "%s", end + strspn(end, " "));
    for (size_t length = strlen(unit); length > 0 && unit[length - 1] == ' ';) {
        unit[--length] = '\0';
    }
    double worth = unit_of(unit, name->unit);
    if (name->is_accuracy && unit[0]) {
        worth = worth > 0 ? 0.01 : 0;
    }
    *bound = name->is_accuracy && unit[0] ? *bound / 100 : *bound * worth;
    if (node->type != YAML_SCALAR_NODE || !is_signed || !is_number || !(worth > 0)) {
        return mca__sweep_fault(reader, node,
                                "subject_to: %s: '%.60s' is no bound; one looks like \"%s %s\"",
                                name->name, mca_yaml_text(node), sign, example);
    }
    if (!isfinite(*bound) || !(*bound > 0) || (name->is_accuracy && !(*bound <= 1))) {
        return mca__sweep_fault(reader, node, "subject_to: %s: '%.60s' is out of range%s",
                                name->name, mca_yaml_text(node),
                                name->is_accuracy ? " >0..100 %" : "; a bound is above 0");
    }
    return MCA_OK;
}

static enum mca_status read_subject_to(struct mca_search_plan *plan,
                                       const struct mca__sweep_reader *reader,
                                       const yaml_node_t *root) {
    const yaml_node_t *node = mca__sweep_child(reader, root, "subject_to");
    if (!node) {
        return MCA_OK;
    }
    MCA_TRY(mca__sweep_need_mapping(reader, node, "subject_to"));
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; ++pair) {
        const yaml_node_t *key = mca__sweep_node(reader, pair->key);
        const yaml_node_t *value = mca__sweep_node(reader, pair->value);
        const struct mca_search_name *name = find_name(mca_yaml_text(key));
        if (!name) {
            return unknown_name(reader, key, "subject_to");
        }
        if (name->is_accuracy && plan->sweep.base.train.validation_images == 0) {
            return mca__sweep_fault(reader, key,
                                    "subject_to: accuracy: train.validation_images is 0; it is "
                                    "judged on images that are neither trained on nor the test's");
        }
        struct mca_search_figure *figure = take_figure(plan, name);
        if (!figure) {
            return no_figure(reader, key);
        }
        if (figure->is_constrained) {
            return mca__sweep_fault(reader, key, "subject_to: %s: given twice", name->name);
        }
        figure->is_constrained = 1;
        MCA_TRY(read_bound(reader, value, name, &figure->bound));
    }
    return MCA_OK;
}

/* A whole number of a section of one or two names. */
static enum mca_status read_numbers(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                    const char *section, const char *const *names,
                                    uint64_t *const *numbers, const uint64_t (*ranges)[2]) {
    char where[32];
    MCA_TRY(mca__sweep_need_mapping(reader, node, section));
    (void)snprintf(where, sizeof where, "%s: ", section);
    MCA_TRY(mca__sweep_check_names(reader, node, where, names));
    for (size_t i = 0; names[i]; ++i) {
        const yaml_node_t *value = mca__sweep_child(reader, node, names[i]);
        char name[64];
        (void)snprintf(name, sizeof name, "%s: %s", section, names[i]);
        if (value) {
            MCA_TRY(mca__sweep_number(reader, value, name, ranges[i][0], ranges[i][1], numbers[i]));
        }
    }
    return MCA_OK;
}

static enum mca_status read_budget(struct mca_search_plan *plan,
                                   const struct mca__sweep_reader *reader,
                                   const yaml_node_t *root) {
    static const char *const names[] = {"images", NULL};
    static const uint64_t range[][2] = {{1, UINT64_C(1000000000000000)}};
    const yaml_node_t *node = mca__sweep_child(reader, root, "budget");
    if (!node || (node->type == YAML_MAPPING_NODE && mca_yaml_count(node) == 0)) {
        return mca__sweep_fault(reader, node ? node : root,
                                "budget: images are needed, e.g. budget: {images: 1000000}");
    }
    uint64_t *const numbers[] = {&plan->config.budget};
    MCA_TRY(read_numbers(reader, node, "budget", names, numbers, range));
    const uint64_t least = mca_search_least_budget(&plan->config);
    return plan->config.budget >= least
               ? MCA_OK
               : mca__sweep_fault(reader, node,
                                  "budget: images: %" PRIu64 "; this search needs at least %" PRIu64
                                  ", and a run in full is %" PRIu64,
                                  plan->config.budget, least,
                                  plan->config.rungs[plan->config.rung_count - 1].cost);
}

/* Images that a point trains on and tests. */
static uint64_t cost_of(const struct mca_train_config *train, uint32_t images, uint32_t validation,
                        uint32_t tested, uint32_t test_every) {
    const uint64_t epochs = train->epochs;
    const uint64_t validations = epochs > 0 ? epochs : 1;
    const uint64_t tests = epochs > 0 ? (epochs + test_every - 1) / test_every : 1;
    return epochs * images + validations * validation + tests * tested;
}

/* The rungs below the last one test as few images as tell something. */
static void fill_rungs(struct mca_search_plan *plan, uint64_t first, uint64_t factor) {
    const struct mca_train_config *train = &plan->sweep.base.train;
    struct mca_search_config *c = &plan->config;
    uint64_t images = first;
    for (; images < train->images && c->rung_count + 1 < MCA_SEARCH_RUNGS_MAX; images *= factor) {
        c->rungs[c->rung_count++].images = (uint32_t)images;
    }
    for (uint32_t r = 0; r < c->rung_count; ++r) {
        const uint32_t tested =
            c->rungs[r].images > TESTED_LEAST ? c->rungs[r].images : TESTED_LEAST;
        const uint32_t validation =
            tested < train->validation_images ? tested : train->validation_images;
        c->rungs[r].cost = cost_of(train, c->rungs[r].images, validation, 1, 10000);
    }
    c->rungs[c->rung_count++] = (struct mca_search_rung){
        train->images, cost_of(train, train->images, train->validation_images, train->test_images,
                               train->test_every)};
    c->judged_on = train->validation_images;
}

/* Keys that the rungs set, or by which points would no longer be comparable. */
static enum mca_status refuse_own_keys(const struct mca__sweep_reader *reader) {
    const struct mca_sweep_plan *plan = reader->plan;
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        const char *name = plan->keys[k]->name;
        if (strncmp(name, "dataset.", 8) == 0 || strcmp(name, "train.epochs") == 0 ||
            strcmp(name, "train.images") == 0 || strcmp(name, "train.test_images") == 0 ||
            strcmp(name, "train.test_every") == 0 || strcmp(name, "train.validation_images") == 0 ||
            strcmp(name, "seed") == 0) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%.400s:%u: %s: the search goes by it; give it in set:", plan->path,
                            plan->key_lines[k], name);
        }
    }
    return MCA_OK;
}

static enum mca_status need_images(const struct mca__sweep_reader *reader,
                                   const yaml_node_t *root) {
    const struct mca_train_config *train = &reader->plan->base.train;
    const char *missing = train->images == 0        ? "train.images"
                          : train->test_images == 0 ? "train.test_images"
                          : train->epochs == 0      ? "train.epochs"
                                                    : NULL;
    return missing ? mca__sweep_fault(reader, root,
                                      "%s: 0; a search counts images: set: {%s: N}, of a run in "
                                      "full",
                                      missing, missing)
                   : MCA_OK;
}

/* The axis of rungs: a row sets what its runs have less of than the scenario; the last one nothing.
 */
static enum mca_status add_rungs(const struct mca_search_plan *plan,
                                 const struct mca__sweep_reader *reader, const yaml_node_t *node) {
    static const char *const names[] = {"train.images", "train.validation_images",
                                        "train.test_images", "train.test_every"};
    enum { KEYS = sizeof names / sizeof names[0] };
    const struct mca_train_config *train = &plan->sweep.base.train;
    const struct mca_search_config *c = &plan->config;
    struct mca_sweep_axis *axis;
    MCA_TRY(mca__sweep_new_axis(reader, node, "rungs", c->rung_count, KEYS, &axis));
    for (uint32_t k = 0; k < KEYS; ++k) {
        const struct mca_key *key = mca_key_find(names[k]);
        MCA_TRY(mca__sweep_take_own_slot(reader, node, key, &axis->slots[k]));
        for (uint32_t r = 0; r + 1 < c->rung_count; ++r) {
            const uint32_t tested =
                c->rungs[r].images > TESTED_LEAST ? c->rungs[r].images : TESTED_LEAST;
            const uint32_t values[KEYS] = {
                c->rungs[r].images,
                tested < train->validation_images ? tested : train->validation_images, 1, 10000};
            char text[16];
            (void)snprintf(text, sizeof text, "%u", values[k]);
            MCA_TRY(
                mca__sweep_keep_text(reader, node, key, text, &axis->cells[(size_t)r * KEYS + k]));
        }
    }
    return MCA_OK;
}

/* When the axes of the space are read. */
static enum mca_status add_axes(void *user, const struct mca__sweep_reader *reader,
                                const yaml_node_t *root) {
    static const char *const names[] = {"first_images", "factor", NULL};
    static const uint64_t ranges[][2] = {{1, 1000000000}, {2, MCA_SEARCH_FACTOR_MAX}};
    struct mca_search_plan *plan = user;
    struct mca_search_config *c = &plan->config;
    const yaml_node_t *halving = mca__sweep_child(reader, root, "halving");
    MCA_TRY(refuse_own_keys(reader));
    MCA_TRY(need_images(reader, root));
    if (plan->sweep.axis_count == 0) {
        return mca__sweep_fault(reader, root, "no axes; a search needs a space, e.g. grid:");
    }
    if (plan->sweep.axis_count > MCA_SEARCH_AXES_MAX) {
        return mca__sweep_fault(reader, root, "more than %d axes", MCA_SEARCH_AXES_MAX);
    }
    uint64_t settings = 1;
    c->axis_count = plan->sweep.axis_count;
    for (uint32_t a = 0; a < c->axis_count; ++a) {
        c->rows[a] = plan->sweep.axes[a].rows;
        settings = settings > MCA_SWEEP_POINTS_MAX ? settings : settings * c->rows[a];
    }
    c->setting_count = (uint32_t)settings; /* what is too many is refused behind this */
    uint64_t first = (plan->sweep.base.train.images + FIRST_PARTS - 1) / FIRST_PARTS;
    uint64_t factor = FACTOR;
    uint64_t *const numbers[] = {&first, &factor};
    if (halving) {
        MCA_TRY(read_numbers(reader, halving, "halving", names, numbers, ranges));
    }
    c->factor = (uint32_t)factor;
    fill_rungs(plan, first, factor);
    return add_rungs(plan, reader, halving ? halving : root);
}

static enum mca_status check_bounds_of(const struct mca__sweep_reader *reader, uint32_t slot,
                                       const yaml_node_t *bounds) {
    const struct mca_sweep_plan *plan = reader->plan;
    const struct mca_key *key = plan->keys[slot];
    double ends[2];
    if (key->type != MCA_KEY_U32 && key->type != MCA_KEY_U64 && key->type != MCA_KEY_F64) {
        return mca__sweep_fault(reader, bounds, "bounds: %s: a %s; only numbers have bounds",
                                key->name, mca_key_type_name(key));
    }
    for (int e = 0; e < 2; ++e) {
        const int is_pair = bounds->type == YAML_SEQUENCE_NODE && mca_yaml_count(bounds) == 2;
        const yaml_node_t *item =
            is_pair ? mca__sweep_node(reader, bounds->data.sequence.items.start[e]) : bounds;
        char *end;
        ends[e] = strtod(mca_yaml_text(item), &end);
        if (!is_pair || end == mca_yaml_text(item) || *end != '\0' || !isfinite(ends[e])) {
            return mca__sweep_fault(reader, item, "bounds: %s: not [low, high], two numbers",
                                    key->name);
        }
    }
    if (!(ends[0] <= ends[1])) {
        return mca__sweep_fault(reader, bounds, "bounds: %s: low is %g, high is %g", key->name,
                                ends[0], ends[1]);
    }
    for (uint32_t v = 0; v < plan->value_count; ++v) {
        const struct mca_sweep_value *value = &plan->values[v];
        const double number = strtod(value->text, NULL);
        if (strcmp(value->key->name, key->name) == 0 && !(number >= ends[0] && number <= ends[1])) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%.400s:%u: %s: %s is outside its bounds %g..%g", plan->path,
                            value->line, key->name, value->text, ends[0], ends[1]);
        }
    }
    return MCA_OK;
}

static enum mca_status check_bounds(const struct mca__sweep_reader *reader,
                                    const yaml_node_t *root) {
    const struct mca_sweep_plan *plan = reader->plan;
    const yaml_node_t *node = mca__sweep_child(reader, root, "bounds");
    if (node) {
        MCA_TRY(mca__sweep_need_mapping(reader, node, "bounds"));
        const char *names[MCA_KEY_MAX + 1];
        for (uint32_t k = 0; k < plan->key_count; ++k) {
            names[k] = plan->keys[k]->name;
        }
        names[plan->key_count] = NULL;
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; ++pair) {
            const yaml_node_t *key = mca__sweep_node(reader, pair->key);
            uint32_t k = 0;
            while (names[k] && strcmp(names[k], mca_yaml_text(key)) != 0) {
                ++k;
            }
            if (!names[k]) {
                return mca__sweep_fault(reader, key, "bounds: %.60s: no key of the space",
                                        mca_yaml_text(key));
            }
            if (mca__sweep_child(reader, node, names[k]) != mca__sweep_node(reader, pair->value)) {
                return mca__sweep_fault(reader, key, "bounds: %.60s: given twice", names[k]);
            }
        }
    }
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        const yaml_node_t *bounds =
            node ? mca__sweep_child(reader, node, plan->keys[k]->name) : NULL;
        if (bounds) {
            MCA_TRY(check_bounds_of(reader, k, bounds));
        } else if (mca_search_key_is_free(plan->keys[k])) {
            return mca_fail(reader->error, MCA_INVALID,
                            "%.400s:%u: %s: nothing pays for it, so that its best value would win; "
                            "say within which bounds you stand for it: bounds: {%s: [LOW, HIGH]}",
                            plan->path, plan->key_lines[k], plan->keys[k]->name,
                            plan->keys[k]->name);
        }
    }
    return MCA_OK;
}

/* Behind objectives and bounds: the accuracy, where there are images to judge it by. */
static void add_accuracy(struct mca_search_plan *plan) {
    if (plan->config.judged_on > 0) {
        (void)take_figure(plan, find_name("accuracy"));
    }
}

static enum mca_status read_rest(void *user, const struct mca__sweep_reader *reader,
                                 const yaml_node_t *root) {
    struct mca_search_plan *plan = user;
    const uint64_t points = (uint64_t)plan->config.setting_count * plan->config.rung_count;
    plan->config.seeds = (uint32_t)(plan->sweep.point_count / points);
    MCA_TRY(check_bounds(reader, root));
    MCA_TRY(read_minimise(plan, reader, root));
    MCA_TRY(read_subject_to(plan, reader, root));
    add_accuracy(plan);
    return read_budget(plan, reader, root);
}

enum mca_status mca_search_plan_load(struct mca_search_plan *plan, const char *path,
                                     const struct mca_sweep_metrics *metrics,
                                     struct mca_error *error) {
    memset(plan, 0, sizeof *plan);
    const struct mca__sweep_kind kind = {.shipped = MCA_SHIPPED_SEARCH,
                                         .copy = "optimise.yaml",
                                         .file = "a search file",
                                         .sections = mca_search_sections,
                                         .user = plan,
                                         .add_axes = add_axes,
                                         .read_rest = read_rest};
    return mca__sweep_plan_load_as(&plan->sweep, path, metrics, &kind, error);
}

void mca_search_plan_deinit(struct mca_search_plan *plan) {
    mca_sweep_plan_deinit(&plan->sweep);
}

uint32_t mca_search_plan_index(const struct mca_search_plan *plan,
                               const struct mca_search_point *point) {
    return (point->setting * plan->config.rung_count + point->rung) * plan->config.seeds +
           point->seed;
}
