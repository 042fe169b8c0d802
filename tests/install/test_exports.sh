#!/bin/sh
# What the libmca that other languages load exports: every function and datum that mca.h and its parts declare, as the compiler reads
# them, under the number of the interface, and nothing else.
set -eu
. "$SOURCE_DIR/tests/need.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=$(sed -n 's/^set(MCA_INTERFACE \([0-9]*\))$/\1/p' "$SOURCE_DIR/CMakeLists.txt")
library=$(find "$BUILD_DIR" -maxdepth 3 -name "libmca.so.$number")
[ -n "$library" ] || not_run "no libmca.so.$number in the build tree; MCA_BUILD_PYTHON=ON"
echo '#include <mca.h>' >"$work/all.c"
cc -std=c11 -I"$SOURCE_DIR/model" -I"$SOURCE_DIR" -aux-info "$work/functions" -fsyntax-only "$work/all.c"
# functions with a body are the program's own; names of data are the last word before the semicolon
grep -E '^/\* [^ ]*(model|reports)/' "$work/functions" | sed -n 's/.* extern .*[ *]\(mca_[a-z0-9_]*\) (.*/\1/p' >"$work/declared"
cc -std=c11 -I"$SOURCE_DIR/model" -I"$SOURCE_DIR" -E -P "$work/all.c" | tr ';' '\n' |
    sed -n 's/^ *extern [^(]*[ *]\(mca_[a-z0-9_]*\)\(\[.*\)*$/\1/p' >>"$work/declared"
sort -u "$work/declared" -o "$work/declared"
[ "$(wc -l <"$work/declared")" -gt 200 ] || { echo "FAIL: few declarations"; exit 1; }
nm -D --defined-only --with-symbol-versions "$library" | awk '{ print $3 }' | grep -v "^MCA_" >"$work/symbols"
if grep -v "@@MCA_$number\$" "$work/symbols"; then
    echo "FAIL: exported without the number of the interface"
    exit 1
fi
sed 's/@.*//' "$work/symbols" | sort >"$work/exported"
diff "$work/declared" "$work/exported" || { echo "FAIL: left what is declared and not exported, right what is exported and not declared"; exit 1; }
# it needs nothing that its user would have to bring, and a program of C links with it
cat >"$work/user.c" <<'END'
#include <mca.h>
#include <stdio.h>
int main(void) { return printf("%d", mca_interface()) < 0; }
END
cc -std=c11 -I"$SOURCE_DIR/model" -I"$SOURCE_DIR" -o "$work/user" "$work/user.c" "$library" "-Wl,-rpath,$(dirname "$library")"
[ "$("$work/user")" = "$number" ] || { echo "FAIL: interface $("$work/user")"; exit 1; }
