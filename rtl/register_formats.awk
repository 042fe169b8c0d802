# A definition of registers for other tools' generators:
#   awk -f registers.awk -f register_formats.awk -v what=systemrdl registers.vh   SystemRDL 2.0
#   awk -f registers.awk -f register_formats.awk -v what=ip-xact registers.vh     IP-XACT, IEEE 1685-2014
# A field whose width is a parameter has the bits of the parameter's largest value, an array its most registers. The
# register of an array that has several words is a register file of WORD0, WORD1 and so on, of those that have fields.

function name_of_block() { return block == "DPU" ? "dpu" : "mca_" tolower(block) }

function about_block() {
    return block == "DPU" ? "Digital unit of mcasim, behind APB" : "Chip of mcasim as a SystemC module"
}

function about_register(name,  text) {
    text = index_of[name] == "" ? "" : "at " stride[name] " " index_of[name]
    return text (text != "" && meaning[name] != "" ? ": " : "") meaning[name]
}

function about_field(name) {
    if (width_of[name] ~ /^[0-9]+$/) return meaning[name]
    return meaning[name] " (bits " bit_range(least_of[name], width_of[name]) ")"
}

# Words of a register that have fields, as a list.
function words_of(name,  field, n, f, list, last) {
    n = split(fields[name], field, " ")
    last = -1
    for (f = 1; f <= n; ++f) {
        if (word_of[field[f]] != last) list = list " " word_of[field[f]]
        last = word_of[field[f]]
    }
    return list
}

# Fields of a word, which stand in the order of their bits or not.
function each_field(name, word, indent,  field, n, f) {
    n = split(fields[name], field, " ")
    for (f = 1; f <= n; ++f)
        if (word_of[field[f]] == word) {
            if (what == "systemrdl") rdl_field(name, field[f], indent)
            else xml_field(name, field[f], indent)
        }
}

# ---- SystemRDL
function quoted(text) {
    gsub(/\\/, "\\\\&", text)
    gsub(/"/, "\\\"", text)
    return "\"" text "\""
}

function rdl_text(text, indent) { if (text != "") print indent "desc = " quoted(text) ";" }

function rdl_field(name, field, indent,  access, least, initial) {
    access = access_of[name]
    least = least_of[field]
    if (name in reset && least < 32)
        initial = " = " bits_of[field] "'d" slice(reset_number[name], least, bits_of[field])
    print indent "field {"
    rdl_text(about_field(field), indent "    ")
    print indent "    sw = " (access == "c" ? "r" : access == "rwc" ? "rw" : access) "; hw = " \
        (access == "c" ? "na" : access == "r" ? "w" : access == "rwc" ? "rw" : "r") ";"
    if (access == "rwc") print indent "    onwrite = wclr;"
    print indent "} " short(field, name) "[" least + bits_of[field] - 1 ":" least "]" initial ";"
}

function rdl_register(name,  dim, word, n, w) {
    dim = (name in stride) ? "[" number[name] "]" : ""
    if (name in window) {
        print "    external mem {"
        rdl_text(about_register(name), "        ")
        print "        mementries = " window[name] "; memwidth = 8; sw = " access_of[name] ";"
    } else if (has_words(name)) {
        print "    regfile {"
        rdl_text(about_register(name), "        ")
        n = split(words_of(name), word, " ")
        for (w = 1; w <= n; ++w) {
            print "        reg {"
            each_field(name, word[w], "            ")
            print "        } WORD" word[w] " @" 4 * word[w] ";"
        }
    } else {
        print "    reg {"
        rdl_text(about_register(name), "        ")
        if (name in size) print "        regwidth = " size[name] "; accesswidth = 32;"
        each_field(name, 0, "        ")
    }
    print "    } " short(name, block) dim " @0x" address_of[name] (dim == "" ? "" : " += " stride[name]) ";"
}

function write_systemrdl(  r) {
    print "// Written by mcasim's registers.awk from " file_name() "."
    print "addrmap " name_of_block() " {\n    desc = " quoted(about_block()) ";"
    print "    default regwidth = 32;\n    default accesswidth = 32;\n"
    for (r = 1; r <= count; ++r) rdl_register(registers[r])
    print "};"
}

# ---- IP-XACT
function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    return text
}

function xml(indent, element, text) {
    if (text != "") print indent "<ipxact:" element ">" escaped(text) "</ipxact:" element ">"
}

function xml_access(name) {
    return access_of[name] ~ /^[cr]$/ ? "read-only" : access_of[name] == "w" ? "write-only" : "read-write"
}

function xml_begin(indent, element, name, text) {
    print indent "<ipxact:" element ">"
    xml(indent "  ", "name", name)
    xml(indent "  ", "description", text)
}

function xml_end(indent, element) { print indent "</ipxact:" element ">" }

function xml_field(name, field, indent,  least) {
    least = least_of[field]
    xml_begin(indent, "field", short(field, name), about_field(field))
    xml(indent "  ", "bitOffset", least)
    if (name in reset && least < 32)
        print indent "  <ipxact:resets><ipxact:reset><ipxact:value>" slice(reset_number[name], least, bits_of[field]) \
            "</ipxact:value></ipxact:reset></ipxact:resets>"
    xml(indent "  ", "bitWidth", bits_of[field])
    xml(indent "  ", "volatile", access_of[name] ~ /^(r|rwc)$/ ? "true" : "false")
    xml(indent "  ", "access", xml_access(name))
    if (access_of[name] == "rwc") xml(indent "  ", "modifiedWriteValue", "clear")
    xml_end(indent, "field")
}

function xml_word(name, called, text, dim, offset, word, indent) {
    xml_begin(indent, "register", called, text)
    xml(indent "  ", "dim", dim)
    xml(indent "  ", "addressOffset", offset)
    xml(indent "  ", "size", word_bits_of(name))
    xml(indent "  ", "access", xml_access(name))
    each_field(name, word, indent "  ")
    xml_end(indent, "register")
}

function xml_register(name,  called, at, word, n, w) {
    called = short(name, block)
    at = number_of(address_of[name])
    if (!has_words(name)) {
        xml_word(name, called, about_register(name), number[name], at, 0, "        ")
        return
    }
    xml_begin("        ", "registerFile", called, about_register(name))
    xml("          ", "dim", number[name])
    xml("          ", "addressOffset", at)
    xml("          ", "range", stride[name])
    n = split(words_of(name), word, " ")
    for (w = 1; w <= n; ++w) xml_word(name, "WORD" word[w], "", "", 4 * word[w], word[w], "          ")
    xml_end("        ", "registerFile")
}

function xml_block(called, text, base, range, width, usage) {
    xml_begin("      ", "addressBlock", called, text)
    xml("        ", "baseAddress", base)
    xml("        ", "range", range)
    xml("        ", "width", width)
    xml("        ", "usage", usage)
}

# Bytes up to the end of the last register, to the next power of two.
function range_of_registers(  r, end, range) {
    for (r = 1; r <= count; ++r)
        if (!(registers[r] in window)) end = number_of(address_of[registers[r]]) + bytes_of(registers[r])
    for (range = 1; range < end; range *= 2) continue
    return range
}

function widest(  r, bits) {
    bits = 32
    for (r = 1; r <= count; ++r)
        if (word_bits_of(registers[r]) > bits) bits = word_bits_of(registers[r])
    return bits
}

function write_ip_xact(  r, name) {
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Written by mcasim's registers.awk from " file_name() ". -->"
    print "<ipxact:component xmlns:ipxact=\"http://www.accellera.org/XMLSchema/IPXACT/1685-2014\"" \
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"" \
        " xsi:schemaLocation=\"http://www.accellera.org/XMLSchema/IPXACT/1685-2014" \
        " http://www.accellera.org/XMLSchema/IPXACT/1685-2014/index.xsd\">"
    xml("  ", "vendor", "mcasim")
    xml("  ", "library", "mcasim")
    xml("  ", "name", name_of_block())
    xml("  ", "version", "1")
    print "  <ipxact:memoryMaps>"
    xml_begin("    ", "memoryMap", "host", "")
    xml_block("registers", "", 0, range_of_registers(), widest(), "register")
    for (r = 1; r <= count; ++r)
        if (!(registers[r] in window)) xml_register(registers[r])
    xml_end("      ", "addressBlock")
    for (r = 1; r <= count; ++r) {
        name = registers[r]
        if (!(name in window)) continue
        xml_block(short(name, block), about_register(name), number_of(address_of[name]), window[name], 8, "memory")
        xml("        ", "access", xml_access(name))
        xml_end("      ", "addressBlock")
    }
    xml("      ", "addressUnitBits", 8)
    xml_end("    ", "memoryMap")
    print "  </ipxact:memoryMaps>"
    xml("  ", "description", about_block())
    print "</ipxact:component>"
}

END {
    if (what == "systemrdl") write_systemrdl()
    else if (what == "ip-xact") write_ip_xact()
}
