/* SIGINT, SIGTERM and SIGHUP as a request that a long job asks for between images. */
#ifndef MCA_RUN_STOP_REQUEST_H
#define MCA_RUN_STOP_REQUEST_H

#include "base/c_linkage.h"
#include "base/status.h"

MCA_C_BEGIN

/* From now on the signals are noted instead of ending the program; another one, two seconds later,
 * ends it. */
void mca_stop_watch(void);

/* 0, or the mca_status to stop with. */
int mca_stop_requested(void);

/* Fails with it, "interrupted", where it is not 0. */
enum mca_status mca_stop_check(struct mca_error *error);

MCA_C_END

#endif
