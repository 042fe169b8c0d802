/* The settings of a sweep with their statistics, as its writers share them. */
#ifndef MCA_REPORTS_SWEEP_SETTINGS_H
#define MCA_REPORTS_SWEEP_SETTINGS_H

#include "reports/figures/result_figures.h"
#include "reports/figures/statistics.h"
#include "reports/sweep/results.h"

struct mca__sweep_setting {
    uint32_t plan_index; /* of its first point */
    uint32_t points;
    uint32_t failed;
    struct mca_sample_statistics *metrics; /* of each metric of the plan */
};

struct mca__sweep_settings {
    const struct mca_sweep_results *results;
    struct mca__sweep_setting *list;       /* [results->setting_count] */
    struct mca_sample_statistics *metrics; /* of all settings */
    uint32_t *front;                       /* room for the members of a front */
    const char *dir;                       /* of the sweep, for what its points' runs hold */
};

/* MCA_FAILED for memory. Released with mca__sweep_settings_deinit, also after a failure. */
enum mca_status mca__sweep_settings_init(struct mca__sweep_settings *settings,
                                         const struct mca_sweep_results *results,
                                         struct mca_error *error);
void mca__sweep_settings_deinit(struct mca__sweep_settings *settings);

/* Fills settings->front with the settings on the front of pair `pair`, the best in its first
 * objective first. */
enum mca_status mca__sweep_front(struct mca__sweep_settings *settings, uint32_t pair,
                                 uint32_t *count, struct mca_error *error);

/*
 * Marks the settings whose metric cannot be told from that of setting `best`: the 95 % interval of
 * their differences from it, seed by seed, reaches 0. Returns how many there are, `best` among them,
 * and the fewest seeds that this rests on; 0 below three seeds, or without memory for them.
 */
uint32_t mca__sweep_find_alike(const struct mca__sweep_settings *settings, uint32_t metric,
                               uint32_t best, unsigned char *is_alike, uint32_t *seeds);

/* The text of a swept key's value in a point of the plan; `room` has MCA_VALUE_TEXT_SIZE bytes. */
const char *mca__sweep_value_text(const struct mca_sweep_results *results, uint32_t plan_index,
                                  uint32_t slot, char *room);

/* 1 for the swept key `seed`, which has a column of its own. */
int mca__sweep_is_seed(const struct mca_sweep_plan *plan, uint32_t slot);

enum mca_status mca__sweep_put_json(FILE *out, struct mca__sweep_settings *settings,
                                    struct mca_error *error);
enum mca_status mca__sweep_write_html(struct mca__sweep_settings *settings, const char *path,
                                      struct mca_error *error);

/* The line of a metric in the table. */
const struct mca_result_figure *mca__sweep_figure(const struct mca_sweep_metric *metric);

/* What a page needs to show them: a list "figures". */
void mca__sweep_put_figures(struct mca__json *json);

#endif
