#include "dpu/activation.h"

#include "base/mathx.h"
#include "dpu/vector_steps.h"

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
    const struct mca_activation_ops *ops = KINDS[kind];
    *activation = (struct mca_activation){.ops = ops, .bits = bits};
    if (!ops->looks_up) {
        return MCA_OK;
    }
    uint32_t *table = mca_arena_alloc(arena, MCA_SEGMENTS + 1, sizeof *table);
    for (uint32_t i = 0; table && i <= MCA_SEGMENTS; ++i) {
        table[i] = (uint32_t)mca_round(mca_exp2i((int)bits) * ops->entry(i));
    }
    activation->table = table;
    return table ? MCA_OK : mca_fail_memory(error, ops->name);
}
