# shellcheck shell=sh
# Common to the tests of the command line. The caller works in an empty directory of its own.
set -u
: "${MCASIM:?the program}" "${SOURCE_DIR:?the source tree}"
cli_state=$(mktemp -d)
trap 'rm -rf "$cli_state"' EXIT
mkdir "$cli_state/work"
cd "$cli_state/work" || exit 1
unset MNIST_DIR FASHION_MNIST_DIR CIFAR10_DIR MCA_COMPONENTS_DIR MCA_DATA_DIR
cli_failures=0

fail() {
    echo "FAIL: $*"
    cli_failures=$((cli_failures + 1))
}

finish() {
    [ "$cli_failures" -eq 0 ] || exit 1
    exit 0
}

# A finished run whose files were edited gets the checksums that they have now.
seal() {
    "${BUILD_DIR:?}/bin/mca_run_files" seal "$1" || fail "seal $1"
}

listing() {
    find . -exec ls -dln {} + | awk '{ print $1, $5, $NF }' | sort -k 3
}

# Runs a command: status in $status, streams in $cli_state/out and err.
capture() {
    "$@" >"$cli_state/out" 2>"$cli_state/err" </dev/null
    status=$?
}

# refuses STATUS LINE COMMAND...: that exit status, that one line on stderr (a pattern of `case`),
# nothing on stdout, and the directory as it was before.
refuses() {
    wanted_status=$1
    wanted_line=$2
    shift 2
    listing >"$cli_state/before"
    capture "$@"
    listing >"$cli_state/after"
    [ "$status" -eq "$wanted_status" ] || fail "$*: exit status $status, expected $wanted_status"
    [ "$(wc -l <"$cli_state/err")" -eq 1 ] || fail "$*: not one line: $(cat "$cli_state/err")"
    line=$(cat "$cli_state/err")
    # shellcheck disable=SC2254
    case $line in
    $wanted_line) ;;
    *) fail "$*: '$line', expected '$wanted_line'" ;;
    esac
    [ ! -s "$cli_state/out" ] || fail "$*: text on stdout"
    cmp -s "$cli_state/before" "$cli_state/after" || fail "$*: left something behind"
}

# A network and data that train in a moment.
write_small_scenario() {
    cat >"$1" <<END
network: {layers: [784, 10]}
dataset: {name: synthetic-digits, synthetic_train: 200, synthetic_test: 100}
train: {epochs: 2}
END
}

# One that trains in a few milliseconds.
write_tiny_scenario() {
    cat >"$1" <<END
network: {layers: [784, 10]}
dataset: {name: synthetic-digits, synthetic_train: 40, synthetic_test: 20}
train: {epochs: 1}
refresh: {every_images: 0}
END
}
