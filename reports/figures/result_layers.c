/* What a layer is. */
#include <math.h>

#include "network/layer_kind.h"
#include "reports/figures/result_lines.h"

/* NULL for what belongs to no layer. */
static const struct mca_network_layer *layer_of(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const uint32_t layer = place->subject.layer;
    return layer < run->result->layer_count ? &run->network.layers[layer] : NULL;
}

static double layer_number(const struct mca_result_place *place) {
    return layer_of(place) ? place->subject.layer : (double)NAN;
}

static const char *layer_kind(const struct mca_result_place *place, char *room) {
    const struct mca_network_layer *layer = layer_of(place);
    (void)room;
    return layer ? layer->kind->name : NULL;
}

static const char *layer_shape(const struct mca_result_place *place, char *room) {
    const struct mca_network_layer *layer = layer_of(place);
    if (layer) {
        mca_shape_short_text(&layer->out, room);
    }
    return layer ? room : NULL;
}

const struct mca_result_figure mca__layer_figures[] = {
    FIGURE("layer", COUNT, "", NEITHER, "layer", "number of the layer, from 0",
           .scope = MCA_OF_LAYER, .unlisted = MCA_OF_LAYER, .number = TERM("layer"),
           .value = layer_number),
    FIGURE("kind", TEXT, "", NEITHER, "kind", "kind of the layer", .scope = MCA_OF_LAYER,
           .text = layer_kind),
    FIGURE("shape", TEXT, "", NEITHER, "output", "values that the layer gives",
           .scope = MCA_OF_LAYER, .text = layer_shape),
    FIGURE("rows", COUNT, "rows", NEITHER, "rows", "rows of its matrix, the bias row included",
           .scope = MCA_OF_LAYER, .number = MATRIX("rows", rows), .layers = {1, NULL}),
    FIGURE("cols", COUNT, "columns", NEITHER, "columns", "columns of its matrix",
           .scope = MCA_OF_LAYER, .number = MATRIX("columns", cols), .layers = {1, NULL}),
    FIGURE("positions", COUNT, "positions", NEITHER, "positions",
           "how often an image reads the matrix forward: once for each position of a window",
           .scope = MCA_OF_LAYER, .number = MATRIX("positions", positions), .layers = {1, NULL}),
    {.key = NULL},
};
