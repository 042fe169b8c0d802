#include "sweep/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/check.h"
#include "scenario/key_value.h"
#include "scenario/load.h"
#include "scenario/value_text.h"

void mca_sweep_plan_deinit(struct mca_sweep_plan *plan) {
    for (uint32_t i = 0; i < plan->axis_count; ++i) {
        free(plan->axes[i].slots);
        free(plan->axes[i].cells);
    }
    for (uint32_t i = 0; i < plan->value_count; ++i) {
        free(plan->values[i].text);
        free(plan->values[i].bytes);
    }
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        free(plan->layer_keys[k]);
    }
    free(plan->values);
    free(plan->text);
    free(plan->path);
    memset(plan, 0, sizeof *plan);
}

void mca_sweep_plan_cells(const struct mca_sweep_plan *plan, uint32_t point, uint32_t *cells) {
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        cells[k] = MCA_SWEEP_UNSET;
    }
    for (uint32_t a = plan->axis_count; a-- > 0;) {
        const struct mca_sweep_axis *axis = &plan->axes[a];
        const uint32_t *row = axis->cells + (size_t)(point % axis->rows) * axis->key_count;
        point /= axis->rows;
        for (uint32_t k = 0; k < axis->key_count; ++k) {
            cells[axis->slots[k]] = row[k];
        }
    }
}

enum mca_status mca_sweep_plan_scenario(const struct mca_sweep_plan *plan, uint32_t point,
                                        struct mca_scenario *scenario,
                                        struct mca_scenario_origins *origins,
                                        struct mca_error *error) {
    uint32_t cells[MCA_KEY_MAX];
    mca_sweep_plan_cells(plan, point, cells);
    *scenario = plan->base;
    *origins = plan->origins;
    for (uint32_t k = 0; k < plan->key_count; ++k) {
        if (cells[k] == MCA_SWEEP_UNSET) {
            continue;
        }
        const struct mca_sweep_value *value = &plan->values[cells[k]];
        memcpy((char *)scenario + value->key->offset, value->bytes, value->key->size);
        origins->of[mca_key_index(value->key)] = (struct mca_origin){plan->source, value->line};
    }
    mca_scenario_settle(scenario);
    return mca_scenario_check(scenario, origins, error);
}

const char *mca_sweep_plan_text(const struct mca_sweep_plan *plan, uint32_t slot, uint32_t cell,
                                char *unset, size_t size) {
    if (cell != MCA_SWEEP_UNSET) {
        return plan->values[cell].text;
    }
    if (mca_key_is_text(plan->keys[slot])) {
        (void)snprintf(unset, size, "%s", (const char *)&plan->base + plan->keys[slot]->offset);
    } else {
        mca_key_format(plan->keys[slot], &plan->base, unset, size);
    }
    return unset;
}
