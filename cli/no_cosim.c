/* mcasim cosim, where the program was built without the RTL. */
#include "cli/cli.h"

enum mca_status cli_cosim(int argc, char **argv, struct mca_error *error) {
    (void)argc;
    (void)argv;
    return mca_fail(
        error, MCA_INVALID,
        "mcasim cosim: this program was built without the RTL (MCA_BUILD_RTL=OFF); `make build` "
        "or -DMCA_BUILD_RTL=ON has it");
}
