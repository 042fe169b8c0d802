#!/bin/sh
# Schemas: those of the tree are what `mcasim schema` prints, shipped files name them in their heads, and they accept and refuse what
# mcasim does: shipped files, summaries of runs, random scenarios, and files with a fault each.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"

for kind in scenario sweep optimise library summary; do
    "$MCASIM" schema $kind >"$kind.json" || fail "schema $kind"
    cmp "$kind.json" "$SOURCE_DIR/schema/$kind.json" || fail "schema/$kind.json is another one: mcasim schema $kind > schema/$kind.json"
done
refuses 2 "mcasim schema: a kind of file is needed; see *" "$MCASIM" schema
refuses 2 "mcasim schema: 'report' is none of scenario, sweep, optimise, library, summary; see *" "$MCASIM" schema report

# --- heads of shipped files
heads() { # KIND FILE...
    kind=$1
    shift
    for file; do
        named=$(sed -n '1s/^# yaml-language-server: \$schema=//p' "$file")
        [ -n "$named" ] && cmp -s "$(dirname "$file")/$named" "$kind.json" || fail "$file: its first line names no schema of a $kind: '$named'"
    done
}
heads scenario "$SOURCE_DIR"/scenarios/*.yaml
heads sweep "$SOURCE_DIR"/scenarios/sweeps/*.yaml
heads optimise "$SOURCE_DIR"/scenarios/optimise/*.yaml
heads library "$SOURCE_DIR"/scenarios/components/*.yaml

# --- a first line that names the schema is no part of a library: runs that were priced before there was one go on
write_tiny_scenario tiny.yaml
sed 1d "$SOURCE_DIR/scenarios/components/mca-14nm.yaml" >own.yaml
"$MCASIM" run tiny.yaml -o before --set cost.library=own.yaml --quiet || fail "run"
cp "$SOURCE_DIR/scenarios/components/mca-14nm.yaml" own.yaml
"$MCASIM" explain before energy_j.total >/dev/null || fail "a first line that names a schema makes another library"
printf '# other\n' | cat - own.yaml >other.yaml
mv other.yaml own.yaml
capture "$MCASIM" explain before energy_j.total
[ "$status" -eq 2 ] || fail "another first line makes no other library: $status"

# --- by a validator
for python in python3 /usr/bin/python3 ""; do
    "${python:-false}" -W ignore -c 'import jsonschema, yaml' 2>/dev/null && break
done
[ -n "$python" ] || not_run "in part: no jsonschema and yaml of Python; tools/setup --tests installs python3-jsonschema and python3-yaml"
check() { # KIND valid|refused FILE...
    kind=$1
    shift
    "$python" -W ignore "$SOURCE_DIR/tests/cli/schema_check.py" "$kind.json" "$@" >checked || fail "$kind $1: $(cat checked)"
}
check scenario valid "$SOURCE_DIR"/scenarios/*.yaml before/scenario.yaml
check sweep valid "$SOURCE_DIR"/scenarios/sweeps/*.yaml
check optimise valid "$SOURCE_DIR"/scenarios/optimise/*.yaml
check library valid "$SOURCE_DIR"/scenarios/components/*.yaml

# --- summaries: dense layers, layers of a kind with ages, devices without pulses, a chip that is tested alone
cat >typed.yaml <<'END'
network:
  layers: [conv2d: {filters: 2, kernel: 7, stride: 3}, max_pool: {kernel: 2}, dense: {units: 10, digital: true}]
dataset: {name: synthetic-digits, synthetic_train: 40, synthetic_test: 20}
train: {epochs: 1}
ageing: {ages_s: [100, 1e6], seeds: 2}
END
"$MCASIM" run typed.yaml -o typed --quiet || fail "run typed"
"$MCASIM" run tiny.yaml -o ideal --set device.model=ideal --set transfer.mode=direct --quiet || fail "run ideal"
"$MCASIM" infer before --weights before/weights -o infer --quiet || fail "infer"
"$MCASIM" run tiny.yaml -o imported --weights before/weights.npz --set train.epochs=0 --quiet || fail "run of weights"
check summary valid before/summary.json typed/summary.json ideal/summary.json infer/summary.json imported/summary.json
check scenario valid typed/scenario.yaml ideal/scenario.yaml infer/scenario.yaml
n=0
for change in 's/"schema_version": 2/"schema_version": 1/' 's/"seed": 1/"seed": "1"/' 's/"per_image": [0-9.e-]*/"per_image": true/' \
    's/"total": /"totals": /' 's/"checksum": "[0-9a-f]/"checksum": "x/' 's/"tiles": /"tiles": -/' '/"train_final"/d'; do
    n=$((n + 1))
    sed "$change" before/summary.json >changed-$n.json
    ! cmp -s before/summary.json changed-$n.json || fail "$change changes nothing"
done
check summary refused changed-*.json

# --- random scenarios; mca_schema_cases sees that mcasim takes the ones and refuses the others
mkdir cases
"$BUILD_DIR/bin/mca_schema_cases" cases 120 || fail "cases"
check scenario valid cases/valid-*.yaml
check scenario refused cases/fault-*.yaml
grep -q '120 files' checked || fail "not 120 faults: $(cat checked)"

# --- sweep files with a fault each
number=0
bad_sweep() { # TEXT
    number=$((number + 1))
    printf '%b' "$1" >bad-sweep-$number.yaml
    capture "$MCASIM" sweep bad-sweep-$number.yaml -n
    [ "$status" -eq 2 ] || fail "sweep of '$1': exit status $status"
}
good_sweep() { # TEXT
    number=$((number + 1))
    printf '%b' "$1" >good-sweep-$number.yaml
    capture "$MCASIM" sweep good-sweep-$number.yaml -n
    [ "$status" -eq 0 ] || fail "sweep of '$1': $(cat "$cli_state/err")"
}
head='scenario: tiny.yaml\n'
typed='scenario: typed.yaml\n'
good_sweep "${head}grid: {chi.bits: [14, 16], train.loss: [softmax, squared]}\nseeds: 2\npareto: [[accuracy, energy]]\n"
good_sweep "${head}list: [{}, {chi.bits: 14}]\nseeds: [3, 4]\nset: {train.shuffle: false}\n"
good_sweep "${head}random: {samples: 3, keys: {transfer.epsilon_us: {low: 0.1, high: 2, scale: log}}}\n"
good_sweep "${head}latin_hypercube: {samples: 3, seed: 2, keys: {chi.bits: {low: 14, high: 20}, train.learning_rate: {low: 0.01, high: 1}}}\n"
good_sweep "${typed}grid: {network.layers.0.filters: [2, 3], network.layers.0.activation: [relu]}\n"
good_sweep "${head}grid: {network.layers: [[784, 10], [784, 20, 10]]}\n"
bad_sweep "grid: {chi.bits: [14, 16]}\n"
bad_sweep "${head}grids: {chi.bits: [14, 16]}\n"
bad_sweep "${head}grid: {chi.bit: [14, 16]}\n"
bad_sweep "${head}grid: {chi.bits: 14}\n"
bad_sweep "${head}grid: {chi.bits: []}\n"
bad_sweep "${head}grid: {}\n"
bad_sweep "${head}grid: {chi.bits: [14, 40]}\n"
bad_sweep "${head}grid: {chi: {bits: [14, 16]}}\n"
bad_sweep "${head}zip: {train.loss: [cross]}\n"
bad_sweep "${head}set: {chi.bits: many}\n"
bad_sweep "${head}list: {chi.bits: 14}\n"
bad_sweep "${head}list: [chi.bits]\n"
bad_sweep "${head}random: {keys: {chi.bits: {low: 8, high: 20}}}\n"
bad_sweep "${head}random: {samples: 0, keys: {chi.bits: {low: 14, high: 20}}}\n"
bad_sweep "${head}random: {samples: 3, keys: {chi.bits: {low: 14}}}\n"
bad_sweep "${head}random: {samples: 3, keys: {chi.bits: {low: 1, high: 20}}}\n"
bad_sweep "${head}random: {samples: 3, keys: {train.loss: {low: 14, high: 20}}}\n"
bad_sweep "${head}random: {samples: 3, keys: {chi.bits: {low: 14, high: 20, scale: square}}}\n"
bad_sweep "${head}seeds: 0\n"
bad_sweep "${head}seeds: [1, x]\n"
bad_sweep "${head}seeds: [1, 1]\n"
bad_sweep "${head}seeds: 2\npareto: [[accuracy]]\n"
bad_sweep "${head}seeds: 2\npareto: [[accuracy, beauty]]\n"
bad_sweep "${typed}grid: {network.layers.0.kernel: [0]}\n"
bad_sweep "${typed}grid: {network.layers.0.no_such: [1]}\n"
check sweep valid good-sweep-*.yaml
check sweep refused bad-sweep-*.yaml

# --- libraries with a fault each
bad_library() { # WHAT-SED-DOES FILE
    number=$((number + 1))
    sed "$1" "$2" >bad-library-$number.yaml
    ! cmp -s "$2" bad-library-$number.yaml || fail "$1 changes nothing"
    capture "$MCASIM" components ./bad-library-$number.yaml
    [ "$status" -eq 2 ] || fail "library with '$1': exit status $status"
}
cat >small.yaml <<'END'
name: small
about: on top of another one
base: mca-14nm
node_nm: 14
causes: {own: {factor: 2, note: a cause}}
energy:
  int_add: {energy_fj: 10, node_nm: 14, voltage_v: 0.8, scaling: stillmaker-baas, uncertainty: 2, kind: assumption, source: mine, at_bits: 8}
  sram_read: {energy_fj: 10, node_nm: 14, uncertainty: 2, causes: [own], kind: assumption, source: mine, at_bytes: 16384, exponent: 0.6}
blocks:
  dpu_lane: {static: {power_uw: 1, node_nm: 14, uncertainty: 2, kind: assumption, source: mine, note: none}}
END
capture "$MCASIM" components ./small.yaml
[ "$status" -eq 0 ] || fail "small.yaml: $(cat "$cli_state/err")"
check library valid small.yaml
whole=$SOURCE_DIR/scenarios/components/mca-14nm.yaml
for change in 's/^name: .*//' 's/^base: .*//' 's/^node_nm: 14/node_nm: 1/' 's/^about/abaut/' 's/energy_fj: 10, node_nm: 14, vol/energy: 10, node_nm: 14, vol/' \
    's/energy_fj: 10/energy_fj: 0/' 's/energy_fj: 10/energy_fj: 10, energy_pj: 1/' 's/energy_fj: 10/energy_j: 10/' 's/energy_fj: 10/energy_fj: ten/' \
    's/ source: mine,//' 's/ uncertainty: 2,//' 's/uncertainty: 2/uncertainty: 0.5/' 's/kind: assumption/kind: guess/' 's/at_bits: 8/law: cubic/' \
    's/at_bits: 8/law: linear/' 's/, exponent: 0.6//' 's/at_bytes: 16384, //' 's/ voltage_v: 0.8,//' 's/int_add/int_sum/' 's/static:/standing:/' \
    's/power_uw: 1/power_uw: -1/' 's/note: none/remark: none/' 's/factor: 2, //' 's/factor: 2/factor: 0/' 's/causes: \[own\]/causes: own/'; do
    bad_library "$change" small.yaml
done
bad_library 's/^  dram_read:/  # dram_read:/; /charged where cost.dram/d' "$whole"
bad_library '/^timing:/,$d' "$whole"
check library refused bad-library-*.yaml
finish
