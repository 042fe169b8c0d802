#include "run/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory_text.h"
#include "base/suggest.h"
#include "run/simulation.h"
#include "run/trained_run.h"
#include "scenario/check.h"
#include "scenario/layer_keys.h"
#include "scenario/load.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"
#include "scenario/value_text.h"
#include "train/calibration.h"

struct mca_study {
    struct mca_loaded_scenario loaded;
    struct mca_simulation simulation; /* its scenario is the data's and the chip's own */
    char *yaml;
};

static enum mca_status allocate(struct mca_study **study, struct mca_error *error) {
    *study = calloc(1, sizeof **study);
    return *study ? MCA_OK : mca_fail_memory(error, "scenario");
}

/* What was begun is given up where it failed. */
static enum mca_status finish(struct mca_study **study, enum mca_status status) {
    if (status != MCA_OK) {
        mca_study_destroy(*study);
        *study = NULL;
    }
    return status;
}

enum mca_status mca_study_create(struct mca_study **study, const char *path,
                                 struct mca_error *error) {
    MCA_TRY(allocate(study, error));
    struct mca_loaded_scenario *to = &(*study)->loaded;
    if (path) {
        return finish(study, mca_scenario_load(&to->scenario, &to->origins, path, error));
    }
    return finish(study, mca_scenario_defaults(&to->scenario, &to->origins, error));
}

enum mca_status mca_study_create_text(struct mca_study **study, const char *name, const char *text,
                                      size_t size, struct mca_error *error) {
    MCA_TRY(allocate(study, error));
    struct mca_loaded_scenario *to = &(*study)->loaded;
    return finish(study,
                  mca_scenario_load_text(&to->scenario, &to->origins, name, text, size, error));
}

enum mca_status mca_study_create_trained(struct mca_study **study, const char *dir,
                                         struct mca_error *error) {
    MCA_TRY(allocate(study, error));
    return finish(study, mca_trained_run_scenario(&(*study)->loaded.scenario, dir, 1, error));
}

enum mca_status mca_study_copy(struct mca_study **study, const struct mca_study *from,
                               struct mca_error *error) {
    MCA_TRY(allocate(study, error));
    (*study)->loaded = from->loaded;
    return MCA_OK;
}

void mca_study_destroy(struct mca_study *study) {
    if (study) {
        mca_simulation_deinit(&study->simulation);
        free(study->yaml);
        free(study);
    }
}

enum mca_status mca_study_set(struct mca_study *study, const char *assignment, const char *source,
                              struct mca_error *error) {
    return mca_scenario_set(&study->loaded.scenario, &study->loaded.origins, assignment, source,
                            error);
}

/* A key by its whole name, of one layer too. */
static enum mca_status find_key(struct mca_found_key *found, const struct mca_study *study,
                                const char *name, struct mca_error *error) {
    struct mca_suggestions suggestions;
    char text[MCA_SUGGESTIONS_TEXT_SIZE];
    found->key = mca_key_find(name);
    if (found->key) {
        return MCA_OK;
    }
    if (mca_key_is_of_layer(name)) {
        return mca_layer_key_found(found, &study->loaded.scenario.chip.network, name, error);
    }
    mca_key_suggest(name, &suggestions);
    return mca_fail(error, MCA_INVALID, "%.100s: unknown key%s", name,
                    mca_suggestions_text(&suggestions, "; did you mean ", "", text));
}

enum mca_status mca_study_get(const struct mca_study *study, const char *key, char *text,
                              size_t size, struct mca_error *error) {
    struct mca_found_key found;
    MCA_TRY(find_key(&found, study, key, error));
    mca_key_format(found.key, &study->loaded.scenario, text, size);
    return MCA_OK;
}

enum mca_status mca_study_origin(const struct mca_study *study, const char *name, char *text,
                                 size_t size, struct mca_error *error) {
    struct mca_found_key found;
    MCA_TRY(find_key(&found, study, name, error));
    const int is_of_layer = mca_key_is_of_layer(name); /* layers come with their list */
    mca_origin_place(&study->loaded.origins,
                     is_of_layer ? mca_key_find("network.layers") : found.key, text, size);
    return MCA_OK;
}

static void print_yaml(FILE *out, const void *what) {
    mca_scenario_write(what, out);
}

enum mca_status mca_study_yaml(struct mca_study *study, const char **text,
                               struct mca_error *error) {
    char *yaml;
    size_t size;
    MCA_TRY(mca_print_to_memory(print_yaml, &study->loaded.scenario, &yaml, &size, error));
    free(study->yaml);
    study->yaml = yaml;
    *text = yaml;
    return MCA_OK;
}

enum mca_status mca_study_hash(const struct mca_study *study, uint64_t *hash,
                               struct mca_error *error) {
    return mca_scenario_hash(&study->loaded.scenario, hash, error);
}

/* The scenario as it is now, checked, and its component library. */
static enum mca_status load_library(struct mca_study *study, struct mca_component_library *library,
                                    struct mca_error *error) {
    const struct mca_loaded_scenario *loaded = &study->loaded;
    MCA_TRY(mca_scenario_check(&loaded->scenario, &loaded->origins, error));
    return mca_load_library(library, &loaded->scenario, &loaded->origins, error);
}

enum mca_status mca_study_check(struct mca_study *study, struct mca_error *error) {
    struct mca_component_library library;
    MCA_TRY(load_library(study, &library, error));
    mca_component_library_deinit(&library);
    return MCA_OK;
}

enum mca_status mca_study_tell(struct mca_study *study, const struct mca_observer *observer,
                               struct mca_error *error) {
    struct mca_component_library library;
    const struct mca_loaded_scenario *loaded = &study->loaded;
    const struct mca_dataset *data = &study->simulation.data;
    MCA_TRY(load_library(study, &library, error));
    mca_scenario_notices(&loaded->scenario, &loaded->origins, data->name ? data : NULL, &library,
                         observer);
    mca_component_library_deinit(&library);
    return MCA_OK;
}

enum mca_status mca_study_load_data(struct mca_study *study, const char *dir,
                                    const struct mca_observer *observer, struct mca_error *error) {
    const struct mca_loaded_scenario *loaded = &study->loaded;
    struct mca_dataset data;
    MCA_TRY(mca_scenario_check(&loaded->scenario, &loaded->origins, error));
    MCA_TRY(mca_dataset_load(&data, &loaded->scenario.dataset, dir, observer, error));
    const enum mca_status status =
        mca_scenario_check_data(&loaded->scenario, &loaded->origins, &data, error);
    if (status != MCA_OK) {
        mca_dataset_deinit(&data);
        return status;
    }
    mca_dataset_deinit(&study->simulation.data);
    study->simulation.data = data;
    return MCA_OK;
}

enum mca_status mca_study_give_images(struct mca_study *study, const struct mca_image_set *images,
                                      struct mca_error *error) {
    struct mca_dataset *data = &study->simulation.data;
    const size_t size = (size_t)images->count * mca_image_values(images);
    struct mca_image_set copy = *images;
    if (size == 0) {
        return mca_fail(error, MCA_INVALID, "no image is given");
    }
    copy.pixels = malloc(size);
    copy.labels = calloc(images->count, 1);
    if (!copy.pixels || !copy.labels) {
        mca_image_set_deinit(&copy);
        return mca_fail_memory(error, "images");
    }
    memcpy(copy.pixels, images->pixels, size);
    mca_dataset_deinit(data);
    *data = (struct mca_dataset){.inputs = mca_image_values(images), .train = copy};
    return MCA_OK;
}

const struct mca_image_set *mca_study_images(const struct mca_study *study, int are_test) {
    const struct mca_dataset *data = &study->simulation.data;
    const struct mca_image_set *set = are_test ? &data->test : &data->train;
    return set->count > 0 ? set : NULL;
}

const char *mca_study_data_name(const struct mca_study *study) {
    return study->simulation.data.name;
}

int mca_study_needs_images(const struct mca_study *study) {
    return mca_calibration_is_due(&study->loaded.scenario.chip);
}

/* That calibration has images, of as many values as the network takes. */
static enum mca_status check_images(const struct mca_study *study, struct mca_error *error) {
    const struct mca_dataset *data = &study->simulation.data;
    struct mca_network network;
    if (!mca_study_needs_images(study)) {
        return MCA_OK;
    }
    if (data->train.count == 0) {
        return mca_fail(error, MCA_INVALID,
                        "the network leaves full scales open, which are found from training "
                        "images: load the data, or give images");
    }
    MCA_TRY(mca_network_init(&network, &study->loaded.scenario.chip.network, error));
    return data->inputs == mca_network_inputs(&network)
               ? MCA_OK
               : mca_fail(error, MCA_INVALID,
                          "network.layers: %u inputs, but images have %u values",
                          mca_network_inputs(&network), data->inputs);
}

enum mca_status mca_study_create_chip(struct mca_study *study, const char *source,
                                      const struct mca_observer *observer,
                                      struct mca_error *error) {
    struct mca_simulation *s = &study->simulation;
    MCA_TRY(mca_study_check(study, error));
    MCA_TRY(check_images(study, error));
    struct mca_chip *before = s->chip;
    s->scenario = study->loaded;
    s->chip = NULL;
    mca_simulation_expect_weights(s, source);
    const enum mca_status status = mca_simulation_create_chip(s, source, observer, error);
    mca_chip_destroy(status == MCA_OK ? before : s->chip);
    s->chip = status == MCA_OK ? s->chip : before;
    return status;
}

struct mca_chip *mca_study_chip(const struct mca_study *study) {
    return study->simulation.chip;
}

enum mca_status mca_study_run(const struct mca_study *study, const struct mca_run_job *job,
                              struct mca_error *error) {
    struct mca_run_job of_study = *job;
    of_study.scenario = (struct mca_scenario_args){.path = study->loaded.scenario.report.name,
                                                   .resolved = &study->loaded.scenario,
                                                   .origins = &study->loaded.origins};
    return mca_perform_run(&of_study, NULL, error);
}
