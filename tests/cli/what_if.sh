#!/bin/sh
# timing.what_if: refused where devices drift in training and by SystemC, with the C unit and with the RTL; the cosimulation's times have no free
# resource, and what it compares stays equal.
. "$(dirname "$0")/lib.sh"
program=$BUILD_DIR/bin/mcasim-sc

write_small_scenario s.yaml
refuses 2 "*what a free resource would give is asked of the same work, but where devices drift in training its time changes values; timing.what_if is true, device.drift_in_training is true" \
    "$MCASIM" run s.yaml -o run --quiet --set timing.what_if=true --set device.drift_in_training=true
for unit in model rtl; do
    refuses 2 "s.yaml: timing.what_if: the modules' times are their own, of units that take some; got true" \
        "$program" s.yaml --dpu "$unit" -o run --quiet --set timing.what_if=true
done
capture "$MCASIM" cosim s.yaml --images 2 --quiet --set timing.what_if=true
[ "$status" -eq 0 ] || fail "cosim: $(cat "$cli_state/err")"
grep -q '^equal: 2 images' "$cli_state/out" || fail "cosim: $(cat "$cli_state/out")"
finish
