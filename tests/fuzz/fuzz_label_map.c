/* The text of dataset.label_map. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "train/label_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char text[512] = "";
    struct mca_label_map map;
    struct mca_error error = {""};
    memcpy(text, data, size < sizeof text - 1 ? size : sizeof text - 1);
    if (mca_label_map_parse(text, &map, &error) != MCA_OK) {
        FUZZ_CHECK(error.message[0] != '\0');
    } else if (text[0] == '\0') {
        FUZZ_CHECK(map.to[0] == 0 && map.to[255] == 255);
    }
    return 0;
}
