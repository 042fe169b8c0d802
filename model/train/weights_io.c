#include "train/weights_io.h"

#include <stdio.h>
#include <stdlib.h>

#include "arch/chip_state.h"
#include "base/npy.h"

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
};

/* The arrays that make a layer's state; returns how many. `words` stands for fixed-point chi,
 * [inputs][outputs], which the chip may hold in fewer bits. */
static size_t arrays_of(const struct mca_layer *layer, int32_t *words, struct array arrays[8]) {
    const struct mca_crossbar *x = &layer->crossbar;
    size_t n = 0;
    if (x->continuous_us) {
        arrays[n++] =
            (struct array){"weight_us", "<f8", sizeof(double), x->continuous_us, x->stride};
    } else {
        static const char *const names[3][2] = {{"g_plus", "g_minus"},
                                                {"pulses_plus", "pulses_minus"},
                                                {"writes_plus", "writes_minus"}};
        for (int side = 0; side < 2; ++side) {
            arrays[n++] = (struct array){names[0][side], "<u2", 2, x->g[side], x->stride};
            arrays[n++] =
                (struct array){names[1][side], "|u1", 1, x->pulses_since_reset[side], x->stride};
            arrays[n++] = (struct array){names[2][side], "<u4", 4, x->writes[side], x->stride};
        }
    }
    const struct mca_chi *chi = &layer->chi;
    arrays[n++] = chi->real ? (struct array){"chi", "<f8", 8, chi->real, chi->stride}
                            : (struct array){"chi", "<i4", 4, words, layer->outputs};
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

/* Codes beyond the grid would break the reads' sums; derived arrays are rebuilt. */
static enum mca_status adopt(struct mca_layer *layer, const int32_t *words, const char *dir,
                             struct mca_error *error) {
    struct mca_crossbar *x = &layer->crossbar;
    for (uint32_t r = 0; !x->continuous_us && r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const size_t cell = (size_t)r * x->stride + c;
            for (int side = 0; side < 2; ++side) {
                if (x->g[side][cell] > MCA_CONDUCTANCE_CODE_MAX) {
                    return mca_fail(error, MCA_INVALID,
                                    "%s: layer %u, row %u, column %u: conductance code %u is "
                                    "out of range 0..%d",
                                    dir, layer->index, r, c, x->g[side][cell],
                                    MCA_CONDUCTANCE_CODE_MAX);
                }
                mca_crossbar_restore(x, r, c, side, x->g[side][cell],
                                     x->pulses_since_reset[side][cell], x->writes[side][cell]);
            }
        }
    }
    const int64_t limit = ((int64_t)1 << (layer->chi.config.bits - 1)) - 1;
    for (uint32_t r = 0; !layer->chi.real && r < layer->inputs; ++r) {
        for (uint32_t c = 0; c < layer->outputs; ++c) {
            const int64_t word = words[(size_t)r * layer->outputs + c];
            if (word > limit || word < -limit) {
                return mca_fail(error, MCA_INVALID,
                                "%s: layer %u, row %u, column %u: chi %lld is out of range "
                                "%lld..%lld",
                                dir, layer->index, r, c, (long long)word, -(long long)limit,
                                (long long)limit);
            }
            mca_chi_put(&layer->chi, (size_t)r * layer->chi.stride + c, (int32_t)word);
        }
    }
    return MCA_OK;
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
    }
    return adopt(layer, words, dir, error);
}

enum mca_status mca_weights_load(struct mca_chip *chip, const char *dir, struct mca_error *error) {
    return each_layer(chip, load_layer, dir, error);
}
