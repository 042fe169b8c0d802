/* What settings are expected to come to in a run in full, and their order. Only for model/search.
 */
#ifndef MCA_SEARCH_RANKING_H
#define MCA_SEARCH_RANKING_H

#include "search/additive.h"
#include "search/search.h"

struct mca__ranking {
    const struct mca_search *search;
    struct mca__additive models[MCA_SEARCH_FIGURES_MAX];
    uint32_t *rows;    /* [setting_count][axis_count] */
    double *expected;  /* [setting_count][figure_count]: logarithms of costs and of errors */
    uint32_t accuracy; /* the figure that is one; figure_count where none is */
    double spread;     /* standard deviation of an expected error's logarithm */
    double off;        /* of an objective's in full, expected from a run of fewer images */
};

/* MCA_FAILED for memory; released with mca__ranking_deinit, also then. */
enum mca_status mca__ranking_init(struct mca__ranking *ranking, const struct mca_search *search,
                                  struct mca_error *error);
void mca__ranking_deinit(struct mca__ranking *ranking);

/* Of a setting, as it is expected: by how much costs miss their bounds; the chance that its
 * accuracy does not. */
double mca__ranking_excess(const struct mca__ranking *ranking, uint32_t setting);
double mca__ranking_chance(const struct mca__ranking *ranking, uint32_t setting);

/* How much worse the objectives would have to become, in logarithms, for a confirmed setting that
 * keeps to the constraints to be as good in all of them; 1 where there is none yet. */
double mca__ranking_gain(const struct mca__ranking *ranking, uint32_t setting);

/* The mean of that gain where it is one, for a setting that was not run in full: what is expected
 * of it may be off either way (expected improvement; Jones, Schonlau and Welch, J. Global Optim.
 * 13, 1998). */
double mca__ranking_expected_gain(const struct mca__ranking *ranking, uint32_t setting);

/*
 * The `wanted` settings of settings[count] that go on, first in the array afterwards: in turns the
 * next one of the front of objectives and accuracy (Deb et al., IEEE Trans. Evol. Comput. 6, 2002:
 * the best chip under any bound of accuracy is on it), and the next one by Deb's rules, judged as
 * it is expected in a run in full. MCA_FAILED for memory.
 */
enum mca_status mca__ranking_choose(const struct mca__ranking *ranking, uint32_t *settings,
                                    uint32_t count, uint32_t wanted, struct mca_error *error);

#endif
