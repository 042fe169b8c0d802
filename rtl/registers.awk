# Checks registers.vh and writes what is asked for:
#   awk -f registers.awk -v what=c registers.vh           a C header of addresses, strides and fields
#   awk -f registers.awk -v what=registers registers.vh   rows of the table of registers in docs/reference/rtl.md
#   awk -f registers.awk -v what=descriptor registers.vh  rows of the table of a layer's descriptor
# Status 1 when a line is not understood, a field is wider than its word or lies over another, or a register stands
# where another does; a line on the standard error for each.

function wrong(text) {
    print FILENAME ":" FNR ": " text | "cat 1>&2"
    failed = 1
}

function is_of_register(name) { return index(name, register "_") == 1 }

# Bits of a field at most: a number, or a parameter's largest value, with what is added to it.
function most_bits(width,  part) {
    if (width ~ /^[0-9]+$/) return width + 0
    split(width, part, "+")
    if (!(part[1] in most)) wrong("no DPU_MOST_" part[1])
    return most[part[1]] + part[2]
}

# Bits as docs/reference/rtl.md writes them: 5, 11:0, 16+LAYER_BITS-1:16.
function bit_range(least, width,  high) {
    if (width == 1) return least
    if (width ~ /^[0-9]+$/) return least + width - 1 ":" least
    high = (least > 0 ? least "+" : "") width "-1"
    sub(/\+1-1$/, "", high)
    return high ":" least
}

function add_register(name, address, text,  place) {
    register = name
    if (address in owner) wrong(name " stands where " owner[address] " does")
    if (address !~ /[048c]$/) wrong(name " does not stand at a multiple of 4")
    owner[address] = name
    access = text
    sub(/;.*/, "", access)
    if (access !~ /^(r|w|rw)$/) wrong(name " is neither r nor w nor rw")
    meaning[name] = text ~ /;/ ? substr(text, length(access) + 3) : ""
    place = ""
    if (meaning[name] ~ /^\[/) {
        place = substr(meaning[name], 2, index(meaning[name], "]") - 2)
        meaning[name] = substr(meaning[name], length(place) + 5)
    }
    address_of[name] = address
    index_of[name] = place
    access_of[name] = access
    registers[++count] = name
}

function add_field(name, word, least, width, text,  bits, b) {
    bits = most_bits(width)
    if (least + bits > 32) wrong(name " is wider than its word: " bits " bits from " least)
    for (b = least; b < least + bits; ++b) {
        if ((register, word, b) in taken) { wrong(name " lies over " taken[register, word, b] ", bit " b); break }
        taken[register, word, b] = name
    }
    if (text == "") wrong(name " has no meaning")
    fields[register] = fields[register] " " name
    word_of[name] = word
    least_of[name] = least + 0
    width_of[name] = width
    bits_of[name] = bits
    meaning[name] = text
}

!/^`define/ { if ($0 !~ /^(\/\/|`ifndef DPU_REGISTERS_VH$|`endif$|$)/) wrong("not understood: " $0); next }
$0 == "`define DPU_REGISTERS_VH" { next }
{
    name = $2
    text = value = $0
    if (!sub(/^[^\/]*\/\/ /, "", text)) text = ""
    sub(/^`define +[A-Z0-9_]+ +/, "", value)
    sub(/ *\/\/.*/, "", value)
    if (name in defined) wrong(name " is defined twice")
    defined[name]
    if (name !~ /^DPU_[A-Z]/) wrong(name " is no DPU_ name")
    else if (name ~ /^DPU_MOST_/ && value ~ /^[0-9]+$/) most[substr(name, 10)] = value
    else if (value ~ /^16'h[0-9a-f][0-9a-f][0-9a-f][0-9a-f]$/) add_register(name, substr(value, 5), text)
    else if (!register || !is_of_register(name)) wrong(name " does not follow its register")
    else if (name == register "_STRIDE" && value ~ /^[0-9]+$/) stride[register] = value
    else if (name == register "_RESET" && value ~ /^32'(d[0-9]+|h[0-9a-f]+)$/) {
        sub(/^32'd/, "", value)
        sub(/^32'h/, "0x", value)
        reset[register] = value
    } else if (value ~ /^(32\*[0-9]+\+)?[0-9]+ \+: ([0-9]+|[A-Z_]+(\+[0-9]+)?)$/) {
        split(value, part, " ")
        word = 0
        if (split(part[1], place, /[*+]/) == 3) { word = place[2]; part[1] = place[3] }
        if (word * 4 >= (register in stride ? stride[register] + 0 : 4)) wrong(name " is outside its register")
        add_field(name, word, part[1], part[3], text)
    } else wrong("not understood: " $0)
}

function write_header(  r, f, n, name) {
    print "/* Registers of the digital unit, written by rtl/registers.awk from rtl/registers.vh. */"
    print "#ifndef MCA_SHIM_RTL_DPU_REGISTERS_H\n#define MCA_SHIM_RTL_DPU_REGISTERS_H\n\n#include <stdint.h>\n"
    print "/* Where a field stands: byte address of its word, least bit, bits at most. */"
    print "struct mca_dpu_field {\n    uint16_t address;\n    uint8_t least_bit;\n    uint8_t bits;\n};\n"
    for (r = 1; r <= count; ++r) {
        register = registers[r]
        if (register in stride) print "enum { MCA_" register "_STRIDE = " stride[register] " };"
        n = split(fields[register], name, " ")
        for (f = 1; f <= n; ++f)
            printf "static const struct mca_dpu_field MCA_%s = {0x%s%s, %d, %d};\n", name[f], address_of[register],
                (word_of[name[f]] ? " + 4 * " word_of[name[f]] : ""), least_of[name[f]], bits_of[name[f]]
    }
    print "\n#endif"
}

# A row of a table; its last cell is the reader's.
function row(a, b, c, d, e, f,  text) {
    text = "| " a " | " b " | " c " | " d
    if (what == "registers") text = text " | " e " | " f
    gsub(/ +/, " ", text)
    sub(/ $/, "", text)
    print text " |"
}

function short(name, of) { return substr(name, length(of) + 2) }

function write_registers(  r, f, n, name, place) {
    for (r = 1; r <= count; ++r) {
        register = registers[r]
        place = index_of[register] == "" ? "" : " + " stride[register] " " index_of[register]
        row("0x" address_of[register] place, short(register, "DPU"), "", reset[register], access_of[register],
            meaning[register])
        if (register == "DPU_LAYER") continue
        n = split(fields[register], name, " ")
        for (f = 1; f <= n; ++f)
            row("", short(name[f], register), bit_range(least_of[name[f]], width_of[name[f]]), "", "", meaning[name[f]])
    }
}

function write_descriptor(  f, n, name, last) {
    n = split(fields["DPU_LAYER"], name, " ")
    last = -1
    for (f = 1; f <= n; ++f) {
        row(word_of[name[f]] == last ? "" : word_of[name[f]], short(name[f], "DPU_LAYER"),
            bit_range(least_of[name[f]], width_of[name[f]]), meaning[name[f]])
        last = word_of[name[f]]
    }
}

END {
    if (!count) wrong("no register")
    if (failed) exit 1
    if (what == "c") write_header()
    else if (what == "registers") write_registers()
    else if (what == "descriptor") write_descriptor()
}
