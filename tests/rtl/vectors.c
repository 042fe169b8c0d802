#include "vectors.h"

#include <stdlib.h>
#include <string.h>

static const char *value_of(char *const *arguments, int count, const char *name) {
    size_t length = strlen(name);

    for (int i = 0; i < count; i++)
        if (strncmp(arguments[i], name, length) == 0 && arguments[i][length] == '=')
            return arguments[i] + length + 1;
    return NULL;
}

uint32_t vector_parameter(const struct vector_args *args, const char *name, uint32_t otherwise) {
    const char *value = value_of(args->parameters, args->parameter_count, name);

    return value ? (uint32_t)strtoul(value, NULL, 0) : otherwise;
}

uint64_t vector_random_u64(struct vector_random *random) {
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t vector_random_range(struct vector_random *random, int64_t low, int64_t high) {
    return low + (int64_t)(vector_random_u64(random) % ((uint64_t)(high - low) + 1));
}

int64_t vector_random_signed(struct vector_random *random, unsigned bits) {
    int64_t length = vector_random_range(random, 0, bits - 1);
    int64_t magnitude = vector_random_range(random, 0, ((int64_t)1 << length) - 1);

    return vector_random_u64(random) & 1 ? magnitude : -magnitude;
}

void vector_line_clear(struct vector_line *line) {
    line->bits = 0;
}

void vector_line_put(struct vector_line *line, int64_t value, unsigned bits) {
    for (unsigned i = bits; i > 0; i--)
        line->bit[line->bits++] = (unsigned char)(((uint64_t)value >> (i - 1)) & 1);
}

void vector_line_write(const struct vector_line *line, FILE *out) {
    unsigned padding = (4 - line->bits % 4) % 4;
    unsigned digit = 0;

    for (unsigned i = 0; i < line->bits; i++) {
        digit = digit << 1 | line->bit[i];
        if ((i + padding) % 4 == 3) {
            fprintf(out, "%x", digit);
            digit = 0;
        }
    }
    fputc('\n', out);
}

static const struct vector_kind *find_kind(const struct vector_kind *kind, const char *name) {
    while (kind->name && strcmp(kind->name, name) != 0)
        kind++;
    return kind->name ? kind : NULL;
}

int main(int argc, char **argv) {
    static const struct vector_kind *const lists[] = {vector_kinds_leaf, vector_kinds_chi,
                                                      vector_kinds_unit};
    struct vector_args args;
    int failed;

    if (argc < 2) {
        fprintf(stderr, "usage: vectors KIND [parameter=value ...] [seed=N] [count=N]\n");
        return 2;
    }
    args = (struct vector_args){.parameter_count = argc - 2, .parameters = argv + 2};
    args.seed = vector_parameter(&args, "seed", 1);
    args.count = vector_parameter(&args, "count", 2000);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const struct vector_kind *kind = find_kind(lists[i], argv[1]);

        if (!kind)
            continue;
        failed = kind->write(&args, stdout);
        return fflush(stdout) != 0 || ferror(stdout) || failed;
    }
    fprintf(stderr, "vectors: no kind '%s'\n", argv[1]);
    return 2;
}
