/* Where the files installed beside the library are: scenarios, component libraries, RTL. */
#ifndef MCA_BASE_DATA_PLACES_H
#define MCA_BASE_DATA_PLACES_H

#include <stddef.h>

enum { MCA_DATA_PLACES = 4, MCA_DATA_PLACE_SIZE = 4096 };

struct mca_data_places {
    int count;
    char dirs[MCA_DATA_PLACES][MCA_DATA_PLACE_SIZE]; /* in the order of search, each once */
};

/*
 * The folders that may hold `scenarios/`, as an installation lays them out: $MCA_DATA_DIR, by which
 * a program tells a static library where that was installed, seen from the shared library where
 * there is one, seen from the running program, which may be Python's, and the prefix that the build
 * was configured with. An installed tree may so be moved as a whole, and of two installations each
 * finds its own. A build tree has the same layout, with links to the folders of its source. Folders
 * need not exist; those that do are given without links. A place too long for a path is left out.
 */
void mca_data_places(struct mca_data_places *places);

/* The folders as "A, B or C", each with `below` behind it, for messages; returns `text`. */
const char *mca_data_places_text(const struct mca_data_places *places, const char *below,
                                 char *text, size_t size);

#endif
