#include "run/trained_run.h"

#include "run/finished_run.h"

/* Number of the first of the tests with which the run ended: each epoch has one of the validation
 * images, if any, and where it is due one of the test images. */
static uint32_t last_tests(const struct mca_train_config *train) {
    const uint32_t validations = train->validation_images > 0 ? 1 : 0;
    const uint32_t tests =
        train->epochs / train->test_every + (train->epochs % train->test_every != 0 ? 1 : 0);
    return train->epochs == 0 ? train->first_test
                              : train->first_test + (train->epochs - 1) * validations + tests - 1;
}

/* What was found is as if it had been given. */
static void give_found_numbers(struct mca_network_config *network) {
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        struct mca_layer_config *layer = &network->layers[i];
        const struct mca_found_numbers *found = &network->found[i];
        if (found->has_activation && layer->activation_exponent == MCA_EXPONENT_CALIBRATED) {
            layer->activation_exponent = found->activation_exponent;
        }
        layer->adc_forward_range =
            layer->adc_forward_range > 0.0 ? layer->adc_forward_range : found->adc_forward_range;
        layer->adc_backward_range =
            layer->adc_backward_range > 0.0 ? layer->adc_backward_range : found->adc_backward_range;
        network->found[i] = (struct mca_found_numbers){0};
    }
}

static enum mca_status take_scenario(const void *user, struct mca_finished_run *run,
                                     struct mca_error *error) {
    struct mca_scenario *const *scenario = user;
    (void)error;
    **scenario = run->scenario;
    (*scenario)->train.first_test = last_tests(&run->scenario.train);
    (*scenario)->train.epochs = 0;
    give_found_numbers(&(*scenario)->chip.network);
    return MCA_OK;
}

enum mca_status mca_trained_run_scenario(struct mca_scenario *scenario, const char *dir, int quiet,
                                         struct mca_error *error) {
    return mca_with_finished_run(dir, quiet, take_scenario, &scenario, error);
}
