#include "scenario/layer_keys.h"

#include <string.h>

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
