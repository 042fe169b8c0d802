#!/bin/sh
# docs/reference/scenario-keys.md is what the program writes. To renew it:
#   build/release/bin/mcasim keys --markdown > docs/reference/scenario-keys.md
. "$(dirname "$0")/lib.sh"

"$MCASIM" keys --markdown >page.md || fail 'keys --markdown'
diff page.md "$SOURCE_DIR/docs/reference/scenario-keys.md" || fail 'the page is out of date'
[ "$("$MCASIM" keys | grep -c .)" -eq "$(grep -c '^| `' page.md)" ] || fail 'keys lists others'
for key in $("$MCASIM" keys | sed 's/ .*//'); do
    grep -q "^| \`$key\` |" page.md || fail "$key is missing"
done
refuses 2 "mcasim keys: --markdown takes neither WORD nor --json; see 'mcasim keys --help'" "$MCASIM" keys --markdown adc
finish
