#!/bin/sh
# SystemRDL and IP-XACT of the digital unit and of the chip, against their C headers (register_files.py); the page of the
# chip's registers, against their definition; and that a fault in any of them is found.
# SOURCE_DIR: the source tree; RTL_DIR: RTL other than SOURCE_DIR/rtl.
set -eu
: "${SOURCE_DIR:?the source tree}"
. "$SOURCE_DIR/tests/need.sh"
need python3 "Debian's package is python3"
rtl=${RTL_DIR:-$SOURCE_DIR/rtl}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "FAIL: $*"
    exit 1
}
write_file() { # WHAT DEFINITION
    awk -f "$SOURCE_DIR/rtl/registers.awk" -f "$SOURCE_DIR/rtl/register_formats.awk" -v "what=$1" "$2" || fail "$2"
}
compare() { # HEADER RDL XML
    python3 "$SOURCE_DIR/tests/rtl/register_files.py" "$@"
}

for block in "dpu $rtl/registers.vh" "chip $SOURCE_DIR/shim/systemc/chip_registers.vh"; do
    name=${block%% *} definition=${block#* }
    write_file c "$definition" >"$name.h"
    write_file systemrdl "$definition" >"$name.rdl"
    write_file ip-xact "$definition" >"$name.xml"
    compare "$name.h" "$name.rdl" "$name.xml" || fail "$name"
    if command -v xmllint >/dev/null; then xmllint --noout "$name.xml" || fail "$name.xml is no XML"; fi
done
# a meaning with what the formats keep for themselves
sed 's/ learn from / \\ "<\&amp;" from /' "$SOURCE_DIR/shim/systemc/chip_registers.vh" >marks.vh
for what in c systemrdl ip-xact; do write_file "$what" marks.vh >"marks.$what"; done
compare marks.c marks.systemrdl marks.ip-xact >said || { cat said; fail "a meaning with marks"; }
grep -q -F '>\ "&lt;&amp;amp;" from the image' marks.ip-xact || fail "IP-XACT has another meaning"
grep -q -F '"\\ \"<&amp;\" from the image' marks.systemrdl || fail "SystemRDL has another meaning"

awk -f "$SOURCE_DIR/rtl/registers.awk" -v what=registers "$SOURCE_DIR/shim/systemc/chip_registers.vh" >defined
sed -n '/^| address | name | bits |/,/^$/p' "$SOURCE_DIR/docs/reference/registers.md" | sed '1,2d; /^$/d' >page
diff defined page || fail "docs/reference/registers.md has another table of the chip's registers"

# a fault in one of the three
found() { # FILE SED-SCRIPT MESSAGE
    cp dpu.h dpu.rdl dpu.xml chip.h chip.rdl chip.xml faulty/
    sed "$2" "$1" >"faulty/$1"
    cmp -s "$1" "faulty/$1" && fail "'$2' changes nothing in $1"
    block=${1%.*}
    compare "faulty/$block.h" "faulty/$block.rdl" "faulty/$block.xml" >said 2>&1 && fail "not found in $1: $2"
    grep -q -e "$3" said || { cat said; fail "'$2' in $1 is not told as '$3'"; }
}
mkdir faulty
found dpu.h 's/_ADDRESS = 0x0010/_ADDRESS = 0x0014/' "QUEUE.PLACES has another address"
found dpu.h '/MCA_DPU_UPDATE_RESET/s/01010001/01010002/' "('UPDATE', 0, 'INTERVAL')"
found dpu.rdl '/} MANTISSA/s/11:0/10:0/' "a value of as many bits\|('RATE', 0, 'MANTISSA')"
found dpu.rdl "s/} EXPONENT\\[31:16\\] = 16'd0/} EXPONENT[31:16] = 16'd1/" "('RATE', 0, 'EXPONENT')"
found dpu.rdl '/} TABLE/s/+= 4/+= 8/' "('TABLE', 0, 'VALUE')"
found dpu.rdl '/} SEED/s/SEED/number/' "a name that is no keyword"
found dpu.rdl 's/onwrite = wclr;//' "('IRQ', 0, 'DONE')"
found dpu.rdl 's/sw = w;/sw = rw;/' "('SEED', 0, 'STATE')"
found dpu.rdl 's/} STATUS @0x0014;/} STATUS @0x0014/' "; expected"
found dpu.xml '/>EXPONENT</,/bitWidth/s/>16</>15</' "('RATE', 0, 'EXPONENT')"
found dpu.xml '/>LAYER</,/range/s/>32</>28</' "('LAYER', 0, 'INPUTS')"
found dpu.xml '/>WORD3</,/<.ipxact:register>/s/>12</>16</' "word 4 is named WORD3"
found dpu.xml 's/<ipxact:range>16384/<ipxact:range>8192/' "SEED is beyond its block"
found dpu.xml 's/modifiedWriteValue>clear</modifiedWriteValue>modify</' "('IRQ', 0, 'DONE')"
found chip.rdl '/regwidth = 64/s/64/32/' "('RATE', 0, 'VALUE')"
found chip.rdl '/mementries/s/15728640/15728644/' "PIXELS reaches into ACTIVATIONS"
found chip.xml '/>ACTIVATIONS</,/range/s/16777216/16777212/' "PIXELS reaches into ACTIVATIONS"
found chip.xml '/>SOURCE</,/size/s/>72</>68</' "SOURCE.PLACE lies over ('OUTPUTS', 'CLASSES')"
found chip.xml '0,/read-only/s/read-only/read-write/' "a field of ID has another access"

# a fault in the definition
refused() { # SED-SCRIPT MESSAGE
    sed "$1" "$SOURCE_DIR/shim/systemc/chip_registers.vh" >faulty.vh
    cmp -s "$SOURCE_DIR/shim/systemc/chip_registers.vh" faulty.vh && fail "'$1' changes nothing"
    awk -f "$SOURCE_DIR/rtl/registers.awk" -f "$SOURCE_DIR/rtl/register_formats.awk" -v what=ip-xact faulty.vh >written 2>said &&
        fail "not found: $1"
    grep -q "$2" said || { cat said; fail "'$1' is not told as '$2'"; }
    [ ! -s written ] || fail "a file in spite of '$1'"
}
refused '/ CHIP_PREDICTED /s/28/24/' 'CHIP_NUMBER reaches into CHIP_PREDICTED'
refused '/_PIXELS_WINDOW /s/15728640/15728641/' 'CHIP_PIXELS reaches into CHIP_ACTIVATIONS'
refused '/_RATE_BITS /d' 'CHIP_RATE_VALUE is wider than its word'
refused '/_IRQ_RESET /s/0/2/' 'CHIP_IRQ_RESET sets bit 1, which is of no field'
refused '/_NEXT_ANY /d' 'CHIP_NEXT has no field'
refused '/ CHIP_STATUS /s/ r$/ read/' 'CHIP_STATUS is none of c, r, w, rw, rwc'
