#include "scenario/layer_keys.h"

#include <string.h>

#include "dpu/activation.h"
#include "network/network_config.h"

static const char *const BOOL[] = {"false", "true", NULL};
#define ACTIVATION_NAME(constant, name) #name,
static const char *const ACTIVATION[] = {MCA_ACTIVATIONS(ACTIVATION_NAME) NULL};

/* Keys of several kinds. */
static const struct common_key {
    struct mca_key key;
    int is_activation; /* 1: of kinds with an activation; 0: of those with a matrix */
} COMMON[] = {
    {{.name = "activation",
      .type = MCA_KEY_ENUM,
      .unit = "",
      .default_text = "sigmoid",
      .choices = ACTIVATION,
      .meaning = "of the layer's sums",
      MCA_LAYER_FIELD(activation)},
     .is_activation = 1},
    {{.name = "activation_scale",
      .type = MCA_KEY_EXPONENT,
      .unit = "",
      .min = 0x1p-8,
      .max = 0x1p15,
      .default_text = "auto",
      .word = "auto",
      .meaning = "full scale of activations that have no bound of their own; auto: found from "
                 "training images",
      MCA_LAYER_FIELD(activation_exponent)},
     .is_activation = 1},
    {{.name = "unit_weight_us",
      .type = MCA_KEY_F64,
      .unit = "uS",
      .min = 1e-6,
      .max = 1000,
      .default_text = "auto",
      .word = "auto",
      .meaning = "conductance difference of weight 1; auto: from the bound of the initial weights",
      MCA_LAYER_FIELD(unit_weight_us)},
     .is_activation = 0},
    {{.name = "rate_factor",
      .type = MCA_KEY_EXPONENT,
      .unit = "",
      .min = 0x1p-10,
      .max = 0x1p10,
      .default_text = "1",
      .meaning = "on train.learning_rate",
      MCA_LAYER_FIELD(rate_exponent)},
     .is_activation = 0},
    {{.name = "adc_forward_range",
      .type = MCA_KEY_F64,
      .unit = "weight x activation",
      .min = 1e-6,
      .max = 1e6,
      .default_text = "auto",
      .word = "auto",
      .meaning = "full scale +- of reads forward; auto: found from training images",
      MCA_LAYER_FIELD(adc_forward_range)},
     .is_activation = 0},
    {{.name = "adc_backward_range",
      .type = MCA_KEY_F64,
      .unit = "weight x error",
      .min = 1e-6,
      .max = 1e6,
      .default_text = "auto",
      .word = "auto",
      .meaning = "full scale +- of reads backward; auto: found from training images",
      MCA_LAYER_FIELD(adc_backward_range)},
     .is_activation = 0},
    {{.name = "frozen",
      .type = MCA_KEY_ENUM,
      .unit = "",
      .default_text = "false",
      .choices = BOOL,
      .meaning = "weights stay as they were programmed",
      MCA_LAYER_FIELD(frozen)},
     .is_activation = 0},
    {{.name = "digital",
      .type = MCA_KEY_ENUM,
      .unit = "",
      .default_text = "false",
      .choices = BOOL,
      .meaning = "weights lie in SRAM beside the chip and are multiplied there",
      MCA_LAYER_FIELD(digital)},
     .is_activation = 0},
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
