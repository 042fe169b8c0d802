/* Removing directories with what is in them. Symbolic links are removed, never followed. */
#ifndef MCA_BASE_REMOVE_TREE_H
#define MCA_BASE_REMOVE_TREE_H

/* Removes `path` and everything below. Returns 0, or -1 with errno for the first failure. */
int mca_remove_tree(const char *path);

/* The same for the entries of directory `path` but those named in `keep` (NULL at its end); the
 * directory stays. */
int mca_remove_entries(const char *path, const char *const *keep);

#endif
