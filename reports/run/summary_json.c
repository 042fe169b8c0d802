/* summary.json: all results of a run, by the table of results. Its keys are a stable contract. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/version.h"
#include "reports/figures/result_figures.h"
#include "reports/run/report.h"
#include "run/sums.h"

static void put_identity(struct mca__json *j, const struct mca_priced_run *report) {
    mca__json_count(j, j->root, "schema_version", MCA_SUMMARY_SCHEMA);
    json_t *tool = mca__json_object(j, j->root, "tool");
    mca__json_text(j, tool, "name", "mcasim");
    mca__json_text(j, tool, "version", MCA_VERSION);
    mca__json_text(j, tool, "commit", mca_commit());
    json_t *scenario = mca__json_object(j, j->root, "scenario");
    mca__json_text(j, scenario, "name", report->name);
    mca__json_hash(j, scenario, "hash", report->scenario_hash);
    mca__json_count(j, j->root, "seed", report->scenario->chip.seed);
    json_t *dataset = mca__json_object(j, j->root, "dataset");
    mca__json_text(j, dataset, "name", report->dataset.name);
    mca__json_count(j, dataset, "train", report->dataset.train);
    mca__json_count(j, dataset, "test", report->dataset.test);
    mca__json_hash(j, dataset, "hash", report->dataset.hash);
}

static void put_advice(struct mca__json *j, const struct mca_advice_list *advice) {
    json_t *list = mca__json_array(j, j->root, "advice");
    for (uint32_t i = 0; advice && i < advice->count; ++i) {
        const struct mca_advice *line = &advice->lines[i];
        json_t *o = mca__json_object(j, list, NULL);
        mca__json_text(j, o, "rule", line->rule);
        mca__json_text(j, o, "key", line->key);
        mca__json_number(j, o, "value", line->value);
        mca__json_number(j, o, "threshold", line->threshold);
        mca__json_text(j, o, "text", line->text);
    }
}

/* The member of an object, or the element of a list that comes next or is there already; made where
 * there is none. */
static json_t *branch_at(struct mca__json *j, json_t *parent, const char *name) {
    if (json_is_array(parent)) {
        json_t *element = json_array_get(parent, strtoul(name, NULL, 10));
        return element ? element : mca__json_object(j, parent, NULL);
    }
    json_t *inside = json_object_get(parent, name);
    return inside                        ? inside
           : strcmp(name, "layers") == 0 ? mca__json_array(j, parent, name)
                                         : mca__json_object(j, parent, name);
}

/* Makes the objects on the way to a path; returns the last one, and its member's name. */
static json_t *object_of(struct mca__json *j, char path[MCA_RESULT_KEY_SIZE], const char **name) {
    json_t *object = j->root;
    char *rest = path;
    for (char *slash; (slash = strchr(rest, '/')) != NULL; rest = slash + 1) {
        *slash = '\0';
        object = branch_at(j, object, rest);
    }
    *name = rest;
    return object;
}

static void put_figure(void *user, const struct mca_result_place *place) {
    struct mca__json *j = user;
    const struct mca_result_figure *figure = place->figure;
    char path[MCA_RESULT_KEY_SIZE];
    char room[MCA__VERDICT_SIZE];
    const char *name;
    mca_result_path(place, path);
    if (!place->is_there) { /* null in the place of all of its figures */
        *strrchr(path, '/') = '\0';
    }
    json_t *object = object_of(j, path, &name);
    const double value = place->is_there && !figure->text ? mca_result_value(place) : (double)NAN;
    if (place->is_there && figure->text) {
        mca__json_text(j, object, name, figure->text(place, room));
    } else if (figure->kind == MCA_RESULT_COUNT && isfinite(value)) {
        mca__json_count(j, object, name, (uint64_t)value);
    } else {
        mca__json_number(j, object, name, value);
    }
}

enum mca_status mca_report_write_summary(const struct mca_priced_run *report, const char *dir,
                                         struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    put_identity(&json, report);
    mca__put_layer_numbers(&json, report->scenario);
    put_advice(&json, report->advice);
    mca_result_walk(report, put_figure, &json);
    return mca_run_summary_write(&json, dir, error);
}
