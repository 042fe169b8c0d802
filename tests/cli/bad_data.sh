#!/bin/sh
# Data and weights that run refuses.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
refuses 2 '--set: network.layers: the first layer must have the 784 inputs of an image of *' \
    "$MCASIM" run s.yaml --set 'network.layers=[700, 10]'
refuses 2 '--set: network.layers: the last layer must have an output for each of the 10 classes*' \
    "$MCASIM" run s.yaml --set 'network.layers=[784, 9]'
refuses 2 '--set: train.images: synthetic-digits has 200 training images, *' \
    "$MCASIM" run s.yaml --set train.images=201
refuses 2 '--set: train.validation_images: synthetic-digits has 200 training images, *' \
    "$MCASIM" run s.yaml --set train.validation_images=200
refuses 2 '--set: train.test_images: synthetic-digits has 100 test images; *' \
    "$MCASIM" run s.yaml --set train.test_images=101
refuses 2 '--set: dataset.name: dataset.name idx needs four paths; *' \
    "$MCASIM" run s.yaml --set dataset.name=idx

mkdir empty damaged
refuses 3 '*' "$MCASIM" run s.yaml --set dataset.name=mnist --data empty -o out
refuses 3 '*' "$MCASIM" run s.yaml --set dataset.name=mnist --data none -o out
for name in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
    printf 'no images' >"damaged/$name-ubyte"
done
refuses 2 'damaged/*' "$MCASIM" run s.yaml --set dataset.name=mnist --data damaged -o out
refuses 2 'damaged/*' "$MCASIM" run s.yaml --set dataset.name=auto --data damaged -o out

# 2 x 2 images: the first is short by one byte
image_file() { # COUNT BYTES
    printf '\000\000\010\003\000\000\000%b\000\000\000\002\000\000\000\002' "$1"
    head -c "$2" /dev/zero
}
label_file() {
    printf '\000\000\010\001\000\000\000\003\000\001\002'
}
image_file '\003' 12 >images
image_file '\003' 11 >short
label_file >labels
idx() {
    "$MCASIM" run s.yaml --set dataset.name=idx --set "dataset.train_images=$1" \
        --set dataset.train_labels=labels --set dataset.test_images=images \
        --set dataset.test_labels=labels --set 'network.layers=[4, 3]' -o out --quiet
}
refuses 2 '*short*' idx short
refuses 3 '*none*No such file or directory' idx none
idx images || fail 'a whole IDX set is refused'
[ -f out/summary.json ] || fail 'a run on an IDX set left no summary'
rm -rf out

refuses 3 '*none*' "$MCASIM" run s.yaml --weights none -o out
"$MCASIM" run s.yaml --quiet -o small || fail 'small run'
refuses 2 'small/weights/*' "$MCASIM" run s.yaml --set 'network.layers=[784, 20, 10]' \
    --weights small/weights -o out
: >small/weights/layer0_g_plus.npy
refuses 2 'small/weights/layer0_g_plus.npy*' "$MCASIM" run s.yaml --weights small/weights -o out

# a weight that is no number once ended a run after its training, by a signal
cat >ideal.yaml <<'EOF'
network: {layers: [784, 10]}
dataset: {name: synthetic-digits, synthetic_train: 100, synthetic_test: 100}
train: {epochs: 1}
device: {model: ideal}
transfer: {epsilon_us: 0}
dpu: {arithmetic: float}
dac: {bits: 0}
adc: {bits: 0}
refresh: {every_images: 0}
EOF
"$MCASIM" run ideal.yaml --quiet -o ideal || fail 'ideal devices'
weights=ideal/weights/layer0_weight_us.npy
for value in '\000\000\000\000\000\000\370\177' '\000\000\000\000\000\000\360\177'; do
    # shellcheck disable=SC2059  # the first number of the array, after a header of 128 bytes
    printf "$value" | dd of=$weights bs=1 seek=128 conv=notrunc 2>/dev/null
    seal ideal
    refuses 2 "$weights: row 0, column 0: * is out of range -1000000000..1000000000" "$MCASIM" run ideal.yaml --weights ideal/weights -o out
done
finish
