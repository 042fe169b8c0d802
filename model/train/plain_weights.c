#include "train/plain_weights.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "network/layer_kind.h"
#include "train/weight_form.h"
#include "train/weight_source.h"
#include "train/weights_io.h"

/* The arrays of a layer. */
struct group {
    const char *stem; /* of both names, or the weights' name */
    size_t length;
    int is_named; /* NAME.weight, NAME.bias */
    uint32_t weight;
    uint32_t bias;
};

#define NO_ARRAY UINT32_MAX

struct reading {
    const struct mca_network *network;
    const struct mca_observer *observer;
    struct mca_weight_source source;
    struct group groups[MCA_WEIGHT_ARRAYS_MAX];
    uint32_t group_count;
    uint32_t matrices; /* layers that have one */
    struct group *of[MCA_LAYERS_MAX];
    struct mca_weight_form form[MCA_LAYERS_MAX];
    struct mca_given_weights *weights;
};

static const struct mca_weight_array *array_at(const struct reading *r, uint32_t index) {
    return &r->source.arrays[index];
}

/* --- names */

/* The length of a name without `end` and the sign before it; 0 where it does not end so. */
static size_t stem_of(const char *name, const char *end) {
    const size_t length = strlen(name);
    const size_t tail = strlen(end);
    const int ends = length > tail + 1 && strcmp(name + length - tail, end) == 0 &&
                     (name[length - tail - 1] == '.' || name[length - tail - 1] == '_');
    return ends ? length - tail - 1 : 0;
}

static struct group *group_of(struct reading *r, const char *stem, size_t length, int is_named) {
    for (uint32_t g = 0; is_named && g < r->group_count; ++g) {
        if (r->groups[g].length == length && memcmp(r->groups[g].stem, stem, length) == 0) {
            return &r->groups[g];
        }
    }
    struct group *group = &r->groups[r->group_count++];
    *group = (struct group){stem, length, is_named, NO_ARRAY, NO_ARRAY};
    return group;
}

/* An array without a name that says what it is: weights, or the biases of those before it. */
static enum mca_status add_unnamed(struct reading *r, uint32_t index, struct mca_error *error) {
    const struct mca_weight_array *array = array_at(r, index);
    struct group *before = r->group_count > 0 ? &r->groups[r->group_count - 1] : NULL;
    if (array->header.dimensions > 1 || (before && before->is_named)) { /* refused if these */
        group_of(r, array->name, strlen(array->name), 0)->weight = index;
        return MCA_OK;
    }
    if (!before || before->bias != NO_ARRAY) {
        return mca_fail(error, MCA_INVALID,
                        "%.400s: '%.128s' has one dimension, and no weights without a bias stand "
                        "before it",
                        r->source.path, array->name);
    }
    before->bias = index;
    return MCA_OK;
}

static enum mca_status add_named(struct reading *r, uint32_t index, size_t length, int is_bias,
                                 struct mca_error *error) {
    const char *name = array_at(r, index)->name;
    struct group *group = group_of(r, name, length, 1);
    uint32_t *place = is_bias ? &group->bias : &group->weight;
    if (*place != NO_ARRAY) {
        return mca_fail(error, MCA_INVALID, "%.400s: '%.128s' and '%.128s' are the same",
                        r->source.path, array_at(r, *place)->name, name);
    }
    *place = index;
    return MCA_OK;
}

static enum mca_status check_groups(const struct reading *r, struct mca_error *error) {
    for (uint32_t g = 0; g < r->group_count; ++g) {
        const struct group *group = &r->groups[g];
        if (group->is_named != r->groups[0].is_named) {
            return mca_fail(
                error, MCA_INVALID,
                "%.400s: '%.128s' is named NAME.weight or NAME.bias and '%.128s' is not",
                r->source.path, r->groups[group->is_named ? g : 0].stem,
                r->groups[group->is_named ? 0 : g].stem);
        }
        if (group->weight == NO_ARRAY) {
            return mca_fail(error, MCA_INVALID, "%.400s: '%.128s' has no %.*s.weight beside it",
                            r->source.path, array_at(r, group->bias)->name, (int)group->length,
                            group->stem);
        }
    }
    return MCA_OK;
}

static enum mca_status group_arrays(struct reading *r, struct mca_error *error) {
    for (uint32_t i = 0; i < r->source.count; ++i) {
        const size_t weight = stem_of(array_at(r, i)->name, "weight");
        const size_t bias = stem_of(array_at(r, i)->name, "bias");
        MCA_TRY(weight > 0 || bias > 0
                    ? add_named(r, i, weight > 0 ? weight : bias, bias > 0, error)
                    : add_unnamed(r, i, error));
    }
    return check_groups(r, error);
}

/* --- layers */

/* The layer of the project's own name, layerN, if it has a matrix; otherwise UINT32_MAX. */
static uint32_t own_layer(const struct reading *r, const struct group *group) {
    char own[24];
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        const int length = snprintf(own, sizeof own, "layer%" PRIu32, i);
        if (r->network->layers[i].rows > 0 && group->length == (size_t)length &&
            memcmp(group->stem, own, group->length) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* By number where every name is a layer's, by order otherwise. */
static enum mca_status assign(struct reading *r, struct mca_error *error) {
    int is_own = r->group_count == r->matrices;
    if (r->group_count != r->matrices) {
        return mca_fail(error, MCA_INVALID,
                        "%.400s: weights of %" PRIu32 " layers ('%.60s' to '%.60s'), the network "
                        "has %" PRIu32 " with weights",
                        r->source.path, r->group_count, array_at(r, r->groups[0].weight)->name,
                        array_at(r, r->groups[r->group_count - 1].weight)->name, r->matrices);
    }
    for (uint32_t g = 0; g < r->group_count; ++g) {
        is_own &= own_layer(r, &r->groups[g]) != UINT32_MAX;
    }
    uint32_t next = 0;
    for (uint32_t i = 0; i < r->network->layer_count && !is_own; ++i) {
        r->of[i] = r->network->layers[i].rows > 0 ? &r->groups[next++] : NULL;
        if (r->of[i]) {
            mca_observer_tell(r->observer, "%.400s: '%.128s' is of layer %" PRIu32 " (%s)",
                              r->source.path, array_at(r, r->of[i]->weight)->name, i,
                              r->network->layers[i].kind->name);
        }
    }
    for (uint32_t g = 0; g < r->group_count && is_own; ++g) {
        r->of[own_layer(r, &r->groups[g])] = &r->groups[g];
    }
    return MCA_OK;
}

/* --- shapes */

static enum mca_status refuse_shape(const struct reading *r, uint32_t layer, const char *why,
                                    struct mca_error *error) {
    const struct mca_weight_array *array = array_at(r, r->of[layer]->weight);
    char found[MCA_ARRAY_SHAPE_SIZE];
    char wanted[MCA_WEIGHT_SHAPE_SIZE];
    mca__array_shape_text(&array->header, found);
    mca__weight_shape_text(&r->network->layers[layer], wanted);
    return mca_fail(error, MCA_INVALID, "%.400s: '%.128s': %s for layer %" PRIu32 " (%s), %s%s",
                    r->source.path, array->name, found, layer, r->network->layers[layer].kind->name,
                    why, wanted);
}

static enum mca_status find_forms(struct reading *r, struct mca_error *error) {
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        if (!r->of[i]) {
            continue;
        }
        const struct mca_weight_array *array = array_at(r, r->of[i]->weight);
        const uint32_t count = mca__weight_form_of(&r->network->layers[i], &array->header,
                                                   r->of[i]->is_named, &r->form[i]);
        if (count == 0) {
            return refuse_shape(r, i, "expected ", error);
        }
        if (count > 1 && !r->of[i]->is_named) {
            return refuse_shape(
                r, i, "can be read in two ways; name it NAME.weight, with the shape ", error);
        }
        if (r->form[i].has_bias && r->of[i]->bias != NO_ARRAY) {
            return refuse_shape(r, i, "has its bias twice; without it the shape is ", error);
        }
    }
    return MCA_OK;
}

/* Whether the shape of a layer's array is the same either way round. */
static int is_symmetric(const struct reading *r, uint32_t layer) {
    struct mca_weight_form form;
    return mca__weight_form_of(&r->network->layers[layer],
                               &array_at(r, r->of[layer]->weight)->header, r->of[layer]->is_named,
                               &form) > 1;
}

/* Arrays that others of the same file are turned beside are not known to stand right. */
static enum mca_status check_symmetric(const struct reading *r, struct mca_error *error) {
    int is_turned[2] = {0, 0}; /* of dense layers, of convolutions */
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        is_turned[r->network->layers[i].config.kernel > 0] |= r->of[i] && r->form[i].outputs_last;
    }
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        if (r->of[i] && r->of[i]->is_named && is_symmetric(r, i) &&
            is_turned[r->network->layers[i].config.kernel > 0]) {
            return refuse_shape(r, i,
                                "can be read in two ways, and other arrays of the file are turned; "
                                "expected ",
                                error);
        }
    }
    return MCA_OK;
}

/* The order of a window's values, for dense layers that take them: that of the convolutions, or
 * PyTorch's where names are PyTorch's. */
static enum mca_status find_order(struct reading *r, struct mca_error *error) {
    uint32_t count[2] = {0, 0}; /* of convolutions with channels last, first */
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        if (r->of[i] && r->network->layers[i].config.kernel > 0) {
            ++count[r->form[i].channels_first];
        }
    }
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        const struct mca_network_layer *layer = &r->network->layers[i];
        if (!r->of[i] || !mca__weight_order_matters(layer)) {
            continue;
        }
        if (count[0] > 0 && count[1] > 0) {
            return refuse_shape(
                r, i,
                "and another convolution have their channels at different ends; with "
                "channels first everywhere it is ",
                error);
        }
        if (count[0] + count[1] == 0 && !r->of[i]->is_named) {
            return refuse_shape(r, i,
                                "does not tell the order of its inputs; name it NAME.weight, with "
                                "channels first and the shape ",
                                error);
        }
        r->form[i].channels_first = count[0] == 0;
    }
    return MCA_OK;
}

static enum mca_status check_bias(const struct reading *r, uint32_t layer,
                                  struct mca_error *error) {
    const struct mca_weight_array *bias = array_at(r, r->of[layer]->bias);
    const uint32_t outputs = r->network->layers[layer].cols;
    char found[MCA_ARRAY_SHAPE_SIZE];
    int is_row = bias->header.elements == outputs;
    for (uint32_t d = 0; d < bias->header.dimensions; ++d) {
        is_row &= bias->header.sizes[d] == 1 || bias->header.sizes[d] == outputs;
    }
    mca__array_shape_text(&bias->header, found);
    return is_row ? MCA_OK
                  : mca_fail(error, MCA_INVALID,
                             "%.400s: '%.128s': %s for layer %" PRIu32 " (%s), expected (%" PRIu32
                             ",)",
                             r->source.path, bias->name, found, layer,
                             r->network->layers[layer].kind->name, outputs);
}

/* --- values */

static void tell_form(const struct reading *r, uint32_t layer) {
    const struct mca_weight_array *array = array_at(r, r->of[layer]->weight);
    const int is_dense = r->network->layers[layer].config.kernel == 0;
    char shape[MCA_ARRAY_SHAPE_SIZE];
    mca__array_shape_text(&array->header, shape);
    if (r->form[layer].outputs_last) {
        mca_observer_tell(r->observer, "%.400s: '%.128s': %s is %s, and is turned", r->source.path,
                          array->name, shape,
                          is_dense ? "inputs x outputs" : "kernel x kernel x channels x filters");
    }
    if (r->of[layer]->bias == NO_ARRAY && !r->form[layer].has_bias) {
        mca_observer_tell(r->observer, "%.400s: '%.128s' comes without a bias, which is 0",
                          r->source.path, array->name);
    }
}

static enum mca_status read_array(const struct reading *r, uint32_t index, double **elements,
                                  struct mca_error *error) {
    *elements = malloc(array_at(r, index)->header.elements * sizeof **elements);
    if (!*elements) {
        return mca_fail_memory(error, "weights");
    }
    const enum mca_status status = mca__weight_source_read(&r->source, index, *elements, error);
    if (status != MCA_OK) {
        free(*elements);
    }
    return status;
}

static enum mca_status fill_layer(struct reading *r, uint32_t index, struct mca_error *error) {
    const struct mca_network_layer *layer = &r->network->layers[index];
    const struct mca_weight_form *form = &r->form[index];
    double *elements;
    double *cells = calloc((size_t)layer->rows * layer->cols, sizeof *cells);
    if (!cells) {
        return mca_fail_memory(error, "weights");
    }
    r->weights->layers[index] = cells;
    MCA_TRY(read_array(r, r->of[index]->weight, &elements, error));
    for (uint32_t row = 0; row < layer->rows - (form->has_bias ? 0u : 1u); ++row) {
        for (uint32_t col = 0; col < layer->cols; ++col) {
            cells[(size_t)row * layer->cols + col] =
                elements[mca__weight_place(layer, form, row, col)];
        }
    }
    free(elements);
    if (r->of[index]->bias != NO_ARRAY) {
        MCA_TRY(read_array(r, r->of[index]->bias, &elements, error));
        memcpy(cells + (size_t)(layer->rows - 1) * layer->cols, elements,
               layer->cols * sizeof *elements);
        free(elements);
    }
    tell_form(r, index);
    return MCA_OK;
}

static enum mca_status read_all(struct reading *r, struct mca_error *error) {
    MCA_TRY(group_arrays(r, error));
    MCA_TRY(assign(r, error));
    MCA_TRY(find_forms(r, error));
    MCA_TRY(check_symmetric(r, error));
    MCA_TRY(find_order(r, error));
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        MCA_TRY(r->of[i] && r->of[i]->bias != NO_ARRAY ? check_bias(r, i, error) : MCA_OK);
    }
    for (uint32_t i = 0; i < r->network->layer_count; ++i) {
        MCA_TRY(r->of[i] ? fill_layer(r, i, error) : MCA_OK);
    }
    return MCA_OK;
}

enum mca_status mca_plain_weights_read(struct mca_given_weights *weights, const char *path,
                                       const struct mca_network *network,
                                       const struct mca_observer *observer,
                                       struct mca_error *error) {
    struct reading *r = calloc(1, sizeof *r);
    if (!r) {
        return mca_fail_memory(error, "weights");
    }
    *weights = (struct mca_given_weights){0};
    r->network = network;
    r->observer = observer;
    r->weights = weights;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        r->matrices += network->layers[i].rows > 0;
    }
    enum mca_status status = mca__weight_source_open(&r->source, path, error);
    if (status == MCA_OK) {
        status = read_all(r, error);
        mca__weight_source_close(&r->source);
    }
    if (status != MCA_OK) {
        mca_plain_weights_deinit(weights);
    }
    free(r);
    return status;
}

void mca_plain_weights_deinit(struct mca_given_weights *weights) {
    for (uint32_t i = 0; i < MCA_LAYERS_MAX; ++i) {
        free(weights->layers[i]);
    }
    *weights = (struct mca_given_weights){0};
}

int mca_weights_are_plain(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        const size_t length = strlen(path);
        return stat(path, &status) == 0 || (length > 4 && strcmp(path + length - 4, ".npz") == 0);
    }
    DIR *dir = opendir(path);
    int is_plain = 0;
    for (const struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        const size_t length = strlen(entry->d_name);
        is_plain |= entry->d_name[0] != '.' && length > 4 &&
                    strcmp(entry->d_name + length - 4, ".npy") == 0 &&
                    !mca_weights_is_state_file(entry->d_name);
    }
    if (dir) {
        (void)closedir(dir);
    }
    return is_plain;
}
