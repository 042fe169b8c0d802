/*
 * Runs a fuzz target without libFuzzer: `replay COUNT FILE...` gives it each file as it is, then
 * COUNT mutations of them from a fixed stream: bits flipped, bytes replaced by ones that matter to
 * the formats, pieces cut, doubled and taken from another file, and, of texts, other numbers and
 * lines left out or doubled. The same every time.
 */
#include <ctype.h>
#include <string.h>

#include "base/rng.h"
#include "fuzz/fuzz.h"

enum { SIZE_MAX_BYTES = 1 << 20, LINE_MAX_BYTES = 512, STEPS_MAX = 6 };
enum {
    KINDS = 10,
    FIRST_OF_TEXTS = 5,
    OF_TEXTS = 4
}; /* of changes; those mostly leave a file well formed */

struct seed {
    uint8_t *bytes;
    size_t size;
};

static struct seed read_seed(const char *path) {
    FILE *file = fopen(path, "rb");
    struct seed seed = {malloc(SIZE_MAX_BYTES), 0};
    if (!file || !seed.bytes) {
        (void)fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    seed.size = fread(seed.bytes, 1, SIZE_MAX_BYTES, file);
    (void)fclose(file);
    return seed;
}

/* bytes[from .. to) of `size` become `count` others, unless there is no room; returns the new size. */
static size_t replace(uint8_t *bytes, size_t size, size_t from, size_t to, const void *by,
                      size_t count) {
    if (size - (to - from) + count > SIZE_MAX_BYTES) {
        return size;
    }
    memmove(bytes + from + count, bytes + to, size - to);
    memcpy(bytes + from, by, count);
    return size - (to - from) + count;
}

/* Another number where the next one stands. */
static size_t change_number(uint8_t *bytes, size_t size, size_t at, uint32_t which) {
    static const char *const numbers[] = {"0",   "1",   "2",   "3",   "4",  "7",          "8",
                                          "9",   "10",  "16",  "31",  "32", "64",         "100",
                                          "0.5", "1e3", "255", "256", "-1", "4294967296", "1.5"};
    while (at < size && !isdigit(bytes[at])) {
        ++at;
    }
    size_t end = at;
    while (end < size && (isalnum(bytes[end]) || bytes[end] == '.')) {
        ++end;
    }
    const char *number = numbers[which % (sizeof numbers / sizeof numbers[0])];
    return replace(bytes, size, at, end, number, at < size ? strlen(number) : 0);
}

/* The line around `at`, or its beginning, is left out, or stands twice. */
static size_t change_line(uint8_t *bytes, size_t size, size_t at, int is_doubled) {
    uint8_t line[LINE_MAX_BYTES];
    while (at > 0 && bytes[at - 1] != '\n') {
        --at;
    }
    size_t end = at;
    while (end < size && end - at < LINE_MAX_BYTES && bytes[end] != '\n') {
        ++end;
    }
    end += end < size && end - at < LINE_MAX_BYTES;
    memcpy(line, bytes + at, end - at);
    return replace(bytes, size, at, is_doubled ? at : end, line, is_doubled ? end - at : 0);
}

/* One change to bytes[size] of SIZE_MAX_BYTES; returns the new size. */
static size_t mutate(uint8_t *bytes, size_t size, uint32_t kind, const uint32_t words[4],
                     const struct seed *other) {
    static const char special[] = "\0\n\r\t :-,[]{}\"'#&*!|>%@`0129.eE+/\\\x7f\x80\xff";
    const size_t at = size ? words[1] % size : 0;
    const size_t length = size ? 1 + words[2] % (size - at < 64 ? size - at : 64) : 0;
    switch (kind) {
    case 0:
        if (size) {
            bytes[at] ^= (uint8_t)(1u << words[2] % 8);
        }
        return size;
    case 1:
        if (size) {
            bytes[at] = (uint8_t)special[words[2] % (sizeof special - 1)];
        }
        return size;
    case 2: /* cut a piece out */
        memmove(bytes + at, bytes + at + length, size - at - length);
        return size - length;
    case 3: /* double it */
        if (size + length > SIZE_MAX_BYTES) {
            return size;
        }
        memmove(bytes + at + length, bytes + at, size - at);
        return size + length;
    case 4: /* cut short */
        return at;
    case 5:
        return change_line(bytes, size, at, words[2] % 2 == 0);
    case 6:
    case 7:
    case 8:
        return change_number(bytes, size, at, words[2]);
    default: { /* a piece of another seed over it */
        const size_t from = other->size ? words[3] % other->size : 0;
        const size_t piece = length < other->size - from ? length : other->size - from;
        memcpy(bytes + at, other->bytes + from, piece);
        return size;
    }
    }
}

int main(int argc, char **argv) {
    const int seeds = argc - 2;
    if (seeds < 1) {
        (void)fprintf(stderr, "usage: %s COUNT FILE...\n", argv[0]);
        return 2;
    }
    const unsigned long count = strtoul(argv[1], NULL, 10);
    struct seed *all = calloc((size_t)seeds, sizeof *all);
    uint8_t *bytes = malloc(SIZE_MAX_BYTES);
    if (!all || !bytes) {
        return 1;
    }
    for (int s = 0; s < seeds; ++s) {
        all[s] = read_seed(argv[s + 2]);
        (void)LLVMFuzzerTestOneInput(all[s].bytes, all[s].size);
    }
    const struct mca_rng rng = mca_rng_stream(2026, MCA_RNG_SWEEP);
    for (unsigned long n = 0; n < count; ++n) {
        uint32_t words[4];
        mca_rng_words(rng, n, 0, 0, words);
        const struct seed *seed = &all[words[0] % (uint32_t)seeds];
        const struct seed *other = &all[words[1] % (uint32_t)seeds];
        size_t size = seed->size;
        memcpy(bytes, seed->bytes, size);
        const uint32_t steps = 1 + words[2] % STEPS_MAX;
        for (uint32_t step = 1; step <= steps; ++step) {
            mca_rng_words(rng, n, step, 0, words);
            const uint32_t kind = n % 2 ? words[0] % KINDS : FIRST_OF_TEXTS + words[0] % OF_TEXTS;
            size = mutate(bytes, size, kind, words, other);
        }
        (void)LLVMFuzzerTestOneInput(bytes, size);
    }
    (void)printf("%d files, %lu mutations\n", seeds, count);
    for (int s = 0; s < seeds; ++s) {
        free(all[s].bytes);
    }
    free(all);
    free(bytes);
    return 0;
}
