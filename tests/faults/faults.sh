#!/bin/sh
# faults.sh KIND SAMPLE [CASE...]: every command of the programs with one failing allocation (KIND
# memory) or system call (calls), once for each distinct call stack (inject.c), or for SAMPLE stacks
# of each, spread evenly from a fixed place; 0: all, but of memory those that no case before had;
# /PATTERN/: those with such a frame. Exit 0 is allowed only with the bytes of a run
# without a failure; else the status is 1 for memory and 3 for system calls, with one line on
# stderr; what is named as a result is whole, or as it was before. FAULT_RECORD, if set, is a file
# to which every failure that did not hold is appended with its call stack.
set -u
: "${MCASIM:?the program}" "${INJECT:?the preloaded library}"
. "$SOURCE_DIR/tests/need.sh"
MCASIM_SC=${MCASIM_SC:-$(dirname "$MCASIM")/mcasim-sc}
kind=$1
sample=$2
shift 2
cases=${*:-"run network network_resume network_check infer infer_plain resume force trace check keys components explain explain_all report
report_sweep compare compare_html price sweep sweep_again dry optimise
cosim sc sc_rtl sc_vcd sc_compare"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MNIST_DIR MCA_COMPONENTS_DIR MCA_DATA_DIR
export SYSTEMC_MEMPOOL_DONT_USE=1 # made before main, it does not look at what malloc returns (docs/reference/reproducibility.md)

# A program, preloaded where $preload says so; a hang ends as 137.
call() {
    # shellcheck disable=SC2086
    timeout -s KILL 60 env $preload "$@"
}

# The command of a case, in its own copy of the directory that `prepare` made.
command_of() {
    case $1 in
    run) call "$MCASIM" run s.yaml -o out --threads 2 --quiet ;;
    network) call "$MCASIM" run net.yaml -o out --threads 2 --quiet ;;
    network_resume) call "$MCASIM" run net_long.yaml -o net_stopped --resume --quiet ;;
    network_check) call "$MCASIM" check net.yaml --set seed=7 ;;
    infer) call "$MCASIM" run s.yaml -o out --weights r1/weights --quiet ;;
    infer_plain) call "$MCASIM" run s.yaml -o out --weights r1/weights.npz --quiet ;;
    resume) call "$MCASIM" run long.yaml -o stopped --resume --quiet ;;
    force) call "$MCASIM" run s.yaml -o r1 --seed 9 --force --quiet ;;
    trace) call "$MCASIM" run s.yaml -o out --trace 1-2 --quiet ;;
    check) call "$MCASIM" check s.yaml --set seed=7 ;;
    keys) call "$MCASIM" keys ;;
    components) call "$MCASIM" components ;;
    explain) call "$MCASIM" explain r1 energy_j.by_component.adc_conversion ;;
    explain_all) call "$MCASIM" explain r1 ;;
    report) call "$MCASIM" report r1 ;;
    report_sweep) call "$MCASIM" report swept ;;
    compare) call "$MCASIM" compare r1 r2 --quiet ;;
    compare_html) call "$MCASIM" compare r1 r2 -o out.html --json --quiet ;;
    price) call "$MCASIM" price r1 --set cost.sram_macro_bytes=65536 -o out --quiet ;;
    sweep) call "$MCASIM" sweep sweep.yaml -o out --jobs 1 --quiet ;;
    sweep_again) call "$MCASIM" sweep sweep.yaml -o swept --jobs 1 --quiet ;;
    dry) call "$MCASIM" sweep sweep.yaml -n --quiet ;;
    optimise) call "$MCASIM" optimise search.yaml -o out --jobs 1 --quiet ;;
    bench) call "$MCASIM" bench --images 100 --repeat 1 --quiet ;;
    validate) call "$MCASIM" validate --quiet ;;
    cosim) call "$MCASIM" cosim s.yaml --images 2 --quiet ;;
    cosim_vcd) call "$MCASIM" cosim s.yaml --images 2 --vcd out.vcd --quiet ;;
    sc) call "$MCASIM_SC" s.yaml -o out --images 2 --quiet ;;
    sc_rtl) call "$MCASIM_SC" s.yaml -o out --images 2 --dpu rtl --quiet ;;
    sc_vcd) call "$MCASIM_SC" s.yaml -o out --vcd out.vcd --images 2 --quiet ;;
    sc_compare) call "$MCASIM_SC" s.yaml --compare --images 2 --quiet ;;
    *) exit 2 ;;
    esac
}

# What a case works on.
needs_of() {
    case $1 in
    infer | infer_plain | force | explain | explain_all | report | price) echo s.yaml r1 ;;
    resume) echo s.yaml long.yaml stopped.partial ;;
    network | network_check) echo net.yaml ;;
    network_resume) echo net.yaml net_long.yaml net_stopped.partial ;;
    report_sweep) echo swept ;;
    compare | compare_html) echo r1 r2 ;;
    sweep_again) echo s.yaml sweep.yaml swept ;;
    sweep | dry) echo s.yaml sweep.yaml ;;
    optimise) echo s.yaml search.yaml ;;
    *) echo s.yaml ;;
    esac
}

# What a command may make or change: each is to be whole or as before.
results_of() {
    case $1 in
    resume) echo stopped ;;
    network_resume) echo net_stopped ;;
    force) echo r1 ;;
    report) echo r1/report.html ;;
    report_sweep) echo swept/sweep.html ;;
    compare_html) echo out.html ;;
    sweep_again) echo swept/sweep.csv swept/groups.csv swept/pareto.csv swept/layers.csv swept/sweep.json swept/sweep.html ;;
    sweep) echo out/sweep.csv out/groups.csv out/pareto.csv out/layers.csv out/sweep.json out/sweep.html ;;
    optimise) echo out/best.yaml out/front.csv out/optimise.json out/sweep.csv out/sweep.html ;;
    *) echo out ;;
    esac
}

prepare() {
    mkdir "$work/base" && cd "$work/base" || exit 1
    printf '%s\n' 'network: {layers: [784, 10]}' \
        'dataset: {name: synthetic-digits, synthetic_train: 20, synthetic_test: 10}' \
        'train: {epochs: 1}' >s.yaml
    printf '%s\n' 'base: s.yaml' 'train: {epochs: 400}' >long.yaml
    printf '%s\n' 'scenario: s.yaml' 'grid: {adc.bits: [6, 8]}' 'seeds: 2' >sweep.yaml
    cat >search.yaml <<'END'
scenario: s.yaml
set: {train.images: 12, train.validation_images: 8, train.test_images: 4}
grid: {dpu.lanes: [8, 16]}
seeds: 1
minimise: [energy]
subject_to: {area: "<= 9 mm2"}
halving: {first_images: 12}
budget: {images: 200}
END
    "$MCASIM" run s.yaml -o r1 --quiet && "$MCASIM" run s.yaml -o r2 --seed 2 --quiet &&
        "$MCASIM" sweep sweep.yaml -o swept --jobs 1 --quiet || exit 1
    # layers of every kind, their full scales found from images; what acts on images, sums and time
    cat >net.yaml <<'END'
network:
  layers:
    - conv2d: {filters: 3, kernel: 5, stride: 3, activation: relu}
    - max_pool: {kernel: 2}
    - conv2d: {filters: 3, kernel: 3, padding: 1, activation: tanh}
    - residual_sum: {from: 1, activation: identity}
    - avg_pool: {kernel: 2}
    - dense: {units: 10}
dataset: {name: synthetic-digits, synthetic_train: 20, synthetic_test: 10}
train: {epochs: 1, loss: softmax, augment_shift: 2}
timing: {streaming: true}
device: {drift_in_training: true}
chi: {accumulate: image}
END
    printf '%s\n' 'base: net.yaml' 'train: {epochs: 60}' >net_long.yaml
    stop_early long.yaml stopped
    stop_early net_long.yaml net_stopped
}

# stop_early SCENARIO DIR: a run that was stopped, with its checkpoint
stop_early() {
    while [ ! -e "$2.partial/checkpoint" ]; do
        rm -rf "$2"
        "$MCASIM" run "$1" -o "$2" --checkpoint-every 0 --quiet 2>/dev/null &
        while [ ! -e "$2.partial/checkpoint" ] && kill -0 $! 2>/dev/null; do sleep 0.002; done
        kill -INT $! 2>/dev/null
        wait $! || true
    done
}

# The bytes of all files but times and what is made anew in each process; few processes, for there
# are thousands of stacks.
digest() { # PATH...
    find "$@" -type f 2>/dev/null | LC_ALL=C sort >"$place.files"
    {
        cat "$place.files"
        grep -Ev '(summary\.json|\.html|stdout|\.vcd)$' "$place.files" | xargs -r cksum
        part 'summary\.json' -e '/"runtime": {/,/}/d' -e '/^  "checksum"/d'
        part '\.html' -e 's/"runtime":{[^}]*}//g' -e 's/"checksum":"[0-9a-f]*"//g'
        part stdout -e 's/[0-9.]* images\/s.*//; s/[0-9.]* s of .*//; /imag.*[0-9]\/s/d' \
            -e 's/^\(|.*\)\(|[^|]*\)\{4\}$/\1/'
        # shellcheck disable=SC2016  # a dollar of the file's
        part '\.vcd' -e '/^\$date/,/^\$end/d; /^ *[A-Z][a-z][a-z] [0-9]*, [0-9]* .*[0-9:]*$/d'
    } | cksum
}

part() { # NAME EDIT...: the files that end so
    ending=$1
    shift
    grep -E "$ending\$" "$place.files" | xargs -r sed -s "$@"
}

# go CASE DIRECTORY [VARIABLE=VALUE...]: streams in DIRECTORY.out and .err
go() {
    case_=$1
    place=$2
    shift 2
    rm -rf "$place" && mkdir "$place"
    (
        cd "$work/base" || exit 99
        # shellcheck disable=SC2046
        cp -a $(needs_of "$case_") "$place"
    )
    (
        cd "$place" || exit 99
        preload=
        [ $# -eq 0 ] || preload="LD_PRELOAD=$INJECT MCA_FAULT_KIND=$kind $*"
        command_of "$case_"
    ) >"$place/stdout" 2>"$place.err" </dev/null
}

failed() { # the case, the hash, what is wrong
    echo "FAIL: $1 $2: $3"
    if [ -n "${FAULT_RECORD:-}" ]; then
        printf '%s %s: %s\n  %s\n' "$1" "$kind" "$3" "$(grep -a "^$2" "$work/$1.list" | head -n 1)" \
            >>"$FAULT_RECORD"
    fi
}

# A point of a sweep or a search failed, and is named with the reason: the same command makes it whole.
again() { # CASE HASH PLACE
    [ "$status$lines$kind" = 12memory ] || failed "$1" "$2" "status $status with a failed point: $line"
    case $line in
    *' failed ('*'): out of memory'* | *' failed ('*annot\ allocate\ memory*) ;;
    *) failed "$1" "$2" "a point failed for another reason: $line" ;;
    esac
    (cd "$3" && preload='' && command_of "$1") >>"$3/stdout" 2>&1 </dev/null ||
        failed "$1" "$2" "the same command does not resume: $(tail -n 1 "$3/stdout")"
    [ "$(cd "$3" && digest .)" = "$(cat "$work/$1.all")" ] || failed "$1" "$2" "resumed, other bytes"
}

# Removes what may stay where it could not be tidied away after the results were whole: the run that
# was replaced, a checkpoint, the mark of a whole run, a lock.
tidy() { # PLACE
    find "$1" \( -name checkpoint -o -name .complete -o -name .lock \) -delete
    rm -rf "$1"/*/.replaced
}

# The bytes of a run without a failure. SystemC does not look at its own writes.
same() { # CASE HASH PLACE
    [ "$(cd "$3" && digest .)" = "$(cat "$work/$1.all")" ] && return 0
    if [ "$1" = force ]; then # no memory to remove what was replaced: the next run does
        rm -rf "$3/r1.partial"
        [ "$(cd "$3" && digest .)" = "$(cat "$work/$1.all")" ] && return 0
    fi
    [ "$kind" = calls ] || return 1
    grep -a "^$2" "$work/$1.list" | grep -q sc_trace_file && return 0
    tidy "$3"
    for result in $(results_of "$1") stdout out.vcd out.vcd.gtkw; do
        [ "$(cd "$3" && digest "$result")" = "$(cd "$work/whole.$1" && digest "$result")" ] || return 1
    done
}

# Fails one stack and judges.
one() { # CASE HASH PLACE
    go "$1" "$3" MCA_FAULT_STACK="$2" MCA_FAULT_MARK="$3.mark" \
        MCA_FAULT_AFTER="$(grep -a -m 1 "^$2" "$work/$1.list" | cut -d' ' -f2)"
    status=$?
    [ -e "$3.mark" ] || echo "$1" >>"$work/unreached"
    rm -f "$3.mark"
    want=1
    [ "$kind" = memory ] || want=3
    lines=$(wc -l <"$3.err")
    line=$(head -c 300 "$3.err")
    case $(cat "$3.err") in *'1 of '[24]' points failed'*': out/points/'*)
        echo failed-point >>"$work/tally"
        again "$@"
        return
        ;;
    esac
    if [ "$status" -eq 0 ]; then
        same "$@" || failed "$1" "$2" "exit 0, other bytes"
        [ "$lines" -eq 0 ] || failed "$1" "$2" "exit 0 with a line: $line"
        echo exit0 >>"$work/tally"
        return
    fi
    if [ "$status$line" = '1/bin/sh: ended by signal 31' ]; then # no cache: the injector's filter ends what builds the unit (SIGSYS)
        echo not-built >>"$work/tally"
        return
    fi
    echo "status$status" >>"$work/tally"
    # the loader of a digital unit's library ends the program itself where some of its own allocations fail (docs/reference/reproducibility.md)
    [ "$kind$status" = memory127 ] && grep -a "^$2" "$work/$1.list" | grep -q ' ld-linux' && want=127
    [ "$status" -eq "$want" ] || failed "$1" "$2" "status $status: $line"
    [ "$lines" -eq 1 ] || failed "$1" "$2" "$lines lines: $line"
    case $want$line in
    1*'out of memory'* | 1*'annot allocate memory'* | 3*': No space left on device'* | \
        3*': Input/output error'* | 3*': cannot be written'* | 127*) ;;
    *) failed "$1" "$2" "not the line of such a fault: $line" ;;
    esac
    case $line in *'; the results are there'*) tidy "$3" ;; esac
    for result in $(results_of "$1"); do
        grep -qx "$result $(cd "$3" && digest "$result")" "$work/$1.whole" ||
            failed "$1" "$2" "$result is half-made (status $status)"
    done
}

shard() { # CASE FIRST: every second stack
    awk -v first="$2" 'NR % 2 == first % 2 { print $1 }' "$work/$1.hashes" | while read -r hash; do
        one "$1" "$hash" "$work/case$2"
    done
}

all_of() { # CASE
    go "$1" "$work/whole.$1" || { echo "FAIL: $1 fails by itself: $(cat "$work/whole.$1.err")"; return; }
    (cd "$work/whole.$1" && digest .) >"$work/$1.all"
    for result in $(results_of "$1"); do
        echo "$result $(cd "$work/base" && digest "$result")"
        echo "$result $(cd "$work/whole.$1" && digest "$result")"
    done >"$work/$1.whole"
    go "$1" "$work/listed" MCA_FAULT_LIST="$work/$1.list"
    status=$?
    [ $status -eq 77 ] && { echo "no seccomp filters here"; exit; }
    [ $status -eq 0 ] || echo "FAIL: $1 while listing: $(cat "$work/listed.err")"
    [ "$(cd "$work/listed" && digest .)" = "$(cat "$work/$1.all")" ] || echo "FAIL: $1 is not the same twice"
    # SystemC does not look at what malloc returns for its timed events (docs/reference/reproducibility.md)
    grep -av sc_event_timed8allocate "$work/$1.list" | cut -d' ' -f1 | awk '!seen[$0]++' >"$work/$1.each"
    total=$(wc -l <"$work/$1.each")
    case $sample in
    /*/) grep -aE "$(expr "$sample" : '/\(.*\)/')" "$work/$1.list" | cut -d' ' -f1 | sort -u ;;
    0) grep -vxFf "$work/tried" "$work/$1.each" ;;
    *) awk -v n="$sample" -v total="$total" \
        'BEGIN { step = total > n ? total / n : 1; at = step / 2 }
             NR > at { print; at += step }' "$work/$1.each" ;;
    esac >"$work/$1.hashes"
    [ "$kind" = calls ] || cat "$work/$1.hashes" >>"$work/tried"
    : >"$work/tally"
    : >"$work/unreached"
    shard "$1" 0 &
    shard "$1" 1
    wait
    echo "$1 $kind: $total stacks, $(wc -l <"$work/$1.hashes") failed:" \
        "$(sort "$work/tally" | uniq -c | awk '{ printf "%s %s, ", $1, $2 }')" \
        "$(wc -l <"$work/unreached") not met again"
    cat "$work/unreached" >>"$work/all_unreached"
    cat "$work/$1.hashes" >>"$work/all_hashes"
}

(prepare) || { echo "FAIL: the runs to work on"; exit 1; }
: >"$work/tried"
: >"$work/all_unreached"
: >"$work/all_hashes"
for name in $cases; do
    all_of "$name"
done 2>&1 | tee "$work/log"
! grep -q '^no seccomp' "$work/log" || refused_here "no seccomp filters here"
# a run's time is in its results, and its digits move what a buffer of a file has room for
if [ $(($(wc -l <"$work/all_unreached") * 5)) -gt "$(wc -l <"$work/all_hashes")" ]; then
    echo "FAIL: more than a fifth of all stacks is not met again"
    exit 1
fi
! grep -q '^FAIL' "$work/log"
