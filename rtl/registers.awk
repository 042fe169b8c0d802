# Checks a definition of registers and writes what is asked for:
#   awk -f registers.awk -v what=c registers.vh           a C header of addresses, strides, resets and fields
#   awk -f registers.awk -v what=registers registers.vh   rows of the table of registers in its page
#   awk -f registers.awk -v what=descriptor registers.vh  rows of the table of the fields of an array's register
# With register_formats.awk behind it by another -f, also systemrdl and ip-xact.
#
# One line of a definition defines one thing. P, the block that has the registers, is the word before
# _REGISTERS_VH in the first line that is no comment:
#
#   P_register         address       access; [index of an array's register]; meaning
#   P_register_BITS    bits of the register, 32 unless it is said
#   P_register_STRIDE  bytes from one register of an array to the next
#   P_register_COUNT   registers of an array, at most
#   P_register_WINDOW  bytes of a window, at most: no register, but storage taken in pieces of any length
#   P_register_RESET   value after reset
#   P_register_field   least bit +: bits       meaning; used as data[`P_register_field]
#                      32*word+least bit +: bits, where the register of an array has several words
#   P_MOST_parameter   largest value of a parameter that is the width of a field
#
# Access: c constant, r, w, rw; rwc is read, and cleared by any write. A register's lines follow it.
#
# Status 1 when a line is not understood, a field is wider than its word or lies over another, a register or an array
# stands where another does, or a reset sets a bit of no field; a line on the standard error for each.

function wrong(text) {
    print FILENAME ":" FNR ": " text | "cat 1>&2"
    failed = 1
}

function is_of_register(name) { return index(name, register "_") == 1 }

# Bits of a field at most: a number, or a parameter's largest value, with what is added to it.
function most_bits(width,  part) {
    if (width ~ /^[0-9]+$/) return width + 0
    split(width, part, "+")
    if (!(part[1] in most)) wrong("no " block "_MOST_" part[1])
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
    if (access !~ /^(c|r|w|rw|rwc)$/) wrong(name " is none of c, r, w, rw, rwc")
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

function bytes_of(name) {
    if (name in window) return window[name] + 0
    if (name in number) return number[name] * stride[name]
    return (name in size ? size[name] : 32) / 8
}

function has_words(name) { return stride[name] + 0 > 4 }

# Bits of the word that fields lie in: 32 in an array's registers of several words.
function word_bits_of(name) { return name in size ? size[name] + 0 : 32 }

function number_of(hex,  value, i) {
    for (i = 1; i <= length(hex); ++i) value = value * 16 + index("123456789abcdef", substr(hex, i, 1))
    return value + 0
}

# Bits of a value from `least` on; awk has no shifts.
function slice(value, least, bits) { return int(value / 2 ^ least) % 2 ^ bits }

function check_places(  i, j, at) {
    for (i = 1; i <= count; ++i) at[i] = number_of(address_of[registers[i]])
    for (i = 1; i <= count; ++i)
        for (j = 1; j <= count; ++j)
            if (at[i] < at[j] && at[i] + bytes_of(registers[i]) > at[j])
                wrong(registers[i] " reaches into " registers[j])
}

function check_register(name,  bit) {
    if (fields[name] == "" && !(name in window)) wrong(name " has no field")
    if ((name in stride) != (name in number)) wrong(name " has a stride or a count without the other")
    for (bit = 0; name in reset && bit < 32; ++bit)
        if (slice(reset_number[name], bit, 1) && !((name, 0, bit) in taken))
            wrong(name "_RESET sets bit " bit ", which is of no field")
}

function add_field(name, word, least, width, text,  bits, b) {
    bits = most_bits(width)
    if (least + bits > word_bits_of(register)) wrong(name " is wider than its word: " bits " bits from " least)
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

/^`ifndef [A-Z]+_REGISTERS_VH$/ && block == "" {
    block = substr($2, 1, index($2, "_") - 1)
    next
}
!/^`define/ { if ($0 !~ /^(\/\/|`endif$|$)/) wrong("not understood: " $0); next }
$2 == block "_REGISTERS_VH" { next }
{
    name = $2
    text = value = $0
    if (!sub(/^[^\/]*\/\/ /, "", text)) text = ""
    sub(/^`define +[A-Z0-9_]+ +/, "", value)
    sub(/ *\/\/.*/, "", value)
    if (name in defined) wrong(name " is defined twice")
    defined[name]
    if (name !~ "^" block "_[A-Z]") wrong(name " is no " block "_ name")
    else if (index(name, block "_MOST_") == 1 && value ~ /^[0-9]+$/) most[substr(name, length(block) + 7)] = value
    else if (value ~ /^(16'h[0-9a-f][0-9a-f][0-9a-f][0-9a-f]|32'h[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f])$/ &&
             text != "")
        add_register(name, substr(value, 5), text)
    else if (!register || !is_of_register(name)) wrong(name " does not follow its register")
    else if (name == register "_BITS" && value ~ /^(32|64)$/) size[register] = value
    else if (name == register "_STRIDE" && value ~ /^[0-9]+$/) stride[register] = value
    else if (name == register "_COUNT" && value ~ /^[0-9]+$/) number[register] = value
    else if (name == register "_WINDOW" && value ~ /^[0-9]+$/) window[register] = value
    else if (name == register "_RESET" && value ~ /^32'(d[0-9]+|h[0-9a-f]+)$/) {
        reset_number[register] = value ~ /^32'h/ ? number_of(substr(value, 5)) : substr(value, 5) + 0
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

function file_name(  part, n) {
    n = split(FILENAME, part, "/")
    return part[n]
}

function write_header(  lower, r, f, n, name) {
    lower = tolower(block)
    print "/* Registers of the " (block == "DPU" ? "digital unit" : "chip") ", written by registers.awk from " file_name() ". */"
    print "#ifndef MCA_" block "_REGISTERS_H\n#define MCA_" block "_REGISTERS_H\n\n#include <stdint.h>\n"
    print "/* Where a field stands: byte address of its word, least bit, bits at most. */"
    print "struct mca_" lower "_field {\n    uint32_t address;\n    uint8_t least_bit;\n    uint8_t bits;\n};\n"
    for (r = 1; r <= count; ++r) {
        register = registers[r]
        print "enum { MCA_" register "_ADDRESS = 0x" address_of[register] " }; /* " access_of[register] " */"
        if (register in size) print "enum { MCA_" register "_BITS = " size[register] " };"
        if (register in stride) print "enum { MCA_" register "_STRIDE = " stride[register] ", MCA_" register "_COUNT = " number[register] " };"
        if (register in window) print "enum { MCA_" register "_WINDOW = " window[register] " };"
        if (register in reset) print "enum { MCA_" register "_RESET = " reset[register] " };"
        n = split(fields[register], name, " ")
        for (f = 1; f <= n; ++f)
            printf "static const struct mca_%s_field MCA_%s = {0x%s%s, %d, %d};\n", lower, name[f], address_of[register],
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
        if (register in window) place = " .."
        row("0x" address_of[register] place, short(register, block), "", reset[register], access_of[register],
            meaning[register])
        if (has_words(register)) continue
        n = split(fields[register], name, " ")
        for (f = 1; f <= n; ++f)
            row("", short(name[f], register), bit_range(least_of[name[f]], width_of[name[f]]), "", "", meaning[name[f]])
    }
}

# Of the arrays whose registers have several words.
function write_descriptors(  r, f, n, name, last) {
    for (r = 1; r <= count; ++r) {
        register = registers[r]
        n = has_words(register) ? split(fields[register], name, " ") : 0
        last = -1
        for (f = 1; f <= n; ++f) {
            row(word_of[name[f]] == last ? "" : word_of[name[f]], short(name[f], register),
                bit_range(least_of[name[f]], width_of[name[f]]), meaning[name[f]])
            last = word_of[name[f]]
        }
    }
}

END {
    if (!count) wrong("no register")
    for (i = 1; i <= count; ++i) check_register(registers[i])
    check_places()
    if (failed) exit 1
    if (what == "c") write_header()
    else if (what == "registers") write_registers()
    else if (what == "descriptor") write_descriptors()
}
