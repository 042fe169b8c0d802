/* The files that a unit is built from, as part of a hash: another byte makes another unit. */
#ifndef MCA_SHIM_RTL_UNIT_SOURCES_H
#define MCA_SHIM_RTL_UNIT_SOURCES_H

#include <xxhash.h>

#include "base/status.h"

/* A text with its end. */
void mca__dpu_unit_hash_text(XXH3_state_t *hash, const char *text);

/* A file's contents. MCA_SYSTEM when it cannot be read. */
enum mca_status mca__dpu_unit_hash_file(XXH3_state_t *hash, const char *path,
                                        struct mca_error *error);

/*
 * Verilog: of a folder the .v, .sv, .vh and .svh files in it; of a list (Verilator's -F) the list,
 * the files and lists that it names, and of the folders that it names (+incdir+, -I, -y) such
 * files. A file that these include from elsewhere is not seen.
 */
enum mca_status mca__dpu_unit_hash_rtl(XXH3_state_t *hash, const char *path,
                                       struct mca_error *error);

#endif
