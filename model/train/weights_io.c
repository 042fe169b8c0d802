#include "train/weights_io.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mathx.h"
#include "base/npy.h"
#include "chip/chip_state.h"

enum { PATH_SIZE = 4352 };

static enum mca_status path_of(char path[PATH_SIZE], const char *dir, uint32_t layer,
                               const char *array, struct mca_error *error) {
    const int length = snprintf(path, PATH_SIZE, "%s/layer%u_%s.npy", dir, layer, array);
    if (length < 0 || length >= PATH_SIZE) {
        return mca_fail(error, MCA_INVALID, "%s: path too long", dir);
    }
    return MCA_OK;
}

struct array {
    const char *name;
    const char *type;
    size_t size;
    void *data; /* [rows][stride] */
    size_t stride;
    double least; /* what a cell may hold */
    double most;
};

/* Larger numbers are no weights, and their sums and products would not stay finite. */
static const double REAL_MAX = 1e9;

/* Leaves as many writes again before the counter of a device, 32 bits, begins anew. */
static const double WRITES_MAX = 2147483648.0;

/* The arrays of a pulsed layer's devices. */
static size_t device_arrays(const struct mca_crossbar *x, struct array arrays[6]) {
    static const char *const names[3][2] = {
        {"g_plus", "g_minus"}, {"pulses_plus", "pulses_minus"}, {"writes_plus", "writes_minus"}};
    size_t n = 0;
    for (int side = 0; side < 2; ++side) {
        arrays[n++] = (struct array){names[0][side],          "<u2", 2, x->g[side], x->stride, 0.0,
                                     MCA_CONDUCTANCE_CODE_MAX};
        arrays[n++] = (struct array){names[1][side], "|u1", 1,        x->pulses_since_reset[side],
                                     x->stride,      0.0,   UINT8_MAX};
        arrays[n++] =
            (struct array){names[2][side], "<u4", 4, x->writes[side], x->stride, 0.0, WRITES_MAX};
    }
    return n;
}

/* The arrays that make a layer's state; returns how many. `words` stands for fixed-point chi,
 * [inputs][outputs], which the chip may hold in fewer bits. */
static size_t arrays_of(const struct mca_layer *layer, int32_t *words, struct array arrays[8]) {
    const struct mca_crossbar *x = &layer->crossbar;
    size_t n = 0;
    if (x->continuous_us) {
        arrays[n++] =
            (struct array){"weight_us", "<f8", 8, x->continuous_us, x->stride, -REAL_MAX, REAL_MAX};
    } else {
        n = device_arrays(x, arrays);
    }
    const struct mca_chi *chi = &layer->chi;
    const double top = mca_exp2i((int)chi->config.bits - 1) - 1.0;
    arrays[n++] = chi->real
                      ? (struct array){"chi", "<f8", 8, chi->real, chi->stride, -REAL_MAX, REAL_MAX}
                      : (struct array){"chi", "<i4", 4, words, layer->outputs, -top, top};
    return n;
}

static enum mca_status save_layer(struct mca_layer *layer, int32_t *words, const char *dir,
                                  struct mca_error *error) {
    struct array arrays[8];
    const size_t count = arrays_of(layer, words, arrays);
    for (uint32_t r = 0; !layer->chi.real && r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            words[(size_t)r * layer->outputs + c] =
                mca_chi_word(&layer->chi, (size_t)r * layer->chi.stride + c);
        }
    }
    for (size_t a = 0; a < count; ++a) {
        char path[PATH_SIZE];
        MCA_TRY(path_of(path, dir, layer->index, arrays[a].name, error));
        const struct mca_npy shape = {arrays[a].type, arrays[a].size, layer->inputs,
                                      layer->outputs};
        MCA_TRY(mca_npy_write(path, &shape, arrays[a].data, arrays[a].stride, error));
    }
    return MCA_OK;
}

/* `one` on every layer, with room for the layer's chi. */
static enum mca_status each_layer(const struct mca_chip *chip,
                                  enum mca_status (*one)(struct mca_layer *layer, int32_t *words,
                                                         const char *dir, struct mca_error *error),
                                  const char *dir, struct mca_error *error) {
    enum mca_status status = MCA_OK;
    for (uint32_t i = 0; i < chip->layer_count && status == MCA_OK; ++i) {
        struct mca_layer *layer = &chip->layers[i];
        int32_t *words = malloc((size_t)layer->inputs * layer->outputs * sizeof *words);
        status = words ? one(layer, words, dir, error) : mca_fail_memory(error, "weights");
        free(words);
    }
    return status;
}

enum mca_status mca_weights_save(const struct mca_chip *chip, const char *dir,
                                 struct mca_error *error) {
    return each_layer(chip, save_layer, dir, error);
}

static double cell_of(const struct array *array, size_t cell) {
    switch (array->type[1]) {
    case 'f':
        return ((const double *)array->data)[cell];
    case 'i':
        return ((const int32_t *)array->data)[cell];
    default:
        return array->size == 1   ? ((const uint8_t *)array->data)[cell]
               : array->size == 2 ? ((const uint16_t *)array->data)[cell]
                                  : ((const uint32_t *)array->data)[cell];
    }
}

/* Also refuses what is no number. */
static enum mca_status check_cells(const struct array *array, const struct mca_npy *shape,
                                   const char *path, struct mca_error *error) {
    for (size_t r = 0; r < shape->rows; ++r) {
        for (size_t c = 0; c < shape->cols; ++c) {
            const double value = cell_of(array, r * array->stride + c);
            if (!(value >= array->least && value <= array->most)) {
                return mca_fail(error, MCA_INVALID,
                                "%s: row %zu, column %zu: %.17g is out of range %.10g..%.10g", path,
                                r, c, value, array->least, array->most);
            }
        }
    }
    return MCA_OK;
}

/* Rebuilds what the chip derives from its cells. */
static void adopt(struct mca_layer *layer, const int32_t *words) {
    struct mca_crossbar *x = &layer->crossbar;
    for (uint32_t r = 0; !x->continuous_us && r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const size_t cell = (size_t)r * x->stride + c;
            for (int side = 0; side < 2; ++side) {
                mca_crossbar_restore(x, r, c, side, x->g[side][cell],
                                     x->pulses_since_reset[side][cell], x->writes[side][cell]);
            }
        }
    }
    for (uint32_t r = 0; !layer->chi.real && r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            mca_chi_put(&layer->chi, (size_t)r * layer->chi.stride + c,
                        words[(size_t)r * layer->outputs + c]);
        }
    }
}

static enum mca_status load_layer(struct mca_layer *layer, int32_t *words, const char *dir,
                                  struct mca_error *error) {
    struct array arrays[8];
    const size_t count = arrays_of(layer, words, arrays);
    for (size_t a = 0; a < count; ++a) {
        char path[PATH_SIZE];
        MCA_TRY(path_of(path, dir, layer->index, arrays[a].name, error));
        const struct mca_npy shape = {arrays[a].type, arrays[a].size, layer->inputs,
                                      layer->outputs};
        MCA_TRY(mca_npy_read(path, &shape, arrays[a].data, arrays[a].stride, error));
        MCA_TRY(check_cells(&arrays[a], &shape, path, error));
    }
    adopt(layer, words);
    return MCA_OK;
}

enum mca_status mca_weights_load(struct mca_chip *chip, const char *dir, struct mca_error *error) {
    return each_layer(chip, load_layer, dir, error);
}
