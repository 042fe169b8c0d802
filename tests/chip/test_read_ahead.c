/*
 * timing.read_ahead: the first layer is read for an image before it is updated for the image
 * before. Values against gradient descent written out here, in which the first layer's sums miss
 * one update; times against what must follow from the order, and by hand where reads are hidden.
 */
#include <math.h>

#include "chip/arrays.h"
#include "chip/chip_parts.h"
#include "chip/chip_state.h"
#include "chip/probe.h"
#include "chip/trained_chip.h"
#include "mca_test.h"
#include "train/checkpoint.h"

enum { INPUTS = 60, HIDDEN = 20, CLASSES = 10, IMAGES = 90, OPERATIONS_MAX = 1 << 14 };

static const struct mca_u32_list WIDTHS = {3, {INPUTS, HIDDEN, CLASSES}};
static const struct mca_u32_list ONE_LAYER = {2, {INPUTS, CLASSES}};

/* ---- values */

/* Weights [inputs, bias last][outputs], and what a mini-batch adds up to. */
struct sheet {
    double w[INPUTS + 1][HIDDEN];
    double sum[INPUTS + 1][HIDDEN];
};

struct descent {
    struct sheet first;  /* INPUTS + 1 by HIDDEN */
    struct sheet second; /* HIDDEN + 1 by CLASSES */
    double rate;
    uint32_t batch;
};

static double dot(const struct sheet *s, const double *x, uint32_t inputs, uint32_t c) {
    double sum = s->w[inputs][c];
    for (uint32_t i = 0; i < inputs; ++i) {
        sum += x[i] * s->w[i][c];
    }
    return sum;
}

static void add_products(struct sheet *s, const double *x, uint32_t inputs, const double *d,
                         uint32_t outputs, double rate) {
    for (uint32_t i = 0; i <= inputs; ++i) {
        for (uint32_t c = 0; c < outputs; ++c) {
            s->sum[i][c] += (i < inputs ? x[i] : 1.0) * d[c] * rate;
        }
    }
}

static void apply(struct sheet *s) {
    for (uint32_t i = 0; i <= INPUTS; ++i) {
        for (uint32_t c = 0; c < HIDDEN; ++c) {
            s->w[i][c] += s->sum[i][c];
            s->sum[i][c] = 0.0;
        }
    }
}

static double sigmoid(double z) {
    return 1.0 / (1.0 + exp(-z));
}

/* One pass over the images, mini-batch after mini-batch. With `is_ahead` the sums of the hidden
 * layer are made before the update of the image before has been added or applied. */
static void descend(struct descent *n, int is_ahead) {
    double x[2][INPUTS];
    double before[HIDDEN]; /* errors of the image before */
    int has_before = 0;
    for (uint32_t image = 0; image < IMAGES; ++image) {
        double *now = x[image % 2];
        double hidden[HIDDEN];
        double d_out[CLASSES];
        double d_hidden[HIDDEN];
        uint8_t pixels[INPUTS];
        const uint32_t label = mca_fixture_image(INPUTS, CLASSES, image, pixels);
        for (uint32_t i = 0; i < INPUTS; ++i) {
            now[i] = pixels[i] / 255.0;
        }
        for (uint32_t h = 0; h < HIDDEN; ++h) {
            hidden[h] = sigmoid(dot(&n->first, now, INPUTS, h));
        }
        if (has_before) {
            add_products(&n->first, x[1 - image % 2], INPUTS, before, HIDDEN, n->rate / n->batch);
            if (image % n->batch == 0) {
                apply(&n->first);
                apply(&n->second);
            }
        }
        for (uint32_t c = 0; c < CLASSES; ++c) {
            d_out[c] = (c == label) - sigmoid(dot(&n->second, hidden, HIDDEN, c));
        }
        for (uint32_t h = 0; h < HIDDEN; ++h) {
            double sum = 0.0;
            for (uint32_t c = 0; c < CLASSES; ++c) {
                sum += n->second.w[h][c] * d_out[c];
            }
            d_hidden[h] = sum * hidden[h] * (1.0 - hidden[h]);
        }
        add_products(&n->second, hidden, HIDDEN, d_out, CLASSES, n->rate / n->batch);
        if (is_ahead) {
            memcpy(before, d_hidden, sizeof before);
            has_before = 1;
            continue;
        }
        add_products(&n->first, now, INPUTS, d_hidden, HIDDEN, n->rate / n->batch);
        if ((image + 1) % n->batch == 0) {
            apply(&n->first);
            apply(&n->second);
        }
    }
    if (has_before) {
        add_products(&n->first, x[(IMAGES - 1) % 2], INPUTS, before, HIDDEN, n->rate / n->batch);
    }
    apply(&n->first);
    apply(&n->second);
}

static double distance(const struct mca_chip *chip, const struct descent *n) {
    double weights[(INPUTS + 1) * HIDDEN];
    double most = 0.0;
    mca_chip_weights(chip, 0, weights);
    for (uint32_t i = 0; i <= INPUTS; ++i) {
        for (uint32_t c = 0; c < HIDDEN; ++c) {
            most = fmax(most, fabs(weights[i * HIDDEN + c] - n->first.w[i][c]));
        }
    }
    mca_chip_weights(chip, 1, weights);
    for (uint32_t i = 0; i <= HIDDEN; ++i) {
        for (uint32_t c = 0; c < CLASSES; ++c) {
            most = fmax(most, fabs(weights[i * CLASSES + c] - n->second.w[i][c]));
        }
    }
    return most;
}

static void take_weights(const struct mca_chip *chip, uint32_t layer, uint32_t inputs,
                         uint32_t outputs, struct sheet *to) {
    double weights[(INPUTS + 1) * HIDDEN];
    memset(to, 0, sizeof *to);
    mca_chip_weights(chip, layer, weights);
    for (uint32_t i = 0; i <= inputs; ++i) {
        for (uint32_t c = 0; c < outputs; ++c) {
            to->w[i][c] = weights[i * outputs + c];
        }
    }
}

static void follow(uint32_t batch, int is_ahead) {
    struct mca_chip_config config = mca_fixture_float(&WIDTHS);
    config.timing.read_ahead = (unsigned)is_ahead;
    static struct descent same;
    static struct descent other;
    same.rate = 0.5;
    same.batch = batch;
    struct mca_chip *chip = chip_to_train(&config, same.rate, batch);
    take_weights(chip, 0, INPUTS, HIDDEN, &same.first);
    take_weights(chip, 1, HIDDEN, CLASSES, &same.second);
    other = same;
    train_images(chip, INPUTS, CLASSES, 0, IMAGES);
    mca_chip_end_batch(chip);
    descend(&same, is_ahead);
    descend(&other, !is_ahead);
    assert_true(distance(chip, &same) < 1e-10);
    assert_true(distance(chip, &other) > 1e-4);
    mca_chip_destroy(chip);
}

static void test_read_ahead_misses_one_update(void **state) {
    (void)state;
    follow(1, 0);
    follow(1, 1);
}

static void test_read_ahead_misses_one_mini_batch(void **state) {
    (void)state;
    follow(9, 0);
    follow(9, 1);
}

/* ---- what is not read ahead */

static void assert_same_chip(const struct mca_chip *a, const struct mca_chip *b) {
    const struct mca_ledger x = mca_chip_ledger(a);
    const struct mca_ledger y = mca_chip_ledger(b);
    assert_same_devices(a, b);
    assert_memory_equal(&x, &y, sizeof x);
    assert_memory_equal(&a->stats, &b->stats, sizeof a->stats);
}

/* An image that nothing follows is updated for at once: with a refresh after each, in calls of one
 * image each, and in mini-batches that are ended by hand. */
static void test_read_ahead_holds_nothing_that_is_not_followed(void **state) {
    (void)state;
    for (int way = 0; way < 3; ++way) {
        struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
        config.refresh.high_us = 4.0;
        config.refresh.every_images = way == 0 ? 1 : 20;
        struct mca_chip *chips[2];
        for (unsigned ahead = 0; ahead < 2; ++ahead) {
            config.timing.read_ahead = ahead;
            chips[ahead] = chip_to_train(&config, 0.2, 1);
            for (uint32_t i = 0; i < IMAGES; ++i) {
                uint8_t pixels[INPUTS];
                struct mca_error error;
                uint32_t done;
                const uint8_t label = (uint8_t)mca_fixture_image(INPUTS, CLASSES, i, pixels);
                const struct mca_chip_images one = {pixels, &label, NULL, 1};
                if (way == 1) {
                    assert_int_equal(mca_chip_train_images(chips[ahead], &one, NULL, &done, &error),
                                     MCA_OK);
                } else {
                    train_images(chips[ahead], INPUTS, CLASSES, i, 1);
                }
                if (way == 2) {
                    mca_chip_end_batch(chips[ahead]);
                }
            }
            assert_int_equal(chips[ahead]->held.is_held, 0);
        }
        assert_same_chip(chips[0], chips[1]);
        mca_chip_destroy(chips[0]);
        mca_chip_destroy(chips[1]);
    }
}

/* A first layer that does not learn, or reads at several positions, has nothing to be ahead of. */
static void test_read_ahead_needs_a_first_layer_that_learns(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.timing.read_ahead = 1;
    config.network.layers[0].frozen = 1;
    struct mca_chip *chip = chip_to_train(&config, 0.2, 1);
    assert_int_equal(chip->reads_ahead, 0);
    train_images(chip, INPUTS, CLASSES, 0, 20);
    assert_int_equal(chip->held.is_held, 0);
    mca_chip_destroy(chip);
}

/* ---- state and noise */

/* A chip that stops with a held image and goes on elsewhere ends as one that went on. */
static void test_read_ahead_goes_on_from_a_held_image(void **state) {
    (void)state;
    for (int way = 0; way < 3; ++way) {
        struct mca_chip_config config =
            way == 2 ? mca_fixture_float(&WIDTHS) : mca_fixture_chip(&WIDTHS);
        config.refresh.high_us = 4.0;
        config.refresh.every_images = way == 2 ? 0 : 20;
        config.timing.read_ahead = 1;
        config.timing.what_if = way == 1;
        const uint32_t batch = way == 1 ? 7 : 1;
        struct mca_chip *chips[2];
        for (int c = 0; c < 2; ++c) {
            chips[c] = chip_to_train(&config, 0.2, batch);
        }
        train_images(chips[0], INPUTS, CLASSES, 0, 45);
        assert_int_equal(chips[0]->held.is_held, 1);
        assert_int_equal(load_chip_from(chips[0], chips[1]), MCA_OK);
        assert_int_equal(chips[1]->held.is_held, 1);
        for (uint32_t i = 45; i < 52;
             ++i) { /* nothing of other images is left beside the held one */
            uint64_t hashes[2];
            for (int c = 0; c < 2; ++c) {
                train_images(chips[c], INPUTS, CLASSES, i, 1);
                assert_int_equal(mca_chip_hash(chips[c], &hashes[c], NULL), MCA_OK);
            }
            assert_int_equal(hashes[0], hashes[1]);
        }
        for (int c = 0; c < 2; ++c) {
            train_images(chips[c], INPUTS, CLASSES, 52, 39);
            mca_chip_end_batch(chips[c]);
        }
        const struct mca_ledger a = mca_chip_ledger(chips[0]);
        const struct mca_ledger b = mca_chip_ledger(chips[1]);
        assert_memory_equal(&a, &b, sizeof a);
        for (uint32_t l = 0; l < 2; ++l) {
            double weights[2][(INPUTS + 1) * HIDDEN];
            for (int c = 0; c < 2; ++c) {
                mca_chip_weights(chips[c], l, weights[c]);
            }
            const size_t count = l == 0 ? (INPUTS + 1) * HIDDEN : (HIDDEN + 1) * CLASSES;
            assert_memory_equal(weights[0], weights[1], count * sizeof(double));
        }
        for (int r = 0; way == 1 && r < MCA_RESOURCE_COUNT; ++r) {
            assert_int_equal(mca_chip_what_if_ps(chips[0], (enum mca_resource)r),
                             mca_chip_what_if_ps(chips[1], (enum mca_resource)r));
        }
        mca_chip_destroy(chips[0]);
        mca_chip_destroy(chips[1]);
    }
}

/* Lines beyond the layer, errors beyond their bits: from such a state no chip goes on. */
static void test_read_ahead_refuses_a_damaged_image(void **state) {
    (void)state;
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.timing.read_ahead = 1;
    struct mca_chip *chip = chip_to_train(&config, 0.2, 1);
    struct mca_chip *to = chip_to_train(&config, 0.2, 1);
    train_images(chip, INPUTS, CLASSES, 0, 5);
    struct mca_layer_signals *s = &chip->signals.layers[0];
    assert_int_equal(load_chip_from(chip, to), MCA_OK);
    const uint32_t line = s->input.line[3];
    s->input.line[3] = INPUTS + 1;
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    s->input.line[3] = s->input.line[4];
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    s->input.line[3] = line;
    const int32_t code = s->input.code[2];
    s->input.code[2] = 256;
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    s->input.code[2] = code;
    s->rated[HIDDEN - 1] = 2048; /* of 12 bits, sign included */
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    s->rated[HIDDEN - 1] = -2047;
    assert_int_equal(load_chip_from(chip, to), MCA_OK);
    s->input.count = INPUTS + 2;
    assert_int_equal(load_chip_from(chip, to), MCA_INVALID);
    mca_chip_destroy(chip);
    mca_chip_destroy(to);
}

/* With weights that stay, an image is read with the same noise whenever it is read. */
static void test_read_ahead_keeps_the_noise_of_images(void **state) {
    (void)state;
    double losses[2][IMAGES];
    for (unsigned ahead = 0; ahead < 2; ++ahead) {
        struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
        config.timing.read_ahead = ahead;
        struct mca_chip *chip = chip_to_train(&config, 1e-12, 1);
        for (uint32_t i = 0; i < IMAGES; ++i) {
            uint8_t pixels[INPUTS];
            struct mca_image_outcome outcome;
            struct mca_error error;
            const uint32_t label = mca_fixture_image(INPUTS, CLASSES, i, pixels);
            assert_int_equal(mca_chip_train_image(chip, pixels, label, &outcome, &error), MCA_OK);
            losses[ahead][i] = outcome.loss;
        }
        mca_chip_destroy(chip);
    }
    assert_memory_equal(losses[0], losses[1], sizeof losses[0]);
}

/* ---- times */

struct seen {
    struct mca_operation is;
    struct mca_occupation at;
};

struct watch {
    uint32_t count;
    struct seen of[OPERATIONS_MAX];
};

static void note(void *user, const struct mca_operation *operation,
                 const struct mca_occupation *at) {
    struct watch *watch = user;
    assert_in_range(watch->count, 0, OPERATIONS_MAX - 1);
    watch->of[watch->count++] = (struct seen){*operation, *at};
}

/* The operations of a resource on a layer in a phase, in their order. */
static uint32_t list(const struct watch *watch, enum mca_resource resource, enum mca_phase phase,
                     uint32_t layer, const struct seen **found) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < watch->count; ++i) {
        const struct seen *s = &watch->of[i];
        if (s->is.resource == resource && s->is.phase == phase && s->is.layer == layer) {
            found[count++] = s;
        }
    }
    return count;
}

static uint64_t train_watched(const struct mca_chip_config *config, double rate, uint32_t images,
                              struct watch *watch) {
    struct mca_chip *chip = chip_to_train(config, rate, 1);
    struct mca_chip_probe probe = {.user = watch, .occupied = note};
    watch->count = 0;
    mca_chip_attach(chip, &probe);
    train_images(chip, INPUTS, mca_network_outputs(&chip->network), 0, images);
    mca_chip_end_batch(chip);
    const uint64_t time_ps = mca_chip_time_ps(chip);
    mca_chip_destroy(chip);
    return time_ps;
}

/* The next image is read while this one's products are added to chi, after its codes were taken;
 * no pulse and no read of a layer's arrays overlap, and pulses of the first layer come after the
 * read of the next image. */
static void test_read_ahead_orders_reads_and_pulses(void **state) {
    (void)state;
    static struct watch watch;
    static const struct seen *reads[IMAGES];
    static const struct seen *sums[IMAGES];
    static const struct seen *updates[IMAGES];
    static const struct seen *pulses[OPERATIONS_MAX];
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = 0;
    config.timing.read_ahead = 1;
    const uint64_t ahead_ps = train_watched(&config, 0.2, IMAGES, &watch);
    assert_int_equal(list(&watch, MCA_RESOURCE_TILE, MCA_PHASE_FORWARD, 0, reads), IMAGES);
    assert_int_equal(list(&watch, MCA_RESOURCE_DPU, MCA_PHASE_FORWARD, 0, sums), IMAGES);
    assert_int_equal(list(&watch, MCA_RESOURCE_DPU, MCA_PHASE_UPDATE, 0, updates), IMAGES);
    const uint32_t count = list(&watch, MCA_RESOURCE_PROGRAM, MCA_PHASE_TRANSFER, 0, pulses);
    assert_true(count > IMAGES);
    uint32_t beside = 0;
    for (uint32_t i = 0; i + 1 < IMAGES; ++i) {
        assert_true(reads[i + 1]->at.start_ps >= sums[i]->at.end_ps);
        beside += reads[i + 1]->at.start_ps < updates[i]->at.end_ps;
    }
    assert_true(beside > IMAGES / 2);
    for (uint32_t p = 0; p < count; ++p) {
        for (uint32_t i = 0; i < IMAGES; ++i) {
            assert_true(pulses[p]->at.start_ps >= reads[i]->at.end_ps ||
                        pulses[p]->at.end_ps <= reads[i]->at.start_ps);
        }
    }
    config.timing.read_ahead = 0;
    assert_true(ahead_ps < train_watched(&config, 0.2, IMAGES, &watch));
}

/* Images that take long to come: a buffer is free when the image before last is learnt from, and an
 * update waits for nothing of the next image. */
static void test_read_ahead_has_two_buffers(void **state) {
    (void)state;
    static struct watch watch;
    static const struct seen *loads[IMAGES];
    static const struct seen *updates[2][IMAGES];
    struct mca_chip_config config = mca_fixture_chip(&WIDTHS);
    config.refresh.every_images = 0;
    config.timing.read_ahead = 1;
    for (uint64_t byte_ps = 1; byte_ps < 100000; byte_ps *= 300) {
        config.timing.image_load_ps_per_byte = byte_ps;
        (void)train_watched(&config, 0.2, IMAGES, &watch);
        assert_int_equal(
            list(&watch, MCA_RESOURCE_IMAGE_PORT, MCA_PHASE_FORWARD, MCA_NO_LAYER, loads), IMAGES);
        for (uint32_t l = 0; l < 2; ++l) {
            assert_int_equal(list(&watch, MCA_RESOURCE_DPU, MCA_PHASE_UPDATE, l, updates[l]),
                             IMAGES);
        }
        for (uint32_t i = 0; i < IMAGES; ++i) {
            assert_int_equal(updates[0][i]->at.start_ps, updates[1][i]->at.end_ps);
            assert_true(i < 2 || loads[i]->at.start_ps >= updates[0][i - 2]->at.end_ps);
        }
    }
}

/* Of one layer whose update takes longer than a load and a read, without pulses yet: the digital unit
 * never waits, so an image takes what its three operations do, and less by the read than
 * otherwise. */
static void test_read_ahead_hides_reads(void **state) {
    (void)state;
    static struct watch watch;
    static const struct seen *sums[3][IMAGES];
    uint64_t each_ps[2];
    for (unsigned ahead = 0; ahead < 2; ++ahead) {
        struct mca_chip_config config = mca_fixture_chip(&ONE_LAYER);
        config.refresh.every_images = 0;
        config.dpu.lanes = 1;
        config.timing.read_ahead = ahead;
        (void)train_watched(&config, 1e-3, 30, &watch);
        uint64_t busy_ps = 0;
        assert_int_equal(list(&watch, MCA_RESOURCE_DPU, MCA_PHASE_FORWARD, 0, sums[0]), 30);
        assert_int_equal(list(&watch, MCA_RESOURCE_DPU, MCA_PHASE_ERROR, 0, sums[1]), 30);
        assert_int_equal(list(&watch, MCA_RESOURCE_DPU, MCA_PHASE_UPDATE, 0, sums[2]), 30);
        assert_true(sums[2][11]->at.busy_ps > 6000 + 1000 + 130000 + 77000);
        for (int k = 0; k < 3; ++k) {
            busy_ps += sums[k][10]->at.busy_ps;
        }
        each_ps[ahead] = sums[0][11]->at.start_ps - sums[0][10]->at.start_ps;
        if (ahead) {
            assert_int_equal(each_ps[ahead], busy_ps);
        }
        /* registers, 256 levels and settling, a conversion; the DACs are loaded beside the update
         */
        assert_true(ahead || each_ps[ahead] == busy_ps + 130000 + 77000);
    }
    assert_int_equal(each_ps[0] - each_ps[1], 130000 + 77000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_ahead_misses_one_update),
        cmocka_unit_test(test_read_ahead_misses_one_mini_batch),
        cmocka_unit_test(test_read_ahead_holds_nothing_that_is_not_followed),
        cmocka_unit_test(test_read_ahead_needs_a_first_layer_that_learns),
        cmocka_unit_test(test_read_ahead_goes_on_from_a_held_image),
        cmocka_unit_test(test_read_ahead_refuses_a_damaged_image),
        cmocka_unit_test(test_read_ahead_keeps_the_noise_of_images),
        cmocka_unit_test(test_read_ahead_orders_reads_and_pulses),
        cmocka_unit_test(test_read_ahead_has_two_buffers),
        cmocka_unit_test(test_read_ahead_hides_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
