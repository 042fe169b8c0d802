#include "train/data_file.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_input.h"

enum {
    GZIP_FIRST_BYTE = 0x1f,    /* data files begin with other ones */
    GZIP_WINDOW_BITS = 15 + 16 /* zlib: the largest window, gzip framing */
};

void mca__data_file_close(struct mca_data_file *source) {
    if (source->is_gzip) {
        (void)inflateEnd(&source->stream);
    }
    if (source->file) {
        (void)fclose(source->file);
    }
}

/* Fills the buffer for inflate; leaves avail_in at 0 at the end of the file. */
static enum mca_status refill(struct mca_data_file *source, struct mca_error *error) {
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

enum mca_status mca__data_file_open(struct mca_data_file *source, const char *path,
                                    struct mca_error *error) {
    memset(source, 0, offsetof(struct mca_data_file, buffer));
    source->path = path;
    MCA_TRY(mca_open_regular(path, &source->file, error));
    struct stat status;
    const int is_known = fstat(fileno(source->file), &status) == 0;
    const int first = is_known ? fgetc(source->file) : EOF;
    if (!is_known || ferror(source->file)) {
        return mca_fail_errno(error, "%s", path);
    }
    source->file_bytes = (uint64_t)status.st_size;
    rewind(source->file);
    if (first != GZIP_FIRST_BYTE) {
        return MCA_OK;
    }
    if (inflateInit2(&source->stream, GZIP_WINDOW_BITS) != Z_OK) {
        return mca_fail_memory(error, "reading gzip");
    }
    source->is_gzip = 1;
    return MCA_OK;
}

enum mca_status mca__data_file_open_memory(struct mca_data_file *source, const char *path,
                                           const struct mca_memory_file *content,
                                           struct mca_error *error) {
    memset(source, 0, offsetof(struct mca_data_file, buffer));
    source->path = path;
    source->file_bytes = content->file_bytes;
    if (content->count == 0) { /* no stream has no bytes */
        return mca_fail(error, MCA_INVALID, "%s: truncated: the file is empty", path);
    }
    source->file = fmemopen(content->bytes, content->count, "rb");
    return source->file ? MCA_OK : mca_fail_errno(error, "%s", path);
}

/* At the end of a gzip member: another one, the end of the file, or what does not belong there. */
static enum mca_status next_member(struct mca_data_file *source, struct mca_error *error) {
    MCA_TRY(refill(source, error));
    if (source->stream.avail_in == 0) {
        source->ended = 1;
        return MCA_OK;
    }
    if (source->stream.next_in[0] != GZIP_FIRST_BYTE) {
        return mca_fail(error, MCA_INVALID,
                        "%s: trailing bytes after the gzip data, expected the end of the file",
                        source->path);
    }
    (void)inflateReset(&source->stream);
    return MCA_OK;
}

/* Decodes up to `want` bytes; fewer only at the end of the gzip data. */
static enum mca_status read_gzip(struct mca_data_file *source, uint8_t *out, uint64_t want,
                                 uint64_t *got, struct mca_error *error) {
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

enum mca_status mca__data_file_read(struct mca_data_file *source, uint8_t *out, uint64_t want,
                                    uint64_t *got, struct mca_error *error) {
    if (source->is_gzip) {
        return read_gzip(source, out, want, got, error);
    }
    *got = fread(out, 1, (size_t)want, source->file);
    return *got < want && ferror(source->file) ? mca_fail_errno(error, "%s", source->path) : MCA_OK;
}

enum mca_status mca__data_file_header(struct mca_data_file *source, const char *format,
                                      uint8_t *out, uint64_t count, struct mca_error *error) {
    uint64_t got;
    MCA_TRY(mca__data_file_read(source, out, count, &got, error));
    return got == count
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "%s: truncated: the %s header ends before its end",
                          source->path, format);
}
