# The chip's registers for C++:
#   awk -f rtl/registers.awk -f registers_cpp.awk -v what=c++ chip_registers.vh

# A comment's lines of at most 92 characters.
function comment(text, indent,  word, n, w, line) {
    n = split(text, word, " ")
    line = indent "//"
    for (w = 1; w <= n; ++w) {
        if (length(line) + length(word[w]) >= 92) {
            print line
            line = indent "//"
        }
        line = line " " word[w]
    }
    if (n) print line
}

function write_addresses(  r, f, n, field, name, text) {
    print "// Byte addresses; of 32 bits where nothing else is said. c: constant; r, w: what can be done."
    print "namespace reg {\nenum : uint64_t {"
    for (r = 1; r <= count; ++r) {
        name = registers[r]
        n = split(fields[name], field, " ")
        text = access_of[name] (name in size ? ", " size[name] " bits" : name in window ? ", a window: any length" : "")
        if (meaning[name] != "") text = text "; " meaning[name]
        if (n == 1) text = text ". " short(field[1], name) ": " meaning[field[1]]
        comment(text, "    ")
        print "    " tolower(short(name, block)) " = 0x" address_of[name] ","
    }
    print "};\n} // namespace reg\n"
}

# Bits of a register's fields of one bit.
function write_bits(name, space,  n, f, field) {
    print "// Bits of `" tolower(short(name, block)) "`.\nnamespace " space " {\nenum : uint32_t {"
    n = split(fields[name], field, " ")
    for (f = 1; f <= n; ++f) {
        if (bits_of[field[f]] != 1) continue
        comment(meaning[field[f]], "    ")
        print "    " tolower(short(field[f], name)) " = " 2 ^ least_of[field[f]] ","
    }
    print "};\n} // namespace " space "\n"
}

function write_table(  r, name) {
    print "// Bytes of the registers, and what can be done to them; windows aside."
    print "struct host_register {\n    uint64_t address;\n    unsigned bytes;\n    bool is_read;\n    bool is_written;\n};"
    print "inline constexpr host_register HOST_REGISTERS[] = {"
    for (r = 1; r <= count; ++r) {
        name = registers[r]
        if (name in window) continue
        print "    {reg::" tolower(short(name, block)) ", " bytes_of(name) ", " \
            (access_of[name] == "w" ? "false" : "true") ", " (access_of[name] ~ /w/ ? "true" : "false") "},"
    }
    print "};\n"
}

END {
    if (what == "c++") {
        print "// Registers of the chip, written by registers_cpp.awk from chip_registers.vh."
        print "#ifndef MCA_CHIP_REGISTERS_HPP\n#define MCA_CHIP_REGISTERS_HPP\n\n#include <cstdint>\n\nnamespace mca {\n"
        write_addresses()
        write_bits("CHIP_CONTROL", "start")
        write_bits("CHIP_STATUS", "state")
        write_table()
        print "} // namespace mca\n\n#endif"
    }
}
