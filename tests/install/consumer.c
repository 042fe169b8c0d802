/* A program outside the tree, which includes mca.h alone: the conversions of an image on the
 * reference chip, and what the component library that is named says of itself. */
#include <stdio.h>

#include <mca.h>

/* Columns converted as an image is trained on, forward. */
static enum mca_status count(uint64_t *conversions, struct mca_error *error) {
    static uint8_t pixels[784] = {255};
    static struct mca_scenario scenario;
    static struct mca_scenario_origins origins;
    struct mca_chip *chip;
    struct mca_image_outcome outcome;
    MCA_TRY(mca_scenario_defaults(&scenario, &origins, error));
    MCA_TRY(mca_scenario_check(&scenario, &origins, error));
    MCA_TRY(mca_chip_create(&chip, &scenario.chip, error));
    mca_chip_set_rate(chip, 0.1, 1);
    const enum mca_status status = mca_chip_train_image(chip, pixels, 3, &outcome, error);
    *conversions = mca_chip_ledger(chip).counts[MCA_PHASE_FORWARD][MCA_COMPONENT_ADC_CONVERSION];
    mca_chip_destroy(chip);
    return status;
}

int main(int argc, char **argv) {
    struct mca_error error;
    uint64_t conversions = 0;
    enum mca_status status = count(&conversions, &error);
    if (status == MCA_OK) {
        printf("%u", (unsigned)conversions);
    }
    if (status == MCA_OK && argc > 1) {
        struct mca_component_library library;
        status = mca_component_library_load(&library, argv[1], &error);
        if (status == MCA_OK) {
            printf(" %.17s", library.about);
            mca_component_library_deinit(&library);
        }
    }
    printf("\n");
    if (status != MCA_OK) {
        fprintf(stderr, "%s\n", error.message);
    }
    return (int)status;
}
