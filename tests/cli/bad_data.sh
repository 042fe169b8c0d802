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
refuses 2 '--set: dataset.name: dataset.name idx or npy needs four paths; *' \
    "$MCASIM" run s.yaml --set dataset.name=idx

mkdir empty damaged
refuses 3 'empty: MNIST not found there, expected train-images-idx3-ubyte, *' "$MCASIM" run s.yaml --set dataset.name=mnist --data empty -o out
refuses 3 'none: MNIST not found there, expected train-images-idx3-ubyte, *' "$MCASIM" run s.yaml --set dataset.name=mnist --data none -o out
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
idx() { # FILE OF TRAINING IMAGES [OPTION]...
    from=$1
    shift
    "$MCASIM" run s.yaml --set dataset.name=idx --set "dataset.train_images=$from" \
        --set dataset.train_labels=labels --set dataset.test_images=images \
        --set dataset.test_labels=labels --set 'network.layers=[4, 3]' -o out --quiet "$@"
}
refuses 2 '*short*' idx short
refuses 3 '*none*No such file or directory' idx none
idx images || fail 'a whole IDX set is refused'
[ -f out/summary.json ] || fail 'a run on an IDX set left no summary'
rm -rf out

# hostile files: one line, status 2, nothing left behind; \0 to \377 are bytes
hostile() { # FORMAT MESSAGE BYTES [SETTING]...: a file of training images
    format=$1
    message=$2
    # shellcheck disable=SC2059  # bytes as printf writes them
    printf "$3" >hostile
    shift 3
    refuses 2 "*hostile: *$message*" "$MCASIM" run s.yaml --set "dataset.name=$format" --set dataset.train_images=hostile \
        --set dataset.train_labels=labels --set dataset.test_images=images --set dataset.test_labels=labels \
        --set 'network.layers=[4, 3]' -o out --quiet "$@"
}
three='\000\000\000\003'
two='\000\000\000\002'
npy() { # TEXT: a header of format 1.0
    length=$(printf '%s' "$1" | wc -c)
    printf '\\223NUMPY\\001\\000\\%03o\\000%s' "$length" "$1"
}
range='--set dataset.normalise=range'
hostile idx truncated ''
hostile idx truncated '\000\000\010'
hostile idx 'magic number 0x89504e47 found' '\211PNG\r\n\032\n'
hostile idx 'magic number 0x00000a03 found' "\\000\\000\\012\\003$three$two$two"
hostile idx 'an array of one dimension' "\\000\\000\\010\\001$three\\001\\002\\003"
hostile idx 'number of images 4294967295' "\\000\\000\\010\\004\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377"
hostile idx 'rows 0, expected' "\\000\\000\\010\\003$three\\000\\000\\000\\000$two"
hostile idx 'truncated: 16 bytes found, its header states 16777232' "\\000\\000\\010\\003\\000\\100\\000\\000$two$two"
hostile idx 'images of 32-bit floats; dataset.normalise must say' "\\000\\000\\015\\002\\000\\000\\000\\001\\000\\000\\000\\001\\077\\200\\000\\000"
# shellcheck disable=SC2086
hostile idx 'value 0 is NaN' "\\000\\000\\015\\002\\000\\000\\000\\001\\000\\000\\000\\001\\177\\300\\000\\000" $range
hostile idx 'damaged gzip data' '\037\213\010\000\000\000\000\000\000\000\377\377\377'
hostile npy 'not a .npy file' "\\000\\000\\010\\003$three$two$two"
hostile npy 'Fortran order' "$(npy "{'descr': '|u1', 'fortran_order': True, 'shape': (3, 2, 2), }")"
hostile npy "elements of type '|O'" "$(npy "{'descr': '|O', 'fortran_order': False, 'shape': (3, 2, 2), }")"
hostile npy 'number of images 999999999999999999' "$(npy "{'descr': '|u1', 'fortran_order': False, 'shape': (999999999999999999, 9), }")"
hostile npy 'more than 4 dimensions' "$(npy "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1), }")"
hostile npy 'truncated' "$(npy "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2, 2), }")"
hostile npy 'not a .npy file of format 1.0, 2.0 or 3.0' '\223NUMPY\011\000\001\000{'
hostile npy 'truncated: the .npy header ends before its end' '\223NUMPY\001\000\166\000{'
hostile npy "expected 'descr', 'fortran_order' and 'shape', once each" "$(npy "{'descr': '|u1', 'fortran_order': False, 'shade': (3, 2, 2), }")"
hostile npy "elements of type '<c16'" "$(npy "{'descr': '<c16', 'fortran_order': False, 'shape': (3, 2, 2), }")"
hostile npy 'a single number, not an array' "$(npy "{'descr': '|u1', 'fortran_order': False, 'shape': (), }")\\000"
hostile npy 'number of images 0, expected' "$(npy "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 2, 2), }")"
hostile npy 'too long: ' "$(npy "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2), }")\\000\\000\\000\\000\\000"
# shellcheck disable=SC2086
hostile npy 'value 1 is infinite' "$(npy "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }")\\000\\000\\000\\000\\000\\000\\200\\177" $range
hostile idx 'magic number 0x00000805 found' "\\000\\000\\010\\005$three$two$two$two$two"
hostile idx 'rows 70000, expected 1 .. 1024' "\\000\\000\\010\\003\\000\\000\\000\\001\\000\\001\\021\\160\\000\\001\\021\\160"
hostile idx 'too long: 29 bytes found, its header states 28' "\\000\\000\\010\\003$three$two$two\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000"
hostile_labels() { # MESSAGE BYTES
    # shellcheck disable=SC2059
    printf "$2" >badlabels
    refuses 2 "$1" idx images --set dataset.train_labels=badlabels
}
hostile_labels '*badlabels: label 1 is -1, expected 0 .. 255' "\\000\\000\\011\\001$three\\000\\377\\002"
hostile_labels '*badlabels: labels are floats, expected integers' "\\000\\000\\015\\001$three\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000"
hostile_labels '*badlabels: labels of 2 dimensions, expected one label an image' "\\000\\000\\010\\002$three$two\\000\\001\\002\\000\\001\\002"
hostile_labels '*badlabels: 2 labels found, expected 3, the images of */images' "\\000\\000\\010\\001$two\\000\\001"
hostile_labels '--set: network.layers: the last layer must have an output for each of the 8 classes of idx; *' "\\000\\000\\010\\001$three\\000\\007\\001"
# shellcheck disable=SC2059
printf "\\000\\000\\010\\003$three\\000\\000\\000\\001\\000\\000\\000\\004\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000" >flat
refuses 2 '*flat: images of 1 x 4 found, expected 2 x 2, the size in */images' idx images --set dataset.test_images=flat
printf '\000\000\014\001\000\000\000\003\000\000\000\000\000\000\001\000\000\000\000\002' >wide
refuses 2 '*wide: label 1 is 256, expected 0 .. 255' idx images --set dataset.train_labels=wide
refuses 2 '--set: dataset.label: the name of another data set (dataset.name); *' idx images --set dataset.label=cifar10
refuses 2 '--set: dataset.label_map: label 2 is mapped twice; *' idx images --set dataset.label_map=0-2:0,2:1
refuses 2 '--set: train.augment_shift: images of idx have 2 rows and 2 columns; *' idx images --set train.augment_shift=2
mkdir cifar
for name in data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch; do head -c 3074 /dev/zero >"cifar/$name.bin"; done
refuses 2 'cifar/data_batch_1.bin: 3074 bytes found, expected a multiple of 3073*' "$MCASIM" run s.yaml --set dataset.name=cifar10 --data cifar -o out
cifar() { "$MCASIM" run s.yaml --set dataset.name=cifar10 --data cifar -o out; }
for name in data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch; do head -c 3073 /dev/zero >"cifar/$name.bin"; done
: >cifar/data_batch_2.bin
refuses 2 'cifar/data_batch_2.bin: 0 bytes found, *' cifar
rm cifar/data_batch_2.bin
refuses 3 "cifar: data_batch_2.bin is missing, 5 of CIFAR-10's 6 files are there" cifar
mkdir cifar/data_batch_2.bin
refuses 3 'cifar/data_batch_2.bin: not a regular file' cifar
rmdir cifar/data_batch_2.bin
{ printf '\012'; head -c 3072 /dev/zero; } >cifar/data_batch_2.bin
refuses 2 "cifar/data_batch_2.bin: label of record 0 is 10, CIFAR-10's are 0 .. 9" cifar
refuses 3 'dataset.name: cifar10: files not found in data/cifar-10-batches-bin; *' "$MCASIM" run s.yaml --set dataset.name=cifar10 -o out

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
