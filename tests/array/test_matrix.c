#include "array/matrix.h"

#include "mca_fixture.h"
#include "mca_test.h"

enum { ROWS = 70, COLS = 40 };

struct bench {
    struct mca_arena arena;
    struct mca_device device;
    struct mca_matrix matrix;
    struct mca_read_scratch scratch;
    uint32_t line[ROWS];
    int32_t code[ROWS];
    double value[ROWS];
};

static void build_for(struct bench *b, double noise, const struct mca_tile_config *tile,
                      int takes_real) {
    const struct mca_u32_list layers = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&layers);
    struct mca_error error;
    memset(b, 0, sizeof *b);
    config.device.read_noise = noise;
    assert_int_equal(mca_device_init(&b->device, &config.device, 5, &b->arena, &error), MCA_OK);
    const struct mca_matrix_plan plan = {.tile = tile,
                                         .adc = &config.adc,
                                         .device = &b->device,
                                         .takes_real = takes_real,
                                         .forward_range_us = 128.0,
                                         .backward_range_us = 32.0,
                                         .seed = 5,
                                         .rows = ROWS,
                                         .cols = COLS};
    assert_int_equal(mca_matrix_init(&b->matrix, &b->arena, &plan, &error), MCA_OK);
    assert_int_equal(mca_read_scratch_init(&b->scratch, &b->arena, ROWS, &error), MCA_OK);
    for (uint32_t r = 0; r < ROWS; ++r) {
        b->line[r] = r;
        b->code[r] = (int32_t)(r * 37 % 255) + 1;
        b->value[r] = b->code[r] / 256.0;
        for (uint32_t c = 0; c < COLS; ++c) {
            mca_matrix_reset(&b->matrix, r, c, 0);
            mca_matrix_reset(&b->matrix, r, c, 1);
            mca_matrix_set(&b->matrix, r, c, (r + c) % 2, (r * c) % 7);
        }
    }
}

static void build(struct bench *b, double noise, unsigned read_path, uint32_t tile_rows,
                  uint32_t tile_cols) {
    const struct mca_tile_config tile = {tile_rows, tile_cols, 8.0, read_path};
    build_for(b, noise, &tile, 0);
}

static struct mca_drive drive_of(const struct bench *b, const struct mca_tile *t, int real) {
    return (struct mca_drive){t->rows, b->line + t->row0, b->code + t->row0,
                              real ? b->value + t->row0 : NULL, 8};
}

/* Without noise: tiles' partial sums add up to the plain sum over devices, exactly. */
static void test_matrix_partial_sums_are_exact(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    const struct mca_tile_config config = {32, 24, 8.0, MCA_READ_COLUMN};
    double sums[2][COLS] = {{0}};
    for (int real = 0; real < 2; ++real) {
        if (real) {
            mca_arena_deinit(&b->arena);
        }
        build_for(b, 0.0, &config, real);
        assert_int_equal(b->matrix.place.row_tiles, 3);
        assert_int_equal(b->matrix.place.col_tiles, 2);
        for (uint32_t t = 0; t < 6; ++t) {
            const struct mca_tile *tile = &b->matrix.tiles[t];
            const struct mca_drive drive = drive_of(b, tile, real);
            double out[COLS];
            mca_matrix_read_forward(&b->matrix, tile, &drive,
                                    (struct mca_read_event){MCA_RNG_FORWARD, 0, 0}, &b->scratch,
                                    out);
            for (uint32_t c = 0; c < tile->cols; ++c) {
                sums[real][tile->col0 + c] += out[c];
            }
        }
    }
    for (uint32_t c = 0; c < COLS; ++c) {
        double wanted = 0.0;
        for (uint32_t r = 0; r < ROWS; ++r) {
            wanted += b->value[r] * mca_matrix_weight_us(&b->matrix, r, c);
        }
        assert_near(sums[0][c], wanted, 0.0);
        assert_near(sums[1][c], wanted, 1e-12);
    }
    mca_arena_deinit(&b->arena);
    free(b);
}

/* Backward: the transposed sums, with signed codes, exactly. */
static void test_matrix_backward_is_the_transpose(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    build(b, 0.0, MCA_READ_COLUMN, 256, 24);
    uint32_t line[COLS];
    int32_t code[COLS];
    uint32_t count = 0;
    for (uint32_t c = 0; c < COLS; c += 3) {
        line[count] = c;
        code[count++] = (int32_t)(c * 11 % 127) - 60;
    }
    double sums[ROWS] = {0};
    uint32_t k = 0;
    for (uint32_t t = 0; t < 2; ++t) {
        const struct mca_tile *tile = &b->matrix.tiles[t];
        const uint32_t first = k;
        while (k < count && line[k] < tile->col0 + tile->cols) {
            ++k;
        }
        const struct mca_drive drive = {k - first, line + first, code + first, NULL, 7};
        double out[ROWS];
        mca_matrix_read_backward(&b->matrix, tile, ROWS, &drive,
                                 (struct mca_read_event){MCA_RNG_BACKWARD, 0, 0}, &b->scratch, out);
        for (uint32_t r = 0; r < ROWS; ++r) {
            sums[r] += out[r];
        }
    }
    for (uint32_t r = 0; r < ROWS; ++r) {
        double wanted = 0.0;
        for (uint32_t i = 0; i < count; ++i) {
            wanted += code[i] / 128.0 * mca_matrix_weight_us(&b->matrix, r, line[i]);
        }
        assert_near(sums[r], wanted, 0.0);
    }
    mca_arena_deinit(&b->arena);
    free(b);
}

static double phi(double z) {
    return 0.5 * erfc(-z / sqrt(2.0));
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/*
 * Both read paths against the closed form: the read of a column is Gaussian with mean sum x G and
 * variance sum x^2 (sigma^2(G+) + sigma^2(G-)). Over N reads: mean within 4 std / sqrt(N), std
 * within 4 std / sqrt(2 N) (plus the variance code's step, 0.2 %), and the Kolmogorov-Smirnov
 * distance below 1.95 / sqrt(N) (p = 0.001).
 */
static void check_distribution(unsigned path, int forward) {
    enum { N = 4000 };
    struct bench *b = malloc(sizeof *b);
    double *reads = malloc(N * sizeof *reads);
    build(b, 1.0, path, 256, 256);
    const struct mca_tile *tile = &b->matrix.tiles[0];
    for (uint32_t probe = 1; probe < 4; ++probe) {
        double mean = 0.0;
        double variance = 0.0;
        const uint32_t lines = forward ? ROWS : COLS;
        for (uint32_t k = 0; k < lines; ++k) {
            const uint32_t row = forward ? k : probe;
            const uint32_t col = forward ? probe : k;
            mean += b->value[k] * mca_matrix_weight_us(&b->matrix, row, col);
            for (int side = 0; side < 2; ++side) {
                const double g = b->matrix.g[side][row * b->matrix.stride + col] / 2048.0;
                variance += pow(b->value[k] * (0.03 * g + 0.13), 2.0);
            }
        }
        const double std = sqrt(variance);
        double sum = 0.0;
        double squares = 0.0;
        for (uint32_t i = 0; i < N; ++i) {
            const struct mca_drive drive = {lines, b->line, b->code, NULL, 8};
            double out[ROWS];
            const struct mca_read_event event = {MCA_RNG_FORWARD, i, 0};
            if (forward) {
                mca_matrix_read_forward(&b->matrix, tile, &drive, event, &b->scratch, out);
            } else {
                mca_matrix_read_backward(&b->matrix, tile, ROWS, &drive, event, &b->scratch, out);
            }
            reads[i] = (out[probe] - mean) / std;
            sum += reads[i];
            squares += reads[i] * reads[i];
        }
        assert_near(sum / N, 0.0, 4.0 / sqrt(N));
        assert_near(sqrt(squares / N), 1.0, 4.0 / sqrt(2.0 * N) + 0.002);
        qsort(reads, N, sizeof *reads, ascending);
        for (uint32_t i = 0; i < N; ++i) {
            assert_near(phi(reads[i]), (i + 0.5) / N, 1.95 / sqrt(N) + 0.5 / N);
        }
    }
    mca_arena_deinit(&b->arena);
    free(reads);
    free(b);
}

static void test_matrix_column_noise_has_the_device_distribution(void **state) {
    (void)state;
    check_distribution(MCA_READ_COLUMN, 1);
    check_distribution(MCA_READ_COLUMN, 0);
}

static void test_matrix_device_reference_has_the_closed_form(void **state) {
    (void)state;
    check_distribution(MCA_READ_DEVICE, 1);
    check_distribution(MCA_READ_DEVICE, 0);
}

/* Tiles' noise is independent too: the same column of tiles that hold the same conductances. */
static void test_matrix_tiles_are_independent(void **state) {
    (void)state;
    enum { N = 4000 };
    struct bench *b = malloc(sizeof *b);
    build(b, 1.0, MCA_READ_COLUMN, 32, 256);
    double sum[2] = {0};
    double squares[2] = {0};
    double products = 0.0;
    for (uint32_t i = 0; i < N; ++i) {
        double read[2];
        for (uint32_t t = 0; t < 2; ++t) {
            const struct mca_tile *tile = &b->matrix.tiles[t];
            const struct mca_drive drive = drive_of(b, tile, 0);
            double out[COLS];
            mca_matrix_read_forward(&b->matrix, tile, &drive,
                                    (struct mca_read_event){MCA_RNG_FORWARD, i, 0}, &b->scratch,
                                    out);
            read[t] = out[0];
            sum[t] += out[0];
            squares[t] += out[0] * out[0];
        }
        products += read[0] * read[1];
    }
    const double covariance = products / N - sum[0] / N * sum[1] / N;
    const double scale =
        sqrt((squares[0] / N - pow(sum[0] / N, 2)) * (squares[1] / N - pow(sum[1] / N, 2)));
    assert_near(covariance / scale, 0.0, 4.0 / sqrt(N));
    mca_arena_deinit(&b->arena);
    free(b);
}

/* Columns' noise is independent: the correlation of N pairs is below 4 / sqrt(N). */
static void test_matrix_columns_are_independent(void **state) {
    (void)state;
    enum { N = 4000 };
    struct bench *b = malloc(sizeof *b);
    build(b, 1.0, MCA_READ_COLUMN, 256, 256);
    const struct mca_drive drive = {ROWS, b->line, b->code, NULL, 8};
    double s[COLS] = {0};
    double s2[COLS] = {0};
    double s01[COLS] = {0};
    for (uint32_t i = 0; i < N; ++i) {
        double out[COLS];
        mca_matrix_read_forward(&b->matrix, &b->matrix.tiles[0], &drive,
                                (struct mca_read_event){MCA_RNG_FORWARD, i, 0}, &b->scratch, out);
        for (uint32_t c = 0; c < COLS; ++c) {
            s[c] += out[c];
            s2[c] += out[c] * out[c];
            s01[c] += out[c] * out[(c + 1) % COLS];
        }
    }
    for (uint32_t c = 0; c < COLS; ++c) {
        const uint32_t d = (c + 1) % COLS;
        const double covariance = s01[c] / N - s[c] / N * s[d] / N;
        const double scale = sqrt((s2[c] / N - pow(s[c] / N, 2)) * (s2[d] / N - pow(s[d] / N, 2)));
        assert_near(covariance / scale, 0.0, 4.5 / sqrt(N));
    }
    mca_arena_deinit(&b->arena);
    free(b);
}

/* The history of a device ends at its largest number; writes go on. */
static void test_matrix_history_saturates(void **state) {
    (void)state;
    struct bench *b = malloc(sizeof *b);
    build(b, 0.0, MCA_READ_COLUMN, 256, 256);
    mca_matrix_reset(&b->matrix, 3, 4, 1);
    const size_t cell = 3 * b->matrix.stride + 4;
    const uint32_t before = b->matrix.writes[1][cell];
    mca_matrix_set(&b->matrix, 3, 4, 1, 254);
    assert_int_equal(b->matrix.pulses_since_reset[1][cell], 254);
    mca_matrix_set(&b->matrix, 3, 4, 1, 3);
    assert_int_equal(b->matrix.pulses_since_reset[1][cell], 255);
    assert_int_equal(b->matrix.writes[1][cell], before + 257);
    mca_arena_deinit(&b->arena);
    free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix_partial_sums_are_exact),
        cmocka_unit_test(test_matrix_backward_is_the_transpose),
        cmocka_unit_test(test_matrix_column_noise_has_the_device_distribution),
        cmocka_unit_test(test_matrix_device_reference_has_the_closed_form),
        cmocka_unit_test(test_matrix_tiles_are_independent),
        cmocka_unit_test(test_matrix_columns_are_independent),
        cmocka_unit_test(test_matrix_history_saturates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
