#!/bin/sh
# The power goes as soon as a command has ended, or was killed within its last steps: an ext4 image is copied without a sync, as a
# disk would be found, and read after its journal's recovery. Needs a loop device, so root.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
[ "$(id -u)" -eq 0 ] || refused_here "a loop device needs root"
need mkfs.ext4 "tools/setup --tests installs e2fsprogs"
need strace "tools/setup --tests installs it"
mkdir disk found
truncate -s 64M disk.img
mkfs.ext4 -q disk.img
# nothing is written back by itself while the test runs
mount -o loop,commit=300 disk.img disk 2>/dev/null || refused_here "no loop device here"
trap 'umount found disk 2>/dev/null; rm -rf "$cli_state"' EXIT

write_tiny_scenario s.yaml
cat >sweep.yaml <<'EOF'
scenario: s.yaml
seeds: [1, 2]
EOF
digest() { # every file of a run, and that none is empty
    [ -d "$1" ] && [ -z "$(find "$1" -type f -size 0 ! -name '.*')" ] && (cd "$1" && find . -type f ! -name '.*' ! -name checkpoint | sort | xargs cksum | cksum)
}
cut_power() { # what is on the disk now: at found/
    umount found 2>/dev/null
    cp disk.img found.img
    mount -o loop found.img found || fail 'the image cannot be mounted'
}
same_after_cut() { # DIR
    whole=$(digest "disk/$1")
    cut_power
    [ -n "$whole" ] && [ "$(digest "found/$1")" = "$whole" ] || fail "$what: $1 is lost: $(find "found/$1" -type f -size 0 2>&1 | head -n 3)"
}

what=run
"$MCASIM" run s.yaml --seed 1 -o disk/a/b/run --quiet || fail 'run'
same_after_cut a/b/run
what='run --force'
"$MCASIM" run s.yaml --seed 2 -o disk/a/b/run --quiet --force || fail 'run --force'
same_after_cut a/b/run
what='price -o'
"$MCASIM" price disk/a/b/run --library isaac-32nm -o disk/price --quiet || fail 'price'
same_after_cut price
what=report
"$MCASIM" report disk/a/b/run >/dev/null || fail 'report'
same_after_cut a/b/run
what='compare -o'
"$MCASIM" compare disk/a/b/run disk/price -o disk/compare.html >/dev/null || fail 'compare'
cut_power
cmp -s disk/compare.html found/compare.html || fail 'compare -o: the page is lost'
what=sweep
"$MCASIM" sweep sweep.yaml -o disk/sweep -j 1 --quiet >/dev/null || fail 'sweep'
same_after_cut sweep
what=checkpoint
"$MCASIM" run s.yaml --quiet -o disk/long --checkpoint-every 0 --set train.epochs=10000 --set train.learning_rate_decay=1 \
    --set network.layers='[784, 500, 10]' 2>/dev/null &
run=$!
while [ ! -s disk/long.partial/checkpoint ] && kill -0 "$run" 2>/dev/null; do sleep 0.05; done
kill -TERM "$run"
wait "$run"
cut_power
cmp -s disk/long.partial/checkpoint found/long.partial/checkpoint || fail 'the checkpoint is lost'

# killed within the steps that replace a run: the old one or the new one
if ! can_trace; then
    refused_in_part "processes may not be traced here"
else
    sync -f disk
    old=$(digest disk/a/b/run)
    for place in fsync:1 fsync:9 fsync:18 fsync:22 fsync:24 fsync:25 fsync:26 rename:1 rename:2 renameat2:1 unlinkat:1 unlinkat:2 unlinkat:9 unlinkat:20 unlink:1 unlink:2 unlink:3; do
        n=${place#*:}
        call=${place%:*}
        strace -f -qq -o /dev/null -e trace="$call" -e inject="$call:signal=SIGKILL:when=$n" \
            "$MCASIM" run s.yaml --seed 3 -o disk/a/b/run --force --quiet 2>/dev/null
        cut_power
        "$MCASIM" run s.yaml --seed 3 -o found/a/b/run --resume --quiet 2>/dev/null # takes up what is whole
        [ "$(digest found/a/b/run)" = "$old" ] || tail -n 1 found/a/b/run/summary.json | grep -qx '}' || fail "killed before $call number $n: neither run is whole"
        [ -z "$(find found/a/b/run -type f -size 0 ! -name '.*')" ] || fail "killed before $call number $n: empty files"
        umount found
        "$MCASIM" run s.yaml --seed 2 -o disk/a/b/run --force --quiet 2>/dev/null || fail 'the next run'
        sync -f disk
        old=$(digest disk/a/b/run)
    done
fi
umount found disk 2>/dev/null
finish
