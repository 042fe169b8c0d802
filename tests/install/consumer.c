/* A program outside the tree: the drift law through the installed headers and library, and what the
 * component library that is named says of itself. */
#include <stdio.h>

#include <base/status.h>
#include <cost/component_library.h>
#include <device/device.h>

int main(int argc, char **argv) {
    const double g = mca_drift_conductance_s(5e-6, 0.04, 386.0, 38.6);
    printf("%.6g", g * 1e6);
    if (argc > 1) {
        struct mca_component_library library;
        struct mca_error error;
        const enum mca_status status = mca_component_library_load(&library, argv[1], &error);
        if (status != MCA_OK) {
            fprintf(stderr, "%s\n", error.message);
            return (int)status;
        }
        printf(" %.17s", library.about);
        mca_component_library_deinit(&library);
    }
    printf("\n");
    return g > 4.5e-6 && g < 4.6e-6 ? MCA_OK : MCA_FAILED;
}
