/* mcasim: dispatches to a subcommand, prints its error, and makes sure that output arrived. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json_memory.h"
#include "base/version.h"
#include "cli/command_list.h"

static enum mca_status dispatch(int argc, char **argv, struct mca_error *error) {
    if (argc < 2) {
        return mca_fail(error, MCA_INVALID, "mcasim: a command is needed; see 'mcasim --help'");
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        cli_put_help();
        return MCA_OK;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        (void)printf("mcasim %s (%s)\n", mca_version(), mca_commit());
        return MCA_OK;
    }
    const struct mca_command *command = cli_command_find(name);
    if (!command) {
        return cli_command_unknown("mcasim", name, error);
    }
    static char full[32];
    (void)snprintf(full, sizeof full, "mcasim %s", name);
    argv[1] = full;
    return mca_command_run(command, argc - 1, argv + 1, error);
}

/* A closed standard stream must not become the descriptor of a file of results. */
static void reserve_standard_streams(void) {
    for (int fd = 0; fd <= 2; ++fd) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        }
    }
}

/* Output that could not be written is a failure even if all else went well. Why it
 * failed some time ago is only known from trying again. */
static enum mca_status finish_stdout(enum mca_status status, struct mca_error *error) {
    errno = 0;
    const int failed = ferror(stdout);
    if (failed && write(STDOUT_FILENO, "\n", 1) == 1) {
        errno = 0;
    }
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
