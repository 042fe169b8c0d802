/* The opponent of `mcasim bench` in convolution, against the same network in plain loops of double
 * precision, window by window. */
#include "cli/bench/conv_blas.h"

#include "base/rng.h"
#include "mca_test.h"

enum { SIDE = 14, K = 3, F0 = 2, F1 = 3, HIDDEN = 4, OUTPUTS = 3, IMAGES = 4, STEPS = 40 };
enum { OUT0 = SIDE - K + 1, IN1 = OUT0 / 2, OUT1 = IN1 - K + 1, IN2 = OUT1 / 2 };

/* The last row of each matrix is the bias. */
struct network {
    double w0[K * K + 1][F0];
    double w1[K * K * F0 + 1][F1];
    double w2[IN2 * IN2 * F1 + 1][HIDDEN];
    double w3[HIDDEN + 1][OUTPUTS];
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

/* Loss of an image, and nothing else. */
static double loss_of(const struct network *n, const float *pixels, int label) {
    static double a0[IN1][IN1][F0];
    static double a1[IN2 * IN2 * F1];
    for (int f = 0; f < F0; ++f) {
        for (int y = 0; y < OUT0; ++y) {
            for (int x = 0; x < OUT0; ++x) {
                double z = n->w0[K * K][f];
                for (int k = 0; k < K * K; ++k) {
                    z += (double)pixels[(y + k / K) * SIDE + x + k % K] * n->w0[k][f];
                }
                double *to = &a0[y / 2][x / 2][f];
                *to = y % 2 == 0 && x % 2 == 0 ? fmax(z, 0.0) : fmax(*to, z);
            }
        }
    }
    for (int f = 0; f < F1; ++f) {
        for (int y = 0; y < OUT1 / 2 * 2; ++y) {
            for (int x = 0; x < OUT1 / 2 * 2; ++x) {
                double z = n->w1[K * K * F0][f];
                for (int k = 0; k < K * K * F0; ++k) {
                    const int tap = k / F0;
                    z += a0[y + tap / K][x + tap % K][k % F0] * n->w1[k][f];
                }
                double *to = &a1[(y / 2 * IN2 + x / 2) * F1 + f];
                *to = y % 2 == 0 && x % 2 == 0 ? fmax(z, 0.0) : fmax(*to, z);
            }
        }
    }
    double z[OUTPUTS];
    double sum = 0.0;
    for (int o = 0; o < OUTPUTS; ++o) {
        z[o] = n->w3[HIDDEN][o];
        for (int h = 0; h < HIDDEN; ++h) {
            double hidden = n->w2[IN2 * IN2 * F1][h];
            for (int i = 0; i < IN2 * IN2 * F1; ++i) {
                hidden += a1[i] * n->w2[i][h];
            }
            z[o] += fmax(hidden, 0.0) * n->w3[h][o];
        }
        sum += exp(z[o]);
    }
    return log(sum) - z[label];
}

/* A step of gradient descent whose gradients are central differences of the loss. */
static void descend(struct network *n, const float *pixels, int label, double rate) {
    enum { WEIGHTS = sizeof *n / sizeof(double) };
    static double gradient[WEIGHTS];
    double *weights = &n->w0[0][0];
    const double step = 1e-6;
    for (int i = 0; i < WEIGHTS; ++i) {
        const double kept = weights[i];
        weights[i] = kept + step;
        const double above = loss_of(n, pixels, label);
        weights[i] = kept - step;
        gradient[i] = (above - loss_of(n, pixels, label)) / (2.0 * step);
        weights[i] = kept;
    }
    for (int i = 0; i < WEIGHTS; ++i) {
        weights[i] -= rate * gradient[i];
    }
}

static void test_conv_blas_learns_by_the_gradient(void **state) {
    (void)state;
    const struct cli_conv_shape shape = {SIDE, K, {F0, F1}, HIDDEN, OUTPUTS};
    static const int labels[IMAGES] = {0, 2, 1, 1};
    struct cli_conv_network *blas = NULL;
    struct mca_error error;
    struct network n;
    if (cli_conv_create(&blas, &shape, &error) != MCA_OK) {
        skip(); /* no OpenBLAS here */
    }
    fill(&n.w0[0][0], 0, K * K, F0);
    fill(&n.w1[0][0], 1, K * K * F0, F1);
    fill(&n.w2[0][0], 2, IN2 * IN2 * F1, HIDDEN);
    fill(&n.w3[0][0], 3, HIDDEN, OUTPUTS);
    double first = 0.0;
    double last = 0.0;
    for (int s = 0; s < STEPS; ++s) {
        for (int image = 0; image < IMAGES; ++image) {
            float pixels[SIDE * SIDE];
            for (int k = 0; k < SIDE * SIDE; ++k) {
                pixels[k] = (float)((image * 37 + k * 53 + image * k * 11) % 101) / 100.0f;
            }
            /* single precision: 1e-7 a product, and what steps add up to */
            const double loss = loss_of(&n, pixels, labels[image]);
            assert_near((double)cli_conv_train(blas, pixels, (uint32_t)labels[image], 0.05f), loss,
                        2e-4);
            descend(&n, pixels, labels[image], 0.05);
            first += s == 0 ? loss : 0.0;
            last += s == STEPS - 1 ? loss : 0.0;
        }
    }
    assert_true(last < first - 0.5);
    cli_conv_destroy(blas);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conv_blas_learns_by_the_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
