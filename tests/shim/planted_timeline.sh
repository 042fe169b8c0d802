#!/bin/sh
# Plants the faults that SystemC once found in the C timeline (docs/guide/systemc.md) again, one at a time, in a copy of the tree, and wants
# `mcasim-sc --compare` to find each: times of images differ, and without a fault none does.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree"
for part in CMakeLists.txt LICENSE model reports cli rtl shim scenarios tools; do
    cp -r "$SOURCE_DIR/$part" "$work/tree"
done
tree=$work/tree
program=$work/build/bin/mcasim-sc
cmake -S "$tree" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMCA_BUILD_TESTS=OFF -DMCA_BUILD_PYTHON=OFF >"$work/log"

build() {
    cmake --build "$work/build" --target mcasim-sc >"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
}

# two epochs and a piece of forty images
cat >"$work/s.yaml" <<END
network: {layers: [784, 20, 10]}
dataset: {name: synthetic-digits, synthetic_train: 40, synthetic_test: 20}
train: {epochs: 3}
END
compare() { # SETTING...: status in $status, the row in $work/out
    sets=""
    for setting; do sets="$sets --set $setting"; done
    status=0
    # shellcheck disable=SC2086  # settings are words
    "$program" "$work/s.yaml" --compare --quiet --images 100 $sets >"$work/out" 2>"$work/err" || status=$?
}
# the columns of images that differ, mean, worst image and worst phase
differs() {
    awk -F'|' 'NF == 13 { ++rows } $6 + $7 + $8 + $9 > 0 { ++bad } END { exit !(rows == 1 && bad) }' "$work/out"
}

planted() { # FILE SED-SCRIPT SETTING...
    file=$1 script=$2
    shift 2
    cp "$tree/$file" "$work/sound"
    sed "$script" "$work/sound" >"$tree/$file"
    if cmp -s "$work/sound" "$tree/$file"; then
        echo "FAIL: $file: '$script' changes nothing"
        exit 1
    fi
    build
    compare "$@"
    echo "$file: $script"
    cat "$work/out" "$work/err"
    { [ "$status" -eq 0 ] && differs; } || { echo "FAIL: $file: '$script' is not found: exit status $status"; exit 1; }
    cp "$work/sound" "$tree/$file"
    printf '%s\n' "$*" >>"$work/settings"
}

# a layer is read as soon as its last pulse has ended, though its update could still give more
planted model/chip/schedule.c 's/    if (chip->batch == 1) {/    if (chip->batch == 0) {/' 'network.layers=[784,20,10]'
# images are loaded ahead without end
planted model/chip/schedule.c 's/mca_moment_later(&chip->image_read, released)/(released ? \&chip->image_read : released)/' \
    train.batch=10 'network.layers=[784,10]' adc.share=4
# the digital unit begins an image that it has not got yet
planted model/chip/schedule.c 's/is_image = kind == MCA_STEP_LOAD;/is_image = 0;/' dpu.clock_hz=100000000
# the first image of an epoch loads while the last pulses of the one before go on
planted model/chip/schedule.c 's/chip->image_free = \*mca_moment_later(&chip->image_free, &chip->timeline.frontier);/(void)chip;/' transfer.epsilon_us=0.05
# a full queue counts as waiting where chi had to be waited for anyway
planted model/chip/update.c 's/^            engine->interval,$/            0,/' \
    chi.ports=1 chi.access_cycles=8 transfer.epsilon_us=0.05 transfer.fifo_depth=4
# Samples are taken while those before are still converted. Where they only wait before the converters instead of on the lines, no end of a
# conversion moves: a read that comes sooner is converted after those before all the same. So here they take their converters over.
planted model/chip/schedule.c 's/layer->tile_free = layer->adc_free;/layer->adc_free = layer->tile_free;/' adc.share=64
# the digital unit adds up codes of an image that it has not got yet
conv='network.layers=[{"conv2d":{"filters":3,"kernel":7,"stride":7}},{"conv2d":{"filters":4,"kernel":2}},{"dense":{"units":10}}]'
planted model/chip/schedule.c 's/from = beside ? mca_moment_later(from, beside) : from;/(void)beside;/' "$conv" dpu.clock_hz=20000000 dpu.lanes=4
# a mini-batch holds up the reads of layers that it cannot change
frozen='network.layers=[{"conv2d":{"filters":3,"kernel":7,"stride":7,"frozen":true}},{"dense":{"units":10}}]'
planted model/chip/schedule.c 's/chip->batch > 1 \&\& !chip->network.layers\[i\].config.frozen/chip->batch > 1/' "$frozen" train.batch=2
# of layers that are read side by side, a comparison takes no time of its own behind that of the layer before
planted model/chip/schedule.c 's/compared_cycle = unit->free_cycle + work->cycles;/compared_cycle = unit->free_cycle;/' \
    refresh.layers=side-by-side refresh.every_images=20
# layers are read in turn that should be read side by side
planted model/chip/schedule.c 's/&chip->scan_begun, chip->config/\&unit->free, chip->config/' refresh.layers=side-by-side refresh.every_images=20
# Of layers with units of their own: a mini-batch's pulses go when the first layer's unit is done; layers that should be refreshed in turn are
# side by side; and the scan of one begins while another is still learning.
per_layer=dpu.units=per-layer
long_second='network.layers=[784,30,250,10]'
many_rows='network.layers=[{"conv2d":{"filters":4,"kernel":2,"stride":2}},{"dense":{"units":10}}]'
planted model/chip/schedule.c 's/settle(&chip->layers\[i\], mca__last_unit(chip));/settle(\&chip->layers[i], \&chip->units[0]);/' $per_layer \
    train.batch=3 "$long_second" dpu.lanes=4
planted model/chip/schedule.c 's/        chip->scan_begun = unit->free;/        chip->scan_begun = chip->scan_begun;/' $per_layer refresh.every_images=20
planted model/chip/schedule.c 's/chip->scan_begun = mca__last_unit(chip)->free;/chip->scan_begun = chip->units[1].free;/' $per_layer \
    refresh.every_images=20 refresh.layers=side-by-side transfer.epsilon_us=10 "$many_rows"
# where the first layer is read ahead: the codes of the image before are still in its converters; a third image has no buffer
planted model/chip/schedule.c 's/ready = mca_moment_later(ready, &chip->held.taken);/(void)ready;/' 'network.layers=[784,10]' \
    timing.read_ahead=true timing.image_load_ps_per_byte=0 timing.adc_conversion_ps=2000000
planted model/chip/schedule.c 's/image_released\[chip->held.is_held\]/image_released[0]/' timing.read_ahead=true dpu.lanes=4 \
    timing.image_load_ps_per_byte=2000
# a read does not wait until it is known whether pulses ask for a refresh
planted model/chip/schedule.c 's/decides || (chip->batch > 1/(decides \&\& chip->batch > 1) || (chip->batch > 1/' "$frozen" refresh.every_images=0 \
    refresh.every_pulses=40 refresh.high_us=4
# Of tiles with units of their own: an update is over with the engine of its last tile; a word's number is counted from the layer's first row on; what
# a word's commands take beyond its pace is nothing to the words behind it.
per_tile='dpu.units=per-tile tile.rows=64 tile.cols=16 network.layers=[784,40,10]'
# shellcheck disable=SC2086  # settings are words
{
    planted model/chip/update.c 's/e == 0 || mca_moment_later(&end, &done) == &done/1/' $per_tile
    planted model/chip/tile_updaters.c 's/(engines, is_by_columns ? col : row) - rows_below(engines, cut.first_row)/(engines, is_by_columns ? col : row)/' $per_tile transfer.epsilon_us=0.3
    planted model/chip/tile_updaters.c 's/engine->commands = 0;/engine->commands = 0, engine->beyond = 0;/' $per_tile transfer.epsilon_us=0.05 \
        timing.set_pulse_ps=1000 transfer.fifo_depth=64
}

build
while read -r settings; do
    # shellcheck disable=SC2086  # settings are words
    compare $settings
    { [ "$status" -eq 0 ] && ! differs; } || { echo "FAIL: without a fault, $settings:"; cat "$work/out" "$work/err"; exit 1; }
done <"$work/settings"
[ "$(wc -l <"$work/settings")" -eq 19 ]
