#!/bin/sh
# Another digital unit than ours, by --rtl: a changed copy, one without trace ports, a list of files, another top; what differs is
# found, and what is missing is named by file, module and port.
. "$(dirname "$0")/../cli/lib.sh"
program=$BUILD_DIR/bin/mcasim-sc
export XDG_CACHE_HOME="$PWD/cache" # nobody else wants these
write_tiny_scenario s.yaml
cosim() { # ARGUMENTS...; a lane is built in the shortest time
    capture "$MCASIM" cosim s.yaml --images 20 --set dpu.lanes=1 --set transfer.epsilon_us=0.2 "$@"
}
says() { # STATUS PATTERN WHAT
    [ "$status" -eq "$1" ] || fail "$3: status $status: $(cat "$cli_state/out" "$cli_state/err")"
    cat "$cli_state/out" "$cli_state/err" | grep -Eq "$2" || fail "$3: not '$2': $(cat "$cli_state/out" "$cli_state/err")"
}
copy() { # FOLDER [FILE SED-SCRIPT]
    rm -rf "$1"
    mkdir "$1"
    cp "$SOURCE_DIR"/rtl/*.v "$SOURCE_DIR"/rtl/*.vh "$1"
    [ $# -eq 1 ] || {
        sed "$3" "$SOURCE_DIR/rtl/$2" >"$1/$2"
        ! cmp -s "$SOURCE_DIR/rtl/$2" "$1/$2" || fail "$2: '$3' changes nothing"
    }
}

# --- a copy: another rounding; a pipeline a cycle deeper, of which the values are right; a pulse that is lost; no saturation
copy rounds dac_code.v 's/HALF = 1 << (IN_BITS - OUT_BITS - 1)/HALF = (1 << (IN_BITS - OUT_BITS - 1)) - 1/'
cosim --rtl rounds --set dac.bits=6 --vcd wave.fst
says 1 '^mcasim cosim: (code to drive|image code): image [0-9]+, .* column [0-9]+, .*: expected [0-9]+, got [0-9]+; waveform of the image: wave.fst' rounding
[ "$(wc -c <wave.fst)" -gt 1000 ] || fail "no waveform"
copy deep vector_unit.v "s/gap_q == 2'd2) state_q <= SCALE/gap_q == 2'd3) state_q <= SCALE/"
cosim --rtl deep
says 1 '^mcasim cosim: cycles of the operation: image 0, error of layer 0, .*: expected [0-9]+, got [0-9]+' "a deeper pipeline"
cosim --rtl deep --no-cycles
says 0 '^equal: 20 images of .*, cycles not compared;' "a deeper pipeline's values"

# --- what two units in a process could share: nothing, as a unit shows one symbol
for unit in cache/mcasim/*.so; do
    [ "$(nm -D --defined-only "$unit" | awk '{ print $3 }')" = mca_dpu_unit_get ] || fail "symbols of a unit: $(nm -D --defined-only "$unit")"
done

# --- without trace ports: what the ports show
mute() { # dpu.v
    awk '/output wire.*trace_/ { sub(/output /, ""); sub(/,? *(\/\/.*)?$/, ";"); wires = wires $0 "\n"; next }
         /trace: what a cosimulation compares/ { next }
         /chi_wdata_o,/ && !done { sub(/,/, ""); done = 1 }
         { print }
         /^\);/ && wires != "" { printf "%s", wires; wires = "" }' "$1"
}
copy mute
mute "$SOURCE_DIR/rtl/dpu.v" >mute/dpu.v
cosim --rtl mute
says 0 'equal: 20 images of .* [0-9]+ cycles, at the ports alone;' "no trace"
says 0 '/mute/dpu.v: module dpu: no output trace_done_o, .*: only what the ports show was compared' "no trace"
cosim --rtl mute --no-cycles
says 0 '^equal: 20 images of .*, cycles not compared, at the ports alone;' "no trace, no cycles"
copy loses pulse_fifo.v "s/assign ready_o = count_q < limit_i;/assign ready_o = count_q < limit_i; wire lost = valid_i \&\& data_i[WIDTH-1] \&\& data_i[3:0] == 4'd7;/; s/valid_o = !empty || (valid_i/valid_o = !empty || (!lost \&\& valid_i/; s/push = valid_i \&\&/push = !lost \&\& valid_i \&\&/"
mute "$SOURCE_DIR/rtl/dpu.v" >loses/dpu.v
cosim --rtl loses
says 1 '^mcasim cosim: (command that should leave its queue|column of a command|row of a command|pulses of a command): image [0-9]+, update of layer 0' "a lost pulse"
cosim --rtl loses --no-cycles
says 1 '^mcasim cosim: (command that should leave its queue|column of a command|row of a command|pulses of a command): image [0-9]+, update of layer 0' "a lost pulse, no cycles"
copy wraps chi_lane.v "s/wire        over = |rest/wire        over = 1'b0 \&\& |rest/"
cosim --rtl wraps --set transfer.max_pulses=1 --set train.learning_rate=40
says 1 '^mcasim cosim: chi: image [0-9]+, update of layer 0, row [0-9]+, column [0-9]+' "no saturation"

# --- a list of files with another top; a file that it includes counts too
mkdir -p list/parts
cp "$SOURCE_DIR"/rtl/*.vh list/parts
for file in "$SOURCE_DIR"/rtl/*.v; do
    [ "${file##*/}" = dpu.v ] || cp "$file" list/parts
done
sed 's/^module dpu /module my_unit /' "$SOURCE_DIR/rtl/dpu.v" >list/my_unit.sv
{
    echo '// what the unit is made of'
    echo '+incdir+parts my_unit.sv'
    for file in list/parts/*.v; do echo "parts/${file##*/}"; done
} >list/unit.f
cosim --rtl list/unit.f --top my_unit
says 0 '^equal: 20 images' "a list"
cosim --rtl list/unit.f --top my_unit
says 0 '^equal: 20 images' "a list again"
! grep -q verilating "$cli_state/err" || fail "a list is built twice"
echo '// another byte' >>list/parts/registers.vh
cosim --rtl list/unit.f --top my_unit
grep -q verilating "$cli_state/err" || fail "an included file does not count"

# --- what is missing
copy lacks dpu.v 's/chi_rvalid_i,$/chi_rvalid_in,/; s/(chi_rvalid_i)/(chi_rvalid_in)/'
cosim --rtl lacks
says 2 '/lacks/dpu.v: module dpu: no input chi_rvalid_i, of 1 bit' "a port that is not there"
copy lacks dpu.v 's/output wire \[LANES\*17-1:0\]           m_axis_drive_tdata_o/output wire [LANES*17:0] m_axis_drive_tdata_o/'
cosim --rtl lacks
says 2 '/lacks/dpu.v: module dpu: m_axis_drive_tdata_o has 18 bits, where the scenario needs 17' "a port of another width"
cosim --rtl "$SOURCE_DIR/rtl" --top no_such
says 2 "no_such.* was not found in design" "a top that is not there"
copy lacks dpu.v 's/^endmodule/endmodul/'
cosim --rtl lacks
says 2 '^%Error: .*/lacks/dpu.v:[0-9]+:' "no Verilog"
refuses 3 "none: No such file or directory" "$MCASIM" cosim s.yaml --rtl none
echo 'gone.v' >list/gone.f
cosim --rtl list/gone.f
says 2 "^%Error: .*gone.v" "a file of a list that is not there"
refuses 2 "*/dpu.v: a folder of Verilog, or a list of its files, is needed" "$MCASIM" cosim s.yaml --rtl "$SOURCE_DIR/rtl/dpu.v"
# what an editor leaves beside it does not count; what the design reads does
copy plain
cosim --rtl plain
ln -s nowhere plain/.#dpu.v
mkdir plain/old.v
cosim --rtl plain
! grep -q verilating "$cli_state/err" && [ "$status" -eq 0 ] || fail "an editor's file counts: $(cat "$cli_state/err")"
echo 1 >plain/table.hex
cosim --rtl plain
grep -q verilating "$cli_state/err" || fail "a table of the design does not count"

# --- SystemC
if [ -x "$program" ]; then
    "$program" s.yaml -o ours --quiet --images 20 --set dpu.lanes=1 --dpu rtl || fail "mcasim-sc"
    "$program" s.yaml -o theirs --quiet --images 20 --set dpu.lanes=1 --dpu rtl --rtl list/unit.f --top my_unit || fail "mcasim-sc --rtl"
    cmp ours/epochs.csv theirs/epochs.csv || fail "mcasim-sc: another result"
    refuses 2 "*/mute/dpu.v: module dpu: no output trace_done_o, *: the SystemC model needs the trace ports" \
        "$program" s.yaml -o muted --quiet --images 20 --set dpu.lanes=1 --dpu rtl --rtl mute
    refuses 2 "mcasim-sc: --rtl and --top need --dpu rtl*" "$program" s.yaml --rtl mute
fi
# what Verilog does beside its ports: an end of its own is no success, what it prints is no result, delays are left out
beside() { # FOLDER STATEMENT
    copy "$1"
    sed '$d' "$SOURCE_DIR/rtl/sequencer.v" | sed '/^endmodule/d' >"$1/sequencer.v"
    echo "reg [9:0] n_q; always @(posedge clk_i) begin n_q <= #1 rst_ni ? n_q + 10'd1 : 10'd0; if (n_q == 10'd900) $2; end endmodule" >>"$1/sequencer.v"
}
beside finish '$finish'
cosim --rtl finish
says 1 '^the unit ended in image [0-9]+: .*/finish/sequencer.v:[0-9]+: \$finish$' 'an end by $finish'
[ ! -s "$cli_state/out" ] || fail "an end is a result: $(cat "$cli_state/out")"
capture "$program" s.yaml --dpu rtl --rtl finish --images 20 --quiet --set dpu.lanes=1 -o ended
says 1 'the unit ended: .*/finish/sequencer.v:[0-9]+: \$finish$' 'an end by $finish in SystemC'
beside stop '$stop'
cosim --rtl stop
says 1 '^the unit ended in image [0-9]+: .*/stop/sequencer.v:[0-9]+: \$stop$' 'an end by $stop'
beside display '$display("seen %0d", n_q)'
cosim --rtl display
says 0 '^equal: 20 images' 'a unit that prints'
grep -q '^seen 900$' "$cli_state/err" || fail "what a unit prints is lost"
! grep -q seen "$cli_state/out" || fail "what a unit prints is among the results"
beside silent '$display'
sed -i "s/assign pready_o *= 1'b1/assign pready_o = 1'b0/" silent/registers.v
cosim --rtl silent
says 1 'register without an answer: image 0, ' 'registers that do not answer'

mkdir empty
cosim --rtl empty
says 2 '/empty: no \.v or \.sv file$' 'an empty folder'
cosim --rtl ''
says 2 '^--rtl: no name of a folder or a list of files$' 'an empty name'
cosim --rtl display --top ''
says 2 '^--top: no name of a module$' 'an empty module'
finish
