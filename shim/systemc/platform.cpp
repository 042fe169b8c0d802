#include "platform.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <new>
#include <sstream>

#include <sys/stat.h>

#include <tlm>

#include "context.hpp"
#include "guard.hpp"

namespace mca {

namespace {

// SystemC allocates where no exception may leave, while its modules are destroyed, and where it
// loses one, in the streams with which it writes a waveform. When memory is short, what is set
// aside here is given back first: the run is told afterwards, and has room to end in order.
std::unique_ptr<char[]> reserve;
constexpr size_t RESERVE_BYTES = 1 << 20;

void give_reserve() {
    if (!reserve) {
        throw std::bad_alloc();
    }
    reserve.reset();
}

} // namespace

mca_status check_memory(mca_error *error) {
    return reserve ? MCA_OK : mca_fail_memory(error, "system model");
}

platform::platform(::mca_chip *model, const platform_options &options, ::mca_dpu_rtl *made)
    : options_(options), irq_("irq"), chip_("chip", model, options.unit, made), host_("host") {
    host_.bus.bind(chip_.host);
    host_.irq(irq_);
    chip_.irq(irq_);
}

platform::~platform() {
    if (waveform_) { // the run was stopped or failed, and says so: what there is can be looked at
        sc_core::sc_close_vcd_trace_file(waveform_);
        try {
            mca_error ignored;
            (void)write_view(&ignored);
        } catch (const std::exception &) { // no memory: the view stays as it was opened
        }
    }
}

mca_status platform::create(std::unique_ptr<platform> &made, ::mca_chip *model,
                            const platform_options &options, const char *scenario,
                            const mca_observer *observer, mca_error *error) {
    mca_error reason;
    if (check_chip(model, options.unit, &reason) != MCA_OK) {
        return mca_fail(error, MCA_INVALID, "%s: %s", scenario, reason.message);
    }
    rtl_handle rtl;
    MCA_TRY(open_unit(rtl, model, options.unit, options.rtl, observer, error));
    return guarded(error, [&] {
        tlm::tlm_global_quantum::instance().set(sc_core::sc_time::from_value(options.quantum_ps));
        reserve.reset(new char[RESERVE_BYTES]);
        std::set_new_handler(give_reserve);
        made.reset(new platform(model, options, rtl.release()));
        MCA_TRY(options.vcd ? made->open_waveform(error) : MCA_OK);
        return check_memory(error);
    });
}

mca_status platform::open_waveform(mca_error *error) {
    // SystemC appends .vcd and tells of no failure
    std::string base = options_.vcd;
    const std::string suffix = ".vcd";
    if (base.size() > suffix.size() &&
        base.compare(base.size() - suffix.size(), suffix.size(), suffix) == 0) {
        base.resize(base.size() - suffix.size());
    }
    const std::string path = base + suffix;
    // the header is read back: a device may have no end
    struct stat info;
    if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
        return mca_fail(error, MCA_INVALID, "--vcd: %s is no plain file", path.c_str());
    }
    std::FILE *file = std::fopen(path.c_str(), "w");
    if (!file) {
        return mca_fail_errno(error, "%s", path.c_str());
    }
    (void)std::fclose(file);
    vcd_path_ = path;
    MCA_TRY(write_view(error)); // without signals yet: even a killed run leaves one that opens
    waveform_ = sc_core::sc_create_vcd_trace_file(base.c_str());
    sc_core::sc_report_handler::set_actions("tracing timescale unit set", sc_core::SC_DO_NOTHING);
    waveform_->set_time_unit(1, sc_core::SC_PS);
    sc_core::sc_trace(waveform_, irq_, "irq");
    chip_.trace(waveform_);
    return MCA_OK;
}

mca_status platform::close(mca_error *error) {
    if (!waveform_) {
        return MCA_OK;
    }
    sc_core::sc_close_vcd_trace_file(waveform_);
    waveform_ = nullptr;
    MCA_TRY(check_memory(error));
    // SystemC does not look whether its writes succeed: a full disk refuses this one too
    std::FILE *file = std::fopen(vcd_path_.c_str(), "a");
    const bool whole = file && std::fputs("$comment end of the simulation $end\n", file) >= 0;
    if (!file || std::fclose(file) != 0 || !whole) {
        return mca_fail_errno(error, "cannot write %s", vcd_path_.c_str());
    }
    return write_view(error);
}

// All signals of the waveform as GTKWave shows them, by its header. A stream that is not told to
// throw takes short memory for a fault of its file.
mca_status platform::write_view(mca_error *error) const try {
    errno = 0;
    std::ifstream vcd(vcd_path_);
    const std::string path = vcd_path_ + ".gtkw";
    std::ofstream view(path);
    vcd.exceptions(std::ios::badbit);
    view.exceptions(std::ios::badbit);
    view << "[dumpfile] \"" << vcd_path_ << "\"\n[timestart] 0\n[size] 1600 900\n"
         << "[signals_width] 300\n";
    std::string scope;
    std::string line;
    while (std::getline(vcd, line) && line.find("$enddefinitions") == std::string::npos) {
        std::istringstream words(line);
        words.exceptions(std::ios::badbit);
        std::string word, type, width, code, name, range;
        words >> word;
        if (word == "$scope" && words >> type >> name) {
            scope += name + ".";
        } else if (word == "$upscope" && !scope.empty()) {
            scope.resize(scope.size() - 1);
            scope.resize(scope.rfind('.') + 1);
        } else if (word == "$var" && words >> type >> width >> code >> name >> range) {
            const std::string full = scope + name + (range == "$end" ? "" : range);
            const std::string prefix = "SystemC.";
            view << (width == "1" ? "@28\n" : "@24\n") << "+{"
                 << full.substr(full.find(prefix) == 0 ? prefix.size() : 0) << "} " << full << "\n";
        }
    }
    view.close();
    errno = errno != 0 ? errno : EIO;
    return view && vcd.is_open() ? MCA_OK : mca_fail_errno(error, "cannot write %s", path.c_str());
} catch (const std::ios_base::failure &) {
    errno = errno != 0 ? errno : EIO;
    return mca_fail_errno(error, "cannot write %s.gtkw", vcd_path_.c_str());
}

} // namespace mca
