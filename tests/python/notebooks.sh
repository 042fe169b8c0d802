#!/bin/sh
# The notebooks of docs/guide are stored without results, and tools/site executes them: each cell runs, and what the prose says
# holds, which cells assert. Pages have the pictures. A cell that raises ends it.
set -eu
. "$SOURCE_DIR/tests/need.sh"
for program in mkdocs jupyter-nbconvert; do need "$program" "tools/setup --site installs it"; done
for module in numpy pandas matplotlib yaml ipykernel; do
    /usr/bin/python3 -c "import $module" 2>/dev/null || not_run "no $module for /usr/bin/python3; tools/setup --site installs it"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PYTHONPATH=$BUILD_DIR/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1 TMPDIR=$work
export PYTHONPATH PYTHONDONTWRITEBYTECODE TMPDIR
unset MCASIM MCASIM_LIBRARY PYTHONHOME MNIST_DIR MCA_COMPONENTS_DIR MCA_DATA_DIR
tree=$work/tree # as git knows it, without builds
mkdir "$tree"
(cd "$SOURCE_DIR" && git ls-files -z | xargs -0 cp --parents -t "$tree")
cd "$tree/docs/guide"
set -- *.ipynb
[ $# -eq 3 ] || { echo "FAIL: notebooks: $*"; exit 1; }
! grep -lE '"(image/png|text/plain|output_type)"|"execution_count": [0-9]' ./*.ipynb || { echo "FAIL: stored with results"; exit 1; }

start=$(date +%s)
"$tree/tools/site" "$work/site" >"$work/log" 2>&1 || { echo "FAIL: $(tail -40 "$work/log")"; exit 1; }
echo "$(($(date +%s) - start)) s"
for notebook; do
    page=${notebook%.ipynb}
    shown=$(grep -o "<img[^>]*src=\"${page}_files/[^\"]*\.png\"" "$work/site/docs/guide/$page.html" | wc -l)
    [ "$shown" -ge 3 ] || { echo "FAIL: $page has $shown pictures"; exit 1; }
    cmp "$notebook" "$work/site/docs/guide/$notebook"
done

# a statement that does not hold
python3 - chip-in-a-notebook.ipynb <<'END'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    notebook = json.load(file)
code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
code["source"] = ["assert 6 * 9 == 42, 'not so'"]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(notebook, file)
END
! "$tree/tools/site" "$work/site" >"$work/log" 2>&1 || { echo "FAIL: an assertion that fails passes"; exit 1; }
grep -q '^chip-in-a-notebook.ipynb: ' "$work/log" && grep -q 'AssertionError: not so' "$work/log" || { echo "FAIL: $(cat "$work/log")"; exit 1; }
