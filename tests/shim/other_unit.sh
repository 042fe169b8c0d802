#!/bin/sh
# A digital unit written from the documentation alone, other_unit.v, held against the model by its values: 1,000 images of the
# reference chip, and a fault in it is found; with the argument `sizes`, other sizes, layers, roundings and drives.
. "$(dirname "$0")/../cli/lib.sh"
export XDG_CACHE_HOME="$PWD/cache" # nobody else wants these
mkdir other faulty
cp "$SOURCE_DIR/tests/shim/other_unit.v" other
write_small_scenario s.yaml
cosim() { # ARGUMENTS...
    capture "$MCASIM" cosim "$@" --top other_unit --no-cycles
}
equal() { # IMAGES ARGUMENTS...
    images=$1
    shift
    cosim "$@" --rtl other --images "$images"
    [ "$status" -eq 0 ] || fail "$*: exit status $status: $(cat "$cli_state/out" "$cli_state/err")"
    grep -Eq "^equal: $images images of .*, [1-9][0-9]* commands .*, cycles not compared, at the ports alone;" "$cli_state/out" ||
        fail "$*: $(cat "$cli_state/out")"
    cat "$cli_state/out"
}

! grep -q '`include' other/other_unit.v || fail "the other unit includes something"
for file in "$SOURCE_DIR"/rtl/*.v; do
    ! grep -Eq "^[[:space:]]*$(basename "$file" .v)[[:space:]]*(#|u_)" other/other_unit.v || fail "it has a module of rtl/: $file"
done

small="--set dpu.lanes=4 --set tile.rows=64 --set tile.cols=16 --set transfer.epsilon_us=0.2 --set network.layers=[784,30,20,10]"
if [ "${1:-}" = sizes ]; then
    # shellcheck disable=SC2086  # words; a unit of 4 lanes serves all three
    {
        equal 100 s.yaml $small --set dpu.rounding=nearest --set transfer.fifo_depth=2
        equal 100 s.yaml $small --set dac.drive=bipolar --set train.loss=squared --set chi.ports=1 --set chi.access_cycles=3
        equal 450 s.yaml $small --set network.layers=[784,10] --set train.batch=5 # more than its epochs: the rate decays
    }
    equal 20 s.yaml --set dpu.lanes=2 --set dpu.activation_bits=12 --set dpu.error_bits=10 --set dac.bits=6 --set chi.bits=12 \
        --set chi.frac_bits=9 --set tile.rows=32 --set tile.cols=16 --set 'network.layers=[784,20,16,16,16,10]'
    finish
fi

equal 1000 "$SOURCE_DIR/scenarios/mnist-mca.yaml"

# --- a rounding of the rated errors, which the ports show in chi alone
sed 's/v = half_away(e \* mantissa, 12);/v = (e * mantissa) >>> 12;/' other/other_unit.v >faulty/other_unit.v
! cmp -s other/other_unit.v faulty/other_unit.v || fail "no fault was planted"
# shellcheck disable=SC2086
cosim s.yaml $small --rtl faulty --images 100 --vcd wave.fst
[ "$status" -eq 1 ] || fail "a rounding: exit status $status"
grep -Eq '^mcasim cosim: (chi|words of chi|end of the operation): image [0-9]+, update of layer [0-2], ' "$cli_state/err" ||
    fail "a rounding: $(cat "$cli_state/err")"
cat "$cli_state/err"
finish
