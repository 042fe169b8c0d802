#!/bin/sh
# mcasim compare: keys and results that differ, notices, refusals; the compared directories stay as they are.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
run() { # DIR OPTION...
    dir=$1
    shift
    "$MCASIM" run s.yaml -o "$dir" --quiet "$@" || fail "run $dir"
}
run base
run copy
run 'runs/coarse one' --set adc.bits=6
run seed --seed 2
run more --set train.epochs=3
run data --set dataset.synthetic_train=300
run library --set cost.library=isaac-32nm
find . -mindepth 2 -type f | sort | xargs -d '\n' cksum >"$cli_state/sums"

compares() { # DIR...: status 0, something on stdout
    capture "$MCASIM" compare "$@"
    [ "$status" -eq 0 ] || fail "compare $*: exit status $status: $(cat "$cli_state/err")"
    [ -s "$cli_state/out" ] || fail "compare $*: nothing on stdout"
}
notices() { # LINE...: on stderr, no other
    printf '%s\n' "$@" >"$cli_state/wanted"
    cmp -s "$cli_state/wanted" "$cli_state/err" || fail "notices '$(cat "$cli_state/err")', expected '$*'"
}

compares base copy
grep -q '^Scenario: no key differs$' "$cli_state/out" || fail 'the same run differs'
grep -q '[*]' "$cli_state/out" && fail 'one of two same runs is better'
grep -Eq '[+-][0-9.]+ (pt|%)' "$cli_state/out" && fail 'the same run differs'
[ ! -s "$cli_state/err" ] || fail "a notice: $(cat "$cli_state/err")"

compares base 'runs/coarse one/'
[ ! -s "$cli_state/err" ] || fail "a notice: $(cat "$cli_state/err")"
grep -Eq '^Scenario +1 base +2 coarse one$' "$cli_state/out" || fail 'no heads'
grep -Eq '^  adc.bits +8 +6$' "$cli_state/out" || fail 'adc.bits is missing'
[ "$(sed -n '/^Scenario/,/^$/p' "$cli_state/out" | grep -c '^  ')" -eq 1 ] || fail 'more than one key'
grep -Eq '^  area +[0-9.]+ mm² +[0-9.]+ mm²[* ] +[+-]?[0-9.]+ mm² +[+-]?[0-9.]+ %$' "$cli_state/out" || fail 'no area'
grep -Eq '^  busiest resource +[a-z]+ +[a-z]+$' "$cli_state/out" || fail 'no busiest resource'

# the figures are those of summary.json
value() { # DIR SECTION KEY
    sed -n "/^  \"$2\": {/,/^  }/s/^    \"$3\": \([-0-9.e]*\),*$/\1/p" "$1/summary.json"
}
capture "$MCASIM" compare base 'runs/coarse one' --json
[ "$status" -eq 0 ] || fail '--json'
awk -v a="$(value base energy_j total)" -v b="$(value 'runs/coarse one' energy_j total)" '
    /"name": "energy_j.total"/ { here = 1 }
    here && /"differences"/ { getline; getline; got = $1 + 0; exit }
    END { exit !(a > 0 && got != 0 && (got - (b - a)) ^ 2 < (1e-12 * a) ^ 2) }' "$cli_state/out" ||
    fail 'the difference of energies is not that of the summaries'

compares base seed && notices 'seeds differ (1, 2): a part of each difference is chance'
compares base more && notices 'numbers of images differ (400, 600): totals and writes do not compare, figures per image do'
compares base library && notices 'component libraries differ (mca-14nm, isaac-32nm): energy and area differ by their figures too'
compares base data
grep -q '^data sets differ (synthetic-digits [0-9a-f]*, synthetic-digits [0-9a-f]*): accuracies do not compare$' "$cli_state/err" ||
    fail "other data: $(cat "$cli_state/err")"
cp -r base old && sed -i 's/"commit": "[^"]*"/"commit": "0ld"/' old/summary.json
seal old
compares base old
grep -q '^versions of mcasim differ (.*(0ld)): the model may have changed$' "$cli_state/err" || fail 'another version'
capture "$MCASIM" compare base old seed --quiet
[ ! -s "$cli_state/err" ] || fail '--quiet has notices'
rm -r old

# width: blocks with the base in each
COLUMNS=400 compares base seed more library
[ "$(grep -c '^Results' "$cli_state/out")" -eq 1 ] || fail 'a wide terminal has more than one block'
COLUMNS=80 compares base seed more library
[ "$(grep -c '^Results .* 1 base' "$cli_state/out")" -eq 3 ] || fail 'a narrow terminal has other than three blocks'
four='base seed more data'
many="$four $four $four $four $four $four $four $four"
# shellcheck disable=SC2086
compares $many
find . -mindepth 2 -type f | sort | xargs -d '\n' cksum >"$cli_state/after"
cmp "$cli_state/sums" "$cli_state/after" || fail 'a compared directory is altered'

refuses 2 "mcasim compare: 2 to 32 runs' directories are needed, 0 given; see 'mcasim compare --help'" "$MCASIM" compare
refuses 2 "mcasim compare: 2 to 32 runs' directories are needed, 1 given; *" "$MCASIM" compare base
# shellcheck disable=SC2086
refuses 2 "mcasim compare: 2 to 32 runs' directories are needed, 33 given; *" "$MCASIM" compare base $many

# the page: beside the text, whole or not at all, and over an older one only when told
page_data() { # FILE
    sed -n 's/.*id="data">\(.*\)<\/script>.*/\1/p' "$1"
}
"$MCASIM" compare base seed >text 2>notices
capture "$MCASIM" compare base seed -o page.html
[ "$status" -eq 0 ] || fail "-o: exit status $status: $(cat "$cli_state/err")"
cmp "$cli_state/out" text || fail '-o changes what is printed'
cmp "$cli_state/err" notices || fail '-o changes the notices'
[ -z "$(find . -maxdepth 1 -name '.page*')" ] || fail 'a partial page is left'
[ "$(grep -c 'id="data"' page.html)" -eq 1 ] || fail 'a page without data'
grep -Eq '(src|href)="?(https?:)?//' page.html && fail 'the page asks a network'
grep -q 'MIT License' page.html || fail 'Chart.js without its licence'
[ "$(wc -c <page.html)" -lt 1500000 ] || fail 'a page of 1.5 MB or more'
cp page.html first.html
"$MCASIM" compare base seed --json >json 2>/dev/null
capture "$MCASIM" compare base seed --json --quiet --output page.html --force
[ "$status" -eq 0 ] || fail "--force: exit status $status: $(cat "$cli_state/err")"
cmp "$cli_state/out" json || fail '--json with -o is another JSON'
[ ! -s "$cli_state/err" ] || fail '--quiet has notices'
cmp first.html page.html || fail 'another page of the same runs'
# what a name could do to a page
mkdir '<!--<script>&' && cp -r base/. '<!--<script>&'
compares base '<!--<script>&' -o odd.html
page_data odd.html | grep -q '<' && fail "a name's < stands in the script"
rm -r '<!--<script>&'
# shellcheck disable=SC2086
compares $many -o many.html
find . -mindepth 2 -type f | sort | xargs -d '\n' cksum >"$cli_state/after"
cmp "$cli_state/sums" "$cli_state/after" || fail 'a compared directory is altered by a page'
refuses 2 "page.html exists; use another -o, or --force to replace it" "$MCASIM" compare base seed -o page.html
cmp first.html page.html || fail 'a refusal touches the old page'
refuses 2 "base is no plain file; use another -o" "$MCASIM" compare base seed -o base --force
ln -s page.html link.html
refuses 2 "link.html is no plain file; use another -o" "$MCASIM" compare base seed -o link.html --force
refuses 3 "none/page.html: cannot be created: No such file or directory" "$MCASIM" compare base seed -o none/page.html
refuses 3 "*: Not a directory" "$MCASIM" compare base seed -o page.html/page.html
refuses 2 "mcasim compare: --force is of use only with -o; *" "$MCASIM" compare base seed --force
refuses 2 "mcasim compare: option -o needs a value; *" "$MCASIM" compare base seed -o
refuses 2 "mcasim compare: -o needs the name of a file; *" "$MCASIM" compare base seed -o ''
# sh -c: the limit holds for the program alone; 8 blocks are 4096 bytes
# shellcheck disable=SC2016
refuses 3 "page.html: cannot be written: File too large" sh -c 'ulimit -f 8 && exec "$MCASIM" compare base seed -o page.html --force'
cmp first.html page.html || fail 'a failure touches the old page'
without() { # FILE SED-SCRIPT LINE: the page is refused, the text needs it not
    rm -rf bad && cp -r base bad && sed "$2" "base/$1" >"bad/$1" && seal bad
    refuses "${4:-2}" "$3" "$MCASIM" compare base bad -o bad.html
}
without epochs.csv '1s/energy_j/joules/' 'bad/epochs.csv:1: expected a column energy_j'
without epochs.csv '3s/^2,/two,/' 'bad/epochs.csv:3: epoch: expected a number'
without epochs.csv '3s/,.*//' 'bad/epochs.csv:3: images: expected a number'
without epochs.csv d 'bad/epochs.csv:1: expected a column epoch'
without summary.json 's/"by_component"/"by_part"/' 'bad/summary.json: energy_j/by_component: expected an object'
without summary.json '/"critical_path": {/,/}/s/: [0-9][0-9.e-]*/: "x"/' 'bad/summary.json: latency_s/critical_path: expected numbers'
rm bad/epochs.csv && cp base/summary.json bad
refuses 2 'bad/epochs.csv: expected * bytes, found no such file' "$MCASIM" compare base bad -o bad.html
compares base bad
refuses 3 "*none/scenario.yaml: No such file or directory" "$MCASIM" compare base none
mkdir pipe && cp base/scenario.yaml pipe && mkfifo pipe/summary.json
refuses 3 "pipe/summary.json: not a regular file" timeout 10 "$MCASIM" compare base pipe
rm -rf pipe && cp -r base pipe && rm pipe/epochs.csv && mkfifo pipe/epochs.csv
sed -i 's/"schema_version": 2/"schema_version": 1/; /"files": {/,$d' pipe/summary.json # of before there were checksums
sed -i '$s/,$/}/' pipe/summary.json
refuses 3 "pipe/epochs.csv: not a regular file" timeout 10 "$MCASIM" compare base pipe --quiet -o pipe.html
refuses 2 "'' is not the name of a run's directory" "$MCASIM" compare base ''
mkdir empty && refuses 3 "*empty/scenario.yaml: No such file or directory" "$MCASIM" compare base empty
mkdir unfinished && cp base/scenario.yaml unfinished
refuses 3 "unfinished/summary.json: No such file or directory" "$MCASIM" compare base unfinished
broken() { # SED-SCRIPT LINE [RUN]
    rm -rf bad && cp -r "${3:-base}" bad && sed "$1" "${3:-base}/summary.json" >bad/summary.json
    [ "$1" = 5q ] || seal bad
    refuses 2 "$2" "$MCASIM" compare bad "${3:-base}"
}
# layers side by side where runs have the same ones; those of a version that had none have no value
run deep --set 'network.layers=[784,12,10]'
run other --set 'network.layers=[784,13,10]'
rm -rf old && cp -r deep old && sed 's/^  "layers": /  "strata": /' deep/summary.json >old/summary.json && seal old
compares deep old
grep -Eq '^  layer 1: energy per image +[0-9.]+ [pnµ]J +–' "$cli_state/out" || fail "layers: $(cat "$cli_state/out")"
grep -Eq '^  shared: area ' "$cli_state/out" || fail 'what layers share is missing'
compares deep other
grep -Eq '^Layers|layer 0' "$cli_state/out" && fail 'other layers are compared'
broken 's/"layers": \[/"layers": [1,/' "bad/summary.json: layers/0/energy_j/per_image: expected a number or null" deep
broken 5q "bad/summary.json:*"
rm -rf bad && cp -r base bad && sed -i 's/"schema_version": 2/"schema_version": 3/' bad/summary.json
refuses 2 "bad/summary.json: schema_version: expected 2: *" "$MCASIM" compare bad base
broken '0,/"hash": "..../s//"hash": "0000/' "bad/summary.json: scenario/hash: expected that of the scenario.yaml beside it"
broken 's/"test_final": [0-9.]*/"test_final": "high"/' "bad/summary.json: accuracy/test_final: expected a number or null"
broken '0,/"max_per_device"/{/"max_per_device"/d}' "bad/summary.json: writes/max_per_device: expected a number or null"
broken 's/"0.97": null/"0.97": 3/' "bad/summary.json: milestones/0.97/energy_j: expected a number or null"
broken 's/^  "images": [0-9]*/  "images": -1/' "bad/summary.json: images: expected a whole number, 0 or more"
rm -rf bad && cp -r base bad && echo 'seed: x' >bad/scenario.yaml && seal bad
refuses 2 "bad/scenario.yaml:1: seed: *" "$MCASIM" compare bad base
# --- long networks from where they differ: a word of an item, and an item that one lacks
cat >net.yaml <<'END'
network: {layers: [max_pool: {kernel: 4}, dense: {units: 12, activation: relu}, dense: {units: 10}]}
dataset: {name: synthetic-digits, synthetic_train: 20, synthetic_test: 10}
train: {epochs: 1, images: 2}
END
for sets in activation=tanh frozen=true unit_weight_us=16; do
    "$MCASIM" run net.yaml --set "network.layers.1.$sets" --quiet -o "net-${sets%=*}" >/dev/null 2>&1 || fail "run with $sets"
done
COLUMNS=200 compares net-activation net-frozen
grep -q '^  network.layers *…activation: tanh}, dense: {u…  *…activation: relu, frozen: tr…$' "$cli_state/out" || fail "networks: $(grep network.layers "$cli_state/out")"
COLUMNS=200 compares net-frozen net-unit_weight_us
grep -q '^  network.layers *…frozen: true}, dense: {units…  *…unit_weight_us: 16}, dense: …$' "$cli_state/out" || fail "networks: $(grep network.layers "$cli_state/out")"
"$MCASIM" run net.yaml --quiet -o net-plain >/dev/null 2>&1 || fail 'run net.yaml'
COLUMNS=200 compares net-plain net-frozen
grep -q '^  network.layers *…}, dense: {units: 10, activa…  *…, frozen: true}, dense: {uni…$' "$cli_state/out" || fail "networks: $(grep network.layers "$cli_state/out")"
# what just fits is shown whole, though it differs near its end alone
for width in 100 101; do
    "$MCASIM" run net.yaml --set "network.layers=[784, 1000, 100, 100, $width, 10]" --quiet -o "net-$width" >/dev/null 2>&1 || fail "run of width $width"
done
COLUMNS=200 compares net-100 net-101
grep -q '^  network.layers *\[784, 1000, 100, 100, 100, 10\]  *\[784, 1000, 100, 100, 101, 10\]$' "$cli_state/out" || fail "widths: $(grep network.layers "$cli_state/out")"
finish
