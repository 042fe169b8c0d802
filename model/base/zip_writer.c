#include "base/zip_writer.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "base/out_file.h"

/* PKWARE's APPNOTE.TXT, 4.3: sizes of headers without names, and where the CRC stands in a local
 * one. */
enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22, CRC_AT = 14, VERSION = 10 };

/* 1 January 1980, the first that a zip knows. */
enum { DOS_DATE = 1 << 5 | 1 };

static unsigned char *put_word(unsigned char *at, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        *at++ = (unsigned char)(value >> (8 * i));
    }
    return at;
}

static void write_bytes(struct mca_zip_writer *zip, const void *bytes, size_t count) {
    zip->bytes += fwrite(bytes, 1, count, zip->file); /* a failure is seen when it is closed */
}

/* What the local and the central header of an entry have in common. */
static unsigned char *put_entry(unsigned char *at, const struct mca_zip_entry *entry) {
    at = put_word(at, VERSION, 2); /* needed to read it */
    at = put_word(at, 0, 2);       /* flags */
    at = put_word(at, 0, 2);       /* stored */
    at = put_word(at, 0, 2);       /* time */
    at = put_word(at, DOS_DATE, 2);
    at = put_word(at, entry->crc, 4);
    at = put_word(at, entry->bytes, 4);
    at = put_word(at, entry->bytes, 4); /* uncompressed */
    at = put_word(at, (uint32_t)strlen(entry->name), 2);
    return put_word(at, 0, 2); /* extra */
}

enum mca_status mca_zip_writer_open(struct mca_zip_writer *zip, const char *path,
                                    struct mca_error *error) {
    *zip = (struct mca_zip_writer){.path = path, .file = fopen(path, "wb")};
    return zip->file ? MCA_OK : mca_fail_errno(error, "%s", path);
}

/* The header of the last entry, whose CRC and size are known now. */
static void end_entry(struct mca_zip_writer *zip) {
    if (zip->count == 0) {
        return;
    }
    struct mca_zip_entry *entry = &zip->entries[zip->count - 1];
    unsigned char words[12];
    entry->bytes = (uint32_t)(zip->bytes - entry->offset - LOCAL_SIZE - strlen(entry->name));
    unsigned char *at = put_word(words, entry->crc, 4);
    at = put_word(at, entry->bytes, 4);
    (void)put_word(at, entry->bytes, 4);
    if (fseek(zip->file, (long)entry->offset + CRC_AT, SEEK_SET) == 0) {
        (void)fwrite(words, 1, sizeof words, zip->file);
        (void)fseek(zip->file, 0, SEEK_END);
    }
}

void mca_zip_writer_begin(struct mca_zip_writer *zip, const char *name) {
    unsigned char header[LOCAL_SIZE];
    end_entry(zip);
    assert(zip->count < MCA_ZIP_ENTRIES_MAX && strlen(name) < MCA_ZIP_NAME_SIZE);
    struct mca_zip_entry *entry = &zip->entries[zip->count++];
    *entry =
        (struct mca_zip_entry){.offset = (uint32_t)zip->bytes, .crc = (uint32_t)crc32(0, NULL, 0)};
    memcpy(entry->name, name, strlen(name) + 1);
    (void)put_entry(put_word(header, 0x04034b50u, 4), entry);
    write_bytes(zip, header, sizeof header);
    write_bytes(zip, name, strlen(name));
}

void mca_zip_writer_put(struct mca_zip_writer *zip, const void *bytes, size_t count) {
    struct mca_zip_entry *entry = &zip->entries[zip->count - 1];
    entry->crc = (uint32_t)crc32(entry->crc, bytes, (uInt)count);
    write_bytes(zip, bytes, count);
}

static void write_directory(struct mca_zip_writer *zip) {
    const uint32_t start = (uint32_t)zip->bytes;
    for (uint32_t i = 0; i < zip->count; ++i) {
        const struct mca_zip_entry *entry = &zip->entries[i];
        unsigned char header[CENTRAL_SIZE] = {0}; /* no comment, disk or attributes */
        unsigned char *at = put_word(header, 0x02014b50u, 4);
        (void)put_entry(put_word(at, VERSION, 2), entry);
        (void)put_word(header + CENTRAL_SIZE - 4, entry->offset, 4);
        write_bytes(zip, header, sizeof header);
        write_bytes(zip, entry->name, strlen(entry->name));
    }
    unsigned char end[END_SIZE] = {0};
    (void)put_word(end, 0x06054b50u, 4);
    unsigned char *at = put_word(end + 8, zip->count, 2);
    at = put_word(at, zip->count, 2);
    at = put_word(at, (uint32_t)zip->bytes - start, 4);
    (void)put_word(at, start, 4);
    write_bytes(zip, end, sizeof end);
}

enum mca_status mca_zip_writer_close(struct mca_zip_writer *zip, struct mca_error *error) {
    end_entry(zip);
    write_directory(zip);
    return mca_close_written(zip->file, NULL) == 0 ? MCA_OK
                                                   : mca_fail_errno(error, "%s", zip->path);
}
