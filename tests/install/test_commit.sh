#!/bin/sh
# The commit of a build is that of the source's own repository: of a clone its own, of a tree that was unpacked inside another
# repository none.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
commit_in() { # FOLDER: what McaCommit finds there
    mkdir -p "$1/tools"
    cp "$SOURCE_DIR/tools/cmake/McaCommit.cmake" "$1/tools/"
    printf 'set(PROJECT_SOURCE_DIR "%s")\ninclude(%s)\nmessage("[${MCA_COMMIT}]")\n' "$PWD/$1" "$PWD/$1/tools/McaCommit.cmake" >script.cmake
    cmake -P script.cmake 2>&1 | sed -n 's/^\[\(.*\)\]$/\1/p'
}
git init -q outer
git -C outer -c user.name=n -c user.email=e commit -q --allow-empty -m first
outer=$(git -C outer rev-parse --short=12 HEAD)
got=$(commit_in outer)
[ "$got" = "$outer" ] || { echo "FAIL: the repository itself: '$got', expected $outer"; exit 1; }
got=$(commit_in outer/unpacked)
[ "$got" = unknown ] || { echo "FAIL: inside another repository: '$got'"; exit 1; }
got=$(commit_in alone)
[ "$got" = unknown ] || { echo "FAIL: no repository: '$got'"; exit 1; }
