#!/bin/sh
# The figures of the pages are what tools/figures/draw makes of the model today, byte for byte; each is shown by a page.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$SOURCE_DIR/tools/figures/draw" "$BUILD_DIR/bin/mca_curves" "$work/figures"
diff -r "$work/figures" "$SOURCE_DIR/docs/reference/figures" >"$work/difference" || {
    cut -c 1-200 "$work/difference"
    echo "FAIL: docs/reference/figures: tools/figures/draw build/release/bin/mca_curves docs/reference/figures makes them anew"
    exit 1
}
for figure in "$work"/figures/*.svg; do
    grep -q "](figures/$(basename "$figure"))" "$SOURCE_DIR"/docs/reference/*.md || { echo "FAIL: no page shows $figure"; exit 1; }
    ! command -v xmllint >/dev/null || xmllint --noout "$figure"
done
echo "$(find "$work/figures" -name '*.svg' | wc -l) figures"
