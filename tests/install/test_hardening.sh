#!/bin/sh
# Release programs are position-independent, bind at the start, have read-only relocations, canaries and checked copies.
set -eu
for program in mcasim mcasim-sc; do
    file=$BUILD_DIR/bin/$program
    lacks() {
        echo "FAIL: $program: no $*"
        exit 1
    }
    readelf -hW "$file" | grep -q 'Type: *DYN' || lacks "position independence"
    readelf -lW "$file" | grep -q GNU_RELRO || lacks "read-only relocations"
    readelf -dW "$file" | grep -q 'BIND_NOW\|FLAGS.*NOW' || lacks "binding at the start"
    readelf -lW "$file" | grep 'GNU_STACK' | grep -q 'RW ' || lacks "stack without execution"
    readelf --dyn-syms -W "$file" | grep -q '__stack_chk_fail' || lacks "canaries"
    readelf --dyn-syms -W "$file" | grep -q '_chk@' || lacks "checked copies"
done
