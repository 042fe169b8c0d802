#include "array/read/read_model.h"

static const struct mca_read_ops *const MODELS[MCA_READ_MODEL_COUNT] = {
#define ENTRY(constant, name, ops) [MCA_READ_##constant] = &mca_read_##ops,
    MCA_READ_MODELS(ENTRY)};

const struct mca_read_ops *mca_read_model(unsigned read_path) {
    return MODELS[read_path];
}
