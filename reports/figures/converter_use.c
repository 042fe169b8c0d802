/* How a chip's converters are used, for its picture. */
#include <stdlib.h>

#include "array/converters.h"
#include "chip/view.h"
#include "reports/figures/chip_picture.h"

static void note(void *user, const struct mca_dpu_codes *codes) {
    struct mca_converter_use *use = user;
    struct mca_converter_histogram *h = &use->layers[codes->layer][codes->backward != 0];
    const int32_t half = (int32_t)1 << (use->bits - 1);
    for (uint32_t i = 0; i < codes->count; ++i) {
        const int32_t code = codes->code[i];
        const uint32_t place = (uint32_t)(code + half); /* 0 .. 2^bits - 1 */
        h->least = h->count == 0 || code < h->least ? code : h->least;
        h->most = h->count == 0 || code > h->most ? code : h->most;
        ++h->count;
        h->squares += (uint64_t)((int64_t)code * code);
        h->at_ends += code == -half || code == half - 1;
        ++h->bins[(uint64_t)place * use->bins >> use->bits];
    }
}

enum mca_status mca_converter_use_init(struct mca_converter_use *use, const struct mca_chip *chip,
                                       struct mca_error *error) {
    const uint32_t bits = mca_chip_config_of(chip)->adc.bits;
    *use = (struct mca_converter_use){
        .bits = bits,
        .bins = bits < 6 ? (uint32_t)1 << bits : MCA_CONVERTER_BINS,
        .layer_count = mca_chip_layer_count(chip),
        .layers = calloc(mca_chip_layer_count(chip), sizeof *use->layers),
        .probe = {.user = use, .codes = note},
    };
    return use->layers ? MCA_OK : mca_fail_memory(error, "use of converters");
}

void mca_converter_use_deinit(struct mca_converter_use *use) {
    free(use->layers);
}

void mca_converter_use_watch(struct mca_converter_use *use, struct mca_chip *chip) {
    if (mca_adc_ops_of(&mca_chip_config_of(chip)->adc)->has_codes) {
        mca_chip_attach(chip, &use->probe);
    }
}

void mca__converter_use_put(const struct mca_converter_use *use, uint32_t layer,
                            struct mca__json *json, json_t *parent, const char *key) {
    static const char *const directions[] = {"forward", "backward"};
    json_t *both = mca__json_object(json, parent, key);
    for (int d = 0; d < 2; ++d) {
        const struct mca_converter_histogram *h = &use->layers[layer][d];
        if (h->count == 0) {
            mca__json_null(json, both, directions[d]);
            continue;
        }
        json_t *o = mca__json_object(json, both, directions[d]);
        mca__json_count(json, o, "conversions", h->count);
        mca__json_count(json, o, "at_ends", h->at_ends);
        mca__json_number(json, o, "least", h->least);
        mca__json_number(json, o, "largest", h->most);
        json_t *bins = mca__json_array(json, o, "bins");
        for (uint32_t b = 0; b < use->bins; ++b) {
            mca__json_count(json, bins, NULL, h->bins[b]);
        }
    }
}
