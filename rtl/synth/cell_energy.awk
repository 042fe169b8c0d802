# Energy of a transition of every cell, in fJ, for energy.c: path, group, of its output, of its data
# input. The group is the module instance, lanes and queues taken together. Input: power.tcl's
# output per kind of pin, with internal energies of the library (CLK.0 ...) and with ones (CLK.1 ...).
#
# What OpenSTA reports is a weighted sum over a cell's arcs; the weights depend on its version (2.0.17
# charges rise plus fall for each transition, and weights that do not add up to one). The ratio of the
# two reports is the weighted mean, in pJ, in any version.
FNR == 1 { kind = FILENAME; sub(/.*\//, "", kind); own = kind ~ /0$/; sub(/\..*/, "", kind) }
$1 != "power" { next }
own { value[$2] = $4 + 0; next }
{
    internal = $4 > 0 ? value[$2] / $4 * 1000 : 0
    if (kind == "CLK") {
        clock[$2] = 2 * internal # both edges
    } else if (kind == "D") {
        data[$2] = internal
    } else {
        output[$2] += internal
        load[$2] = $5 * 1e15
    }
    cell[$2] = $3
}
END {
    for (path in cell) {
        group = path
        if (!sub(/\/[^\/]*$/, "", group)) group = "dpu"
        gsub(/gen_[a-z]+_[0-9]+__/, "", group)
        print path, group, output[path] + load[path], data[path] + 0, clock[path] + 0, cell[path]
    }
}
