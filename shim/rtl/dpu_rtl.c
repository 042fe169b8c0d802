#include "shim/rtl/dpu_rtl.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shim/rtl/unit_cache.h"

struct mca_dpu_rtl {
    void *library;
    const struct mca_dpu_unit *unit;
    struct mca_dpu_unit_instance *instance;
};

/* What the loader says, and whether it is memory that it lacks: its words do not always tell. */
static enum mca_status fail_to_load(const char *path, int number, struct mca_error *error) {
    const char *said = dlerror();
    const int is_memory = !said || number == ENOMEM || strstr(said, "annot allocate") ||
                          strstr(said, "cannot create shared object descriptor") ||
                          strstr(said, "out of memory");
    return is_memory ? mca_fail_memory(error, "digital unit")
                     : mca_fail(error, MCA_SYSTEM, "%s: %s", path, said);
}

static int is_as_known(const struct mca_dpu_unit *unit) {
    return unit->abi == MCA_DPU_UNIT_ABI && unit->unit_size == sizeof *unit &&
           unit->set_size == sizeof(struct mca_dpu_rtl_set) &&
           unit->in_size == sizeof(struct mca_dpu_rtl_in) &&
           unit->out_size == sizeof(struct mca_dpu_rtl_out) &&
           unit->command_size == sizeof(struct mca_dpu_rtl_command) &&
           unit->note_size == sizeof(struct mca_dpu_rtl_note);
}

static enum mca_status load(struct mca_dpu_rtl *rtl, const char *path, struct mca_error *error) {
    errno = 0;
    rtl->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!rtl->library) {
        return fail_to_load(path, errno, error);
    }
    mca_dpu_unit_function *get;
    *(void **)(&get) = dlsym(rtl->library, "mca_dpu_unit_get");
    if (!get) {
        return fail_to_load(path, errno, error);
    }
    rtl->unit = get();
    if (!is_as_known(rtl->unit)) {
        return mca_fail(error, MCA_INVALID,
                        "%s: its interface is another one (version %u, version %d is needed)", path,
                        rtl->unit->abi, MCA_DPU_UNIT_ABI);
    }
    rtl->instance = rtl->unit->create();
    return rtl->instance ? MCA_OK : mca_fail_memory(error, "digital unit");
}

enum mca_status mca_dpu_rtl_create(struct mca_dpu_rtl **out,
                                   const struct mca_dpu_rtl_wanted *wanted,
                                   const struct mca_observer *observer, struct mca_error *error) {
    struct mca__dpu_unit_object object;
    MCA_TRY(mca__dpu_unit_find(&object, wanted, observer, error));
    struct mca_dpu_rtl *rtl = calloc(1, sizeof *rtl);
    const enum mca_status status =
        rtl ? load(rtl, object.path, error) : mca_fail_memory(error, "digital unit");
    mca__dpu_unit_release(&object);
    if (status != MCA_OK) {
        mca_dpu_rtl_destroy(rtl);
        return status;
    }
    *out = rtl;
    return MCA_OK;
}

void mca_dpu_rtl_destroy(struct mca_dpu_rtl *rtl) {
    if (!rtl) {
        return;
    }
    if (rtl->instance) {
        rtl->unit->destroy(rtl->instance);
    }
    if (rtl->library) {
        (void)dlclose(rtl->library);
    }
    free(rtl);
}

const struct mca_dpu_rtl_set *mca_dpu_rtl_set_of(const struct mca_dpu_rtl *rtl) {
    return &rtl->unit->set;
}

const char *mca_dpu_rtl_trace_lacks(const struct mca_dpu_rtl *rtl) {
    return rtl->unit->trace_lacks;
}

void mca_dpu_rtl_reset(struct mca_dpu_rtl *rtl) {
    const struct mca_dpu_rtl_in in = {.reset = 1};
    struct mca_dpu_rtl_out out;
    for (int cycle = 0; cycle < 2; ++cycle) {
        mca_dpu_rtl_step(rtl, &in, &out);
    }
}

int mca_dpu_rtl_trace(struct mca_dpu_rtl *rtl, const char *path, uint64_t clock_hz) {
    return rtl->unit->trace(rtl->instance, path, clock_hz);
}

int mca_dpu_rtl_trace_error(struct mca_dpu_rtl *rtl) {
    return rtl->unit->trace_error(rtl->instance);
}

uint64_t mca_dpu_rtl_note(struct mca_dpu_rtl *rtl, const struct mca_dpu_rtl_note *note) {
    return rtl->unit->note(rtl->instance, note);
}

void mca_dpu_rtl_step(struct mca_dpu_rtl *rtl, const struct mca_dpu_rtl_in *in,
                      struct mca_dpu_rtl_out *out) {
    rtl->unit->step(rtl->instance, in, out);
}

struct mca_dpu_rtl_command mca_dpu_rtl_command_of(const struct mca_dpu_rtl *rtl, uint32_t tile) {
    return rtl->unit->command_of(rtl->instance, tile);
}
