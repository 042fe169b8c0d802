/* The anchors of `mcasim validate`, a file each by subject. */
#ifndef MCA_CLI_VALIDATE_VALIDATE_H
#define MCA_CLI_VALIDATE_VALIDATE_H

#include "base/observer.h"
#include "reports/tables/validation.h"

/* One constant of the published study: how far it moves the ratio, and what it would have to be. */
struct cli_study_constant {
    char name[64];
    double value;      /* as priced, J */
    double elasticity; /* d ln(ratio) / d ln(value) */
    double for_ratio;  /* value that alone would give the published ratio; NAN: none does */
};

enum { CLI_STUDY_CONSTANTS = 5 };

struct cli_study_note {
    double chip_j; /* dynamic, per image */
    double digital_j;
    double ratio;
    double ratio_low;
    double ratio_high;
    double visits;    /* weights that the digital design visits, per image */
    double chi_words; /* words of chi that the chip rewrites, per image */
    double updates_per_pulse;
    double word_j; /* what the chip's update costs a word */
    struct cli_study_constant constants[CLI_STUDY_CONSTANTS]; /* those that move the ratio most */
};

struct cli_validation {
    struct mca_validation table;
    const char *data; /* directory of the MNIST files, or NULL */
    uint32_t threads;
    int full; /* with training to the end */
    const struct mca_observer *observer;
    int has_study; /* the study was run: `study` is what it implies */
    struct cli_study_note study;
};

/* SET and RESET moments of the device model. */
enum mca_status cli_validate_device(struct cli_validation *validation, struct mca_error *error);

/* A matrix-vector product of measured silicon (scenarios/hermes-core.yaml), and the digital latency
 * of a 512 x 512 tile (scenarios/latency-512.yaml). */
enum mca_status cli_validate_silicon(struct cli_validation *validation, struct mca_error *error);

/* The published energy study: scenarios/frontiers2020.yaml. Not run where MNIST is not found. */
enum mca_status cli_validate_study(struct cli_validation *validation, struct mca_error *error);

/* Accuracies on MNIST, with `full` only. */
enum mca_status cli_validate_accuracy(struct cli_validation *validation, struct mca_error *error);

#endif
