/*
 * Fuzz targets: each file fuzz_NAME.c takes any bytes as what a person may give mcasim. It must end
 * with a status, never crash, and what it accepts must hold what its header promises. Linked with
 * replay.c they are ordinary tests; the CMake preset `fuzz` links them with libFuzzer.
 */
#ifndef MCA_TESTS_FUZZ_H
#define MCA_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What an accepted input must have. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* A file in memory with these bytes, and its path. */
struct fuzz_file {
    int fd;
    char path[40];
};

static inline struct fuzz_file fuzz_file_open(const void *data, size_t size) {
    struct fuzz_file file = {memfd_create("fuzz", 0), ""};
    FUZZ_CHECK(file.fd >= 0 && write(file.fd, data, size) == (ssize_t)size);
    (void)snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

static inline void fuzz_file_close(struct fuzz_file *file) {
    (void)close(file->fd);
}

#endif
