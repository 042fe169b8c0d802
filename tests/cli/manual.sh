#!/bin/sh
# Pages of the manual: of mcasim, of every command and of mcasim-sc, each option of --help in them, sound for man, groff and mandoc.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"

# shellcheck disable=SC2046 # commands are words
set -- $("$MCASIM" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
[ $# -ge 16 ] || fail "commands: $*"
"$MCASIM" man >mcasim.1 || fail "man"
for command; do
    "$MCASIM" man "$command" >"mcasim-$command.1" || fail "man $command"
    "$MCASIM" "$command" --help >"mcasim-$command.help"
    grep -q "^\.BR mcasim..$command (1)" mcasim.1 || fail "mcasim.1 does not name mcasim-$command(1)"
done
if [ -x "$BUILD_DIR/bin/mcasim-sc" ]; then
    "$BUILD_DIR/bin/mcasim-sc" --man >mcasim-sc.1 || fail "mcasim-sc --man"
    "$BUILD_DIR/bin/mcasim-sc" --help >mcasim-sc.help
fi
refuses 2 "mcasim man: unknown command 'train'; did you mean mcasim run; see 'mcasim --help'" "$MCASIM" man train
refuses 2 "mcasim man: unexpected argument 'check'; only one COMMAND is allowed; see *" "$MCASIM" man run check

# --- the build has written the same ones
for page in *.1; do
    cmp -s "$page" "$BUILD_DIR/share/man/man1/$page" || fail "$page of the build is another one"
done

# --- what a page shows: head, synopsis and options as --help has them
need man "tools/setup --tests installs man-db"
need groff "tools/setup --tests installs it"
for page in *.1; do
    name=${page%.1}
    MANWIDTH=1000 LC_ALL=C man -l "$page" >"$name.txt" 2>"$name.err" || fail "man -l $page"
    for section in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' 'SEE ALSO'; do
        grep -qx "$section" "$name.txt" || fail "$page: no $section"
    done
    grep -q "^ *$name - " "$name.txt" || fail "$page: no name"
    [ -e "$name.help" ] || continue
    usage=$(sed -n 's/^Usage: //p' "$name.help")
    sed 's/^ *//; s/  */ /g' "$name.txt" >plain
    grep -qFx -e "$usage" plain || fail "$page: another usage than '$usage'"
    sed -n '/^Options:/,/^$/s/^ \{2,6\}\(-[^ ].*\)/\1/p' "$name.help" |
        sed -E 's/^((-., )?--[a-z-]+( [A-Z][^ ]*| [a-z]+\|[a-z|]+)?) .*/\1/' >options
    [ -s options ] || fail "$name --help has no options"
    while read -r option; do
        grep -qFx -e "$option" plain || grep -qF -e "$option " plain || fail "$page: no $option"
    done <options
done
grep -q 'network.layers=.\[784, 10\].' mcasim-run.txt || fail "mcasim-run: quotation marks are others"
grep -q ' \.npz or a directory of \.npy files' mcasim-run.txt || fail "mcasim-run: words that begin with a point"

# --- no complaint
for page in *.1; do
    groff -ww -man -Tutf8 "$page" >/dev/null 2>complaints || fail "groff $page"
    LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >/dev/null 2>>complaints || fail "man --warnings $page"
    [ ! -s complaints ] || fail "$page: $(cat complaints)"
done
command -v mandoc >/dev/null || not_run_in_part "no mandoc; tools/setup --tests installs it"
! command -v mandoc >/dev/null || mandoc -Tlint -Wwarning ./*.1 || fail "mandoc"
finish
