#!/bin/sh
# The scenarios of the source tree: valid, true to what they say, and loading again from `check`.
. "$(dirname "$0")/lib.sh"

for file in "$SOURCE_DIR"/scenarios/*.yaml; do
    name=$(basename "$file")
    "$MCASIM" check "$file" >"$name" 2>"$cli_state/err" || fail "$name: $(cat "$cli_state/err")"
    "$MCASIM" check "$name" 2>"$cli_state/err" | cmp - "$name" || fail "$name: check changes its own output"
done

# a chip of a measured size takes bright images alone, and check says so as run does
refuses 2 '*: network.layers: the first layer must have the 784 inputs *' "$MCASIM" check hermes-core --set dataset.name=synthetic-digits

# an empty file is the reference
: >empty.yaml
"$MCASIM" check empty.yaml 2>"$cli_state/err" | sed '/^report:/,$d' >empty.out
sed '/^report:/,$d' mnist-mca.yaml | cmp - empty.out || fail 'the reference is not the default'

# differs NAME KEYS: how many keys of the reference a scenario changes, its name among them
differs() {
    changed=$(diff mnist-mca.yaml "$1.yaml" | grep -c '^>')
    [ "$changed" -eq "$(($2 + 1))" ] || fail "$1 changes $changed keys"
}
differs adc-4bit 2
differs adc-6bit 2
differs chi-12bit 2
differs ideal-devices 3
differs linear-devices 1
differs mnist-float 9
differs nearest-rounding 1
differs no-read-noise 1
finish
