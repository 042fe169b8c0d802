#include "base/version.h"

const char *mca_version(void) {
    return MCA_VERSION;
}

int mca_interface(void) {
    return MCA_INTERFACE;
}

const char *mca_commit(void) {
    return MCA_COMMIT;
}
