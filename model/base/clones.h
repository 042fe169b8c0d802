/*
 * Functions compiled for several instruction sets, chosen when the program is loaded. For loops
 * over integers, and for loops in which each element is computed by itself with IEEE + - * / and
 * sqrt (the library is compiled without contraction): there every instruction set gives the same
 * bytes. Never for sums of floating-point numbers. Not under sanitizers, whose run-time is not
 * ready when the choice is made.
 */
#ifndef MCA_BASE_CLONES_H
#define MCA_BASE_CLONES_H

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&      \
    !defined(__clang__) && !defined(MCA_NO_CLONES)
#define MCA_CLONES __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define MCA_CLONES
#endif

#endif
