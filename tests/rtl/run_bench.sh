#!/bin/sh
# run_bench.sh BLOCK [PARAMETER=VALUE ...] [seed=N] [count=N]
# Simulates tb_BLOCK.v with iverilog and prints its one line, PASS or FAIL. Status 0 only when
# "PASS n vectors", n > 0, was all that was said, by the compiler too.
# SOURCE_DIR: the source tree; VECTORS: the vectors program; RTL_DIR: RTL other than SOURCE_DIR/rtl.
set -eu
: "${SOURCE_DIR:?the source tree}" "${VECTORS:?the vectors program}"
. "$SOURCE_DIR/tests/need.sh"
need iverilog "tools/setup --tests installs it"
block=${1:?a block}
shift
benches=$SOURCE_DIR/tests/rtl
rtl=${RTL_DIR:-$SOURCE_DIR/rtl}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

lines=
if grep -q '"vectors\.hex"' "$benches/tb_$block.v"; then
    "$VECTORS" "$block" "$@" >"$work/vectors.hex"
    lines=$(wc -l <"$work/vectors.hex")
fi

# The arguments become overrides of the bench's parameters.
left=$#
while [ "$left" -gt 0 ]; do
    case $1 in
    count=*) ;;
    seed=*) set -- "$@" "-Ptb_$block.SEED=${1#seed=}" ;;
    *) set -- "$@" "-Ptb_$block.$1" ;;
    esac
    shift
    left=$((left - 1))
done
[ -z "$lines" ] || set -- "$@" "-Ptb_$block.COUNT=$lines"

{
    iverilog -g2005 -Wall -I "$benches" -I "$rtl" -y "$rtl" -s "tb_$block" "$@" \
        -o "$work/bench" "$benches/tb_$block.v" && cd "$work" && vvp -n bench
} >"$work/log" 2>&1 || echo "FAIL status $?" >>"$work/log"
cat "$work/log"
[ "$(grep -cx 'PASS [1-9][0-9]* vectors' "$work/log")" -eq 1 ] && [ "$(wc -l <"$work/log")" -eq 1 ]
