#!/bin/sh
# Installs into a prefix that is then moved, and builds consumers, which include mca.h alone, by find_package and by pkg-config in C
# and C++20, the chip in SystemC too, with SystemC found by pkg-config and by its CMake package. What is installed is what mca.h
# includes, for C++ too.
set -eu
conversions=1010 # of an image, forward: 785 rows on four tiles of 250 columns, 251 rows on one of 10
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$BUILD_DIR" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
mkdir "$work/consumer"
cp "$SOURCE_DIR/tests/install/consumer.c" "$work/consumer/"
cp "$SOURCE_DIR/tests/install/consumer.c" "$work/consumer/consumer.cpp"
cp "$SOURCE_DIR/tests/install/consumer.txt" "$work/consumer/CMakeLists.txt"
cp "$SOURCE_DIR/tests/install/chip.cpp" "$work/consumer/"
cmake -S "$work/consumer" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/build" >"$work/log" || { cat "$work/log"; exit 1; }
test "$("$work/build/consumer")" = "$conversions"
test "$("$work/build/consumer_whole")" = "$conversions"
test "$("$work/build/consumer_cxx20")" = "$conversions"
scenario=$work/prefix/share/mcasim/scenarios/synthetic-quick.yaml
export SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1
for standard in 17 20; do
    test "$("$work/build/chip_cxx$standard" "$scenario")" = 4d434153
done
# SystemC's own CMake package, as its build installs it, around the library that is here
package=$work/systemc/lib/cmake/SystemCLanguage
mkdir -p "$package"
cat >"$package/SystemCLanguageConfig.cmake" <<'END'
set(SystemC_CXX_STANDARD 17)
find_library(systemc_library systemc REQUIRED)
add_library(SystemC::systemc SHARED IMPORTED)
set_target_properties(SystemC::systemc PROPERTIES IMPORTED_LOCATION ${systemc_library} INTERFACE_COMPILE_FEATURES cxx_std_17
                                                  INTERFACE_COMPILE_DEFINITIONS BY_PACKAGE)
END
cmake -S "$work/consumer" -B "$work/by_package" -DCMAKE_PREFIX_PATH="$work/prefix;$work/systemc" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
grep -q -- '-DBY_PACKAGE.* -std=gnu++20 .*/chip.cpp' "$work/by_package/compile_commands.json"
cmake --build "$work/by_package" --target chip_cxx20 >"$work/log" || { cat "$work/log"; exit 1; }
test "$("$work/by_package/chip_cxx20" "$scenario")" = 4d434153
# without CMake the header says what is needed
includes="-I$work/prefix/include/mca -fsyntax-only $work/consumer/chip.cpp"
# shellcheck disable=SC2086  # options are words
! g++ -std=c++20 $includes >"$work/log" 2>&1
grep -q 'error.*-DSC_CPLUSPLUS=201703L' "$work/log" || { cat "$work/log"; exit 1; }
# shellcheck disable=SC2086
g++ -std=c++20 -DSC_CPLUSPLUS=201703L $includes

PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name mca.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # options are words
cc -o "$work/linked" "$work/consumer/consumer.c" $(pkg-config --cflags --libs mca)
test "$("$work/linked")" = "$conversions"
# shellcheck disable=SC2046
cc -o "$work/whole" "$work/consumer/consumer.c" $(pkg-config --cflags mca) -Wl,--whole-archive "$(find "$work/prefix" -name libmca.a)" \
    -Wl,--no-whole-archive $(pkg-config --libs mca)
# a static libmca is told where its component libraries are, and says where it looked
components=$(pkg-config --variable=components mca)
test "$(cd "$components" && pwd)" = "$(cat "$work/build/components")"
sed -i 's/Reference chip, 14/of-the-moved-tree, 14/' "$components/mca-14nm.yaml"
test "$(MCA_COMPONENTS_DIR=$components "$work/linked" mca-14nm)" = "$conversions of-the-moved-tree"
status=0
env -u MCA_COMPONENTS_DIR "$work/linked" no-such 2>"$work/error" >/dev/null || status=$?
test $status -eq 3
configured=$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' "$BUILD_DIR/CMakeCache.txt")
grep -q "no no-such.yaml in \$MCA_COMPONENTS_DIR, .*$configured/share/mcasim/scenarios/components" "$work/error"

for file in dpu_registers.h dpu_registers.rdl dpu_registers.xml; do
    test -s "$work/prefix/share/mcasim/registers/$file"
done
cc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c "$work/prefix/share/mcasim/registers/dpu_registers.h"

cd "$work/prefix/include/mca"
# the interface of a digital unit is for those who make one, and stands alone
mv dpu_unit.h "$work/dpu_unit.h"
cc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c "$work/dpu_unit.h"
g++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -x c++ "$work/dpu_unit.h"
find . -name '*.h' >"$work/headers"
if grep '_state\.h' "$work/headers" || grep -rnE '\bmca__[a-z]' --include='*.h' .; then
    echo "FAIL: what is libmca's own is installed"
    exit 1
fi
# mca.h by itself, strictly, and it includes every header that there is
echo '#include <mca.h>' | cc -std=c11 -Wall -Wextra -Wpedantic -Werror -I. -MM -MF "$work/parts" -fsyntax-only -x c -
tr -s ' \\' '\n' <"$work/parts" | sed -n 's|^\(\./\)*\(.*\.h\)$|./\2|p' | sort -u >"$work/included"
sort "$work/headers" | diff - "$work/included"
while read -r header; do
    g++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I. -include "$header" -x c++ /dev/null ||
        { echo "FAIL: $header by itself in C++20"; exit 1; }
    grep -qx MCA_C_BEGIN "$header" || ! grep -nE '^(const |struct |enum |unsigned )*[a-z0-9_]+ \**mca_[a-z0-9_]+\(' "$header" ||
        { echo "FAIL: $header declares functions outside MCA_C_BEGIN"; exit 1; }
done <"$work/headers"
"$work/prefix/bin/mcasim" --version
# every file's head names a schema that is there
find "$work/prefix/share/mcasim/scenarios" -name '*.yaml' | while read -r file; do
    named=$(sed -n '1s/^# yaml-language-server: \$schema=//p' "$file")
    test -n "$named" && test -s "$(dirname "$file")/$named" || { echo "FAIL: no schema of $file"; exit 1; }
done
# pages of the manual, one a command, and completion where shells look for it
for page in mcasim $("$work/prefix/bin/mcasim" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/mcasim-\1/p'); do
    test -s "$work/prefix/share/man/man1/$page.1" || { echo "FAIL: no page $page"; exit 1; }
done
for script in bash:bash-completion/completions/mcasim zsh:zsh/site-functions/_mcasim fish:fish/vendor_completions.d/mcasim.fish; do
    "$work/prefix/bin/mcasim" completion "${script%%:*}" | cmp - "$work/prefix/share/${script#*:}"
done
