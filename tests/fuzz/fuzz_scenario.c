/* A scenario's text. What is accepted is written out in full, loads again to the same scenario,
 * has a chip whose inventory can be counted, and gets notices of a line each. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "chip/chip.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "scenario/notices.h"
#include "scenario/resolved.h"

/* It may build on one that is shipped. */
#define SHIPPED MCA_TEST_SOURCE_DIR "/scenarios/"

static void on_notice(void *user, const char *line) {
    (void)user;
    FUZZ_CHECK(line[0] != '\0' && !strchr(line, '\n'));
    fuzz_answer("%s", line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct mca_scenario scenario;
    static struct mca_scenario again;
    static struct mca_scenario_origins origins;
    struct mca_error error = {""};
    uint64_t hash;
    uint64_t hash_again;
    if (mca_scenario_load_text(&scenario, &origins, SHIPPED "fuzz.yaml", (const char *)data, size,
                               &error) != MCA_OK ||
        mca_scenario_check(&scenario, &origins, &error) != MCA_OK) {
        fuzz_refused(&error, SHIPPED);
        return 0;
    }
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    FUZZ_CHECK(out);
    mca_scenario_write(&scenario, out);
    FUZZ_CHECK(fclose(out) == 0);
    fuzz_answer_bytes("scenario", text, length);
    if (mca_scenario_load_text(&again, &origins, "/nowhere/again.yaml", text, length, &error) !=
        MCA_OK) {
        (void)fprintf(stderr, "%s\n%s", error.message, text);
        abort();
    }
    FUZZ_CHECK(mca_scenario_hash(&scenario, &hash, &error) == MCA_OK);
    FUZZ_CHECK(mca_scenario_hash(&again, &hash_again, &error) == MCA_OK && hash == hash_again);
    FUZZ_CHECK(mca_chip_inventory(&scenario.chip).tiles > 0);
    const struct mca_observer observer = {.notice = on_notice};
    mca_scenario_notices(&scenario, &origins, NULL, NULL, &observer);
    free(text);
    return 0;
}
