#!/bin/sh
# tools/get-mnist: usage, refused content, nothing left behind; with $MNIST_DIR holding the four .gz
# files, also a whole download (through file://). Needs no network.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
tool=$root/tools/get-mnist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
source_dir=${MNIST_DIR-}
case $source_dir in
'' | /*) ;;
*) source_dir=$(pwd)/$source_dir ;;
esac

names="train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz t10k-images-idx3-ubyte.gz
t10k-labels-idx1-ubyte.gz"

check() { # description command...
    what=$1
    shift
    if "$@"; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        failures=$((failures + 1))
    fi
}

# Runs the tool with a temporary directory of its own; leaves status, $work/out and $work/err.
run() {
    mkdir -p "$work/tmp"
    (cd "$work" && TMPDIR=$work/tmp "$tool" "$@") >"$work/out" 2>"$work/err"
    status=$?
}

no_temporaries() {
    [ -z "$(ls -A "$work/tmp")" ]
}

run --help
check "--help succeeds" [ "$status" -eq 0 ]
check "--help explains DIR" grep -q 'get-mnist \[DIR\]' "$work/out"
run --no-such-option
check "unknown option is usage" [ "$status" -eq 2 ]
check "the option is named" grep -q -- --no-such-option "$work/err"
run one two
check "two directories are usage" [ "$status" -eq 2 ]
run ''
check "an empty directory name is usage" [ "$status" -eq 2 ]

MNIST_URL=file://$work/nowhere
export MNIST_URL
run "$work/none"
check "an address without files is the system's refusal" [ "$status" -eq 3 ]
check "the file is named" grep -q train-images-idx3-ubyte.gz "$work/err"
check "no directory is left" [ ! -e "$work/none" ]
check "no temporaries are left" no_temporaries

mkdir "$work/false mirror"
for name in $names; do
    echo "not MNIST" | gzip -n >"$work/false mirror/$name"
done
MNIST_URL="file://$work/false mirror"
run "$work/refused"
check "a wrong sum is bad content" [ "$status" -eq 2 ]
check "the expected sum is named" grep -q 440fcabf73cc546f "$work/err"
check "no directory is left after a wrong sum" [ ! -e "$work/refused" ]
check "no temporaries are left after a wrong sum" no_temporaries

: >"$work/file"
if [ -z "$source_dir" ] || [ ! -f "$source_dir/train-images-idx3-ubyte.gz" ]; then
    . "$SOURCE_DIR/tests/need.sh"
    not_run_in_part "\$MNIST_DIR has no .gz files to download"
    [ "$failures" -eq 0 ]
    exit
fi

MNIST_URL=file://$source_dir
run "$work/whole set"
check "a whole download succeeds" [ "$status" -eq 0 ]
for name in $names; do
    check "$name is the original" cmp -s "$source_dir/$name" "$work/whole set/$name"
done
check "nothing else is there" [ "$(find "$work/whole set" -mindepth 1 | wc -l)" -eq 4 ]
run
check "the default directory is data/mnist" [ -f "$work/data/mnist/t10k-labels-idx1-ubyte.gz" ]

MNIST_URL=file://$work/nowhere
run "$work/whole set"
check "files that are there are not downloaded again" [ "$status" -eq 0 ]
echo damage >>"$work/whole set/t10k-labels-idx1-ubyte.gz"
run "$work/whole set"
check "a damaged file is not accepted" [ "$status" -eq 3 ]
MNIST_URL=file://$source_dir/
run "$work/whole set"
check "a damaged file is replaced" [ "$status" -eq 0 ]
check "by the original" cmp -s "$source_dir/t10k-labels-idx1-ubyte.gz" \
    "$work/whole set/t10k-labels-idx1-ubyte.gz"
run "$work/file/below"
check "a directory that cannot be made is the system's refusal" [ "$status" -eq 3 ]
check "no temporaries are left at the end" no_temporaries
[ "$failures" -eq 0 ]
