#include "train/dataset.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "train/cifar10.h"
#include "train/idx.h"
#include "train/image_files.h"
#include "train/npy_header.h"
#include "train/public_data.h"
#include "train/synthetic_colour.h"
#include "train/synthetic_digits.h"

enum { FILES = 4 /* training images and labels, test images and labels */ };

enum { DIGITS_SIDE = 28, DIGITS_CLASSES = 10 }; /* of MNIST and what is made like it */

void mca_dataset_deinit(struct mca_dataset *dataset) {
    if (dataset) {
        mca_image_set_deinit(&dataset->train);
        mca_image_set_deinit(&dataset->test);
        free(dataset->label);
        *dataset = (struct mca_dataset){0};
    }
}

static enum mca_status check_sizes(const struct mca_dataset *dataset, const char *train_path,
                                   const char *test_path, struct mca_error *error) {
    char wanted[MCA_IMAGE_SIZE_TEXT];
    char found[MCA_IMAGE_SIZE_TEXT];
    mca_image_size_text(&dataset->train, wanted);
    mca_image_size_text(&dataset->test, found);
    return strcmp(found, wanted) == 0
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "%s: images of %s found, expected %s, the size in %.400s", test_path,
                          found, wanted, train_path);
}

static enum mca_status read_sets(struct mca_dataset *dataset, const char *const paths[FILES],
                                 const struct mca_file_rules *rules,
                                 const struct mca_observer *observer, struct mca_error *error) {
    struct mca_image_set *sets[] = {&dataset->train, &dataset->test};
    for (size_t s = 0; s < 2; ++s) {
        uint64_t clipped = 0;
        MCA_TRY(mca_read_set(paths[2 * s], paths[2 * s + 1], rules, sets[s], &clipped, error));
        if (clipped > 0) {
            mca_observer_tell(observer,
                              "%.700s: %" PRIu64
                              " values outside %g .. %g (dataset.normalise) were "
                              "taken for the nearer end",
                              paths[2 * s], clipped, rules->low, rules->high);
        }
    }
    return check_sizes(dataset, paths[0], paths[2], error);
}

/* What goes by MNIST's name, or that of a set made like it, must have its image size and its ten
 * classes. */
static enum mca_status check_digits(const struct mca_public_data *public_set,
                                    const struct mca_image_set *set, const char *images_path,
                                    const char *labels_path, struct mca_error *error) {
    if (set->rows != DIGITS_SIDE || set->cols != DIGITS_SIDE || set->channels != 1) {
        char found[MCA_IMAGE_SIZE_TEXT];
        mca_image_size_text(set, found);
        return mca_fail(error, MCA_INVALID,
                        "%s: images of %s found, %s's are %d x %d; dataset.name: idx reads other "
                        "sizes",
                        images_path, found, public_set->title, DIGITS_SIDE, DIGITS_SIDE);
    }
    for (uint32_t i = 0; i < set->count; ++i) {
        if (set->labels[i] >= DIGITS_CLASSES) {
            return mca_fail(error, MCA_INVALID, "%s: label %" PRIu32 " is %u, %s's are 0 .. %d",
                            labels_path, i, (unsigned)set->labels[i], public_set->title,
                            DIGITS_CLASSES - 1);
        }
    }
    return MCA_OK;
}

static enum mca_status load_digits(struct mca_dataset *dataset,
                                   const struct mca_public_data *public_set,
                                   const struct mca_public_paths *files, struct mca_error *error) {
    struct mca_file_rules rules = {.header = mca__idx_header};
    const char *const *paths = files->of;
    MCA_TRY(mca_label_map_parse("", &rules.map, error));
    MCA_TRY(read_sets(dataset, paths, &rules, NULL, error));
    MCA_TRY(check_digits(public_set, &dataset->train, paths[0], paths[1], error));
    return check_digits(public_set, &dataset->test, paths[2], paths[3], error);
}

static enum mca_status load_cifar10(struct mca_dataset *dataset,
                                    const struct mca_public_paths *files, struct mca_error *error) {
    MCA_TRY(mca_cifar10_read(files->of, MCA_CIFAR10_FILES_MAX, &dataset->train, error));
    return mca_cifar10_read(files->of + MCA_CIFAR10_FILES_MAX, 1, &dataset->test, error);
}

static enum mca_status load_found(struct mca_dataset *dataset,
                                  const struct mca_public_data *public_set,
                                  const struct mca_public_paths *files, struct mca_error *error) {
    dataset->name = public_set->name;
    return public_set == &mca_public_cifar10 ? load_cifar10(dataset, files, error)
                                             : load_digits(dataset, public_set, files, error);
}

static enum mca_status load_public(struct mca_dataset *dataset,
                                   const struct mca_public_data *public_set, const char *data_dir,
                                   struct mca_error *error) {
    struct mca_public_paths files;
    int found;
    MCA_TRY(mca__public_find(public_set, data_dir, &files, &found, error));
    if (!found) {
        char places[MCA_ERROR_SIZE];
        mca__public_places(public_set, places);
        return mca_fail(error, MCA_SYSTEM,
                        "dataset.name: %s: files not found in %.700s; give their directory with "
                        "--data DIR or $%s, or %s",
                        public_set->name, places, public_set->variable, public_set->advice);
    }
    return load_found(dataset, public_set, &files, error);
}

/* The rules that keys state; the range of dataset.normalise extremes is found in the training
 * images. */
static enum mca_status choose_rules(const struct mca_dataset_config *config,
                                    const struct mca_observer *observer,
                                    struct mca_file_rules *rules, struct mca_error *error) {
    *rules = (struct mca_file_rules){
        .header = config->name == MCA_DATASET_IDX ? mca__idx_header : mca__npy_header,
        .normalise = (enum mca_normalise)config->normalise,
        .low = config->range_low,
        .high = config->range_high,
        .is_channels_first = config->channel_order == MCA_CHANNELS_FIRST,
        .is_transposed = config->transpose != 0};
    MCA_TRY(mca_label_map_parse(config->label_map, &rules->map, error));
    if (rules->normalise == MCA_NORMALISE_EXTREMES) {
        MCA_TRY(mca_read_extremes(config->train_images, rules, &rules->low, &rules->high, error));
        rules->normalise = MCA_NORMALISE_RANGE;
        mca_observer_tell(observer, "dataset.normalise: %g becomes code 0, %g code 255 (%.700s)",
                          rules->low, rules->high, config->train_images);
    }
    return MCA_OK;
}

static enum mca_status load_files(struct mca_dataset *dataset,
                                  const struct mca_dataset_config *config,
                                  const struct mca_observer *observer, struct mca_error *error) {
    static const char *const keys[FILES] = {"dataset.train_images", "dataset.train_labels",
                                            "dataset.test_images", "dataset.test_labels"};
    const char *const paths[FILES] = {config->train_images, config->train_labels,
                                      config->test_images, config->test_labels};
    const char *name = config->name == MCA_DATASET_IDX ? "idx" : "npy";
    struct mca_file_rules rules;
    for (int i = 0; i < FILES; ++i) {
        if (paths[i][0] == '\0') {
            return mca_fail(error, MCA_INVALID,
                            "%s: \"\" found, dataset.name: %s needs the path of a file", keys[i],
                            name);
        }
    }
    MCA_TRY(choose_rules(config, observer, &rules, error));
    dataset->name = name;
    if (config->label[0] != '\0') {
        dataset->label = malloc(sizeof config->label);
        if (!dataset->label) {
            return mca_fail_memory(error, "name of the data set");
        }
        memcpy(dataset->label, config->label, sizeof config->label);
        dataset->name = dataset->label;
    }
    MCA_TRY(read_sets(dataset, paths, &rules, observer, error));
    if (rules.is_channels_first && (dataset->train.channels == 1 || dataset->train.rows == 1)) {
        mca_observer_tell(observer, "dataset.channel_order has no effect on %s: nothing to order",
                          dataset->name);
    }
    return MCA_OK;
}

static enum mca_status load_synthetic(struct mca_dataset *dataset,
                                      const struct mca_dataset_config *config,
                                      const struct mca_synthetic_set *from,
                                      struct mca_error *error) {
    const uint64_t seed = config->synthetic_seed;
    dataset->name = from->name;
    MCA_TRY(mca_synthetic_draw(from, seed, MCA_SYNTHETIC_TRAIN, config->synthetic_train,
                               &dataset->train, error));
    return mca_synthetic_draw(from, seed, MCA_SYNTHETIC_TEST, config->synthetic_test,
                              &dataset->test, error);
}

static enum mca_status load_bright(struct mca_dataset *dataset,
                                   const struct mca_dataset_config *config,
                                   struct mca_error *error) {
    dataset->name = "bright";
    MCA_TRY(mca_bright_images(config->bright_values, config->bright_classes,
                              config->synthetic_train, &dataset->train, error));
    return mca_bright_images(config->bright_values, config->bright_classes, config->synthetic_test,
                             &dataset->test, error);
}

static enum mca_status load_auto(struct mca_dataset *dataset,
                                 const struct mca_dataset_config *config, const char *data_dir,
                                 const struct mca_observer *observer, struct mca_error *error) {
    struct mca_public_paths files;
    int found;
    MCA_TRY(mca__public_find(&mca_public_mnist, data_dir, &files, &found, error));
    if (found) {
        return load_found(dataset, &mca_public_mnist, &files, error);
    }
    char places[MCA_ERROR_SIZE];
    mca__public_places(&mca_public_mnist, places);
    mca_observer_tell(
        observer,
        "using the built-in synthetic-digits, results are not MNIST's: MNIST not found "
        "in %.700s (tools/get-mnist downloads it)",
        places);
    return load_synthetic(dataset, config, &mca_synthetic_digits, error);
}

static enum mca_status load_by_name(struct mca_dataset *dataset,
                                    const struct mca_dataset_config *config, const char *data_dir,
                                    const struct mca_observer *observer, struct mca_error *error) {
    const int is_drawn = config->name == MCA_DATASET_SYNTHETIC_DIGITS ||
                         config->name == MCA_DATASET_SYNTHETIC_COLOUR ||
                         config->name == MCA_DATASET_BRIGHT;
    if (data_dir && (is_drawn || mca_dataset_is_of_files(config))) {
        mca_observer_notice(observer, "the data directory is not used: only dataset.name mnist, "
                                      "fashion-mnist, cifar10 and auto look for files there");
    }
    switch ((enum mca_dataset_name)config->name) {
    case MCA_DATASET_AUTO:
        return load_auto(dataset, config, data_dir, observer, error);
    case MCA_DATASET_MNIST:
        return load_public(dataset, &mca_public_mnist, data_dir, error);
    case MCA_DATASET_FASHION_MNIST:
        return load_public(dataset, &mca_public_fashion_mnist, data_dir, error);
    case MCA_DATASET_CIFAR10:
        return load_public(dataset, &mca_public_cifar10, data_dir, error);
    case MCA_DATASET_SYNTHETIC_DIGITS:
        return load_synthetic(dataset, config, &mca_synthetic_digits, error);
    case MCA_DATASET_SYNTHETIC_COLOUR:
        return load_synthetic(dataset, config, &mca_synthetic_colour, error);
    case MCA_DATASET_BRIGHT:
        return load_bright(dataset, config, error);
    case MCA_DATASET_IDX:
    case MCA_DATASET_NPY:
        return load_files(dataset, config, observer, error);
    default:
        return mca_fail(error, MCA_INVALID, "dataset.name: unknown value %u", config->name);
    }
}

int mca_dataset_is_of_files(const struct mca_dataset_config *config) {
    return config->name == MCA_DATASET_IDX || config->name == MCA_DATASET_NPY;
}

struct mca_shape mca_dataset_shape_of_name(unsigned name) {
    switch ((enum mca_dataset_name)name) {
    case MCA_DATASET_AUTO:
    case MCA_DATASET_MNIST:
    case MCA_DATASET_FASHION_MNIST:
    case MCA_DATASET_SYNTHETIC_DIGITS:
        return (struct mca_shape){1, DIGITS_SIDE, DIGITS_SIDE};
    case MCA_DATASET_CIFAR10:
        return (struct mca_shape){MCA_CIFAR10_CHANNELS, MCA_CIFAR10_SIDE, MCA_CIFAR10_SIDE};
    case MCA_DATASET_SYNTHETIC_COLOUR:
        return (struct mca_shape){MCA_COLOUR_CHANNELS, MCA_COLOUR_SIDE, MCA_COLOUR_SIDE};
    case MCA_DATASET_IDX:
    case MCA_DATASET_NPY:
    case MCA_DATASET_BRIGHT:
    default:
        return (struct mca_shape){0, 0, 0};
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

/* XXH3 (64 bits) of, for each set: count, rows, columns, and channels where they are not one, as
 * little-endian 32-bit words, pixels, labels. */
static enum mca_status hash_sets(struct mca_dataset *dataset, struct mca_error *error) {
    const struct mca_image_set *sets[2] = {&dataset->train, &dataset->test};
    XXH3_state_t *state = XXH3_createState();
    if (!state) {
        return mca_fail_memory(error, "hash of the data set");
    }
    (void)XXH3_64bits_reset(state);
    for (int s = 0; s < 2; ++s) {
        const struct mca_image_set *set = sets[s];
        const uint32_t sizes[4] = {set->count, set->rows, set->cols, set->channels};
        uint8_t bytes[sizeof sizes];
        for (size_t i = 0; i < sizeof bytes; ++i) {
            bytes[i] = (uint8_t)(sizes[i / 4] >> (8 * (i % 4)));
        }
        (void)XXH3_64bits_update(state, bytes, set->channels == 1 ? 12 : 16);
        (void)XXH3_64bits_update(state, set->pixels, (size_t)set->count * mca_image_values(set));
        (void)XXH3_64bits_update(state, set->labels, set->count);
    }
    dataset->hash = XXH3_64bits_digest(state);
    (void)XXH3_freeState(state);
    return MCA_OK;
}

/* Files of one public set under the name of another: the whole sets are known by their hashes. */
static enum mca_status check_name(const struct mca_dataset *dataset, struct mca_error *error) {
    static const struct {
        uint64_t hash;
        const char *name;
    } known[] = {{UINT64_C(0x26011e40bc0f963e), "mnist"},
                 {UINT64_C(0x176f86062734e9f7), "fashion-mnist"}};
    const int is_public =
        strcmp(dataset->name, "mnist") == 0 || strcmp(dataset->name, "fashion-mnist") == 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0] && is_public; ++i) {
        if (dataset->hash == known[i].hash && strcmp(dataset->name, known[i].name) != 0) {
            return mca_fail(error, MCA_INVALID,
                            "dataset.name: %s found, but the files are those of %s", dataset->name,
                            known[i].name);
        }
    }
    return MCA_OK;
}

enum mca_status mca_dataset_load(struct mca_dataset *dataset,
                                 const struct mca_dataset_config *config, const char *data_dir,
                                 const struct mca_observer *observer, struct mca_error *error) {
    struct mca_dataset loaded = {0};
    enum mca_status status = load_by_name(&loaded, config, data_dir, observer, error);
    if (status == MCA_OK) {
        loaded.inputs = mca_image_values(&loaded.train);
        loaded.classes = count_classes(&loaded);
        status = hash_sets(&loaded, error);
    }
    if (status == MCA_OK) {
        status = check_name(&loaded, error);
    }
    if (status != MCA_OK) {
        mca_dataset_deinit(&loaded);
        return status;
    }
    *dataset = loaded;
    return MCA_OK;
}
