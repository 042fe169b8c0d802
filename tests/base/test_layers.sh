#!/bin/sh
# Dependencies run one way: base <- device <- analog, base <- digital, {analog, digital} <- arch <- {cost, train}
# <- {scenario, reports} <- cli. Every #include "folder/..." is checked against what the folder may use.
set -eu
cd "${SOURCE_DIR:?}"
status=0
check() { # folder, allowed folders
    folder=$1
    shift
    for used in $(cat "$folder"/*.[ch] 2>/dev/null | sed -n 's|^#include "\([a-z_]*\)/.*|\1|p' | sort -u); do
        case " $* " in
        *" $used "*) ;;
        *) echo "$folder includes from $used"; status=1 ;;
        esac
    done
}
check model/base base
check model/device base device
check model/analog base device analog
check model/digital base digital
check model/arch base device analog digital arch
check model/cost base device analog digital arch cost
check model/train base device analog digital arch train
check model/scenario base device analog digital arch cost train scenario
check reports base device analog digital arch cost train scenario reports
check model/cli base device analog digital arch cost train scenario reports cli
exit $status
