# Prints internal energy per transition as this library has it, and energy of the load per transition,
# in joules, of every cell of the netlist: path, cell, internal, load.
source $::env(SYNTH)/design.tcl
read_design 1e9 ;# a second: watts are joules a cycle, for cells that no clock reaches too
# one transition a cycle everywhere; this activity is not propagated, which fails on tied ports
set_power_activity -global -activity 1 -duty 0.5
worst_slack ;# finds slews first
foreach cell [sta::network_leaf_instances] {
    set power [sta::instance_power $cell [sta::cmd_corner]]
    puts "power [get_full_name $cell] [get_property $cell ref_name] [lindex $power 0] [lindex $power 1]"
}
