/*
 * Files that a power cut must not take: what was written is on the disk before its name leads to
 * it, and a name is on the disk when its directory is. File systems that cannot sync (EINVAL,
 * ENOTSUP) are taken as they are.
 */
#ifndef MCA_BASE_DURABLE_FILE_H
#define MCA_BASE_DURABLE_FILE_H

#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Syncs the file or directory at `path`, which must be no symbolic link. MCA_SYSTEM. */
enum mca_status mca_sync_path(const char *path, struct mca_error *error);

/* Syncs the directory in which `path` stands. MCA_SYSTEM. */
enum mca_status mca_sync_parent(const char *path, struct mca_error *error);

/* Syncs all files and directories below the directory `path`, and then itself. MCA_SYSTEM, also
 * where a directory cannot be listed; MCA_FAILED for memory. */
enum mca_status mca_sync_tree(const char *path, struct mca_error *error);

/* Gives the whole file `from` the name `to`, in one step: whoever looks, and whatever is cut off,
 * finds what was there before or all of the new. On failure `from` stays. MCA_SYSTEM. */
enum mca_status mca_replace_file(const char *from, const char *to, struct mca_error *error);

/* Exchanges the names of two files or directories in one step. Returns 0, or -1 with errno, as
 * where the file system cannot. */
int mca_exchange_names(const char *a, const char *b);

#ifdef __cplusplus
}
#endif

#endif
