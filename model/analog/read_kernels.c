#include "analog/read_kernels.h"

#include "base/clones.h"

MCA_CLONES
static void add_rows_4(const int16_t *const d[4], const int32_t x[4], size_t cols,
                       int32_t *restrict sum) {
    const int16_t *restrict d0 = d[0];
    const int16_t *restrict d1 = d[1];
    const int16_t *restrict d2 = d[2];
    const int16_t *restrict d3 = d[3];
    const int32_t x0 = x[0];
    const int32_t x1 = x[1];
    const int32_t x2 = x[2];
    const int32_t x3 = x[3];
    for (size_t c = 0; c < cols; ++c) {
        sum[c] += (x0 * d0[c] + x1 * d1[c]) + (x2 * d2[c] + x3 * d3[c]);
    }
}

MCA_CLONES
static void add_variances_4(const uint16_t *const v[4], const uint32_t x[4], size_t cols,
                            uint32_t *restrict var) {
    const uint16_t *restrict v0 = v[0];
    const uint16_t *restrict v1 = v[1];
    const uint16_t *restrict v2 = v[2];
    const uint16_t *restrict v3 = v[3];
    const uint32_t x0 = x[0];
    const uint32_t x1 = x[1];
    const uint32_t x2 = x[2];
    const uint32_t x3 = x[3];
    for (size_t c = 0; c < cols; ++c) {
        var[c] += (x0 * v0[c] + x1 * v1[c]) + (x2 * v2[c] + x3 * v3[c]);
    }
}

void mca_read_rows(const struct mca_read_arrays *arrays, const uint32_t *row, const int32_t *code,
                   const uint32_t *square, size_t count, int32_t *restrict sum,
                   uint32_t *restrict var) {
    for (size_t k = 0; k < count; k += 4) {
        const int16_t *d[4];
        const uint16_t *v[4];
        int32_t x[4] = {0, 0, 0, 0};
        uint32_t x2[4] = {0, 0, 0, 0};
        for (size_t j = 0; j < 4; ++j) {
            const size_t i = k + j < count ? k + j : k;
            const size_t offset = (size_t)row[i] * arrays->stride;
            d[j] = arrays->difference + offset;
            v[j] = arrays->variance ? arrays->variance + offset : NULL;
            if (k + j < count) {
                x[j] = code[i];
                x2[j] = square[i];
            }
        }
        add_rows_4(d, x, arrays->cols, sum);
        if (arrays->variance) {
            add_variances_4(v, x2, arrays->cols, var);
        }
    }
}

MCA_CLONES
static int32_t dot_difference(const int16_t *restrict d, const int32_t *restrict x, size_t cols) {
    int32_t sum = 0;
    for (size_t c = 0; c < cols; ++c) {
        sum += x[c] * d[c];
    }
    return sum;
}

MCA_CLONES
static uint32_t dot_variance(const uint16_t *restrict v, const uint32_t *restrict x, size_t cols) {
    uint32_t sum = 0;
    for (size_t c = 0; c < cols; ++c) {
        sum += x[c] * v[c];
    }
    return sum;
}

void mca_read_cols(const struct mca_read_arrays *arrays, size_t rows, const int32_t *code,
                   const uint32_t *square, int32_t *restrict sum, uint32_t *restrict var) {
    for (size_t r = 0; r < rows; ++r) {
        const size_t offset = r * arrays->stride;
        sum[r] += dot_difference(arrays->difference + offset, code, arrays->cols);
        if (arrays->variance) {
            var[r] += dot_variance(arrays->variance + offset, square, arrays->cols);
        }
    }
}
