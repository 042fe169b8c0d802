#!/bin/sh
# What must not change while the code is taken apart: results of every shipped scenario and of runs.txt, against a list of hashes.
#   golden.sh [mnist]                  compares; names run, file and group of fields that differ
#   golden.sh [mnist] --renew          writes the list anew; CHANGELOG.md then says why results changed
#   golden.sh [mnist] --against DIR    compares with the programs in DIR, an older build's, field by field, both values
#   golden.sh --show NAME              prints every field of a run as it is now; NAME said: the answers to asked.txt
# The list is of a few hundred synthetic digits each (built-in.txt); with `mnist` it is of 2,000 MNIST images (mnist.txt).
set -eu
SOURCE_DIR=${SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
BUILD_DIR=${BUILD_DIR:-$SOURCE_DIR/build/release} # with tests
MCASIM=${MCASIM:-$BUILD_DIR/bin/mcasim}
here=$SOURCE_DIR/tests/golden
. "$SOURCE_DIR/tests/need.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export MCA_COMPONENTS_DIR="$SOURCE_DIR/scenarios/components" # an older program prices with the same library

list=$here/built-in.txt
data=$work/no-data # `mcasim validate` looks for MNIST: the list of built-in data is the same where there is none
mkdir "$data"
images=40 # of mcasim-sc and cosim
common="dataset.name=synthetic-digits dataset.synthetic_train=450 dataset.synthetic_test=100 train.validation_images=50 train.images=0
    train.test_images=0 train.epochs=2"
if [ "${1:-}" = mnist ]; then
    shift
    data=${MNIST_DIR:-$SOURCE_DIR/data/mnist}
    [ -d "$data" ] || not_run "no MNIST in \$MNIST_DIR or data/mnist; tools/get-mnist downloads it"
    MNIST_DIR=$data
    export MNIST_DIR
    list=$here/mnist.txt
    images=400
    common="dataset.name=mnist train.images=2000 train.test_images=1000 train.validation_images=500 train.epochs=2"
fi
mode=${1:-compare}
current=${MCASIM%/*}
other=$current
[ "$mode" != --against ] || other=${2:?a folder with programs}

# NAME PROGRAM SCENARIO KEY=VALUE...: a run into $folder/NAME with the programs in $programs
one() {
    name=$1 program=$2 scenario=$SOURCE_DIR/scenarios/$3.yaml
    shift 3
    sets=""
    for setting in $common "$@"; do sets="$sets --set $setting"; done
    mkdir -p "$folder/$name"
    # shellcheck disable=SC2086  # settings are words
    case $program in
    run) (cd "$folder" && "$programs/mcasim" run "$scenario" -o "$name" --force $sets) ;;
    sc-*) "$programs/mcasim-sc" "$scenario" -o "$folder/$name" --force --quiet --images $images --dpu "${program#sc-}" $sets ;;
    compare) "$programs/mcasim-sc" "$scenario" --compare --images $images $sets |
        awk -F ' *[|] *' '{ print $3 " images: " $4 " and " $5 " ns; deviations " $6 ", " $7 ", " $8 ", " $9 }' >"$folder/$name/said" ;; # speeds follow
    cosim) "$programs/mcasim" cosim "$scenario" --quiet --images $images $sets | sed 's/;.*//' >"$folder/$name/said" ;;
    esac >"$folder/log" 2>"$folder/errors" || { echo "FAIL: $name: $(cat "$folder/log" "$folder/errors")" >&2; exit 1; }
    if [ "$program" = run ] && [ "$list" = "$here/built-in.txt" ]; then # what a person sees of it: summary, notices, network
        mkdir "$folder/$name/said"
        cp "$folder/log" "$folder/$name/said/run"
        cp "$folder/errors" "$folder/$name/said/notices"
        # shellcheck disable=SC2086
        "$programs/mcasim" check "$scenario" $sets 2>/dev/null | grep '^#' >"$folder/$name/said/network"
    fi
}

all_runs() {
    for file in "$SOURCE_DIR"/scenarios/*.yaml; do
        name=${file##*/}
        name=${name%.yaml}
        case $name in
        hermes-core | latency-512) ;; # with their own images in runs.txt
        vgg8-cifar10) ;;              # seconds an image
        *) echo "$name run $name" ;;
        esac
    done
    grep -v '^#' "$here/runs.txt"
}

# Whether a folder of programs, and with --against both, has what a run needs: builds may be without RTL and SystemC.
is_built() { # PROGRAM
    for dir in "$current" "$other"; do
        case $1 in
        run) ;;
        cosim) ! "$dir/mcasim" cosim none.yaml 2>&1 | grep -q 'without the RTL' || return 1 ;;
        *) [ -x "$dir/mcasim-sc" ] || return 1 ;;
        esac
    done
}

# What the other commands say of finished runs, into $folder/commands: text and CSV into said/, sweep.json and the data of pages.
# Left out by name: the program's version, numbers made from a scenario's hash.
said() { # NAME COMMAND ARGUMENT...
    as=$1
    shift
    "$programs/mcasim" "$@" >"$work/said" 2>&1 || { echo "FAIL: mcasim $*: $(cat "$work/said")" >&2; exit 1; }
    grep -v '"\(version\|scenario_hash\)": ' "$work/said" >"$folder/commands/said/$as"
}
page_data() { # PAGE FILE
    sed -n 's,^<script type="application/json" id="data">\(.*\)</script>$,\1,p' "$1" >"$folder/commands/$2"
}
commands() (
    mkdir -p "$folder/commands/said"
    cd "$folder"
    ln -s "$MCA_COMPONENTS_DIR" components
    MCA_COMPONENTS_DIR=components # is printed
    for run in shared lenet-mnist; do
        said "explain_$run" explain $run
        while read -r figure _; do
            "$programs/mcasim" explain $run "$figure" || { echo "FAIL: mcasim explain $run $figure" >&2; exit 1; }
        done <"commands/said/explain_$run" >"commands/said/explained_$run"
    done
    "$programs/mcasim" report shared
    page_data shared/report.html report.json
    said compare compare shared devices batch float-converters
    said compare_json compare shared devices batch --json
    "$programs/mcasim" compare shared lenet-mnist devices --quiet -o compare.html >"$work/said"
    page_data compare.html compare.json
    # every run beside the one before it, in a narrow and in a wide terminal, and beside both
    first=shared second=batch
    for run in */summary.json; do
        run=${run%/*}
        case $run in sc-*) continue ;; esac # which a build may be without
        COLUMNS=64 "$programs/mcasim" compare "$first" "$run"
        COLUMNS=240 "$programs/mcasim" compare "$second" "$first" "$run"
        "$programs/mcasim" compare "$run" "$first" "$second" --json
        second=$first first=$run
    done 2>&1 | grep -v '"\(version\|scenario_hash\)": ' >commands/said/compared
    said price price shared --library hermes-14nm -o price
    page_data price/report.html price.json
    said check check devices/scenario.yaml
    said keys keys
    said components components
    said validate validate --data no-data # as the list has it without MNIST
    said run run shared/scenario.yaml --set train.images=50 -o again
    cat >sweep.yaml <<-END
	scenario: again/scenario.yaml
	set: {train.epochs: 1}
	grid: {adc.bits: [5, 8], network.layers: [[784, 10], [784, 12, 10]]}
	list: [{dac.share: 8}, {dac.share: 4, transfer.epsilon_us: 0.5}]
	seeds: 2
	pareto: [[latency, area], [accuracy, energy]]
	END
    said sweep sweep sweep.yaml -o sweep -j 2
    said sweep_again sweep sweep.yaml -o sweep -j 2
    cut -d , -f 2- sweep/sweep.csv >commands/said/sweep.csv # without the points' numbers
    cp sweep/groups.csv sweep/pareto.csv commands/said
    cp sweep/sweep.json commands
    page_data sweep/sweep.html sweep_page.json
    searches
    answers
    for run in drift three-layers conv-synthetic worn inferred inferred-conv verified what-if; do
        mkdir -p "pages/$run"
        page_data $run/report.html ../pages/$run/report.json
    done
)

# Of searches what is said and found: over rungs with a bound that binds, with one that no chip keeps to, for two objectives; with ties, a
# list, an area that binds, one axis, points that fail beside points that run.
searches() {
    cat >search.yaml <<-END
	network: {layers: [784, 12, 10]}
	dataset: {name: synthetic-digits, synthetic_train: 450, synthetic_test: 100}
	train: {epochs: 1, images: 160, validation_images: 50, test_images: 50}
	END
    axes='transfer.epsilon_us: [0.2, 0.5, 0.77, 2], dpu.lanes: [4, 16, 64], adc.bits: [4, 6, 8], refresh.every_images: [0, 20]'
    for search in \
        "grid: {$axes}|seeds: 3|minimise: [energy]|subject_to: {accuracy: '>= 15 %', area: '<= 0.95 mm2'}|budget: {images: 16000}" \
        "grid: {$axes}|seeds: 2|minimise: [latency]|subject_to: {accuracy: '>= 60 %'}|budget: {images: 9000}|halving: {first_images: 20}" \
        'grid: {dpu.lanes: [4, 16, 64], adc.share: [1, 4, 16], chi.ports: [1, 2]}|minimise: [energy, latency]|budget: {images: 2500}' \
        "grid: {chi.banks: [1, 2, 4], transfer.fifo_depth: [1, 8, 64], dpu.lanes: [8, 16]}|seeds: 1|minimise: [latency]|budget: {images: 3000}" \
        "list: [{adc.bits: 5, dpu.lanes: 8}, {adc.bits: 6, dpu.lanes: 32}, {adc.bits: 8}, {adc.kind: sar}, {dac.share: 16}]|seeds: [3, 5]|minimise: [energy-delay, area]|budget: {images: 4000}|halving: {first_images: 40, factor: 2}" \
        "grid: {adc.kind: [sar, cco], adc.share: [1, 2, 8], chi.bits: [15, 17]}|minimise: [area, latency]|subject_to: {energy: '<= 20 nJ', latency: '<= 0.8 us'}|budget: {images: 5000}" \
        "grid: {transfer.epsilon_us: [0.1, 0.3, 0.5, 0.7, 0.77, 0.9, 1.2, 1.6, 2, 3]}|seeds: 2|minimise: [energy]|subject_to: {accuracy: '>= 20 %'}|budget: {images: 6000}|halving: {first_images: 30, factor: 3}"; do
        number=$((${number:-0} + 1))
        echo "scenario: search.yaml|$search" | tr '|' '\n' >"search_$number.yaml"
        {
            "$programs/mcasim" optimise "search_$number.yaml" -o "search_$number" -j 2 2>&1 || echo "exit status $?"
        } >"commands/said/searched_$number"
        cp "search_$number/optimise.json" "commands/optimise_$number.json"
        cp "search_$number/front.csv" "commands/said/front_$number.csv"
        page_data "search_$number/sweep.html" "optimise_page_$number.json"
    done
}

# What mcasim says to asked.txt, those of one NAME in one file.
answers() {
    PATH=$programs:$PATH
    export PATH
    unset COLUMNS NO_COLOR
    # shellcheck disable=SC2034 # lines of asked.txt have them
    commands=$(mcasim --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p') \
        small='--set dataset.name=synthetic-digits --set dataset.synthetic_train=450 --set dataset.synthetic_test=100'
    grep -v '^#' "$here/asked.txt" >"$work/asked"
    while read -r as line; do
        {
            printf '$ %s\n' "$line"
            (eval "$line") </dev/null >"$work/answer" 2>"$work/notices" && status=0 || status=$?
            cat "$work/notices" "$work/answer"
            echo "exit status $status" # on a line of its own where the answer ends as a line does
        } | grep -v -e '"\(version\|scenario_hash\|path\)": ' -e '^\.TH ' -e 'mcasim [0-9]*\.[0-9]*\.[0-9]' >>"commands/said/$as"
    done <"$work/asked"
}

# DIR of programs, FOLDER for results, hashes|fields: lines on stdout
lines() {
    programs=$1 folder=$2
    mkdir -p "$folder/validate"
    all_runs >"$work/runs"
    while read -r name program scenario settings; do
        is_built "$program" || continue
        # shellcheck disable=SC2086
        [ -e "$folder/$name" ] || one "$name" "$program" "$scenario" $settings
        if [ -f "$folder/$name/said" ]; then
            echo "$name said $(cat "$folder/$name/said")"
        else
            "$BUILD_DIR/bin/golden_lines" "$3" "$name" "$folder/$name"
        fi
        echo "$name" >>"$folder/names"
    done <"$work/runs"
    if [ "$list" = "$here/built-in.txt" ]; then
        echo commands >>"$folder/names"
        [ -e "$folder/commands" ] || commands || exit 1 # once for hashes and fields
        "$BUILD_DIR/bin/golden_lines" "$3" commands "$folder/commands"
        for page in "$folder"/pages/*; do
            "$BUILD_DIR/bin/golden_lines" "$3" "page-${page##*/}" "$page"
        done
    fi
    echo validate >>"$folder/names"
    "$programs/mcasim" validate --json --data "$data" >"$folder/validate/validate.json" || { echo "FAIL: mcasim validate" >&2; exit 1; }
    "$BUILD_DIR/bin/golden_lines" "$3" validate "$folder/validate"
}

# OLD NEW: what differs between two lists, a line each
differences() {
    awk -v show="${3:-}" '
        { key = $1 " " $2; value = $0; sub(/^[^ ]+ [^ ]+ /, "", value) }
        NR == FNR { old[key] = value; order[++n] = key; next }
        !(key in old) { print $1 ": " $2 " is not in the list" (show ? ": " value : ""); next }
        { seen[key] = 1 }
        old[key] != value { print $1 ": " $2 " differs" (show || value ~ / / ? ": " old[key] " -> " value : "") }
        END { for (i = 1; i <= n; ++i) if (!(order[i] in seen)) { sub(/ /, ": ", order[i]); print order[i] " is missing" } }' "$1" "$2"
}

case $mode in
--show)
    if [ "$2" = said ]; then
        lines "$current" "$work/new" hashes >/dev/null
        (cd "$work/new/commands/said" && grep . ./*)
        exit 0
    fi
    all_runs | grep "^$2 " >"$work/named" || { echo "no run is called $2"; exit 2; }
    read -r name program scenario settings <"$work/named"
    programs=$current folder=$work/new
    # shellcheck disable=SC2086
    one "$name" "$program" "$scenario" $settings
    "$BUILD_DIR/bin/golden_lines" fields "$name" "$work/new/$name"
    exit 0
    ;;
--against)
    for kind in hashes fields; do # files by their hashes, JSON by its fields
        wanted='^[^:]*$'
        [ $kind = hashes ] || wanted=:
        lines "$other" "$work/old" $kind | grep "$wanted" >"$work/old.$kind"
        lines "$current" "$work/new" $kind | grep "$wanted" >"$work/new.$kind"
    done
    { differences "$work/old.hashes" "$work/new.hashes" && differences "$work/old.fields" "$work/new.fields" show; } >"$work/differences"
    ;;
compare | --renew)
    lines "$current" "$work/new" hashes >"$work/got"
    [ "$(wc -l <"$work/got")" -gt 500 ] || { echo "FAIL: too few lines"; exit 1; }
    if [ $mode = --renew ]; then
        [ "$(sort -u "$work/new/names" | wc -l)" -gt "$(wc -l <"$work/runs")" ] || { echo "FAIL: a build with RTL and SystemC is needed"; exit 1; }
        cp "$work/got" "$list"
        exit 0
    fi
    # lines of runs that this build can do, or that are not done any more
    awk 'FILENAME == ARGV[1] { run[$1] = 1; next } FILENAME == ARGV[2] { all[$1] = 1; next } $1 in run || !($1 in all)' \
        "$work/new/names" "$work/runs" "$list" >"$work/list"
    differences "$work/list" "$work/got" >"$work/differences"
    ;;
*)
    echo "usage: golden.sh [mnist] [--renew | --against DIR | --show NAME]"
    exit 2
    ;;
esac
if [ -s "$work/differences" ]; then
    echo "FAIL: $(wc -l <"$work/differences") differences, in runs: $(cut -d: -f1 "$work/differences" | sort -u | tr '\n' ' ')"
    head -n 60 "$work/differences"
    [ $mode = --against ] || echo "Values before and after: golden.sh --against DIR, where DIR has the programs of before (tests/golden/README.md)."
    exit 1
fi
echo "the same in $(sort -u "$work/new/names" | grep -vcE '^(validate|commands)$') runs of $(wc -l <"$work/runs")"
