/*
 * Maps of labels, as dataset.label_map has them: entries with commas between them, each
 * OLD:NEW, FIRST-LAST:NEW (merged into one class) or FIRST-LAST:NEWFIRST-NEWLAST (moved). Labels
 * that no entry names stay what they are. Example: EMNIST's letters, "1-26:0-25".
 */
#ifndef MCA_TRAIN_LABEL_MAP_H
#define MCA_TRAIN_LABEL_MAP_H

#include <stdint.h>

#include "base/status.h"

enum { MCA_LABELS_MAX = 256 };

struct mca_label_map {
    uint8_t to[MCA_LABELS_MAX];
};

/* Takes `text` apart; "" maps every label to itself. MCA_INVALID, with the entry at fault, for
 * anything else, numbers above 255 and labels that two entries name. */
enum mca_status mca_label_map_parse(const char *text, struct mca_label_map *map,
                                    struct mca_error *error);

#endif
