#include "train/label_map.h"

#include <string.h>

/* One label, or the first and the last of several. */
struct span {
    uint32_t first;
    uint32_t last;
};

/* Returns what follows the number at `text`, or NULL where there is none or it is no label. */
static const char *read_label(const char *text, uint32_t *label) {
    const char *at = text;
    *label = 0;
    for (; *at >= '0' && *at <= '9'; ++at) {
        *label = *label * 10 + (uint32_t)(*at - '0');
        if (*label >= MCA_LABELS_MAX) {
            return NULL;
        }
    }
    return at > text ? at : NULL;
}

static const char *read_span(const char *text, struct span *span) {
    const char *at = read_label(text, &span->first);
    span->last = span->first;
    if (at && *at == '-') {
        at = read_label(at + 1, &span->last);
    }
    return at && span->last >= span->first ? at : NULL;
}

/* Returns what follows the entry at `text`, or NULL where it is none. */
static const char *read_entry(const char *text, struct span *from, struct span *to) {
    const char *at = read_span(text, from);
    at = at && *at == ':' ? read_span(at + 1, to) : NULL;
    const int fits =
        at && (to->first == to->last || to->last - to->first == from->last - from->first);
    return fits && (*at == ',' || *at == '\0') ? at : NULL;
}

enum mca_status mca_label_map_parse(const char *text, struct mca_label_map *map,
                                    struct mca_error *error) {
    uint8_t is_named[MCA_LABELS_MAX] = {0};
    for (uint32_t i = 0; i < MCA_LABELS_MAX; ++i) {
        map->to[i] = (uint8_t)i;
    }
    for (const char *at = text; *text != '\0';) {
        struct span from;
        struct span to;
        const char *entry = at + strspn(at, " ");
        at = read_entry(entry, &from, &to);
        if (!at) {
            return mca_fail(error, MCA_INVALID,
                            "'%.40s' is not OLD:NEW, FIRST-LAST:NEW or FIRST-LAST:FIRST-LAST of "
                            "labels 0 .. 255",
                            entry);
        }
        for (uint32_t old = from.first; old <= from.last; ++old) {
            if (is_named[old]) {
                return mca_fail(error, MCA_INVALID, "label %u is mapped twice", old);
            }
            is_named[old] = 1;
            map->to[old] = (uint8_t)(to.first == to.last ? to.first : to.first + old - from.first);
        }
        if (*at == '\0') {
            break;
        }
        ++at;
    }
    return MCA_OK;
}
