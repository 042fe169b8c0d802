#!/bin/sh
# docs/guide/first-chip.md as a newcomer follows it: its commands in order, its file, and every line that it quotes comes out.
. "$(dirname "$0")/lib.sh"
page=$SOURCE_DIR/docs/guide/first-chip.md
PATH=$(dirname "$MCASIM"):$PATH
export PATH

awk '/^```yaml$/ { copy = 1; next } /^```$/ { copy = 0 } copy' "$page" >my-sweep.yaml
awk '/^    mcasim / { print "run " substr($0, 5); next } /^```text$/ { quote = 1; next } /^```$/ { quote = 0 } quote { print "says " $0 }' "$page" >steps
: >said
commands=0 lines=0
while read -r kind rest; do
    case $kind in
    run)
        commands=$((commands + 1))
        sh -c "$rest" >said 2>&1 </dev/null || fail "$rest: $(tail -n 3 said)"
        ;;
    says)
        lines=$((lines + 1))
        sed 's/^ *//' said | grep -qxF "$rest" || fail "not said: $rest"
        ;;
    esac
done <steps
echo "$commands commands, $lines lines"
[ "$commands" -ge 5 ] && [ "$lines" -ge 8 ] || fail "the page has lost its commands"
finish
