#include "base/simd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static enum mca_simd level = MCA_SIMD_PLAIN;
static int icl = 0;
static pthread_once_t level_once = PTHREAD_ONCE_INIT;
static atomic_int is_decided = 0; /* asked first: kernels ask for every few rows */

static void decide(void) {
#if defined(__x86_64__) && defined(__GNUC__)
    const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx512cd");
    level = avx512                           ? MCA_SIMD_AVX512
            : __builtin_cpu_supports("avx2") ? MCA_SIMD_AVX2
                                             : MCA_SIMD_PLAIN;
    icl = level == MCA_SIMD_AVX512 && __builtin_cpu_supports("gfni") &&
          __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni");
#endif
    const char *wanted = getenv("MCA_SIMD");
    if (wanted && strcmp(wanted, "plain") == 0) {
        level = MCA_SIMD_PLAIN;
    } else if (wanted && strcmp(wanted, "avx2") == 0 && level > MCA_SIMD_AVX2) {
        level = MCA_SIMD_AVX2;
    }
    icl = icl && level == MCA_SIMD_AVX512 && !(wanted && strcmp(wanted, "avx512") == 0);
    atomic_store_explicit(&is_decided, 1, memory_order_release);
}

static inline void decide_once(void) {
    if (!atomic_load_explicit(&is_decided, memory_order_acquire)) {
        (void)pthread_once(&level_once, decide);
    }
}

enum mca_simd mca_simd_level(void) {
    decide_once();
    return level;
}

int mca_simd_avx512_icl(void) {
    decide_once();
    return icl;
}
