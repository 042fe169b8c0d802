/*
 * Parameters of training and of the data. Defaults, ranges and meanings: the scenario key table
 * (sections `train`, `dataset`).
 */
#ifndef MCA_TRAIN_TRAIN_CONFIG_H
#define MCA_TRAIN_TRAIN_CONFIG_H

#include <stdint.h>

#include "base/list.h"
#include "base/status.h"

/* Tests of the finished chip at ages. */
struct mca_ageing_config {
    struct mca_f64_list ages_s; /* after the run; none: no such tests */
    uint32_t seeds;             /* tests at each age, with drift exponents and noise of their own */
};

struct mca_train_config {
    uint32_t epochs;      /* 0: the chip is tested as it is */
    uint32_t images;      /* first N of the training set, 0: all (after the validation split) */
    uint32_t test_images; /* first N of the test set, 0: all */
    uint32_t test_every;  /* test after every N-th epoch, and after the last */
    uint32_t first_test;  /* number of the first test, by which its noise is drawn */
    uint32_t validation_images; /* last N of the training set, kept out of training */
    uint32_t batch;
    double learning_rate;       /* of the first epoch */
    double learning_rate_decay; /* factor per epoch */
    unsigned shuffle;           /* 1: a new order every epoch */
    uint32_t augment_shift;     /* pixels, either way, each axis */
    unsigned augment_flip;      /* 1: half of the images are mirrored, left to right */
    struct mca_ageing_config ageing;
};

enum mca_calibration_method { MCA_CALIBRATION_PERCENTILE, MCA_CALIBRATION_LEAST_ERROR };

/* How full scales are found that the layers leave open (train/calibration.h). */
struct mca_calibration_config {
    uint32_t images;         /* first N of the training set */
    unsigned method;         /* enum mca_calibration_method */
    double percentile;       /* of magnitudes that the full scale holds */
    int32_t margin_exponent; /* what is found x 2^this */
};

enum mca_dataset_name {
    MCA_DATASET_AUTO, /* mnist where found, otherwise synthetic-digits with a notice */
    MCA_DATASET_MNIST,
    MCA_DATASET_SYNTHETIC_DIGITS,
    MCA_DATASET_IDX, /* four paths */
    MCA_DATASET_NPY, /* likewise */
    MCA_DATASET_FASHION_MNIST,
    MCA_DATASET_CIFAR10,
    MCA_DATASET_SYNTHETIC_COLOUR,
    MCA_DATASET_BRIGHT /* as many values and classes as the network has */
};

enum mca_channel_order { MCA_CHANNELS_LAST, MCA_CHANNELS_FIRST };

enum { MCA_DATASET_LABEL_SIZE = 128, MCA_LABEL_MAP_SIZE = 512 };

struct mca_dataset_config {
    unsigned name; /* enum mca_dataset_name */
    /* of idx and npy */
    char train_images[MCA_PATH_SIZE];
    char train_labels[MCA_PATH_SIZE];
    char test_images[MCA_PATH_SIZE];
    char test_labels[MCA_PATH_SIZE];
    char label[MCA_DATASET_LABEL_SIZE]; /* what results call it; "": idx or npy */
    char label_map[MCA_LABEL_MAP_SIZE]; /* train/label_map.h */
    unsigned channel_order;             /* enum mca_channel_order, of files of four dimensions */
    unsigned transpose;                 /* 1: rows of the files are columns of the images */
    unsigned normalise;                 /* enum mca_normalise (train/image_files.h) */
    double range_low;                   /* of MCA_NORMALISE_RANGE */
    double range_high;
    /* of synthetic sets */
    uint32_t synthetic_train; /* images to draw */
    uint32_t synthetic_test;
    uint64_t synthetic_seed;
    /* of bright: the network's, filled in by mca_scenario_settle; else 0 */
    uint32_t bright_values;
    uint32_t bright_classes; /* 1 .. 256 */
};

#endif
