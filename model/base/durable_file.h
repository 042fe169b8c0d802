/*
 * Files that a power cut must not take: what was written is on the disk before its name leads to
 * it, and a name is on the disk when its directory is. File systems that cannot sync (EINVAL,
 * ENOTSUP) are taken as they are.
 */
#ifndef MCA_BASE_DURABLE_FILE_H
#define MCA_BASE_DURABLE_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "base/status.h"

/* Syncs the file or directory at `path`, which must be no symbolic link. MCA_SYSTEM. */
enum mca_status mca_sync_path(const char *path, struct mca_error *error);

/* Syncs the directory in which `path` stands, so that the name is on the disk. One that may be
 * entered but not read cannot be opened, nor synced by itself: the whole file system is synced
 * then, which takes longer. MCA_SYSTEM. */
enum mca_status mca_sync_parent(const char *path, struct mca_error *error);

/* Syncs all files and directories below the directory `path`, and then itself. MCA_SYSTEM, also
 * where a directory cannot be listed; MCA_FAILED for memory. */
enum mca_status mca_sync_tree(const char *path, struct mca_error *error);

/* A name that no other process has, on this machine or another one, and that nobody can foretell.
 */
enum { MCA_UNIQUE_SIZE = 48 };
void mca_unique_name(char text[MCA_UNIQUE_SIZE]);

/*
 * A file that gets its name when it is whole: whoever looks, and whatever is cut off, finds what
 * was there before or all of the new. Until then it is .NAME.UNIQUE beside it, made anew: no link
 * is followed, and what stands there already is not touched. Every temporary file is one of these.
 */
enum { MCA_NEW_FILE_PATH_SIZE = 4480 };
struct mca_new_file {
    FILE *file;
    char path[MCA_NEW_FILE_PATH_SIZE];
    char temporary[MCA_NEW_FILE_PATH_SIZE];
};

/* Makes the temporary file, to be written through file->file. MCA_SYSTEM; nothing is open then. */
enum mca_status mca_new_file_open(struct mca_new_file *file, const char *path,
                                  struct mca_error *error);

/*
 * Ends it: syncs it, renames it to its path and syncs the directory. Where `written` is not MCA_OK,
 * it is removed and `written` returned, with `error` as it was; what failed in the stream itself is
 * told here (errno is that of the write). MCA_SYSTEM; what stood at the path is then as it was.
 */
enum mca_status mca_new_file_end(struct mca_new_file *file, enum mca_status written,
                                 struct mca_error *error);

/* Writes a whole file in one step. MCA_SYSTEM; what stood at the path is then as it was. */
enum mca_status mca_write_whole(const char *path, const char *text, size_t size,
                                struct mca_error *error);

/* Exchanges the names of two files or directories in one step. Returns 0, or -1 with errno, as
 * where the file system cannot. */
int mca_exchange_names(const char *a, const char *b);

#endif
