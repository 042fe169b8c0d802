/* The .npz of a chip's weights, by libzip: stored and with a fixed date, so that the same weights
 * are the same bytes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "chip/view.h"
#include "train/plain_weights.h"
#include "train/weight_form.h"

enum { PREFIX = 10, HEADER_SIZE = 128, NAME_SIZE = 48 };

/* 1 January 1980, the first that a zip knows. */
enum { DOS_DATE = 1 << 5 | 1, DOS_TIME = 0 };

/* Of an archive that is written: the message names its path. */
static enum mca_status refuse(const char *path, zip_error_t *reason, struct mca_error *error) {
    if (zip_error_code_zip(reason) == ZIP_ER_MEMORY) {
        return mca_fail_memory(error, "weights");
    }
    errno = zip_error_system_type(reason) == ZIP_ET_SYS ? zip_error_code_system(reason) : EIO;
    return mca_fail_errno(error, "%s", path);
}

/* An .npy of format 1.0, to be freed; its elements begin after HEADER_SIZE bytes. */
static void *make_array(const char *shape, uint64_t elements) {
    unsigned char *bytes = malloc(HEADER_SIZE + elements * sizeof(float));
    if (bytes) {
        memset(bytes, ' ', HEADER_SIZE);
        memcpy(bytes, "\x93NUMPY\x01\x00", 8);
        bytes[8] = HEADER_SIZE - PREFIX;
        bytes[9] = 0;
        const int length =
            snprintf((char *)bytes + PREFIX, HEADER_SIZE - PREFIX,
                     "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shape);
        bytes[PREFIX + length] = ' ';
        bytes[HEADER_SIZE - 1] = '\n';
    }
    return bytes;
}

static void put(void *array, uint64_t place, double value) {
    const float narrow = (float)value;
    uint32_t word;
    unsigned char *bytes = (unsigned char *)array + HEADER_SIZE + place * sizeof word;
    memcpy(&word, &narrow, sizeof word);
    for (int i = 0; i < 4; ++i) {
        bytes[i] = (unsigned char)(word >> (8 * i));
    }
}

static double weight_at(const struct mca_layer_view *layer, uint32_t row, uint32_t col) {
    const struct mca_chi *chi = layer->chi;
    const size_t cell = (size_t)row * chi->stride + col;
    if (!layer->is_digital) {
        return mca_matrix_weight_us(layer->matrix, row, col) / layer->unit_weight_us;
    }
    return layer->word_weight * (chi->real ? chi->real[cell] : mca_chi_word(chi, cell));
}

/* Adds an array to the archive, which frees it, whatever the outcome. */
static enum mca_status add_array(zip_t *archive, const char *name, void *array, uint64_t elements,
                                 const char *path, struct mca_error *error) {
    zip_source_t *source =
        zip_source_buffer(archive, array, HEADER_SIZE + elements * sizeof(float), 1);
    if (!source) {
        free(array);
        return refuse(path, zip_get_error(archive), error);
    }
    const zip_int64_t entry = zip_file_add(archive, name, source, 0);
    if (entry < 0) {
        zip_source_free(source);
        return refuse(path, zip_get_error(archive), error);
    }
    const zip_uint64_t at = (zip_uint64_t)entry;
    return zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) == 0 &&
                   zip_file_set_dostime(archive, at, DOS_TIME, DOS_DATE, 0) == 0
               ? MCA_OK
               : refuse(path, zip_get_error(archive), error);
}

static enum mca_status add_weights(zip_t *archive, const struct mca_layer_view *view,
                                   const struct mca_network_layer *layer, const char *path,
                                   struct mca_error *error) {
    char name[NAME_SIZE];
    char shape[MCA_WEIGHT_SHAPE_SIZE];
    const uint32_t inputs = mca__weight_inputs(layer);
    const uint64_t elements = (uint64_t)inputs * layer->cols;
    mca__weight_shape_text(layer, shape);
    void *array = make_array(shape, elements);
    if (!array) {
        return mca_fail_memory(error, "weights");
    }
    for (uint32_t row = 0; row < inputs; ++row) {
        for (uint32_t col = 0; col < layer->cols; ++col) {
            put(array, mca__weight_place(layer, &MCA_WEIGHT_FORM_PLAIN, row, col),
                weight_at(view, row, col));
        }
    }
    (void)snprintf(name, sizeof name, "layer%u.weight.npy", view->index);
    return add_array(archive, name, array, elements, path, error);
}

static enum mca_status add_bias(zip_t *archive, const struct mca_layer_view *view,
                                const struct mca_network_layer *layer, const char *path,
                                struct mca_error *error) {
    char name[NAME_SIZE];
    char shape[MCA_WEIGHT_SHAPE_SIZE];
    (void)snprintf(shape, sizeof shape, "(%u,)", layer->cols);
    void *array = make_array(shape, layer->cols);
    if (!array) {
        return mca_fail_memory(error, "weights");
    }
    for (uint32_t col = 0; col < layer->cols; ++col) {
        put(array, col, weight_at(view, mca__weight_inputs(layer), col));
    }
    (void)snprintf(name, sizeof name, "layer%u.bias.npy", view->index);
    return add_array(archive, name, array, layer->cols, path, error);
}

static enum mca_status add_layers(zip_t *archive, const struct mca_chip *chip, const char *path,
                                  struct mca_error *error) {
    const struct mca_network *network = mca_chip_network(chip);
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_layer_view view = mca_chip_layer(chip, i);
        if (network->layers[i].rows > 0) {
            MCA_TRY(add_weights(archive, &view, &network->layers[i], path, error));
            MCA_TRY(add_bias(archive, &view, &network->layers[i], path, error));
        }
    }
    return MCA_OK;
}

enum mca_status mca_plain_weights_write(const struct mca_chip *chip, const char *path,
                                        struct mca_error *error) {
    zip_error_t reason;
    int code = 0;
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (!archive) {
        zip_error_init_with_code(&reason, code);
        const enum mca_status status = refuse(path, &reason, error);
        zip_error_fini(&reason);
        return status;
    }
    enum mca_status status = add_layers(archive, chip, path, error);
    if (status == MCA_OK && zip_close(archive) == 0) { /* which writes it, and frees it then */
        return MCA_OK;
    }
    if (status == MCA_OK) {
        status = refuse(path, zip_get_error(archive), error);
    }
    zip_discard(archive);
    return status;
}
