// Faults of SystemC and of the C++ library as errors of the C core, which calls and is called.
#ifndef MCA_SHIM_SYSTEMC_GUARD_HPP
#define MCA_SHIM_SYSTEMC_GUARD_HPP

#include <cerrno>
#include <cstring>
#include <exception>
#include <new>

#include <sysc/tracing/sc_tracing_ids.h>
#include <systemc>

#include "base/status.h"

namespace mca {

// What `work` returns, or the message of what it throws: MCA_FAILED, and MCA_SYSTEM for a waveform
// that SystemC cannot open.
template <typename Work> mca_status guarded(mca_error *error, Work work) {
    try {
        return work();
    } catch (const std::bad_alloc &) {
        return mca_fail_memory(error, "system model");
    } catch (const sc_core::sc_report &report) { // a std::exception: first
        const int reason = errno;                // of the call that SystemC tells of, if it is one
        if (std::strcmp(report.get_msg_type(), sc_core::SC_ID_TRACING_FOPEN_FAILED_) == 0) {
            errno = reason != 0 ? reason : EIO;
            return mca_fail_errno(error, "%s", report.get_msg());
        }
        // what a process throws, the kernel reports by its text alone
        return std::strcmp(report.get_msg(), std::bad_alloc().what()) == 0
                   ? mca_fail_memory(error, "system model")
                   : mca_fail(error, MCA_FAILED, "%s", report.get_msg());
    } catch (const std::exception &exception) { // a thread
        return mca_fail(error, MCA_FAILED, "system model: %s", exception.what());
    }
}

// MCA_FAILED when memory has been short since the platform was made, even where SystemC did not
// tell.
mca_status check_memory(mca_error *error);

// Whether a platform that ended with `status` is half-made, or in the middle of a step, from which
// an exception took the kernel: not to be taken apart.
inline bool is_left_midway(mca_status status) {
    return status == MCA_FAILED || sc_core::sc_get_status() == sc_core::SC_RUNNING;
}

} // namespace mca

#endif
