/* The network of a chip as a table. */
#include <inttypes.h>

#include "array/converters.h"
#include "array/placement.h"
#include "chip/chip.h"
#include "chip/layer_numbers.h"
#include "network/layer_kind.h"
#include "network/network.h"
#include "reports/formats/terminal_text.h"
#include "reports/tables/tables.h"

/* Of the columns, 99 in all with the mark of a comment. */
enum {
    LAYER_WIDTH = 6,
    KIND_WIDTH = 14,
    OUTPUT_WIDTH = 19,
    MATRIX_WIDTH = 18,
    TILES_WIDTH = 12,
    WEIGHTS_WIDTH = 13,
    READS_WIDTH = 15
};

struct sums {
    uint64_t tiles;
    uint64_t weights;
    uint64_t reads;
};

/* `tiles`: "digital" in place of their number, where there are none. */
static void put_counts(FILE *out, const char *tiles, uint64_t weights, uint64_t reads) {
    mca__put_right(out, tiles, TILES_WIDTH);
    mca__put_right(out, mca__grouped(weights).s, WEIGHTS_WIDTH);
    mca__put_right(out, mca__grouped(reads).s, READS_WIDTH);
}

/* Of a layer's matrix on the way forward; values with a sign are driven twice, where the drive
 * asks for it. */
static uint64_t reads_of(const struct mca_chip_config *config, const struct mca_network *network,
                         uint32_t number) {
    const struct mca_network_layer *layer = &network->layers[number];
    const int is_driven_by_sign = !layer->config.digital && mca_takes_signs(network, number);
    return (uint64_t)layer->positions * (is_driven_by_sign ? mca_dac_drives(&config->dac) : 1);
}

static void put_layer(FILE *out, const struct mca_chip_config *config,
                      const struct mca_network *network, uint32_t number, struct sums *sums) {
    const struct mca_network_layer *layer = &network->layers[number];
    char output[MCA_SHAPE_TEXT_SIZE];
    mca_shape_short_text(&layer->out, output);
    (void)fprintf(out, "# %-*" PRIu32 "%-*s", LAYER_WIDTH, number, KIND_WIDTH, layer->kind->name);
    if (layer->rows > 0) {
        const struct mca_placement place = mca_layer_placement(config, layer);
        const uint64_t tiles = layer->config.digital ? 0 : mca_placement_tiles(&place);
        const uint64_t weights = (uint64_t)layer->rows * layer->cols;
        const uint64_t reads = reads_of(config, network, number);
        (void)fprintf(out, "%-*s%-*s", OUTPUT_WIDTH, output, MATRIX_WIDTH,
                      mca__format("%" PRIu32 " x %" PRIu32, layer->rows, layer->cols).s);
        put_counts(out, layer->config.digital ? "digital" : mca__grouped(tiles).s, weights, reads);
        sums->tiles += tiles;
        sums->weights += weights;
        sums->reads += reads;
    } else {
        (void)fputs(output, out);
    }
    (void)fputc('\n', out);
}

void mca_report_print_network(FILE *out, const struct mca_chip_config *config) {
    struct mca_network network;
    struct sums sums = {0, 0, 0};
    char input[MCA_SHAPE_TEXT_SIZE];
    (void)mca_network_init(&network, &config->network, NULL); /* checked */
    mca_shape_short_text(&network.layers[0].in, input);
    (void)fprintf(out, "# %-*s%-*s%-*s%-*s%*s%*s%*s\n", LAYER_WIDTH, "layer", KIND_WIDTH, "kind",
                  OUTPUT_WIDTH, "output", MATRIX_WIDTH, "matrix", TILES_WIDTH, "tiles",
                  WEIGHTS_WIDTH, "weights", READS_WIDTH, "reads an image");
    (void)fprintf(out, "# %-*s%s\n", LAYER_WIDTH + KIND_WIDTH, "input", input);
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        put_layer(out, config, &network, i, &sums);
    }
    (void)fprintf(out, "# %-*s", LAYER_WIDTH + KIND_WIDTH + OUTPUT_WIDTH + MATRIX_WIDTH, "total");
    put_counts(out, mca__grouped(sums.tiles).s, sums.weights, sums.reads);
    const struct mca_inventory built = mca_chip_inventory(config);
    (void)fprintf(out,
                  "\n# %s bytes of buffers, for all that is kept for the way back, of two images\n",
                  mca__grouped((built.buffer_bits + 7) / 8).s);
}
