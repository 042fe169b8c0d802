#!/bin/sh
# Tests of what a machine lacks: reported with the reason and no failure; what can be installed fails where CI=true.
# tests/need.sh is the only way for a test not to run, so that none goes unseen.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
    echo "FAIL: $*"
    exit 1
}
mkdir -p tree/tools
cp "$SOURCE_DIR/tools/not-run" tree/tools/
cat >tree/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(tests NONE)
enable_testing()
foreach(name lacking asked partial refused whole)
  add_test(NAME ${name} COMMAND sh -eu ${CMAKE_SOURCE_DIR}/${name})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 ENVIRONMENT "NEED=$ENV{SOURCE_DIR}/tests/need.sh")
endforeach()
END
echo '. "$NEED"; need no-such-program "a shop sells it"; echo end' >tree/lacking
echo '. "$NEED"; need sh "a shop sells it"; not_run "no chromium; a shop sells it"' >tree/asked
echo '. "$NEED"; not_run_in_part "no second half"; echo end' >tree/partial
echo '. "$NEED"; refused_in_part "no second processor"; refused_here "no loop device"' >tree/refused
echo '. "$NEED"; need sh "a shop sells it"; echo end' >tree/whole
cmake -S tree -B tree/build >/dev/null
run() { # CI's value: status of ctest, and what is said of it
    status=0
    CI=$1 ctest --test-dir tree/build >log 2>&1 || status=$?
    tree/tools/not-run build >said
}
run ""
[ $status -eq 0 ] || fail "a test that is not run fails: $(cat log)"
cat >expected <<'END'
Not run here (5):
  lacking                      no no-such-program; a shop sells it
  asked                        no chromium; a shop sells it
  partial                      in part: no second half
  refused                      in part: no second processor
  refused                      no loop device
END
diff expected said || fail "what is said"
[ "$(grep -c '\*\*\*Skipped' log)" -eq 3 ] || fail "not skipped: $(cat log)"
run true
[ $status -ne 0 ] || fail "CI=true: what is not run passes"
[ "$(grep -c '\*\*\*Failed' log)" -eq 3 ] && [ "$(grep -c '\*\*\*Skipped' log)" -eq 1 ] || fail "CI=true: $(cat log)"
CI='' ctest --test-dir tree/build -R whole >log 2>&1
for folder in build no-build; do
    tree/tools/not-run $folder >said 2>&1 && [ ! -s said ] || fail "$folder: all has run, and is said not to: $(cat said)"
done

cd "$SOURCE_DIR/tests"
others=$(grep -rlE 'exit 77|_exit\(77\)' --include='*.sh' --include='*.c' . | grep -v -x -e ./need.sh -e ./faults/inject.c -e ./install/test_not_run.sh) || true
[ -z "$others" ] || fail "not by tests/need.sh: $others"
