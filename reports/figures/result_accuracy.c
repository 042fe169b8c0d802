/* Accuracy: what the chip learned, when it first reached a milestone, what is left at an age. */
#include <math.h>

#include "reports/figures/facts.h"
#include "reports/figures/result_lines.h"

static double best_epoch(const struct mca_result_place *place) {
    const uint32_t epoch = mca__accuracy_of(place->subject.run->result).test_best_epoch;
    return epoch > 0 ? epoch : (double)NAN;
}

static double epochs(const struct mca_result_place *place) {
    const struct mca_train_result *result = place->subject.run->result;
    return mca_is_test_alone(result) ? 0.0 : (double)result->epoch_count;
}

static double age_s(const struct mca_result_place *place) {
    return place->subject.run->result->ages_s[place->item];
}

static double aged_mean(const struct mca_result_place *place) {
    return mca__aged(place->subject.run->result, place->item).mean;
}

static double oldest(const struct mca_result_place *place) {
    const struct mca_train_result *result = place->subject.run->result;
    return result->age_count > 0 ? mca__aged(result, result->age_count - 1).mean : (double)NAN;
}

static double aged_low(const struct mca_result_place *place) {
    return mca__aged(place->subject.run->result, place->item).low;
}

static double aged_high(const struct mca_result_place *place) {
    return mca__aged(place->subject.run->result, place->item).high;
}

static const struct mca_epoch_record *milestone(const struct mca_result_place *place) {
    return mca__milestone(place->subject.run->result, mca__milestones[place->item]);
}

static double milestone_images(const struct mca_result_place *place) {
    return (double)milestone(place)->images;
}

static double milestone_j(const struct mca_result_place *place) {
    return mca__epoch_energy_j(place->subject.run, milestone(place));
}

static double milestone_s(const struct mca_result_place *place) {
    return (double)milestone(place)->time_ps / 1e12;
}

const struct mca_result_figure mca__accuracy_figures[] = {
    FIGURE("accuracy.test_final", FRACTION, "", MORE, "test accuracy, last epoch",
           "fraction of the test images that the chip classifies right after the last epoch, read "
           "through the same converters and noise as in training; the test set decides nothing",
           .digits = 2, .number = ACCURACY(test_final), .compare = {1, "test accuracy, last"},
           .sweep = {1, NULL}, .objective = "accuracy", .heading = "accuracy",
           .short_title = "accuracy"),
    FIGURE("accuracy.test_best", FRACTION, "", MORE, "test accuracy, best epoch",
           "the largest of the epochs' test accuracies: chosen after the test, so that it flatters",
           .digits = 2, .number = ACCURACY(test_best), .compare = {1, "test accuracy, best"},
           .sweep = {1, NULL}, .short_title = "best accuracy"),
    FIGURE("accuracy.test_best_epoch", COUNT, "", NEITHER, "best epoch",
           "the first epoch after which the test accuracy was the largest", .unlisted = MCA_OF_CHIP,
           .number = TERM("epoch"), .value = best_epoch),
    FIGURE("accuracy.test_oldest", FRACTION, "", MORE, "test accuracy, greatest age",
           "mean over the tests of the finished chip at the greatest of ageing.ages_s", .digits = 2,
           .number = TERM("mean_of_tests"), .value = oldest, .sweep = {1, NULL},
           .short_title = "aged accuracy"),
    FIGURE("accuracy.train_final", FRACTION, "", MORE, "training accuracy, last epoch",
           "fraction of the last epoch's training images that were classified right as they were "
           "trained on, before their update",
           .digits = 2, .number = ACCURACY(train_final)),
    FIGURE("accuracy.validation_final", FRACTION, "", MORE, "validation accuracy, last epoch",
           "fraction of the training images held out (train.validation_images) that the chip "
           "classifies right after the last epoch",
           .digits = 2, .number = ACCURACY(validation_final)),
    FIGURE("images", COUNT, "images", NEITHER, "images trained",
           "images trained on, those of all epochs", .unlisted = MCA_OF_CHIP, .number = IMAGES,
           .compare = {2, NULL}),
    FIGURE("epochs", COUNT, "", NEITHER, "epochs", "epochs trained", .unlisted = MCA_OF_CHIP,
           .number = TERM("epochs"), .value = epochs),
    {.key = NULL},
};

const struct mca_result_figure mca__milestone_figures[] = {
    FIGURE("milestones.*.images", COUNT, "images", NEITHER, "images",
           "images trained on when the accuracy was first reached", .unlisted = MCA_OF_CHIP,
           .family = MCA_RESULT_MILESTONES, .number = TERM("images"), .value = milestone_images),
    FIGURE("milestones.*.energy_j", SI, "J", LESS, "energy",
           "dynamic and static energy of the training phases to the end of the epoch",
           .family = MCA_RESULT_MILESTONES, .value = milestone_j, .source = MCA_FROM_EPOCH_ENERGY,
           .compare = {11, "*: energy"}),
    FIGURE("milestones.*.time_s", SI, "s", LESS, "time", PATH, .family = MCA_RESULT_MILESTONES,
           .value = milestone_s, .source = MCA_FROM_TIME, .compare = {11, "*: time"}),
    FIGURE("ageing.*.age_s", SI, "s", NEITHER, "age", "seconds between the run's end and the tests",
           .unlisted = MCA_OF_CHIP, .family = MCA_RESULT_AGES, .number = TERM("age"),
           .value = age_s, .compare = {14, "age *"}),
    FIGURE("ageing.*.accuracy", FRACTION, "", MORE, "test accuracy at an age",
           "mean over the seeds of the tests of the share of test images that are classified right",
           .digits = 2, .family = MCA_RESULT_AGES, .value = aged_mean,
           .source = MCA_FROM_AGED_TESTS, .compare = {14, "  accuracy at age *"}),
    FIGURE("ageing.*.low", FRACTION, "", NEITHER, "test accuracy at an age, low",
           "end of the 95 % interval of that mean, Student's t; none of a single seed", .digits = 2,
           .unlisted = MCA_OF_CHIP, .family = MCA_RESULT_AGES, .number = TERM("interval"),
           .value = aged_low, .bound = MCA_RESULT_LOW),
    FIGURE("ageing.*.high", FRACTION, "", NEITHER, "test accuracy at an age, high",
           "end of the 95 % interval of that mean, Student's t; none of a single seed", .digits = 2,
           .unlisted = MCA_OF_CHIP, .family = MCA_RESULT_AGES, .number = TERM("interval"),
           .value = aged_high, .bound = MCA_RESULT_HIGH),
    {.key = NULL},
};
