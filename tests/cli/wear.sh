#!/bin/sh
# Wear: lifetimes by the counts in ledger.json, cells that stick, weights that were written before, devices that are not.
. "$(dirname "$0")/lib.sh"

number() { # FILE NAME [N]: the N-th number of that name, 1 if not given
    sed -n "s/^ *\"$2\": \([0-9.e+-]*\),*\$/\1/p" "$1" | sed -n "${3:-1}p"
}

# The chip's lifetime from the counts of its one layer: pulses left over pulses a second.
lifetime_is_its_counts() { # DIR
    awk -v endurance="$(number "$1/ledger.json" first_worn_endurance)" -v before="$(number "$1/ledger.json" first_worn_before)" \
        -v pulses="$(number "$1/ledger.json" first_worn_writes)" -v ps="$(number "$1/ledger.json" time_ps)" -v got="$(number "$1/summary.json" lifetime_s)" '
        BEGIN { wanted = (endurance - before) * ps / 1e12 / pulses; exit !(pulses > 0 && got > 0 && (got / wanted - 1) ^ 2 < 1e-28) }' ||
        fail "$1: a lifetime of $(number "$1/summary.json" lifetime_s) s"
}

write_small_scenario s.yaml
"$MCASIM" run s.yaml --quiet -o default || fail 'the default'
[ "$(number default/ledger.json first_worn_endurance)" = 100000000 ] || fail 'another endurance'
[ "$(number default/summary.json stuck_devices)" = 0 ] || fail 'devices stick that lasted'
lifetime_is_its_counts default
"$MCASIM" price default --library hermes-14nm --quiet -o priced || fail 'price'
[ "$(number priced/summary.json lifetime_s)" = "$(number default/summary.json lifetime_s)" ] || fail 'a lifetime that hangs on prices'

# cells stick
"$MCASIM" run s.yaml -o worn --set device.endurance_pulses=3 >out || fail 'worn'
stuck=$(number worn/summary.json stuck_devices)
[ "$stuck" -gt 100 ] || fail "$stuck devices stick"
grep -Eq "devices at their maximum, $stuck stuck\$" out || fail "the terminal: $(cat out)"
grep -Eq 'the first device sticks after [0-9.]+ .s of such training' out || fail "the terminal: $(cat out)"
# after the first RESET nothing changes: no weight is programmed
"$MCASIM" run s.yaml --quiet -o dead --set device.endurance_pulses=1 || fail 'dead'
[ "$(number dead/summary.json stuck_devices)" = 15700 ] || fail "$(number dead/summary.json stuck_devices) devices of 785 x 10 pairs stick"
awk -v a="$(number dead/summary.json test_final)" -v b="$(number default/summary.json test_final)" 'BEGIN { exit !(a < b - 0.2) }' ||
    fail "learns $(number dead/summary.json test_final), $(number default/summary.json test_final) if nothing sticks"
"$MCASIM" compare default worn >out || fail 'compare'
for row in 'devices that stick +0\* ' 'lifetime at this use '; do grep -Eq "^ *$row" out || fail "compare: $(cat out)"; done

# pulses of the first run wear the devices of the second, and are not of its rate
"$MCASIM" run s.yaml --quiet -o second --weights default/weights || fail 'from weights'
lifetime_is_its_counts second
[ "$(number second/ledger.json first_worn_before)" -gt "$(number default/ledger.json first_worn_before)" ] || fail 'weights without wear'
"$MCASIM" run s.yaml --quiet -o third --weights default/weights --set device.endurance_pulses=2 || fail 'from worn weights'
[ "$(number third/summary.json lifetime_s)" = 0.0 ] || fail "a lifetime of $(number third/summary.json lifetime_s) s of what is worn already"

# plain weights are programmed into devices that are new
"$MCASIM" run s.yaml --quiet -o plain --weights default/weights.npz 2>/dev/null || fail 'from plain weights'
lifetime_is_its_counts plain
[ "$(number plain/ledger.json first_worn_before)" -gt 0 ] || fail 'plain weights took no pulses'

"$MCASIM" run s.yaml --quiet -o ideal --set device.model=ideal || fail 'ideal'
for name in lifetime_s stuck_devices; do grep -q "\"$name\": null" ideal/summary.json || fail "ideal: $name"; done
refuses 2 '--set: device.endurance_pulses: 0 is out of range 1..1000000000000' "$MCASIM" run s.yaml -o refused --set device.endurance_pulses=0
refuses 2 '--set: device.endurance_spread: 2.5 is out of range 0..2' "$MCASIM" run s.yaml -o refused --set device.endurance_spread=2.5
capture "$MCASIM" check s.yaml --set device.model=ideal --set device.endurance_pulses=5
grep -qx 'device.endurance_pulses has no effect: device.model is ideal' "$cli_state/err" || fail "the notice: $(cat "$cli_state/err")"
finish
