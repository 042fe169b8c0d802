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
grep -q '^  by layer, per image ' screen && grep -q '^    1 dense 10 ' screen || fail 'designs by layer'
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
"$MCASIM" explain digital area_mm2.total 2>/dev/null | grep -q 'weight_bit' || fail 'explain: area of the weight memory'
"$MCASIM" explain digital energy_j.by_component.weight_read >/dev/null 2>&1 || fail 'explain: weight_read'
"$MCASIM" price digital --library hermes-14nm >/dev/null 2>&1 || fail 'price'
"$MCASIM" run digital.yaml -o loaded --weights digital/weights --quiet --set train.learning_rate=1e-9 >/dev/null 2>&1 || fail 'weights of a digital layer loaded'
cmp -s digital/weights/layer1_weight.npy loaded/weights/layer1_weight.npy || fail 'a rate of nothing changes weights'
# --- windows as large as the keys allow
"$MCASIM" run widths.yaml -o large --quiet --no-checkpoint --set dataset.name=synthetic-colour --set dataset.synthetic_train=20 \
    --set dataset.synthetic_test=5 --set train.epochs=1 --set 'network.input=[3, 32, 32]' \
    --set 'network.layers=[conv2d: {filters: 2, kernel: 64, padding: 32}, max_pool: {kernel: 2}, dense: {units: 10}]' || fail 'a kernel of 64'
finish
