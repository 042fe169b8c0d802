/* Sweep files: the scenario, what is the same in all points, and the axes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_input.h"
#include "base/shipped.h"
#include "base/suggest.h"
#include "run/sums.h"
#include "scenario/load.h"
#include "scenario/load_node.h"
#include "sweep/reader.h"
#include "train/plain_weights.h"

/* The path of weights, relative to the sweep file. */
static enum mca_status take_path(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                 char path[MCA_SOURCE_NAME_SIZE]) {
    const char *from = reader->plan->path;
    const char *name = mca_yaml_text(node);
    const char *slash = name[0] == '/' ? NULL : strrchr(from, '/');
    const int n = snprintf(path, MCA_SOURCE_NAME_SIZE, "%.*s%s",
                           slash ? (int)(slash - from) + 1 : 0, from, name);
    return n >= 0 && n < MCA_SOURCE_NAME_SIZE
               ? MCA_OK
               : mca__sweep_fault(reader, node, "weights: path too long");
}

static enum mca_status read_scenario(const struct mca__sweep_reader *reader,
                                     const yaml_node_t *root) {
    struct mca_sweep_plan *plan = reader->plan;
    const yaml_node_t *node = mca__sweep_child(reader, root, "scenario");
    if (!node || mca_yaml_text(node)[0] == '\0') {
        return mca__sweep_fault(reader, node ? node : root,
                                "scenario: the path of a scenario file is needed");
    }
    char path[MCA_SOURCE_NAME_SIZE];
    if (!mca_shipped_or_path(MCA_SHIPPED_SCENARIO, mca_yaml_text(node), plan->path, path,
                             sizeof path)) {
        return mca__sweep_fault(reader, node, "scenario: path too long");
    }
    struct mca_error reason;
    enum mca_status status = mca_check_regular(path, "", &reason);
    if (status == MCA_OK) {
        status = mca_scenario_load(&plan->base, &plan->origins, path, &reason);
    } else {
        mca_shipped_suggest(MCA_SHIPPED_SCENARIO, path, &reason);
    }
    if (status == MCA_SYSTEM) {
        (void)mca__sweep_fault(reader, node, "scenario: %.400s", reason.message);
        return status;
    }
    return status == MCA_OK ? MCA_OK : mca_fail(reader->error, status, "%s", reason.message);
}

static enum mca_status read_weights(const struct mca__sweep_reader *reader,
                                    const yaml_node_t *node) {
    struct mca_sweep_plan *plan = reader->plan;
    if (mca_yaml_text(node)[0] == '\0') {
        return mca__sweep_fault(reader, node, "weights: the path of weights is needed");
    }
    MCA_TRY(take_path(reader, node, plan->weights));
    struct mca_error reason;
    const enum mca_status status = mca_weights_sum(plan->weights, &plan->weights_hash, &reason);
    if (status != MCA_OK) {
        (void)mca__sweep_fault(reader, node, "weights: %.400s", reason.message);
        return status;
    }
    plan->base.chip.weights.is_given = (unsigned)mca_weights_are_plain(plan->weights);
    return MCA_OK;
}

static enum mca_status read_set(const struct mca__sweep_reader *reader) {
    struct mca_sweep_plan *plan = reader->plan;
    const yaml_node_t *node = reader->set;
    const yaml_node_t *again;
    const yaml_node_t *first;
    MCA_TRY(mca__sweep_need_mapping(reader, node, "set"));
    MCA_TRY(mca_yaml_find_duplicate(reader->document, node, &again, &first, reader->error));
    if (again) {
        return mca__sweep_fault(reader, again, "set: %.60s: given twice", mca_yaml_text(again));
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; ++pair) {
        struct mca_found_key found;
        const yaml_node_t *key_node = mca__sweep_node(reader, pair->key);
        const yaml_node_t *value = mca__sweep_node(reader, pair->value);
        const struct mca_key_node pair_node = {plan->path, reader->document, key_node, value};
        MCA_TRY(mca_scenario_apply_node(&plan->base, &pair_node, &found, reader->error));
        plan->origins.of[mca_key_index(found.key)] =
            (struct mca_origin){plan->source, mca_yaml_line(value)};
    }
    return MCA_OK;
}

static enum mca_status objective_of(const struct mca__sweep_reader *reader, const yaml_node_t *node,
                                    uint32_t *metric) {
    const struct mca_sweep_metrics *metrics = &reader->plan->metrics;
    char names[256] = "";
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    struct mca_suggestions suggestions;
    mca_suggestions_init(&suggestions);
    for (*metric = 0; *metric < metrics->count; ++*metric) {
        const char *name = metrics->list[*metric].objective;
        if (name && strcmp(mca_yaml_text(node), name) == 0) {
            return MCA_OK;
        }
        if (name) {
            mca_suggestions_offer(&suggestions, mca_yaml_text(node), name);
            mca_text_add(names, sizeof names, "%s%s", names[0] ? ", " : "", name);
        }
    }
    return mca__sweep_fault(reader, node, "pareto: '%.60s' is none of %s%s", mca_yaml_text(node),
                            names,
                            mca_suggestions_text(&suggestions, "; did you mean ", "?", meant));
}

static enum mca_status read_pareto(const struct mca__sweep_reader *reader,
                                   const yaml_node_t *node) {
    struct mca_sweep_plan *plan = reader->plan;
    MCA_TRY(mca__sweep_need_list(reader, node, "pareto", ""));
    for (uint32_t i = 0; i < mca_yaml_count(node); ++i) {
        const yaml_node_t *pair = mca__sweep_node(reader, node->data.sequence.items.start[i]);
        if (pair->type != YAML_SEQUENCE_NODE || mca_yaml_count(pair) != 2) {
            return mca__sweep_fault(reader, pair, "pareto: not a pair, e.g. [accuracy, energy]");
        }
        if (plan->pair_count == MCA_SWEEP_PAIRS_MAX) {
            return mca__sweep_fault(reader, pair, "pareto: more than %d pairs",
                                    MCA_SWEEP_PAIRS_MAX);
        }
        uint32_t *ends = plan->pairs[plan->pair_count++];
        for (int e = 0; e < 2; ++e) {
            const int item = pair->data.sequence.items.start[e];
            MCA_TRY(objective_of(reader, mca__sweep_node(reader, item), &ends[e]));
        }
        for (uint32_t p = 0; p + 1 < plan->pair_count; ++p) {
            if (plan->pairs[p][0] == ends[0] && plan->pairs[p][1] == ends[1]) {
                return mca__sweep_fault(reader, pair, "pareto: [%s, %s] given twice",
                                        plan->metrics.list[ends[0]].objective,
                                        plan->metrics.list[ends[1]].objective);
            }
        }
        if (ends[0] == ends[1]) {
            return mca__sweep_fault(reader, pair, "pareto: %s twice",
                                    plan->metrics.list[ends[0]].objective);
        }
    }
    return MCA_OK;
}

/* The sections in the order in which they nest: the last one changes fastest. */
static enum mca_status read_axes(const struct mca__sweep_reader *reader, const yaml_node_t *root,
                                 const struct mca__sweep_kind *kind) {
    static const struct {
        const char *name;
        mca__sweep_read_fn *read;
    } sections[] = {
        {"grid", mca__sweep_read_columns},
        {"list", mca__sweep_read_list},
        {"zip", mca__sweep_read_columns},
        {"random", mca__sweep_read_samples},
        {"latin_hypercube", mca__sweep_read_samples},
    };
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; ++i) {
        const yaml_node_t *node = mca__sweep_child(reader, root, sections[i].name);
        if (node) {
            MCA_TRY(sections[i].read(reader, sections[i].name, node));
        }
    }
    MCA_TRY(kind->add_axes ? kind->add_axes(kind->user, reader, root) : MCA_OK);
    const yaml_node_t *seeds = mca__sweep_child(reader, root, "seeds");
    return seeds ? mca__sweep_read_seeds(reader, "seeds", seeds) : MCA_OK;
}

/* Multiplies the axes; the largest one is named where the product is too much. */
static enum mca_status count_points(const struct mca__sweep_reader *reader) {
    struct mca_sweep_plan *plan = reader->plan;
    uint64_t points = 1;
    const struct mca_sweep_axis *largest = plan->axes;
    for (uint32_t a = 0; a < plan->axis_count; ++a) {
        points = points > UINT64_C(1) << 40 ? points : points * plan->axes[a].rows;
        largest = plan->axes[a].rows > largest->rows ? &plan->axes[a] : largest;
    }
    if (points > MCA_SWEEP_POINTS_MAX) {
        return mca_fail(reader->error, MCA_INVALID,
                        "%.400s:%u: %s: %s%" PRIu64 " points, %u of them values of %s; a sweep "
                        "has at most %d",
                        plan->path, largest->line, largest->section,
                        points > UINT64_C(1) << 40 ? "more than " : "", points, largest->rows,
                        plan->keys[largest->slots[0]]->name, MCA_SWEEP_POINTS_MAX);
    }
    plan->point_count = (uint32_t)points;
    return MCA_OK;
}

/* A scenario where a sweep file should be. */
static int is_scenario(const struct mca__sweep_reader *reader, const yaml_node_t *root) {
    if (mca_yaml_count(root) == 0 || mca__sweep_child(reader, root, "scenario")) {
        return 0;
    }
    const char *name = mca_yaml_text(mca__sweep_node(reader, root->data.mapping.pairs.start->key));
    return strcmp(name, "base") == 0 || mca_key_find(name) ||
           mca_key_is_section(name, strlen(name));
}

const struct mca_sweep_section mca_sweep_sections[] = {
    MCA_SWEEP_POINT_SECTIONS,
    {"seeds", "how many seeds each point has, or which ones"},
    {"pareto", "pairs of figures whose fronts are wanted"},
    {NULL, NULL}};

enum { SECTIONS_MAX = 24 };

static enum mca_status check_root(const struct mca__sweep_reader *reader, const yaml_node_t *root,
                                  const struct mca__sweep_kind *kind) {
    const char *names[SECTIONS_MAX + 1];
    size_t count = 0;
    for (; kind->sections[count].name && count < SECTIONS_MAX; ++count) {
        names[count] = kind->sections[count].name;
    }
    names[count] = NULL;
    if (!root || root->type != YAML_MAPPING_NODE) {
        return mca_fail(reader->error, MCA_INVALID,
                        "%.400s:1: not a mapping; %s has scenario: and axes", reader->plan->path,
                        kind->file);
    }
    if (is_scenario(reader, root)) {
        return mca__sweep_fault(reader, root,
                                "a scenario, for mcasim run; %s names one with scenario: and has "
                                "axes",
                                kind->file);
    }
    return mca__sweep_check_names(reader, root, "", names);
}

static enum mca_status read_root(struct mca__sweep_reader *reader,
                                 const struct mca__sweep_kind *kind) {
    struct mca_sweep_plan *plan = reader->plan;
    const yaml_node_t *root = yaml_document_get_root_node(reader->document);
    MCA_TRY(check_root(reader, root, kind));
    MCA_TRY(read_scenario(reader, root));
    plan->source = mca_origins_source(&plan->origins, plan->path);
    if (plan->source == 0) {
        return mca__sweep_fault(reader, root, "scenario: its chain of bases is too long");
    }
    const yaml_node_t *weights = mca__sweep_child(reader, root, "weights");
    if (weights) {
        MCA_TRY(read_weights(reader, weights));
    }
    reader->set = mca__sweep_child(reader, root, "set");
    const yaml_node_t *pareto = mca__sweep_child(reader, root, "pareto");
    if (reader->set) {
        MCA_TRY(read_set(reader));
    }
    *reader->scratch = plan->base;
    MCA_TRY(read_axes(reader, root, kind));
    MCA_TRY(count_points(reader));
    MCA_TRY(kind->read_rest ? kind->read_rest(kind->user, reader, root) : MCA_OK);
    if (pareto) {
        return read_pareto(reader, pareto);
    }
    uint32_t found = 0;
    for (uint32_t m = 0; m < plan->metrics.count && found < 2; ++m) {
        if (plan->metrics.list[m].objective) {
            plan->pairs[0][found++] = m;
        }
    }
    plan->pair_count = found / 2;
    return MCA_OK;
}

static enum mca_status load(struct mca_sweep_plan *plan, const char *path,
                            const struct mca__sweep_kind *kind, struct mca_error *error) {
    struct mca_file_identity identity;
    yaml_document_t document;
    struct mca__sweep_reader reader = {plan, &document, NULL, malloc(sizeof *reader.scratch),
                                       error};
    char file[MCA_SOURCE_NAME_SIZE];
    if (!mca_shipped_or_path(kind->shipped, path, NULL, file, sizeof file)) {
        free(reader.scratch);
        return mca_fail(error, MCA_INVALID, "%.200s: path too long", path);
    }
    plan->path = strdup(file);
    enum mca_status status = plan->path && reader.scratch ? MCA_OK : mca_fail_memory(error, path);
    if (status == MCA_OK) {
        status = mca_yaml_read_file(file, "", &plan->text, &plan->text_size, &identity, error);
        if (status == MCA_SYSTEM) {
            mca_shipped_suggest(kind->shipped, file, error);
        }
    }
    if (status == MCA_OK) {
        status = mca_yaml_parse(&document, file, plan->text, plan->text_size, error);
    }
    if (status == MCA_OK) {
        status = read_root(&reader, kind);
        yaml_document_delete(&document);
    }
    free(reader.scratch);
    return status;
}

enum mca_status mca__sweep_plan_load_as(struct mca_sweep_plan *plan, const char *path,
                                        const struct mca_sweep_metrics *metrics,
                                        const struct mca__sweep_kind *kind,
                                        struct mca_error *error) {
    memset(plan, 0, sizeof *plan);
    plan->metrics = *metrics;
    plan->copy = kind->copy;
    const enum mca_status status = load(plan, path, kind, error);
    if (status != MCA_OK) {
        mca_sweep_plan_deinit(plan);
    }
    return status;
}

enum mca_status mca_sweep_plan_load(struct mca_sweep_plan *plan, const char *path,
                                    const struct mca_sweep_metrics *metrics,
                                    struct mca_error *error) {
    static const struct mca__sweep_kind sweep = {.shipped = MCA_SHIPPED_SWEEP,
                                                 .copy = "sweep.yaml",
                                                 .file = "a sweep file",
                                                 .sections = mca_sweep_sections};
    return mca__sweep_plan_load_as(plan, path, metrics, &sweep, error);
}
