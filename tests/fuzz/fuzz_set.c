/* An assignment of --set: KEY=VALUE. */
#include "fuzz/fuzz.h"

#include "scenario/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct mca_scenario defaults;
    static struct mca_scenario scenario;
    static struct mca_scenario_origins origins;
    static int made;
    struct mca_error error = {""};
    if (!made) {
        FUZZ_CHECK(mca_scenario_defaults(&defaults, &origins, &error) == MCA_OK);
        made = 1;
    }
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    memcpy(text, data, size);
    text[size] = '\0'; /* arguments end at a zero */
    scenario = defaults;
    if (mca_scenario_set(&scenario, &origins, text, "--set", &error) != MCA_OK) {
        fuzz_refused(&error, "");
    } else {
        fuzz_answer_scenario(&scenario);
    }
    free(text);
    return 0;
}
