# Verilog of the library's gates, from the functions in its liberty file, and of the two flip-flops
# that synthesis uses. One expression a gate: simulation time is spent in events, and the models that
# come with the library need twice as many. Registers hold 0 at first, as in the Verilated unit.
/^cell *\(/ { cell = $2; gsub(/[()]/, "", cell); skip = 0 }
/^ *(ff|latch) *\(|three_state/ { skip = 1 }
/^ *function *:/ && !skip {
    text = $0
    sub(/^[^"]*"/, "", text)
    sub(/".*/, "", text)
    gsub(/ *\+ */, "|", text)
    gsub(/ +/, " \\& ", text) # what blanks are left stand for AND
    gsub(/!/, "~", text)
    ports = ""
    for (i = 1; i <= split("A B C D S", names); ++i) {
        if (index(text, names[i])) ports = ports ", input " names[i]
    }
    if (cell in outputs) next # adders have two; synthesis does not use them
    outputs[cell]
    printf "module %s (output Y%s); assign Y = %s; endmodule\n", cell, ports, text
}
END {
    print "module DFFPOSX1 (input CLK, D, output reg Q);"
    print "  initial Q = 1'b0;\n  always @(posedge CLK) Q <= D;\nendmodule"
    print "module DFFSR (input CLK, D, R, S, output reg Q);"
    print "  initial Q = 1'b0;"
    print "  always @(posedge CLK or negedge R or negedge S) Q <= !R ? 1'b0 : (!S ? 1'b1 : D);\nendmodule"
}
