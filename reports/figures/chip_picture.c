#include "reports/figures/chip_picture.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/mathx.h"
#include "chip/view.h"
#include "reports/figures/facts.h"

/* What lies outside counts in the first or last bin; what is no number in the first. */
static void add(struct mca_histogram *h, double value) {
    const double place = (value - h->low) / (h->high - h->low) * MCA_PICTURE_BINS;
    const double bin = place >= 0.0 ? mca_clamp(place, 0.0, MCA_PICTURE_BINS - 1) : 0.0;
    ++h->bins[(int)bin];
    ++h->count;
    h->sum += value;
}

static void add_device_row(struct mca_layer_picture *p, const struct mca_matrix *matrix,
                           uint32_t row) {
    for (uint32_t c = 0; c < matrix->cols; ++c) {
        add(&p->weight_us, mca_matrix_weight_us(matrix, row, c));
        for (int side = 0; side < 2 && !matrix->continuous_us; ++side) {
            const uint16_t code = matrix->g[side][(size_t)row * matrix->stride + c];
            add(&p->conductance_us, (double)code * matrix->device->us_per_code);
        }
    }
}

static void add_chi_row(struct mca_layer_picture *p, const struct mca_layer_view *layer,
                        uint32_t row) {
    const struct mca_chi *chi = layer->chi;
    const double each = mca_exp2i(-(int)chi->config.frac_bits);
    for (uint32_t c = 0; c < layer->outputs && mca_chi_is_kept(chi); ++c) {
        const size_t cell = mca_chi_cell(chi, row, c);
        add(&p->chi_epsilons, chi->real ? chi->real[cell] : mca_chi_word(chi, cell) * each);
    }
}

static void take_layer(struct mca_layer_picture *p, const struct mca_chip *chip,
                       const struct mca_layer_view *layer) {
    const double top_us = mca_chip_config_of(chip)->device.gmax_us;
    p->conductance_us = (struct mca_histogram){.low = 0.0, .high = 1.25 * top_us};
    p->weight_us = (struct mca_histogram){.low = -1.25 * top_us, .high = 1.25 * top_us};
    p->chi_epsilons = (struct mca_histogram){.low = -1.0, .high = 1.0};
    for (uint32_t r = 0; r < layer->inputs; ++r) {
        add_device_row(p, layer->matrix, r);
        if (!layer->is_digital) {
            add_chi_row(p, layer, r);
        }
    }
}

enum mca_status mca_chip_picture_take(struct mca_chip_picture *picture, const struct mca_chip *chip,
                                      struct mca_error *error) {
    picture->layer_count = mca_chip_layer_count(chip);
    picture->layers = calloc(mca_chip_layer_count(chip), sizeof *picture->layers);
    if (!picture->layers) {
        return mca_fail_memory(error, "picture of the chip");
    }
    for (uint32_t i = 0; i < mca_chip_layer_count(chip); ++i) {
        const struct mca_layer_view layer = mca_chip_layer(chip, i);
        take_layer(&picture->layers[i], chip, &layer);
    }
    return MCA_OK;
}

void mca_chip_picture_deinit(struct mca_chip_picture *picture) {
    free(picture->layers);
}

static void put_histogram(struct mca__json *json, json_t *parent, const char *key,
                          const struct mca_histogram *h) {
    json_t *o = mca__json_object(json, parent, key);
    mca__json_number(json, o, "low", h->low);
    mca__json_number(json, o, "high", h->high);
    mca__json_number(json, o, "mean", mca__ratio(h->sum, (double)h->count));
    json_t *bins = mca__json_array(json, o, "bins");
    for (int b = 0; b < MCA_PICTURE_BINS; ++b) {
        mca__json_count(json, bins, NULL, h->bins[b]);
    }
}

static void put_picture(struct mca__json *json, json_t *layer, const char *key,
                        const struct mca_layer_picture *p) {
    json_t *o = mca__json_object(json, layer, key);
    put_histogram(json, o, "conductance_us", &p->conductance_us);
    put_histogram(json, o, "weight_us", &p->weight_us);
    put_histogram(json, o, "chi_epsilons", &p->chi_epsilons);
}

/* Pulses of the devices of a block of pairs, as far as the matrix goes. */
struct wear {
    uint64_t total;
    uint32_t most;
};

static struct wear wear_of(const struct mca_matrix *matrix, uint32_t row0, uint32_t rows,
                           uint32_t col0, uint32_t cols) {
    struct wear wear = {0, 0};
    for (uint32_t r = row0; r < row0 + rows && r < matrix->rows; ++r) {
        for (uint32_t c = col0; c < col0 + cols && c < matrix->cols; ++c) {
            for (int side = 0; side < 2; ++side) {
                const uint32_t n = matrix->writes[side][(size_t)r * matrix->stride + c];
                wear.total += n;
                wear.most = n > wear.most ? n : wear.most;
            }
        }
    }
    return wear;
}

static void put_tiles(struct mca__json *json, json_t *parent, const struct mca_matrix *matrix) {
    json_t *tiles = mca__json_array(json, parent, "tiles");
    for (uint32_t i = 0; i < mca_placement_tiles(&matrix->place); ++i) {
        const struct mca_tile *tile = &matrix->tiles[i];
        const struct wear wear = wear_of(matrix, tile->row0, tile->rows, tile->col0, tile->cols);
        json_t *o = mca__json_object(json, tiles, NULL);
        mca__json_count(json, o, "number", tile->number);
        mca__json_count(json, o, "row0", tile->row0);
        mca__json_count(json, o, "rows", tile->rows);
        mca__json_count(json, o, "col0", tile->col0);
        mca__json_count(json, o, "cols", tile->cols);
        mca__json_count(json, o, "most", wear.most);
        mca__json_number(json, o, "mean",
                         (double)wear.total / (2.0 * (double)tile->rows * (double)tile->cols));
    }
}

static void put_map(struct mca__json *json, json_t *parent, const struct mca_matrix *matrix) {
    const uint32_t block_rows = (matrix->rows - 1) / MCA_PICTURE_MAP_SIDE + 1;
    const uint32_t block_cols = (matrix->cols - 1) / MCA_PICTURE_MAP_SIDE + 1;
    json_t *map = mca__json_object(json, parent, "map");
    mca__json_count(json, map, "block_rows", block_rows);
    mca__json_count(json, map, "block_cols", block_cols);
    json_t *lines = mca__json_array(json, map, "most");
    for (uint32_t r = 0; r < matrix->rows; r += block_rows) {
        json_t *line = mca__json_array(json, lines, NULL);
        for (uint32_t c = 0; c < matrix->cols; c += block_cols) {
            mca__json_count(json, line, NULL, wear_of(matrix, r, block_rows, c, block_cols).most);
        }
    }
}

static void put_writes(struct mca__json *json, json_t *parent, const struct mca_matrix *matrix) {
    uint64_t bins[MCA_PICTURE_WRITE_BINS] = {0};
    for (uint32_t r = 0; r < matrix->rows; ++r) {
        for (uint32_t c = 0; c < matrix->cols; ++c) {
            for (int side = 0; side < 2; ++side) {
                const uint32_t n = matrix->writes[side][(size_t)r * matrix->stride + c];
                ++bins[n ? 32 - __builtin_clz(n) : 0];
            }
        }
    }
    json_t *out = mca__json_array(json, parent, "devices_by_log2_of_pulses");
    for (int b = 0; b < MCA_PICTURE_WRITE_BINS; ++b) {
        mca__json_count(json, out, NULL, bins[b]);
    }
}

static void put_wear(struct mca__json *json, json_t *layer, const struct mca_matrix *matrix) {
    if (matrix->continuous_us) {
        mca__json_null(json, layer, "wear");
        return;
    }
    json_t *wear = mca__json_object(json, layer, "wear");
    put_tiles(json, wear, matrix);
    put_writes(json, wear, matrix);
    put_map(json, wear, matrix);
}

enum mca_status mca_report_write_chip(const struct mca_chip_picture *before,
                                      const struct mca_converter_use *use,
                                      const struct mca_chip *chip, const char *dir,
                                      struct mca_error *error) {
    struct mca_chip_picture after;
    struct mca__json json;
    MCA_TRY(mca_chip_picture_take(&after, chip, error));
    mca__json_init(&json);
    mca__json_count(&json, json.root, "schema_version", 1);
    mca__json_count(&json, json.root, "adc_bits", mca_chip_config_of(chip)->adc.bits);
    json_t *layers = mca__json_array(&json, json.root, "layers");
    for (uint32_t i = 0; i < mca_chip_layer_count(chip); ++i) {
        const struct mca_layer_view of = mca_chip_layer(chip, i);
        json_t *layer = mca__json_object(&json, layers, NULL);
        mca__json_count(&json, layer, "inputs", of.inputs);
        mca__json_count(&json, layer, "outputs", of.outputs);
        put_picture(&json, layer, "before", &before->layers[i]);
        put_picture(&json, layer, "after", &after.layers[i]);
        mca__converter_use_put(use, i, &json, layer, "converters");
        put_wear(&json, layer, of.matrix);
    }
    mca_chip_picture_deinit(&after);
    return mca__json_write(&json, dir, "chip.json", error);
}
