#!/bin/sh
# Every shipped scenario from an installed prefix: cosim takes it, and its images are equal, or refuses it by the reason that
# docs/guide/cosimulation.md gives.
. "$(dirname "$0")/../cli/lib.sh"
DESTDIR='' cmake --install "$BUILD_DIR" --prefix "$PWD/prefix" >install.log || fail "install: $(tail -n 3 install.log)"
mcasim=$PWD/prefix/bin/mcasim
export XDG_CACHE_HOME="$PWD/cache" # so that the first time of each set shows
guide=$SOURCE_DIR/docs/guide/cosimulation.md

equal=0 refused=0
for file in "$SOURCE_DIR"/scenarios/*.yaml; do
    name=$(basename "$file" .yaml)
    reason=
    case $name in
    mnist-float | mnist-hardware-aware) reason='dpu.arithmetic: the RTL is fixed-point; got float' ;;
    mca-tuned) reason='network.layers: layer 0: tiles of 197 x 250; the RTL needs multiples of dpu.lanes (64) '* ;;
    conv-synthetic | lenet-* | vgg8-*) reason='train.loss: the RTL has no softmax' ;;
    esac
    begin=$(date +%s)
    capture "$mcasim" cosim "$name" --images 5 --quiet
    if [ -n "$reason" ]; then
        [ "$status" -eq 2 ] || fail "$name: exit status $status"
        # shellcheck disable=SC2254  # a pattern
        case $(cat "$cli_state/err") in
        "$name: "$reason) refused=$((refused + 1)) ;;
        *) fail "$name: '$(cat "$cli_state/err")'" ;;
        esac
        echo "$name: $(cat "$cli_state/err")"
        sed -n '/^Of the shipped/,/^$/p' "$guide" | sed 's/.*It refuses//' | grep -q "\`$name\`" || fail "the guide does not say that $name is refused"
    else
        [ "$status" -eq 0 ] || fail "$name: exit status $status: $(cat "$cli_state/err")"
        grep -q '^equal: 5 images' "$cli_state/out" || fail "$name: $(cat "$cli_state/out")"
        equal=$((equal + 1))
        first=$(($(date +%s) - begin)) begin=$(date +%s)
        sed 's/;.*//' "$cli_state/out" >first # the rate follows
        "$mcasim" cosim "$name" --images 5 --quiet | sed 's/;.*//' | cmp -s - first || fail "$name: another result from the cache"
        echo "$name: first $first s, then $(($(date +%s) - begin)) s: $(cat "$cli_state/out")"
        grep '^Of the shipped' "$guide" | grep -q "\`$name\`" || fail "the guide does not say that $name is taken"
    fi
done
echo "$equal equal, $refused refused"
[ "$equal" -ge 13 ] && [ "$refused" -ge 6 ] || fail "scenarios are missing"
finish
