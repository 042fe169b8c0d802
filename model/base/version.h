/* Which libmca a program has at hand: one that loads it while it runs asks before it calls it. */
#ifndef MCA_BASE_VERSION_H
#define MCA_BASE_VERSION_H

#include "base/c_linkage.h"

MCA_C_BEGIN

/* "0.1.0": major, minor, patch. Before 1.0 the interface is that of the minor version, afterwards
 * that of the major one. */
const char *mca_version(void);

/* The commit that it was built from, or "unknown". */
const char *mca_commit(void);

MCA_C_END

#endif
