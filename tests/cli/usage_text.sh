#!/bin/sh
# One usage of each command: that of its --help names options that it lists, all of them or [OPTION]... for the others; README.md has
# every command with that usage, and no page another; an option that a page gives to a command is one of its own.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2046 # commands are words
set -- $("$MCASIM" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
[ $# -ge 15 ] || fail "commands: $*"
for command; do
    "$MCASIM" "$command" --help >"help.mcasim $command" || fail "$command --help"
done
[ ! -x "$BUILD_DIR/bin/mcasim-sc" ] || "$BUILD_DIR/bin/mcasim-sc" --help >help.mcasim-sc # where SystemC is

# --- options of a usage and of the list below it: "-o DIR", "--json"
listed() { # FILE: every name of each option with its argument, --help and --version left out
    sed -n '/^Options:/,$s/^ \{2,6\}\(-[^ ].*\)/\1/p' "$1" | sed 's/  .*//' | awk '{
        split($0, names, ", "); n = split(names[2] ? names[2] : names[1], last, " ")
        argument = n > 1 ? " " last[2] : ""
        sub(" .*", "", names[1]); sub(" .*", "", names[2])
        if (names[1] ~ /help|version/ || names[2] ~ /help|version/) next
        print names[1] argument (names[2] ? ";" names[2] argument : "")
    }'
}
for help in help.*; do
    name=${help#help.}
    sed -n 's/^Usage: //p' "$help" >usage
    [ "$(wc -l <usage)" -eq 1 ] || fail "$name: not one usage"
    grep -q "^$name\( \|$\)" usage || fail "$name: usage of $(cat usage)"
    listed "$help" >list
    # ' -o DIR' of 'sweep' stands without brackets
    grep -oE '(\[| )--?[a-z][a-z-]*( [A-Za-z][^] ]*)?' usage | sed 's/^[[ ]//' >used
    while read -r option; do
        awk -F ";" -v option="$option" '{ for (i = 1; i <= NF; ++i) if ($i == option) found = 1 } END { exit !found }' list ||
            fail "$name: $option of the usage is not listed"
    done <used
    grep -qF '[OPTION]...' usage && continue
    [ "$(wc -l <list)" -eq "$(wc -l <used)" ] || fail "$name: the usage leaves out some of $(tr '\n' ' ' <list)"
done

# --- usages in README.md and docs/: lines of code that begin with a command and have words to be replaced
for page in "$SOURCE_DIR/README.md" "$SOURCE_DIR"/docs/*/*.md; do
    grep -E '^    mcasim(-sc)?( .*)?( |\[)(SCENARIO|SWEEP|SEARCH|DIR|FILE|WORD|COMMAND|KEY|N|OPTION|bash\|zsh|scenario\|sweep|--json\])' "$page" |
        sed 's/^    //; s/  .*//; s/ *$//' >found
    while read -r usage; do
        case $usage in
        mcasim-sc*) name=mcasim-sc ;;
        *) name=$(echo "$usage" | cut -d ' ' -f 1-2) ;;
        esac
        [ -e "help.$name" ] || [ "$name" != mcasim-sc ] || continue
        [ "$usage" = "$(sed -n 's/^Usage: //p' "help.$name")" ] || fail "$(basename "$page"): '$usage', not that of '$name --help'"
        [ "$page" != "$SOURCE_DIR/README.md" ] || echo "$name" >>in_readme
    done <found
done
for help in help.*; do
    [ "$(grep -cFx "${help#help.}" in_readme)" -eq 1 ] || fail "README.md has not one usage of ${help#help.}"
done

# --- options anywhere in code: `mcasim run ... --option`, and lines of code
for page in "$SOURCE_DIR/README.md" "$SOURCE_DIR"/docs/*/*.md; do
    # shellcheck disable=SC2016 # those are no expansions
    { grep -oE '`mcasim(-sc)? [^`]*`' "$page" | tr -d '`'; grep -oE '^    mcasim(-sc)? .*' "$page" | sed 's/^    //'; } |
        sed 's/ [#>|].*//; s/ -- .*//' >code
    while read -r line; do
        case $line in
        mcasim-sc*) name=mcasim-sc ;;
        *) name=$(echo "$line" | cut -d ' ' -f 1-2) ;;
        esac
        [ -e "help.$name" ] || continue # COMMAND, or not built
        for option in $(echo "$line" | grep -oE '(^|[[ ])--?[a-z][a-z-]*' | tr -d '[ '); do
            grep -qE "^ +(-[a-z], )?$option( |,|\$)" "help.$name" || fail "$(basename "$page"): $name has no option $option"
        done
    done <code
done
finish
