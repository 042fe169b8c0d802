/* random and latin_hypercube as axes of a plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/key_value.h"
#include "scenario/load_node.h"
#include "scenario/value_text.h"
#include "sweep/reader.h"
#include "sweep/samples.h"

/* low or high: a number that the key takes. */
static enum mca_status read_bound(const struct mca__sweep_reader *reader,
                                  const yaml_node_t *key_node, const yaml_node_t *mapping,
                                  const char *name, double *bound) {
    struct mca_found_key key;
    const yaml_node_t *node = mca__sweep_child(reader, mapping, name);
    if (!node) {
        return mca__sweep_fault(reader, mapping, "%.60s: %s is needed", mca_yaml_text(key_node),
                                name);
    }
    const struct mca_key_node pair_node = {reader->plan->path, reader->document, key_node, node};
    MCA_TRY(mca_scenario_apply_node(reader->scratch, &pair_node, &key, reader->error));
    *bound = strtod(mca_yaml_text(node), NULL);
    return MCA_OK;
}

static enum mca_status read_range(const struct mca__sweep_reader *reader,
                                  const yaml_node_t *key_node, const yaml_node_t *mapping,
                                  const struct mca_key *key, struct mca_sample_range *range) {
    static const char *const names[] = {"low", "high", "scale", NULL};
    if (key->type != MCA_KEY_U32 && key->type != MCA_KEY_U64 && key->type != MCA_KEY_F64) {
        return mca__sweep_fault(reader, key_node, "%s: a %s; only numbers can be sampled",
                                key->name, mca_key_type_name(key));
    }
    MCA_TRY(mca__sweep_need_mapping(reader, mapping, key->name));
    char where[MCA_KEY_NAME_SIZE + 8];
    (void)snprintf(where, sizeof where, "%s: ", key->name);
    MCA_TRY(mca__sweep_check_names(reader, mapping, where, names));
    MCA_TRY(read_bound(reader, key_node, mapping, "low", &range->low));
    MCA_TRY(read_bound(reader, key_node, mapping, "high", &range->high));
    if (!(range->low < range->high)) {
        return mca__sweep_fault(reader, mapping,
                                "%s: low must be below high; low is %g, high is %g", key->name,
                                range->low, range->high);
    }
    const yaml_node_t *scale = mca__sweep_child(reader, mapping, "scale");
    range->is_log = scale && strcmp(mca_yaml_text(scale), "log") == 0;
    range->is_whole = key->type != MCA_KEY_F64;
    if (scale && !range->is_log && strcmp(mca_yaml_text(scale), "linear") != 0) {
        return mca__sweep_fault(reader, scale, "%s: scale: '%.60s' is none of linear, log",
                                key->name, mca_yaml_text(scale));
    }
    return range->is_log && !(range->low > 0)
               ? mca__sweep_fault(reader, mapping, "%s: scale log needs low above 0; low is %g",
                                  key->name, range->low)
               : MCA_OK;
}

static enum mca_status sample_column(const struct mca__sweep_reader *reader,
                                     struct mca_sweep_axis *axis, uint32_t column,
                                     const yaml_node_t *key_node, const yaml_node_t *mapping,
                                     uint64_t seed) {
    struct mca_sample_range range;
    MCA_TRY(mca__sweep_name_column(reader, axis, column, key_node));
    const struct mca_key *key = reader->plan->keys[axis->slots[column]];
    MCA_TRY(read_range(reader, key_node, mapping, key, &range));
    double *positions = calloc(axis->rows, sizeof *positions);
    if (!positions) {
        return mca_fail_memory(reader->error, reader->plan->path);
    }
    mca_sample_positions(seed, key->name, axis->rows, axis->section[0] == 'l', positions);
    enum mca_status status = MCA_OK;
    for (uint32_t row = 0; row < axis->rows && status == MCA_OK; ++row) {
        char text[32];
        const double value = mca_sample_value(&range, positions[row]);
        if (range.is_whole) {
            (void)snprintf(text, sizeof text, "%.0f", value);
        } else {
            mca_format_f64(value, text);
        }
        status = mca__sweep_keep_text(reader, key_node, key, text,
                                      &axis->cells[(size_t)row * axis->key_count + column]);
    }
    free(positions);
    return status;
}

/* random and latin_hypercube */
enum mca_status mca__sweep_read_samples(const struct mca__sweep_reader *reader, const char *section,
                                        const yaml_node_t *node) {
    static const char *const names[] = {"samples", "seed", "keys", NULL};
    uint64_t samples;
    uint64_t seed = 1;
    char where[32];
    MCA_TRY(mca__sweep_need_mapping(reader, node, section));
    (void)snprintf(where, sizeof where, "%s: ", section);
    MCA_TRY(mca__sweep_check_names(reader, node, where, names));
    const yaml_node_t *keys = mca__sweep_child(reader, node, "keys");
    const yaml_node_t *count = mca__sweep_child(reader, node, "samples");
    const yaml_node_t *seed_node = mca__sweep_child(reader, node, "seed");
    if (!keys || !count) {
        return mca__sweep_fault(reader, node, "%s: %s is needed", section,
                                keys ? "samples" : "keys");
    }
    MCA_TRY(mca__sweep_number(reader, count, "samples", 1, MCA_SWEEP_POINTS_MAX, &samples));
    if (seed_node) {
        MCA_TRY(mca__sweep_number(reader, seed_node, "seed", 0, (UINT64_C(1) << 52) - 1, &seed));
    }
    MCA_TRY(mca__sweep_need_mapping(reader, keys, section));
    struct mca_sweep_axis *axis;
    MCA_TRY(
        mca__sweep_new_axis(reader, node, section, (uint32_t)samples, mca_yaml_count(keys), &axis));
    const yaml_node_pair_t *pairs = keys->data.mapping.pairs.start;
    for (uint32_t i = 0; i < mca_yaml_count(keys); ++i) {
        MCA_TRY(sample_column(reader, axis, i, mca__sweep_node(reader, pairs[i].key),
                              mca__sweep_node(reader, pairs[i].value), seed));
    }
    return MCA_OK;
}
