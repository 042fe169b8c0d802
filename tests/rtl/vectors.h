/*
 * Vectors of the RTL benches: `vectors KIND [parameter=value ...] seed=N count=N` writes stimulus
 * and expected values as $readmemh lines. A file has one line a vector; the bench says what is in
 * it.
 */
#ifndef MCA_TESTS_RTL_VECTORS_H
#define MCA_TESTS_RTL_VECTORS_H

#include <stdint.h>
#include <stdio.h>

struct vector_args {
    uint64_t seed;
    uint32_t count;
    int parameter_count;
    char **parameters; /* "NAME=VALUE" */
};

/* One kind of vector file. write returns 0, or 1 after a message on stderr. */
struct vector_kind {
    const char *name;
    int (*write)(const struct vector_args *, FILE *);
};

/* Kinds of vectors_leaf.c, vectors_chi.c and vectors_unit.c; each list ends with a name of NULL. */
extern const struct vector_kind vector_kinds_leaf[];
extern const struct vector_kind vector_kinds_chi[];
extern const struct vector_kind vector_kinds_unit[];

/* Value of a parameter, or `otherwise`. */
uint32_t vector_parameter(const struct vector_args *args, const char *name, uint32_t otherwise);

/* Random words: splitmix64 (Steele, Lea, Flood 2014). */
struct vector_random {
    uint64_t state;
};

uint64_t vector_random_u64(struct vector_random *random);

/* Uniform in [low, high]. */
int64_t vector_random_range(struct vector_random *random, int64_t low, int64_t high);

/* Of either sign, in the range of +-(2^(bits - 1) - 1), every length as likely. */
int64_t vector_random_signed(struct vector_random *random, unsigned bits);

/* One line of a file, packed from its most significant field on. */
struct vector_line {
    unsigned bits;
    unsigned char bit[8192];
};

void vector_line_clear(struct vector_line *line);
void vector_line_put(struct vector_line *line, int64_t value, unsigned bits);
void vector_line_write(const struct vector_line *line, FILE *out);

#endif
