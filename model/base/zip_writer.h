/*
 * Zip archives of entries that are stored as they are, with a fixed date: the same content is the
 * same bytes. Entries are written as they come and take no memory. libzip, which reads archives, is
 * not used for it: it draws random numbers for a name and does not bear short memory then.
 */
#ifndef MCA_BASE_ZIP_WRITER_H
#define MCA_BASE_ZIP_WRITER_H

#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

enum { MCA_ZIP_ENTRIES_MAX = 64, MCA_ZIP_NAME_SIZE = 32 };

/* Bytes of an archive, all of it, that its 32-bit offsets can hold. */
#define MCA_ZIP_BYTES_MAX ((uint64_t)UINT32_MAX)

struct mca_zip_entry {
    char name[MCA_ZIP_NAME_SIZE];
    uint32_t offset;
    uint32_t bytes;
    uint32_t crc;
};

struct mca_zip_writer {
    const char *path; /* for messages; must outlive the writer */
    FILE *file;
    uint64_t bytes; /* written so far */
    uint32_t count;
    struct mca_zip_entry entries[MCA_ZIP_ENTRIES_MAX];
};

/* Creates the file, or empties it where it is. MCA_SYSTEM. */
enum mca_status mca_zip_writer_open(struct mca_zip_writer *zip, const char *path,
                                    struct mca_error *error);

/* Begins an entry; its bytes follow, until the next begins. */
void mca_zip_writer_begin(struct mca_zip_writer *zip, const char *name);
void mca_zip_writer_put(struct mca_zip_writer *zip, const void *bytes, size_t count);

/* Writes the directory and closes the file: MCA_SYSTEM when any write failed. */
enum mca_status mca_zip_writer_close(struct mca_zip_writer *zip, struct mca_error *error);

#endif
