#!/bin/sh
# Networks written with kinds: the same results as from widths, through every command that takes a scenario.
. "$(dirname "$0")/lib.sh"

write_small_scenario small.yaml
printf 'base: small.yaml\nnetwork: {layers: [784, 12, 10]}\n' >widths.yaml
cat >typed.yaml <<'END'
base: widths.yaml
network:
  layers:
    - dense: {units: 12, unit_weight_us: 8, adc_forward_range: 16}
    - dense: {units: 10, unit_weight_us: 8, adc_forward_range: 16, adc_backward_range: 4}
END

# --- the same values, where the numbers of the layers are the chip's: all files but those that hold the scenario's text or hash
"$MCASIM" run widths.yaml -o widths --quiet >/dev/null || fail 'run widths.yaml'
"$MCASIM" run typed.yaml -o typed >screen 2>/dev/null || fail 'run typed.yaml'
for file in epochs.csv energy.csv energy_layers.csv chip.json timeline.json weights/*; do
    for path in widths/$file; do
        cmp -s "$path" "typed/${path#widths/}" || fail "$path differs"
    done
done
grep -q '^network of 2 layers, 1 x 28 x 28 to 10, 9,550 weights on 5 tiles' screen || fail "header: $(sed -n 2p screen)"

# --- layer by layer beside the digital designs, on the terminal and as Markdown
grep -q '^  by layer, per image ' screen && [ "$(grep -c '^  1 dense 10 ' screen)" -eq 2 ] || fail 'designs by layer'
if command -v python3 >/dev/null; then
    "$SOURCE_DIR/tools/where-the-crossbar-pays" typed >table 2>&1 || fail "where-the-crossbar-pays: $(head -1 table)"
    grep -q '^| 0 dense 12 | 785 x 12 | 1 | [0-9.]* [mµn]J (.*) |' table || fail "table: $(sed -n 5p table)"
    "$SOURCE_DIR/tools/where-the-crossbar-pays" small.yaml 2>/dev/null
    [ $? -eq 2 ] || fail 'a file that is no run'
fi

# --- what check prints loads again to the same, with the network beside it as a comment
"$MCASIM" check typed.yaml >first.yaml 2>/dev/null || fail 'check typed.yaml'
"$MCASIM" check first.yaml >second.yaml 2>/dev/null || fail 'check first.yaml'
cmp first.yaml second.yaml || fail 'check of what check printed'
grep -q '^# 0     dense         12                 785 x 12                     4        9,420              1$' first.yaml ||
    fail "table: $(grep '^#' first.yaml)"

# --- inherited, set, swept
printf 'base: typed.yaml\ntrain: {batch: 2}\n' >child.yaml
"$MCASIM" check child.yaml 2>/dev/null | grep -q '^    - dense: {units: 12, activation: sigmoid, unit_weight_us: 8, adc_forward_range: 16}$' || fail 'inherited'
"$MCASIM" check typed.yaml --set 'network.layers=[784, 12, 10]' 2>/dev/null | grep -q '^  layers: \[784, 12, 10\]$' ||
    fail 'widths set over kinds'
"$MCASIM" check widths.yaml --set 'network.layers=[conv2d: {filters: 2, kernel: 9, stride: 9}, dense: {units: 10}]' 2>/dev/null |
    grep -q '^# 0     conv2d        2 x 3 x 3 ' || fail 'kinds set over widths'
cat >sweep.yaml <<'END'
scenario: widths.yaml
grid:
  network.layers: [[784, 12, 10], [dense: {units: 12}, dense: {units: 10}]]
END
"$MCASIM" sweep sweep.yaml -o swept --quiet >/dev/null 2>&1 || fail 'sweep'
grep -q '"network.layers": "\[dense: {units: 12, activation: sigmoid}, dense: {units: 10, activation: sigmoid}\]"' swept/sweep.json ||
    fail 'sweep.json'
# --- one key of a layer set or swept: as if the list had been written so
cat >conv.yaml <<'END'
base: widths.yaml
network:
  layers:
    - conv2d: {filters: 2, kernel: 9, stride: 9, activation: relu}
    - max_pool: {kernel: 2}
    - dense: {units: 10}
END
sed 's/filters: 2/filters: 3/; s/units: 10/units: 10, unit_weight_us: 4, frozen: true/' conv.yaml >written.yaml
set -- --set network.layers.0.filters=3 --set network.layers.2.unit_weight_us=4 --set network.layers.2.frozen=true
"$MCASIM" check conv.yaml "$@" >one_by_one 2>/dev/null || fail 'keys of layers set'
"$MCASIM" check written.yaml 2>/dev/null | sed 's/"written"/"conv"/' >written
cmp one_by_one written || fail 'keys of layers set: another scenario'
"$MCASIM" run conv.yaml "$@" -o set_run --quiet >/dev/null 2>&1 || fail 'run with keys of layers'
cat >keys.yaml <<'END'
scenario: conv.yaml
set: {network.layers.0.filters: 3, network.layers.2.frozen: true}
grid: {network.layers.2.unit_weight_us: [4, 8]}
list: [{}, {network.layers.2.adc_forward_range: 4}]
END
"$MCASIM" sweep keys.yaml -o swept_keys --quiet >/dev/null 2>&1 || fail 'sweep of keys of layers'
head -1 swept_keys/sweep.csv | grep -q '^point,setting,network.layers.2.unit_weight_us,network.layers.2.adc_forward_range,seed,' || fail "columns: $(head -1 swept_keys/sweep.csv)"
[ "$(cut -d, -f 3,4 swept_keys/sweep.csv | tail -n 4 | tr '\n' ' ')" = '4,auto 4,4 8,auto 8,4 ' ] || fail "values: $(cut -d, -f 3,4 swept_keys/sweep.csv)"
point=$(sed -n 2p swept_keys/sweep.csv | cut -d, -f 1)
for file in epochs.csv ledger.json weights/layer0_g_plus.npy; do
    cmp -s "set_run/$file" "swept_keys/points/$point/$file" || fail "$file of a point is not that of --set"
done
for wrong in "0.kernel=99: 99 is out of range 1..64" "0.kernal=2: unknown key; did you mean kernel[?]" "0.colour=2: unknown key; conv2d has: filters, kernel, stride, *" \
    "1.frozen=true: unknown key; max_pool has: kernel, stride" "3.units=2: no such layer; the network has 0..2" \
    "x.units=2: no such layer; the network has 0..2" "0=2: not of the form network.layers.LAYER.KEY" "2.units=: no value; a whole number 1..1000000 is needed"; do
    assignment=${wrong%%: *}
    refuses 2 "--set: network.layers.${assignment%%=*}: ${wrong#*: }" "$MCASIM" check conv.yaml --set "network.layers.$assignment"
done
refuses 2 '--set: network.layers.0.frozen: widths have no keys; write network.layers as - KIND: {KEY: VALUE}' \
    "$MCASIM" run widths.yaml -o out --set network.layers.0.frozen=true
refused_axes() { # LINES MESSAGE
    printf 'scenario: conv.yaml\n%s\n' "$1" >wrong.yaml
    refuses 2 "wrong.yaml:$2" "$MCASIM" sweep wrong.yaml -o out
}
refused_axes 'grid: {network.layers.7.units: [3, 4]}' '2: network.layers.7.units: no such layer; the network has 0..2'
refused_axes 'grid: {network.layers.2.units: [10, 0]}' '2: network.layers.2.units: 0 is out of range 1..1000000'
refused_axes 'grid: {network.layers: [[784, 10]]}
list: [{network.layers.2.frozen: true}]' '3: network.layers.2.frozen: *'
refused_axes 'list: [{network.layers.2.frozen: true}]
grid: {network.layers: [[dense: {units: 8}, dense: {units: 9}, dense: {units: 10}]]}' \
    '2: network.layers.2.frozen: swept, and so is network.layers in line 3'
refused_axes 'set: {network.layers.2.frozen: true}
grid: {network.layers.2.frozen: [true, false]}' '3: network.layers.2.frozen: swept, but also fixed by set in line 2'
refused_axes 'set: {network.layers.2.frozen: true}
grid: {network.layers: [[784, 10]]}' '3: network.layers: swept, but also fixed by set in line 2'
# --- a digital layer: no tiles, weights in SRAM; loaded, priced and explained as others are
cat >digital.yaml <<'END'
base: widths.yaml
network:
  layers:
    - dense: {units: 12, unit_weight_us: 8, adc_forward_range: 16}
    - dense: {units: 10, digital: true}
END
"$MCASIM" check digital.yaml 2>/dev/null | grep -q '^# 1     dense         10                 13 x 10                digital          130              1$' ||
    fail "table: $("$MCASIM" check digital.yaml 2>/dev/null | grep '^#')"
"$MCASIM" run digital.yaml -o digital >screen 2>/dev/null || fail 'run digital.yaml'
ls digital/weights | grep -v layer0_ | tr '\n' ' ' | grep -q '^layer1_weight.npy $' || fail "files of a digital layer: $(ls digital/weights)"
# weights in memory take no cells of the tiles: 785 x 12 x 2 devices of 4 tiles
grep -q '^  all  *4  *3.6 % ' screen || fail "cells used: $(grep '^  all ' screen)"
[ "$("$MCASIM" explain digital array.cells_used 2>/dev/null | grep -c ' 18840')" -eq 1 ] || fail "explain: $("$MCASIM" explain digital array.cells_used)"
grep -q '^  1 dense 10  .* [0-9.]* µm² ' screen || fail "area of a digital layer: $(grep '^  1 dense' screen)"
"$MCASIM" explain digital area_mm2.total 2>/dev/null | grep -q 'weight_bit' || fail 'explain: area of the weight memory'
"$MCASIM" explain digital energy_j.by_component.weight_read >/dev/null 2>&1 || fail 'explain: weight_read'
"$MCASIM" price digital --library hermes-14nm >/dev/null 2>&1 || fail 'price'
"$MCASIM" run digital.yaml -o loaded --weights digital/weights --quiet --set train.learning_rate=1e-9 >/dev/null 2>&1 || fail 'weights of a digital layer loaded'
cmp -s digital/weights/layer1_weight.npy loaded/weights/layer1_weight.npy || fail 'a rate of nothing changes weights'
# --- names that are wider than their column leave the columns where they are
"$MCASIM" run widths.yaml -o long --set dataset.name=synthetic-colour --set dataset.synthetic_train=20 --set dataset.synthetic_test=5 \
    --set train.epochs=1 --set train.images=2 --set calibration.images=1 --set 'network.input=[3, 32, 32]' --set 'network.layers=[conv2d: {filters: 128, kernel: 1},
    max_pool: {kernel: 1}, residual_sum: {from: 0}, max_pool: {kernel: 4}, dense: {units: 10}]' >screen 2>/dev/null || fail 'long names'
grep -A 1 '^  2 residual_sum 128 x 32 x 32$' screen | grep -q '^ \{26,27\}  *[0-9.]* .J ' || fail "long names: $(grep -A 1 residual screen)"
sed -n -e '/^Layers/,/^$/p' -e '/  by layer/,/^$/p' screen | sed 's/µ/u/g; s/²/2/g; s/–/-/g' | awk '/ .J / { print length($0) }' | sort | uniq -c >lengths
[ "$(tr -s ' ' <lengths)" = ' 14 100' ] || fail "columns: $(cat lengths screen)"
# --- windows as large as the keys allow
"$MCASIM" run widths.yaml -o large --quiet --no-checkpoint --set dataset.name=synthetic-colour --set dataset.synthetic_train=20 \
    --set dataset.synthetic_test=5 --set train.epochs=1 --set 'network.input=[3, 32, 32]' \
    --set 'network.layers=[conv2d: {filters: 2, kernel: 64, padding: 32}, max_pool: {kernel: 2}, dense: {units: 10}]' || fail 'a kernel of 64'
finish
