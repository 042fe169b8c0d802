/* What several writers need to know about a run. */
#ifndef MCA_REPORTS_FIGURES_FACTS_H
#define MCA_REPORTS_FIGURES_FACTS_H

#include "base/json_writer.h"
#include "reports/figures/statistics.h"
#include "reports/formats/terminal_text.h"
#include "run/priced_run.h"

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
extern const char *const mca__milestone_names[MCA__MILESTONE_COUNT]; /* "0.90" */

/* A class in the last test. */
struct mca__class_figures {
    uint64_t images;
    uint64_t right;
    double recall;             /* of its images, those taken for it; NAN where there were none */
    double precision;          /* of the images taken for it, those of it; NAN likewise */
    const uint32_t *taken_for; /* [outputs] */
    uint32_t worst;            /* the other class that it was taken for most often */
};

/* Of class `index` below the network's outputs. */
struct mca__class_figures mca__class_figures(const struct mca_priced_run *report, uint32_t index);

/* The tests at age number `index` below result->age_count, over their seeds. */
struct mca_sample_statistics mca__aged(const struct mca_train_result *result, uint32_t index);

/* "30 d": in the largest of seconds, minutes, hours, days and years of 365 days of which it is a
 * whole number; "1.5 s". */
struct mca__text mca__age(double age_s);

/* First epoch whose test accuracy reached `accuracy`, or NULL. */
const struct mca_epoch_record *mca__milestone(const struct mca_train_result *result,
                                              double accuracy);

/* Training energy up to the end of an epoch. */
double mca__epoch_energy_j(const struct mca_priced_run *report,
                           const struct mca_epoch_record *record);

/* What is told of each epoch beside its number, in epochs.csv and on the page. */
struct mca__epoch_column {
    const char *name; /* in files */
    const char *title;
    const char *kind; /* "count"; of numbers "number", "fraction" or "si" */
    const char *unit;
    size_t offset; /* in struct mca_epoch_record: of a uint64_t or a double ... */
    double (*value)(const struct mca_priced_run *, const struct mca_epoch_record *); /* ... or */
};

/* The columns; the last one's name is NULL. */
extern const struct mca__epoch_column mca__epoch_columns[];

int mca__is_counted(const struct mca__epoch_column *column);
double mca__epoch_value(const struct mca__epoch_column *column, const struct mca_priced_run *report,
                        const struct mca_epoch_record *record);

/* 1 where the run's devices are continuous: they have no pulses and no largest conductance. */
int mca__is_continuous(const struct mca_priced_run *report);

/* a / b, NAN where b is 0. */
double mca__ratio(double a, double b);

/* The chip against the digital designs beside it, in figures and in words (verdict.c). */
enum { MCA__VERDICT_SIZE = 640 };

/* The design of the least total energy, which the chip has to beat; NULL where none has a ratio. */
const struct mca_baseline_report *mca__strongest_design(const struct mca_priced_run *report);

/* Who needs less energy in total, the chip or the strongest digital design, and how much more the
 * other one needs, with its range: "the 8-bit digital design needs less energy than the chip, which
 * needs 2.13 times as much (1.2 to 4.35), or that they cannot be told apart where the range holds
 * 1; of dynamic energy alone the chip needs 5.76 times as much". Of the winner is said where it is
 * slower or larger; of a digital loser, whether one as large as the chip would need less than it.
 * "" where nothing can be compared. */
void mca__verdict_text(const struct mca_priced_run *report, char text[MCA__VERDICT_SIZE]);

/* Resources that are busiest: within a point of the one whose units work longest. One that works
 * most of the time binds; otherwise phases wait for each other, and their order does. */
int mca__is_busiest(const struct mca_pricing *pricing, enum mca_resource resource);
int mca__has_binding_resource(const struct mca_pricing *pricing);
/* "The order of the phases binds, since they wait for each other: the busiest resource, dpu, works
 * 62 % of the time." "" where no time passed. */
void mca__binding_text(const struct mca_pricing *pricing, char text[MCA__VERDICT_SIZE]);

/* The group of units of a resource that works longest: those of a layer, where each has its own.
 * NULL: they are the chip's. */
const struct mca_layer_price *mca__busiest_group(const struct mca_priced_run *report,
                                                 enum mca_resource resource);

/* What the actions of a resource's units take, over the time in which each of them works: of those
 * of layer `index`, or of the chip's where the layers share them (index 0; there are no others).
 * Converters that take no time of their own work while the array is read, what else takes none all
 * the time. */
uint32_t mca__unit_groups(const struct mca_priced_run *report, enum mca_resource resource);
double mca__unit_power_w(const struct mca_priced_run *report, enum mca_resource resource,
                         uint32_t index);
/* Of all groups. */
double mca__at_work_w(const struct mca_priced_run *report, enum mca_resource resource);

/* What the run takes less what a resource's components and blocks take of it. */
double mca__energy_without_j(const struct mca_priced_run *report, enum mca_resource resource);
double mca__area_without_mm2(const struct mca_priced_run *report, enum mca_resource resource);

/* 1 for what reads: arrays and their converters. */
int mca__is_of_arrays(enum mca_block block);

/* What a drawing of the chip shows, as `floor_plan` of a page's data: each block that is built for
 * a layer, or for all (`entry` after the last layer): instances, area, energy of training with what
 * acts in it, and how busy the resource is whose work it does. */
void mca__floor_plan_put(struct mca__json *json, const struct mca_priced_run *run);

/* Devices that hold weights, two each; weights of digital layers lie in memory. */
double mca__devices_used(const struct mca_inventory *inventory);

#endif
