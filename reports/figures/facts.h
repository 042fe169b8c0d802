/* What several writers need to know about a run, and files that are checked when they are closed.
 */
#ifndef MCA_REPORTS_FIGURES_FACTS_H
#define MCA_REPORTS_FIGURES_FACTS_H

#include <stdio.h>

#include "reports/run/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Accuracies as fractions, NAN where never measured. */
struct mca__accuracy {
    double test_final; /* of the last epoch */
    double test_best;
    uint32_t test_best_epoch; /* first that reached it; 0 where never measured */
    double train_final;
    double validation_final;
};

struct mca__accuracy mca__accuracy_of(const struct mca_train_result *result);

/* Test accuracies whose first reaching is reported. */
enum { MCA__MILESTONE_COUNT = 4 };
extern const double mca__milestones[MCA__MILESTONE_COUNT];

/* First epoch whose test accuracy reached `accuracy`, or NULL. */
const struct mca_epoch_record *mca__milestone(const struct mca_train_result *result,
                                              double accuracy);

/* Training energy up to the end of an epoch. */
double mca__epoch_energy_j(const struct mca_run_report *report,
                           const struct mca_epoch_record *record);

/* 1 where the run's devices are continuous: they have no pulses and no largest conductance. */
int mca__is_continuous(const struct mca_run_report *report);

/* a / b, NAN where b is 0. */
double mca__ratio(double a, double b);

/* A file being written in a directory; errors are kept for the end. */
struct mca__out_file {
    FILE *file;
    char path[4352];
};

/* Creates dir/name. */
enum mca_status mca__out_open(struct mca__out_file *out, const char *dir, const char *name,
                              struct mca_error *error);

/* Closes it: MCA_SYSTEM when any write failed. */
enum mca_status mca__out_close(struct mca__out_file *out, struct mca_error *error);

#ifdef __cplusplus
}
#endif

#endif
