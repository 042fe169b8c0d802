/* A sweep file. */
#include "fuzz/fuzz_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct mca_sweep_plan plan;
    struct mca_error error = {""};
    struct fuzz_file file = fuzz_plan_open(data, size);
    if (mca_sweep_plan_load(&plan, file.path, fuzz_metrics(), &error) == MCA_OK) {
        FUZZ_CHECK(plan.point_count <= MCA_SWEEP_POINTS_MAX);
        fuzz_points(&plan, file.path);
        mca_sweep_plan_deinit(&plan);
    } else {
        fuzz_refused(&error, file.path);
    }
    fuzz_file_close(&file);
    return 0;
}
