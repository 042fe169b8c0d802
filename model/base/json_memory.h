/*
 * Memory for jansson, which does not survive where an allocation fails: while it reads and fills
 * objects it then uses what is not there (docs/reference/reproducibility.md).
 */
#ifndef MCA_BASE_JSON_MEMORY_H
#define MCA_BASE_JSON_MEMORY_H

#include "base/c_linkage.h"

MCA_C_BEGIN

/*
 * Gives jansson an allocator that takes from a reserve of 1 MiB where memory is short, so that the
 * text at work is read or written to its end; it is then refused as out of memory. A process whose
 * reserve is used up ends with one line on stderr and exit status 1. For main() of a program: it is
 * one setting for the whole process, so that the library does not make it by itself.
 */
void mca_json_use_reserve(void);

/* Frees what jansson made, a text of json_dumps for instance. NULL is fine. */
void mca_json_give_back(void *memory);

/* How often memory was short. Where the number grows, what was made meanwhile is refused. */
unsigned mca_json_shortages(void);

MCA_C_END

#endif
