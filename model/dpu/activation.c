#include "dpu/activation.h"

#define DECLARE(constant, ops) extern const struct mca_activation_ops mca_activation_##ops;
MCA_ACTIVATIONS(DECLARE)

static const struct mca_activation_ops *const KINDS[MCA_ACTIVATION_COUNT] = {
#define ENTRY(constant, ops) [MCA_ACTIVATION_##constant] = &mca_activation_##ops,
    MCA_ACTIVATIONS(ENTRY)};

const struct mca_activation_ops *mca_activation_ops_of(enum mca_activation_kind kind) {
    return KINDS[kind];
}

enum mca_status mca_activation_init(struct mca_activation *activation,
                                    enum mca_activation_kind kind, uint32_t bits,
                                    struct mca_arena *arena, struct mca_error *error) {
    *activation = (struct mca_activation){.ops = KINDS[kind], .bits = bits};
    return activation->ops->init(activation, arena, error);
}

enum mca_status mca_activation_no_tables(struct mca_activation *activation, struct mca_arena *arena,
                                         struct mca_error *error) {
    (void)activation;
    (void)arena;
    (void)error;
    return MCA_OK;
}

const uint32_t *mca_activation_no_rtl_table(const struct mca_activation *activation) {
    (void)activation;
    return NULL;
}
