/* The text of dataset.label_map: what is accepted is read a second time, by the C library. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "train/label_map.h"

struct labels {
    unsigned long first;
    unsigned long last;
};

static char *read_labels(char *at, struct labels *labels) {
    labels->first = strtoul(at, &at, 10);
    labels->last = *at == '-' ? strtoul(at + 1, &at, 10) : labels->first;
    FUZZ_CHECK(labels->first <= labels->last && labels->last < MCA_LABELS_MAX);
    return at;
}

/* Labels that `text` does not name stay as they are. */
static void check(char *text, const struct mca_label_map *map) {
    int is_named[MCA_LABELS_MAX] = {0};
    for (char *at = text; *at != '\0';) {
        struct labels from;
        struct labels to;
        at = read_labels(at, &from);
        FUZZ_CHECK(*at == ':');
        at = read_labels(at + 1, &to);
        FUZZ_CHECK(*at == ',' || *at == '\0');
        at += *at == ',';
        for (unsigned long i = from.first; i <= from.last; ++i) {
            FUZZ_CHECK(!is_named[i]);
            FUZZ_CHECK(map->to[i] == to.first + (to.first == to.last ? 0 : i - from.first));
            FUZZ_CHECK(map->to[i] <= to.last);
            is_named[i] = 1;
        }
    }
    for (unsigned long i = 0; i < MCA_LABELS_MAX; ++i) {
        FUZZ_CHECK(is_named[i] || map->to[i] == i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char text[512] = "";
    struct mca_label_map map;
    struct mca_error error = {""};
    memcpy(text, data, size < sizeof text - 1 ? size : sizeof text - 1);
    if (mca_label_map_parse(text, &map, &error) != MCA_OK) {
        fuzz_refused(&error, "");
    } else {
        check(text, &map);
        fuzz_answer_bytes("map", map.to, sizeof map.to);
    }
    return 0;
}
