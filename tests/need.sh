# shellcheck shell=sh
# For shell tests of what this machine may lack. Such a test is reported as not run, with the reason (tools/not-run prints it
# below the results); with CI=true it fails: there everything has to run.
not_run() { # REASON...
    echo "not run: $*"
    [ "${CI:-}" != true ] || exit 1
    exit 77
}

# Where the rest of the test runs all the same.
not_run_in_part() { # REASON...
    echo "not run: in part: $*"
    [ "${CI:-}" != true ] || exit 1
}

# need PROGRAM HOW-TO-GET-IT...
need() {
    needed=$1
    shift
    PATH=$PATH:/usr/sbin command -v "$needed" >/dev/null || not_run "no $needed; $*"
}

# Processes can be traced: strace is there, and the system lets it.
can_trace() {
    strace -qq -o /dev/null true 2>/dev/null
}
no_trace="no strace, or it may not trace here; tools/setup --tests installs it"
