/*
 * The trainer: runs the network's training on the chip, epoch by epoch, and tests it.
 */
#ifndef MCA_TRAIN_TRAINER_H
#define MCA_TRAIN_TRAINER_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "base/observer.h"
#include "base/status.h"
#include "chip/chip.h"
#include "chip/ledger.h"
#include "train/dataset.h"
#include "train/train_config.h"

MCA_C_BEGIN

/* State of the run at the end of an epoch. Cumulative unless it says otherwise. */
struct mca_epoch_record {
    uint32_t epoch;             /* from 1; 0: of a test alone */
    double learning_rate;       /* of this epoch */
    double train_accuracy;      /* of this epoch's images, as they were trained on */
    double train_loss;          /* mean per image of this epoch */
    double validation_accuracy; /* NAN where not measured */
    double test_accuracy;       /* NAN where not measured */
    uint64_t images;
    uint64_t set_pulses; /* training phases */
    uint64_t reset_pulses;
    uint64_t refreshed_pairs;
    uint64_t time_ps; /* of the chip, training phases */
    struct mca_ledger ledger;
};

/* What of a run belongs to a layer, or to none. All but the wear of its devices add up to what
 * belongs to the whole. */
struct mca_layer_result {
    struct mca_ledger_part part; /* of the ledger */
    struct mca_inventory inventory;
    uint64_t devices_at_gmax; /* at the end */
    struct mca_wear wear;     /* likewise */
};

/* What a finished run gives. Owned memory: mca_train_result_deinit. */
struct mca_train_result {
    uint32_t epoch_count;
    struct mca_epoch_record *epochs; /* [epoch_count]; of a test alone one, of epoch 0 */
    uint32_t *confusion; /* [outputs][outputs] images of the last test: their class, and what they
                            were taken for */
    uint64_t images;     /* trained on, all epochs */
    uint64_t time_ps;    /* of the chip, training phases: sum of their critical_ps */
    uint64_t init_time_ps;
    /* time_ps, and the time of all tests, with each resource free (timing.what_if); else 0 */
    uint64_t what_if_ps[MCA_RESOURCE_COUNT];
    uint64_t what_if_test_ps[MCA_RESOURCE_COUNT];
    uint64_t test_latency_ps; /* of an image of the last test, alone; 0: none was tested */
    struct mca_ledger ledger; /* training, init and test */
    uint32_t layer_count;
    struct mca_layer_result *layers; /* [layer_count + 1]; the last of what belongs to none */
    struct mca_inventory inventory;
    /* writes, training phases */
    uint64_t set_pulses;
    uint64_t reset_pulses;
    uint64_t refreshed_pairs;
    uint64_t max_writes_per_device; /* the largest of the layers' */
    /* health */
    uint64_t adc_conversions; /* training reads */
    uint64_t adc_clips;
    uint64_t chi_saturations;
    uint64_t pulses_lost; /* transfer.mode direct: beyond transfer.max_pulses */
    uint64_t devices_at_gmax;
    uint64_t update_products; /* non-zero products of the outer product */
    uint64_t updates_lost;    /* of those, rounded to no change */
    /* products of the run, summed over images, for ledger.json */
    uint64_t forward_macs;         /* inputs x outputs of every layer */
    uint64_t forward_macs_nonzero; /* with zero inputs skipped */
    uint64_t backward_macs;
    uint64_t update_macs;
    uint64_t update_macs_nonzero;
    struct mca_import_stats import; /* of weights from outside */
    /* wall clock, measured by the caller's observer or 0 */
    uint64_t tested_images;
    /* tests of the finished chip at ages (train_config.h), rising; 0 of them: none */
    uint32_t age_count;
    uint32_t age_seeds;
    double ages_s[MCA_LIST_MAX];
    double *aged_accuracy; /* [age_count][age_seeds]; NULL without ages */
};

/* 1 for a run that tested its chip and did not train it (train.epochs: 0): its images are those of
 * the tests, and what they cost stands in phase `forward`. */
int mca_is_test_alone(const struct mca_train_result *result);

void mca_train_result_deinit(struct mca_train_result *result);

/*
 * What works through the images of an epoch: the chip by itself, or a system model that holds it.
 * Images come one after the other; `outcome` has to be set when end_epoch returns. An epoch whose
 * images do not fill its mini-batches is started and ended a second time for the last one, whose
 * `batch` is the number of its images. All of them may fail as mca_chip_train_image does.
 */
struct mca_train_engine {
    void *user;
    enum mca_status (*start_epoch)(void *user, double learning_rate, uint32_t batch,
                                   struct mca_error *error);
    enum mca_status (*train_image)(void *user, const uint8_t *pixels, uint32_t label,
                                   struct mca_image_outcome *outcome, struct mca_error *error);
    enum mca_status (*end_epoch)(void *user, struct mca_error *error);
};

/* Between which images a run stands, and what it has found so far. */
struct mca_train_place {
    uint32_t epoch; /* from 1; epochs + 1 where all is done */
    uint32_t image; /* of the epoch, that are done */
    uint64_t tests;
    uint64_t tested;                    /* images */
    struct mca_epoch_record *records;   /* [epoch - 1] */
    struct mca_image_outcome *outcomes; /* [image], of the epoch */
    uint32_t *confusion;                /* [confusion_count], of the last test */
    uint64_t confusion_count;
};

/*
 * Where a run may stop and go on. `save` is called between two images when `due` says so - it is
 * asked now and then - and before the run stops on the observer's demand; what fails there fails
 * the run. Only for an engine that works on its image before it returns.
 */
struct mca_train_keeper {
    void *user;
    int (*due)(void *user);
    enum mca_status (*save)(void *user, const struct mca_train_place *place,
                            struct mca_error *error);
    /* From where to go on, or NULL; and what gives the chip the state that it had there. */
    const struct mca_train_place *resume;
    enum mca_status (*restore)(void *user, struct mca_error *error);
};

/* A training run. */
struct mca_training {
    struct mca_chip *chip; /* initialised; its inputs and outputs must fit the data */
    const struct mca_train_engine *engine; /* NULL: the chip by itself */
    const struct mca_train_config *config;
    const struct mca_dataset *data;
    uint32_t threads;                      /* for tests; results do not depend on them */
    const struct mca_observer *observer;   /* of progress and stop requests, or NULL */
    const struct mca_train_keeper *keeper; /* of checkpoints, or NULL */
};

/* Images of an epoch, each time it is trained on: train.images, or all that validation leaves. The
 * configuration must fit the data. */
uint32_t mca_train_images(const struct mca_train_config *config, const struct mca_dataset *data);

/* Trains and tests. `result` is filled on success only. Errors: MCA_INVALID when chip and data do
 * not fit, MCA_FAILED when memory is short, what the engine gives, or what the observer's stop
 * does. */
enum mca_status mca_train(const struct mca_training *training, struct mca_train_result *result,
                          struct mca_error *error);

MCA_C_END

#endif
