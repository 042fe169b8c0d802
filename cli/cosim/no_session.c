/* mcasim cosim, where the program was built without the RTL. */
#include "cli/cosim/session.h"

enum mca_status cli_run_cosim(const struct cli_cosim *options, struct mca_error *error) {
    (void)options;
    return mca_fail(
        error, MCA_INVALID,
        "mcasim cosim: this program was built without the RTL (MCA_BUILD_RTL=OFF); `make build` "
        "or -DMCA_BUILD_RTL=ON has it");
}
