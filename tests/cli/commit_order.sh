#!/bin/sh
# A file system may lose what was done to a directory until that is synced, and may keep a later removal all the same. So of a run that
# replaces another one, in the order of its calls: the new one is synced, names are exchanged, the parent is synced, and only then is
# anything of the old run removed.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
need strace "tools/setup --tests installs it"
can_trace || refused_here "processes may not be traced here"
write_tiny_scenario s.yaml
# What the log has after the first call that gives the run its name: exchange, sync of the parent, removal.
order() { # LOG
    parent=$(pwd -P)
    awk -v parent="<$parent>" '
        /rename/ && /RENAME_EXCHANGE/ { renamed = 1; next }
        !renamed && /fsync/ { ++synced }
        renamed && /fsync/ && index($0, parent) { print (synced ? "synced" : "not synced") ", renamed, parent synced"; exit }
        renamed && /(unlink|rmdir)/ { print "removed before the parent was synced: " $0; exit }' "$1"
}
"$MCASIM" run s.yaml --seed 1 -o d --quiet || fail 'run'
strace -f -y -qq -o log -e trace=rename,renameat2,fsync,unlink,unlinkat,rmdir "$MCASIM" run s.yaml --seed 2 -o d --force --quiet || fail 'run --force'
found=$(order log)
[ "$found" = 'synced, renamed, parent synced' ] || fail "run --force: ${found:-no order}"
# taken up by the next run: killed before the names are exchanged, then within the removal
strace -f -qq -o /dev/null -e trace=renameat2 -e inject=renameat2:signal=SIGKILL:when=1 "$MCASIM" run s.yaml --seed 3 -o d --force --quiet 2>/dev/null
[ -e d.partial/.complete ] || fail 'not killed between the mark and the exchange'
strace -f -y -qq -o log -e trace=rename,renameat2,fsync,unlink,unlinkat,rmdir "$MCASIM" run s.yaml --seed 3 -o d --resume --quiet || fail 'run --resume'
sed '1,/RENAME_EXCHANGE/d' log >rest
awk -v parent="<$(pwd -P)>" '/fsync/ && index($0, parent) { exit 0 } /unlink|rmdir/ { exit 1 }' rest || fail 'taken up: removed before the parent was synced'
finish
