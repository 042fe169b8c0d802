/* A run's ledger.json: what is accepted can be priced, and every figure of it explained. The run is
 * that of MCA_FUZZ_RUN, a directory, with its own ledger as seed. */
#include "fuzz/fuzz.h"

#include <fcntl.h>
#include <string.h>

#include "reports/explain/explain.h"
#include "run/finished_run.h"

enum { LEDGER_MAX_BYTES = 1 << 20 };

static char dir[] = "/tmp/mca-fuzz-XXXXXX";

static void put(const char *name, const void *data, size_t size) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0);
}

/* Bytes of a file of the run; their number. */
static size_t take(const char *name, uint8_t bytes[LEDGER_MAX_BYTES]) {
    char path[4096];
    const char *run = getenv("MCA_FUZZ_RUN");
    FUZZ_CHECK(run);
    (void)snprintf(path, sizeof path, "%s/%s", run, name);
    FILE *file = fopen(path, "rb");
    FUZZ_CHECK(file);
    const size_t size = fread(bytes, 1, LEDGER_MAX_BYTES, file);
    (void)fclose(file);
    return size;
}

static void clean_up(void) {
    static const char *const names[] = {"scenario.yaml", "summary.json", "ledger.json"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(dir);
}

static void print_explanation(void *user, const struct mca_explanation *x) {
    mca_explanation_print(user, x, 0);
}

static void explain(const struct mca_priced_run *report) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    FUZZ_CHECK(out);
    mca_explain_all(report, print_explanation, out);
    FUZZ_CHECK(fclose(out) == 0);
    fuzz_answer_bytes("explained", text, length);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* of a version without checksums, which would refuse every change */
    static const char summary[] = "{\"schema_version\": 1}\n";
    static uint8_t own[LEDGER_MAX_BYTES];
    static size_t own_size;
    static struct mca_finished_run run;
    static struct mca_component_library library;
    struct mca_error error = {""};
    if (own_size == 0) {
        FUZZ_CHECK(mkdtemp(dir));
        (void)atexit(clean_up);
        put("scenario.yaml", own, take("scenario.yaml", own));
        put("summary.json", summary, sizeof summary - 1);
        own_size = take("ledger.json", own);
        FUZZ_CHECK(mca_component_library_load(&library, "mca-14nm", &error) == MCA_OK);
    }
    put("ledger.json", data, size);
    if (mca_finished_run_load(&run, dir, &error) == MCA_OK) {
        const struct mca_priced_run report = mca_finished_run_priced(&run, &library);
        explain(&report);
        mca_finished_run_deinit(&run);
    } else {
        fuzz_refused(&error, dir);
        FUZZ_CHECK(size != own_size || memcmp(data, own, size) != 0);
    }
    return 0;
}
