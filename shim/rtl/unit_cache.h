/*
 * Units that were built, kept for the next time: $XDG_CACHE_HOME/mcasim (by default
 * ~/.cache/mcasim) holds KEY.so for each, its own checksum behind it. Whoever wants a unit that is
 * not there builds it beside and renames it when it is whole, holding KEY.lock meanwhile so that
 * others wait for it. Nothing there is needed: it can be removed at any time.
 */
#ifndef MCA_SHIM_RTL_UNIT_CACHE_H
#define MCA_SHIM_RTL_UNIT_CACHE_H

#include "base/observer.h"
#include "base/status.h"
#include "shim/rtl/dpu_wanted.h"

/* A shared object to load. */
struct mca__dpu_unit_object {
    char path[MCA_PATH_SIZE + 64];
    char temporary[MCA_PATH_SIZE]; /* folder to remove once it is loaded, or empty */
};

/* The wanted unit's object, built if need be. Where the cache cannot be written, for this program
 * alone, and the observer hears so. Errors as mca_dpu_rtl_create. */
enum mca_status mca__dpu_unit_find(struct mca__dpu_unit_object *object,
                                   const struct mca_dpu_rtl_wanted *wanted,
                                   const struct mca_observer *observer, struct mca_error *error);

/* After the object was loaded, or could not be. */
void mca__dpu_unit_release(struct mca__dpu_unit_object *object);

#endif
