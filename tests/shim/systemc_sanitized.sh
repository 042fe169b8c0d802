#!/bin/sh
# The SystemC model under AddressSanitizer and UndefinedBehaviorSanitizer, with leaks: registers, both digital units, mini-batches, refreshes, waveforms.
. "$(dirname "$0")/../cli/lib.sh"
build=$BUILD_DIR/systemc-sanitized
flags="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
cmake -S "$SOURCE_DIR" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS="$flags" \
    -DCMAKE_CXX_FLAGS="$flags" >log 2>&1 || fail "configuring: $(tail -5 log)"
# the unit too; Verilator's waveform writers store words at odd addresses and shift negative values
export CXX="c++ $flags -fno-sanitize=alignment,shift"
cmake --build "$build" --target mcasim-sc test_systemc_chip test_systemc_tlm >log 2>&1 || fail "building: $(tail -5 log)"
write_small_scenario s.yaml
for unit in model rtl; do
    "$build/bin/test_systemc_chip" "$SOURCE_DIR/scenarios/mnist-mca.yaml" $unit 0 0 || fail "registers, $unit"
    "$build/bin/test_systemc_tlm" "$SOURCE_DIR/scenarios/mnist-mca.yaml" $unit || fail "transactions, $unit"
    "$build/bin/test_systemc_tlm" "$SOURCE_DIR/scenarios/mnist-mca.yaml" $unit train.batch=4 refresh.every_images=3 refresh.high_us=1 ||
        fail "transactions, $unit, mini-batches and refreshes"
    "$build/bin/mcasim-sc" s.yaml -o run --quiet --dpu $unit --vcd wave.vcd || fail "run, $unit"
    "$build/bin/mcasim-sc" s.yaml --compare --quiet --dpu $unit --images 60 --set train.batch=4 --set 'network.layers=[784,40,30,10]' \
        --set refresh.every_images=20 --set refresh.residual=chi --set transfer.epsilon_us=0.1 || fail "comparison, $unit"
    rm -rf run
done
"$build/bin/test_systemc_chip" "$SOURCE_DIR/scenarios/mnist-mca.yaml" model 0 3000 timing.read_ahead=true transfer.fifo_depth=1 refresh.every_images=9 \
    refresh.high_us=4 || fail "registers, reading ahead"
"$build/bin/test_systemc_tlm" "$SOURCE_DIR/scenarios/mnist-mca.yaml" model timing.read_ahead=true train.batch=4 refresh.every_images=3 refresh.high_us=1 ||
    fail "transactions, reading ahead"
layers="[conv2d: {filters: 3, kernel: 4, stride: 4}, conv2d: {filters: 3, kernel: 3, padding: 1}, residual_sum: {from: 0}, max_pool: {kernel: 2}, dense: {units: 10}]"
for arithmetic in fixed float; do
    "$build/bin/mcasim-sc" s.yaml --compare --quiet --images 60 --set "network.layers=$layers" --set dpu.arithmetic=$arithmetic --set train.batch=4 \
        --set refresh.every_images=20 || fail "a network of layers, $arithmetic"
done
refuses 2 "s.yaml: dpu.arithmetic: the RTL is fixed-point; got float" "$build/bin/mcasim-sc" s.yaml --quiet --dpu rtl --set dpu.arithmetic=float
finish
