#!/bin/sh
# Line and toggle coverage of the RTL by the cosimulations of the suite: units with Verilator's coverage are built as they are wanted,
# for MCA_RTL_COVERAGE_DIR is set. Runs them, prints a table by module, and fails below 95 % of lines. What is not covered: docs/guide/cosimulation.md.
set -eu
build=${1:-$BUILD_DIR/rtl-coverage}
mkdir -p "$build"
MCA_RTL_COVERAGE_DIR=$build/coverage
export MCA_RTL_COVERAGE_DIR
rm -rf "$MCA_RTL_COVERAGE_DIR"
mkdir "$MCA_RTL_COVERAGE_DIR"
"$BUILD_DIR/bin/test_dpu_rtl" >/dev/null 2>&1
"$BUILD_DIR/bin/test_cosim" >/dev/null 2>&1
cosim() {
    "$MCASIM" cosim "$@" --quiet >/dev/null
}
quick=$SOURCE_DIR/scenarios/synthetic-quick.yaml
cosim "$SOURCE_DIR/scenarios/mnist-mca.yaml" --images 40
cosim "$quick" --images 50 --set dac.drive=bipolar --set train.loss=squared
cosim "$quick" --images 50 --set 'network.layers=[784,60,40,20,10]' --set dpu.rounding=nearest
verilator_coverage --write "$build/coverage.dat" "$MCA_RTL_COVERAGE_DIR"/*.dat >/dev/null
verilator_coverage --annotate "$build/annotated" --annotate-min 1 "$build/coverage.dat" >/dev/null
echo "annotated sources: $build/annotated"
# an entry: C '\001f\002FILE\001...\001page\002v_line/MODULE\001...' COUNT; parameter sets of a module are joined by file and line
awk '
/^C / {
    match($0, /\001f\002[^\001]*/); file = substr($0, RSTART + 3, RLENGTH - 3); sub(/.*\//, "", file)
    match($0, /\001l\002[^\001]*/); place = file ":" substr($0, RSTART + 3, RLENGTH - 3)
    match($0, /\001n\002[^\001]*/); place = place ":" substr($0, RSTART + 3, RLENGTH - 3)
    match($0, /\001o\002[^\001]*/); place = place ":" substr($0, RSTART + 3, RLENGTH - 3)
    kind = /\001page\002v_toggle/ ? "toggle" : "line"
    if (!((kind, place) in hits)) { ++total[kind, file]; files[file] }
    hits[kind, place] += $NF
    of[kind, place] = file
}
END {
    for (k in hits) { split(k, part, SUBSEP); covered[part[1], of[k]] += hits[k] > 0 }
    printf "%-22s %14s %8s %16s %8s\n", "module", "line points", "%", "toggle points", "%"
    for (f in files) {
        printf "%-22s %6d of %4d %7.1f %8d of %5d %7.1f\n", f, covered["line", f], total["line", f],
            total["line", f] ? 100 * covered["line", f] / total["line", f] : 100, covered["toggle", f],
            total["toggle", f], 100 * covered["toggle", f] / total["toggle", f] | "sort"
        lines += total["line", f]; hit += covered["line", f]
        toggles += total["toggle", f]; toggled += covered["toggle", f]
    }
    close("sort")
    printf "all: lines %.1f %% of %d, toggles %.1f %% of %d\n", 100 * hit / lines, lines, 100 * toggled / toggles, toggles
    exit hit < 0.95 * lines
}' "$build/coverage.dat"
