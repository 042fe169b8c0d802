/* A component library. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "cost/component_library.h"
#include "reports/tables/tables.h"

static void answer(const struct mca_component_library *library) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    FUZZ_CHECK(out);
    mca_report_print_components(out, library, "", 0);
    FUZZ_CHECK(fclose(out) == 0);
    fuzz_answer_bytes("library", text, length);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct mca_component_library library;
    struct mca_error error = {""};
    struct fuzz_file file = fuzz_file_open(data, size);
    if (mca_component_library_load(&library, file.path, &error) == MCA_OK) {
        answer(&library);
        mca_component_library_deinit(&library);
    } else {
        char *places = strstr(error.message, " in $MCA_COMPONENTS_DIR");
        if (places) { /* which differ from tree to tree */
            *places = '\0';
        }
        fuzz_refused(&error, file.path);
    }
    fuzz_file_close(&file);
    return 0;
}
