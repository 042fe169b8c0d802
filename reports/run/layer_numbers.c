/* The numbers of each layer, in summary.json and on the terminal. */
#include <inttypes.h>
#include <math.h>

#include "array/converters.h"
#include "chip/layer_numbers.h"
#include "network/layer_kind.h"
#include "reports/formats/terminal_text.h"
#include "reports/run/report.h"

enum { LAYER_WIDTH = 7, KIND_WIDTH = 14, NUMBERS = 4, NUMBER_WIDTH = 19 };

struct number {
    const char *name;    /* the layer's key */
    const char *heading; /* of its column */
    double value;        /* NAN: the layer has none */
    enum mca_number_source from;
};

/* Numbers of a layer, by column; returns whether there is any. */
static int numbers_of(const struct mca_chip_config *chip, const struct mca_network_layer *layer,
                      const struct mca_layer_numbers *n, struct number list[NUMBERS]) {
    const int converts = layer->rows > 0 && !mca_adc_ops_of(&chip->adc)->is_ideal;
    const struct number all[NUMBERS] = {
        {"unit_weight_us", "unit weight (uS)", n->unit_weight_us, n->unit_weight_from},
        {"activation_scale", "activation scale", ldexp(1.0, n->out_exponent), n->activation_from},
        {"adc_forward_range", "forward range", n->forward_range,
         converts ? n->forward_from : MCA_NUMBER_NONE},
        {"adc_backward_range", "backward range", n->backward_range,
         converts ? n->backward_from : MCA_NUMBER_NONE}};
    int any = 0;
    for (int i = 0; i < NUMBERS; ++i) {
        list[i] = all[i];
        if (list[i].from == MCA_NUMBER_NONE) {
            list[i].value = (double)NAN;
        }
        any |= list[i].from != MCA_NUMBER_NONE;
    }
    return any;
}

/* Layers written as widths have those of the chip, but for what was found from imported weights. */
static int has_numbers(const struct mca_network_config *config) {
    int any = !config->is_widths;
    for (uint32_t i = 0; i < config->layer_count; ++i) {
        any |= config->found[i].unit_weight_us > 0.0;
    }
    return any;
}

void mca__put_layer_numbers(struct mca__json *json, const struct mca_scenario *scenario) {
    struct mca_network network;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    struct number list[NUMBERS];
    if (!has_numbers(&scenario->chip.network)) {
        return;
    }
    (void)mca_network_init(&network, &scenario->chip.network, NULL); /* it has run */
    mca_layer_numbers(&scenario->chip, &network, numbers);
    json_t *layers = mca__json_array(json, json->root, "layer_numbers");
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        if (!numbers_of(&scenario->chip, &network.layers[i], &numbers[i], list)) {
            continue;
        }
        json_t *layer = mca__json_object(json, layers, NULL);
        mca__json_count(json, layer, "layer", i);
        mca__json_text(json, layer, "kind", network.layers[i].kind->name);
        for (int k = 0; k < NUMBERS; ++k) {
            const int is_there = list[k].from != MCA_NUMBER_NONE;
            mca__json_number(json, layer, list[k].name, list[k].value);
            mca__json_text(json, layer, mca__format("%s_from", list[k].name).s,
                           is_there ? mca_number_source_name(list[k].from) : NULL);
        }
    }
}

/* "16 given" */
static void put_number(FILE *out, const struct number *number) {
    /* short, for a column: by enum mca_number_source */
    static const char *const FROM[] = {"", "given", "found", "weights", "import", "chip"};
    const struct mca__text text = number->from == MCA_NUMBER_NONE
                                      ? mca__format("-")
                                      : mca__format("%.4g %s", number->value, FROM[number->from]);
    mca__put_right(out, text.s, NUMBER_WIDTH);
}

void mca__print_layer_numbers(FILE *out, const struct mca_scenario *scenario, const char *bold,
                              const char *plain) {
    struct mca_network network;
    struct mca_layer_numbers numbers[MCA_LAYERS_MAX];
    struct number list[NUMBERS] = {{0}};
    if (!has_numbers(&scenario->chip.network)) {
        return;
    }
    (void)mca_network_init(&network, &scenario->chip.network, NULL); /* it has run */
    mca_layer_numbers(&scenario->chip, &network, numbers);
    (void)numbers_of(&scenario->chip, &network.layers[0], &numbers[0], list);
    (void)fprintf(out, "\n%sNumbers of the layers%s\n  %-*s%-*s", bold, plain, LAYER_WIDTH, "layer",
                  KIND_WIDTH, "kind");
    for (int k = 0; k < NUMBERS; ++k) {
        mca__put_right(out, list[k].heading, NUMBER_WIDTH);
    }
    (void)fputc('\n', out);
    for (uint32_t i = 0; i < network.layer_count; ++i) {
        if (numbers_of(&scenario->chip, &network.layers[i], &numbers[i], list)) {
            (void)fprintf(out, "  %-*" PRIu32 "%-*s", LAYER_WIDTH, i, KIND_WIDTH,
                          network.layers[i].kind->name);
            for (int k = 0; k < NUMBERS; ++k) {
                put_number(out, &list[k]);
            }
            (void)fputc('\n', out);
        }
    }
}
