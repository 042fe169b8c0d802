#!/bin/sh
# The tables of registers in docs/reference/rtl.md are those of rtl/registers.vh, the last columns aside, and registers.awk finds what is wrong
# in a copy. To see the rows that the page should have: awk -f rtl/registers.awk -v what=registers (or descriptor) rtl/registers.vh
# SOURCE_DIR: the source tree; RTL_DIR: RTL other than SOURCE_DIR/rtl.
set -eu
: "${SOURCE_DIR:?the source tree}"
definitions=${RTL_DIR:-$SOURCE_DIR/rtl}/registers.vh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "FAIL: $*"
    exit 1
}
read_definitions() { # TABLE FILE
    awk -f "$SOURCE_DIR/rtl/registers.awk" -v "what=$1" "$2"
}

compare_table() { # TABLE FIRST-COLUMN COLUMNS
    read_definitions "$1" "$definitions" >defined || fail "registers.vh"
    sed -n "/^| $2 | name | bits |/,/^\$/p" "$SOURCE_DIR/docs/reference/rtl.md" | sed '1,2d; /^$/d' |
        cut -d '|' -f "1-$(($3 + 1))" | sed 's/ *$/ |/' >page
    [ -s defined ] || fail "no row of the table of $1"
    diff defined page || fail "docs/reference/rtl.md has another table of $1"
}
compare_table registers address 6
compare_table descriptor word 4

found() { # SED-SCRIPT MESSAGE
    sed "$1" "$definitions" >faulty.vh
    cmp -s "$definitions" faulty.vh && fail "'$1' changes nothing"
    read_definitions c faulty.vh >header 2>said && fail "not found: $1"
    grep -q "$2" said || { cat said; fail "'$1' is not told as '$2'"; }
    [ ! -s header ] || fail "a header in spite of '$1'"
}
found '/_STOCHASTIC /s/3 +:/2 +:/' 'DPU_CONTROL_STOCHASTIC lies over DPU_CONTROL_SQUARED, bit 2'
found '/_ROW_TILES /s/+: 8/+: 17/' 'DPU_LAYER_COL_TILES lies over DPU_LAYER_ROW_TILES, bit 16'
found '/_MOST_TILE_BITS /s/8/17/' 'DPU_LAYER_ACT_BASE lies over DPU_LAYER_TILE_BASE, bit 16'
found '/_MAX_PULSES /s/+: 8/+: 9/' 'DPU_UPDATE_MAX_PULSES is wider than its word'
found '/_MOST_DEPTH_BITS /s/31/32/' 'DPU_QUEUE_PLACES is wider than its word'
found "/ DPU_QUEUE /s/0010/000c/" 'DPU_QUEUE stands where DPU_UPDATE does'
found "/ DPU_QUEUE /s/0010/0012/" 'DPU_QUEUE does not stand at a multiple of 4'
found '/_BACKWARD_FRAC /s/32\*6/32*8/' 'DPU_LAYER_BACKWARD_FRAC is outside its register'
found '/_CHI_BASE /s/ADDR_BITS/CHI_WIDTH/' 'no DPU_MOST_CHI_WIDTH'
found '/_KIND /s/ +: /:/' 'not understood: .*DPU_STATUS_KIND'
