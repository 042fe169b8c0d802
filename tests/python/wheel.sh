#!/bin/sh
# A wheel of the tree, installed without a network into an environment of its own, far from source and build tree: it brings libmca,
# mcasim and the scenarios, and trains. And the package as `cmake --install` lays it out, in a prefix that is moved.
set -eu
. "$SOURCE_DIR/tests/need.sh"
python=/usr/bin/python3
need "$python" "tools/setup --tests"
for module in numpy pip setuptools venv wheel; do
    "$python" -c "import $module" 2>/dev/null || not_run "no $module for $python; tools/setup --tests"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONPATH PYTHONHOME MCASIM MCASIM_LIBRARY MCA_DATA_DIR MCA_COMPONENTS_DIR
cp -r "$SOURCE_DIR/python" "$SOURCE_DIR/scenarios" "$SOURCE_DIR/schema" "$work/" # setuptools writes beside what it builds
cd "$work"
rm -rf python/build python/*.egg-info
"$python" -m venv --system-site-packages venv # Debian's setuptools, wheel and numpy
pip() {
    venv/bin/python -m pip --disable-pip-version-check --no-cache-dir "$@" >log 2>&1 || { cat log; exit 1; }
}
MCASIM_BUILD=$BUILD_DIR pip wheel --no-build-isolation --no-index --no-deps -w wheels ./python
version=$(sed -n 's/^project(mcasim VERSION \([0-9.]*\) .*/\1/p' "$SOURCE_DIR/CMakeLists.txt")
for file in wheels/*; do
    case $file in wheels/mcasim-"$version"-py3-none-linux_*.whl) ;; *) echo "FAIL: $file"; exit 1 ;; esac
done
pip install --no-index wheels/*.whl
rm -rf python scenarios schema
cat >use.py <<'END'
import os, sys
import mcasim
from mcasim import _library, program
place = os.path.dirname(mcasim.__file__)
assert place.startswith(sys.argv[1]), place
assert _library.PATH.startswith(sys.argv[1]) and program.program().startswith(sys.argv[1]), (_library.PATH, program.program())
small = mcasim.Scenario("synthetic-quick", train={"epochs": 1}, **{"dataset.synthetic_train": 200})
run = mcasim.run(small, sys.argv[2], progress=False)
assert run.explain("energy_j.total").value == run.energy_j
with mcasim.Chip(small) as chip:
    data = mcasim.load_data(small)
    assert len(chip.train(data.train.pixels, data.train.labels)) == 200
# its own scenarios and component library, not another installation's
with open(mcasim.Scenario("synthetic-quick").origin("train.epochs").rsplit(":", 1)[0], encoding="utf-8") as file:
    assert file.name.startswith(sys.argv[1]), file.name
assert "of-this-tree" in program._asked(["components"])
END
sed -i 's/Reference chip, 14/of-this-tree, 14/' venv/lib/python3*/site-packages/mcasim/_tree/share/mcasim/scenarios/components/mca-14nm.yaml
venv/bin/python use.py "$work/venv" by_wheel
pip uninstall -y mcasim
[ -z "$(find venv -name mcasim)" ] || { echo "FAIL: something is left"; exit 1; }

cmake --install "$BUILD_DIR" --prefix "$work/first" >/dev/null
mv first moved
[ ! -e moved/lib/libmca.so ] || { echo "FAIL: -lmca is no longer the static one"; exit 1; }
sed -i 's/Reference chip, 14/of-this-tree, 14/' moved/share/mcasim/scenarios/components/mca-14nm.yaml
PYTHONPATH=$work/moved/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1 "$python" use.py "$work/moved" by_prefix
