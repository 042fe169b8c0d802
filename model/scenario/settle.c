#include "scenario/settle.h"

#include "train/dataset.h"

void mca_scenario_settle(struct mca_scenario *scenario) {
    struct mca_network_config *network = &scenario->chip.network;
    if (!network->is_widths) {
        network->input = network->given_input.channels > 0
                             ? network->given_input
                             : mca_dataset_shape_of_name(scenario->dataset.name);
    }
}
