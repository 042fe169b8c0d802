/*
 * Files that come with the program and are called by their names: scenarios, sweeps, component
 * libraries and searches. NAME means NAME.yaml in the folder of its kind, where base/data_places.h
 * says; of component libraries the user's own folder, $MCA_COMPONENTS_DIR, is looked at before.
 */
#ifndef MCA_BASE_SHIPPED_H
#define MCA_BASE_SHIPPED_H

#include <stddef.h>

#include "base/data_places.h"
#include "base/status.h"

enum mca_shipped {
    MCA_SHIPPED_SCENARIO,
    MCA_SHIPPED_SWEEP,
    MCA_SHIPPED_LIBRARY,
    MCA_SHIPPED_SEARCH,
    MCA_SHIPPED_KINDS
};

/* The folders of a kind in the order of search; they need not exist. */
struct mca_shipped_folders {
    int count;
    char dirs[MCA_DATA_PLACES + 1][MCA_DATA_PLACE_SIZE + 32];
};
void mca_shipped_folders(enum mca_shipped kind, struct mca_shipped_folders *folders);

/* Path of the file of that name; MCA_SYSTEM, with the folders that were searched, where there is
 * none. */
enum mca_status mca_shipped_path(enum mca_shipped kind, const char *name, char *path, size_t size,
                                 struct mca_error *error);

/*
 * The file that `text` means where a path is asked for, on a command line (`beside` NULL) or in the
 * file `beside`, from whose folder it counts: that file if it is there and no folder, otherwise the
 * shipped one of that name, otherwise the path still. 0 where it does not fit into `size`.
 */
int mca_shipped_or_path(enum mca_shipped kind, const char *text, const char *beside, char *path,
                        size_t size);

/*
 * Puts behind the message of a `path` that does not exist what may have been meant: a file beside
 * it, or a shipped one. Nothing where it exists.
 */
void mca_shipped_suggest(enum mca_shipped kind, const char *path, struct mca_error *error);

/* Names, each once, in alphabetical order. */
struct mca_names {
    size_t count;
    char **names; /* [count] */
};

/* All shipped names of a kind; released with mca_names_deinit. Fails only for memory. */
enum mca_status mca_shipped_names(enum mca_shipped kind, struct mca_names *names,
                                  struct mca_error *error);
void mca_names_deinit(struct mca_names *names);

#endif
