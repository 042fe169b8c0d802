/* A component library. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "cost/component_library.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct mca_component_library library;
    struct mca_error error = {""};
    struct fuzz_file file = fuzz_file_open(data, size);
    if (mca_component_library_load(&library, file.path, &error) == MCA_OK) {
        mca_component_library_deinit(&library);
    } else {
        FUZZ_CHECK(error.message[0] != '\0' && !strchr(error.message, '\n'));
    }
    fuzz_file_close(&file);
    return 0;
}
