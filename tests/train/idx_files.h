/* Makes IDX files for tests, in a temporary directory. */
#ifndef TESTS_TRAIN_IDX_FILES_H
#define TESTS_TRAIN_IDX_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { FILE_BUFFER = 1 << 16 };

/* A file's bytes. */
struct bytes {
    size_t count;
    uint8_t data[FILE_BUFFER];
};

static inline void append(struct bytes *bytes, const void *data, size_t count) {
    assert_true(bytes->count + count <= sizeof bytes->data);
    memcpy(bytes->data + bytes->count, data, count);
    bytes->count += count;
}

static inline void append_word(struct bytes *bytes, uint32_t word) {
    const uint8_t big[4] = {(uint8_t)(word >> 24), (uint8_t)(word >> 16), (uint8_t)(word >> 8),
                            (uint8_t)word};
    append(bytes, big, sizeof big);
}

/* Pixel i of a made-up image file. */
static inline uint8_t test_pixel(size_t i) {
    return (uint8_t)(i * 37 + i / 251);
}

static inline void make_images(struct bytes *bytes, uint32_t count, uint32_t rows, uint32_t cols) {
    bytes->count = 0;
    append_word(bytes, 0x803);
    append_word(bytes, count);
    append_word(bytes, rows);
    append_word(bytes, cols);
    for (size_t i = 0; i < (size_t)count * rows * cols; ++i) {
        const uint8_t pixel = test_pixel(i);
        append(bytes, &pixel, 1);
    }
}

/* Labels 0, 1, .., classes - 1, 0, 1, .. */
static inline void make_labels(struct bytes *bytes, uint32_t count, uint32_t classes) {
    bytes->count = 0;
    append_word(bytes, 0x801);
    append_word(bytes, count);
    for (uint32_t i = 0; i < count; ++i) {
        const uint8_t label = (uint8_t)(i % classes);
        append(bytes, &label, 1);
    }
}

static inline void write_file(const char *path, const void *data, size_t count) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

/* `bytes` as one gzip member into `out`. */
static inline void compress_gzip(const struct bytes *bytes, struct bytes *out) {
    z_stream stream;
    static uint8_t input[FILE_BUFFER];
    memset(&stream, 0, sizeof stream);
    memcpy(input, bytes->data, bytes->count);
    assert_int_equal(
        deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
        Z_OK);
    stream.next_in = input;
    stream.avail_in = (uInt)bytes->count;
    stream.next_out = out->data;
    stream.avail_out = sizeof out->data;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out->count = sizeof out->data - stream.avail_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
}

/* Makes a temporary directory; `path` has room for 64 characters. */
static inline void make_directory(char *path) {
    const char *base = getenv("TMPDIR");
    assert_true(
        snprintf(path, 64, "%s/mca-test-XXXXXX", base && strlen(base) < 32 ? base : "/tmp") < 64);
    assert_non_null(mkdtemp(path));
}

/* Removes it with all it holds. */
static inline void remove_directory(const char *path) {
    char command[128];
    assert_true(snprintf(command, sizeof command, "rm -rf '%s'", path) < (int)sizeof command);
    assert_int_equal(system(command), 0);
}

#endif
