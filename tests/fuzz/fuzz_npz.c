/*
 * Plain weights of other programs. The first byte of the input chooses: the rest is an archive, or
 * what is in one whose directory and checksums are right: the arrays of a small network, of which
 * one is the input. What is accepted are finite weights within bounds; what is refused is told by
 * the file's name, in one line.
 */
#include "fuzz/fuzz.h"

#include <math.h>
#include <string.h>

#include "base/zip_writer.h"
#include "chip/chip.h"
#include "mca_fixture.h"
#include "network/network.h"
#include "train/plain_weights.h"

enum { PIXELS = 3, HIDDEN = 2, OUTPUTS = 2, ARRAY_SIZE = 128 };

static const struct mca_u32_list WIDTHS = {3, {PIXELS, HIDDEN, OUTPUTS}};

static const struct {
    const char *name;
    const char *shape;
    size_t elements;
} ARRAYS[] = {{"a.weight.npy", "(2, 3)", 6},
              {"a.bias.npy", "(2,)", 2},
              {"b.weight.npy", "(2, 2)", 4},
              {"b.bias.npy", "(2,)", 2}};

enum { ARRAY_COUNT = sizeof ARRAYS / sizeof ARRAYS[0] };

static void put_array(struct mca_zip_writer *zip, size_t a) {
    char header[ARRAY_SIZE + 1];
    const float values[6] = {0.5f, -0.25f, 1.0f, 0.0f, -1.5f, 2.0f};
    const int length = snprintf(header, sizeof header,
                                "%-10s{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", "",
                                ARRAYS[a].shape);
    memset(header + length, ' ', ARRAY_SIZE - (size_t)length);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    header[ARRAY_SIZE - 1] = '\n';
    mca_zip_writer_put(zip, header, ARRAY_SIZE);
    mca_zip_writer_put(zip, values, ARRAYS[a].elements * sizeof *values);
}

/* An archive at `path` whose array `which` is the input. */
static void write_archive(const char *path, unsigned which, const uint8_t *data, size_t size) {
    struct mca_zip_writer zip;
    FUZZ_CHECK(mca_zip_writer_open(&zip, path, NULL) == MCA_OK);
    for (size_t a = 0; a < ARRAY_COUNT; ++a) {
        mca_zip_writer_begin(&zip, ARRAYS[a].name);
        if (a == which) {
            mca_zip_writer_put(&zip, data, size);
        } else {
            put_array(&zip, a);
        }
    }
    FUZZ_CHECK(mca_zip_writer_close(&zip, NULL) == MCA_OK);
}

static void check_accepted(const struct mca_given_weights *weights,
                           const struct mca_network *network) {
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const size_t cells = (size_t)network->layers[i].rows * network->layers[i].cols;
        FUZZ_CHECK(weights->layers[i]);
        for (size_t at = 0; at < cells; ++at) {
            FUZZ_CHECK(fabs(weights->layers[i][at]) <= 1e9);
        }
        fuzz_answer_bytes("weights", weights->layers[i], cells * sizeof *weights->layers[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    const unsigned choice = size > 0 ? data[0] % (ARRAY_COUNT + 1) : ARRAY_COUNT;
    const uint8_t *rest = size > 0 ? data + 1 : data;
    const size_t count = size > 0 ? size - 1 : 0;
    struct mca_given_weights weights;
    struct mca_network network;
    struct mca_error error = {""};
    FUZZ_CHECK(mca_network_init(&network, &config.network, &error) == MCA_OK);
    struct fuzz_file file = fuzz_file_open(rest, choice == ARRAY_COUNT ? count : 0);
    if (choice < ARRAY_COUNT) {
        write_archive(file.path, choice, rest, count);
    }
    if (mca_plain_weights_read(&weights, file.path, &network, NULL, &error) == MCA_OK) {
        check_accepted(&weights, &network);
        mca_plain_weights_deinit(&weights);
    } else {
        FUZZ_CHECK(strncmp(error.message, file.path, strlen(file.path)) == 0);
        fuzz_refused(&error, file.path);
    }
    fuzz_file_close(&file);
    return 0;
}
