#include "train/weights_io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array/drifting.h"
#include "base/mathx.h"
#include "base/npy.h"
#include "chip/snapshot.h"
#include "chip/view.h"

enum { PATH_SIZE = 4352 };

static enum mca_status path_of(char path[PATH_SIZE], const char *dir, uint32_t layer,
                               const char *array, struct mca_error *error) {
    const int length = snprintf(path, PATH_SIZE, "%s/layer%u_%s.npy", dir, layer, array);
    if (length < 0 || length >= PATH_SIZE) {
        return mca_fail(error, MCA_INVALID, "%.60s...: the path is too long", dir);
    }
    return MCA_OK;
}

/* One of the arrays that make a layer's state; its cells are found by `at`. */
struct array {
    const char *name;
    const char *type;
    size_t size;
    double least; /* what a cell may hold */
    double most;
    const void *data; /* the chip's, [inputs][stride]; NULL where it holds them otherwise ... */
    size_t stride;
    /* ... and this makes them; NULL where memory is short */
    void *(*make)(const struct mca_layer_view *layer);
};

/* Larger numbers are no weights, and their sums and products would not stay finite. */
static const double REAL_MAX = 1e9;

/* Leaves as many writes again before the counter of a device, 32 bits, begins anew. */
static const double WRITES_MAX = 2147483648.0;

/* The cell of element `at` of an array [inputs][outputs]. */
static size_t chi_cell(const struct mca_layer_view *layer, size_t at) {
    return mca_chi_cell(layer->chi, (uint32_t)(at / layer->outputs),
                        (uint32_t)(at % layer->outputs));
}

/* Words of fixed-point chi. */
static void *words_of(const struct mca_layer_view *layer) {
    const size_t cells = (size_t)layer->inputs * layer->outputs;
    int32_t *words = malloc(cells * sizeof *words);
    for (size_t at = 0; words && at < cells; ++at) {
        words[at] = mca_chi_word(layer->chi, chi_cell(layer, at));
    }
    return words;
}

/* Words in floating point, or the weights of a digital layer, exact, as a word is a weight of a
 * power of two. */
static void *reals_of(const struct mca_layer_view *layer) {
    const struct mca_chi *chi = layer->chi;
    const double each = layer->is_digital ? layer->word_weight : 1.0;
    const size_t cells = (size_t)layer->inputs * layer->outputs;
    double *reals = malloc(cells * sizeof *reals);
    for (size_t at = 0; reals && at < cells; ++at) {
        const size_t cell = chi_cell(layer, at);
        reals[at] = each * (chi->real ? chi->real[cell] : mca_chi_word(chi, cell));
    }
    return reals;
}

/* How long ago devices were programmed; 2^61 ps stand for longer, too. */
static void *ages_of(const struct mca_layer_view *layer, int side) {
    const struct mca_matrix *x = layer->matrix;
    double *ages_ps = malloc((size_t)layer->inputs * layer->outputs * sizeof *ages_ps);
    for (size_t r = 0; ages_ps && r < layer->inputs; ++r) {
        for (size_t c = 0; c < layer->outputs; ++c) {
            const int64_t age_ps = mca_drifting_age_ps(x->drifting, r * x->stride + c, side);
            ages_ps[r * layer->outputs + c] =
                (double)(age_ps < MCA_DRIFT_TIME_MAX ? age_ps : MCA_DRIFT_TIME_MAX);
        }
    }
    return ages_ps;
}

static void *ages_plus(const struct mca_layer_view *layer) {
    return ages_of(layer, 0);
}

static void *ages_minus(const struct mca_layer_view *layer) {
    return ages_of(layer, 1);
}

enum { STATE_ARRAYS = 6, DRIFT_ARRAYS = 4 };           /* of pulsed devices */
enum { ARRAYS_MAX = STATE_ARRAYS + DRIFT_ARRAYS + 1 }; /* chi last */

static size_t device_arrays(const struct mca_matrix *x, struct array arrays[STATE_ARRAYS]) {
    static const char *const names[3][2] = {
        {"g_plus", "g_minus"}, {"pulses_plus", "pulses_minus"}, {"writes_plus", "writes_minus"}};
    size_t n = 0;
    for (int side = 0; side < 2; ++side) {
        arrays[n++] = (struct array){names[0][side],           "<u2",      2,         0.0,
                                     MCA_CONDUCTANCE_CODE_MAX, x->g[side], x->stride, NULL};
        arrays[n++] = (struct array){
            names[1][side], "|u1", 1, 0.0, UINT8_MAX, x->pulses_since_reset[side], x->stride, NULL};
        arrays[n++] = (struct array){names[2][side], "<u4",           4,         0.0,
                                     WRITES_MAX,     x->writes[side], x->stride, NULL};
    }
    return n;
}

static const char *const PROGRAMMED[2] = {"programmed_plus", "programmed_minus"};
static const char *const AGES[2] = {"age_ps_plus", "age_ps_minus"};

/* Of devices that drift while the chip trains. */
static size_t drift_arrays(const struct mca_matrix *x, struct array arrays[DRIFT_ARRAYS]) {
    const struct mca_drifting *drifting = x->drifting;
    for (int side = 0; side < 2; ++side) {
        arrays[2 * side] = (struct array){
            PROGRAMMED[side],           "<u2",     2,   0.0, MCA_CONDUCTANCE_CODE_MAX,
            drifting->programmed[side], x->stride, NULL};
        arrays[2 * side + 1] = (struct array){AGES[side],
                                              "<f8",
                                              8,
                                              0.0,
                                              (double)MCA_DRIFT_TIME_MAX,
                                              NULL,
                                              x->cols,
                                              side ? ages_minus : ages_plus};
    }
    return DRIFT_ARRAYS;
}

/* Fixed-point chi may be held in fewer bits than its array has; a chip without chi has no array of
 * it. */
static size_t arrays_of(const struct mca_layer_view *layer, struct array arrays[ARRAYS_MAX]) {
    const struct mca_matrix *x = layer->matrix;
    const struct mca_chi *chi = layer->chi;
    size_t n = 1;
    if (layer->is_digital) {
        const double most = chi->real
                                ? REAL_MAX
                                : (mca_exp2i((int)chi->config.bits - 1) - 1.0) * layer->word_weight;
        arrays[0] = (struct array){"weight", "<f8", 8, -most, most, NULL, layer->outputs, reals_of};
        return n;
    }
    if (x->continuous_us) {
        const double most_us = x->largest_us < REAL_MAX ? x->largest_us : REAL_MAX;
        arrays[0] = (struct array){"weight_us",      "<f8",     8,   -most_us, most_us,
                                   x->continuous_us, x->stride, NULL};
    } else {
        n = device_arrays(x, arrays);
        n += x->drifting ? drift_arrays(x, arrays + n) : 0;
    }
    if (!mca_chi_is_kept(chi)) {
        return n;
    }
    const double top = mca_exp2i((int)chi->config.bits - 1) - 1.0;
    arrays[n++] =
        chi->real
            ? (struct array){"chi", "<f8", 8, -REAL_MAX, REAL_MAX, NULL, layer->outputs, reals_of}
            : (struct array){"chi", "<i4", 4, -top, top, NULL, layer->outputs, words_of};
    return n;
}

static const char UNIT_WEIGHT[] = "unit_weight_us";
static const struct mca_npy UNIT_WEIGHT_SHAPE = {"<f8", 8, 1, 1};
static const double UNIT_WEIGHT_MIN = 1e-6; /* as its key has it */
static const double UNIT_WEIGHT_MAX = 1e3;

static enum mca_status save_unit_weight(const struct mca_chip *chip, uint32_t layer,
                                        const char *dir, struct mca_error *error) {
    const double unit_us = mca_chip_config_of(chip)->network.found[layer].unit_weight_us;
    char path[PATH_SIZE];
    if (unit_us == 0.0) {
        return MCA_OK;
    }
    MCA_TRY(path_of(path, dir, layer, UNIT_WEIGHT, error));
    return mca_npy_write(path, &UNIT_WEIGHT_SHAPE, &unit_us, 1, error);
}

enum mca_status mca_weights_load_units(struct mca_network_config *network, const char *dir,
                                       struct mca_error *error) {
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        char path[PATH_SIZE];
        double *unit_us = &network->found[i].unit_weight_us;
        *unit_us = 0.0;
        MCA_TRY(path_of(path, dir, i, UNIT_WEIGHT, error));
        if (access(path, F_OK) != 0) {
            continue;
        }
        MCA_TRY(mca_npy_read(path, &UNIT_WEIGHT_SHAPE, unit_us, 1, error));
        if (!(*unit_us >= UNIT_WEIGHT_MIN && *unit_us <= UNIT_WEIGHT_MAX)) {
            return mca_fail(error, MCA_INVALID, "%s: %.17g is out of range %g..%g", path, *unit_us,
                            UNIT_WEIGHT_MIN, UNIT_WEIGHT_MAX);
        }
    }
    return MCA_OK;
}

int mca_weights_is_state_file(const char *name) {
    static const char *const ARRAYS[] = {
        "g_plus",      "g_minus",      "pulses_plus",     "pulses_minus",
        "writes_plus", "writes_minus", "programmed_plus", "programmed_minus",
        "age_ps_plus", "age_ps_minus", "weight_us",       "weight",
        "chi",         UNIT_WEIGHT};
    char expected[64];
    char *end;
    const unsigned long layer = strncmp(name, "layer", 5) == 0 ? strtoul(name + 5, &end, 10) : 0;
    int is_one = 0;
    for (size_t i = 0; i < sizeof ARRAYS / sizeof ARRAYS[0]; ++i) {
        (void)snprintf(expected, sizeof expected, "layer%lu_%s.npy", layer, ARRAYS[i]);
        is_one |= strcmp(name, expected) == 0;
    }
    return is_one;
}

static enum mca_status save_array(const struct mca_layer_view *layer, const struct array *array,
                                  const char *dir, struct mca_error *error) {
    char path[PATH_SIZE];
    MCA_TRY(path_of(path, dir, layer->index, array->name, error));
    const struct mca_npy shape = {array->type, array->size, layer->inputs, layer->outputs};
    void *made = array->make ? array->make(layer) : NULL;
    if (array->make && !made) {
        return mca_fail_memory(error, "weights");
    }
    const enum mca_status status =
        mca_npy_write(path, &shape, array->data ? array->data : made, array->stride, error);
    free(made);
    return status;
}

enum mca_status mca_weights_save(const struct mca_chip *chip, const char *dir,
                                 struct mca_error *error) {
    for (uint32_t i = 0; i < mca_chip_layer_count(chip); ++i) {
        const struct mca_layer_view layer = mca_chip_layer(chip, i);
        struct array arrays[ARRAYS_MAX];
        const size_t count = arrays_of(&layer, arrays);
        for (size_t a = 0; a < count; ++a) {
            MCA_TRY(save_array(&layer, &arrays[a], dir, error));
        }
        MCA_TRY(save_unit_weight(chip, i, dir, error));
    }
    return MCA_OK;
}

/* Cell `at` of an array that was read. */
static double cell_of(const struct array *array, const void *cells, size_t at) {
    switch (array->type[1]) {
    case 'f':
        return ((const double *)cells)[at];
    case 'i':
        return ((const int32_t *)cells)[at];
    default:
        return array->size == 1   ? ((const uint8_t *)cells)[at]
               : array->size == 2 ? ((const uint16_t *)cells)[at]
                                  : ((const uint32_t *)cells)[at];
    }
}

/* Also refuses what is no number. */
static enum mca_status check_cells(const struct array *array, const void *cells,
                                   const struct mca_npy *shape, const char *path,
                                   struct mca_error *error) {
    for (size_t r = 0; r < shape->rows; ++r) {
        for (size_t c = 0; c < shape->cols; ++c) {
            const double value = cell_of(array, cells, r * shape->cols + c);
            if (!(value >= array->least && value <= array->most)) {
                return mca_fail(error, MCA_INVALID,
                                "%s: row %zu, column %zu: %.17g is out of range %.10g..%.10g", path,
                                r, c, value, array->least, array->most);
            }
        }
    }
    return MCA_OK;
}

/* Arrays of a layer as they were read, [inputs][outputs] each; NULL for those that it may lack. */
struct loaded {
    struct array arrays[ARRAYS_MAX];
    void *cells[ARRAYS_MAX];
    size_t count;
};

static int is_of_drift(const struct mca_layer_view *layer, size_t a) {
    return layer->matrix->drifting && a >= STATE_ARRAYS && a < STATE_ARRAYS + DRIFT_ARRAYS;
}

/* A chip whose devices did not drift while it was trained has saved none of their arrays; one of
 * them alone is a fault. */
static enum mca_status find_drift(const struct mca_layer_view *layer, const char *dir,
                                  int *is_there, struct mca_error *error) {
    char path[PATH_SIZE];
    for (int side = 0; side < 2 && layer->matrix->drifting; ++side) {
        MCA_TRY(path_of(path, dir, layer->index, PROGRAMMED[side], error));
        *is_there |= access(path, F_OK) == 0;
        MCA_TRY(path_of(path, dir, layer->index, AGES[side], error));
        *is_there |= access(path, F_OK) == 0;
    }
    return MCA_OK;
}

static enum mca_status load_array(struct loaded *loaded, size_t a,
                                  const struct mca_layer_view *layer, const char *dir,
                                  struct mca_error *error) {
    const struct array *array = &loaded->arrays[a];
    char path[PATH_SIZE];
    MCA_TRY(path_of(path, dir, layer->index, array->name, error));
    const struct mca_npy shape = {array->type, array->size, layer->inputs, layer->outputs};
    loaded->cells[a] = malloc((size_t)layer->inputs * layer->outputs * array->size);
    if (!loaded->cells[a]) {
        return mca_fail_memory(error, "weights");
    }
    MCA_TRY(mca_npy_read(path, &shape, loaded->cells[a], layer->outputs, error));
    return check_cells(array, loaded->cells[a], &shape, path, error);
}

static void put_age(struct mca_chip *chip, const struct mca_layer_view *layer,
                    const struct loaded *loaded, uint32_t row, uint32_t col) {
    const size_t at = (size_t)row * layer->outputs + col;
    for (int side = 0; layer->matrix->drifting && side < 2; ++side) {
        const void *const *of = (const void *const *)loaded->cells + STATE_ARRAYS + 2 * side;
        if (of[0] && of[1]) {
            mca_chip_put_age(chip, layer->index, row, col, side, ((const uint16_t *)of[0])[at],
                             (int64_t)((const double *)of[1])[at]);
        }
    }
}

static void put_cell(struct mca_chip *chip, const struct mca_layer_view *layer,
                     const struct loaded *loaded, uint32_t row, uint32_t col) {
    const size_t at = (size_t)row * layer->outputs + col;
    const size_t last = loaded->count - 1;
    const void *const *cells = (const void *const *)loaded->cells;
    if (layer->is_digital) {
        const double words = ((const double *)cells[0])[at] / layer->word_weight;
        mca_chip_put_chi(chip, layer->index, row, col, layer->chi->real ? words : mca_round(words));
        return;
    }
    if (layer->matrix->continuous_us) {
        mca_chip_put_weight_us(chip, layer->index, row, col, ((const double *)cells[0])[at]);
    } else {
        for (int side = 0; side < 2; ++side) {
            const void *const *of = side ? cells + 3 : cells;
            const struct mca_device_state state = {((const uint16_t *)of[0])[at],
                                                   ((const uint8_t *)of[1])[at],
                                                   ((const uint32_t *)of[2])[at]};
            mca_chip_put_device(chip, layer->index, row, col, side, state);
        }
        put_age(chip, layer, loaded, row, col);
    }
    if (mca_chi_is_kept(layer->chi)) {
        mca_chip_put_chi(chip, layer->index, row, col,
                         cell_of(&loaded->arrays[last], cells[last], at));
    }
}

static enum mca_status load_layer(struct mca_chip *chip, uint32_t index, const char *dir,
                                  struct mca_error *error) {
    const struct mca_layer_view layer = mca_chip_layer(chip, index);
    struct loaded loaded = {.cells = {NULL}};
    int has_drift = 0;
    loaded.count = arrays_of(&layer, loaded.arrays);
    enum mca_status status = find_drift(&layer, dir, &has_drift, error);
    for (size_t a = 0; a < loaded.count && status == MCA_OK; ++a) {
        const int may_lack = is_of_drift(&layer, a) && !has_drift;
        status = may_lack ? MCA_OK : load_array(&loaded, a, &layer, dir, error);
    }
    for (uint32_t r = 0; r < layer.inputs && status == MCA_OK; ++r) {
        for (uint32_t c = 0; c < layer.outputs; ++c) {
            put_cell(chip, &layer, &loaded, r, c);
        }
    }
    for (size_t a = 0; a < loaded.count; ++a) {
        free(loaded.cells[a]);
    }
    return status;
}

enum mca_status mca_weights_load(struct mca_chip *chip, const char *dir, struct mca_error *error) {
    for (uint32_t i = 0; i < mca_chip_layer_count(chip); ++i) {
        MCA_TRY(load_layer(chip, i, dir, error));
    }
    return mca_chip_begin_wear(chip, error);
}
