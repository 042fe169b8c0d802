/*
 * Which of the explicit SIMD paths is taken. All of them compute the same integers and IEEE
 * results, so the choice changes no byte of any result.
 */
#ifndef MCA_BASE_SIMD_H
#define MCA_BASE_SIMD_H

enum mca_simd { MCA_SIMD_PLAIN, MCA_SIMD_AVX2, MCA_SIMD_AVX512 };

/* The widest that the machine has, or less where the environment variable MCA_SIMD says `plain`,
 * `avx2` or `avx512`. Decided at the first call. */
enum mca_simd mca_simd_level(void);

/* Whether the level is AVX-512 and what Ice Lake brought to it is there: matrices of bits,
 * permutations of bytes, sums of products in one step (GFNI, VBMI, VNNI). Not where MCA_SIMD says
 * `avx512`. */
int mca_simd_avx512_icl(void);

/* Attributes of the functions of a path; empty where the compiler knows no such target. */
#if defined(__x86_64__) && defined(__GNUC__)
#define MCA_TARGET_AVX2 __attribute__((target("avx2")))
#define MCA_TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd")))
#define MCA_TARGET_AVX512_ICL                                                                      \
    __attribute__((                                                                                \
        target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi,avx512vnni,gfni")))
#else
#define MCA_TARGET_AVX2
#define MCA_TARGET_AVX512
#define MCA_TARGET_AVX512_ICL
#endif

#endif
