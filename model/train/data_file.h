/*
 * The content of a data file, plain or gzip, read from its beginning to its end. Gzip is told by
 * its first byte and may have several members; their checksums are checked, and nothing may follow
 * them.
 *
 * Errors: MCA_SYSTEM for a file that cannot be opened or read, MCA_INVALID for damaged gzip data,
 * MCA_FAILED for memory.
 */
#ifndef MCA_TRAIN_DATA_FILE_H
#define MCA_TRAIN_DATA_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <zlib.h>

#include "base/status.h"

enum {
    MCA_DATA_FILE_BUFFER = 1 << 16,
    MCA_GZIP_MAX_EXPANSION = 1032 /* 258 bytes from two bits */
};

struct mca_data_file {
    const char *path;
    FILE *file;
    uint64_t file_bytes; /* as it lies on the disk */
    int is_gzip;
    int ended; /* gzip: the last member is complete and the file is at its end */
    z_stream stream;
    uint8_t buffer[MCA_DATA_FILE_BUFFER];
};

/* Bytes of a file that were taken to memory: its beginning, or all of it. */
struct mca_memory_file {
    void *bytes;
    size_t count;
    uint64_t file_bytes; /* of the whole */
};

/* mca__data_file_close is due whatever the outcome. `path` must outlive the file. */
enum mca_status mca__data_file_open(struct mca_data_file *source, const char *path,
                                    struct mca_error *error);

/* The same of plain content in memory, which goes by `path` in messages and must outlive the file.
 */
enum mca_status mca__data_file_open_memory(struct mca_data_file *source, const char *path,
                                           const struct mca_memory_file *content,
                                           struct mca_error *error);

/* Reads up to `want` bytes of content; fewer only at its end. */
enum mca_status mca__data_file_read(struct mca_data_file *source, uint8_t *out, uint64_t want,
                                    uint64_t *got, struct mca_error *error);

/* Reads `count` bytes of a header, of the format's name in messages; MCA_INVALID where it ends
 * before its end. */
enum mca_status mca__data_file_header(struct mca_data_file *source, const char *format,
                                      uint8_t *out, uint64_t count, struct mca_error *error);

void mca__data_file_close(struct mca_data_file *source);

#endif
