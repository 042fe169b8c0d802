/* Which libmca a program has at hand: one that loads it while it runs asks before it calls it. */
#ifndef MCA_BASE_VERSION_H
#define MCA_BASE_VERSION_H

#include "base/c_linkage.h"

MCA_C_BEGIN

/* "0.2.0": major, minor, patch. */
const char *mca_version(void);

/* The number of the interface, as in libmca.so.1: it rises with a release that programs built with
 * an earlier one cannot run with. */
int mca_interface(void);

/* The commit that it was built from, or "unknown". */
const char *mca_commit(void);

MCA_C_END

#endif
