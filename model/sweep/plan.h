/*
 * A sweep: many points of one scenario. A sweep file names the scenario, what is the same in all
 * points, and axes: every axis has rows, a row gives values to some keys, and the points are the
 * product of all axes. Keys and values are those of the scenario key table.
 */
#ifndef MCA_SWEEP_PLAN_H
#define MCA_SWEEP_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "scenario/layer_keys.h"
#include "scenario/origin.h"
#include "scenario/scenario.h"

enum { MCA_SWEEP_POINTS_MAX = 100000, MCA_SWEEP_AXES_MAX = MCA_KEY_MAX + 8 };

/* In a row: the key stays as the scenario has it. */
#define MCA_SWEEP_UNSET UINT32_MAX

struct mca_sweep_value {
    const struct mca_key *key;
    uint32_t line; /* of the sweep file */
    char *text;    /* texts as the file has them, other values as the resolved scenario, in YAML */
    void *bytes;   /* of the scenario's field: key->size */
};

struct mca_sweep_axis {
    const char *section; /* "grid", "list", "zip", "random", "latin_hypercube" or "seeds" */
    uint32_t line;
    uint32_t rows;
    uint32_t key_count;
    uint32_t *slots; /* [key_count], positions in the plan's keys */
    uint32_t *cells; /* [rows][key_count], positions in the plan's values, or MCA_SWEEP_UNSET */
};

/* A number of a run's summary.json that sweeps compare. */
struct mca_sweep_metric {
    const char *key;       /* there, "energy_j.per_image" */
    char column[64];       /* in the sweep's tables */
    const char *objective; /* its name in `pareto`, NULL where it cannot stand there */
    int better;            /* 1: more is better, -1: less is, 0: neither */
};

enum { MCA_SWEEP_METRICS_MAX = 32, MCA_SWEEP_PAIRS_MAX = 6 };

/* A key of a sweep file. */
struct mca_sweep_section {
    const char *name;
    const char *meaning;
};

/* The name of the last one is NULL. */
/* Those of every file that names points. */
#define MCA_SWEEP_POINT_SECTIONS                                                                   \
    {"scenario", "the scenario of all points: a path, relative to this file"},                     \
        {"weights", "that all points begin with: an .npz, a directory of .npy files, or a run's "  \
                    "weights/"},                                                                   \
        {"set", "keys that are the same in all points, written in full: chi.bits: 12"},            \
        {"grid", "lists of values, each key an axis of its own"},                                  \
        {"list", "points one by one; what a point leaves out stays as the scenario has it"},       \
        {"zip", "lists of values, all keys together one axis"},                                    \
        {"random", "an axis of points drawn at random"}, {                                         \
        "latin_hypercube", "an axis of points drawn so that each key is covered evenly"            \
    }

extern const struct mca_sweep_section mca_sweep_sections[];

/* What is compared is the caller's to say (reports/sweep); the first one is the accuracy that is
 * shown while a sweep runs. */
struct mca_sweep_metrics {
    uint32_t count;
    struct mca_sweep_metric list[MCA_SWEEP_METRICS_MAX];
};

struct mca_sweep_plan {
    char *path;       /* of the sweep file */
    const char *copy; /* its name in the sweep's directory */
    char *text;       /* its bytes */
    size_t text_size;
    struct mca_scenario base;           /* with `set` applied */
    char weights[MCA_SOURCE_NAME_SIZE]; /* of all points; empty: they train from their own */
    uint64_t weights_hash;
    struct mca_scenario_origins origins;
    uint32_t source; /* the sweep file among the origins */
    const struct mca_key *keys[MCA_KEY_MAX];
    uint32_t key_lines[MCA_KEY_MAX];
    struct mca_found_key *layer_keys[MCA_KEY_MAX]; /* those of `keys` that are a layer's */
    uint32_t key_count; /* swept keys, `seed` among them where it is swept */
    struct mca_sweep_value *values;
    uint32_t value_count;
    uint32_t value_room;
    struct mca_sweep_axis axes[MCA_SWEEP_AXES_MAX]; /* the last one changes fastest */
    uint32_t axis_count;
    uint32_t point_count;
    struct mca_sweep_metrics metrics;
    uint32_t pairs[MCA_SWEEP_PAIRS_MAX][2]; /* metrics whose Pareto fronts are wanted */
    uint32_t pair_count;
};

/*
 * Loads a sweep file and its scenario. Every value is checked against its key; combinations of
 * values are not (mca_sweep_plan_scenario). On success the plan is released with
 * mca_sweep_plan_deinit. Errors name file, line, key, the value found and what is allowed:
 * MCA_INVALID for content and for more points than MCA_SWEEP_POINTS_MAX, MCA_SYSTEM for files that
 * cannot be read, MCA_FAILED for memory.
 */
enum mca_status mca_sweep_plan_load(struct mca_sweep_plan *plan, const char *path,
                                    const struct mca_sweep_metrics *metrics,
                                    struct mca_error *error);
void mca_sweep_plan_deinit(struct mca_sweep_plan *plan);

/* The values of a point, cells[key_count]: positions in the plan's values or MCA_SWEEP_UNSET. */
void mca_sweep_plan_cells(const struct mca_sweep_plan *plan, uint32_t point, uint32_t *cells);

/* The scenario of a point, with origins, its combination checked by mca_scenario_check. */
enum mca_status mca_sweep_plan_scenario(const struct mca_sweep_plan *plan, uint32_t point,
                                        struct mca_scenario *scenario,
                                        struct mca_scenario_origins *origins,
                                        struct mca_error *error);

/* The text of a key's value in a point; `unset` (of size MCA_VALUE_TEXT_SIZE) holds it where the
 * point leaves the key as the scenario has it. */
const char *mca_sweep_plan_text(const struct mca_sweep_plan *plan, uint32_t slot, uint32_t cell,
                                char *unset, size_t size);

#endif
