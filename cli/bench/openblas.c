#include "cli/bench/openblas.h"

#include <dlfcn.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"

/* `function` is a pointer to a function pointer. */
static int find(void *library, const char *name, void *function) {
    void *const symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

enum mca_status cli_openblas_load(struct cli_openblas *blas, struct mca_error *error) {
    void (*set_num_threads)(int count) = NULL;
    void *const library = dlopen(MCA_OPENBLAS, RTLD_NOW | RTLD_LOCAL);
    if (!library || !find(library, "cblas_sgemv", &blas->sgemv) ||
        !find(library, "cblas_sger", &blas->sger) || !find(library, "cblas_sgemm", &blas->sgemm) ||
        !find(library, "openblas_set_num_threads", &set_num_threads)) {
        return mca_fail(
            error, MCA_SYSTEM,
            "mcasim bench: OpenBLAS cannot be loaded (Debian's package is libopenblas0): %s",
            dlerror());
    }
    set_num_threads(1);
    return MCA_OK;
}

float *cli_blas_weights(struct mca_arena *arena, uint32_t layer, uint32_t inputs, uint32_t outputs,
                        int *whole) {
    const struct mca_rng rng = mca_rng_stream(1, MCA_RNG_INIT_WEIGHT);
    const float bound = sqrtf(6.0f / (float)(inputs + outputs));
    const size_t count = ((size_t)inputs + 1) * outputs;
    float *weights = mca_arena_take(arena, count, sizeof *weights, whole);
    for (size_t i = 0; *whole && i < count; ++i) {
        uint32_t words[4];
        mca_rng_words(rng, i, layer, 0, words);
        weights[i] = bound * (float)(2.0 * mca_rng_uniform(words[0]) - 1.0);
    }
    return weights;
}
