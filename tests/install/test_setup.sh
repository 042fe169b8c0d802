#!/bin/sh
# tools/setup with a package manager of the test's own: what it asks for, asks for again, names as lacking, and says without sudo.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/tree" "$work/tree/tools"
cp "$SOURCE_DIR/tools/setup" "$work/tree/tools/"
failures=0
fail() {
    echo "FAIL: $*"
    cat "$work/err"
    failures=$((failures + 1))
}
# installed packages are lines "NAME ARCHITECTURE" of $work/have; apt-get installs all but the words of $work/refuse
cat >"$work/bin/dpkg-query" <<'END'
#!/bin/sh
for name; do :; done
awk -v name="$name" '$1 == name { print $2, "installed"; ++found } END { exit !found }' "$WORK/have"
END
cat >"$work/bin/apt-get" <<'END'
#!/bin/sh
echo "$*" >>"$WORK/asked"
lists=$WORK/lists
for word; do
    case $word in Dir::State=*) lists=${word#*=}/lists/fetched ;; esac
done
case " $* " in
*" update "*) : >"$lists" ;;
*) [ -f "$lists" ] || { echo "no package lists"; exit 100; } ;;
esac
case " $* " in
*" download "*)
    [ ! -s "$WORK/refuse" ] || exit 100
    for name; do :; done
    echo "$name" >"${name}_1_all.deb"
    exit
    ;;
*" install "*) ;;
*) exit 0 ;;
esac
[ "$(id -u)" -eq 0 ] || [ -n "${BY_SUDO:-}" ] || { echo "not root"; exit 100; }
case " $* " in *" --no-install-recommends "*) ;; *) echo "recommended packages come too"; exit 1 ;; esac
for word; do
    if grep -q -x -e "$word" "$WORK/refuse"; then exit 100; fi
done
seen=
for word; do
    case $word in
    libjs-*) architecture=all ;;
    *) architecture=amd64 ;;
    esac
    [ -z "$seen" ] || echo "$word $architecture" >>"$WORK/have"
    [ "$word" != --no-install-recommends ] || seen=yes
done
END
cat >"$work/bin/dpkg" <<'END'
#!/bin/sh
case $1 in
-x) cp "$2" "$3/unpacked-$(cat "$2")" ;;
*) echo amd64 ;;
esac
END
printf '#!/bin/sh\necho "${MY_ID:-0}"\n' >"$work/bin/id"
for program in sh awk grep sed dirname rm mkdir mv cp cat env; do
    ln -s "$(command -v $program)" "$work/bin/$program"
done
chmod +x "$work"/bin/dpkg-query "$work"/bin/apt-get "$work"/bin/dpkg "$work"/bin/id
setup() { # ARGUMENT...: nothing else of this machine is seen
    : >"$work/asked"
    status=0
    env -i WORK="$work" PATH="$work/bin" ${MY_ID:+"MY_ID=$MY_ID"} ${CI_HERE:+"CI=$CI_HERE"} /bin/sh "$work/tree/tools/setup" "$@" >"$work/out" 2>"$work/err" || status=$?
}
fresh() {
    rm -f "$work/lists"
    : >"$work/have"
    : >"$work/refuse"
}

# the demo needs neither C++ nor Verilator nor OpenBLAS, nothing but synthesis needs yosys
fresh
setup --demo
[ $status -eq 0 ] || fail "--demo: $status"
for package in g++ verilator libopenblas0 yosys chromium-headless-shell nodejs npm; do
    ! grep -q "install.* $package\( \|$\)" "$work/asked" || fail "--demo asks for $package"
done
setup --tests
for package in yosys opensta chromium-headless-shell nodejs npm slurmd; do
    ! grep -q "install.* $package\( \|$\)" "$work/asked" || fail "--tests asks for $package"
done
grep -q 'install.* valgrind' "$work/asked" || fail "--tests does not ask for valgrind"
setup --tests
[ ! -s "$work/asked" ] || fail "--tests asks again: $(cat "$work/asked")"
setup --lint
grep -q 'install.* eslint' "$work/asked" || fail "--lint does not ask for eslint"
setup --packages
grep -q 'install.* dpkg-dev' "$work/asked" || fail "--packages does not ask for dpkg-dev"
CI_HERE=true setup --tests
grep -q 'install.* chromium-headless-shell' "$work/asked" || fail "--tests where CI=true does not ask for a browser"
# a browser and a Node of the user's own will do
fresh
printf '#!/bin/sh\n' >"$work/bin/chromium"
cp "$work/bin/chromium" "$work/bin/node"
chmod +x "$work/bin/chromium" "$work/bin/node"
CI_HERE=true setup --tests
! grep -q 'install.* \(chromium-headless-shell\|nodejs\)' "$work/asked" || fail "a browser beside the user's: $(cat "$work/asked")"
rm "$work/bin/chromium" "$work/bin/node"

# what is unpacked for make test-full is whole or not there
echo qflow-tech-osu018 >"$work/refuse"
setup --full
[ $status -eq 0 ] || fail "--full without a cell library: $status"
grep -q 'build/osu018 could not be filled' "$work/err" || fail "the cell library is not named"
[ -z "$(find "$work/tree/build" -mindepth 1 -maxdepth 1 -type d)" ] || fail "half unpacked: $(ls "$work/tree/build")"
CI_HERE=true setup --full
[ $status -eq 3 ] || fail "CI=true without a cell library: $status"
: >"$work/refuse"
# all is installed, and this machine's package lists are gone, as in many images
rm "$work/lists"
setup --full
[ $status -eq 0 ] && [ -f "$work/tree/build/osu018/unpacked-qflow-tech-osu018" ] || fail "--full: $status, no cell library"
[ ! -f "$work/lists" ] || fail "--full changes this machine's package lists"
[ -f "$work/tree/build/aarch64/unpacked-libjansson-dev" ] || fail "--full: no libraries of aarch64"
[ -z "$(find "$work/tree/build" -name '*.new' -o -name '*.log' -o -name '*.deb')" ] || fail "--full leaves: $(ls -R "$work/tree/build")"
for package in yosys opensta slurmd openmpi-bin qemu-user; do
    grep -q "^$package " "$work/have" || fail "--full: no $package"
done
setup --full
[ ! -s "$work/asked" ] || fail "--full asks again: $(cat "$work/asked")"

# a package that is there for two architectures is there; one for another machine only is not
echo 'zlib1g-dev arm64' >>"$work/have"
setup
[ ! -s "$work/asked" ] || fail "several architectures: $(cat "$work/asked")"
grep -v '^zlib1g-dev amd64' "$work/have" >"$work/less"
cp "$work/less" "$work/have"
setup
grep -q 'install.* zlib1g-dev' "$work/asked" || fail "another machine's zlib1g-dev is taken"

# a part of the tests that cannot be had is named, the rest comes; where CI=true it is an error
fresh
echo valgrind >"$work/refuse"
setup --tests
[ $status -eq 0 ] || fail "without valgrind: $status"
grep -q 'without valgrind *; tests that need them are reported as not run' "$work/err" || fail "valgrind is not named"
grep -q '^iverilog ' "$work/have" || fail "iverilog is missing too"
CI_HERE=true setup --tests
[ $status -eq 3 ] || fail "CI=true without valgrind: $status"
fresh
echo cmake >"$work/refuse"
setup
[ $status -eq 3 ] && grep -q 'could not install them' "$work/err" && grep -q ' cmake .* verilator' "$work/err" &&
    grep -q 'cmake --build build/release' "$work/err" || fail "without cmake: $status"

# without sudo: what to ask for, and how to build by CMake alone
fresh
MY_ID=1000 setup
[ $status -eq 3 ] || fail "no sudo: $status"
[ ! -s "$work/asked" ] || fail "no sudo: $(cat "$work/asked")"
for words in 'no sudo here' ' cmake .* verilator' 'cmake -S . -B build/release' 'cmake --build build/release'; do
    grep -q -e "$words" "$work/err" || fail "no sudo: '$words' is not said"
done
MY_ID=1000 setup --tests
grep -q 'tests that are else not run:' "$work/err" && grep -q '^ *iverilog valgrind' "$work/err" || fail "no sudo: packages of tests are not said"
setup
MY_ID=1000 setup --tests
[ $status -eq 0 ] && grep -q 'without iverilog valgrind' "$work/err" || fail "no sudo, tests: $status"

# with sudo, nothing else needs root
fresh
printf '#!/bin/sh\nBY_SUDO=yes exec "$@"\n' >"$work/bin/sudo"
chmod +x "$work/bin/sudo"
MY_ID=1000 setup --tests
[ $status -eq 0 ] && grep -q '^valgrind ' "$work/have" || fail "sudo: $status"
rm "$work/bin/sudo"

# without apt-get what is there is known; without Debian's packages it is not, and the build goes on
mv "$work/bin/apt-get" "$work/apt-get"
setup
[ $status -eq 0 ] || fail "no apt-get, nothing missing: $status"
fresh
setup
[ $status -eq 3 ] && grep -q 'no apt-get here' "$work/err" && grep -q ' cmake .* verilator' "$work/err" || fail "no apt-get: $status"
mv "$work/bin/dpkg-query" "$work/bin/dpkg" "$work"
setup
[ $status -eq 0 ] && grep -q 'no Debian.* gcc .* verilator' "$work/err" || fail "no Debian: $status"
[ $failures -eq 0 ]
