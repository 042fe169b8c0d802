/*
 * Fuzz targets: each file fuzz_NAME.c takes any bytes as what a person may give mcasim. It must end
 * with a status, never crash, and what it accepts must hold what its header promises. Linked with
 * replay.c they are ordinary tests; the CMake preset `fuzz` links them with libFuzzer.
 */
#ifndef MCA_TESTS_FUZZ_H
#define MCA_TESTS_FUZZ_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/status.h"
#include "scenario/resolved.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What an accepted input must have. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Where the answers to inputs are written, a line each, for answers.sh: the file of
 * $MCA_FUZZ_ANSWERS; NULL without it. */
static inline FILE *fuzz_answers(void) {
    static FILE *answers;
    if (!answers && getenv("MCA_FUZZ_ANSWERS")) {
        answers = fopen(getenv("MCA_FUZZ_ANSWERS"), "w");
        FUZZ_CHECK(answers);
    }
    return answers;
}

/* What was read of an input, as text. */
__attribute__((format(printf, 1, 2))) static inline void fuzz_answer(const char *format, ...) {
    FILE *answers = fuzz_answers();
    if (answers) {
        va_list args;
        va_start(args, format);
        (void)vfprintf(answers, format, args);
        va_end(args);
        (void)fputc('\n', answers);
    }
}

/* The same of `size` bytes, by their hash. */
static inline void fuzz_answer_bytes(const char *name, const void *bytes, size_t size) {
    fuzz_answer("%s: %zu bytes, %016llx", name, size, (unsigned long long)XXH3_64bits(bytes, size));
}

/* A scenario that was read. */
static inline void fuzz_answer_scenario(const struct mca_scenario *scenario) {
    uint64_t hash;
    if (fuzz_answers()) { /* hashing takes longer than reading */
        FUZZ_CHECK(mca_scenario_hash(scenario, &hash, NULL) == MCA_OK);
        fuzz_answer("scenario %016llx", (unsigned long long)hash);
    }
}

/* An input is refused: in one line, which is an answer without `path`, where its file lies. */
static inline void fuzz_refused(const struct mca_error *error, const char *path) {
    struct mca_error shown = *error;
    const size_t length = strlen(path);
    FUZZ_CHECK(error->message[0] != '\0' && !strchr(error->message, '\n'));
    for (char *at = strstr(shown.message, path); length > 0 && at; at = strstr(at, path)) {
        memmove(at, at + length, strlen(at + length) + 1);
    }
    fuzz_answer("refused: %s", shown.message);
}

/* A file in memory with these bytes, and its path, which is always the same. */
struct fuzz_file {
    int fd;
    char path[40];
};

static inline struct fuzz_file fuzz_file_at(int at, const void *data, size_t size) {
    const int fd = memfd_create("fuzz", 0);
    struct fuzz_file file = {at, ""};
    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    FUZZ_CHECK(dup2(fd, at) == at && lseek(at, 0, SEEK_SET) == 0 && close(fd) == 0);
    (void)snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", at);
    return file;
}

static inline struct fuzz_file fuzz_file_open(const void *data, size_t size) {
    return fuzz_file_at(101, data, size);
}

static inline void fuzz_file_close(struct fuzz_file *file) {
    (void)close(file->fd);
}

#endif
