#!/bin/sh
# Dependencies run one way (docs/design/architecture.md): base <- device <- array, base <- {dpu, network}, {array, dpu, network} <- chip <- {cost, train} <- scenario
# <- run <- sweep <- search; reports read them; cli and shim stand on top. Every #include of every folder is checked: against what its
# folder may use, that it runs in no circle, and that a folder's state header is its own.
set -eu
cd "${SOURCE_DIR:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# "FILE INCLUDED" for every include of a file of the tree. Names are those of model/, of the tree, or of the file's own folder.
{ git ls-files model reports cli shim tests 2>/dev/null || find model reports cli shim tests -type f; } |
    grep -E '\.(c|h|cpp|hpp|inc|def|c\.in)$' >"$work/files"
xargs grep -HE '^ *# *include "' <"$work/files" | sed -E 's/^([^:]*):.*"(.*)".*/\1 \2/' |
    awk -v files="$work/files" 'BEGIN { while ((getline file < files) > 0) known[file] = 1
                                     known["shim/rtl/dpu_registers.h"] = 1 # the build writes them
                                     known["shim/systemc/mca_chip_registers.hpp"] = 1 }
        function found(name) { if (!is_found && name in known) { print $1, name; is_found = 1 } }
        { own = $1; sub("/[^/]*$", "", own)
          is_found = 0; found("model/" $2); found($2); found(own "/" $2); found("tests/" $2); found("shim/systemc/" $2)
          if (!is_found && $2 !~ /^verilated/) print $1, "?" $2 }' >"$work/includes"
if grep '?' "$work/includes"; then
    echo "is included by no name that is known: its place in model/ or in the tree"
    status=1
fi

check() { # folder, folders that it may use
    echo "$1" >>"$work/checked"
    awk -v folder="$1" -v allowed=" $* " '{ own = $1; sub("/[^/]*$", "", own); used = $2; sub("/[^/]*$", "", used); short = used
        sub("^model/", "", short) }
        own == folder && $2 !~ /^[?]/ && !index(allowed, " " used " ") && !index(allowed, " " short " ") { print $1, "includes", $2; bad = 1 }
        END { exit bad }' "$work/includes" || status=1
}
core="base device array array/read dpu network chip cost train scenario"
formats="reports/formats reports/page"
reports="reports/run reports/tables reports/explain reports/compare reports/sweep reports/search reports/trace reports/figures $formats"
check model $core run reports/run # mca.h: all of what is installed
check model/base
check model/device base
check model/array base device array/read
check model/array/read base device array
check model/dpu base
check model/network base
check model/chip base device array dpu network
check model/cost base device array dpu network chip
check model/train base device array dpu network chip
check model/scenario base device array array/read dpu network chip cost train
check model/run $core
check model/sweep $core run
check model/search $core run sweep
check reports/formats base
check reports/page base
check reports/figures $core run $formats
check reports/tables $core $formats
check reports/trace $core run reports/figures $formats
check reports/explain $core run reports/figures $formats
check reports/run $core run reports/figures reports/explain reports/trace $formats
check reports/compare $core run reports/figures $formats
check reports/sweep $core run sweep reports/figures $formats
check reports/search $core run sweep search reports/sweep reports/figures $formats
check shim/unit
check shim/rtl base device array dpu network chip shim/unit
check shim/cosim base device array dpu network chip shim/rtl
check shim/systemc $core run shim/rtl $reports
check shim/systemc/example shim/systemc
check cli $core run sweep search $reports cli/bench cli/completion cli/cosim cli/schema cli/validate shim/rtl shim/cosim
check cli/bench base run
check cli/completion $core run $reports cli
check cli/cosim $core run shim/rtl shim/cosim
check cli/schema $core run sweep search $reports
check cli/validate $core run reports/tables reports/figures
for folder in $(grep -v '^tests/' "$work/files" | sed 's|/[^/]*$||' | sort -u); do
    grep -qx "$folder" "$work/checked" || { echo "$folder: nothing says here what it may use"; status=1; }
done

# A header may be included twice; what may not, because macros of the includer make something of it, is a .inc or .def.
for header in $(grep -E '\.(h|hpp)$' "$work/files"); do
    grep -q '^#ifndef [A-Z_0-9]*_H' "$header" || { echo "$header: a header without a guard; a template is a .inc"; status=1; }
done

# A state header is for the files of its folder, and for tests of that folder.
while read -r file header; do
    case $header in *_state.h | *_state.hpp) ;; *) continue ;; esac
    folder=${header%/*}
    case $file in
    "$folder"/* | tests/"${folder#model/}"/*) ;;
    *) echo "$file includes $header"; status=1 ;; esac
done <"$work/includes"

# What C++ includes has no name with two underscores in it, which C++ keeps for itself; so mca__ marks what is libmca's own, and
# what is installed (model/mca.h) has none, nor a state header.
reached() { # by the files in $work/reached
    while :; do
        awk -v reached="$work/reached" 'BEGIN { while ((getline file < reached) > 0) has[file] = 1 }
            has[$1] && !has[$2]++ { print $2 }' "$work/includes" >"$work/more"
        [ -s "$work/more" ] || break
        cat "$work/more" >>"$work/reached"
    done
}
grep -E '\.[ch]pp$' "$work/files" >"$work/reached"
echo model/mca.h >>"$work/reached"
reached
grep -E "\.[chp]+$" "$work/reached" | xargs grep -snE '\bmca__[a-z]' && { echo "is seen by C++, or by users: mca__ is for C files of libmca"; status=1; }
echo model/mca.h >"$work/reached"
reached
grep '_state\.h' "$work/reached" && { echo "would be installed"; status=1; }

# Circles, x.h and x.c taken together. That a folder's .c files look at its state header, which knows their headers, is none.
grep -v '^tests/' "$work/includes" |
    awk '{ file = $1; header = $2; inside = file ~ /\.c(pp)?$/ && header ~ /_state\.h(pp)?$/
           sub(/\.[^\/]*$/, "", file); sub(/\.[^\/]*$/, "", header) }
         !inside && file != header { print file, header }' >"$work/pairs"
tsort "$work/pairs" >/dev/null 2>"$work/circles" || {
    echo "files that include one another in a circle:"
    sed -n 's|^tsort: \(.*/.*\)|    \1|p' "$work/circles" | grep -v "$work" || cat "$work/circles"
    status=1
}
exit $status
