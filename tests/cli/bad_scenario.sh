#!/bin/sh
# Scenarios that run and check refuse: exit status 2 or 3, one line, nothing left behind.
. "$(dirname "$0")/lib.sh"

# bad LINE TEXT: both commands refuse the text.
bad() {
    printf '%b' "$2" >x.yaml
    refuses 2 "$1" "$MCASIM" check x.yaml
    refuses 2 "$1" "$MCASIM" run x.yaml
    refuses 2 "$1" "$MCASIM" run x.yaml -o out/of/here
}

bad 'x.yaml:2: chi.bits: 40 is out of range 8..32' 'chi:\n  bits: 40\n'
bad 'x.yaml:2: chi.bit: unknown key; did you mean chi.bits?' 'chi:\n  bit: 12\n'
bad 'x.yaml:1: seed: -1 is out of range 0..4503599627370495' 'seed: -1\n'
bad "x.yaml:2: train.epochs: 'ten' is not a whole number; allowed: 0..10000" 'train:\n  epochs: ten\n'
bad "x.yaml:1: dpu.rounding: 'up' is not one of nearest, stochastic" 'dpu: {rounding: up}\n'
bad 'x.yaml:1: chi.bits: chi.frac_bits must be below chi.bits; *' 'chi: {bits: 8}\n'
# networks that are none
layers() {
    bad "x.yaml:$1" "network:\n  layers:\n$2"
}
layers '3: network.layers: layer 0 (conv2d): kernel: 0 is out of range 1..64' '    - conv2d: {filters: 4, kernel: 0}\n'
layers '3: network.layers: layer 0 (conv2d): a kernel of 29 x 29 does not fit into its input of 1 x 28 x 28 (channels x height x width); *' '    - conv2d: {filters: 4, kernel: 29}\n'
layers '3: network.layers: layer 1 (residual_sum): its input is 20 x 1 x 1, but the image is 1 x 28 x 28; *' '    - dense: {units: 20}\n    - residual_sum: {from: input}\n'
layers '3: network.layers: layer 1 (residual_sum): from is layer 5; *' '    - dense: {units: 20}\n    - residual_sum: {from: 5}\n'
layers '3: network.layers: layer 0 (conv2d): filters: 1000000000 is out of range 1..1000000' '    - conv2d: {filters: 1000000000, kernel: 3}\n'
layers '4: network.layers: layer 1 (max_pool): kernel: 1e9 is out of range 1..64' '    - dense: {units: 20}\n    - max_pool: {kernel: 1e9}\n'
layers '3: network.layers: layer 0 (conv2d): padding 2 is not below the kernel, 2; *' '    - conv2d: {filters: 4, kernel: 2, padding: 2}\n'
layers '3: network.layers: layer 0 (conv2d): unknown key stirde; did you mean stride[?]' '    - conv2d: {filters: 4, kernel: 3, stirde: 2}\n'
layers '3: network.layers: layer 0: unknown kind conv; did you mean conv2d[?]' '    - conv: {filters: 4, kernel: 3}\n' # 3 of 6 letters
layers '3: network.layers: layer 0 (dense): units is missing; a whole number 1..1000000 is needed' '    - dense: {activation: sigmoid}\n'
layers "3: network.layers: layer 0 (dense): units: '.nan' is not a whole number; allowed: 1..1000000" '    - dense: {units: .nan}\n'
layers "3: network.layers: layer 0 (dense): rate_factor: '0.3' is not a power of two; *" '    - dense: {units: 4, rate_factor: 0.3}\n'
layers "3: network.layers: layer 0 (dense): activation: 'softplus' is not one of sigmoid*" '    - dense: {units: 4, activation: softplus}\n'
layers '4: network.layers: layer 1: a list is not a layer; *' '    - dense: {units: 4}\n    - [dense: {units: 4}]\n'
layers "3: network.layers: layer 0: '784' is not a layer; *" '    - 784\n    - dense: {units: 4}\n'
layers '5: network.layers: layer 0 (dense): units: given twice; first in line 4' '    - dense:\n        units: 4\n        units: 4\n'
layers '3: network.layers: 1785001000 weights; a chip holds 1000000000 at most; *' '    - dense: {units: 1000000}\n    - dense: {units: 1000}\n'
layers '3: network.layers: layer 0 (conv2d): stride: 0 is out of range 1..64' '    - conv2d: {filters: 4, kernel: 3, stride: 0}\n'
layers '3: network.layers: layer 0 (conv2d): filters: 4294967297 is out of range 1..1000000' '    - conv2d: {filters: 4294967297, kernel: 3}\n'
layers '3: network.layers: layer 0 (conv2d): kernel is missing; a whole number 1..64 is needed' '    - conv2d: {filters: 4}\n'
layers '3: network.layers: layer 0 (conv2d): kernel: not a plain value; a whole number is needed' '    - conv2d: {filters: 4, kernel: [3, 3]}\n'
layers '3: network.layers: layer 1 (conv2d): a kernel of 28 x 28 does not fit into its input of 3 x 25 x 25 *, 27 x 27 with padding; *' \
    '    - conv2d: {filters: 3, kernel: 4}\n    - conv2d: {filters: 3, kernel: 28, padding: 1}\n'
layers '3: network.layers: layer 1 (max_pool): a kernel of 2 x 2 does not fit into its input of 20 x 1 x 1 *' '    - dense: {units: 20}\n    - max_pool: {kernel: 2}\n'
layers "3: network.layers: layer 0 (max_pool): unknown key 'padding'; keys: kernel, stride" '    - max_pool: {kernel: 2, padding: 1}\n'
layers '3: network.layers: layer 1 (avg_pool): the last layer must have weights; *' '    - dense: {units: 10}\n    - avg_pool: {kernel: 1}\n'
same='    - conv2d: {filters: 4, kernel: 3, padding: 1}\n'
layers '3: network.layers: layer 1 (residual_sum): from is layer 1; *' "$same"'    - residual_sum: {from: 1}\n' # itself
layers '3: network.layers: layer 0 (residual_sum): no layer before it whose output it could add; *' '    - residual_sum: {from: input}\n'
layers "4: network.layers: layer 1 (residual_sum): from: 'output' is not a whole number; allowed: 0..31 or input" "$same"'    - residual_sum: {from: output}\n'
layers '3: network.layers: layer 2 (residual_sum): its input is 4 x 13 x 13, but layer 0 gives 4 x 28 x 28; *' \
    "$same"'    - conv2d: {filters: 4, kernel: 3, stride: 2}\n    - residual_sum: {from: 0}\n'
layers '3: network.layers: layer 2 (residual_sum): its input is 5 x 28 x 28, but layer 0 gives 4 x 28 x 28; *' \
    "$same"'    - conv2d: {filters: 5, kernel: 3, padding: 1}\n    - residual_sum: {from: 0}\n'
layers "3: network.layers: layer 0 (dense): activation: 'softmax' is not one of sigmoid, tanh, relu, identity" '    - dense: {units: 10, activation: softmax}\n'
layers '3: network.layers: layer 0 (dense): the loss of a logistic output needs activation sigmoid, not relu; *, train.loss is cross-entropy (default)' \
    '    - dense: {units: 10, activation: relu}\n'
layers '3: network.layers: layer 0 (dense): activation_scale is 2, but the full scale of sigmoid is 1; *' '    - dense: {units: 10, activation_scale: 2}\n'
layers '3: network.layers: every layer is frozen: nothing learns; *' '    - dense: {units: 20, frozen: true}\n    - dense: {units: 10, frozen: true}\n'
layers '3: network.layers: layer 0: a mapping of several kinds, or of none, is not a layer; *' '    - dense: {units: 20}\n      conv2d: {filters: 4, kernel: 3}\n'
layers '3: network.layers: 33 layers; 1..32 are allowed' "$(yes "$same" | head -n 33 | tr -d '\n')"
# sizes beyond 2^32
input() {
    bad "x.yaml:$1" "network:\n  input: [$2]\n  layers:\n$3"
}
input '4: network.layers: images of 4096 x 4096 x 4096 values *; 1..16777216 allowed; *' '4096, 4096, 4096' '    - dense: {units: 10}\n'
input '4: network.layers: layer 0 (conv2d): 1000000 x 5 x 5 values *; 1..16777216 allowed; *' '1, 5, 5' '    - conv2d: {filters: 1000000, kernel: 1}\n'
input '4: network.layers: layer 0 (conv2d): 16512 positions (128 x 129 outputs of a filter); 16384 are allowed; *' '1, 128, 129' '    - conv2d: {filters: 2, kernel: 1}\n'
input '4: network.layers: layer 0 (conv2d): a matrix of 16777217 rows; 16777216 are allowed; *' '4096, 64, 64' '    - conv2d: {filters: 300, kernel: 64}\n'
input '4: network.layers: 16385000000 weights; a chip holds 1000000000 at most; *' '4096, 2, 2' '    - conv2d: {filters: 1000000, kernel: 2}\n'
input '2: network.input: element 3: 5000 is out of range 1..4096 or auto' '1, 28, 5000' '    - dense: {units: 10}\n'
bad 'x.yaml:1: network.layers: list of 0 elements; 2..16 widths, or 1..32 layers with their kinds, are allowed' 'network: {layers: []}\n'
bad 'x.yaml:2: network.input: *' 'network:\n  input: [1, 28]\n  layers: [dense: {units: 10}]\n'
bad 'x.yaml:2: network.layers: the last layer must have an output for each of the 10 classes *' 'dataset: {name: synthetic-digits}\nnetwork: {layers: [dense: {units: 4}]}\n'
bad 'x.yaml:2: network.input: the images of synthetic-digits are 1 x 28 x 28 (channels x height x width); network.input is [[]1, 28, 27]' 'dataset: {name: synthetic-digits}\nnetwork: {input: [1, 28, 27], layers: [dense: {units: 10}]}\n'
bad 'x.yaml:*: not valid YAML: *' 'chi: {bits: 8\n'
bad 'x.yaml:1: not a YAML text: *' '\001\002\377\376\n'
bad 'x.yaml:1: not a mapping of scenario keys' 'hello\n'
bad 'x.yaml:1: base: x.yaml is its own base: a circle' 'base: x.yaml\n'
head -c 1048577 /dev/zero | tr '\0' '#' >x.yaml
refuses 2 'x.yaml: larger than 1048576 bytes; no scenario is' "$MCASIM" run x.yaml
refuses 2 '/dev/zero: larger than 1048576 bytes; no scenario is' "$MCASIM" check /dev/zero

write_small_scenario s.yaml
refuses 2 '--set: chi.bits: 40 is out of range 8..32' "$MCASIM" run s.yaml --set chi.bits=40
refuses 2 '--set: chi.bit: unknown key; did you mean chi.bits?' \
    "$MCASIM" check s.yaml --set chi.bit=4
refuses 2 "--set: 'chi.bits' is not of the form KEY=VALUE" "$MCASIM" run s.yaml --set chi.bits
refuses 2 '--seed: seed: 4503599627370496 is out of range 0..4503599627370495' \
    "$MCASIM" run s.yaml --seed 4503599627370496
refuses 2 "--seed: seed: 'x' is not a whole number; allowed: 0..4503599627370495" \
    "$MCASIM" run s.yaml --seed x
# an error stands alone: notices of before it, here that MNIST is not there, are dropped
for command in run check; do
    refuses 2 '--set: network.layers: the first layer must have the 784 inputs *' "$MCASIM" $command mnist-mca --set 'network.layers=[100, 10]'
done
refuses 3 'cannot open none.yaml: No such file or directory' "$MCASIM" run none.yaml
refuses 3 'cannot open s.yaml/x: Not a directory' "$MCASIM" check s.yaml/x
refuses 3 'cannot read .: Is a directory' "$MCASIM" check .
printf 'base: none.yaml\n' >x.yaml
refuses 3 'x.yaml:1: base: none.yaml: No such file or directory' "$MCASIM" run x.yaml
refuses 3 '*no-such-library*' "$MCASIM" run s.yaml --set cost.library=no-such-library
mkdir own && mkfifo own/mine.yaml
MCA_COMPONENTS_DIR=$PWD/own refuses 3 '*own/mine.yaml: not a regular file' timeout 10 "$MCASIM" check s.yaml --set cost.library=mine
rm -r own
refuses 3 '*no-such.yaml*' "$MCASIM" check s.yaml --set cost.library=no-such.yaml
# a pipe may be given by hand, but not stand in a file: it would be waited for
mkfifo pipe.yaml
echo 'base: pipe.yaml' >based.yaml
refuses 3 'based.yaml:1: base: pipe.yaml: not a regular file' timeout 10 "$MCASIM" check based.yaml
printf 'cost: {library: ./pipe.yaml}\n' >based.yaml
refuses 3 'based.yaml:1: cost.library: */pipe.yaml: not a regular file' timeout 10 "$MCASIM" check based.yaml
rm pipe.yaml
finish
