/* A sweep file; its scenario stands at /proc/self/fd/100. Every point that is accepted passes the
 * scenario's own check or is refused with a line. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "reports/sweep/write_results.h"

enum { SCENARIO_FD = 100, POINTS_LOOKED_AT = 20 };

static void put_scenario(void) {
    static const char text[] = "network: {layers: [784, 10]}\ndataset: {name: synthetic-digits}\n";
    const int fd = memfd_create("scenario", 0);
    FUZZ_CHECK(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1);
    FUZZ_CHECK(dup2(fd, SCENARIO_FD) == SCENARIO_FD && close(fd) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int placed;
    static struct mca_sweep_metrics metrics;
    static struct mca_sweep_plan plan;
    static struct mca_scenario scenario;
    static struct mca_scenario_origins origins;
    struct mca_error error = {""};
    if (!placed) {
        put_scenario();
        mca_sweep_metrics_take(&metrics);
        placed = 1;
    }
    struct fuzz_file file = fuzz_file_open(data, size);
    if (mca_sweep_plan_load(&plan, file.path, &metrics, &error) == MCA_OK) {
        FUZZ_CHECK(plan.point_count >= 1 && plan.point_count <= MCA_SWEEP_POINTS_MAX);
        for (uint32_t i = 0; i < plan.point_count && i < POINTS_LOOKED_AT; ++i) {
            const uint32_t point = i % 2 ? plan.point_count - 1 - i / 2 : i / 2;
            if (mca_sweep_plan_scenario(&plan, point, &scenario, &origins, &error) != MCA_OK) {
                FUZZ_CHECK(error.message[0] != '\0' && !strchr(error.message, '\n'));
            }
        }
        mca_sweep_plan_deinit(&plan);
    } else {
        FUZZ_CHECK(error.message[0] != '\0' && !strchr(error.message, '\n'));
    }
    fuzz_file_close(&file);
    return 0;
}
