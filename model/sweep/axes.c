/* grid, list, zip and seeds as axes of a plan. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/reader.h"

static enum mca_status fill_column(const struct mca__sweep_reader *reader,
                                   struct mca_sweep_axis *axis, uint32_t column,
                                   const yaml_node_t *key_node, const yaml_node_t *list) {
    const yaml_node_item_t *items = list->data.sequence.items.start;
    MCA_TRY(mca__sweep_name_column(reader, axis, column, key_node));
    for (uint32_t row = 0; row < axis->rows; ++row) {
        MCA_TRY(mca__sweep_keep_node(reader, key_node, mca__sweep_node(reader, items[row]),
                                     &axis->cells[(size_t)row * axis->key_count + column]));
    }
    return MCA_OK;
}

enum mca_status mca__sweep_read_columns(const struct mca__sweep_reader *reader, const char *section,
                                        const yaml_node_t *node) {
    const int is_zip = strcmp(section, "zip") == 0;
    MCA_TRY(mca__sweep_need_mapping(reader, node, section));
    const yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
    const uint32_t count = mca_yaml_count(node);
    struct mca_sweep_axis *axis = NULL;
    for (uint32_t i = 0; i < count; ++i) {
        const yaml_node_t *key = mca__sweep_node(reader, pairs[i].key);
        const yaml_node_t *list = mca__sweep_node(reader, pairs[i].value);
        MCA_TRY(mca__sweep_need_list(reader, list, section, mca_yaml_text(key)));
        const uint32_t rows = mca_yaml_count(list);
        if (!is_zip || !axis) {
            MCA_TRY(mca__sweep_new_axis(reader, key, section, rows, is_zip ? count : 1, &axis));
        }
        if (rows != axis->rows) {
            return mca__sweep_fault(reader, list, "%s: %.60s: %u value%s; %.60s in line %u has %u",
                                    section, mca_yaml_text(key), rows, rows == 1 ? "" : "s",
                                    mca_yaml_text(mca__sweep_node(reader, pairs[0].key)),
                                    axis->line, axis->rows);
        }
        MCA_TRY(fill_column(reader, axis, is_zip ? i : 0, key, list));
    }
    return MCA_OK;
}

/* The column of a key in a list's axis, added where it is new. `used` columns have a name. */
static enum mca_status list_column(const struct mca__sweep_reader *reader,
                                   struct mca_sweep_axis *axis, const yaml_node_t *key_node,
                                   uint32_t *used, uint32_t *column) {
    for (*column = 0; *column < *used; ++*column) {
        if (strcmp(reader->plan->keys[axis->slots[*column]]->name, mca_yaml_text(key_node)) == 0) {
            return MCA_OK;
        }
    }
    ++*used;
    return mca__sweep_name_column(reader, axis, *column, key_node);
}

static enum mca_status read_list_row(const struct mca__sweep_reader *reader,
                                     struct mca_sweep_axis *axis, uint32_t row,
                                     const yaml_node_t *node, uint32_t *used) {
    if (node->type == YAML_MAPPING_NODE && mca_yaml_is_untagged(node) &&
        mca_yaml_count(node) == 0) { /* the scenario as it is */
        return MCA_OK;
    }
    MCA_TRY(mca__sweep_need_mapping(reader, node, "list"));
    const yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
    for (uint32_t i = 0; i < mca_yaml_count(node); ++i) {
        const yaml_node_t *key = mca__sweep_node(reader, pairs[i].key);
        uint32_t column;
        MCA_TRY(list_column(reader, axis, key, used, &column));
        uint32_t *cell = &axis->cells[(size_t)row * axis->key_count + column];
        if (*cell != MCA_SWEEP_UNSET) {
            return mca__sweep_fault(reader, key, "list: %.60s: given twice", mca_yaml_text(key));
        }
        MCA_TRY(mca__sweep_keep_node(reader, key, mca__sweep_node(reader, pairs[i].value), cell));
    }
    return MCA_OK;
}

enum mca_status mca__sweep_read_list(const struct mca__sweep_reader *reader, const char *section,
                                     const yaml_node_t *node) {
    MCA_TRY(mca__sweep_need_list(reader, node, section, ""));
    const yaml_node_item_t *items = node->data.sequence.items.start;
    struct mca_sweep_axis *axis;
    uint32_t used = 0;
    MCA_TRY(mca__sweep_new_axis(reader, node, section, mca_yaml_count(node), MCA_KEY_MAX, &axis));
    for (uint32_t row = 0; row < axis->rows; ++row) {
        MCA_TRY(read_list_row(reader, axis, row, mca__sweep_node(reader, items[row]), &used));
    }
    if (used == 0) {
        return mca__sweep_fault(reader, node, "list: no mapping has a key; at least one is needed");
    }
    for (uint32_t row = 0; row < axis->rows; ++row) { /* close the rows up */
        memmove(axis->cells + (size_t)row * used, axis->cells + (size_t)row * MCA_KEY_MAX,
                used * sizeof *axis->cells);
    }
    axis->key_count = used;
    return MCA_OK;
}

static int by_number(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* A seed that stood there twice would count as two draws of chance. */
static enum mca_status need_different_seeds(const struct mca__sweep_reader *reader,
                                            const char *section, const yaml_node_t *node,
                                            const struct mca_sweep_axis *axis) {
    uint64_t *seeds = malloc(axis->rows * sizeof *seeds);
    if (!seeds) {
        return mca_fail_memory(reader->error, section);
    }
    for (uint32_t row = 0; row < axis->rows; ++row) {
        seeds[row] = strtoull(reader->plan->values[axis->cells[row]].text, NULL, 10);
    }
    qsort(seeds, axis->rows, sizeof *seeds, by_number);
    enum mca_status status = MCA_OK;
    for (uint32_t row = 1; row < axis->rows && status == MCA_OK; ++row) {
        if (seeds[row] == seeds[row - 1]) {
            status = mca__sweep_fault(reader, node, "%s: %" PRIu64 " twice", section, seeds[row]);
        }
    }
    free(seeds);
    return status;
}

enum mca_status mca__sweep_read_seeds(const struct mca__sweep_reader *reader, const char *section,
                                      const yaml_node_t *node) {
    const struct mca_key *key = mca_key_find("seed");
    struct mca_sweep_axis *axis;
    uint64_t count;
    if (node->type == YAML_SEQUENCE_NODE) {
        MCA_TRY(mca__sweep_need_list(reader, node, section, ""));
        count = mca_yaml_count(node);
    } else {
        MCA_TRY(mca__sweep_number(reader, node, section, 1, MCA_SWEEP_POINTS_MAX, &count));
    }
    MCA_TRY(mca__sweep_new_axis(reader, node, section, (uint32_t)count, 1, &axis));
    MCA_TRY(mca__sweep_take_slot(reader, node, key, &axis->slots[0]));
    for (uint32_t row = 0; row < axis->rows; ++row) {
        char text[32];
        const yaml_node_t *item = node;
        (void)snprintf(text, sizeof text, "%" PRIu64, reader->plan->base.chip.seed + row);
        if (node->type == YAML_SEQUENCE_NODE) {
            item = mca__sweep_node(reader, node->data.sequence.items.start[row]);
            uint64_t seed;
            MCA_TRY(mca__sweep_number(reader, item, section, 0, (uint64_t)key->max, &seed));
            (void)snprintf(text, sizeof text, "%" PRIu64, seed);
        }
        MCA_TRY(mca__sweep_keep_text(reader, item, key, text, &axis->cells[row]));
    }
    return node->type == YAML_SEQUENCE_NODE ? need_different_seeds(reader, section, node, axis)
                                            : MCA_OK;
}
