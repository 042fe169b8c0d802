# shellcheck shell=sh
# For shell tests of what this machine may lack. Such a test is reported as not run, with the reason (tools/not-run prints it
# below the results). What can be installed has to run where CI=true, so there the test fails; what the system, the processor or
# the user's rights refuse is reported there too.
not_run() { # REASON...
    echo "not run: $*"
    [ "${CI:-}" != true ] || exit 1
    exit 77
}

refused_here() { # REASON...
    echo "not run: $*"
    exit 77
}

# Where the rest of the test runs all the same.
not_run_in_part() { # REASON...
    echo "not run: in part: $*"
    [ "${CI:-}" != true ] || exit 1
}

refused_in_part() { # REASON...
    echo "not run: in part: $*"
}

# need PROGRAM HOW-TO-GET-IT...
need() {
    needed=$1
    shift
    PATH=$PATH:/usr/sbin command -v "$needed" >/dev/null || not_run "no $needed; $*"
}

can_trace() {
    strace -qq -o /dev/null true 2>/dev/null
}
