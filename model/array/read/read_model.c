#include "array/read/read_model.h"

static const struct mca_read_ops *const MODELS[MCA_READ_MODEL_COUNT] = {
#define ENTRY(constant, name, ops) [MCA_READ_##constant] = &mca_read_##ops,
    MCA_READ_MODELS(ENTRY)};

const struct mca_read_ops *mca_read_model(unsigned read_path) {
    return MODELS[read_path];
}

const struct mca_read_ops *mca__read_choose(const struct mca_matrix *matrix, int takes_real) {
    const struct mca_read_ops *model = MODELS[matrix->config.read_path];
    if (model->is_column_exact && !mca_matrix_has_noise(matrix)) {
        model = &mca_read_column;
    }
    return model->real && (takes_real || matrix->continuous_us) ? model->real : model;
}
