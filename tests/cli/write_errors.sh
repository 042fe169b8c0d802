#!/bin/sh
# Output that cannot be written: a full stdout, a closed one, files at the size limit.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
# prints_into_full STATUS COMMAND...
prints_into_full() {
    wanted=$1
    shift
    line=$("$@" 2>&1 >/dev/full)
    status=$?
    [ "$status" -eq "$wanted" ] || fail "$*: exit status $status with a full stdout"
    [ "$line" = 'cannot write to standard output: No space left on device' ] || fail "$*: '$line'"
    line=$("$@" 2>&1 >&-)
    status=$?
    [ "$status" -eq "$wanted" ] || fail "$*: exit status $status with a closed stdout"
    case $line in
    'cannot write to standard output: '*) ;;
    *) fail "$*: '$line'" ;;
    esac
}
if [ -c /dev/full ]; then
    prints_into_full 3 "$MCASIM" check s.yaml
    prints_into_full 3 "$MCASIM" keys
    prints_into_full 3 "$MCASIM" components
    prints_into_full 3 "$MCASIM" --help
    prints_into_full 3 "$MCASIM" run s.yaml -o kept --force
    [ -f kept/summary.json ] || fail 'a finished run is lost with its summary on stdout'
fi

# limited BLOCKS FILE [ARGS...]: no file may grow beyond that many blocks of 512 bytes, which stops FILE
limited() {
    listing >"$cli_state/before"
    blocks=$1 file=$2
    shift 2
    line=$( (ulimit -f "$blocks" && exec "$MCASIM" run s.yaml -o deep/er/full "$@") 2>&1 >/dev/null)
    status=$?
    listing >"$cli_state/after"
    [ "$status" -eq 3 ] || fail "limit of $blocks blocks: exit status $status"
    case $line in
    *deep/er/full.partial/$file*': File too large') ;;
    *) fail "limit of $blocks blocks: '$line'" ;;
    esac
    cmp "$cli_state/before" "$cli_state/after" || fail "limit of $blocks blocks: something is left"
}
limited 0 "" # the first file, before training
limited 8 weights/ # after it
limited 100 trace. --trace 1-60
finish
