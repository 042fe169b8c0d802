#include "scenario/layer_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "dpu/activation.h"
#include "network/network_config.h"

static const char *const BOOL[] = {"false", "true", NULL};
#define ACTIVATION_NAME(constant, name) #name,
static const char *const ACTIVATION[] = {MCA_ACTIVATIONS(ACTIVATION_NAME) NULL};

/* A key of kinds that have an activation (1) or a matrix (0), and what else its type asks for. */
#define KEY(is_activation_, type_, name_, field_, unit_, text_, meaning_, ...)                     \
    {                                                                                              \
        {.name = (name_),                                                                          \
         .type = (type_),                                                                          \
         .unit = (unit_),                                                                          \
         .default_text = (text_),                                                                  \
         .meaning = (meaning_),                                                                    \
         MCA_LAYER_FIELD(field_),                                                                  \
         __VA_ARGS__},                                                                             \
            (is_activation_)                                                                       \
    }

/* Keys of several kinds. */
static const struct common_key {
    struct mca_key key;
    int is_activation;
} COMMON[] = {
    KEY(1, MCA_KEY_ENUM, "activation", activation, "", "sigmoid", "of the layer's sums",
        .choices = ACTIVATION),
    KEY(1, MCA_KEY_EXPONENT, "activation_scale", activation_exponent, "", "auto",
        "full scale of activations that have no bound of their own; auto: found from "
        "training images",
        .min = 0x1p-8, .max = 0x1p15, .word = "auto"),
    KEY(0, MCA_KEY_F64, "unit_weight_us", unit_weight_us, "uS", "auto",
        "conductance difference of weight 1; auto: from the bound of the initial weights",
        .min = 1e-6, .max = 1000, .word = "auto"),
    KEY(0, MCA_KEY_EXPONENT, "rate_factor", rate_exponent, "", "1", "on train.learning_rate",
        .min = 0x1p-10, .max = 0x1p10),
    KEY(0, MCA_KEY_F64, "adc_forward_range", adc_forward_range, "weight x activation", "auto",
        "full scale +- of reads forward; auto: found from training images", .min = 1e-6, .max = 1e6,
        .word = "auto"),
    KEY(0, MCA_KEY_F64, "adc_backward_range", adc_backward_range, "weight x error", "auto",
        "full scale +- of reads backward; auto: found from training images", .min = 1e-6,
        .max = 1e6, .word = "auto"),
    KEY(0, MCA_KEY_ENUM, "frozen", frozen, "", "false", "weights stay as they were programmed",
        .choices = BOOL),
    KEY(0, MCA_KEY_ENUM, "digital", digital, "", "false",
        "weights lie in SRAM beside the chip and are multiplied there", .choices = BOOL),
    KEY(0, MCA_KEY_U32, "tile_rows", tile_rows, "rows", "0",
        "inputs of each of the layer's tiles, bias included; 0: tile.rows", .min = 0, .max = 4096),
    KEY(0, MCA_KEY_U32, "tile_cols", tile_cols, "columns", "0",
        "outputs of each of the layer's tiles; 0: tile.cols", .min = 0, .max = 4096),
};

enum { COMMON_COUNT = sizeof COMMON / sizeof COMMON[0] };

static int takes(const struct mca_layer_kind *kind, const struct common_key *common) {
    return common->is_activation ? kind->activation != NULL : kind->has_matrix;
}

size_t mca_layer_key_count(const struct mca_layer_kind *kind) {
    size_t count = kind->key_count;
    for (size_t i = 0; i < COMMON_COUNT; ++i) {
        count += takes(kind, &COMMON[i]) != 0;
    }
    return count;
}

const struct mca_key *mca_layer_key_at(const struct mca_layer_kind *kind, size_t index) {
    if (index < kind->key_count) {
        return &kind->keys[index];
    }
    size_t left = index - kind->key_count;
    const struct common_key *common = COMMON;
    while (!takes(kind, common) || left-- > 0) {
        ++common;
    }
    return &common->key;
}

const struct mca_key *mca_layer_key_find(const struct mca_layer_kind *kind, const char *name) {
    const size_t count = mca_layer_key_count(kind);
    for (size_t i = 0; i < count; ++i) {
        const struct mca_key *key = mca_layer_key_at(kind, i);
        if (strcmp(key->name, name) == 0) {
            return key;
        }
    }
    return NULL;
}

const char *mca_layer_key_default(const struct mca_layer_kind *kind, const struct mca_key *key) {
    return key == &COMMON[0].key ? kind->activation : key->default_text;
}

int mca_layer_key_is_shown(const struct mca_layer_kind *kind, const struct mca_key *key) {
    return key == &COMMON[0].key || (key >= kind->keys && key < kind->keys + kind->key_count);
}

static const char OF_LAYERS[] = "network.layers.";

static enum mca_status unknown(const struct mca_layer_kind *kind, const char *leaf,
                               struct mca_error *reason) {
    const char *names[32];
    char list[300];
    char meant[MCA_SUGGESTIONS_TEXT_SIZE];
    const size_t count = mca_layer_key_count(kind);
    for (size_t i = 0; i < count; ++i) {
        names[i] = mca_layer_key_at(kind, i)->name;
    }
    names[count] = NULL;
    mca_names_text(names, list, sizeof list);
    mca_names_suggest(leaf, names, "; did you mean ", "?", meant);
    return meant[0] ? mca_fail(reason, MCA_INVALID, "unknown key%s", meant)
                    : mca_fail(reason, MCA_INVALID, "unknown key; %s has: %s", kind->name, list);
}

enum mca_status mca_layer_key_found(struct mca_found_key *found,
                                    const struct mca_network_config *network, const char *name,
                                    struct mca_error *reason) {
    const char *number = name + sizeof OF_LAYERS - 1;
    const size_t digits = strspn(number, "0123456789");
    const uint32_t layer =
        digits > 0 && digits < 4 ? (uint32_t)strtoul(number, NULL, 10) : network->layer_count;
    if (network->is_widths) {
        return mca_fail(reason, MCA_INVALID,
                        "widths have no keys; write network.layers as - KIND: "
                        "{KEY: VALUE}");
    }
    if (layer >= network->layer_count) {
        return mca_fail(reason, MCA_INVALID, "no such layer; the network has 0..%u",
                        network->layer_count - 1);
    }
    if (number[digits] != '.') {
        return mca_fail(reason, MCA_INVALID, "not of the form network.layers.LAYER.KEY");
    }
    const struct mca_layer_kind *kind = mca_layer_kind_of(network->layers[layer].type);
    const struct mca_key *key = mca_layer_key_find(kind, number + digits + 1);
    if (!key) {
        return unknown(kind, number + digits + 1, reason);
    }
    (void)snprintf(found->name, sizeof found->name, "%s%u.%s", OF_LAYERS, layer, key->name);
    found->own = *key;
    found->own.name = found->name;
    found->own.offset += offsetof(struct mca_scenario, chip.network.layers) +
                         layer * sizeof(struct mca_layer_config);
    found->key = &found->own;
    return MCA_OK;
}
