# Netlist with plain identifiers: module $paramod$HASH\name -> name_HASH (four digits), and any other
# escaped one with its brackets and dots as '_'. OpenSTA and the paths of a waveform take these as
# they are.
{
    line = ""
    while (match($0, /\\[^ ]+ /)) {
        name = substr($0, RSTART + 1, RLENGTH - 2)
        if (name ~ /^\$paramod\$[0-9a-f]+\\/) {
            name = substr(name, index(name, "\\") + 1) "_" substr(name, 10, 4)
        }
        gsub(/[^A-Za-z0-9_]/, "_", name)
        line = line substr($0, 1, RSTART - 1) name " "
        $0 = substr($0, RSTART + RLENGTH)
    }
    print line $0
}
