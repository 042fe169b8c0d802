#!/bin/sh
# Proves the properties of formal/properties.txt, or bounds them, with yosys and ABC; then each again with its fault planted, which has to give a
# counterexample. docs/reference/rtl-formal.md has the same properties. formal.sh [BLOCK...]: only these;
# formal.sh --renew: the page's table anew, nothing proved.
# SOURCE_DIR: the source tree; RTL_DIR: RTL other than SOURCE_DIR/rtl.
set -eu
: "${SOURCE_DIR:?the source tree}"
. "$SOURCE_DIR/tests/need.sh"
need yosys "tools/setup --full installs it"
need yosys-abc "tools/setup --full installs it with yosys"
rtl=${RTL_DIR:-$SOURCE_DIR/rtl}
formal=$SOURCE_DIR/tests/rtl/formal
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
fail() {
    echo "FAIL: $*"
    :
}

# BLOCK FROM PROPERTIES: the RTL and these properties as AIGER, a file a property. A module that the properties' file has replaces the RTL's.
make_problems() {
    cp "$formal/$1.v" "$formal"/*.vh .
    {
        echo "read_verilog -formal -I$2 -I. $(echo "$2"/*.v); read_verilog -formal -overwrite -I$2 -I. $1.v"
        echo "prep -flatten -top prove_$1"
        [ "${3% *}" != "$3" ] || echo "delete t:\$assert c:$3 %d; opt_clean" # of one property nothing but its cone is mapped
        echo "memory_map; async2sync; opt -full; dffunmap; opt_clean"
        echo "setundef -undriven -anyseq; techmap; opt -fast; dffunmap; setundef -anyseq; aigmap; opt_clean; design -save all"
        for property in $3; do
            echo "design -load all; select -assert-count 1 t:\$assert c:$property %i"
            echo "delete t:\$assert c:$property %d; opt_clean; write_aiger -zinit $property.aig"
        done
    } >script.ys
    yosys -q script.ys >log 2>&1 || { cat log; fail "$1: yosys"; }
}

# PROPERTY ENGINE: proved, bounded or the frame of a counterexample
ask() {
    case $2 in
    pdr) command="pdr -T 600" ;;
    bmc*) command="bmc3 -F ${2#bmc} -T 600" ;;
    esac
    yosys-abc -c "read_aiger $1.aig; fold; strash; $command" >answer 2>&1
    if grep -q 'Does not work for combinational networks' answer; then # bmc3, of a block without registers
        yosys-abc -c "read_aiger $1.aig; fold; strash; pdr -T 600" >answer 2>&1
    fi
    if grep -q 'was asserted in frame' answer; then
        sed -n 's/.*was asserted in frame \([0-9]*\).*/counterexample in cycle \1/p' answer
    elif grep -q 'Property proved' answer; then
        echo proved
    elif [ "${2#bmc}" != "$2" ] && grep -q "No output asserted in ${2#bmc} frames" answer; then
        echo bounded
    else
        cat answer
    fi
}

prove() { # BLOCK PROPERTY ENGINE
    found=$(ask "$2" "$3")
    case $3-$found in
    pdr-proved | bmc*-bounded | bmc*-proved) echo "$1 $2: $found ($3)" ;;
    *) fail "$1 $2, $3: $found" ;;
    esac
}

# A counterexample is sought by bmc: pdr finds the same, later.
plant() { # BLOCK PROPERTY ENGINE FILE SED-SCRIPT
    rm -rf faulty
    mkdir faulty
    cp "$rtl"/*.v "$rtl"/*.vh faulty
    sed "$5" "$rtl/$4" >"faulty/$4"
    ! cmp -s "$rtl/$4" "faulty/$4" || fail "$1 $2: '$5' changes nothing"
    make_problems "$1" faulty "$2"
    bound=${3#bmc}
    [ "$3" != pdr ] || bound=40
    found=$(ask "$2" "bmc$bound")
    case $found in
    counterexample*) echo "$1 $2: $found of $4 $5" ;;
    *) fail "$1 $2 does not find $4 '$5': $found" ;;
    esac
}

# "BLOCK NAME ENGINE FILE SED-SCRIPT", and the rows of the page
awk '/^#/ { next } /^= / { block = $2; next } /^[a-z]/ { name = $1; engine = $2; n = 0; next }
     { sub(/^ */, ""); if (++n == 1) says = $0
       else { print block, name, engine, $0 >"list"
              fault = $0; gsub(/\|/, "\\|", fault); sub(/ /, "` `", fault)
              print "| " block " | " name " | " says " | " engine " | `" fault "` |" >"rows" } }' "$formal/properties.txt"
page=$SOURCE_DIR/docs/reference/rtl-formal.md
if [ "${1:-}" = --renew ]; then
    awk 'FNR == NR { rows = rows $0 "\n"; next } /^\| --- / { print; printf "%s", rows; old = 1; next } !/^\|/ { old = 0 } !old' \
        rows "$page" >renewed
    cat renewed >"$page"
    exit
fi
sed -n '/^| module | property |/,/^$/p' "$page" | sed '1,2d; /^$/d' >table
diff table rows || fail "docs/reference/rtl-formal.md has other properties: formal.sh --renew"

count=0
for block in ${*:-$(cut -d ' ' -f 1 list | uniq)}; do
    make_problems "$block" "$rtl" "$(sed -n "s/^$block \([a-z_0-9]*\) .*/\1/p" list | paste -sd ' ' -)"
    grep "^$block " list >of_block || fail "no block $block"
    while read -r of name engine file fault; do
        prove "$of" "$name" "$engine"
    done <of_block
    while read -r of name engine file fault; do
        plant "$of" "$name" "$engine" "$file" "$fault"
        count=$((count + 1))
    done <of_block
done
echo "PASS $count properties, as many faults found"
