#!/bin/sh
# What comes with the program has names: wherever a file is asked for, after a file of that name; lists of it; lists of keys.
. "$(dirname "$0")/lib.sh"

write_tiny_scenario tiny.yaml
shipped=$SOURCE_DIR/scenarios

# --- the scenario is the file's, its name included
"$MCASIM" check mnist-float >by_name 2>"$cli_state/err" || fail "check mnist-float: $(cat "$cli_state/err")"
"$MCASIM" check "$shipped/mnist-float.yaml" 2>/dev/null | cmp -s - by_name || fail 'a name gives another scenario than its file'
capture "$MCASIM" run synthetic-quick --set train.epochs=0 --set dataset.synthetic_test=20 --quiet
[ "$status" -eq 0 ] && [ -e runs/synthetic-quick-1/summary.json ] || fail "run synthetic-quick: $(cat "$cli_state/err")"
capture "$MCASIM" infer synthetic-quick --weights runs/synthetic-quick-1/weights.npz --set dataset.synthetic_test=20 --quiet -o inferred
[ "$status" -eq 0 ] || fail "infer synthetic-quick: $(cat "$cli_state/err")"

# --- a file goes before a name, a folder does not; a path is no name
cp tiny.yaml mnist-float
"$MCASIM" check mnist-float 2>/dev/null | grep -q 'synthetic_train: 40' || fail 'a file of that name was passed over'
rm mnist-float
mkdir mnist-float
"$MCASIM" check mnist-float 2>/dev/null | cmp -s - by_name || fail 'a folder of that name stands in the way'
refuses 3 'cannot open ./mnist-mca: No such file or directory; did you mean mnist-mca?' "$MCASIM" check ./mnist-mca
refuses 3 'cannot open mnist-mca.yaml: No such file or directory; did you mean mnist-mca?' "$MCASIM" check mnist-mca.yaml

# --- in files: beside the file first
mkdir sub
echo 'base: mnist-float' >sub/mine.yaml
"$MCASIM" check sub/mine.yaml 2>/dev/null | sed '/^report:/,$d' >based
sed '/^report:/,$d' by_name | cmp -s - based || fail 'base: by name'
cp tiny.yaml sub/mnist-float
"$MCASIM" check sub/mine.yaml 2>/dev/null | grep -q 'synthetic_train: 40' || fail 'base: a file beside was passed over'
rm sub/mnist-float
refuses 3 'sub/mine.yaml:1: base: sub/mnist-flaot: No such file or directory; did you mean mnist-float?' sh -c \
    "echo 'base: mnist-flaot' >sub/mine.yaml; exec '$MCASIM' check sub/mine.yaml"
printf 'scenario: synthetic-quick\ngrid: {adc.bits: [6, 8]}\n' >sweep.yaml
capture "$MCASIM" sweep sweep.yaml -n
[ "$status" -eq 0 ] && [ "$(wc -l <"$cli_state/out")" -eq 3 ] || fail "scenario: by name: $(cat "$cli_state/err")"
capture "$MCASIM" sweep quick -n
[ "$status" -eq 0 ] && [ "$(wc -l <"$cli_state/out")" -eq 65 ] || fail "sweep quick: $(cat "$cli_state/err")"
mkdir quick
capture "$MCASIM" sweep quick -n -o quick
grep -q 'not a sweep' "$cli_state/err" || [ "$status" -eq 0 ] || fail "sweep quick -o quick: $(cat "$cli_state/err")"

# --- libraries, one of the user's own among them
"$MCASIM" components isaac-32nm | head -n 1 | grep -q '^isaac-32nm ' || fail 'components isaac-32nm'
"$MCASIM" price runs/synthetic-quick-1 --library hermes-14nm | grep -q hermes-14nm || fail 'price --library hermes-14nm'
mkdir own
printf 'name: our-28nm\nabout: Our own.\nbase: mca-14nm\n' >own/our-28nm.yaml
printf 'name: [\n' >own/broken.yaml
export MCA_COMPONENTS_DIR="$PWD/own"
"$MCASIM" scenarios >all || fail 'scenarios'
# an empty line stands before each list but the first
awk '$0 == "" { ++empty; bad = bad || NR == 1 } END { exit bad || empty != 3 }' all || fail 'lists are not set apart'
grep -qE '^  our-28nm +14 nm +0.8 V +Our own\.$' all || fail "no own library: $(tail -n 6 all)"
grep -qE '^  broken .*broken\.yaml' all || fail 'a broken library goes without a word, or takes the others with it'
refuses 3 '*did you mean our-28nm[?]' "$MCASIM" components our_28mn
unset MCA_COMPONENTS_DIR

# --- the list: every file, its network and data, and the first sentence of its head
for file in "$shipped"/*.yaml "$shipped"/sweeps/*.yaml "$shipped"/optimise/*.yaml "$shipped"/components/*.yaml; do
    grep -q "^  $(basename "$file" .yaml) " all || fail "$file is not listed"
done
grep -qE '^  synthetic-quick +784-50-10 +synthetic-digits +A first look in seconds: a small network on built-in synthetic digits, no download\.$' all ||
    fail "synthetic-quick: $(grep '^  synthetic-quick' all)"
grep -qE '^  lenet-fashion +2 conv2d, 2 max_pool, 2 dense +fashion-mnist +LeNet' all || fail "lenet-fashion: $(grep '^  lenet-f' all)"
grep -qE '^  tile-size +mnist-mca +15 points +Square tiles' all || fail "tile-size: $(grep '^  tile-size' all)"
grep -qE '^  small-space +synthetic-quick +450 chips +450 chips' all || fail "small-space: $(grep '^  small-space' all)"
grep -qF 'Front. Neurosci. 14:406 (2020): energy of a training image' all || fail "frontiers2020: $(grep '^  front' all)"
COLUMNS=100 "$MCASIM" scenarios | awk 'length > 100 { exit 1 }' || fail 'lines over the width'
refuses 2 "mcasim scenarios: nothing tells of 'frobnicate'; see *" "$MCASIM" scenarios frobnicate

# --- keys: names before meanings, cut lines, all keys
COLUMNS=80 "$MCASIM" keys pulse >found
awk 'length > 80 { exit 1 }' found || fail 'keys: lines over the width'
sed '/^$/,$d' found >named
[ -s named ] && ! grep -qv pulse named || fail "names: $(cat named)"
sed '1,/^$/d' found >told
[ -s told ] && ! grep -q '^[a-z_.]*pulse' told || fail "meanings: $(cat told)"
"$MCASIM" keys PULSES | cut -d ' ' -f 1 >capitals
"$MCASIM" keys pulse | cut -d ' ' -f 1 | cmp -s - capitals || fail 'capitals or an ending find others'

# --- JSON that reads again
for arguments in 'keys pulse --json' 'keys --json' 'scenarios --json' 'scenarios lenet --json'; do
    # shellcheck disable=SC2086
    "$MCASIM" $arguments >list.json || fail "$arguments"
    "$BUILD_DIR/bin/mca_run_files" json list.json || fail "$arguments is no JSON"
done
"$MCASIM" keys chi.bits --json | tr -d ' \n' >one.json
grep -qF '{"keys":[{"key":"chi.bits","type":"wholenumber","unit":"bits","default":"16","min":8.0,"above":null,"max":32.0,"word":null,"choices":null,' one.json ||
    fail "chi.bits as JSON: $(cat one.json)"
finish
