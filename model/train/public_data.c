#include "train/public_data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define IDX_FILES                                                                                  \
    {                                                                                              \
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",            \
            "t10k-labels-idx1-ubyte"                                                               \
    }

const struct mca_public_data mca_public_mnist = {.name = "mnist",
                                                 .title = "MNIST",
                                                 .variable = "MNIST_DIR",
                                                 .places = {"data/mnist"},
                                                 .files = IDX_FILES,
                                                 .may_be_gzip = 1,
                                                 .advice = "run tools/get-mnist"};

const struct mca_public_data mca_public_fashion_mnist = {
    .name = "fashion-mnist",
    .title = "Fashion-MNIST",
    .variable = "FASHION_MNIST_DIR",
    .places = {"data/fashion-mnist", "/usr/share/datasets/fashion-mnist"},
    .files = IDX_FILES,
    .may_be_gzip = 1,
    .advice = "install Debian's package dataset-fashion-mnist"};

const struct mca_public_data mca_public_cifar10 = {
    .name = "cifar10",
    .title = "CIFAR-10",
    .variable = "CIFAR10_DIR",
    .places = {"data/cifar-10-batches-bin"},
    .files = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
              "data_batch_5.bin", "test_batch.bin"},
    .advice = "unpack cifar-10-binary.tar.gz in data/"};

static int file_count(const struct mca_public_data *set) {
    int count = 0;
    while (count < MCA_PUBLIC_FILES_MAX && set->files[count]) {
        ++count;
    }
    return count;
}

/* Looks for `name`, plain or .gz where that may be, in `directory`; `path` is "" where there is
 * none. What exists but cannot be looked at counts as found: opening it will say why. */
static enum mca_status find_file(const char *directory, const char *name, int may_be_gzip,
                                 char path[MCA_PUBLIC_PATH_SIZE], struct mca_error *error) {
    static const char *const endings[] = {"", ".gz"};
    for (int i = 0; i <= may_be_gzip; ++i) {
        struct stat status;
        const int length =
            snprintf(path, MCA_PUBLIC_PATH_SIZE, "%s/%s%s", directory, name, endings[i]);
        if (length < 0 || length >= MCA_PUBLIC_PATH_SIZE) {
            return mca_fail(error, MCA_INVALID, "data directory: path longer than %d characters",
                            MCA_PATH_SIZE - 1);
        }
        if (stat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR)) {
            return MCA_OK;
        }
    }
    path[0] = '\0';
    return MCA_OK;
}

/* Looks for the files in `directory`: all of them or none; a part of them is an error. */
static enum mca_status find_in(const struct mca_public_data *set, const char *directory,
                               struct mca_public_paths *paths, int *found,
                               struct mca_error *error) {
    const int files = file_count(set);
    const char *missing = NULL;
    int count = 0;
    for (int i = 0; i < files; ++i) {
        paths->of[i] = paths->text[i];
        MCA_TRY(find_file(directory, set->files[i], set->may_be_gzip, paths->text[i], error));
        const int is_here = paths->text[i][0] != '\0';
        count += is_here;
        if (!is_here && !missing) {
            missing = set->files[i];
        }
    }
    *found = count == files;
    if (count > 0 && count < files) {
        return mca_fail(error, MCA_SYSTEM, "%s: %s%s is missing, %d of %s's %d files are there",
                        directory, missing, set->may_be_gzip ? "[.gz]" : "", count, set->title,
                        files);
    }
    return MCA_OK;
}

/* The directories to search when none is given. */
static int usual_places(const struct mca_public_data *set,
                        const char *places[MCA_PUBLIC_PLACES_MAX + 1]) {
    const char *from_environment = getenv(set->variable);
    int count = 0;
    if (from_environment && from_environment[0] != '\0') {
        places[count++] = from_environment;
    }
    for (int i = 0; i < MCA_PUBLIC_PLACES_MAX && set->places[i]; ++i) {
        places[count++] = set->places[i];
    }
    return count;
}

static enum mca_status not_there(const struct mca_public_data *set, const char *directory,
                                 struct mca_error *error) {
    const int files = file_count(set);
    char names[MCA_ERROR_SIZE] = "";
    for (int i = 0; i < files; ++i) {
        const char *between = i == 0 ? "" : i + 1 < files ? ", " : " and ";
        mca_text_add(names, sizeof names, "%s%s", between, set->files[i]);
    }
    return mca_fail(error, MCA_SYSTEM, "%s: %s not found there, expected %s%s", directory,
                    set->title, names, set->may_be_gzip ? ", plain or .gz" : "");
}

enum mca_status mca__public_find(const struct mca_public_data *set, const char *data_dir,
                                 struct mca_public_paths *paths, int *found,
                                 struct mca_error *error) {
    const char *places[MCA_PUBLIC_PLACES_MAX + 1];
    *found = 0;
    if (!data_dir) {
        const int count = usual_places(set, places);
        for (int i = 0; i < count && !*found; ++i) {
            MCA_TRY(find_in(set, places[i], paths, found, error));
        }
        return MCA_OK;
    }
    if (data_dir[0] == '\0') {
        return mca_fail(error, MCA_INVALID, "data directory: \"\" found, expected a directory");
    }
    MCA_TRY(find_in(set, data_dir, paths, found, error));
    return *found ? MCA_OK : not_there(set, data_dir, error);
}

void mca__public_places(const struct mca_public_data *set, char text[MCA_ERROR_SIZE]) {
    const char *places[MCA_PUBLIC_PLACES_MAX + 1];
    const int count = usual_places(set, places);
    text[0] = '\0';
    for (int i = 0; i < count; ++i) {
        mca_text_add(text, MCA_ERROR_SIZE, "%s%.400s", i ? ", " : "", places[i]);
    }
}
