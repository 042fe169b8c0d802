#include "cli/bench/roofline.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/progress.h"

static const double SECONDS_EACH = 0.05;

/* A cache's size as the system tells it, or `otherwise`. */
static size_t cache_bytes(int name, size_t otherwise) {
    const long bytes = sysconf(name);
    return bytes > 0 ? (size_t)bytes : otherwise;
}

static double copy_rate(size_t bytes) {
    const size_t half = bytes / 2;
    char *from = malloc(half);
    char *to = malloc(half);
    double rate = 0.0;
    if (from && to) {
        memset(from, 1, half);
        memset(to, 2, half);
        double copied = 0.0;
        const double start = mca_now_s();
        double now = start;
        while (now - start < SECONDS_EACH) {
            for (size_t n = 0; n < 1 + ((size_t)1 << 20) / half; ++n) {
                memcpy(to, from, half);
                __asm__ volatile("" : : "r"(to) : "memory"); /* the copy is not left out */
                copied += 2.0 * (double)half;
            }
            now = mca_now_s();
        }
        rate = copied / (now - start);
    }
    free(from);
    free(to);
    return rate;
}

enum { FMA_WIDTH = 16, FMA_CHAINS = 12, FMA_STEPS = 4096 };

typedef float wide __attribute__((vector_size(FMA_WIDTH * sizeof(float))));

/* The widest fused multiply-add that the machine has, in enough independent chains to hide its
 * latency. Clones: not under sanitizers, see base/clones.h. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&      \
    !defined(__clang__)
__attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"),
               optimize("fp-contract=fast", "unroll-loops")))
#endif
static float
fma_steps(float factor) {
    wide sums[FMA_CHAINS] = {{0}};
    const wide f = (wide){0} + factor;
    for (int step = 0; step < FMA_STEPS; ++step) {
        for (int c = 0; c < FMA_CHAINS; ++c) {
            sums[c] = sums[c] * f + 1.0f;
        }
    }
    float total = 0.0f;
    for (int c = 0; c < FMA_CHAINS; ++c) {
        for (int i = 0; i < FMA_WIDTH; ++i) {
            total += sums[c][i];
        }
    }
    return total;
}

static double fma_rate(void) {
    volatile float kept = 0.5f;
    double done = 0.0;
    const double start = mca_now_s();
    double now = start;
    while (now - start < SECONDS_EACH) {
        kept = fma_steps(kept > 0.75f ? 0.5f : 0.25f);
        done += (double)FMA_STEPS * FMA_CHAINS * FMA_WIDTH;
        now = mca_now_s();
    }
    return done / (now - start);
}

void cli_measure_roofline(struct cli_roofline *roofline) {
    const size_t l1 = cache_bytes(_SC_LEVEL1_DCACHE_SIZE, 32768);
    const size_t l2 = cache_bytes(_SC_LEVEL2_CACHE_SIZE, 1048576);
    const size_t l3 = cache_bytes(_SC_LEVEL3_CACHE_SIZE, 16777216);
    const struct cli_roofline_level levels[CLI_ROOFLINE_LEVELS] = {
        {"L1", l1 / 2, l1, 0.0},
        {"L2", l2 / 2, l2, 0.0},
        {"L3", l3 / 4, l3, 0.0},
        {"memory", 4 * l3, SIZE_MAX, 0.0}};
    for (int i = 0; i < CLI_ROOFLINE_LEVELS; ++i) {
        roofline->levels[i] = levels[i];
        roofline->levels[i].bytes_per_s = copy_rate(levels[i].bytes);
    }
    roofline->fma_per_s = fma_rate();
}

int cli_roofline_level(const struct cli_roofline *roofline, size_t bytes) {
    int level = 0;
    while (bytes > roofline->levels[level].capacity) {
        ++level;
    }
    return level;
}
