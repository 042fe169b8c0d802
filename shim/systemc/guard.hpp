// Faults of SystemC and of the C++ library as errors of the C core, which calls and is called.
#ifndef MCA_SHIM_SYSTEMC_GUARD_HPP
#define MCA_SHIM_SYSTEMC_GUARD_HPP

#include <cstring>
#include <exception>
#include <new>

#include <systemc>

#include "base/status.h"

namespace mca {

// What `work` returns, or MCA_FAILED with the message of what it throws.
template <typename Work> mca_status guarded(mca_error *error, Work work) {
    try {
        return work();
    } catch (const std::bad_alloc &) {
        return mca_fail_memory(error, "system model");
    } catch (const sc_core::sc_report &report) { // a std::exception: first
        // what a process throws, the kernel reports by its text alone
        return std::strcmp(report.get_msg(), std::bad_alloc().what()) == 0
                   ? mca_fail_memory(error, "system model")
                   : mca_fail(error, MCA_FAILED, "%s", report.get_msg());
    } catch (const std::exception &exception) { // a thread
        return mca_fail(error, MCA_FAILED, "system model: %s", exception.what());
    }
}

} // namespace mca

#endif
