/* mcasim scenarios: what comes with the program and has a name. */
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/shipped.h"
#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/line.h"
#include "cli/purpose.h"
#include "cli/query.h"
#include "cost/component_library.h"
#include "network/layer_kind.h"
#include "reports/search/write_results.h"
#include "reports/sweep/write_results.h"
#include "run/common_options.h"
#include "scenario/load.h"
#include "scenario/value_text.h"
#include "search/plan.h"
#include "sweep/plan.h"

enum { COLUMN_SIZE = 96 };

/* A file that has a name. */
struct entry {
    char name[MCA_SUGGESTION_SIZE];
    char path[MCA_PATH_SIZE];
    char columns[2][COLUMN_SIZE]; /* as the kind's `columns` */
    char about[CLI_PURPOSE_SIZE];
};

/* Fills the columns of an entry whose name and path are there, and `about` where it is not that of
 * the file's head. */
typedef enum mca_status describe_fn(struct entry *entry, struct mca_error *error);

/* "784-250-10", or "2 conv2d, 2 max_pool, 2 dense" */
static void network_text(const struct mca_network_config *network, char text[COLUMN_SIZE]) {
    text[0] = '\0';
    if (network->is_widths) {
        mca_text_add(text, COLUMN_SIZE, "%llu",
                     (unsigned long long)mca_shape_values(&network->input));
    }
    for (uint32_t i = 0; i < network->layer_count && network->is_widths; ++i) {
        mca_text_add(text, COLUMN_SIZE, "-%u", network->layers[i].units);
    }
    for (uint32_t i = 0; i < network->layer_count && !network->is_widths; ++i) {
        uint32_t before = 0;
        uint32_t all = 0;
        for (uint32_t j = 0; j < network->layer_count; ++j) {
            const int is_same = network->layers[j].type == network->layers[i].type;
            before += is_same && j < i;
            all += (uint32_t)is_same;
        }
        if (before == 0) {
            mca_text_add(text, COLUMN_SIZE, "%s%u %s", i ? ", " : "", all,
                         mca_layer_kind_of(network->layers[i].type)->name);
        }
    }
}

static enum mca_status describe_scenario(struct entry *entry, struct mca_error *error) {
    struct mca_scenario *scenario = malloc(sizeof *scenario);
    if (!scenario) {
        return mca_fail_memory(error, "scenario");
    }
    const enum mca_status status = mca_scenario_load(scenario, NULL, entry->path, error);
    if (status == MCA_OK) {
        static char data[MCA_VALUE_TEXT_SIZE];
        mca_key_format(mca_key_find("dataset.name"), scenario, data, sizeof data);
        network_text(&scenario->chip.network, entry->columns[0]);
        (void)snprintf(entry->columns[1], COLUMN_SIZE, "%.*s", COLUMN_SIZE - 1, data);
    }
    free(scenario);
    return status;
}

static enum mca_status describe_sweep(struct entry *entry, struct mca_error *error) {
    struct mca_sweep_metrics metrics;
    struct mca_sweep_plan *plan = malloc(sizeof *plan);
    if (!plan) {
        return mca_fail_memory(error, "sweep");
    }
    mca_sweep_metrics_take(&metrics);
    const enum mca_status status = mca_sweep_plan_load(plan, entry->path, &metrics, error);
    if (status == MCA_OK) {
        (void)snprintf(entry->columns[0], COLUMN_SIZE, "%.*s", COLUMN_SIZE - 1,
                       plan->base.report.name);
        (void)snprintf(entry->columns[1], COLUMN_SIZE, "%u points", plan->point_count);
        mca_sweep_plan_deinit(plan);
    }
    free(plan);
    return status;
}

static enum mca_status describe_search(struct entry *entry, struct mca_error *error) {
    struct mca_sweep_metrics metrics;
    struct mca_search_plan *plan = malloc(sizeof *plan);
    if (!plan) {
        return mca_fail_memory(error, "search");
    }
    mca_search_metrics_take(&metrics);
    const enum mca_status status = mca_search_plan_load(plan, entry->path, &metrics, error);
    if (status == MCA_OK) {
        (void)snprintf(entry->columns[0], COLUMN_SIZE, "%.*s", COLUMN_SIZE - 1,
                       plan->sweep.base.report.name);
        (void)snprintf(entry->columns[1], COLUMN_SIZE, "%u chips", plan->config.setting_count);
        mca_search_plan_deinit(plan);
    }
    free(plan);
    return status;
}

static enum mca_status describe_library(struct entry *entry, struct mca_error *error) {
    struct mca_component_library library;
    MCA_TRY(mca_component_library_load(&library, entry->path, error));
    (void)snprintf(entry->columns[0], COLUMN_SIZE, "%g nm", library.node_nm);
    (void)snprintf(entry->columns[1], COLUMN_SIZE, "%g V", library.voltage_v);
    (void)snprintf(entry->about, sizeof entry->about, "%s", library.about);
    mca_component_library_deinit(&library);
    return MCA_OK;
}

static const struct kind {
    enum mca_shipped shipped;
    const char *key; /* in JSON */
    const char *title;
    const char *columns[2]; /* what they are, in JSON */
    describe_fn *describe;
} KINDS[] = {
    {MCA_SHIPPED_SCENARIO,
     "scenarios",
     "Scenarios: mcasim run NAME",
     {"network", "data"},
     describe_scenario},
    {MCA_SHIPPED_SWEEP,
     "sweeps",
     "Sweeps: mcasim sweep NAME -o DIR",
     {"scenario", "points"},
     describe_sweep},
    {MCA_SHIPPED_SEARCH,
     "searches",
     "Searches: mcasim optimise NAME -o DIR",
     {"scenario", "chips"},
     describe_search},
    {MCA_SHIPPED_LIBRARY,
     "libraries",
     "Component libraries: mcasim components NAME, --set cost.library=NAME",
     {"node", "supply"},
     describe_library},
};

enum { KIND_COUNT = sizeof KINDS / sizeof KINDS[0] };

/* The entries of a kind that a query finds. */
struct list {
    size_t count;
    struct entry *entries;
};

/* A file that cannot be loaded is told of in its line: the others are still of use. */
static void describe(const struct kind *kind, struct entry *entry) {
    struct mca_error error;
    enum mca_status status = cli_purpose_read(entry->path, entry->about, &error);
    if (status == MCA_OK) {
        status = kind->describe(entry, &error);
    }
    if (status != MCA_OK) {
        (void)snprintf(entry->about, sizeof entry->about, "(%.900s)", error.message);
    }
}

static int is_wanted(const struct entry *entry, const struct cli_query *query) {
    const char *const texts[] = {entry->name, entry->columns[0], entry->columns[1], entry->about,
                                 NULL};
    return cli_query_has_all(query, texts);
}

static enum mca_status fill(const struct kind *kind, const struct mca_names *names,
                            const struct cli_query *query, struct list *list,
                            struct mca_error *error) {
    list->entries = calloc(names->count + 1, sizeof *list->entries);
    if (!list->entries) {
        return mca_fail_memory(error, "names");
    }
    for (size_t i = 0; i < names->count; ++i) {
        struct entry *entry = &list->entries[list->count];
        *entry = (struct entry){.name = ""};
        (void)snprintf(entry->name, sizeof entry->name, "%.150s", names->names[i]);
        MCA_TRY(mca_shipped_path(kind->shipped, names->names[i], entry->path, sizeof entry->path,
                                 error));
        describe(kind, entry);
        list->count += (size_t)is_wanted(entry, query);
    }
    return MCA_OK;
}

static enum mca_status take(const struct kind *kind, const struct cli_query *query,
                            struct list *list, struct mca_error *error) {
    struct mca_names names;
    MCA_TRY(mca_shipped_names(kind->shipped, &names, error));
    const enum mca_status status = fill(kind, &names, query, list, error);
    mca_names_deinit(&names);
    return status;
}

static void print_list(const struct kind *kind, const struct list *list, int is_first) {
    enum { NARROW = 30 }; /* less is left for the text: it has the next line */
    const int width = cli_list_width();
    int widths[3] = {0, 0, 0};
    for (size_t i = 0; i < list->count; ++i) {
        const struct entry *e = &list->entries[i];
        const char *const texts[] = {e->name, e->columns[0], e->columns[1]};
        for (int c = 0; c < 3; ++c) {
            const int length = (int)strlen(texts[c]);
            widths[c] = length > widths[c] ? length : widths[c];
        }
    }
    (void)printf("%s%s\n", is_first ? "" : "\n", kind->title);
    for (size_t i = 0; i < list->count; ++i) {
        struct entry *e = &list->entries[i];
        const int column = printf("  %-*s  %-*s  %-*s  ", widths[0], e->name, widths[1],
                                  e->columns[0], widths[2], e->columns[1]);
        const int is_narrow = width - column < NARROW;
        cli_purpose_shorten(e->about);
        cli_put_cut(e->about, is_narrow ? printf("\n      ") - 1 : column, width);
    }
}

static void put_json(struct mca__json *json, const struct kind *kind, const struct list *list) {
    json_t *array = mca__json_array(json, json->root, kind->key);
    for (size_t i = 0; i < list->count; ++i) {
        const struct entry *e = &list->entries[i];
        json_t *o = mca__json_object(json, array, NULL);
        mca__json_text(json, o, "name", e->name);
        mca__json_text(json, o, kind->columns[0], e->columns[0]);
        mca__json_text(json, o, kind->columns[1], e->columns[1]);
        mca__json_text(json, o, "about", e->about);
        mca__json_text(json, o, "path", e->path);
    }
}

struct options {
    int json;
};

static enum mca_status nothing_found(const struct mca_arguments *given, struct mca_error *error) {
    struct mca_suggestions suggestions;
    char written[64];
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    cli_query_text(given->texts, given->count, written, sizeof written);
    mca_suggestions_init(&suggestions);
    for (size_t k = 0; k < KIND_COUNT; ++k) {
        struct mca_names names;
        MCA_TRY(mca_shipped_names(KINDS[k].shipped, &names, error));
        for (size_t i = 0; i < names.count; ++i) {
            mca_suggestions_offer(&suggestions, written, names.names[i]);
        }
        mca_names_deinit(&names);
    }
    return mca_usage_error(error, given->command, "nothing tells of '%.60s'%s", written,
                           mca_suggestions_text(&suggestions, "; did you mean ", "", text));
}

static enum mca_status print(const struct mca_arguments *given, const struct list *lists,
                             struct mca_error *error) {
    const struct options *options = given->options;
    struct mca__json json;
    size_t printed = 0;
    size_t found = 0;
    for (size_t k = 0; k < KIND_COUNT; ++k) {
        found += lists[k].count;
    }
    if (found == 0) {
        return nothing_found(given, error);
    }
    if (options->json) {
        mca__json_init(&json);
    }
    for (size_t k = 0; k < KIND_COUNT; ++k) {
        if (options->json) {
            put_json(&json, &KINDS[k], &lists[k]);
        } else if (lists[k].count > 0) {
            print_list(&KINDS[k], &lists[k], printed++ == 0);
        }
    }
    return options->json ? mca__json_print(&json, stdout, error) : MCA_OK;
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    struct list lists[KIND_COUNT] = {{0, NULL}};
    struct cli_query query;
    enum mca_status status = MCA_OK;
    cli_query_take(&query, given->texts, given->count);
    for (size_t k = 0; k < KIND_COUNT && status == MCA_OK; ++k) {
        status = take(&KINDS[k], &query, &lists[k], error);
    }
    if (status == MCA_OK) {
        status = print(given, lists, error);
    }
    for (size_t k = 0; k < KIND_COUNT; ++k) {
        free(lists[k].entries);
    }
    return status;
}

static const struct mca_option OPTIONS[] = {
    MCA_FLAG("json", 0, AT(json), "print them as JSON, with their paths"),
};

const struct mca_command cli_scenarios = {
    .name = "scenarios",
    .arguments = "[WORD]...",
    .summary = "scenarios, sweeps, searches and component libraries that have names",
    .about = "Lists what comes with the program: scenarios with network and data, sweeps with "
             "scenario and points, searches with scenario and chips, component libraries with node "
             "and supply, each with what it is for, from its file. WORDs keep those that tell of "
             "all of them. A name stands for the file wherever one of its kind is asked for, on "
             "the command line, in "
             "`base:` and in `scenario:` of sweeps; a file of that name in the place is taken "
             "before it.",
    .exit_status = "0 done; 2 wrong usage, or nothing has the words.",
    CLI_OPTIONS(OPTIONS, struct options),
    .most = SIZE_MAX,
    .run = run};
