#!/bin/sh
# Plants single random faults in model/, reports/ and cli/, one at a time, in a copy of the tree, and runs the tests that are quick on it,
# those of the faulty folder or command first, until one fails. What survives is planted once more where those tests run with sanitizers:
# they see what is read or written beyond its end, lost, or undefined; and at last with memory and system calls that fail.
#   mutation.sh [NUMBER [SEED [PATTERN]]]    default: 10 faults, a seed of the clock, in any file; PATTERN: in files whose path fits
#   mutation.sh --file FILE                  those of FILE, lines of: PATH LINE NUMBER <tab> KIND <tab> the line as it becomes
# Prints each fault as found (by which test), not compiled, or SURVIVED with its difference. Whether a survivor is equivalent, so that no
# test could find it, a person has to judge; known ones are in equivalent.txt and are not counted.
# Exit status 1 where one survived. Copy and build are kept in $MUTATION_DIR where it is set: the next call is quicker. With $MUTATION_LINES,
# a folder, only tests that run the faulty line are run on it: which those are is found first, in a quarter of an hour, and kept there.
set -eu
SOURCE_DIR=${SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
here=$SOURCE_DIR/tests/mutation
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=${MUTATION_DIR:-$work/tree}
mkdir -p "$tree"
tree=$(cd "$tree" && pwd)
build=$tree/build/mutation
jobs=$(nproc)

# The copy is brought up to date; only files that differ get a new time.
(cd "$SOURCE_DIR" && git ls-files | sort) >"$work/files"
git -C "$tree" init -q # tests look at the files of a repository
git -C "$tree" ls-files | sort | comm -23 - "$work/files" | while read -r gone; do rm -f "$tree/$gone"; done
while read -r file; do
    if [ -e "$SOURCE_DIR/$file" ] && ! cmp -s "$SOURCE_DIR/$file" "$tree/$file"; then
        mkdir -p "$(dirname "$tree/$file")"
        cp "$SOURCE_DIR/$file" "$tree/$file"
    fi
done <"$work/files"
git -C "$tree" add -A
# FLAG...: the tree in $build. A fault in the library is linked once, not into every test.
configure() {
    cmake -S "$tree" -B "$build" -G Ninja "$@" -DBUILD_SHARED_LIBS=ON -DCMAKE_LINK_DEPENDS_NO_SHARED=ON \
        -DMCA_WERROR=OFF -DMCA_TEST_TIMEOUT_S=1500 >"$work/log" 2>&1 &&
        cmake --build "$build" -j "$jobs" >"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
}
configure -DCMAKE_BUILD_TYPE=Release
CCACHE_DISABLE=1 # every fault is compiled once
export CCACHE_DISABLE
# shellcheck disable=SC3045 # every shell of Linux and BSD has it
ulimit -S -t 60 # what does not end is stopped by its own time, not by what else the machine does

# Files that end processes or remove files by name are left alone: a fault there might take what is not the test's.
dangerous='\b(kill|unlink|unlinkat|rmdir|remove|rename|renameat2?|fork|mca_+remove_tree)\('
(cd "$tree" && find model reports cli -name '*.c' | sort | xargs grep -LE "$dangerous") | grep -e "${3:-.}" >"$work/sources"
(cd "$tree" && xargs awk -f "$here/candidates.awk" <"$work/sources") >"$work/candidates"

if [ "${1:-}" = --file ]; then
    cp "$2" "$work/chosen"
else
    seed=${2:-$(date +%s)}
    echo "seed $seed; $(wc -l <"$work/candidates") possible faults in $(wc -l <"$work/sources") files"
    # first the kind, then one of its places: constants would else be most of all
    awk -F '\t' -v number="${1:-10}" -v seed="$seed" '
        function draw(n) { state = state * 16807 % 2147483647; return int(state / 2147483647 * n) + 1 }
        { if (!($3 in count)) kinds[++kind_count] = $3; place[$3, ++count[$3]] = $0 }
        END {
            state = seed % 2147483646 + 1
            for (i = 0; i < 10; ++i) draw(1)
            for (i = 0; i < number; ++i) { kind = kinds[draw(kind_count)]; print place[kind, draw(count[kind])] }
        }' "$work/candidates" >"$work/chosen"
fi

# The tests that count: without a fault each passes in the copy.
commands='^(golden_runs$|cli_(query|names|requests|what_if|usage|bad_|run|completion|schema|components|manual|checksums|write_errors|keys_page|scenarios|trace|compare|price|explain|report|validate|resume|cosim|optimise|own_converter|notices|progress|sweep$|sweep_fronts|networks|calibration|direct|bench|infer|interrupt|weights_in|wear|ages))'
failing='^faults_(memory|calls)$' # programs whose memory and system calls fail, for what the others miss
late='^(test_idle_keys|test_checkpoint|cli_(interrupt|sweep|checksums|scenarios|resume|progress|bench|optimise|completion))$' # seconds each: after the others
quick="^test_|^fuzz_|$commands"
rest="^fuzz_|$(echo "$commands" | sed 's,golden_runs.|,,')" # what is left after golden runs and unit tests
slow='^(test_(conservation|shared|install|moved|example|setup|hardening|commit|get_mnist|compilers|accuracy.*|dpu_rtl|systemc.*)|test_matrix_.*)$'
# DIRECTORY PATTERN [LEFT_OUT]: names of tests
tests_of() {
    ctest --test-dir "$1" -N -R "$2" -E "$slow${3:+|$3}" -LE slow | sed -n 's/^ *Test *#[0-9]*: //p'
}
# DIRECTORY PATTERN [LEFT_OUT]: whether a test fails, of those in $work/running where that is; the first one that does is left in $finder.
# Tests are not to read the list of faults.
fails() {
    if [ -e "$work/running" ]; then
        set -- "$1" "$2" "${3:-}" "$(tests_of "$1" "$2" "${3:-}" | sort | comm -12 - "$work/running" | paste -sd '|' -)"
        [ -n "$4" ] || return 1
        set -- "$1" "^($4)\$" "$3"
    fi
    rm -f "$1/Testing/Temporary/CTestCostData.txt" # ctest would begin with the longest
    (cd "$tree" && ctest --test-dir "$1" -R "$2" -E "$slow${3:+|$3}" -LE slow -j "$jobs" --stop-on-failure) </dev/null >"$work/log" 2>&1 && return 1
    finder=$(sed -n 's/.*Test *#[0-9]*: \([A-Za-z0-9_]*\) .*\*\*\*\(Failed\|Exception\|Timeout\|Not Run\).*/\1 (\2)/p' "$work/log" | head -n 1)
    finder=${finder%" (Failed)"} # what ended otherwise says how
    [ -n "$finder" ]
}
# PATH: the command of a file of cli/, in $command
command_of() {
    command=$(echo "${1#cli/}" | sed 's,^cmd_,,; s,[/.].*,,')
}

# PATH: tests of its folder, golden runs, all other unit tests, the command line, what takes long; of a command its own tests, then the command line
found() {
    case $1 in cli/*)
        command_of "$1"
        if [ -e "$build/tests/$command/CTestTestfile.cmake" ] && fails "$build/tests/$command" '^test_'; then return 0; fi
        fails "$build" "^cli_$command\$" || fails "$build" "$commands" "$late" || fails "$build" "$commands"
        return
        ;;
    esac
    folder=tests/$(echo "$1" | cut -d/ -f2)
    case $1 in reports/*) folder=tests/reports ;; esac
    if [ -e "$build/$folder/CTestTestfile.cmake" ] && fails "$build/$folder" . "$late"; then return 0; fi
    fails "$build" '^golden_runs$' || fails "$build" '^test_' "$late" || fails "$build" "$rest" "$late" || fails "$build" "$late"
}

# PATTERN: the tests that are to find faults pass without one. Not again for the same tree.
passes() {
    now=$(git -C "$tree" write-tree)
    if [ "$now" != "$(cat "$build/passed" 2>/dev/null)" ]; then
        if fails "$build" "$1"; then
            echo "without a fault $finder fails in $build: mend that first"
            exit 2
        fi
        echo "$now" >"$build/passed"
    fi
}

# PATH LINE FAULT COMMAND...: with the fault in its place the tree is built; status 2 where it does not compile, else that of COMMAND
planted() {
    file=$1
    { head -n $(($2 - 1)) "$tree/$file"; printf '%s\n' "$3"; tail -n +$(($2 + 1)) "$tree/$file"; } >"$work/mutant.c"
    shift 3
    mv "$tree/$file" "$work/original.c"
    cp "$work/mutant.c" "$tree/$file"
    status=2
    if cmake --build "$build" -j "$jobs" >"$work/log" 2>&1; then
        status=0
        "$@" || status=1
    fi
    mv "$work/original.c" "$tree/$file"
    touch "$tree/$file"
    return "$status"
}

passes "$quick|$failing"
if [ -n "${MUTATION_LINES:-}" ] && [ ! -e "$MUTATION_LINES/counted" ]; then
    quick_build=$build build=$tree/build/counted
    configure -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="--coverage -O1" -DCMAKE_EXE_LINKER_FLAGS=--coverage -DCMAKE_SHARED_LINKER_FLAGS=--coverage
    tests_of "$build" "$quick" | (
        # shellcheck disable=SC3045
        ulimit -S -t unlimited # it reads the counters of all of them
        exec python3 "$here/lines_run.py" "$tree" "$build" "$MUTATION_LINES"
    ) || exit 2
    build=$quick_build
fi
# PATH LINE: the tests that run it, in $work/running. All, and no such list, where a line has no counter, as of a table; those of the file
# where none runs the line, which a compiler may count with another one.
find_running() {
    rm -f "$work/running"
    if [ -z "${MUTATION_LINES:-}" ] || ! grep -qxF "$1:$2" "$MUTATION_LINES/counted"; then return; fi
    (cd "$MUTATION_LINES" && { grep -lxF "$1:$2" -- * || grep -lF "$1:" -- *; } | grep -vx counted | sort >"$work/running")
}
found=0 survived=0 equivalent=0 not_compiled=0
: >"$work/survivors"
while IFS='	' read -r file line kind fault; do
    if grep -qxF "$file: $(echo "$fault" | sed 's/^ *//')" "$here/equivalent.txt"; then
        equivalent=$((equivalent + 1))
        echo "equivalent    $kind  $file:$line"
        continue
    fi
    begin=$(date +%s)
    status=0
    find_running "$file" "$line"
    planted "$file" "$line" "$fault" found "$file" || status=$?
    seconds=$(($(date +%s) - begin))
    case $status in
    0) found=$((found + 1)) && echo "found         $kind  $file:$line  by $finder, $seconds s" ;;
    1) echo "not found     $kind  $file:$line, $seconds s" && printf '%s\t%s\t%s\t%s\n' "$file" "$line" "$kind" "$fault" >>"$work/survivors" ;;
    *) not_compiled=$((not_compiled + 1)) && echo "not compiled  $kind  $file:$line" ;;
    esac
done <"$work/chosen"

# PATH: the tests that run its code; numbers were compared before. Engines of sweeps and searches are run by their commands.
watching() {
    case $1 in
    cli/*) command_of "$1" && echo "^test_|^fuzz_|^cli_$command\$" ;;
    */search/*) echo '^test_|^fuzz_|^cli_optimise$' ;;
    */sweep/*) echo '^test_|^fuzz_|^cli_sweep' ;;
    *) echo '^test_|^fuzz_' ;;
    esac
}
if [ -s "$work/survivors" ]; then
    build=$tree/build/sanitized
    flags="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
    configure -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags"
    # shellcheck disable=SC3045
    ulimit -S -t 600
    rm -f "$work/running"
    passes "$(cut -f 1 "$work/survivors" | while read -r file; do watching "$file"; done | sort -u | paste -sd '|' -)"
fi
while IFS='	' read -r file line kind fault; do
    find_running "$file" "$line"
    build=$tree/build/sanitized
    if planted "$file" "$line" "$fault" fails "$build" "$(watching "$file")" '^test_(idle_keys|checkpoint)$'; then
        found=$((found + 1))
        echo "found         $kind  $file:$line  by $finder with sanitizers"
        continue
    fi
    rm -f "$work/running"
    build=$tree/build/mutation
    if planted "$file" "$line" "$fault" fails "$build" "$failing"; then
        found=$((found + 1))
        echo "found         $kind  $file:$line  by $finder"
    else
        survived=$((survived + 1))
        echo "SURVIVED      $kind  $file:$line"
        sed -n "${line}p" "$tree/$file"
        echo "$fault"
    fi
done <"$work/survivors"
echo "$found found, $survived survived, $equivalent known to be equivalent, $not_compiled not compiled"
[ "$survived" -eq 0 ]
