// mcasim-sc: a scenario on the SystemC model of the chip.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <systemc>

#include "base/json_memory.h"
#include "base/options.h"
#include "compare.hpp"
#include "guard.hpp"
#include "mca_chip.hpp"
#include "platform.hpp"
#include "reports/run/reporter.h"
#include "run/job.h"
#include "run/simulation.h"

namespace {

const char HELP[] =
    "Usage: mcasim-sc SCENARIO.yaml [-o DIR] [--dpu model|rtl] [--images N] [--vcd FILE] "
    "[OPTION]...\n"
    "\n"
    "Trains the scenario's network on the SystemC model of its chip, and writes the same "
    "directory\n"
    "of results as 'mcasim run'. The digital unit is the C model or the Verilated RTL.\n"
    "\n"
    "Options:\n"
    "  -o, --output DIR          directory of the results; default: runs/NAME-SEED\n"
    "      --dpu model|rtl       what the digital unit is; default: model\n"
    "      --images N            train on the first N images once, instead of as the scenario "
    "says\n"
    "      --quantum TIME        how far modules run ahead of simulated time, in picoseconds;\n"
    "                            default: 0\n"
    "      --vcd FILE            waveform of the modules' signals, and FILE.gtkw, a view for "
    "GTKWave\n"
    "      --compare             instead of a run: the C timeline against this model, image by\n"
    "                            image, as a row of a table (docs/14-systemc.md)\n"
    "      --set KEY=VALUE       override a key; VALUE is YAML\n"
    "      --seed N              the same as --set seed=N\n"
    "      --data DIR            where the MNIST files are\n"
    "      --threads N           threads for testing, 1..256; default: the machine's cores\n"
    "      --force               replace the finished run in DIR\n"
    "      --quiet               neither progress nor notices nor a summary, only errors\n"
    "  -h, --help                print this help\n"
    "  -V, --version             print the version\n"
    "\n"
    "Exit status: 0 done; 1 the run failed, or --compare found other values; 2 wrong usage, bad\n"
    "content, or a scenario that no built RTL fits; 3 the operating system refused a file; 130 or\n"
    "143 interrupted.\n";

struct options {
    mca_run_job job{};
    std::vector<const char *> sets;
    std::vector<std::string> own_sets; // of --images
    mca::platform_options platform;
    uint64_t images = 0;
    bool compares = false;
    bool help = false;
    bool version = false;
};

mca_status parse_unit(const char *text, char **argv, mca::unit_kind *kind, mca_error *error) {
    if (std::strcmp(text, "model") == 0) {
        *kind = mca::unit_kind::model;
        return MCA_OK;
    }
    if (std::strcmp(text, "rtl") == 0) {
        *kind = mca::unit_kind::rtl;
        return MCA_OK;
    }
    return mca_usage_error(error, argv[0], "--dpu: '%.60s' is neither model nor rtl", text);
}

mca_status take_option(options &o, int found, char **argv, mca_error *error) {
    uint64_t number = 0;
    switch (found) {
    case 'o':
        o.job.output = optarg;
        return MCA_OK;
    case 'u':
        return parse_unit(optarg, argv, &o.platform.unit, error);
    case 'n':
        return mca_parse_number(error, argv[0], "--images", optarg, 1, 1000000000, &o.images);
    case 'Q':
        return mca_parse_number(error, argv[0], "--quantum", optarg, 0, 1000000000000000,
                                &o.platform.quantum_ps);
    case 'v':
        o.platform.vcd = optarg;
        return optarg[0] ? MCA_OK : mca_usage_error(error, argv[0], "--vcd: a file name is needed");
    case 'c':
        o.compares = true;
        return MCA_OK;
    case 's':
        o.sets.push_back(optarg);
        return MCA_OK;
    case 'S':
        o.job.scenario.seed = optarg;
        return MCA_OK;
    case 'd':
        o.job.data = optarg;
        return MCA_OK;
    case 't':
        MCA_TRY(mca_parse_number(error, argv[0], "--threads", optarg, 1, MCA_THREADS_MAX, &number));
        o.job.threads = static_cast<uint32_t>(number);
        return MCA_OK;
    case 'f':
        o.job.force = 1;
        return MCA_OK;
    case 'q':
        o.job.quiet = 1;
        return MCA_OK;
    case 'h':
        o.help = true;
        return MCA_OK;
    case 'V':
        o.version = true;
        return MCA_OK;
    default:
        return mca_option_error(error, argv, found);
    }
}

mca_status parse(int argc, char **argv, options &o, mca_error *error) {
    static const option OPTIONS[] = {{"output", required_argument, nullptr, 'o'},
                                     {"dpu", required_argument, nullptr, 'u'},
                                     {"images", required_argument, nullptr, 'n'},
                                     {"quantum", required_argument, nullptr, 'Q'},
                                     {"vcd", required_argument, nullptr, 'v'},
                                     {"compare", no_argument, nullptr, 'c'},
                                     {"set", required_argument, nullptr, 's'},
                                     {"seed", required_argument, nullptr, 'S'},
                                     {"data", required_argument, nullptr, 'd'},
                                     {"threads", required_argument, nullptr, 't'},
                                     {"force", no_argument, nullptr, 'f'},
                                     {"quiet", no_argument, nullptr, 'q'},
                                     {"help", no_argument, nullptr, 'h'},
                                     {"version", no_argument, nullptr, 'V'},
                                     {nullptr, 0, nullptr, 0}};
    int found = 0;
    opterr = 0;
    while (!o.help && !o.version &&
           (found = getopt_long(argc, argv, ":o:hV", OPTIONS, nullptr)) != -1) {
        MCA_TRY(take_option(o, found, argv, error));
    }
    if (o.help || o.version) {
        return MCA_OK;
    }
    if (argc - optind != 1) {
        return mca_usage_error(error, argv[0],
                               argc == optind ? "a scenario file is needed"
                                              : "only one scenario file is allowed");
    }
    o.job.scenario.path = argv[optind];
    if (o.images > 0 && !o.compares) {
        o.own_sets = {"train.images=" + std::to_string(o.images), "train.epochs=1"};
        for (const std::string &set : o.own_sets) {
            o.sets.push_back(set.c_str());
        }
    }
    o.job.scenario.sets = o.sets.data();
    o.job.scenario.set_count = o.sets.size();
    return MCA_OK;
}

// A waveform among a run's results would go with what the run replaces or renames.
mca_status check_waveform(const options &o, char **argv, mca_error *error) {
    const std::string path = o.platform.vcd ? o.platform.vcd : "";
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos || !o.job.output) {
        return MCA_OK;
    }
    const std::string parent = path.substr(0, slash ? slash : 1);
    char *const real = realpath(parent.c_str(), nullptr);
    const std::string inside = real ? real : parent;
    std::free(real);
    for (const std::string &directory :
         {std::string(o.job.output), std::string(o.job.output) + ".partial"}) {
        char *const there = realpath(directory.c_str(), nullptr);
        const bool same = (there && inside == there) || parent == directory;
        std::free(there);
        if (same) {
            return mca_usage_error(error, argv[0], "--vcd: %.200s is inside the run's directory",
                                   path.c_str());
        }
    }
    return MCA_OK;
}

// Puts the chip of a run into a platform.
struct connection {
    const options *from;
    std::unique_ptr<mca::platform> made;

    static mca_status connect(void *user, ::mca_chip *chip, const mca_train_engine **engine,
                              mca_error *error) {
        auto &self = *static_cast<connection *>(user);
        MCA_TRY(mca::platform::create(self.made, chip, self.from->platform,
                                      self.from->job.scenario.path, error));
        *engine = self.made->engine();
        return MCA_OK;
    }

    static mca_status disconnect(void *user, mca_error *error) {
        auto &self = *static_cast<connection *>(user);
        return mca::guarded(error, [&] { return self.made->close(error); });
    }
};

mca_status run(int argc, char **argv, mca_error *error) {
    options o;
    o.job.reporter = &mca_run_reports;
    o.job.threads = mca_default_threads();
    MCA_TRY(parse(argc, argv, o, error));
    if (o.help) {
        (void)std::fputs(HELP, stdout);
        return MCA_OK;
    }
    if (o.version) {
        (void)std::printf("mcasim-sc %s (%s), %s\n", MCA_VERSION, MCA_COMMIT,
                          sc_core::sc_version());
        return MCA_OK;
    }
    MCA_TRY(check_waveform(o, argv, error));
    if (o.compares) {
        return mca::compare(o.job, o.platform, o.images, error);
    }
    connection to{&o, nullptr};
    const mca_run_host host = {&to, connection::connect, connection::disconnect};
    const mca_status status = mca_perform_run(&o.job, &host, error);
    if (mca::is_left_midway(status)) {
        (void)to.made.release();
    }
    return status;
}

// Whether SystemC has called sc_main, which tells of every failure by itself.
bool is_entered = false;

} // namespace

int sc_main(int argc, char **argv) {
    is_entered = true;
    static char name[] = "mcasim-sc";
    argv[0] = name;
    mca_error error = {""};
    mca_status status = mca::guarded(&error, [&] { return run(argc, argv, &error); });
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
