#include "scenario/settle.h"

/* Of the images of a data set; zeros where the files decide. */
static struct mca_shape shape_of_images(enum mca_dataset_name name) {
    switch (name) {
    case MCA_DATASET_AUTO:
    case MCA_DATASET_MNIST:
    case MCA_DATASET_SYNTHETIC_DIGITS:
        return (struct mca_shape){1, 28, 28};
    case MCA_DATASET_IDX:
    default:
        return (struct mca_shape){0, 0, 0};
    }
}

void mca_scenario_settle(struct mca_scenario *scenario) {
    struct mca_network_config *network = &scenario->chip.network;
    if (!network->is_widths) {
        network->input = network->given_input.channels > 0
                             ? network->given_input
                             : shape_of_images((enum mca_dataset_name)scenario->dataset.name);
    }
}
