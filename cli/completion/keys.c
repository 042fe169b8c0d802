/* Keys as candidates: of scenarios with their values, of a run's results. */
#include <stdlib.h>
#include <string.h>

#include "base/shipped.h"
#include "cli/completion/line.h"
#include "cost/component_library.h"
#include "reports/explain/explain.h"
#include "run/finished_run.h"
#include "scenario/key_value.h"
#include "scenario/layer_keys.h"
#include "scenario/load.h"

void cli__put_keys(const struct cli__line *line) {
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    for (size_t i = 0; i < count; ++i) {
        cli__put(line, keys[i].name, "", keys[i].meaning);
    }
}

/* The scenario that the command line names, or that of the run; NULL where there is none. */
static struct mca_scenario *load(const struct cli__line *line) {
    struct mca_scenario *scenario = malloc(sizeof *scenario);
    struct mca_error ignored;
    char path[MCA_PATH_SIZE];
    char resolved[MCA_PATH_SIZE + 32];
    if (scenario && line->first &&
        mca_shipped_or_path(MCA_SHIPPED_SCENARIO, line->first, NULL, path, sizeof path)) {
        (void)snprintf(resolved, sizeof resolved, "%s/scenario.yaml", path);
        if (mca_scenario_load(scenario, NULL, path, &ignored) == MCA_OK ||
            mca_scenario_load(scenario, NULL, resolved, &ignored) == MCA_OK) {
            return scenario;
        }
    }
    free(scenario);
    return NULL;
}

/* The keys of the scenario's own layers. */
static void put_layer_keys(const struct cli__line *line) {
    struct mca_scenario *scenario = load(line);
    const struct mca_network_config *network = scenario ? &scenario->chip.network : NULL;
    for (uint32_t n = 0; network && !network->is_widths && n < network->layer_count; ++n) {
        const struct mca_layer_kind *kind = mca_layer_kind_of(network->layers[n].type);
        for (size_t i = 0; i < mca_layer_key_count(kind); ++i) {
            const struct mca_key *key = mca_layer_key_at(kind, i);
            char name[2 * MCA_KEY_NAME_SIZE];
            (void)snprintf(name, sizeof name, "network.layers.%u.%s", n, key->name);
            cli__put(line, name, "=", key->meaning);
        }
    }
    free(scenario);
}

static int is_choice(const struct mca_key *key, const char *text) {
    int found = key->word && strcmp(key->word, text) == 0;
    for (size_t i = 0; key->choices && key->choices[i]; ++i) {
        found = found || strcmp(key->choices[i], text) == 0;
    }
    return found;
}

static void put_values(const struct cli__line *line, const struct mca_key *key) {
    const char *standard = key->default_text;
    char allowed[256];
    char meaning[320];
    for (size_t i = 0; key->choices && key->choices[i]; ++i) {
        const int is_standard = standard && strcmp(key->choices[i], standard) == 0;
        cli__put(line, key->choices[i], "", is_standard ? "default" : "");
    }
    if (key->word) {
        cli__put(line, key->word, "", standard && is_choice(key, standard) ? "default" : "");
    }
    if (key->type == MCA_KEY_PATH) {
        cli__put_files(line);
    } else if (key->type == MCA_KEY_LIBRARY) {
        cli__put_libraries(line);
    } else if (standard && !mca_key_is_text(key) && !is_choice(key, standard)) {
        mca_key_allowed(key, allowed, sizeof allowed);
        (void)snprintf(meaning, sizeof meaning, "default; %s%s%s", allowed, key->unit[0] ? " " : "",
                       key->unit);
        cli__put(line, standard, "", meaning);
    }
}

/* The values of a layer's key; its default may be the value of another key, which is no value. */
static void put_layer_values(const struct cli__line *line, const char *name) {
    struct mca_scenario *scenario = load(line);
    struct mca_found_key found;
    struct mca_error ignored;
    if (scenario &&
        mca_layer_key_found(&found, &scenario->chip.network, name, &ignored) == MCA_OK) {
        const unsigned long layer = strtoul(name + strlen("network.layers."), NULL, 10);
        const struct mca_layer_kind *kind =
            mca_layer_kind_of(scenario->chip.network.layers[layer].type);
        const struct mca_key *key = mca_layer_key_find(kind, strrchr(name, '.') + 1);
        const char *standard = mca_layer_key_default(kind, key);
        const int is_key = standard && mca_layer_key_find(kind, standard) != NULL;
        found.own.default_text = is_key ? NULL : standard;
        put_values(line, &found.own);
    }
    free(scenario);
}

void cli__put_assignments(const struct cli__line *line) {
    const char *equals = strchr(line->part, '=');
    char name[MCA_KEY_NAME_SIZE];
    size_t count;
    const struct mca_key *keys = mca_keys(&count);
    if (!equals) {
        for (size_t i = 0; i < count; ++i) {
            cli__put(line, keys[i].name, "=", keys[i].meaning);
        }
        put_layer_keys(line);
        return;
    }
    const struct cli__line value = cli__line_from(line, (size_t)(equals - line->part) + 1);
    (void)snprintf(name, sizeof name, "%.*s", (int)(equals - line->part), line->part);
    const struct mca_key *key = mca_key_find(name);
    if (key) {
        put_values(&value, key);
    } else if (mca_key_is_of_layer(name)) {
        put_layer_values(&value, name);
    }
}

static void put_result(void *user, const struct mca_explanation *x) {
    char value[64];
    (void)snprintf(value, sizeof value, "%.4g %s", x->value, x->unit);
    cli__put(user, x->key, "", x->text ? x->text : value);
}

static enum mca_status put_results(const void *user, struct mca_finished_run *run,
                                   struct mca_error *error) {
    struct cli__line line = *(const struct cli__line *)user;
    struct mca_component_library library;
    MCA_TRY(mca_finished_run_library(run, &library, error));
    const struct mca_priced_run report = mca_finished_run_priced(run, &library);
    mca_explain_all(&report, put_result, &line);
    mca_component_library_deinit(&library);
    return MCA_OK;
}

void cli__put_results(const struct cli__line *line) {
    struct mca_error ignored;
    (void)mca_with_finished_run(line->first, 1, put_results, line, &ignored);
}
