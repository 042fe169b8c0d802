/* A run's ledger.json, beside the scenario of a small run: what is accepted can be priced, and
 * every figure of it explained. */
#include "fuzz/fuzz.h"

#include <fcntl.h>
#include <string.h>

#include "reports/explain/explain.h"
#include "run/finished_run.h"

static char dir[] = "/tmp/mca-fuzz-XXXXXX";

static void put(const char *name, const void *data, size_t size) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0);
}

static void clean_up(void) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/scenario.yaml", dir);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/ledger.json", dir);
    (void)unlink(path);
    (void)rmdir(dir);
}

static void print_explanation(void *user, const struct mca_explanation *x) {
    mca_explanation_print(user, x, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char scenario[] =
        "network: {layers: [784, 10]}\nseed: 1\n"
        "dataset: {name: synthetic-digits, synthetic_train: 50, synthetic_test: 20}\n"
        "train: {epochs: 2}\nreport: {name: fuzz}\n";
    static struct mca_finished_run run;
    static struct mca_component_library library;
    static FILE *nowhere;
    struct mca_error error = {""};
    if (!nowhere) {
        FUZZ_CHECK(mkdtemp(dir));
        (void)atexit(clean_up);
        put("scenario.yaml", scenario, sizeof scenario - 1);
        FUZZ_CHECK(mca_component_library_load(&library, "mca-14nm", &error) == MCA_OK);
        nowhere = fopen("/dev/null", "w");
        FUZZ_CHECK(nowhere);
    }
    put("ledger.json", data, size);
    if (mca_finished_run_load(&run, dir, &error) == MCA_OK) {
        const struct mca_priced_run report = mca_finished_run_priced(&run, &library);
        mca_explain_all(&report, print_explanation, nowhere);
        mca_finished_run_deinit(&run);
    } else {
        FUZZ_CHECK(error.message[0] != '\0' && !strchr(error.message, '\n'));
    }
    return 0;
}
