#!/bin/sh
# transfer.mode: chi is the default to the byte; direct keeps no chi, in weights, summary and ledger; what does not fit is refused.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
"$MCASIM" run s.yaml --quiet -o default || fail 'the default'
"$MCASIM" run s.yaml --quiet -o chi --set transfer.mode=chi || fail 'transfer.mode=chi'
for file in $(cd default && find . -type f ! -name report.html ! -name summary.json | sort); do
    cmp "default/$file" "chi/$file" || fail "$file is another one with the default given"
done

"$MCASIM" run s.yaml -o direct --set transfer.mode=direct --set transfer.epsilon_us=0.05 --set transfer.max_pulses=1 >out || fail 'transfer.mode=direct'
grep -Eq '^ +[0-9,]+ pulses lost beyond transfer.max_pulses' out || fail "the terminal: $(cat out)"
! grep -q 'chi saturated' out || fail 'the terminal tells of a chi that is not there'
grep -q '"chi_saturations": null' direct/summary.json || fail 'chi_saturations is not null'
grep -Eq '"pulses_lost": [1-9]' direct/summary.json || fail 'no pulses were lost'
grep -q '"pulses_lost": null' default/summary.json || fail 'pulses_lost is not null with chi'
"$MCASIM" explain direct health.pulses_lost >out || fail 'explain'
grep -q 'beyond transfer.max_pulses' out || fail "explain: $(cat out)"
"$MCASIM" report direct >/dev/null || fail 'report'
"$MCASIM" compare default direct >out || fail 'compare'
grep -q 'transfer.mode' out || fail "compare: $(cat out)"

[ -f default/weights/layer0_chi.npy ] || fail 'weights with chi have no chi'
for file in direct/weights/*_chi.npy; do [ ! -e "$file" ] || fail "$file: of a chip without chi"; done
"$MCASIM" run s.yaml --quiet -o onto-direct --set transfer.mode=direct --weights default/weights || fail 'weights with chi on a chip without'
refuses 3 'direct/weights/layer0_chi.npy: No such file or directory' "$MCASIM" run s.yaml --quiet -o onto-chi --weights direct/weights

refuses 2 '--set: refresh.residual: there is no chi that could take what a rewrite misses; refresh.residual is chi, transfer.mode is direct' \
    "$MCASIM" run s.yaml -o refused --set refresh.residual=chi --set transfer.mode=direct
refuses 2 "--set: transfer.mode: 'none' is not one of chi, direct" "$MCASIM" run s.yaml -o refused --set transfer.mode=none
finish
