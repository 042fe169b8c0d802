# Synthesis of $TOP of the files in $RTL with yosys: hierarchy kept, memories left out as macros.
# Writes to the current directory
#   generic.txt    yosys' generic cells of every module
# and, with a liberty file in $LIBERTY,
#   mapped.txt     the library's cells, and areas
#   netlist.v      the netlist
#   macros.v       ports of the memories and of the library's cells
yosys -import
set here [file dirname [file normalize [info script]]]
set top $::env(TOP)
set mapped [info exists ::env(LIBERTY)]
if {$mapped} { read_liberty -lib $::env(LIBERTY) }
read_verilog {*}[lsort [glob $::env(RTL)/*.v]]
hierarchy -check -top $top
blackbox *ram_1r1w
procs
opt_clean
check -assert ;# before constants take the place of what is not driven

synth -top $top -run begin:fine
read_verilog $here/queue_memory.v
techmap -map $here/queue_memory_map.v *pulse_fifo
hierarchy -check -top $top
blackbox *queue_memory
if {$mapped} { synth -top $top -run fine:check } else { synth -top $top -noabc -run fine:check }
select -assert-none t:\$_DLATCH* t:\$_SR* t:\$mem*
check -assert
tee -o generic.txt stat

if {$mapped} {
    dfflibmap -liberty $::env(LIBERTY)
    # drivers at the ports as strong as the largest inverter; loads of a few gates
    set constraints [open abc.constr w]
    puts $constraints "set_driving_cell INVX8\nset_load 0.05 \[all_outputs\]"
    close $constraints
    abc -liberty $::env(LIBERTY) -constr abc.constr
    opt_clean -purge
    check -assert -mapped
    tee -o mapped.txt stat -liberty $::env(LIBERTY)
    write_verilog -noattr -noexpr -simple-lhs netlist.v
    write_verilog -noattr -blackboxes macros.v
}
