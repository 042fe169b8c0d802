/*
 * Public data sets that lie in a directory of their own: where their files are looked for, and what
 * is found there. Each is looked for in the directory that was given (then only there), in the one
 * of its environment variable, and in the usual places.
 */
#ifndef MCA_TRAIN_PUBLIC_DATA_H
#define MCA_TRAIN_PUBLIC_DATA_H

#include "base/status.h"

enum {
    MCA_PUBLIC_FILES_MAX = 6,
    MCA_PUBLIC_PLACES_MAX = 3,
    MCA_PUBLIC_PATH_SIZE = MCA_PATH_SIZE + 64
};

struct mca_public_data {
    const char *name;                          /* in dataset.name */
    const char *title;                         /* in sentences */
    const char *variable;                      /* of the environment */
    const char *places[MCA_PUBLIC_PLACES_MAX]; /* NULL after the last */
    const char *files[MCA_PUBLIC_FILES_MAX];   /* those to test on last; NULL after the last */
    int may_be_gzip;                           /* 1: each file plain or .gz */
    const char *advice;                        /* how to come by them, after "or " */
};

extern const struct mca_public_data mca_public_mnist;
extern const struct mca_public_data mca_public_fashion_mnist;
extern const struct mca_public_data mca_public_cifar10;

/* Where the files are, in the order of the set's. */
struct mca_public_paths {
    const char *of[MCA_PUBLIC_FILES_MAX]; /* into text */
    char text[MCA_PUBLIC_FILES_MAX][MCA_PUBLIC_PATH_SIZE];
};

/*
 * Finds the files: in `data_dir`, or, where that is NULL, in the usual places. *found is 0, not an
 * error, where none of the usual places has any of them. MCA_SYSTEM where `data_dir` lacks them or
 * a place has a part of them, MCA_INVALID for a path that is empty or too long.
 */
enum mca_status mca__public_find(const struct mca_public_data *set, const char *data_dir,
                                 struct mca_public_paths *paths, int *found,
                                 struct mca_error *error);

/* "DIR OF $MNIST_DIR, data/mnist", for messages. */
void mca__public_places(const struct mca_public_data *set, char text[MCA_ERROR_SIZE]);

#endif
