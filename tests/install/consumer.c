/* A program outside the tree: a power by the installed headers and library, as the drift law takes
 * it, and what the component library that is named says of itself. */
#include <stdio.h>

#include <base/mathx.h>
#include <base/status.h>
#include <cost/component_library.h>

int main(int argc, char **argv) {
    const double g_us = 5.0 * mca_pow(386.0 / 38.6, -0.04);
    printf("%.6g", g_us);
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
    return g_us > 4.5 && g_us < 4.6 ? MCA_OK : MCA_FAILED;
}
