#!/bin/sh
# Debian packages of the tree: each installed file is in exactly one, another build of the tree gives the same bytes, lintian finds
# nothing. In a Debian of their own, where apt takes them and nothing but what they ask for, they run, report, cosimulate, train in
# SystemC and in Python, and programs are linked with them; when they are gone nothing is left.
set -eu
. "$SOURCE_DIR/tests/need.sh"
need dpkg-shlibdeps "tools/setup --packages installs it"
work=$(mktemp -d)
# what is mounted below is gone with the namespace that it was mounted in
trap 'grep -q " $work/" /proc/self/mounts || rm -rf --one-file-system "$work"' EXIT
fail() {
    echo "FAIL: $*"
    exit 1
}
build() { # FOLDER: packages into FOLDER.packages
    (cd "$SOURCE_DIR" && cmake --preset debian -B "$1" && cmake --build "$1" && cd "$1" && cpack -B "$1.packages") >"$work/log" 2>&1 ||
        { cat "$work/log"; fail "building packages"; }
}

build "$work/tree"
packages=$work/tree.packages
cd "$packages"
number=$(sed -n 's/^set(MCA_INTERFACE \([0-9]*\))$/\1/p' "$SOURCE_DIR/CMakeLists.txt")
names=$(for file in *.deb; do printf '%s ' "${file%%_*}"; done)
[ "$names" = "libmca-dev libmca$number mca-systemc-dev mcasim-doc mcasim python3-mcasim " ] || fail "packages $names"

# pages of the manual are compressed, and the licence is named by each package's copyright
DESTDIR=$work/whole cmake --install "$work/tree" >/dev/null
(cd "$work/whole" && find . ! -type d) | grep -v -x './usr/share/doc/mcasim/LICENSE' | sort >"$work/installed"
for name in $names; do
    dpkg-deb --fsys-tarfile "$name"_*.deb | tar -t | grep -v '/$' >"$work/files"
    for file in copyright changelog.Debian.gz; do
        grep -qx "./usr/share/doc/$name/$file" "$work/files" || fail "$name: no $file"
    done
    grep -vx -e "./usr/share/doc/$name/copyright" -e "./usr/share/doc/$name/changelog.Debian.gz" "$work/files"
    dpkg-deb -x "$name"_*.deb "$work/unpacked"
done | sed 's|^\(.*/man1/.*\)\.gz$|\1|' | sort >"$work/packaged"
diff "$work/installed" "$work/packaged" || fail "left what is installed, right what is in packages: not the same, or twice"
# nothing tells where it was built
! grep -rlF -e "$SOURCE_DIR" -e "$work" "$work/unpacked" || fail "the builder's folders"

build "$work/elsewhere/another"
for file in *.deb; do
    cmp "$file" "$work/elsewhere/another.packages/$file" || fail "$file: other bytes when it is built again"
done
rm -rf "$work/elsewhere" "$work/whole" "$work/unpacked"
echo "the same bytes twice: $names"

if command -v lintian >/dev/null; then
    lintian --allow-root --fail-on error,warning ./*.deb || fail "lintian"
else
    not_run_in_part "no lintian; tools/setup --full installs it"
fi

# ---- a bare Debian of the release that is here, from where this machine's packages come
without() { # HOW WHY: that half is reported as not run
    "$@"
    exit 0
}
command -v mmdebstrap >/dev/null || without not_run_in_part "no mmdebstrap; tools/setup --full installs it"
[ "$(id -u)" -eq 0 ] || without refused_in_part "no root, so no Debian to install into"
unshare -m -p -f true 2>/dev/null || without refused_in_part "no namespaces here, so no Debian to install into"
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
mkdir -p "$work/lists/partial"
apt() {
    apt-get -q -o Dir::State::lists="$work/lists" -o APT::Sandbox::User=root "$@"
}
apt update >"$work/log" 2>&1 || without refused_in_part "no lists of packages: $(tail -n 1 "$work/log")"
# shellcheck disable=SC2016  # apt-get's own
apt indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    grep -E " $release(-updates|-security)? " >"$work/sources"
[ -s "$work/sources" ] || without refused_in_part "no sources of Debian's packages"
apt-config dump | grep -iE '^Acquire::(Check|https?|Retries)' >"$work/options" || true
debian=$work/debian

# lines of the file's last stage, one a command
containerfile() {
    sed -e ':a' -e '/\\$/{N' -e 's/\\\n *//' -e 'ba' -e '}' "$SOURCE_DIR/Containerfile" |
        awk '/^FROM/ { commands = "" } sub(/^RUN /, "") { commands = commands $0 "\n" } END { printf "%s", commands }'
}
containerfile >"$work/install"
grep -q 'apt-get install.* /packages/' "$work/install" || fail "Containerfile: its last stage installs no packages"

cat >"$work/inside" <<'END'
set -eu
mmdebstrap --quiet --mode=root --variant=apt --dpkgopt=force-unsafe-io --aptopt="$work/options" "$release" "$debian" - <"$work/sources"
mount -t proc proc "$debian/proc"
cp /etc/resolv.conf /etc/hosts "$debian/etc/"
mkdir "$debian/packages" "$debian/test" # the first is the image's own, which removes it
cp "$packages"/*.deb "$debian/packages/"
cp "$work/install" "$work/use" "$work/gone" "$SOURCE_DIR/tests/install/consumer.c" "$SOURCE_DIR/tests/install/chip.cpp" "$debian/test/"
cp "$SOURCE_DIR/tests/install/consumer.txt" "$debian/test/CMakeLists.txt"
cp "$SOURCE_DIR/tests/install/consumer.c" "$debian/test/consumer.cpp"
cd /
bare() { # COMMAND...: as in a machine of its own
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$@"
}
home=/root
bare "$debian" sh -e -x /test/install
bare "$debian" apt-get update -q
bare "$debian" apt-get install -y -q man-db cmake
bare "$debian" useradd -m user
home=/home/user
bare --userspec=user:user "$debian" sh -eu /test/use
home=/root
bare "$debian" sh -eu /test/gone
END
# by a user who has nothing but the packages
cat >"$work/use" <<'END'
fail() {
    echo "FAIL: $*"
    exit 1
}
cd
mcasim run synthetic-quick --set train.epochs=1 --quiet -o run
[ -s run/report.html ] || fail "no report"
mv run/report.html before.html
mcasim report run
cmp run/report.html before.html || fail "another report"
mcasim explain run energy_j.total | grep -q energy_j.total || fail "explain"
mcasim scenarios | grep -q mnist-mca || fail "no scenarios"
mcasim bench --images 100 --repeat 1 --quiet >bench
grep -q -i openblas bench && ! grep -q -i 'no openblas' bench || fail "bench without OpenBLAS: $(cat bench)"
mcasim cosim synthetic-quick --images 3 --quiet | tee out
grep -q '^equal: 3 images' out || fail "cosim"
export SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1
mcasim-sc synthetic-quick --images 20 --quiet -o by-model
mcasim-sc synthetic-quick --images 20 --dpu rtl --quiet -o by-rtl
cmp by-model/epochs.csv by-rtl/epochs.csv || fail "mcasim-sc: the digital units differ"
cat >use.py <<'PYTHON'
import mcasim
from mcasim import _library, program
assert mcasim.__file__.startswith("/usr/lib/python3/dist-packages/"), mcasim.__file__
assert _library.PATH.startswith("/usr/lib/") and program.program() == "/usr/bin/mcasim", (_library.PATH, program.program())
small = mcasim.Scenario("synthetic-quick", train={"epochs": 1})
run = mcasim.run(small, "by_python", progress=False)
assert run.explain("energy_j.total").value == run.energy_j
with mcasim.Chip(small) as chip:
    data = mcasim.load_data(small)
    assert len(chip.train(data.train.pixels[:50], data.train.labels[:50])) == 50
PYTHON
python3 use.py
cmp run/epochs.csv by_python/epochs.csv || fail "Python: another run"
for page in mcasim mcasim-run mcasim-sc; do
    man "$page" >page && grep -q "^NAME" page && grep -q "$page" page || fail "no page $page"
done
cc -o linked /test/consumer.c $(pkg-config --cflags --libs mca)
[ "$(./linked mca-14nm)" = '1010 Reference chip, 1' ] || fail "libmca by pkg-config: $(./linked mca-14nm)"
cmake -S /test -B build >log && cmake --build build >>log || fail "$(cat log)"
for consumer in consumer consumer_whole consumer_cxx20; do
    [ "$(build/$consumer)" = 1010 ] || fail "libmca by CMake: $consumer"
done
[ "$(build/chip_cxx17 /usr/share/mcasim/scenarios/synthetic-quick.yaml)" = 4d434153 ] || fail "SystemC by CMake"
[ -s /usr/share/doc/mcasim/docs/README.md ] || fail "no documents"
[ -e /usr/share/zsh/vendor-completions/_mcasim ] || fail "no completion where Debian's zsh looks for it"
END
cat >"$work/gone" <<'END'
apt-get purge -q -y mcasim mcasim-doc python3-mcasim 'libmca*' mca-systemc-dev >/dev/null
left=$(find / -xdev \( -path /test -o -path /home -o -path /proc -o -path /var/log \) -prune -o \( -name '*mcasim*' -o -name '*libmca*' \) -print)
[ -z "$left" ] || { echo "FAIL: left when packages are gone: $left"; exit 1; }
END
export work packages debian release SOURCE_DIR
unshare -m -p -f --kill-child sh "$work/inside" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; fail "in a Debian of its own"; }
echo "in a Debian of its own: installed, used, and gone"
