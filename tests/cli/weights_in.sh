#!/bin/sh
# Plain weights: the same from every form that is read, exact on ideal devices, back from weights.npz to the byte; and whatever
# else somebody gives is refused by one line that names it.
. "$SOURCE_DIR/tests/cli/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
python=/usr/bin/python3
need $python "tools/setup --tests installs it"
files=$SOURCE_DIR/tests/cli/plain_weights.py

# training changes nothing: no change is ever large enough
cat >small.yaml <<END
network: {layers: [6, 4, 3]}
dataset: {name: npy, train_images: images.npy, train_labels: labels.npy, test_images: images.npy, test_labels: labels.npy}
train: {epochs: 1, learning_rate: 1e-300}
device: {model: ideal}
dpu: {arithmetic: float}
END
$python - <<END
import struct
def save(name, shape, data):
    text = "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }" % (shape,)
    text += " " * (-(len(text) + 11) % 64) + "\n"
    open(name, "wb").write(b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text.encode() + bytes(data))
save("images.npy", (3, 6), range(0, 180, 10))
save("labels.npy", (3,), [0, 1, 2])
END

mkdir hostile
$python "$files" hostile hostile || fail "hostile files"
tab=$(printf '\t')
count=0
while IFS=$tab read -r name line; do
    count=$((count + 1))
    # several lines may be the right one
    capture "$MCASIM" run small.yaml --weights "hostile/$name" -o out --quiet
    found=$(cat "$cli_state/err")
    [ "$status" -eq 2 ] || fail "$name: exit status $status, expected 2: $found"
    [ "$(wc -l <"$cli_state/err")" -eq 1 ] || fail "$name: not one line: $found"
    case $found in
    hostile/"$name"*) ;;
    *) fail "$name: the line does not begin with the source: $found" ;;
    esac
    fits=no
    rest=$line
    while [ -n "$rest" ]; do
        one=${rest%%|*}
        # shellcheck disable=SC2254
        case $found in $one) fits=yes ;; esac
        [ "$one" = "$rest" ] && rest= || rest=${rest#*|}
    done
    [ $fits = yes ] || fail "$name: '$found', expected '$line'"
    [ ! -e out ] && [ ! -e out.partial ] || { fail "$name: a directory is left"; rm -r out; }
    LC_ALL=C grep -q '[[:cntrl:]]' "$cli_state/err" && fail "$name: control characters"
done <hostile/lines
[ $count -ge 60 ] || fail "only $count hostile files"
refuses 3 "*nowhere.npz: No such file or directory" "$MCASIM" run small.yaml --weights nowhere.npz -o out
mkfifo pipe.npz
refuses 3 "pipe.npz: *not a regular file*" "$MCASIM" run small.yaml --weights pipe.npz -o out

$python -c 'import numpy' 2>/dev/null || not_run "no NumPy; tools/setup --tests installs it"
mkdir forms
$python "$files" forms forms || fail "forms"
count=0
for source in forms/*; do
    [ "$source" != forms/wanted.npz ] || continue
    count=$((count + 1))
    capture "$MCASIM" run small.yaml --weights "$source" -o out
    [ "$status" -eq 0 ] || fail "$source: exit status $status: $(cat "$cli_state/err")"
    $python "$files" same forms/wanted.npz out/weights.npz || fail "$source"
    case $source in
    */turned*) grep -q "(6, 4) is inputs x outputs, and is turned" "$cli_state/err" || fail "$source: no notice" ;;
    */torch*) grep -q "turned" "$cli_state/err" && fail "$source: turned" ;;
    esac
    rm -r out
done
[ $count -eq 151 ] || fail "$count forms"

# out and in again: the same bytes, from a run's directory too, whose checksums are seen to
capture "$MCASIM" run small.yaml --weights forms/own.npz -o first --quiet
capture "$MCASIM" run small.yaml --weights first/weights.npz -o second --quiet
cmp -s first/weights.npz second/weights.npz || fail "weights.npz out and in again differs"
(cd first && "$MCASIM" run ../small.yaml --weights weights.npz -o ../third --quiet) || fail "weights.npz beside one's feet"
cmp -s first/weights.npz third/weights.npz || fail "weights.npz beside one's feet differs"

# in devices, the scale that was found goes on in the exact state, in a finished run and from a checkpoint
pcm='--set device.model=pcm-jap18 --set refresh.every_images=0'
# shellcheck disable=SC2086
{
    capture "$MCASIM" run small.yaml $pcm --weights forms/own.npz -o devices
    [ "$status" -eq 0 ] || fail "devices: $(cat "$cli_state/err")"
    grep -q 'Import *43 weights, 0 clipped, 0 not within the tolerance, off by' "$cli_state/out" || fail "no word of the import"
    capture "$MCASIM" run small.yaml $pcm --weights devices/weights -o again --quiet
    cmp -s devices/weights.npz again/weights.npz || fail "the exact state has another scale: $(cat "$cli_state/err")"
    capture "$MCASIM" infer devices -o tested --quiet
    cmp -s devices/weights.npz tested/weights.npz || fail "infer finds another scale: $(cat "$cli_state/err")"
    # weights so large that one of 1 takes less than 1 uS
    $python -c 'import numpy; numpy.savez("large.npz", **{name: 60 * w for name, w in numpy.load("forms/own.npz").items()})'
    capture "$MCASIM" run small.yaml $pcm --weights large.npz -o large --quiet
    [ "$status" -eq 0 ] || fail "large weights: $(cat "$cli_state/err")"
    rm devices/weights/layer0_unit_weight_us.npy
    refuses 2 "devices/weights/layer0_unit_weight_us.npy: *found no such file*" \
        "$MCASIM" run small.yaml $pcm --weights devices/weights -o lost
}
capture "$MCASIM" explain devices latency_other_s.init
[ "$status" -eq 0 ] || fail "explain: $(cat "$cli_state/err")"
capture "$MCASIM" price devices --library mca-14nm -o priced --quiet
capture "$MCASIM" price large --library mca-14nm -o priced_large --quiet
for run in devices priced large priced_large; do
    sed -n '/"import"/,/}/p; /"layer_numbers"/,/]/p' $run/summary.json >$run.import
done
grep -q '"unit_weight_us_from": "imported weights"' devices.import || fail "no unit weight in the summary"
cmp -s large.import priced_large.import || fail "a run of large weights that is priced again has other words of the import"
cmp -s devices.import priced.import || fail "a run that is priced again has other words of the import"

# a run that is stopped and goes on, with the same weights, is one that was not stopped
long="$pcm --set train.epochs=2000 --set train.learning_rate=0.01"
# shellcheck disable=SC2086
{
    "$MCASIM" run small.yaml $long --weights forms/own.npz -o whole --quiet || fail "a long run"
    "$MCASIM" run small.yaml $long --weights forms/own.npz -o part --quiet --checkpoint-every 0 2>/dev/null &
    sleep 0.2
    kill -KILL $! && wait $! 2>/dev/null
    [ -e part.partial/checkpoint ] || [ -e part ] || fail "no checkpoint"
    if [ ! -e part ]; then
        refuses 2 "part.partial/checkpoint: *" "$MCASIM" run small.yaml $long -o part --resume
        capture "$MCASIM" run small.yaml $long --weights forms/own.npz -o part --resume
        [ "$status" -eq 0 ] || fail "resumed: $(cat "$cli_state/err")"
    fi
}
for file in weights.npz epochs.csv ledger.json weights/layer0_g_plus.npy; do
    cmp -s whole/$file part/$file || fail "$file of a run that went on differs"
done

# trained on: a frozen layer keeps what came, on ideal devices to the bit, and the other learns
cat >frozen.yaml <<END
base: small.yaml
network:
  input: [1, 1, 6]
  layers:
    - dense: {units: 4, activation: sigmoid, unit_weight_us: 8, frozen: true}
    - dense: {units: 3, activation: sigmoid, unit_weight_us: 8}
train: {learning_rate: 0.5}
END
capture "$MCASIM" run frozen.yaml --weights forms/own.npz -o tuned --quiet
[ "$status" -eq 0 ] || fail "fine-tuning: $(cat "$cli_state/err")"
cat >layers.py <<END
import sys, numpy
a, b = (numpy.load(f) for f in sys.argv[1:])
print(*(name for name in a.files if (a[name] == b[name]).all()))
END
[ "$($python layers.py forms/wanted.npz tuned/weights.npz)" = "layer0.weight layer0.bias" ] || fail "a frozen layer changed, or the other did not"

# hardware-aware: nothing to be aware of, nothing changes; noise alone does; and it needs weights that are written through
through='--set device.gmax_us=1000 --set train.learning_rate=0.5 --set train.epochs=3 --set transfer.epsilon_us=0 --set dac.bits=0 --set adc.bits=0'
aware="$through --set train.hardware_aware=true"
# shellcheck disable=SC2086
{
    "$MCASIM" run small.yaml $through --weights forms/own.npz -o plain --quiet || fail "floating point"
    "$MCASIM" run small.yaml $aware --set device.read_noise=0 --weights forms/own.npz -o unaware --quiet || fail "hardware-aware without noise"
    cmp -s plain/weights.npz unaware/weights.npz || fail "hardware-aware of nothing has other weights"
    "$MCASIM" run small.yaml $aware --weights forms/own.npz -o aware --quiet || fail "hardware-aware"
    cmp -s plain/weights.npz aware/weights.npz && fail "hardware-aware training has no noise"
    # 2.1 x 8 uS is more than a device has
    "$MCASIM" run small.yaml $through --weights forms/own.npz -o beyond --quiet || fail "floating point"
    refuses 2 "beyond/weights/layer*_weight_us.npy: *-12..12*" \
        "$MCASIM" run small.yaml $aware --set device.gmax_us=12 --weights beyond/weights -o out
    refuses 2 "--set: train.hardware_aware: *it needs transfer.epsilon_us 0*" "$MCASIM" run small.yaml --set train.hardware_aware=true -o out
}

# programming with reads that never ends can be interrupted
"$MCASIM" infer small.yaml $pcm --weights forms/own.npz --set weights.tolerance_us=0 --set weights.reads=1000 --set weights.max_pulses=100000 -o never --quiet 2>never.err &
sleep 0.5
kill -TERM $!
wait $! && fail "programming ended" || [ $? -eq 143 ] || fail "interrupted: $?"
[ "$(cat never.err)" = "interrupted while weights were programmed" ] || fail "interrupted: $(cat never.err)"
[ ! -e never ] || fail "an interrupted run is there"

# swept: every point is the same chip as infer's; other weights are another sweep; what does not fit is told before anything runs
cp forms/own.npz swept.npz
cat >sweep.yaml <<END
scenario: small.yaml
weights: swept.npz
set: {train.epochs: 0, device.model: pcm-jap18}
grid: {device.read_noise: [0, 2]}
END
capture "$MCASIM" sweep sweep.yaml -o swept -j 1 --quiet
[ "$status" -eq 0 ] || fail "sweep: $(cat "$cli_state/err")"
"$MCASIM" infer small.yaml --weights swept.npz --set device.model=pcm-jap18 --set device.read_noise=2 -o single --quiet 2>/dev/null || fail "infer"
for point in swept/points/*/; do
    if grep -q 'read_noise: 2' "$point/scenario.yaml"; then break; fi
done
for file in weights.npz confusion.csv ledger.json; do
    cmp -s "$point/$file" "single/$file" || fail "$file of a point is not infer's"
done
capture "$MCASIM" sweep sweep.yaml -o swept -n
[ "$(grep -c ',done$' "$cli_state/out")" -eq 2 ] || fail "the same weights: $(cat "$cli_state/out")"
# what is noticed of the weights is told once
turned=$(ls -d forms/turned* | head -n 1)
sed "s,swept.npz,$turned," sweep.yaml >turned.yaml
capture "$MCASIM" sweep turned.yaml -o turned -n
[ "$status" -eq 0 ] && [ "$(grep -c 'is inputs x outputs, and is turned' "$cli_state/err")" -eq "$(sort -u "$cli_state/err" | grep -c 'and is turned')" ] &&
    grep -q 'and is turned' "$cli_state/err" || fail "turned weights of a sweep: $(cat "$cli_state/err")"
cp tuned/weights.npz swept.npz
refuses 2 "swept holds another sweep: *" "$MCASIM" sweep sweep.yaml -o swept -j 1
sed 's/device.model: pcm-jap18/&, "network.layers": [6, 5, 3]/' sweep.yaml >wide.yaml
refuses 2 "*swept.npz: *(4, 6)*" "$MCASIM" sweep wide.yaml -o out
mkdir -p nothing
sed 's/swept.npz/nothing/' sweep.yaml >nothing.yaml
refuses 2 "nothing.yaml:2: weights: nothing: no .npy file is in it" "$MCASIM" sweep nothing.yaml -o out -n
sed 's/swept.npz/nowhere.npz/' sweep.yaml >lost.yaml
refuses 3 "lost.yaml:2: weights: nowhere.npz: No such file or directory" "$MCASIM" sweep lost.yaml -o out

"$BUILD_DIR/bin/mca_run_files" flip first/weights.npz 300
refuses 2 "first/weights.npz: *was changed since the run*" "$MCASIM" run small.yaml --weights first/weights.npz -o fourth
finish
