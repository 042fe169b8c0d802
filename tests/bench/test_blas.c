/* The opponent of `mcasim bench`, against the same network in plain loops of double precision. */
#include "cli/bench/blas.h"

#include "base/rng.h"
#include "mca_test.h"

enum { INPUTS = 7, HIDDEN = 5, OUTPUTS = 3, IMAGES = 12, STEPS = 100 };

/* Row INPUTS or HIDDEN of the weights is the bias. */
struct network {
    double first[INPUTS + 1][HIDDEN];
    double second[HIDDEN + 1][OUTPUTS];
    double hidden[HIDDEN];
    double output[OUTPUTS];
};

static void fill(double *weights, uint32_t layer, uint32_t inputs, uint32_t outputs) {
    const struct mca_rng rng = mca_rng_stream(1, MCA_RNG_INIT_WEIGHT);
    const double bound = sqrt(6.0 / (double)(inputs + outputs));
    for (uint32_t i = 0; i < (inputs + 1) * outputs; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, layer, 0, words);
        weights[i] = bound * (2.0 * mca_rng_uniform(words[0]) - 1.0);
    }
}

static double sigmoid(double z) {
    return 1.0 / (1.0 + exp(-z));
}

static int classify(struct network *n, const float *pixels) {
    for (int h = 0; h < HIDDEN; ++h) {
        double z = n->first[INPUTS][h];
        for (int i = 0; i < INPUTS; ++i) {
            z += (double)pixels[i] * n->first[i][h];
        }
        n->hidden[h] = sigmoid(z);
    }
    int best = 0;
    for (int o = 0; o < OUTPUTS; ++o) {
        double z = n->second[HIDDEN][o];
        for (int h = 0; h < HIDDEN; ++h) {
            z += n->hidden[h] * n->second[h][o];
        }
        n->output[o] = sigmoid(z);
        best = n->output[o] > n->output[best] ? o : best;
    }
    for (int o = 0; o < OUTPUTS; ++o) { /* so that rounding does not decide */
        assert_true(o == best || n->output[best] - n->output[o] > 1e-5);
    }
    return best;
}

/* Adds one image's share of a step of gradient descent to `change`, which begins as zeros. */
static void descend(const struct network *n, struct network *change, const float *pixels, int label,
                    double rate) {
    double error[OUTPUTS];
    for (int o = 0; o < OUTPUTS; ++o) {
        error[o] = (o == label) - n->output[o];
        change->second[HIDDEN][o] += rate * error[o];
    }
    for (int h = 0; h < HIDDEN; ++h) {
        double back = 0.0;
        for (int o = 0; o < OUTPUTS; ++o) {
            back += n->second[h][o] * error[o];
            change->second[h][o] += rate * n->hidden[h] * error[o];
        }
        back *= n->hidden[h] * (1.0 - n->hidden[h]);
        change->first[INPUTS][h] += rate * back;
        for (int i = 0; i < INPUTS; ++i) {
            change->first[i][h] += rate * (double)pixels[i] * back;
        }
    }
}

static void apply(struct network *n, const struct network *change) {
    for (int h = 0; h < HIDDEN; ++h) {
        for (int i = 0; i <= INPUTS; ++i) {
            n->first[i][h] += change->first[i][h];
        }
    }
    for (int o = 0; o < OUTPUTS; ++o) {
        for (int h = 0; h <= HIDDEN; ++h) {
            n->second[h][o] += change->second[h][o];
        }
    }
}

/* A step of both on the images from `first` on; returns how many were right before it. */
static uint32_t step_both(struct cli_blas_network *blas, struct network *n, uint32_t first,
                          uint32_t batch) {
    static const double rate = 0.5;
    static const uint8_t labels[IMAGES] = {0, 2, 1, 1, 0, 2, 2, 0, 1, 0, 1, 2};
    float pixels[IMAGES][INPUTS];
    for (uint32_t i = 0; i < batch; ++i) {
        for (uint32_t k = 0; k < INPUTS; ++k) {
            const uint32_t image = first + i;
            pixels[i][k] = (float)((image * 37 + k * 53 + image * k * 11) % 101) / 100.0f;
        }
    }
    struct network change = {.hidden = {0.0}};
    uint32_t before = 0;
    for (uint32_t i = 0; i < batch; ++i) {
        before += classify(n, pixels[i]) == labels[first + i];
        descend(n, &change, pixels[i], labels[first + i], rate / batch);
    }
    assert_int_equal(cli_blas_test(blas, pixels[0], labels + first, batch), before);
    assert_int_equal(cli_blas_train(blas, pixels[0], labels + first, batch, (float)rate), before);
    apply(n, &change);
    uint32_t after = 0;
    for (uint32_t i = 0; i < batch; ++i) {
        after += classify(n, pixels[i]) == labels[first + i];
    }
    assert_int_equal(cli_blas_test(blas, pixels[0], labels + first, batch), after);
    return before;
}

/* How many images are right tells the weights: labels that follow no rule are learnt one by one. */
static void learns_as_by_hand(uint32_t batch) {
    const struct mca_u32_list layers = {.count = 3, .values = {INPUTS, HIDDEN, OUTPUTS}};
    struct cli_blas_network *blas = NULL;
    struct mca_error error;
    struct network n;
    uint32_t right[STEPS] = {0};
    if (cli_blas_create(&blas, &layers, batch, &error) != MCA_OK) {
        skip(); /* no OpenBLAS here */
    }
    fill(&n.first[0][0], 0, INPUTS, HIDDEN);
    fill(&n.second[0][0], 1, HIDDEN, OUTPUTS);
    for (uint32_t step = 0; step < STEPS; ++step) {
        for (uint32_t first = 0; first < IMAGES; first += batch) {
            right[step] += step_both(blas, &n, first, batch);
        }
    }
    assert_true(right[STEPS - 1] > right[0] + 2);
    cli_blas_destroy(blas);
}

static void test_blas_learns_image_by_image(void **state) {
    (void)state;
    learns_as_by_hand(1);
}

static void test_blas_learns_by_batches(void **state) {
    (void)state;
    learns_as_by_hand(4);
    learns_as_by_hand(12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blas_learns_image_by_image),
        cmocka_unit_test(test_blas_learns_by_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
