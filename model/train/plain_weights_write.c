#include <inttypes.h>
#include <string.h>

#include "base/zip_writer.h"
#include "chip/view.h"
#include "train/plain_weights.h"
#include "train/weight_form.h"

enum { HEADER_SIZE = 128, PREFIX = 10, CHUNK = 1024 };

/* A layer and where its weights go. */
struct layer_writer {
    struct mca_zip_writer *zip;
    const struct mca_network_layer *layer;
    struct mca_layer_view view;
    uint32_t count; /* of the chunk */
    unsigned char chunk[CHUNK * sizeof(float)];
};

static void flush(struct layer_writer *w) {
    mca_zip_writer_put(w->zip, w->chunk, w->count * sizeof(float));
    w->count = 0;
}

static void put(struct layer_writer *w, uint32_t row, uint32_t col) {
    const float narrow = (float)mca_layer_weight(&w->view, row, col);
    uint32_t word;
    memcpy(&word, &narrow, sizeof word);
    for (unsigned i = 0; i < 4; ++i) {
        w->chunk[4 * w->count + i] = (unsigned char)(word >> (8 * i));
    }
    if (++w->count == CHUNK) {
        flush(w);
    }
}

/* Begins an array of that shape: an .npy of format 1.0. */
static void begin_array(struct layer_writer *w, const char *what, const char *shape) {
    char name[MCA_ZIP_NAME_SIZE];
    char header[HEADER_SIZE + 1];
    (void)snprintf(name, sizeof name, "layer%" PRIu32 ".%s.npy", w->view.index, what);
    const int length =
        snprintf(header, sizeof header,
                 "%-*s{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", PREFIX, "", shape);
    memset(header + length, ' ', HEADER_SIZE - 1 - (size_t)length);
    memcpy(header, "\x93NUMPY\x01\x00", 8);
    header[8] = HEADER_SIZE - PREFIX;
    header[9] = 0;
    header[HEADER_SIZE - 1] = '\n';
    mca_zip_writer_begin(w->zip, name);
    mca_zip_writer_put(w->zip, header, HEADER_SIZE);
}

/* In PyTorch's order: filter by filter, channel by channel, along rows. */
static void write_layer(struct layer_writer *w) {
    const struct mca_network_layer *layer = w->layer;
    const uint32_t inputs = mca__weight_inputs(layer);
    const uint32_t channels = layer->in.channels;
    char shape[MCA_WEIGHT_SHAPE_SIZE];
    mca__weight_shape_text(layer, shape);
    begin_array(w, "weight", shape);
    for (uint32_t col = 0; col < layer->cols; ++col) {
        for (uint32_t c = 0; c < channels; ++c) {
            for (uint32_t row = c; row < inputs; row += channels) {
                put(w, row, col);
            }
        }
    }
    flush(w);
    (void)snprintf(shape, sizeof shape, "(%" PRIu32 ",)", layer->cols);
    begin_array(w, "bias", shape);
    for (uint32_t col = 0; col < layer->cols; ++col) {
        put(w, inputs, col);
    }
    flush(w);
}

int mca_plain_weights_fit(const struct mca_chip *chip) {
    const struct mca_network *network = mca_chip_network(chip);
    uint64_t bytes = 1 << 16; /* of headers */
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        bytes += (uint64_t)network->layers[i].rows * network->layers[i].cols * sizeof(float);
    }
    return bytes <= MCA_ZIP_BYTES_MAX;
}

enum mca_status mca_plain_weights_write(const struct mca_chip *chip, const char *path,
                                        struct mca_error *error) {
    const struct mca_network *network = mca_chip_network(chip);
    struct mca_zip_writer zip;
    MCA_TRY(mca_zip_writer_open(&zip, path, error));
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        if (network->layers[i].rows > 0) {
            struct layer_writer writer = {
                .zip = &zip, .layer = &network->layers[i], .view = mca_chip_layer(chip, i)};
            write_layer(&writer);
        }
    }
    return mca_zip_writer_close(&zip, error);
}
