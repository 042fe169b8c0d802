#!/bin/sh
# An installation that is moved, used by another user while source and build tree are gone: every command finds what was installed
# with it. Two that lie side by side do not take each other's files. Needs root (mount namespace, another user); without it the
# prefix is moved all the same, and its own files must be those that are found.
set -eu
. "$SOURCE_DIR/tests/need.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cmake --install "$BUILD_DIR" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/moved"
for file in LICENSE README.md CHANGELOG.md docs/README.md; do
    [ -s "$work/moved/share/doc/mcasim/$file" ] || { echo "FAIL: $file is not installed"; exit 1; }
done
# the installed library must be the one that is read: a figure of its own shows it
sed -i 's/Reference chip, 14/of-the-moved-tree, 14/' "$work/moved/share/mcasim/scenarios/components/mca-14nm.yaml"
mkdir -m 777 "$work/elsewhere"
cat >"$work/commands" <<'END'
set -eu
export HOME=$PWD
unset MNIST_DIR MCA_COMPONENTS_DIR MCA_DATA_DIR
bin=$1/bin
"$bin/mcasim" components >components
grep -q 'of-the-moved-tree' components
ln -s "$bin/mcasim" link
for called in ./link mcasim; do
    PATH=$bin:$PATH "$called" components >components
    grep -q 'of-the-moved-tree' components || { echo "FAIL: called as $called, another tree's components"; exit 1; }
done
"$bin/mcasim" run "$1/share/mcasim/scenarios/synthetic-quick.yaml" --set train.epochs=1 --quiet -o run
"$bin/mcasim" check mnist-mca >check # by name: of the moved tree
"$bin/mcasim" scenarios | grep -q of-the-moved-tree
"$bin/mcasim" price run --library isaac-32nm >price
"$bin/mcasim" validate >validate
"$bin/mcasim" bench --images 100 --repeat 1 --quiet >bench
SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 "$bin/mcasim-sc" synthetic-quick --images 20 >sc
echo whole >end
END
cd "$work/elsewhere"
# the source tree is still there: it does not win
"$work/moved/bin/mcasim" components >"$work/components"
grep -q 'of-the-moved-tree' "$work/components" || { echo "FAIL: another tree's components"; exit 1; }
other=
[ "$(id -u)" -ne 0 ] || other="setpriv --reuid 65534 --regid 65534 --clear-groups"
if [ -n "$other" ] && unshare -m true 2>/dev/null; then
    # the source tree may not be entered, the build tree is empty
    # shellcheck disable=SC2016  # the inner shell expands them
    OTHER=$other SOURCE_DIR=$SOURCE_DIR BUILD_DIR=$BUILD_DIR unshare -m sh -eu -c '
        mount -t tmpfs -o mode=700 none "$SOURCE_DIR"
        [ ! -d "$BUILD_DIR" ] || mount -t tmpfs none "$BUILD_DIR"
        exec $OTHER sh "$0/commands" "$0/moved"' "$work" || fail=yes
else
    refused_in_part "no mount namespace here, so the source tree stays"
    [ -n "$other" ] || refused_in_part "no root, so the user is the same"
    # shellcheck disable=SC2086
    $other sh "$work/commands" "$work/moved" || fail=yes
fi
[ -z "${fail:-}" ] || { echo "FAIL: after $(find . -type f -newer "$work/commands" -maxdepth 1)"; exit 1; }
[ -z "$other" ] || [ "$(stat -c %u run/summary.json)" -eq 65534 ] || { echo "FAIL: not as another user"; exit 1; }
grep -q whole end
