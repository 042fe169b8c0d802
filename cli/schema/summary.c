/* The schema of summary.json, by the table of results. */
#include <stdio.h>
#include <string.h>

#include "cli/schema/schema.h"
#include "cost/baseline.h"
#include "network/layer_kind.h"
#include "reports/figures/result_figures.h"
#include "run/sums.h"

/* Where figures of a scope are put. */
struct place {
    struct mca__json *j;
    json_t *schema;
};

/* The name of a line's definition: its key, with a number where lines before it have the same. */
static void definition_name(const struct mca_result_figure *figure, char name[160]) {
    int before = 0;
    for (const struct mca_result_figure *f = mca_result_next(NULL); f != figure;
         f = mca_result_next(f)) {
        before += strcmp(f->key, figure->key) == 0;
    }
    (void)snprintf(name, 160, before ? "%s@%d" : "%s", figure->key, before + 1);
}

static void put_definition(struct mca__json *j, const struct mca_result_figure *figure) {
    char name[160];
    char description[640];
    definition_name(figure, name);
    json_t *schema = cli__schema_definition(j, name);
    const char *unit = figure->unit;
    mca__json_text(j, schema, "title", figure->title);
    (void)snprintf(description, sizeof description, "%s%s%s%s", figure->meaning,
                   unit[0] ? " (" : "", unit, unit[0] ? ")" : "");
    mca__json_text(j, schema, "description", description);
    if (unit[0]) {
        mca__json_text(j, schema, "x-unit", unit);
    }
    if (figure->kind == MCA_RESULT_TEXT) {
        cli__schema_set_type(j, schema, "string null");
    } else if (figure->kind == MCA_RESULT_COUNT) {
        cli__schema_set_type(j, schema, "integer null");
        cli__schema_set_number(j, schema, "minimum", 0);
    } else {
        cli__schema_set_type(j, schema, "number null");
    }
}

/* A milestone that was not reached is null. */
static const char *type_of(const struct mca_result_place *place) {
    return place->figure->family == MCA_RESULT_MILESTONES ? "object null" : "object";
}

/* The figure, in the objects that it stands in. Members of a family may be left out. */
static void put_figure(void *user, const struct mca_result_place *place) {
    static const char of_layer[] = "layers/0/";
    const struct place *at = user;
    const int is_always = place->figure->family == MCA_RESULT_ONE;
    char path[MCA_RESULT_KEY_SIZE];
    char name[160];
    json_t *schema = at->schema;
    mca_result_path(place, path);
    char *rest = strncmp(path, of_layer, strlen(of_layer)) == 0 ? path + strlen(of_layer) : path;
    for (char *slash; (slash = strchr(rest, '/')) != NULL; rest = slash + 1) {
        *slash = '\0';
        if (is_always) {
            cli__schema_require(at->j, schema, rest);
        }
        schema = cli__schema_member(at->j, schema, rest);
        cli__schema_close(at->j, schema, strchr(slash + 1, '/') ? "object" : type_of(place));
    }
    if (is_always) {
        cli__schema_require(at->j, schema, rest);
    }
    definition_name(place->figure, name);
    cli__schema_set_reference(at->j, cli__schema_member(at->j, schema, rest), name);
}

/* The figures of a scope, as a definition of that name. */
static json_t *put_scope(struct mca__json *j, const char *name, enum mca_result_scope scope,
                         const char *types) {
    struct place place = {j, cli__schema_definition(j, name)};
    mca_result_walk_scope(scope, put_figure, &place);
    cli__schema_close(j, place.schema, types);
    return place.schema;
}

static void put_list(struct mca__json *j, json_t *schema, const char *of) {
    cli__schema_set_type(j, schema, "array");
    cli__schema_set_reference(j, mca__json_object(j, schema, "items"), of);
}

static void put_designs(struct mca__json *j) {
    json_t *design = put_scope(j, "of_design", MCA_OF_DESIGN, "object");
    json_t *designs = cli__schema_member(j, j->root, "baselines");
    put_scope(j, "of_equal_design", MCA_OF_EQUAL, "object null");
    put_scope(j, "of_design_layer", MCA_OF_DESIGN_LAYER, "object");
    cli__schema_set_reference(j, cli__schema_member(j, design, "iso_throughput"),
                              "of_equal_design");
    cli__schema_set_reference(j, cli__schema_member(j, design, "iso_area"), "of_equal_design");
    put_list(j, cli__schema_member(j, design, "layers"), "of_design_layer");
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const char *name = mca_baseline_design_name((enum mca_baseline_design)d);
        cli__schema_set_reference(j, cli__schema_member(j, designs, name), "of_design");
        cli__schema_require(j, designs, name);
    }
    cli__schema_close(j, designs, "object");
}

static void put_member(struct mca__json *j, json_t *schema, const char *name, const char *type) {
    json_t *member = cli__schema_member(j, schema, name);
    if (strcmp(type, "hash") == 0) {
        cli__schema_set_type(j, member, "string");
        mca__json_text(j, member, "pattern", "^[0-9a-f]{16}$");
    } else {
        cli__schema_set_type(j, member, type);
    }
    cli__schema_require(j, schema, name);
}

/* Who made it of what, as put_identity of reports/run/summary_json.c writes it. */
static void put_identity(struct mca__json *j) {
    static const char *const members[][3] = {
        {"tool", "name", "string"},      {"tool", "version", "string"},
        {"tool", "commit", "string"},    {"scenario", "name", "string"},
        {"scenario", "hash", "hash"},    {"dataset", "name", "string"},
        {"dataset", "train", "integer"}, {"dataset", "test", "integer"},
        {"dataset", "hash", "hash"}};
    put_member(j, j->root, "schema_version", "integer");
    cli__schema_set_number(j, cli__schema_member(j, j->root, "schema_version"), "const",
                           MCA_SUMMARY_SCHEMA);
    put_member(j, j->root, "seed", "integer");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; ++i) {
        json_t *object = cli__schema_member(j, j->root, members[i][0]);
        put_member(j, object, members[i][1], members[i][2]);
        cli__schema_close(j, object, "object");
        cli__schema_require(j, j->root, members[i][0]);
    }
}

/* The numbers that layers of a kind work with, each beside where it is from. */
static void put_layer_numbers(struct mca__json *j) {
    json_t *list = cli__schema_member(j, j->root, "layer_numbers");
    const char *kinds[MCA_LAYER_TYPE_COUNT + 1] = {NULL};
    for (unsigned kind = 0; kind < MCA_LAYER_TYPE_COUNT; ++kind) {
        kinds[kind] = mca_layer_kind_of(kind)->name;
    }
    cli__schema_set_type(j, list, "array");
    json_t *layer = mca__json_object(j, list, "items");
    cli__schema_set_type(j, layer, "object");
    put_member(j, layer, "layer", "integer");
    cli__schema_require(j, layer, "kind");
    cli__schema_set_choices(j, cli__schema_member(j, layer, "kind"), kinds);
    cli__schema_set_type(j, mca__json_object(j, layer, "additionalProperties"),
                         "number string null");
}

/* As put_advice of reports/run/summary_json.c writes it. */
static void put_advice(struct mca__json *j) {
    static const char *const members[][2] = {{"rule", "string"},
                                             {"key", "string"},
                                             {"value", "number null"},
                                             {"threshold", "number"},
                                             {"text", "string"}};
    json_t *list = cli__schema_member(j, j->root, "advice");
    mca__json_text(j, list, "description", "where the run went wrong, the likeliest cause first");
    cli__schema_set_type(j, list, "array");
    json_t *line = mca__json_object(j, list, "items");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; ++i) {
        put_member(j, line, members[i][0], members[i][1]);
    }
    cli__schema_close(j, line, "object");
    cli__schema_require(j, j->root, "advice");
}

static void put_sums(struct mca__json *j) {
    json_t *files = cli__schema_member(j, j->root, "files");
    json_t *sum = mca__json_object(j, files, "additionalProperties");
    mca__json_text(j, files, "description", "checksums of the run's files");
    cli__schema_set_type(j, files, "object");
    put_member(j, sum, "bytes", "integer");
    put_member(j, sum, "xxh3", "hash");
    cli__schema_close(j, sum, "object");
    cli__schema_require(j, j->root, "files");
    put_member(j, j->root, "checksum", "hash");
}

void cli_schema_put_summary(struct mca__json *j) {
    struct place root = {j, j->root};
    cli__schema_begin(j, "mcasim summary", "summary.json: all results of a run.");
    put_identity(j);
    put_layer_numbers(j);
    put_advice(j);
    mca_result_walk_scope(MCA_OF_CHIP, put_figure, &root);
    put_scope(j, "of_layer", MCA_OF_LAYER, "object");
    put_list(j, cli__schema_member(j, j->root, "layers"), "of_layer");
    cli__schema_require(j, j->root, "layers");
    put_designs(j);
    cli__schema_require(j, j->root, "baselines");
    put_sums(j);
    cli__schema_close(j, j->root, "object");
    for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
        put_definition(j, f);
    }
}
