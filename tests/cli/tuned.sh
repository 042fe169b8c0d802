#!/bin/sh
# mca-tuned beside the reference chip, on MNIST: at most a sixth of the energy and a third of the time of an image, under the same library, devices and
# clock, with the same weights on tiles of at most 256 lines; and the area that no converter or lane can take away, more than a quarter
# (docs/guide/levers.md).
# Its accuracies are those of test_accuracy.sh. Skipped (77) where there is no MNIST.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in mnist-mca mca-tuned; do
    status=0
    "$MCASIM" run "$SOURCE_DIR/scenarios/$name.yaml" -o "$work/$name" --quiet --set dataset.name=mnist --set train.epochs=1 --set train.images=10000 \
        --set train.test_images=100 >"$work/out" 2>"$work/err" || status=$?
    if [ "$status" -eq 3 ] && grep -q -i mnist "$work/err"; then
        . "$SOURCE_DIR/tests/need.sh"
        not_run "$(cat "$work/err")"
    fi
    test "$status" -eq 0 || { cat "$work/err" && exit 1; }
    # what is no lever
    sed -n '/^train:/,/^[a-z]/p; /^dataset:/,/^dac:/p' "$work/$name/scenario.yaml" | grep '^ ' >"$work/$name.kept"
    grep -E '^ +(clock_hz|read_ps_per_level|read_settle_ps|(re)?set_pulse_ps|library): ' "$work/$name/scenario.yaml" >>"$work/$name.kept"
done
cmp "$work/mnist-mca.kept" "$work/mca-tuned.kept"
cd "$work"
python3 - <<'END'
import json

reference, tuned = (json.load(open(f"{name}/summary.json", encoding="utf-8")) for name in ("mnist-mca", "mca-tuned"))


def share(group, name):
    of = tuned[group][name] / reference[group][name]
    print(f"{group}.{name}: {of:.3f} of the reference chip's")
    return of


assert share("energy_j", "per_image") <= 1 / 6
assert share("latency_s", "per_image") <= 1 / 3
assert share("area_mm2", "total") <= 0.35
assert tuned["array"]["weights"] == reference["array"]["weights"]
assert [layer["shape"] for layer in tuned["layers"]] == [layer["shape"] for layer in reference["layers"]]
parts = tuned["area_mm2"]["by_component"]
least = (parts["pcm_device"] + parts["tile_control"] + parts["chi_bit"]) / reference["area_mm2"]["total"]
print(f"devices, tile control and chi alone: {least:.3f}")
assert least > 1 / 4
END
