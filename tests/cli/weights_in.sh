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
"$BUILD_DIR/bin/mca_run_files" flip first/weights.npz 300
refuses 2 "first/weights.npz: *was changed since the run*" "$MCASIM" run small.yaml --weights first/weights.npz -o fourth
finish
