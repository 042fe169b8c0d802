#include "train/weight_scale.h"

#include <math.h>
#include <stdlib.h>

#include "base/mathx.h"

static int by_size(const void *a, const void *b) {
    const double first = *(const double *)a;
    const double second = *(const double *)b;
    return (first > second) - (first < second);
}

/* The least magnitude that so many per cent do not exceed; 100: the largest. */
static enum mca_status find_magnitude(const double *weights, size_t count, double percentile,
                                      double *magnitude, struct mca_error *error) {
    double *sorted = malloc(count * sizeof *sorted);
    if (!sorted) {
        return mca_fail_memory(error, "weights");
    }
    for (size_t i = 0; i < count; ++i) {
        sorted[i] = fabs(weights[i]);
    }
    qsort(sorted, count, sizeof *sorted, by_size);
    const double wanted = ceil((double)count * percentile / 100.0);
    *magnitude = sorted[wanted < 1.0 ? 0 : wanted > (double)count ? count - 1 : (size_t)wanted - 1];
    *magnitude = *magnitude > 0.0 ? *magnitude : sorted[count - 1];
    free(sorted);
    return MCA_OK;
}

enum mca_status mca_weight_scale_find(struct mca_chip_config *chip,
                                      const struct mca_network *network,
                                      const struct mca_given_weights *weights,
                                      struct mca_error *error) {
    const struct mca_import_config *config = &chip->weights;
    const int is_ideal = chip->device.model == MCA_DEVICE_IDEAL;
    const double largest_us = config->largest_us > 0.0 ? config->largest_us : chip->device.gmax_us;
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        const struct mca_network_layer *layer = &network->layers[i];
        const int stays =
            config->scale == MCA_SCALE_GIVEN ||
            (config->scale == MCA_SCALE_AUTO && (is_ideal || layer->config.unit_weight_us > 0.0));
        double magnitude = 0.0;
        chip->network.found[i].unit_weight_us = 0.0;
        if (stays || !weights->layers[i] || layer->config.digital) {
            continue;
        }
        const double percentile =
            config->scale == MCA_SCALE_PERCENTILE ? config->percentile : 100.0;
        MCA_TRY(find_magnitude(weights->layers[i], (size_t)layer->rows * layer->cols, percentile,
                               &magnitude, error));
        if (magnitude > 0.0) {
            chip->network.found[i].unit_weight_us = mca_clamp(largest_us / magnitude, 1e-6, 1e3);
        }
    }
    return MCA_OK;
}
