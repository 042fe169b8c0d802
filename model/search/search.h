/*
 * Which points a search runs next: successive halving (Jamieson and Talwalkar, AISTATS 2016; Li et
 * al., "Hyperband", JMLR 18, 2018) over rungs of ever more images, then a refinement that runs what
 * is expected to improve most, weighed by the chance that it keeps to the constraints (Schonlau,
 * Welch and Jones, 1998). Settings are compared by Deb's rules (Comput. Methods Appl. Mech. Eng.
 * 186, 2000): those that keep to the constraints by their objectives, others by how much they miss.
 * Every decision is a pure function of the figures measured so far.
 */
#ifndef MCA_SEARCH_SEARCH_H
#define MCA_SEARCH_SEARCH_H

#include <stdint.h>

#include "base/status.h"

enum {
    MCA_SEARCH_AXES_MAX = 160,
    MCA_SEARCH_FIGURES_MAX = 8,
    MCA_SEARCH_RUNGS_MAX = 8,
    MCA_SEARCH_OBJECTIVES_MAX = 2
};

/* A figure that the search looks at. Costs are above 0; an accuracy is between 0 and 1. */
struct mca_search_figure {
    int is_accuracy;  /* more is better; of costs less is */
    int is_objective; /* to be minimised: a cost */
    int is_constrained;
    double bound; /* what an accuracy has at least, a cost at most */
};

struct mca_search_rung {
    uint32_t images; /* trained on in an epoch */
    uint64_t cost;   /* images that a point trains on and tests */
};

struct mca_search_config {
    uint32_t axis_count;
    uint32_t rows[MCA_SEARCH_AXES_MAX]; /* a setting is a row of every axis; the last one changes
                                           fastest in its number */
    uint32_t setting_count;             /* their product */
    uint32_t figure_count;
    struct mca_search_figure figures[MCA_SEARCH_FIGURES_MAX]; /* objectives first */
    uint32_t objective_count;
    uint32_t rung_count; /* the last one is a run in full */
    struct mca_search_rung rungs[MCA_SEARCH_RUNGS_MAX];
    uint32_t factor;    /* of the settings of a rung, one in so many goes on */
    uint32_t judged_on; /* images that an accuracy of the last rung is of */
    uint32_t seeds;     /* of a setting that is to win */
    uint64_t budget;    /* images */
};

/* What has been measured of a setting on a rung, over the seeds that were run. */
struct mca_search_mean {
    uint32_t seeds;
    double sums[MCA_SEARCH_FIGURES_MAX];
    double figures[MCA_SEARCH_FIGURES_MAX]; /* means; of no use where there are no seeds */
};

struct mca_search_point {
    uint32_t setting;
    uint32_t rung;
    uint32_t seed; /* 0 .. seeds - 1 */
};

enum mca_search_phase {
    MCA_SEARCH_FIRST,   /* the first rung */
    MCA_SEARCH_ANCHORS, /* two of it in full: what a run in full adds */
    MCA_SEARCH_HALVING, /* the rungs above */
    MCA_SEARCH_REFINE,
    MCA_SEARCH_OVER
};

/* Points that may be run side by side. */
struct mca_search_batch {
    enum mca_search_phase phase;
    uint32_t rung; /* of them all, but where they confirm */
    uint32_t count;
    struct mca_search_point *points; /* ascending in setting, rung, seed */
};

struct mca_search {
    struct mca_search_config config;
    struct mca_search_mean *means; /* [setting_count][rung_count] */
    uint8_t *is_out;               /* [setting_count]: failed, or the same as another one */
    enum mca_search_phase phase;
    uint32_t rung; /* next one of MCA_SEARCH_HALVING */
    uint64_t spent;
    uint32_t runs; /* points so far */
    struct mca_search_batch batch;
};

/* The fewest images that a search can do with: a first rung, and the two anchors and one more with
 * all seeds. */
uint64_t mca_search_least_budget(const struct mca_search_config *config);

/* MCA_FAILED for memory. Released with mca_search_deinit, also then. */
enum mca_status mca_search_init(struct mca_search *search, const struct mca_search_config *config,
                                struct mca_error *error);
void mca_search_deinit(struct mca_search *search);

/* A setting that is left out: the same as one before it. */
void mca_search_exclude(struct mca_search *search, uint32_t setting);

/*
 * The next points, in search->batch; its count is 0 when the search is over. All of the last batch
 * must have been told, by mca_search_tell or mca_search_exclude. Their cost never exceeds the
 * budget. MCA_FAILED for memory.
 */
enum mca_status mca_search_next(struct mca_search *search, struct mca_error *error);

/* What a point came to: figures[figure_count]. A point of which one is no number fails: its setting
 * is out. */
void mca_search_tell(struct mca_search *search, const struct mca_search_point *point,
                     const double *figures);

/* What was measured of a setting on a rung. */
const struct mca_search_mean *mca_search_mean_of(const struct mca_search *search, uint32_t setting,
                                                 uint32_t rung);
/* The rows of a setting: rows[axis_count]. */
void mca_search_rows(const struct mca_search_config *config, uint32_t setting, uint32_t *rows);

/* 1 where it was run in full with all seeds; and whether its means keep to the constraints. */
int mca_search_is_confirmed(const struct mca_search *search, uint32_t setting);
int mca_search_is_feasible(const struct mca_search *search, uint32_t setting);
/* By how much figures miss the constraints, 0 where they keep to them: the sum of the logarithms of
 * what costs are over their bounds and errors over those allowed. */
double mca_search_violation(const struct mca_search_config *config, const double *figures);

/* The confirmed setting that keeps to the constraints and has the least first objective (of two
 * objectives: the least product); of equals, the more accurate, then the lower number.
 * setting_count where there is none. */
uint32_t mca_search_best(const struct mca_search *search);

/* The logarithm by which a figure is judged, where less is better: of a cost, or of an accuracy's
 * error, which is at least half an image. */
double mca_search_log(const struct mca_search_config *config, uint32_t figure, double value);

#endif
