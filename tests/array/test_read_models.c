#include "array/read/read_model.h"

#include "array/read/read_noise.h"
#include "mca_fixture.h"
#include "mca_test.h"

enum { ROWS = 40, COLS = 24, DRAWS = 4096 };

struct bench {
    struct mca_arena arena;
    struct mca_device device;
    struct mca_matrix matrix;
    struct mca_read_scratch scratch;
    uint32_t line[ROWS];
    int32_t code[ROWS];
    double value[ROWS];
};

/* All pairs programmed, one tile; a device model, a read model, and real inputs or codes. */
static struct bench *build_aware(unsigned device, double noise, unsigned read_path, int takes_real,
                                 int hardware_aware) {
    const struct mca_u32_list layers = {2, {1, 1}};
    struct mca_chip_config config = mca_fixture_chip(&layers);
    struct bench *b = calloc(1, sizeof *b);
    struct mca_error error;
    config.device.model = device;
    config.device.read_noise = noise;
    config.tile.read_path = read_path;
    assert_int_equal(mca_device_init(&b->device, &config.device, 5, &b->arena, &error), MCA_OK);
    const struct mca_matrix_plan plan = {.tile = &config.tile,
                                         .adc = &config.adc,
                                         .device = &b->device,
                                         .takes_real = takes_real,
                                         .hardware_aware = hardware_aware,
                                         .forward_range_us = 1.0,
                                         .backward_range_us = 1.0,
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
            if (b->matrix.continuous_us) {
                mca_matrix_add_us(&b->matrix, r, c, (double)(r * c % 7) - 2.5);
            } else {
                mca_matrix_reset(&b->matrix, r, c, 0);
                mca_matrix_reset(&b->matrix, r, c, 1);
                mca_matrix_set(&b->matrix, r, c, (int)((r + c) % 2), r * c % 7);
            }
        }
    }
    return b;
}

static struct bench *build(unsigned device, double noise, unsigned read_path, int takes_real) {
    return build_aware(device, noise, read_path, takes_real, 0);
}

static void end(struct bench *b) {
    mca_arena_deinit(&b->arena);
    free(b);
}

static void read_forward(struct bench *b, int takes_real, uint32_t draw, double *out) {
    const struct mca_drive drive = {ROWS, b->line, takes_real ? NULL : b->code,
                                    takes_real ? b->value : NULL, 8};
    mca_matrix_read_forward(&b->matrix, &b->matrix.tiles[0], &drive,
                            (struct mca_read_event){MCA_RNG_FORWARD, 7, draw}, &b->scratch, out);
}

static void check_complete(const struct mca_read_ops *ops) {
    assert_non_null(ops);
    assert_true(ops->name && ops->name[0] != '\0');
    assert_true(ops->prepare && ops->forward && ops->backward && ops->pairs_us);
}

/* Every line of the table has every function, under the name by which scenarios choose it; a model
 * for real numbers is the end of its line. */
static void test_read_models_table_is_complete(void **state) {
    (void)state;
#define NAME(constant, name, ops) name,
    static const char *const names[] = {MCA_READ_MODELS(NAME)};
    for (unsigned i = 0; i < MCA_READ_MODEL_COUNT; ++i) {
        const struct mca_read_ops *ops = mca_read_model(i);
        check_complete(ops);
        assert_string_equal(ops->name, names[i]);
        if (ops->real) {
            check_complete(ops->real);
            assert_null(ops->real->real);
            assert_int_equal(ops->real->is_column_exact, ops->is_column_exact);
        }
        for (unsigned j = 0; j < i; ++j) {
            assert_string_not_equal(names[i], names[j]);
        }
    }
}

/* A matrix reads by the model of its configuration, by its twin where numbers are real, and by
 * `column` where what is left is a sum; the result is that of the plain sum in all of them. */
static void test_read_models_are_chosen_once(void **state) {
    (void)state;
    static const struct {
        unsigned device;
        double noise;
        unsigned path;
        int takes_real;
        const struct mca_read_ops *wanted;
        size_t bytes; /* of a weight: differences or devices of 16 bits, variances, doubles */
    } cases[] = {
        {MCA_DEVICE_PCM_JAP18, 1.0, MCA_READ_COLUMN, 0, &mca_read_column, 2 + 2},
        {MCA_DEVICE_PCM_JAP18, 1.0, MCA_READ_COLUMN, 1, &mca_read_real, 2 + 2},
        {MCA_DEVICE_PCM_JAP18, 1.0, MCA_READ_DEVICE, 0, &mca_read_device, 2 * 2},
        {MCA_DEVICE_PCM_JAP18, 1.0, MCA_READ_DEVICE, 1, &mca_read_device, 2 * 2},
        {MCA_DEVICE_PCM_JAP18, 0.0, MCA_READ_DEVICE, 0, &mca_read_column, 2},
        {MCA_DEVICE_PCM_JAP18, 0.0, MCA_READ_DEVICE, 1, &mca_read_real, 2},
        {MCA_DEVICE_IDEAL, 0.0, MCA_READ_COLUMN, 0, &mca_read_real, 8},
        {MCA_DEVICE_IDEAL, 1.0, MCA_READ_COLUMN, 1, &mca_read_real, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct bench *b =
            build(cases[i].device, cases[i].noise, cases[i].path, cases[i].takes_real);
        assert_ptr_equal(b->matrix.read, cases[i].wanted);
        assert_int_equal(b->matrix.bytes_per_weight, cases[i].bytes);
        const int has_noise = mca_matrix_has_noise(&b->matrix);
        assert_int_equal(has_noise, cases[i].noise > 0.0 && cases[i].device != MCA_DEVICE_IDEAL);
        double out[COLS];
        read_forward(b, cases[i].takes_real, 0, out);
        for (uint32_t c = 0; c < COLS && !has_noise; ++c) {
            double wanted = 0.0;
            for (uint32_t r = 0; r < ROWS; ++r) {
                wanted += b->value[r] * mca_matrix_weight_us(&b->matrix, r, c);
            }
            assert_near(out[c], wanted, 1e-12);
        }
        end(b);
    }
}

/* Noise is drawn at the same place for draws below 256 as before there were more of them: columns
 * at the draw itself, devices 256 behind it. The expected reads are made here of the random streams
 * and the closed form. */
static void test_read_models_draws_are_where_they_were(void **state) {
    (void)state;
    const struct mca_rng rng = mca_rng_stream(5, MCA_RNG_FORWARD);
    static const unsigned paths[] = {MCA_READ_COLUMN, MCA_READ_DEVICE};
    for (size_t p = 0; p < 2; ++p) {
        const unsigned path = paths[p];
        struct bench *b = build(MCA_DEVICE_PCM_JAP18, 1.0, path, 0);
        for (uint32_t draw = 0; draw < 256; draw += 51) {
            double out[COLS];
            double z[COLS];
            read_forward(b, 0, draw, out);
            mca_rng_gaussians(rng, 0, 7, draw, COLS, z);
            for (uint32_t c = 0; c < COLS; ++c) {
                double wanted = 0.0;
                double variance = 0.0;
                for (uint32_t r = 0; r < ROWS; ++r) {
                    wanted += b->value[r] * mca_matrix_weight_us(&b->matrix, r, c);
                    for (int side = 0; side < 2; ++side) {
                        const double g = b->matrix.g[side][r * b->matrix.stride + c] / 2048.0;
                        const double x_std = b->value[r] * (0.03 * g + 0.13);
                        const double own = mca_rng_gaussian(
                            rng, mca_matrix_device_number(&b->matrix, r, c, side), 7, 256 + draw);
                        variance += x_std * x_std;
                        wanted += path == MCA_READ_DEVICE ? (side ? -own : own) * x_std : 0.0;
                    }
                }
                const double noise = path == MCA_READ_COLUMN ? z[c] * sqrt(variance) : 0.0;
                /* the column's variance is kept in 12 bits: 0.2 % of its std */
                assert_near(out[c], wanted + noise, 1e-9 + 0.002 * fabs(noise));
            }
        }
        end(b);
    }
}

/* Codes of 13 bits are summed in blocks of 8 lines, of 8 bits all at once: the same values give the
 * same read in either direction, again and again, in the sum and in the noise, to the digits that
 * variances keep. */
static void check_blocks(struct bench *b, int backward, uint32_t draw) {
    const struct mca_tile *tile = &b->matrix.tiles[0];
    const uint32_t lines = backward ? COLS : ROWS;
    const uint32_t sums = backward ? ROWS : COLS;
    const struct mca_read_event event = {backward ? MCA_RNG_BACKWARD : MCA_RNG_FORWARD, 7, draw};
    double read[2][ROWS]; /* at once, in blocks */
    for (int blocks = 0; blocks < 2; ++blocks) {
        int32_t code[ROWS];
        for (uint32_t k = 0; k < lines; ++k) {
            code[k] = b->code[k] * (blocks ? 32 : 1);
        }
        const struct mca_drive drive = {lines, b->line, code, NULL, blocks ? 13 : 8};
        if (backward) {
            mca_matrix_read_backward(&b->matrix, tile, ROWS, &drive, event, &b->scratch,
                                     read[blocks]);
        } else {
            mca_matrix_read_forward(&b->matrix, tile, &drive, event, &b->scratch, read[blocks]);
        }
    }
    for (uint32_t i = 0; i < sums; ++i) {
        double sum = 0.0;
        for (uint32_t k = 0; k < lines; ++k) {
            sum +=
                b->value[k] * mca_matrix_weight_us(&b->matrix, backward ? i : k, backward ? k : i);
        }
        assert_near(read[1][i], read[0][i], 1e-9 + 0.004 * fabs(read[0][i] - sum));
    }
}

static void test_read_models_blocks_read_what_one_does(void **state) {
    (void)state;
    struct bench *b = build(MCA_DEVICE_PCM_JAP18, 1.0, MCA_READ_COLUMN, 0);
    for (uint32_t draw = 0; draw < 9; ++draw) {
        check_blocks(b, 0, draw);
        check_blocks(b, 1, draw);
    }
    end(b);
}

/* No two of the draws of all kinds share a stream, and all fit the generator's counter. */
static void test_read_models_draws_do_not_collide(void **state) {
    (void)state;
    static uint8_t seen[1 << 16];
    for (uint32_t draw = 0; draw < MCA_READ_DRAWS; ++draw) {
        const uint32_t column = mca__read_draw(MCA_READ_DRAW_COLUMN, draw);
        const uint32_t device = mca__read_draw(MCA_READ_DRAW_DEVICE, draw);
        assert_true(column < sizeof seen && device < sizeof seen);
        assert_int_equal(seen[column]++, 0);
        assert_int_equal(seen[device]++, 0);
    }
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A matrix that is read at DRAWS positions in one event: each read has noise of its own, in every
 * model, with codes and with real numbers. */
static void test_read_models_positions_have_noise_of_their_own(void **state) {
    (void)state;
    static double reads[DRAWS];
    for (unsigned i = 0; i < 2 * MCA_READ_MODEL_COUNT; ++i) {
        struct bench *b = build(MCA_DEVICE_PCM_JAP18, 1.0, i / 2, (int)(i % 2));
        for (uint32_t draw = 0; draw < DRAWS; ++draw) {
            double out[COLS];
            read_forward(b, (int)(i % 2), draw, out);
            reads[draw] = out[0];
        }
        qsort(reads, DRAWS, sizeof reads[0], by_value);
        for (uint32_t k = 1; k < DRAWS; ++k) {
            assert_true(reads[k] > reads[k - 1]);
        }
        end(b);
    }
}

/* Single devices: with noise the closed form's spread over all of them, without it their
 * conductances. Over N devices the root of the mean square of z is 1 within 4 / sqrt(2 N). */
static void check_pairs(unsigned path, int takes_real, double noise) {
    struct bench *b = build(MCA_DEVICE_PCM_JAP18, noise, path, takes_real);
    double squares = 0.0;
    for (uint32_t r = 0; r < ROWS; ++r) {
        uint32_t row[COLS];
        uint32_t col[COLS];
        double read_us[2 * COLS];
        for (uint32_t c = 0; c < COLS; ++c) {
            row[c] = r;
            col[c] = c;
        }
        mca_matrix_read_pairs_us(&b->matrix, row, col, COLS, 3, read_us);
        for (uint32_t i = 0; i < 2 * COLS; ++i) {
            const double g = b->matrix.g[i % 2][r * b->matrix.stride + i / 2] / 2048.0;
            const double z = (read_us[i] - g) / (0.03 * g + 0.13);
            squares += z * z;
        }
    }
    const double count = 2.0 * ROWS * COLS;
    assert_near(sqrt(squares / count), noise, 4.0 / sqrt(2.0 * count) * noise);
    end(b);
}

static void test_read_models_read_single_devices(void **state) {
    (void)state;
    for (unsigned path = 0; path < MCA_READ_MODEL_COUNT; ++path) {
        for (int real = 0; real < 2; ++real) {
            check_pairs(path, real, 1.0);
            check_pairs(path, real, 0.0);
        }
    }
}

/* Over N reads the mean stands within 5 deviations / sqrt(N), a deviation within 5 / sqrt(2 N) of
 * itself: the weight on one device above what a RESET leaves (0.1 uS), which the other one has. */
static void test_read_models_aware_forward_has_the_noise_of_pairs(void **state) {
    (void)state;
    struct bench *b = build_aware(MCA_DEVICE_IDEAL, 1.0, MCA_READ_COLUMN, 1, 1);
    double sum[COLS] = {0};
    double squares[COLS] = {0};
    for (uint32_t draw = 0; draw < DRAWS; ++draw) {
        double out[COLS];
        read_forward(b, 1, draw, out);
        for (uint32_t c = 0; c < COLS; ++c) {
            sum[c] += out[c];
            squares[c] += out[c] * out[c];
        }
    }
    for (uint32_t c = 0; c < COLS; ++c) {
        double mean = 0.0;
        double variance = 0.0;
        for (uint32_t r = 0; r < ROWS; ++r) {
            const double w = (double)(r * c % 7) - 2.5;
            const double high = 0.03 * (fabs(w) + 0.1) + 0.13;
            const double low = 0.03 * 0.1 + 0.13;
            mean += b->value[r] * w;
            variance += b->value[r] * b->value[r] * (high * high + low * low);
        }
        const double got = sum[c] / DRAWS;
        assert_near(got, mean, 5.0 * sqrt(variance / DRAWS));
        assert_near(sqrt((squares[c] / DRAWS - got * got) / variance), 1.0,
                    5.0 / sqrt(2.0 * DRAWS));
    }
    end(b);
}

static void test_read_models_aware_backward_is_exact(void **state) {
    (void)state;
    struct bench *b = build_aware(MCA_DEVICE_IDEAL, 1.0, MCA_READ_COLUMN, 0, 1);
    const struct mca_drive drive = {COLS, b->line, NULL, b->value, 0};
    double out[ROWS];
    mca_matrix_read_backward(&b->matrix, &b->matrix.tiles[0], ROWS, &drive,
                             (struct mca_read_event){MCA_RNG_BACKWARD, 7, 0}, &b->scratch, out);
    assert_true(b->matrix.adcs[0].backward.ops->is_ideal);
    assert_false(b->matrix.adcs[0].forward.ops->is_ideal);
    for (uint32_t r = 0; r < ROWS; ++r) {
        double sum = 0.0;
        for (uint32_t c = 0; c < COLS; ++c) {
            sum += b->value[c] * ((double)(r * c % 7) - 2.5);
        }
        assert_near(out[r], sum, 1e-12);
    }
    end(b);
}

static void test_read_models_aware_weights_stay_within_gmax(void **state) {
    (void)state;
    for (int aware = 0; aware < 2; ++aware) {
        struct bench *b = build_aware(MCA_DEVICE_IDEAL, 1.0, MCA_READ_COLUMN, 1, aware);
        const double gmax_us = b->device.config.gmax_us;
        mca_matrix_add_us(&b->matrix, 0, 0, 2.0 * gmax_us);
        mca_matrix_add_us(&b->matrix, 1, 1, -2.0 * gmax_us);
        assert_near(mca_matrix_weight_us(&b->matrix, 0, 0), aware ? gmax_us : 2.0 * gmax_us - 2.5,
                    1e-12);
        assert_near(mca_matrix_weight_us(&b->matrix, 1, 1), aware ? -gmax_us : -2.0 * gmax_us - 1.5,
                    1e-12);
        end(b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_models_table_is_complete),
        cmocka_unit_test(test_read_models_are_chosen_once),
        cmocka_unit_test(test_read_models_draws_are_where_they_were),
        cmocka_unit_test(test_read_models_blocks_read_what_one_does),
        cmocka_unit_test(test_read_models_draws_do_not_collide),
        cmocka_unit_test(test_read_models_positions_have_noise_of_their_own),
        cmocka_unit_test(test_read_models_read_single_devices),
        cmocka_unit_test(test_read_models_aware_forward_has_the_noise_of_pairs),
        cmocka_unit_test(test_read_models_aware_backward_is_exact),
        cmocka_unit_test(test_read_models_aware_weights_stay_within_gmax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
