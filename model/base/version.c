#include "base/version.h"

const char *mca_version(void) {
    return MCA_VERSION;
}

const char *mca_commit(void) {
    return MCA_COMMIT;
}
