#include "base/observer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/status.h"

void mca_observer_tell(const struct mca_observer *observer, const char *format, ...) {
    char line[MCA_PATH_SIZE + MCA_ERROR_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    mca_observer_notice(observer, line);
}

int mca_stop_flag(void *user) {
    return *(volatile int *)user;
}
