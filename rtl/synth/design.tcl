# OpenSTA: the netlist of $TOP in the current directory, its cells from $LIBERTY, under an ideal clock
# of $period nanoseconds. Ports are driven and loaded as abc was told; reset is no path.
proc read_design {period} {
    read_liberty $::env(LIBERTY)
    read_liberty memories.lib
    read_verilog netlist.v
    link_design $::env(TOP)
    create_clock -name clk -period $period [get_ports -quiet clk_i]
    set inputs {}
    foreach port [all_inputs] {
        if {[get_name $port] ne "clk_i"} { lappend inputs $port }
    }
    set_input_delay 0 -clock clk $inputs
    set_driving_cell -lib_cell INVX8 $inputs
    set_output_delay 0 -clock clk [all_outputs]
    set_load 0.05 [all_outputs]
    if {[llength [get_ports -quiet rst_ni]]} { set_false_path -from [get_ports rst_ni] }
}
