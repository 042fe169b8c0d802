#include "search/additive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = 40 };

enum mca_status mca__additive_init(struct mca__additive *model, uint32_t axis_count,
                                   const uint32_t *rows, uint32_t group_count,
                                   struct mca_error *error) {
    *model = (struct mca__additive){axis_count, group_count,
                                    calloc(axis_count + 1, sizeof *model->first), NULL,
                                    calloc(group_count + 1, sizeof *model->levels)};
    if (!model->first || !model->levels) {
        return mca_fail_memory(error, "main effects");
    }
    for (uint32_t a = 0; a < axis_count; ++a) {
        model->first[a + 1] = model->first[a] + rows[a];
    }
    model->effects = calloc(model->first[axis_count] + 1, sizeof *model->effects);
    return model->effects ? MCA_OK : mca_fail_memory(error, "main effects");
}

void mca__additive_deinit(struct mca__additive *model) {
    free(model->first);
    free(model->effects);
    free(model->levels);
    *model = (struct mca__additive){0};
}

double mca__additive_sum(const struct mca__additive *model, const uint32_t *rows) {
    double sum = 0;
    for (uint32_t a = 0; a < model->axis_count; ++a) {
        sum += model->effects[model->first[a] + rows[a]];
    }
    return sum;
}

/* Sums of one part of the model: of its groups, or of an axis. */
struct sums {
    double *values;
    double *weights;
};

static void fit_levels(struct mca__additive *model, const struct mca__observation *observations,
                       uint32_t count, const struct sums *sums) {
    for (uint32_t g = 0; g < model->group_count; ++g) {
        sums->values[g] = sums->weights[g] = 0;
    }
    for (uint32_t i = 0; i < count; ++i) {
        const struct mca__observation *o = &observations[i];
        sums->values[o->group] += o->weight * (o->value - mca__additive_sum(model, o->rows));
        sums->weights[o->group] += o->weight;
    }
    for (uint32_t g = 0; g < model->group_count; ++g) {
        model->levels[g] = sums->weights[g] > 0 ? sums->values[g] / sums->weights[g] : (double)NAN;
    }
}

static void fit_axis(struct mca__additive *model, uint32_t axis,
                     const struct mca__observation *observations, uint32_t count,
                     const struct sums *sums) {
    const uint32_t rows = model->first[axis + 1] - model->first[axis];
    double *effects = model->effects + model->first[axis];
    double mean = 0;
    double all = 0;
    for (uint32_t r = 0; r < rows; ++r) {
        sums->values[r] = sums->weights[r] = 0;
    }
    for (uint32_t i = 0; i < count; ++i) {
        const struct mca__observation *o = &observations[i];
        const uint32_t row = o->rows[axis];
        const double rest =
            o->value - model->levels[o->group] - mca__additive_sum(model, o->rows) + effects[row];
        sums->values[row] += o->weight * rest;
        sums->weights[row] += o->weight;
    }
    for (uint32_t r = 0; r < rows; ++r) {
        effects[r] = sums->weights[r] > 0 ? sums->values[r] / sums->weights[r] : 0;
        mean += sums->weights[r] * effects[r];
        all += sums->weights[r];
    }
    for (uint32_t r = 0; r < rows && all > 0; ++r) {
        effects[r] -= sums->weights[r] > 0 ? mean / all : 0;
    }
}

enum mca_status mca__additive_fit(struct mca__additive *model,
                                  const struct mca__observation *observations, uint32_t count,
                                  struct mca_error *error) {
    const size_t room = (size_t)model->first[model->axis_count] + model->group_count + 1;
    const struct sums sums = {calloc(room, sizeof(double)), calloc(room, sizeof(double))};
    enum mca_status status = MCA_OK;
    if (sums.values && sums.weights) {
        memset(model->effects, 0, model->first[model->axis_count] * sizeof *model->effects);
        for (int pass = 0; pass < PASSES; ++pass) {
            fit_levels(model, observations, count, &sums);
            for (uint32_t a = 0; a < model->axis_count; ++a) {
                fit_axis(model, a, observations, count, &sums);
            }
        }
        fit_levels(model, observations, count, &sums);
    } else {
        status = mca_fail_memory(error, "main effects");
    }
    free(sums.values);
    free(sums.weights);
    return status;
}
