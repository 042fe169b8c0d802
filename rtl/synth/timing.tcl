# Prints the longest path of $TOP, setup included: TOP, nanoseconds, first and last register (by the net
# of its output), memory or port.
source $::env(SYNTH)/design.tcl
proc register_of {name} {
    set pin [get_pins -quiet $name/Q]
    if {[llength $pin] == 0} { return $name }
    return [get_full_name [get_nets -of_objects $pin]]
}
set period 1000
read_design $period
report_checks > path.txt
set file [open path.txt]
regexp {Startpoint: (\S+).*Endpoint: (\S+)} [read $file] all start end
close $file
puts "timing $::env(TOP) [format %.2f [expr {$period - [worst_slack]}]] [register_of $start] [register_of $end]"
