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
case " $* " in *" install "*) ;; *) exit 0 ;; esac
case " $* " in *" --no-install-recommends "*) ;; *) echo "recommended packages come too"; exit 1 ;; esac
for word; do
    if grep -q -x "$word" "$WORK/refuse"; then exit 100; fi
done
seen=
for word; do
    [ -z "$seen" ] || echo "$word amd64" >>"$WORK/have"
    [ "$word" != --no-install-recommends ] || seen=yes
done
END
printf '#!/bin/sh\necho amd64\n' >"$work/bin/dpkg"
printf '#!/bin/sh\necho "${MY_ID:-0}"\n' >"$work/bin/id"
for program in sh awk grep sed dirname rm mkdir mv cat env; do
    ln -s "$(command -v $program)" "$work/bin/$program"
done
chmod +x "$work"/bin/dpkg-query "$work"/bin/apt-get "$work"/bin/dpkg "$work"/bin/id
setup() { # ARGUMENT...: nothing else of this machine is seen
    : >"$work/asked"
    status=0
    env -i WORK="$work" PATH="$work/bin" ${MY_ID:+"MY_ID=$MY_ID"} ${CI_HERE:+"CI=$CI_HERE"} /bin/sh "$work/tree/tools/setup" "$@" >"$work/out" 2>"$work/err" || status=$?
}
fresh() {
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
CI_HERE=true setup --tests
grep -q 'install.* chromium-headless-shell' "$work/asked" || fail "--tests where CI=true does not ask for a browser"

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
[ $status -eq 3 ] && grep -q 'could not install: .*cmake' "$work/err" || fail "without cmake: $status"

# without sudo: what to ask for, and how to build by CMake alone
fresh
MY_ID=1000 setup
[ $status -eq 3 ] || fail "no sudo: $status"
[ ! -s "$work/asked" ] || fail "no sudo: $(cat "$work/asked")"
for words in 'no sudo here' ' cmake .* verilator' 'cmake -S . -B build/release' 'cmake --build build/release'; do
    grep -q -e "$words" "$work/err" || fail "no sudo: '$words' is not said"
done
setup
MY_ID=1000 setup --tests
[ $status -eq 0 ] && grep -q 'without iverilog valgrind' "$work/err" || fail "no sudo, tests: $status"
[ $failures -eq 0 ]
