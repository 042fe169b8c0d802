// mcasim-sc: a scenario on the SystemC model of the chip.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <systemc>

#include "base/json_memory.h"
#include "base/version.h"
#include "guard.hpp"
#include "mca_chip.hpp"
#include "platform.hpp"
#include "reports/run/reporter.h"
#include "run/common_options.h"
#include "run/job.h"
#include "run/progress.h"
#include "run/simulation.h"

namespace {

struct options {
    mca_run_job job;
    const char *vcd;
    uint64_t quantum_ps;
    uint64_t images;
    int unit; // of UNITS
    const char *rtl;
    const char *top;
    int compares;
};

const mca::unit_kind UNITS[] = {mca::unit_kind::model, mca::unit_kind::rtl};

#define AT(member) (options, member)

const mca_option OPTIONS[] = {
    MCA_OPTION_OUTPUT(AT(job.output), "DIR", "runs/NAME-SEED", "directory of the results"),
    MCA_CHOICE("dpu", 0, "model|rtl", AT(unit), "model", "what the digital unit is"),
    MCA_TEXT(
        "rtl", 0, "DIR|FILE.f", AT(rtl), nullptr,
        "Verilog in place of the RTL that comes with mcasim, with --dpu rtl: a folder of it, or "
        "a list of files as verilator -F reads it"),
    MCA_TEXT("top", 0, "NAME", AT(top), "dpu", "its module with the digital unit's ports"),
    MCA_NUMBER("images", 0, "N", AT(images), 1, 1000000000, nullptr,
               "train on the first N images once, instead of as the scenario says; with --compare, "
               "on those of further epochs where N is more"),
    MCA_NUMBER("quantum", 0, "TIME", AT(quantum_ps), 0, 1000000000000000, "0",
               "how far modules run ahead of simulated time, in picoseconds"),
    MCA_TEXT("vcd", 0, "FILE", AT(vcd), nullptr,
             "waveform of the modules' signals, and FILE.gtkw, a view for GTKWave"),
    MCA_FLAG("compare", 0, AT(compares),
             "instead of a run: the C timeline against this model, image by image, as a row of a "
             "table (docs/guide/systemc.md)"),
    MCA_OPTION_SET_ANY(AT(job.scenario.sets)),
    MCA_OPTION_SEED(AT(job.scenario.seed)),
    MCA_OPTION_DATA(AT(job.data)),
    MCA_OPTION_THREADS(AT(job.threads)),
    MCA_OPTION_FORCE(AT(job.force), "replace the finished run in DIR"),
    MCA_OPTION_QUIET(AT(job.quiet)),
};

// A waveform among a run's results would go with what the run replaces or renames.
mca_status check_waveform(const options &o, const char *command, mca_error *error) {
    if (o.vcd && !o.vcd[0]) {
        return mca_usage_error(error, command, "--vcd: a file name is needed");
    }
    const std::filesystem::path parent = std::filesystem::path(o.vcd ? o.vcd : "").parent_path();
    if (parent.empty() || !o.job.output) {
        return MCA_OK;
    }
    for (const char *suffix : {"", ".partial"}) {
        const std::string directory = std::string(o.job.output) + suffix;
        std::error_code missing;
        if (parent == directory || std::filesystem::equivalent(parent, directory, missing)) {
            return mca_usage_error(error, command, "--vcd: %.200s is inside the run's directory",
                                   o.vcd);
        }
    }
    return MCA_OK;
}

// Puts the chip of a run into a platform.
struct connection {
    const mca::platform_options options;
    const char *scenario;
    const bool is_quiet;
    std::unique_ptr<mca::platform> made;

    static mca_status connect(void *user, ::mca_chip *chip, const mca_train_engine **engine,
                              mca_error *error) {
        auto &self = *static_cast<connection *>(user);
        mca_progress_bar progress; // for notices of the unit's build
        mca_progress_init(&progress, self.is_quiet);
        const mca_observer observer = mca_progress_observer(&progress);
        MCA_TRY(
            mca::platform::create(self.made, chip, self.options, self.scenario, &observer, error));
        *engine = self.made->engine();
        return MCA_OK;
    }

    static mca_status disconnect(void *user, mca_error *error) {
        auto &self = *static_cast<connection *>(user);
        return mca::guarded(error, [&] { return self.made->close(error); });
    }
};

mca_status train(options &o, const mca_arguments &given, mca_error *error) {
    mca_run_job &job = o.job;
    MCA_TRY(check_waveform(o, given.command, error));
    if ((o.rtl || o.top) && UNITS[o.unit] != mca::unit_kind::rtl) {
        return mca_usage_error(error, given.command, "--rtl and --top need --dpu rtl");
    }
    const mca::platform_options platform = {
        UNITS[o.unit], {o.rtl ? o.rtl : "", o.top ? o.top : ""}, o.quantum_ps, o.vcd};
    job.reporter = &mca_run_reports;
    job.threads = job.threads ? job.threads : mca_default_threads();
    job.scenario.path = given.texts[0];
    if (o.compares) {
        return mca::compare(job, platform, o.images, error);
    }
    const std::string images = "train.images=" + std::to_string(o.images);
    std::vector<const char *> sets(job.scenario.sets.texts,
                                   job.scenario.sets.texts + job.scenario.sets.count);
    if (o.images > 0) {
        sets.insert(sets.end(), {images.c_str(), "train.epochs=1"});
    }
    mca_run_job own = job;
    own.scenario.sets = {sets.data(), sets.size()};
    connection to{platform, job.scenario.path, job.quiet != 0, nullptr};
    const mca_run_host host = {&to, connection::connect, connection::disconnect};
    const mca_status status = mca_perform_run(&own, &host, error);
    if (mca::is_left_midway(status)) {
        (void)to.made.release();
    }
    return status;
}

// No exception goes through the C that calls this.
mca_status run(const mca_arguments *given, mca_error *error) {
    return mca::guarded(
        error, [&] { return train(*static_cast<options *>(given->options), *given, error); });
}

void put_version(FILE *out) {
    (void)std::fprintf(out, "mcasim-sc %s (%s), %s\n", mca_version(), mca_commit(),
                       sc_core::sc_version());
}

mca_command command() {
    mca_command c{};
    c.name = "mcasim-sc";
    c.arguments = "SCENARIO";
    c.summary = "train a scenario's chip on its SystemC model";
    c.about = "Trains the scenario's network on the SystemC model of its chip, and writes the same "
              "directory of results as 'mcasim run'. The digital unit is the C model or the "
              "Verilated RTL.";
    c.exit_status = "0 done; 1 the run failed, or --compare found other values; 2 wrong usage, bad "
                    "content, or a scenario or Verilog that does not fit; 3 the operating system "
                    "refused a file, or there is no Verilator or C++ compiler; 130 or 143 "
                    "interrupted.";
    c.options = OPTIONS;
    c.option_count = sizeof OPTIONS / sizeof OPTIONS[0];
    c.options_size = sizeof(options);
    c.shown = "output dpu images vcd";
    c.least = c.most = 1;
    c.too_few = "a scenario file is needed, or a name of 'mcasim scenarios'";
    c.too_many = "only one scenario is allowed";
    c.hint = mca_option_as_key;
    c.put_version = put_version;
    c.run = run;
    return c;
}

// Whether SystemC has called sc_main, which tells of every failure by itself.
bool is_entered = false;

} // namespace

int sc_main(int argc, char **argv) {
    is_entered = true;
    static char name[] = "mcasim-sc";
    argv[0] = name;
    mca_error error = {""};
    const mca_command itself = command();
    mca_status status = mca_command_run(&itself, argc, argv, &error);
    errno = 0;
    if ((std::fflush(stdout) != 0 || std::ferror(stdout)) && status == MCA_OK) {
        status = mca_fail_errno(&error, "cannot write to standard output");
    }
    if (status != MCA_OK) {
        (void)std::fprintf(stderr, "%s\n", error.message);
    }
    if (mca::is_left_midway(status)) { // SystemC's own destructors do not stand that either
        std::_Exit(static_cast<int>(status));
    }
    return static_cast<int>(status);
}

int main(int argc, char **argv) {
    for (int fd = 0; fd <= 2; ++fd) { // a closed stream must not become the descriptor of a file
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        }
    }
    // a file at its size limit is an error to report, not an end without a word
    (void)std::signal(SIGXFSZ, SIG_IGN);
    if (setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0) != 0) {
        (void)std::fputs("out of memory: environment\n", stderr);
        return MCA_FAILED;
    }
    mca_json_use_reserve();
    int status = MCA_FAILED;
    try {
        status = sc_core::sc_elab_and_sim(argc, argv);
    } catch (const std::bad_alloc &) { // of SystemC's copies of the arguments
    }
    if (!is_entered) {
        (void)std::fputs("out of memory: SystemC\n", stderr);
    }
    return status;
}
