#!/bin/sh
# The cache of verilated units: built once, by two at a time too; a build that is killed, an entry that is broken, a folder that
# cannot be written, and tools that are not here.
. "$(dirname "$0")/lib.sh"
write_tiny_scenario s.yaml
shared=$XDG_CACHE_HOME/mcasim # of the whole suite
export XDG_CACHE_HOME="$PWD/cache"
cache=$XDG_CACHE_HOME/mcasim
! command -v ccache >/dev/null || export CXX="ccache c++" CCACHE_DIR="$PWD/ccache" # the same unit is built again and again
# small: one lane
cosim() { # ARGUMENTS...
    capture "$MCASIM" cosim s.yaml --images 2 --set dpu.lanes=1 "$@"
}
is_equal() { # WHAT
    [ "$status" -eq 0 ] && grep -q '^equal: 2 images' "$cli_state/out" || fail "$1: status $status: $(cat "$cli_state/out" "$cli_state/err")"
}
builds() { grep -c '^verilating the digital unit of ' "$cli_state/err"; }

# --- killed in the middle: nothing that counts is left, and the next one builds and sweeps up
"$MCASIM" cosim s.yaml --images 2 --set dpu.lanes=1 --quiet >/dev/null 2>&1 &
while [ -z "$(find cache -path '*.build-*/verilated_dpu.h' 2>/dev/null)" ] && kill -0 $! 2>/dev/null; do sleep 0.05; done
kill -KILL $!
wait $! 2>/dev/null
[ -z "$(find cache -name '*.so' ! -name unit.so)" ] || fail "a killed build left a unit"
[ -n "$(find cache -name '*.build-*')" ] || fail "nothing was killed"

# --- two at once: one builds, the other waits
"$MCASIM" cosim s.yaml --images 2 --set dpu.lanes=1 >one 2>one.err &
"$MCASIM" cosim s.yaml --images 2 --set dpu.lanes=1 >two 2>two.err &
wait
for out in one two; do grep -q '^equal: 2 images' $out || fail "two at once: $(cat $out $out.err)"; done
[ "$(cat one.err two.err | grep -c '^verilating')" -eq 1 ] || fail "two at once: not one build: $(cat one.err two.err)"
grep -q '^waiting for another process, which builds the same unit' one.err two.err || fail "two at once: nobody waited"
[ "$(find "$cache" -name '*.so' | wc -l)" -eq 1 ] && [ -z "$(find "$cache" -name '*.build-*')" ] || fail "not one unit: $(ls "$cache")"
unit=$(find "$cache" -name '*.so')
cosim
is_equal cached
[ "$(builds)" -eq 0 ] || fail "built again"

# --- Ctrl-C ends the build
mv "$cache" kept
"$MCASIM" cosim s.yaml --images 2 --set dpu.lanes=1 --quiet >out 2>err &
while [ -z "$(find cache -path '*.build-*/verilated_dpu.h' 2>/dev/null)" ] && kill -0 $! 2>/dev/null; do sleep 0.05; done
kill -TERM $!
wait $!
[ $? -eq 143 ] || fail "a build that is stopped: $(cat err)"
[ -z "$(find cache -name '*.so' -o -name '*.build-*')" ] || fail "a build that is stopped leaves $(find cache)"
rm -rf "$cache"
mv kept "$cache"

# --- a folder that cannot be written: what is there serves; what is not is built aside
if [ "$(id -u)" -ne 0 ]; then
    chmod a-w "$cache"
    cosim
    is_equal "cached in a folder that cannot be written"
    chmod u+w "$cache"
fi
mkdir tmp
printf '' >file
for home in "$PWD/file" /proc; do
    capture env XDG_CACHE_HOME="$home" TMPDIR="$PWD/tmp" "$MCASIM" cosim s.yaml --images 2 --set dpu.lanes=1
    is_equal "a cache in $home"
    grep -q "^$home/mcasim: the digital unit is built for this call alone" "$cli_state/err" || fail "$home: $(cat "$cli_state/err")"
    [ -z "$(ls tmp)" ] || fail "$home: left in TMPDIR: $(ls tmp)"
    [ "$home" = /proc ] || break # once is enough
done

# --- an entry that is cut short, or has another byte: built again
for damage in short byte empty; do
    case $damage in
    short) head -c 5000 "$unit" >cut && cp cut "$unit" ;;
    byte) printf X | dd of="$unit" bs=1 seek=4000 conv=notrunc 2>/dev/null ;;
    empty) : >"$unit" ;;
    esac
    cp "$unit" broken
    cosim
    is_equal "$damage"
    [ "$(builds)" -eq 1 ] || fail "$damage: not built again"
    ! cmp -s broken "$unit" || fail "$damage: still there"
    [ "$damage" != byte ] || break # the third is the first again
done

# --- no Verilator, no compiler: a line, status 3, and nothing kept
rm -rf "$cache"
mkdir bin
unset CXX
for program in sh awk sed grep cp head tail xargs getconf dirname cat mkdir; do ln -s "$(command -v $program)" bin/$program; done
program=$MCASIM
refuses_without() { # PATTERN
    capture env PATH="$PWD/bin" "$program" cosim s.yaml --images 2 --quiet
    [ "$status" -eq 3 ] || fail "$1: status $status"
    [ "$(wc -l <"$cli_state/err")" -eq 1 ] && grep -Eq "$1" "$cli_state/err" || fail "$1: $(cat "$cli_state/err")"
}
refuses_without '^verilator is not here, with which the RTL is built; '
ln -s "$(command -v verilator)" bin/verilator
refuses_without '^c\+\+ is not here, with which the RTL is built; '
[ -z "$(find "$cache" -name '*.so' -o -name '*.build-*')" ] || fail "left: $(ls "$cache")"
capture env CXX=/no/such/c++ "$MCASIM" cosim s.yaml --images 2 --quiet
[ "$status" -eq 3 ] && grep -q '/no/such/c++ is not here' "$cli_state/err" || fail "no \$CXX: $(cat "$cli_state/err")"
[ -d "$shared" ] || fail "no cache of the suite's: $shared"
finish
