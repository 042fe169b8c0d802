#include "train/dataset.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "train/idx.h"
#include "train/synthetic_digits.h"

enum {
    FILES = 4, /* training images and labels, test images and labels */
    PLACES = 2,
    MNIST_SIDE = 28,
    MNIST_CLASSES = 10,
    FOUND_PATH_SIZE = MCA_PATH_SIZE + 64
};

static const char *const mnist_files[FILES] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                               "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/* The four files of a data set. */
struct file_paths {
    char path[FILES][FOUND_PATH_SIZE];
};

void mca_dataset_deinit(struct mca_dataset *dataset) {
    if (dataset) {
        mca_image_set_deinit(&dataset->train);
        mca_image_set_deinit(&dataset->test);
        *dataset = (struct mca_dataset){0};
    }
}

/* Looks for `name`, plain or .gz, in `directory`. What exists but cannot be looked at counts as
 * found: opening it will say why. */
static enum mca_status find_file(const char *directory, const char *name,
                                 char path[FOUND_PATH_SIZE], bool *found, struct mca_error *error) {
    static const char *const endings[] = {"", ".gz"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; ++i) {
        struct stat status;
        const int length = snprintf(path, FOUND_PATH_SIZE, "%s/%s%s", directory, name, endings[i]);
        if (length < 0 || length >= FOUND_PATH_SIZE) {
            return mca_fail(error, MCA_INVALID, "data directory: path longer than %d characters",
                            MCA_PATH_SIZE - 1);
        }
        *found = stat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
        if (*found) {
            return MCA_OK;
        }
    }
    return MCA_OK;
}

/* Looks for MNIST's files in `directory`: all of them or none; a part of them is an error. */
static enum mca_status find_mnist_in(const char *directory, struct file_paths *paths, bool *found,
                                     struct mca_error *error) {
    const char *missing = NULL;
    int count = 0;
    for (int i = 0; i < FILES; ++i) {
        bool here;
        MCA_TRY(find_file(directory, mnist_files[i], paths->path[i], &here, error));
        count += here;
        if (!here && !missing) {
            missing = mnist_files[i];
        }
    }
    *found = count == FILES;
    if (count > 0 && count < FILES) {
        return mca_fail(error, MCA_SYSTEM,
                        "%s: %s[.gz] is missing, %d of MNIST's %d files are there", directory,
                        missing, count, FILES);
    }
    return MCA_OK;
}

/* The directories to search when none is given: $MNIST_DIR if set, and the usual places. */
static int usual_places(const char *places[PLACES]) {
    const char *from_environment = getenv("MNIST_DIR");
    int count = 0;
    if (from_environment && from_environment[0] != '\0') {
        places[count++] = from_environment;
    }
    places[count++] = "data/mnist";
    return count;
}

/* Finds MNIST's files; *found is false, not an error, when no directory was given and none of the
 * usual ones has them. */
static enum mca_status find_mnist(const char *data_dir, struct file_paths *paths, bool *found,
                                  struct mca_error *error) {
    const char *places[PLACES];
    *found = false;
    if (!data_dir) {
        const int count = usual_places(places);
        for (int i = 0; i < count && !*found; ++i) {
            MCA_TRY(find_mnist_in(places[i], paths, found, error));
        }
        return MCA_OK;
    }
    if (data_dir[0] == '\0') {
        return mca_fail(error, MCA_INVALID, "data directory: \"\" found, expected a directory");
    }
    MCA_TRY(find_mnist_in(data_dir, paths, found, error));
    if (!*found) {
        return mca_fail(error, MCA_SYSTEM,
                        "%s: MNIST not found there, expected %s, %s, %s and %s, plain or .gz",
                        data_dir, mnist_files[0], mnist_files[1], mnist_files[2], mnist_files[3]);
    }
    return MCA_OK;
}

/* "$MNIST_DIR (...), data/mnist" for messages. */
static void describe_places(char *text, size_t size) {
    const char *places[PLACES];
    const int count = usual_places(places);
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count && used < size; ++i) {
        const int length = snprintf(text + used, size - used, "%s%.400s", i ? ", " : "", places[i]);
        used += length > 0 ? (size_t)length : 0;
    }
}

static enum mca_status read_sets(struct mca_dataset *dataset, const char *const paths[FILES],
                                 struct mca_error *error) {
    MCA_TRY(mca_idx_read_set(paths[0], paths[1], &dataset->train, error));
    MCA_TRY(mca_idx_read_set(paths[2], paths[3], &dataset->test, error));
    if (dataset->train.rows != dataset->test.rows || dataset->train.cols != dataset->test.cols) {
        return mca_fail(error, MCA_INVALID,
                        "%s: images of %" PRIu32 " x %" PRIu32 " found, expected %" PRIu32
                        " x %" PRIu32 ", the size in %s",
                        paths[2], dataset->test.rows, dataset->test.cols, dataset->train.rows,
                        dataset->train.cols, paths[0]);
    }
    return MCA_OK;
}

/* What goes by MNIST's name must have its image size and its ten classes. */
static enum mca_status check_mnist(const struct mca_image_set *set, const char *images_path,
                                   const char *labels_path, struct mca_error *error) {
    if (set->rows != MNIST_SIDE || set->cols != MNIST_SIDE) {
        return mca_fail(error, MCA_INVALID,
                        "%s: images of %" PRIu32 " x %" PRIu32
                        " found, MNIST's are %d x %d; dataset.name: idx reads other sizes",
                        images_path, set->rows, set->cols, MNIST_SIDE, MNIST_SIDE);
    }
    for (uint32_t i = 0; i < set->count; ++i) {
        if (set->labels[i] >= MNIST_CLASSES) {
            return mca_fail(error, MCA_INVALID, "%s: label %" PRIu32 " is %u, MNIST's are 0 .. %d",
                            labels_path, i, (unsigned)set->labels[i], MNIST_CLASSES - 1);
        }
    }
    return MCA_OK;
}

static enum mca_status load_mnist(struct mca_dataset *dataset, const struct file_paths *files,
                                  struct mca_error *error) {
    const char *paths[FILES];
    for (int i = 0; i < FILES; ++i) {
        paths[i] = files->path[i];
    }
    dataset->name = "mnist";
    MCA_TRY(read_sets(dataset, paths, error));
    MCA_TRY(check_mnist(&dataset->train, paths[0], paths[1], error));
    return check_mnist(&dataset->test, paths[2], paths[3], error);
}

static enum mca_status load_idx(struct mca_dataset *dataset,
                                const struct mca_dataset_config *config, struct mca_error *error) {
    static const char *const keys[FILES] = {"dataset.train_images", "dataset.train_labels",
                                            "dataset.test_images", "dataset.test_labels"};
    const char *const paths[FILES] = {config->train_images, config->train_labels,
                                      config->test_images, config->test_labels};
    for (int i = 0; i < FILES; ++i) {
        if (paths[i][0] == '\0') {
            return mca_fail(error, MCA_INVALID,
                            "%s: \"\" found, dataset.name: idx needs the path of an IDX file",
                            keys[i]);
        }
    }
    dataset->name = "idx";
    return read_sets(dataset, paths, error);
}

static enum mca_status load_synthetic(struct mca_dataset *dataset,
                                      const struct mca_dataset_config *config,
                                      struct mca_error *error) {
    const uint64_t seed = config->synthetic_seed;
    dataset->name = "synthetic-digits";
    MCA_TRY(mca_synthetic_digits(seed, MCA_SYNTHETIC_TRAIN, config->synthetic_train,
                                 &dataset->train, error));
    return mca_synthetic_digits(seed, MCA_SYNTHETIC_TEST, config->synthetic_test, &dataset->test,
                                error);
}

static enum mca_status load_auto(struct mca_dataset *dataset,
                                 const struct mca_dataset_config *config, const char *data_dir,
                                 const struct mca_observer *observer, struct mca_error *error) {
    struct file_paths files;
    bool found;
    MCA_TRY(find_mnist(data_dir, &files, &found, error));
    if (found) {
        return load_mnist(dataset, &files, error);
    }
    char places[MCA_ERROR_SIZE];
    describe_places(places, sizeof places);
    mca_observer_tell(
        observer,
        "using the built-in synthetic-digits, results are not MNIST's: MNIST not found "
        "in %.700s (tools/get-mnist downloads it)",
        places);
    return load_synthetic(dataset, config, error);
}

static enum mca_status load_mnist_only(struct mca_dataset *dataset, const char *data_dir,
                                       struct mca_error *error) {
    struct file_paths files;
    bool found;
    MCA_TRY(find_mnist(data_dir, &files, &found, error));
    if (!found) {
        char places[MCA_ERROR_SIZE];
        describe_places(places, sizeof places);
        return mca_fail(error, MCA_SYSTEM,
                        "dataset.name: mnist: files not found in %.700s; give their directory with "
                        "--data DIR or $MNIST_DIR, or run tools/get-mnist",
                        places);
    }
    return load_mnist(dataset, &files, error);
}

static enum mca_status load_by_name(struct mca_dataset *dataset,
                                    const struct mca_dataset_config *config, const char *data_dir,
                                    const struct mca_observer *observer, struct mca_error *error) {
    switch ((enum mca_dataset_name)config->name) {
    case MCA_DATASET_AUTO:
        return load_auto(dataset, config, data_dir, observer, error);
    case MCA_DATASET_MNIST:
        return load_mnist_only(dataset, data_dir, error);
    case MCA_DATASET_SYNTHETIC_DIGITS:
    case MCA_DATASET_IDX:
        if (data_dir) {
            mca_observer_notice(observer,
                                "the data directory is not used: only dataset.name mnist and auto "
                                "look for files there");
        }
        return config->name == MCA_DATASET_IDX ? load_idx(dataset, config, error)
                                               : load_synthetic(dataset, config, error);
    default:
        return mca_fail(error, MCA_INVALID, "dataset.name: unknown value %u", config->name);
    }
}

static uint32_t count_classes(const struct mca_dataset *dataset) {
    const struct mca_image_set *sets[2] = {&dataset->train, &dataset->test};
    uint8_t largest = 0;
    for (int s = 0; s < 2; ++s) {
        for (uint32_t i = 0; i < sets[s]->count; ++i) {
            largest = sets[s]->labels[i] > largest ? sets[s]->labels[i] : largest;
        }
    }
    return (uint32_t)largest + 1;
}

/* XXH3 (64 bits) of, for each set: count, rows, columns as little-endian 32-bit words, pixels,
 * labels. */
static enum mca_status hash_sets(struct mca_dataset *dataset, struct mca_error *error) {
    const struct mca_image_set *sets[2] = {&dataset->train, &dataset->test};
    XXH3_state_t *state = XXH3_createState();
    if (!state) {
        return mca_fail_memory(error, "hash of the data set");
    }
    (void)XXH3_64bits_reset(state);
    for (int s = 0; s < 2; ++s) {
        const struct mca_image_set *set = sets[s];
        const uint32_t sizes[3] = {set->count, set->rows, set->cols};
        uint8_t bytes[sizeof sizes];
        for (size_t i = 0; i < sizeof bytes; ++i) {
            bytes[i] = (uint8_t)(sizes[i / 4] >> (8 * (i % 4)));
        }
        (void)XXH3_64bits_update(state, bytes, sizeof bytes);
        (void)XXH3_64bits_update(state, set->pixels, (size_t)set->count * set->rows * set->cols);
        (void)XXH3_64bits_update(state, set->labels, set->count);
    }
    dataset->hash = XXH3_64bits_digest(state);
    (void)XXH3_freeState(state);
    return MCA_OK;
}

enum mca_status mca_dataset_load(struct mca_dataset *dataset,
                                 const struct mca_dataset_config *config, const char *data_dir,
                                 const struct mca_observer *observer, struct mca_error *error) {
    struct mca_dataset loaded = {0};
    enum mca_status status = load_by_name(&loaded, config, data_dir, observer, error);
    if (status == MCA_OK) {
        loaded.inputs = loaded.train.rows * loaded.train.cols;
        loaded.classes = count_classes(&loaded);
        status = hash_sets(&loaded, error);
    }
    if (status != MCA_OK) {
        mca_dataset_deinit(&loaded);
        return status;
    }
    *dataset = loaded;
    return MCA_OK;
}
