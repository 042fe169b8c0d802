# The memory macros of a netlist, from their ports (macros.v with plain names). Prints
#   -v what=table    name, words, bits of a word
#   -v what=models   Verilog: their contents, zero at first
#   -v what=liberty  for OpenSTA: registers without delay, setup, load and power; edges of 0.06 ns
/^module / { macro = $2; sub(/\(.*/, "", macro); split("", bits) }
/^ *(input|output) \[/ { name = $3; sub(/;/, "", name); bits[name] = substr($2, 2) + 1 }
/^endmodule/ && ("waddr_i" in bits) { print_macro(macro, bits["waddr_i"], bits["wdata_i"]) }
BEGIN {
    if (what == "liberty") {
        print "library(memories) {\n  delay_model : table_lookup; time_unit : \"1ns\"; voltage_unit : \"1V\";"
        print "  current_unit : \"1uA\";"
        print "  capacitive_load_unit (1,pf); leakage_power_unit : \"1nW\"; nom_voltage : 1.8;"
        n = split("slew_lower_threshold 20 slew_upper_threshold 80 input_threshold 50 output_threshold 50", t)
        for (i = 1; i < n; i += 2)
            printf "  %s_pct_rise : %d; %s_pct_fall : %d;\n", t[i], t[i + 1], t[i], t[i + 1]
    }
}
END { if (what == "liberty") print "}" }

function print_macro(macro, address, width,    clocked) {
    clocked = macro ~ /^ram/
    if (what == "table") {
        print macro, 2 ^ address, width
    } else if (what == "models") {
        printf "module %s (input clk_i, %sinput [%d:0] raddr_i, output [%d:0] rdata_o, input we_i,\n" \
               "  input [%d:0] waddr_i, input [%d:0] wdata_i);\n", macro,
               clocked ? "input re_i, " : "", address - 1, width - 1, address - 1, width - 1
        printf "  %s #(.WIDTH(%d), .ADDR_BITS(%d)) u_model (.clk_i(clk_i), %s.raddr_i(raddr_i),\n" \
               "    .rdata_o(rdata_o), .we_i(we_i), .waddr_i(waddr_i), .wdata_i(wdata_i));\n",
               clocked ? "ram_1r1w" : "queue_memory", width, address, clocked ? ".re_i(re_i), " : ""
        printf "  integer i;\n  initial begin\n    for (i = 0; i < %d; i = i + 1) u_model.mem_q[i] = 0;\n",
               2 ^ address
        printf "%s  end\nendmodule\n", clocked ? "    u_model.rdata_o = 0;\n" : ""
    } else {
        bus_type(address)
        bus_type(width)
        printf "  cell(%s) {\n    area : 0; cell_leakage_power : 0;\n", macro
        print "    pin(clk_i) { direction : input; capacitance : 0; clock : true; }"
        if (clocked) print "    pin(re_i) {" input_pin()
        print "    pin(we_i) {" input_pin()
        print "    bus(waddr_i) { bus_type : bits" address ";" input_pin()
        print "    bus(wdata_i) { bus_type : bits" width ";" input_pin()
        print "    bus(raddr_i) { bus_type : bits" address ";" input_pin()
        print "    bus(rdata_o) { bus_type : bits" width "; direction : output; capacitance : 0; timing() {"
        print "      related_pin : \"clk_i\"; timing_type : rising_edge;"
        print "      cell_rise(scalar) { values(\"0\"); } cell_fall(scalar) { values(\"0\"); }"
        print "      rise_transition(scalar) { values(\"0.06\"); } fall_transition(scalar) { values(\"0.06\"); }"
        print "    } }\n  }"
    }
}
function input_pin() {
    return " direction : input; capacitance : 0; timing() {\n" \
           "      related_pin : \"clk_i\"; timing_type : setup_rising;\n" \
           "      rise_constraint(scalar) { values(\"0\"); } fall_constraint(scalar) { values(\"0\"); } } }"
}
function bus_type(bits) {
    if (!(bits in typed)) {
        printf "  type(bits%d) { base_type : array; data_type : bit; bit_width : %d; bit_from : %d; bit_to : 0; }\n",
               bits, bits, bits - 1
    }
    typed[bits]
}
