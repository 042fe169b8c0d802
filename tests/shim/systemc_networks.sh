#!/bin/sh
# mcasim-sc on networks of convolutions, pools and residual sums: the bits of mcasim run, the times of its timeline, and what the RTL refuses.
. "$(dirname "$0")/systemc_lib.sh"

# 8 x 8 values of the built-in digits, a convolution read at 36 positions, and one read back at 4
cat >conv.yaml <<END
network:
  layers:
    - avg_pool: {kernel: 7, stride: 3}
    - conv2d: {filters: 4, kernel: 3, activation: relu, unit_weight_us: 16}
    - max_pool: {kernel: 3}
    - conv2d: {filters: 6, kernel: 2, padding: 1, activation: relu, unit_weight_us: 16, rate_factor: 0.5}
    - dense: {units: 10, activation: identity}
dataset: {name: synthetic-digits, synthetic_train: 60, synthetic_test: 200}
train: {loss: softmax, learning_rate: 0.05}
transfer: {epsilon_us: 0.1}
END
# the image is read at many positions, errors of two layers meet, and layers that do not learn lie before and behind such that do
cat >residual.yaml <<END
network:
  layers:
    - conv2d: {filters: 3, kernel: 4, stride: 4, activation: tanh, frozen: true}
    - conv2d: {filters: 3, kernel: 3, padding: 1, activation: tanh}
    - conv2d: {filters: 3, kernel: 3, padding: 1, activation: sigmoid}
    - residual_sum: {from: 1, activation: relu}
    - max_pool: {kernel: 2}
    - dense: {units: 20, frozen: true}
    - dense: {units: 10}
dataset: {name: synthetic-digits, synthetic_train: 60, synthetic_test: 200}
transfer: {epsilon_us: 0.1}
END
# digital layers first, which takes the image, between others, where the errors of two layers meet, and last
cat >digital.yaml <<END
network:
  layers:
    - conv2d: {filters: 3, kernel: 4, stride: 4, activation: tanh, digital: true}
    - conv2d: {filters: 3, kernel: 3, padding: 1, activation: tanh}
    - conv2d: {filters: 3, kernel: 3, padding: 1, activation: relu, digital: true}
    - residual_sum: {from: 1, activation: relu}
    - max_pool: {kernel: 2}
    - dense: {units: 20, frozen: true, digital: true}
    - dense: {units: 10, digital: true}
dataset: {name: synthetic-digits, synthetic_train: 60, synthetic_test: 200}
transfer: {epsilon_us: 0.1}
END

images=60 units=model
same conv.yaml
same conv.yaml train.batch=3 dac.drive=bipolar refresh.every_images=12 refresh.high_us=4 refresh.residual=chi
same conv.yaml dpu.arithmetic=float tile.rows=16 tile.cols=3
same conv.yaml dpu.arithmetic=float train.batch=3 dac.drive=bipolar adc.bits=0 dac.bits=0
same conv.yaml chi.accumulate=image
same conv.yaml chi.accumulate=image train.batch=3 dpu.arithmetic=float
same conv.yaml chi.layout=columns refresh.every_images=12 refresh.high_us=4 refresh.residual=chi
same conv.yaml chi.layout=fewest-words chi.accumulate=image train.batch=3
same conv.yaml chi.layout=columns dpu.arithmetic=float
same residual.yaml refresh.every_images=20 refresh.high_us=4
same residual.yaml train.batch=3 dpu.arithmetic=float
same digital.yaml refresh.every_images=20 refresh.high_us=4
same digital.yaml dpu.arithmetic=float chi.accumulate=image

# times: none differs, also where units wait for each other
same_times() { # SCENARIO SETTING...
    scenario=$1
    shift
    sets=""
    for setting; do sets="$sets --set $setting"; done
    # shellcheck disable=SC2086  # settings are words
    "$program" "$scenario" --compare --quiet --set train.epochs=2 --images 80 $sets >row || fail "--compare $scenario $*"
    cat row
    awk -F'|' 'NF == 13 && $4 > 0 && $6 + $7 + $8 + $9 == 0 { ++good } END { exit !(NR == 1 && good) }' row || fail "times of $scenario $* differ: $(cat row)"
}
for scenario in conv.yaml residual.yaml; do
    same_times $scenario
    same_times $scenario train.batch=3 dac.drive=bipolar refresh.every_images=12 refresh.high_us=4
    same_times $scenario adc.share=8 timing.image_load_ps_per_byte=0 dpu.lanes=4
    same_times $scenario dpu.clock_hz=20000000 transfer.epsilon_us=0.05 tile.rows=8 tile.cols=2
    same_times $scenario transfer.epsilon_us=0.05 transfer.fifo_depth=1 transfer.drivers=2 timing.set_pulse_ps=500000
    same_times $scenario refresh.layers=side-by-side refresh.every_images=12 refresh.high_us=4
    same_times $scenario refresh.layers=side-by-side refresh.every_images=12 refresh.scan=programmed train.batch=3 dpu.lanes=1 tile.rows=8
    same_times $scenario chi.accumulate=image
    same_times $scenario chi.accumulate=image transfer.epsilon_us=0.02 transfer.fifo_depth=1 dpu.lanes=4 chi.ports=1 chi.access_cycles=3
    same_times $scenario chi.accumulate=image transfer.epsilon_us=0.05 dpu.arithmetic=float transfer.fifo_depth=1 tile.rows=8
    same_times $scenario dpu.arithmetic=float chi.ports=1 chi.access_cycles=4 timing.image_load_ps_per_byte=5000
    same_times $scenario chi.layout=columns transfer.epsilon_us=0.05 transfer.fifo_depth=1 dpu.lanes=4
    same_times $scenario chi.layout=columns dpu.arithmetic=float transfer.epsilon_us=0.05 transfer.fifo_depth=1
    same_times $scenario chi.layout=columns chi.accumulate=image transfer.epsilon_us=0.02 transfer.fifo_depth=1 chi.ports=1 chi.access_cycles=3
    same_times $scenario chi.layout=columns chi.accumulate=image transfer.epsilon_us=0.05 dpu.arithmetic=float transfer.fifo_depth=1
    same_times $scenario chi.layout=fewest-words dpu.lanes=64 train.batch=3
done

# codes cross between tiles and digital units
same residual.yaml interconnect.kind=bus refresh.every_images=12 refresh.high_us=4
same conv.yaml interconnect.kind=tree interconnect.bits=24 tile.rows=8 tile.cols=2 train.batch=3
for scenario in conv.yaml residual.yaml digital.yaml; do
    same_times $scenario interconnect.kind=bus interconnect.bits=16 refresh.every_images=12 refresh.high_us=4
    same_times $scenario interconnect.kind=tree interconnect.bits=7 tile.rows=8 tile.cols=2 dac.drive=bipolar
    same_times $scenario interconnect.kind=bus interconnect.bits=1 dpu.units=per-layer refresh.layers=side-by-side refresh.every_images=12
    same_times $scenario interconnect.kind=tree interconnect.bits=64 dpu.units=per-layer refresh.every_images=12 refresh.sense=compare refresh.high_us=4
done
same_times conv.yaml interconnect.kind=tree interconnect.bits=24 tile.rows=8 timing.streaming=true dpu.clock_hz=300000000
same_times residual.yaml interconnect.kind=bus interconnect.bits=24 timing.streaming=true dpu.units=per-layer train.batch=3

# products are operations of the digital unit, of which the next image waits for the first
same_times digital.yaml
same_times digital.yaml dac.drive=bipolar refresh.every_images=12 refresh.high_us=4
same_times conv.yaml refresh.scan=programmed refresh.every_images=12 refresh.high_us=4
same_times digital.yaml refresh.layers=side-by-side refresh.every_images=12 refresh.high_us=4
same_times digital.yaml timing.image_load_ps_per_byte=0 dpu.lanes=4 chi.ports=1 chi.access_cycles=3
same_times digital.yaml dpu.clock_hz=20000000 transfer.epsilon_us=0.05 tile.rows=8 tile.cols=2 chi.accumulate=image
same_times digital.yaml chi.layout=columns transfer.epsilon_us=0.05 transfer.fifo_depth=1
same_times digital.yaml dpu.arithmetic=float timing.image_load_ps_per_byte=5000
printf 'network: {layers: [dense: {units: 20, digital: true}, dense: {units: 10}]}\ndataset: {name: synthetic-digits, synthetic_train: 60, synthetic_test: 200}\n' >dense_first.yaml
same_times dense_first.yaml

# layers that stream, on several arrays side by side
for scenario in conv.yaml residual.yaml; do
    same $scenario timing.streaming=true
    same_times $scenario timing.streaming=true
    same_times $scenario timing.streaming=true train.batch=3 dac.drive=bipolar refresh.every_images=12 refresh.high_us=4
    same_times $scenario timing.streaming=true refresh.layers=side-by-side refresh.every_images=12 refresh.high_us=4
    same_times $scenario timing.streaming=true adc.share=8 timing.image_load_ps_per_byte=0 dpu.lanes=4
    same_times $scenario timing.streaming=true dpu.clock_hz=20000000 transfer.epsilon_us=0.05 tile.rows=8 tile.cols=2
    same_times $scenario timing.streaming=true dpu.arithmetic=float dpu.clock_hz=300000000 timing.image_load_ps_per_byte=5000
done

# a digital unit for each layer: updates beside backward reads, two images of a mini-batch at work
per_layer=dpu.units=per-layer
printf 'network: {layers: [784, 20, 16, 10]}\ndataset: {name: synthetic-digits, synthetic_train: 60, synthetic_test: 200}\n' >widths.yaml
same conv.yaml $per_layer train.batch=3 refresh.every_images=12 refresh.high_us=4
same residual.yaml $per_layer timing.streaming=true
same digital.yaml $per_layer refresh.every_images=20 refresh.high_us=4
for scenario in widths.yaml conv.yaml residual.yaml; do
    same_times $scenario $per_layer
    same_times $scenario $per_layer train.batch=3 refresh.every_images=12 refresh.high_us=4
    same_times $scenario $per_layer refresh.layers=side-by-side refresh.every_images=12 refresh.high_us=4 dpu.lanes=4
    same_times $scenario $per_layer train.batch=4 refresh.layers=side-by-side refresh.every_images=12 refresh.scan=programmed dpu.lanes=1 tile.rows=8
    same_times $scenario $per_layer transfer.epsilon_us=0.05 transfer.fifo_depth=1 chi.ports=1 chi.access_cycles=3
    same_times $scenario $per_layer dpu.clock_hz=20000000 transfer.epsilon_us=0.05 train.batch=2 dac.drive=bipolar
    same_times $scenario $per_layer adc.share=8 timing.image_load_ps_per_byte=0 dpu.arithmetic=float
done
for scenario in conv.yaml residual.yaml; do
    same_times $scenario $per_layer timing.streaming=true
    same_times $scenario $per_layer timing.streaming=true train.batch=3 refresh.every_images=12 refresh.high_us=4 dpu.lanes=4
done
same_times digital.yaml $per_layer
same_times digital.yaml $per_layer timing.image_load_ps_per_byte=5000 chi.ports=1 chi.access_cycles=3 refresh.every_images=12 refresh.high_us=4

# the first layer is read for the next image before its update for this one, whose pulses wait
ahead=timing.read_ahead=true
same widths.yaml $ahead transfer.epsilon_us=0.05
same widths.yaml $ahead train.batch=7 refresh.every_images=14 refresh.high_us=4
same_times widths.yaml $ahead
same_times widths.yaml $ahead train.batch=7 refresh.every_images=20 refresh.layers=side-by-side refresh.high_us=4 $per_layer
same_times widths.yaml $ahead train.batch=3 dac.drive=bipolar adc.share=8
same_times widths.yaml $ahead transfer.epsilon_us=0.05 transfer.fifo_depth=1 chi.ports=1 chi.access_cycles=3
same_times widths.yaml $ahead transfer.epsilon_us=0.02 transfer.fifo_depth=1 dpu.arithmetic=float
same_times widths.yaml $ahead refresh.every_images=12 refresh.high_us=4 $per_layer
same_times widths.yaml $ahead timing.image_load_ps_per_byte=5000 dpu.lanes=64
same_times widths.yaml $ahead transfer.epsilon_us=0.02 dpu.lanes=64 tile.rows=100 tile.cols=7
same_times widths.yaml $ahead transfer.epsilon_us=0.2 timing.set_pulse_ps=5000000 transfer.drivers=3 transfer.fifo_depth=2
# the next image comes when a mini-batch has ended; a refresh, while pulses of the image before still leave
same_times widths.yaml $ahead transfer.epsilon_us=0.05 train.batch=2 timing.image_load_ps_per_byte=5000
same_times widths.yaml $ahead transfer.epsilon_us=0.05 refresh.every_images=2 timing.set_pulse_ps=1000000
same_times widths.yaml $ahead transfer.epsilon_us=0.05 refresh.every_images=2 timing.set_pulse_ps=1000000 refresh.layers=side-by-side tile.cols=2

# a refresh that pulses ask for is known when all updates are over, and so is that none comes
by_pulses="refresh.every_images=0 refresh.every_pulses=60 refresh.high_us=4"
same residual.yaml refresh.every_images=7 refresh.every_pulses=150 refresh.high_us=4
for scenario in widths.yaml conv.yaml residual.yaml; do
    # shellcheck disable=SC2086  # settings are words
    {
        same_times $scenario $by_pulses
        same_times $scenario $by_pulses train.batch=3 refresh.every_images=9
        same_times $scenario $by_pulses $per_layer
        same_times $scenario $by_pulses $per_layer refresh.layers=side-by-side train.batch=3 dpu.lanes=4
    }
done
# shellcheck disable=SC2086
same_times residual.yaml $by_pulses timing.streaming=true

# a digital unit for each tile: updates of tiles side by side, each with its own queue
per_tile=dpu.units=per-tile
small="tile.rows=8 tile.cols=2 dpu.lanes=2"
same conv.yaml $per_tile $small refresh.every_images=12 refresh.high_us=4
same residual.yaml $per_tile $small timing.streaming=true
same digital.yaml $per_tile $small train.batch=1 dpu.arithmetic=float
for scenario in widths.yaml conv.yaml residual.yaml; do
    same_times $scenario $per_tile $small
    same_times $scenario $per_tile $small train.batch=3 refresh.every_images=12 refresh.high_us=4 refresh.layers=side-by-side
    same_times $scenario $per_tile $small transfer.epsilon_us=0.05 transfer.fifo_depth=1
    same_times $scenario $per_tile $small chi.layout=columns chi.accumulate=image transfer.epsilon_us=0.05 transfer.fifo_depth=2 chi.ports=1 chi.access_cycles=3
    same_times $scenario $per_tile $small dpu.arithmetic=float chi.accumulate=image transfer.epsilon_us=0.1 transfer.fifo_depth=1
    same_times $scenario $per_tile $small dpu.arithmetic=float chi.layout=columns dpu.clock_hz=300000000 transfer.epsilon_us=0.1
    same_times $scenario $per_tile $small transfer.mode=direct refresh.scan=programmed refresh.every_images=12 refresh.sense=compare refresh.high_us=4
    same_times $scenario $per_tile $small interconnect.kind=bus interconnect.bits=5 dac.drive=bipolar refresh.every_images=12
    same_times $scenario $per_tile $small interconnect.kind=tree interconnect.bits=16 timing.streaming=false
done
same_times widths.yaml $per_tile $small timing.read_ahead=true transfer.epsilon_us=0.05 transfer.fifo_depth=1
same_times conv.yaml $per_tile $small timing.streaming=true interconnect.kind=tree interconnect.bits=3

# What converters give, pulses end and loads bring a picosecond before an edge of the clock, at it, and after it, by each lever
for lever in dpu.units=shared "$per_layer" "$ahead" "$per_layer $ahead" "$by_pulses" "$per_tile $small" "interconnect.kind=bus" "interconnect.kind=tree tile.rows=64" \
    "chi.layout=fewest-words dpu.lanes=64" "refresh.layers=side-by-side" "adc.bank=shared adc.share=4" "refresh.scan=programmed refresh.sense=compare adc.kind=sar"; do
    for late in 999 000 001; do
        at="timing.adc_conversion_ps=$((76 + (late < 2)))$late timing.set_pulse_ps=$((127 + (late < 2)))$late"
        # shellcheck disable=SC2086  # settings are words
        {
            same_times widths.yaml $lever $at refresh.high_us=4 refresh.every_images=12
            same_times widths.yaml $lever $at timing.image_load_ps_per_byte=127$late transfer.epsilon_us=0.05 transfer.fifo_depth=1
        }
    done
done

# weights that would change while they are read
for setting in dpu.units=per-layer $per_tile 'network.layers=[conv2d: {filters: 2, kernel: 14, stride: 7}, dense: {units: 10}]'; do
    refuses 2 '*transfer.epsilon_us: weights written through would change while the image is still read, with a convolution or dpu.units; got 0' \
        "$program" widths.yaml --quiet --set transfer.epsilon_us=0 --set dpu.arithmetic=float --set device.model=ideal --set "$setting"
done

# digital units run ahead of images and refreshes
for digital_units in shared per-layer per-tile; do
    for scenario in conv.yaml residual.yaml digital.yaml; do
        batch=3
        [ $scenario != digital.yaml ] || batch=1
        "$program" $scenario --compare --quiet --quantum 1000000 --set dpu.units=$digital_units --set train.batch=$batch --set refresh.every_images=12 \
            --set train.epochs=2 --images 80 >row || fail "--quantum $scenario $digital_units"
        awk -F'|' '$6 + $7 + $8 + $9 > 0 { exit 1 }' row || fail "--quantum $scenario $digital_units: $(cat row)"
    done
done

# the RTL: what it does not do it names, in one line
printf 'network: {layers: [dense: {units: 20, unit_weight_us: 16}, dense: {units: 10, unit_weight_us: 16}]}\ndataset: {name: synthetic-digits, synthetic_train: 60, synthetic_test: 200}\n' >dense.yaml
"$program" dense.yaml --dpu rtl --quiet -o dense --set train.epochs=1 || fail "a dense network with its layers written out"
# tiles of a layer's own
numbers='"unit_weight_us": 16, "adc_forward_range": 16, "adc_backward_range": 4'
cat >tiles.yaml <<END
network:
  layers:
    - {"dense": {"units": 64, "tile_rows": 208, "tile_cols": 32, $numbers}}
    - {"dense": {"units": 40, "tile_rows": 16, "tile_cols": 16, $numbers}}
    - {"dense": {"units": 10, $numbers}}
dataset: {name: synthetic-digits, synthetic_train: 60, synthetic_test: 200}
transfer: {epsilon_us: 0.1}
END
units="model rtl"
same tiles.yaml adc.share=8 dac.share=16 refresh.every_images=20 refresh.high_us=4
same_times tiles.yaml adc.share=8 dac.share=16 refresh.every_images=20 refresh.layers=side-by-side
rtl_refuses() { # SCENARIO LAYERS LINE [SETTING]
    refuses 2 "$1: $3" "$program" "$1" --dpu rtl --quiet --set "$2" ${4:+--set "$4"}
    refuses 2 "$1: $3" "$MCASIM" cosim "$1" --quiet --set "$2" ${4:+--set "$4"}
}
rtl_refuses conv.yaml seed=2 "train.loss: the RTL has no softmax"
rtl_refuses conv.yaml train.loss=squared "network.layers: layer 0: the RTL has no avg_pool"
rtl_refuses dense.yaml "network.layers=[conv2d: {filters: 2, kernel: 28}, dense: {units: 10}]" "network.layers: layer 0: the RTL has no conv2d"
rtl_refuses dense.yaml "network.layers=[dense: {units: 20, frozen: true}, dense: {units: 10}]" "network.layers: layer 0: the RTL has no frozen layers"
digital='network.layers=[dense: {units: 20}, dense: {units: 10, digital: true}]'
rtl_refuses dense.yaml "$digital" "network.layers: layer 1: the RTL has no digital layers"
rtl_refuses dense.yaml "network.layers=[dense: {units: 20, unit_weight_us: 16}, dense: {units: 10, unit_weight_us: 16, rate_factor: 2}]" \
    "network.layers: layer 1: the RTL has one learning rate and one unit weight; *"
rtl_refuses dense.yaml "network.layers=[dense: {units: 20, unit_weight_us: 16}, dense: {units: 10, unit_weight_us: 3}]" \
    "network.layers: layer 1: the RTL has one learning rate and one unit weight; *"
rtl_refuses dense.yaml "network.layers=[dense: {units: 20, unit_weight_us: 16}, dense: {units: 20, unit_weight_us: 16}, residual_sum: {from: 0}, dense: {units: 10}]" \
    "network.layers: layer 2: the RTL has no residual_sum"
rtl_refuses dense.yaml dpu.units=per-layer "dpu.units: the RTL is one digital unit for all layers; got per-layer"
rtl_refuses dense.yaml dpu.units=per-tile "dpu.units: the RTL is one digital unit for all layers; got per-tile"
rtl_refuses dense.yaml interconnect.kind=bus "interconnect.kind: the RTL takes codes as they are converted; got bus"
rtl_refuses dense.yaml chi.layout=columns "chi.layout: the RTL keeps chi by rows, and that of a layer of 785 inputs and 20 outputs lies by columns; got columns"
rtl_refuses dense.yaml chi.layout=fewest-words "chi.layout: the RTL keeps chi by rows, and that of a layer of 21 inputs and 10 outputs lies by columns; got fewest-words"
rtl_refuses dense.yaml "network.layers=[dense: {units: 20, unit_weight_us: 16, activation: relu}, dense: {units: 10, unit_weight_us: 16}]" "layer 0: the RTL has no activation relu"
finish
