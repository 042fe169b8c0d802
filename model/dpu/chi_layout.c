/* Rows and columns of a layer's matrix in those of its chi. */
#include <string.h>

#include "dpu/chi.h"
#include "dpu/fixed_dpu.h"

enum mca_chi_layout mca_chi_layout_of(unsigned layout, uint32_t lanes, uint32_t inputs,
                                      uint32_t outputs) {
    const uint64_t by_rows = inputs * mca_dpu_words(outputs, lanes);
    const uint64_t by_columns = outputs * mca_dpu_words(inputs, lanes);
    const int is_by_columns =
        layout == MCA_LAYOUT_COLUMNS || (layout == MCA_LAYOUT_FEWEST_WORDS && by_columns < by_rows);
    return is_by_columns ? MCA_LAYOUT_COLUMNS : MCA_LAYOUT_ROWS;
}

int mca_chi_init_turned(struct mca_chi *chi, struct mca_arena *arena) {
    struct mca_chi_turned *turned = &chi->turned;
    int whole = 1;
    turned->row = mca_arena_take(arena, chi->rows, sizeof *turned->row, &whole);
    if (chi->real) {
        turned->value = mca_arena_take(arena, chi->rows, sizeof *turned->value, &whole);
        turned->error_real = mca_arena_take(arena, chi->cols, sizeof *turned->error_real, &whole);
    } else {
        turned->code = mca_arena_take(arena, chi->rows, sizeof *turned->code, &whole);
        turned->error = mca_arena_take(arena, chi->cols, sizeof *turned->error, &whole);
    }
    return whole;
}

/* Outputs with an error become rows, and the errors their codes; codes become the errors of all
 * inputs. Returns how many rows there are. */
static uint32_t turn_fixed(const struct mca_chi *chi, const struct mca_update *update) {
    const struct mca_chi_turned *to = &chi->turned;
    uint32_t count = 0;
    memset(to->error, 0, chi->cols * sizeof *to->error);
    for (uint32_t k = 0; k < update->count; ++k) {
        to->error[update->row[k]] = update->code[k];
    }
    for (uint32_t c = 0; c < chi->rows; ++c) {
        to->row[count] = c;
        to->code[count] = update->error[c];
        count += update->error[c] != 0;
    }
    return count;
}

static uint32_t turn_float(const struct mca_chi *chi, const struct mca_update *update) {
    const struct mca_chi_turned *to = &chi->turned;
    uint32_t count = 0;
    for (uint32_t r = 0; r < chi->cols; ++r) {
        to->error_real[r] = 0.0;
    }
    for (uint32_t k = 0; k < update->count; ++k) {
        to->error_real[update->row[k]] = update->value[k];
    }
    for (uint32_t c = 0; c < chi->rows; ++c) {
        to->row[count] = c;
        to->value[count] = update->error_real[c];
        count += update->error_real[c] != 0.0;
    }
    return count;
}

struct mca_update mca_chi_turn(const struct mca_chi *chi, const struct mca_update *update) {
    const struct mca_chi_turned *to = &chi->turned;
    if (!mca_chi_lies_by_columns(chi)) {
        return *update;
    }
    return (struct mca_update){.count =
                                   chi->real ? turn_float(chi, update) : turn_fixed(chi, update),
                               .row = to->row,
                               .code = to->code,
                               .value = to->value,
                               .error = to->error,
                               .error_real = to->error_real,
                               .shift = update->shift,
                               .code_bound = update->error_bound,
                               .error_bound = update->code_bound};
}

uint64_t mca_chi_products_float(const struct mca_chi *chi, uint32_t inputs, uint32_t rows) {
    return mca_chi_lies_by_columns(chi) ? (uint64_t)inputs * rows : (uint64_t)inputs * chi->cols;
}
