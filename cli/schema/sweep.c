/* The schemas of sweep and search files, by the tables of their sections and of scenario keys. */
#include <stdio.h>
#include <string.h>

#include "cli/schema/schema.h"
#include "reports/sweep/write_results.h"
#include "scenario/layer_keys.h"
#include "search/plan.h"
#include "sweep/plan.h"

static int is_number(const struct mca_key *key) {
    return key->type == MCA_KEY_U32 || key->type == MCA_KEY_U64 || key->type == MCA_KEY_F64;
}

/* What a section has for a key: its value, a list of values, or a range that values are drawn
 * from. The value of the key is a definition of its own. */
typedef void put_fn(struct mca__json *j, json_t *schema, const char *definition,
                    const struct mca_key *key);

static void put_value(struct mca__json *j, json_t *schema, const char *definition,
                      const struct mca_key *key) {
    (void)key;
    cli__schema_set_reference(j, schema, definition);
}

static void put_list(struct mca__json *j, json_t *schema, const char *definition,
                     const struct mca_key *key) {
    mca__json_text(j, schema, "description", key->meaning);
    cli__schema_set_type(j, schema, "array");
    cli__schema_set_number(j, schema, "minItems", 1);
    cli__schema_set_number(j, schema, "maxItems", MCA_SWEEP_POINTS_MAX);
    cli__schema_set_reference(j, mca__json_object(j, schema, "items"), definition);
}

static void put_range(struct mca__json *j, json_t *schema, const char *definition,
                      const struct mca_key *key) {
    static const char *const scales[] = {"linear", "log", NULL};
    static const char *const ends[] = {"low", "high"};
    mca__json_text(j, schema, "description", key->meaning);
    for (size_t i = 0; i < 2; ++i) {
        json_t *bound = mca__json_array(j, cli__schema_member(j, schema, ends[i]), "allOf");
        cli__schema_set_reference(j, mca__json_object(j, bound, NULL), definition);
        cli__schema_set_type(j, mca__json_object(j, bound, NULL), "number"); /* and no word */
        cli__schema_require(j, schema, ends[i]);
    }
    json_t *scale = cli__schema_member(j, schema, "scale");
    cli__schema_set_choices(j, scale, scales);
    mca__json_text(j, scale, "default", scales[0]);
    cli__schema_close(j, schema, "object");
}

/* A pattern of the names of layers' keys; one of the same leaf in several kinds is that of any of
 * them. */
static void put_layer_keys(struct mca__json *j, json_t *schema, put_fn *put) {
    json_t *patterns = mca__json_object(j, schema, "patternProperties");
    for (unsigned kind = 0; kind < MCA_LAYER_TYPE_COUNT; ++kind) {
        const struct mca_layer_kind *layer = mca_layer_kind_of(kind);
        for (size_t i = 0; i < mca_layer_key_count(layer); ++i) {
            const struct mca_key *key = mca_layer_key_at(layer, i);
            char pattern[MCA_KEY_NAME_SIZE + 64];
            char definition[MCA_KEY_NAME_SIZE + 32];
            (void)snprintf(pattern, sizeof pattern, "^network\\.layers\\.[0-9]{1,3}\\.%s$",
                           key->name);
            (void)snprintf(definition, sizeof definition, "network.layers.LAYER.%s", key->name);
            if (!json_object_get(patterns, pattern) && (put != put_range || is_number(key))) {
                put(j, mca__json_object(j, patterns, pattern), definition, key);
            }
        }
    }
}

static void put_keys(struct mca__json *j, const char *name, put_fn *put) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    json_t *schema = cli__schema_definition(j, name);
    for (size_t i = 0; i < count; ++i) {
        if (put != put_range || is_number(&keys[i])) {
            put(j, cli__schema_member(j, schema, keys[i].name), keys[i].name, &keys[i]);
        }
    }
    put_layer_keys(j, schema, put);
    cli__schema_close(j, schema, "object");
}

/* 1 where the last of a list of schemas is one of those before it. */
static int is_repeated(const json_t *list) {
    const size_t last = json_array_size(list) - 1;
    size_t i = 0;
    while (!json_equal(json_array_get(list, i), json_array_get(list, last))) {
        ++i;
    }
    return i < last;
}

/* The values of a layer's key. Kinds that share its name may differ in its range: any of them. */
static void put_layer_definition(struct mca__json *j, const struct mca_key *key) {
    char name[MCA_KEY_NAME_SIZE + 32];
    (void)snprintf(name, sizeof name, "network.layers.LAYER.%s", key->name);
    json_t *any = cli__schema_definition(j, name);
    json_t *list = json_object_get(any, "anyOf");
    list = list ? list : mca__json_array(j, any, "anyOf");
    cli__schema_set_key(j, mca__json_object(j, list, NULL), key, NULL);
    if (!j->failed && is_repeated(list)) {
        (void)json_array_remove(list, json_array_size(list) - 1);
    }
}

static void put_definitions(struct mca__json *j) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        cli__schema_set_key(j, cli__schema_definition(j, keys[i].name), &keys[i], NULL);
    }
    for (unsigned kind = 0; kind < MCA_LAYER_TYPE_COUNT; ++kind) {
        const struct mca_layer_kind *layer = mca_layer_kind_of(kind);
        for (size_t i = 0; i < mca_layer_key_count(layer); ++i) {
            put_layer_definition(j, mca_layer_key_at(layer, i));
        }
    }
    cli__schema_put_layers(j);
}

static void put_samples(struct mca__json *j, json_t *schema) {
    json_t *samples = cli__schema_member(j, schema, "samples");
    json_t *seed = cli__schema_member(j, schema, "seed");
    json_t *keys = cli__schema_member(j, schema, "keys");
    cli__schema_set_type(j, samples, "integer");
    cli__schema_set_number(j, samples, "minimum", 1);
    cli__schema_set_number(j, samples, "maximum", MCA_SWEEP_POINTS_MAX);
    cli__schema_set_type(j, seed, "integer");
    cli__schema_set_number(j, seed, "minimum", 0);
    cli__schema_set_number(j, seed, "maximum", 0x1p52 - 1.0);
    cli__schema_set_number(j, seed, "default", 1);
    cli__schema_set_reference(j, keys, "ranges");
    cli__schema_require(j, schema, "samples");
    cli__schema_require(j, schema, "keys");
    cli__schema_close(j, schema, "object");
}

static void put_seeds(struct mca__json *j, json_t *schema) {
    json_t *either = mca__json_array(j, schema, "anyOf");
    json_t *count = mca__json_object(j, either, NULL);
    json_t *list = mca__json_object(j, either, NULL);
    cli__schema_set_type(j, count, "integer");
    cli__schema_set_number(j, count, "minimum", 1);
    cli__schema_set_number(j, count, "maximum", MCA_SWEEP_POINTS_MAX);
    put_list(j, list, "seed", mca_key_find("seed"));
    cli__schema_set(j, list, "uniqueItems", json_true());
}

static void put_fronts(struct mca__json *j, json_t *schema) {
    const char *names[MCA_SWEEP_METRICS_MAX + 1];
    struct mca_sweep_metrics metrics;
    size_t count = 0;
    mca_sweep_metrics_take(&metrics);
    for (uint32_t m = 0; m < metrics.count; ++m) {
        if (metrics.list[m].objective) {
            names[count++] = metrics.list[m].objective;
        }
    }
    names[count] = NULL;
    cli__schema_set_type(j, schema, "array");
    cli__schema_set_number(j, schema, "minItems", 1);
    cli__schema_set_number(j, schema, "maxItems", MCA_SWEEP_PAIRS_MAX);
    cli__schema_set(j, schema, "uniqueItems", json_true());
    json_t *pair = mca__json_object(j, schema, "items");
    cli__schema_set_type(j, pair, "array");
    cli__schema_set_number(j, pair, "minItems", 2);
    cli__schema_set_number(j, pair, "maxItems", 2);
    cli__schema_set(j, pair, "uniqueItems", json_true());
    cli__schema_set_choices(j, mca__json_object(j, pair, "items"), names);
}

/* Keys of one of the definitions, at least one. */
static void put_some_of(struct mca__json *j, json_t *schema, const char *definition) {
    json_t *all = mca__json_array(j, schema, "allOf");
    cli__schema_set_reference(j, mca__json_object(j, all, NULL), definition);
    cli__schema_set_number(j, schema, "minProperties", 1);
}

static void put_points(struct mca__json *j, json_t *schema) {
    cli__schema_set_type(j, schema, "array");
    cli__schema_set_number(j, schema, "minItems", 1);
    cli__schema_set_number(j, schema, "maxItems", MCA_SWEEP_POINTS_MAX);
    cli__schema_set_reference(j, mca__json_object(j, schema, "items"), "values");
}

/* "minimise": one or two figures that are costs. */
static void put_minimise(struct mca__json *j, json_t *schema) {
    const char *names[16];
    size_t count = 0;
    for (const struct mca_search_name *n = mca_search_names; n->name; ++n) {
        if (!n->is_accuracy) {
            names[count++] = n->name;
        }
    }
    names[count] = NULL;
    cli__schema_set_type(j, schema, "array");
    cli__schema_set_number(j, schema, "minItems", 1);
    cli__schema_set_number(j, schema, "maxItems", MCA_SEARCH_OBJECTIVES_MAX);
    cli__schema_set(j, schema, "uniqueItems", json_true());
    cli__schema_set_choices(j, mca__json_object(j, schema, "items"), names);
}

static void put_subject_to(struct mca__json *j, json_t *schema) {
    for (const struct mca_search_name *n = mca_search_names; n->name; ++n) {
        json_t *bound = cli__schema_member(j, schema, n->name);
        cli__schema_set_type(j, bound, "string");
        mca__json_text(j, bound, "pattern", mca_search_bound_pattern);
    }
    cli__schema_set_number(j, schema, "minProperties", 1);
    cli__schema_close(j, schema, "object");
}

static void put_whole(struct mca__json *j, json_t *schema, const char *name, double least,
                      double most) {
    json_t *number = cli__schema_member(j, schema, name);
    cli__schema_set_type(j, number, "integer");
    cli__schema_set_number(j, number, "minimum", least);
    cli__schema_set_number(j, number, "maximum", most);
}

static void put_budget(struct mca__json *j, json_t *schema) {
    put_whole(j, schema, "images", 1, 1e15);
    cli__schema_require(j, schema, "images");
    cli__schema_close(j, schema, "object");
}

static void put_halving(struct mca__json *j, json_t *schema) {
    put_whole(j, schema, "first_images", 1, 1e9);
    put_whole(j, schema, "factor", 2, MCA_SEARCH_FACTOR_MAX);
    cli__schema_set_number(j, schema, "minProperties", 1);
    cli__schema_close(j, schema, "object");
}

static void put_bounds(struct mca__json *j, json_t *schema) {
    cli__schema_set_type(j, schema, "object");
    cli__schema_set_number(j, schema, "minProperties", 1);
    json_t *pair = mca__json_object(j, schema, "additionalProperties");
    cli__schema_set_type(j, pair, "array");
    cli__schema_set_number(j, pair, "minItems", 2);
    cli__schema_set_number(j, pair, "maxItems", 2);
    cli__schema_set_type(j, mca__json_object(j, pair, "items"), "number");
}

static void put_section(struct mca__json *j, const char *name, json_t *schema) {
    static const struct {
        const char *name;
        void (*put)(struct mca__json *, json_t *);
    } of_searches[] = {{"minimise", put_minimise},
                       {"subject_to", put_subject_to},
                       {"budget", put_budget},
                       {"halving", put_halving},
                       {"bounds", put_bounds}};
    for (size_t i = 0; i < sizeof of_searches / sizeof of_searches[0]; ++i) {
        if (strcmp(name, of_searches[i].name) == 0) {
            of_searches[i].put(j, schema);
            return;
        }
    }
    if (strcmp(name, "set") == 0) {
        put_some_of(j, schema, "values");
    } else if (strcmp(name, "grid") == 0 || strcmp(name, "zip") == 0) {
        put_some_of(j, schema, "lists");
    } else if (strcmp(name, "list") == 0) {
        put_points(j, schema);
    } else if (strcmp(name, "seeds") == 0) {
        put_seeds(j, schema);
    } else if (strcmp(name, "pareto") == 0) {
        put_fronts(j, schema);
    } else if (strcmp(name, "random") == 0 || strcmp(name, "latin_hypercube") == 0) {
        put_samples(j, schema);
    } else { /* a path */
        cli__schema_set_type(j, schema, "string");
        cli__schema_set_number(j, schema, "minLength", 1);
    }
}

static void put_file(struct mca__json *j, const struct mca_sweep_section *sections) {
    for (const struct mca_sweep_section *s = sections; s->name; ++s) {
        json_t *schema = cli__schema_member(j, j->root, s->name);
        mca__json_text(j, schema, "description", s->meaning);
        put_section(j, s->name, schema);
    }
    cli__schema_require(j, j->root, "scenario");
    cli__schema_close(j, j->root, "object");
    put_definitions(j);
    put_keys(j, "values", put_value);
    put_keys(j, "lists", put_list);
    put_keys(j, "ranges", put_range);
}

void cli_schema_put_sweep(struct mca__json *j) {
    cli__schema_begin(j, "mcasim sweep",
                      "A scenario at many points: the product of all axes. Keys are those of "
                      "scenarios, written in full.");
    put_file(j, mca_sweep_sections);
}

void cli_schema_put_optimise(struct mca__json *j) {
    cli__schema_begin(j, "mcasim optimise",
                      "The best chip of a space, which is the product of all axes, under bounds. "
                      "Keys are those of scenarios, written in full.");
    put_file(j, mca_search_sections);
    cli__schema_require(j, j->root, "minimise");
    cli__schema_require(j, j->root, "budget");
}
