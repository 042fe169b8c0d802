#include "train/idx.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file_input.h"

enum {
    MAGIC_LABELS = 0x00000801,
    MAGIC_IMAGES = 0x00000803,
    MAX_HEADER_BYTES = 16,
    BUFFER_BYTES = 1 << 16,
    GZIP_WINDOW_BITS = 15 + 16, /* zlib: the largest window, gzip framing */
    GZIP_MAX_EXPANSION = 1032   /* of deflate: 258 bytes from two bits */
};

/* A file's content, decoded. */
struct source {
    const char *path;
    FILE *file;
    uint64_t file_bytes;
    bool gzip;
    bool ended; /* gzip: the last member is complete and the file is at its end */
    z_stream stream;
    uint8_t buffer[BUFFER_BYTES];
};

/* The stated dimensions of a file. */
struct header {
    uint32_t magic;
    uint32_t sizes[3]; /* count, rows, columns */
    uint32_t bytes;    /* of the header itself */
    uint64_t content;  /* bytes that follow it */
};

static enum mca_status open_file(struct source *source, struct mca_error *error) {
    struct stat status;
    MCA_TRY(mca_open_regular(source->path, &source->file, error));
    if (fstat(fileno(source->file), &status) != 0) {
        return mca_fail_errno(error, "%s", source->path);
    }
    source->file_bytes = (uint64_t)status.st_size;
    return MCA_OK;
}

static void close_source(struct source *source) {
    if (source->gzip) {
        (void)inflateEnd(&source->stream);
    }
    if (source->file) {
        (void)fclose(source->file);
    }
}

/* Fills the buffer for inflate; leaves avail_in at 0 at the end of the file. */
static enum mca_status refill(struct source *source, struct mca_error *error) {
    if (source->stream.avail_in > 0) {
        return MCA_OK;
    }
    const size_t got = fread(source->buffer, 1, sizeof source->buffer, source->file);
    if (got == 0 && ferror(source->file)) {
        return mca_fail_errno(error, "%s", source->path);
    }
    source->stream.next_in = source->buffer;
    source->stream.avail_in = (uInt)got;
    return MCA_OK;
}

/* Opens `path`, tells gzip by its first byte (an IDX file begins with 0) and prepares to decode.
 * close_source is due whatever the outcome. */
static enum mca_status open_source(struct source *source, const char *path,
                                   struct mca_error *error) {
    memset(source, 0, offsetof(struct source, buffer));
    source->path = path;
    MCA_TRY(open_file(source, error));
    const int first = fgetc(source->file);
    if (first == EOF && ferror(source->file)) {
        return mca_fail_errno(error, "%s", path);
    }
    rewind(source->file);
    if (first != 0x1f) {
        return MCA_OK;
    }
    if (inflateInit2(&source->stream, GZIP_WINDOW_BITS) != Z_OK) {
        return mca_fail_memory(error, "reading gzip");
    }
    source->gzip = true;
    return MCA_OK;
}

/* At the end of a gzip member: another one, the end of the file, or what does not belong there. */
static enum mca_status next_member(struct source *source, struct mca_error *error) {
    MCA_TRY(refill(source, error));
    if (source->stream.avail_in == 0) {
        source->ended = true;
        return MCA_OK;
    }
    if (source->stream.next_in[0] != 0x1f) {
        return mca_fail(error, MCA_INVALID,
                        "%s: trailing bytes after the gzip data, expected the end of the file",
                        source->path);
    }
    (void)inflateReset(&source->stream);
    return MCA_OK;
}

/* Decodes up to `want` bytes; fewer only at the end of the gzip data. */
static enum mca_status read_gzip(struct source *source, uint8_t *out, uint64_t want, uint64_t *got,
                                 struct mca_error *error) {
    z_stream *stream = &source->stream;
    *got = 0;
    while (*got < want && !source->ended) {
        MCA_TRY(refill(source, error));
        if (stream->avail_in == 0) {
            return mca_fail(error, MCA_INVALID, "%s: truncated: the gzip data end before their end",
                            source->path);
        }
        const uint64_t left = want - *got;
        const uInt step = left < (1u << 30) ? (uInt)left : (1u << 30);
        stream->next_out = out + *got;
        stream->avail_out = step;
        const int code = inflate(stream, Z_NO_FLUSH);
        *got += step - stream->avail_out;
        if (code == Z_STREAM_END) {
            MCA_TRY(next_member(source, error));
        } else if (code == Z_MEM_ERROR) {
            return mca_fail_memory(error, "reading gzip");
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            return mca_fail(error, MCA_INVALID, "%s: damaged gzip data: %s", source->path,
                            stream->msg ? stream->msg : "needs a dictionary");
        }
    }
    return MCA_OK;
}

/* Reads up to `want` bytes of content; fewer only at its end. */
static enum mca_status read_some(struct source *source, uint8_t *out, uint64_t want, uint64_t *got,
                                 struct mca_error *error) {
    if (source->gzip) {
        return read_gzip(source, out, want, got, error);
    }
    *got = fread(out, 1, (size_t)want, source->file);
    return *got < want && ferror(source->file) ? mca_fail_errno(error, "%s", source->path) : MCA_OK;
}

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static enum mca_status check_size(const char *path, const char *what, uint32_t found, uint32_t most,
                                  struct mca_error *error) {
    if (found < 1 || found > most) {
        return mca_fail(error, MCA_INVALID, "%s: %s %" PRIu32 ", expected 1 .. %" PRIu32, path,
                        what, found, most);
    }
    return MCA_OK;
}

/* Checks the dimensions, and that the file can hold what they state. */
static enum mca_status check_header(const struct source *source, struct header *header,
                                    struct mca_error *error) {
    const char *path = source->path;
    const bool images = header->magic == MAGIC_IMAGES;
    MCA_TRY(check_size(path, images ? "number of images" : "number of labels", header->sizes[0],
                       MCA_IDX_MAX_COUNT, error));
    header->content = header->sizes[0];
    if (images) {
        MCA_TRY(check_size(path, "rows", header->sizes[1], MCA_IDX_MAX_SIDE, error));
        MCA_TRY(check_size(path, "columns", header->sizes[2], MCA_IDX_MAX_SIDE, error));
        header->content *= (uint64_t)header->sizes[1] * header->sizes[2];
    }
    if (header->content > MCA_IDX_MAX_BYTES) {
        return mca_fail(error, MCA_INVALID,
                        "%s: %" PRIu32 " images of %" PRIu32 " x %" PRIu32 " are %" PRIu64
                        " bytes, expected at most %" PRIu64,
                        path, header->sizes[0], header->sizes[1], header->sizes[2], header->content,
                        MCA_IDX_MAX_BYTES);
    }
    const uint64_t stated = header->bytes + header->content;
    if (!source->gzip && source->file_bytes != stated) {
        return mca_fail(
            error, MCA_INVALID, "%s: %s: %" PRIu64 " bytes found, its header states %" PRIu64, path,
            source->file_bytes < stated ? "truncated" : "too long", source->file_bytes, stated);
    }
    if (source->gzip && stated > source->file_bytes * GZIP_MAX_EXPANSION) {
        return mca_fail(error, MCA_INVALID,
                        "%s: truncated: its header states %" PRIu64 " bytes, %" PRIu64
                        " bytes of gzip hold at most %" PRIu64,
                        path, stated, source->file_bytes, source->file_bytes * GZIP_MAX_EXPANSION);
    }
    return MCA_OK;
}

static enum mca_status read_header(struct source *source, uint32_t magic, struct header *header,
                                   struct mca_error *error) {
    const uint32_t sizes = magic == MAGIC_IMAGES ? 3 : 1;
    const char *what = magic == MAGIC_IMAGES ? "images" : "labels";
    uint8_t bytes[MAX_HEADER_BYTES];
    uint64_t got;
    memset(header, 0, sizeof *header);
    header->bytes = 4 + 4 * sizes;
    MCA_TRY(read_some(source, bytes, header->bytes, &got, error));
    if (got >= 4) {
        header->magic = big_endian(bytes);
        if (header->magic != magic) {
            return mca_fail(error, MCA_INVALID,
                            "%s: magic number 0x%08" PRIx32 " found, expected 0x%08" PRIx32
                            " (IDX, 8-bit %s)",
                            source->path, header->magic, magic, what);
        }
    }
    if (got < header->bytes) {
        return mca_fail(error, MCA_INVALID,
                        "%s: truncated: %" PRIu64 " bytes found, an IDX header of %s has %" PRIu32,
                        source->path, got, what, header->bytes);
    }
    for (uint32_t i = 0; i < sizes; ++i) {
        header->sizes[i] = big_endian(bytes + 4 + (size_t)4 * i);
    }
    return check_header(source, header, error);
}

/* Reads the content, of the length that the header states, and sees that nothing follows it. */
static enum mca_status read_content(struct source *source, const struct header *header,
                                    uint8_t *content, struct mca_error *error) {
    uint64_t got;
    uint64_t beyond = 0;
    uint8_t extra;
    MCA_TRY(read_some(source, content, header->content, &got, error));
    if (got < header->content) {
        return mca_fail(error, MCA_INVALID,
                        "%s: truncated: %" PRIu64 " bytes found, its header states %" PRIu64,
                        source->path, header->bytes + got, header->bytes + header->content);
    }
    MCA_TRY(read_some(source, &extra, 1, &beyond, error));
    if (beyond > 0) {
        return mca_fail(error, MCA_INVALID,
                        "%s: too long: bytes follow the %" PRIu64 " that its header states",
                        source->path, header->bytes + header->content);
    }
    return MCA_OK;
}

static enum mca_status read_source(struct source *source, const char *path, uint32_t magic,
                                   struct header *header, uint8_t **content,
                                   struct mca_error *error) {
    MCA_TRY(open_source(source, path, error));
    MCA_TRY(read_header(source, magic, header, error));
    uint8_t *bytes = malloc((size_t)header->content);
    if (!bytes) {
        return mca_fail(error, MCA_FAILED, "%s: out of memory: %" PRIu64 " bytes", path,
                        header->content);
    }
    const enum mca_status status = read_content(source, header, bytes, error);
    if (status != MCA_OK) {
        free(bytes);
        return status;
    }
    *content = bytes;
    return MCA_OK;
}

static enum mca_status read_idx(const char *path, uint32_t magic, struct header *header,
                                uint8_t **content, struct mca_error *error) {
    struct source source;
    const enum mca_status status = read_source(&source, path, magic, header, content, error);
    close_source(&source);
    return status;
}

enum mca_status mca_idx_read_images(const char *path, struct mca_image_set *set,
                                    struct mca_error *error) {
    struct header header;
    uint8_t *pixels;
    MCA_TRY(read_idx(path, MAGIC_IMAGES, &header, &pixels, error));
    *set = (struct mca_image_set){header.sizes[0], header.sizes[1], header.sizes[2], pixels, NULL};
    return MCA_OK;
}

enum mca_status mca_idx_read_labels(const char *path, uint8_t **labels, uint32_t *count,
                                    struct mca_error *error) {
    struct header header;
    MCA_TRY(read_idx(path, MAGIC_LABELS, &header, labels, error));
    *count = header.sizes[0];
    return MCA_OK;
}

enum mca_status mca_idx_read_set(const char *images_path, const char *labels_path,
                                 struct mca_image_set *set, struct mca_error *error) {
    struct mca_image_set read = {0};
    uint32_t labels = 0;
    MCA_TRY(mca_idx_read_images(images_path, &read, error));
    enum mca_status status = mca_idx_read_labels(labels_path, &read.labels, &labels, error);
    if (status == MCA_OK && labels != read.count) {
        status = mca_fail(error, MCA_INVALID,
                          "%s: %" PRIu32 " labels found, expected %" PRIu32 ", the images of %s",
                          labels_path, labels, read.count, images_path);
    }
    if (status != MCA_OK) {
        mca_image_set_deinit(&read);
        return status;
    }
    *set = read;
    return MCA_OK;
}
