#!/bin/sh
# Dependencies run one way (docs/01): base <- device <- array, base <- dpu, {array, dpu} <- chip <- {cost, train} <- scenario
# <- run <- sweep; reports read them; cli and shim stand on top. Every #include "folder/..." is checked against what its folder may
# use, and a folder's state header is its own.
set -eu
cd "${SOURCE_DIR:?}"
status=0
check() { # folder, folders that it may use
    folder=$1
    shift
    for file in $(git ls-files "$folder" 2>/dev/null || find "$folder" -type f); do
        case $file in *.c | *.h | *.cpp | *.hpp | *.c.in) ;; *) continue ;; esac
        for header in $(sed -n 's|^# *include "\([a-z_]*/.*\)"|\1|p' "$file"); do
            used=${header%/*}
            case " $* $folder ${folder#model/} " in
            *" $used "*) ;;
            *) echo "$file includes $header"; status=1 ;;
            esac
        done
    done
}
core="base device array dpu chip cost train scenario"
formats="reports/formats reports/page"
reports="reports/run reports/tables reports/explain reports/compare reports/sweep reports/trace reports/figures $formats"
check model/base
check model/device base
check model/array base device
check model/dpu base
check model/chip base device array dpu
check model/cost base device array dpu chip
check model/train base device array dpu chip
check model/scenario base device array dpu chip cost train
check model/run $core
check model/sweep $core run
check reports/formats base
check reports/page base
check reports/figures $core run $formats
check reports/tables $core $formats
check reports/trace $core run reports/figures $formats
check reports/explain $core run reports/figures $formats
check reports/run $core run reports/figures reports/explain reports/trace $formats
check reports/compare $core run reports/figures $formats
check reports/sweep $core run sweep reports/figures $formats
check shim/rtl base device array dpu chip
check shim/cosim base device array dpu chip shim/rtl
check shim/systemc $core run shim/rtl $reports
check cli $core run sweep $reports cli/bench cli/validate shim/rtl shim/cosim
check cli/bench base run
check cli/validate $core run reports/tables
for header in $(git ls-files '*_state.h' 2>/dev/null || find . -name '*_state.h'); do
    name=$(basename "$header")
    folder=$(dirname "$header")
    for user in $(grep -rl "include \"[^\"]*$name\"" model reports shim cli tests 2>/dev/null); do
        case $user in
        "$folder"/* | tests/"${folder#model/}"/*) ;;
        *) echo "$user includes $header"; status=1 ;; esac
    done
done
exit $status
