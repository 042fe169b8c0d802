#!/bin/sh
# Where a run may write, what it replaces, and what it never touches.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
"$MCASIM" run s.yaml --quiet -o whole || fail 'run'
refuses 2 'whole holds a finished run; use another -o, or run --force to replace it' "$MCASIM" run s.yaml -o whole
refuses 2 'whole holds a finished run; use another -o, or run --force to replace it' "$MCASIM" run s.yaml -o whole///
# what somebody keeps beside the results, another run above all, does not go with them
for other in note inner; do
    case $other in
    note) echo text >whole/note ;;
    inner) "$MCASIM" run s.yaml --quiet -o whole/inner || fail 'a run in a run' ;;
    esac
    refuses 2 "whole/$other is not of the run that is to be replaced; move it away" \
        "$MCASIM" run s.yaml -o whole --force
    rm -r "whole/$other"
done
touch whole/.report.html.1.0123456789abcdef # a killed process leaves such a file
capture "$MCASIM" run s.yaml -o whole --force --seed 2 --quiet
[ "$status" -eq 0 ] || fail "--force: $(cat "$cli_state/err")"
grep -q '^seed: 2$' whole/scenario.yaml || fail '--force kept the old run'
[ "$(find whole -mindepth 1 -maxdepth 1 | wc -l)" -eq 12 ] || fail "remains of the old run: $(ls -A whole)"
[ ! -e whole.partial ] || fail 'whole.partial is left'

# a forced run that fails leaves the finished one as it was
refuses 2 '--set: train.images: *' "$MCASIM" run s.yaml -o whole --force --set train.images=999
refuses 3 '*none*' "$MCASIM" run s.yaml -o whole --force --weights none

mkdir mine && echo text >mine/file
refuses 2 "mine exists and is not a run's directory; use another -o" \
    "$MCASIM" run s.yaml -o mine --force
ln -s whole link
refuses 2 "link exists and is not a run's directory; use another -o" \
    "$MCASIM" run s.yaml -o link --force
mkdir taken.partial && echo text >taken.partial/file
refuses 2 "taken.partial is in the way and is not a run's; move it or use another -o" \
    "$MCASIM" run s.yaml -o taken --force
for path in . .. / '' mine/..; do
    refuses 2 "-o: '$path' *" "$MCASIM" run s.yaml -o "$path"
done
mkdir empty
"$MCASIM" run s.yaml --quiet -o empty || fail 'an empty directory is refused'
"$MCASIM" run s.yaml --quiet -o deep//er/run/ || fail 'parents are not made'
[ -f deep/er/run/summary.json ] || fail 'deep/er/run'

refuses 2 "s.yaml exists and is not a run's directory; use another -o" "$MCASIM" run s.yaml -o s.yaml
refuses 3 'cannot make s.yaml/x.partial: Not a directory' "$MCASIM" run s.yaml -o s.yaml/x
refuses 3 'cannot make /proc/*' "$MCASIM" run s.yaml -o /proc/none/x
# root gives up the right to write anywhere
plain=
[ "$(id -u)" -ne 0 ] || plain="setpriv --bounding-set -dac_override,-dac_read_search"
mkdir readonly && chmod a-w readonly
refuses 3 'cannot make readonly/x.partial: Permission denied' $plain "$MCASIM" run s.yaml -o readonly/x
refuses 3 'cannot make readonly/x: Permission denied' $plain "$MCASIM" run s.yaml -o readonly/x/y
chmod u+w readonly
finish
