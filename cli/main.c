/* mcasim: dispatches to a subcommand, prints its error, and makes sure that output arrived. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json_memory.h"
#include "cli/cli.h"

static const char HELP[] =
    "Usage: mcasim COMMAND [ARGUMENT]...\n"
    "\n"
    "Simulates a chip that trains a neural network in phase-change-memory crossbars with a\n"
    "digital unit beside them: accuracy, energy, latency, area and wear from one run.\n"
    "\n"
    "Commands:\n"
    "  run SCENARIO.yaml         train the scenario's chip and write its results\n"
    "  check SCENARIO.yaml       validate a scenario and print it in full\n"
    "  sweep SWEEP.yaml          run a scenario at many points, on many cores or machines\n"
    "  keys [PREFIX]             list the scenario keys\n"
    "  components [FILE]         list a component library with its sources\n"
    "  explain DIR [KEY]         formula, counts, constants and sources behind a figure of a run\n"
    "  report DIR                write the HTML page of a finished run again\n"
    "  compare DIR DIR...        finished runs side by side\n"
    "  price DIR                 price a finished run under another component library\n"
    "  bench                     speed on this machine, beside plain OpenBLAS\n"
    "  validate                  compare the model with published and measured figures\n"
    "  cosim SCENARIO.yaml       compare the C model with the RTL of the digital unit\n"
    "\n"
    "Options:\n"
    "  -h, --help                print this help; 'mcasim COMMAND --help' says more\n"
    "  -V, --version             print the version\n"
    "\n"
    "Exit status: 0 done; 1 the job failed; 2 wrong usage or bad content; 3 the operating system\n"
    "refused a file; 130 or 143 interrupted.\n";

static const struct {
    const char *name;
    cli_command_fn *function;
} COMMANDS[] = {{"run", cli_run},         {"check", cli_check},           {"sweep", cli_sweep},
                {"keys", cli_keys},       {"components", cli_components}, {"price", cli_price},
                {"explain", cli_explain}, {"report", cli_report},         {"compare", cli_compare},
                {"bench", cli_bench},     {"validate", cli_validate},     {"cosim", cli_cosim}};

static enum mca_status dispatch(int argc, char **argv, struct mca_error *error) {
    if (argc < 2) {
        return mca_fail(error, MCA_INVALID, "mcasim: a command is needed; see 'mcasim --help'");
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        (void)fputs(HELP, stdout);
        return MCA_OK;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        (void)printf("mcasim %s (%s)\n", MCA_VERSION, MCA_COMMIT);
        return MCA_OK;
    }
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; ++i) {
        if (strcmp(name, COMMANDS[i].name) == 0) {
            static char full[32];
            (void)snprintf(full, sizeof full, "mcasim %s", name);
            argv[1] = full;
            return COMMANDS[i].function(argc - 1, argv + 1, error);
        }
    }
    return mca_fail(error, MCA_INVALID, "mcasim: unknown %s '%.60s'; see 'mcasim --help'",
                    name[0] == '-' ? "option" : "command", name);
}

/* A closed standard stream must not become the descriptor of a file of results. */
static void reserve_standard_streams(void) {
    for (int fd = 0; fd <= 2; ++fd) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        }
    }
}

/* Output that could not be written is a failure even if all else went well. */
static enum mca_status finish_stdout(enum mca_status status, struct mca_error *error) {
    errno = 0;
    const int failed = ferror(stdout);
    if (fclose(stdout) != 0 || failed) {
        if (status == MCA_OK) {
            errno = errno ? errno : EIO;
            return mca_fail_errno(error, "cannot write to standard output");
        }
    }
    return status;
}

int main(int argc, char **argv) {
    struct mca_error error = {""};
    reserve_standard_streams();
    /* a file at its size limit is an error to report, not an end without a word */
    (void)signal(SIGXFSZ, SIG_IGN);
    mca_json_use_reserve();
    enum mca_status status = dispatch(argc, argv, &error);
    status = finish_stdout(status, &error);
    if (status != MCA_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
    }
    return (int)status;
}
