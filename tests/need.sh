# shellcheck shell=sh
# For shell tests of what this machine may lack. Such a test is reported as not run, with the reason (tools/not-run prints it
# below the results); with CI=true it fails: there everything has to run.
not_run() { # REASON...
    echo "not run: $*"
    [ "${CI:-}" != true ] || exit 1
    exit 77
}

# need PROGRAM HOW-TO-GET-IT...
need() {
    needed=$1
    shift
    PATH=$PATH:/usr/sbin command -v "$needed" >/dev/null || not_run "no $needed; $*"
}
