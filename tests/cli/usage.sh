#!/bin/sh
# Help, version and wrong usage.
. "$(dirname "$0")/lib.sh"

for arguments in --help -h 'run --help' 'check -h' 'keys --help' 'components --help' \
    'cosim --help' 'price --help' 'explain --help' 'compare --help' 'report --help' 'sweep --help' 'optimise --help' 'man --help' 'schema --help' 'completion --help' 'scenarios --help' help \
    'help run' 'help help'; do
    # shellcheck disable=SC2086
    capture "$MCASIM" $arguments
    [ "$status" -eq 0 ] || fail "$arguments: exit status $status"
    grep -q '^Usage: mcasim' "$cli_state/out" || fail "$arguments: no usage"
    [ ! -s "$cli_state/err" ] || fail "$arguments: text on stderr"
    awk 'length > 100 { exit 1 }' "$cli_state/out" || fail "$arguments: lines over 100 columns"
done
capture "$MCASIM" --version
grep -Eq '^mcasim [0-9]+\.[0-9]+\.[0-9]+ \(.+\)$' "$cli_state/out" || fail "version"

refuses 2 "mcasim: a command is needed; see 'mcasim --help'" "$MCASIM"
refuses 2 "mcasim: unknown command 'train'; did you mean mcasim run; see 'mcasim --help'" "$MCASIM" train
refuses 2 "mcasim: unknown option '--verbose'; see 'mcasim --help'" "$MCASIM" --verbose
write_small_scenario s.yaml
for command in run check; do
    refuses 2 "mcasim $command: a scenario file is needed, or a name of 'mcasim scenarios'; see 'mcasim $command --help'" \
        "$MCASIM" $command
    refuses 2 "mcasim $command: unexpected argument 's.yaml'; only one scenario is allowed; see *" \
        "$MCASIM" $command s.yaml s.yaml
    refuses 2 "mcasim $command: unknown option --foo; see *" "$MCASIM" $command s.yaml --foo
    refuses 2 "mcasim $command: unknown option -x; see *" "$MCASIM" $command -x s.yaml
    refuses 2 "mcasim $command: option --set needs a value; see *" "$MCASIM" $command s.yaml --set
    refuses 2 "mcasim $command: option --help=1 takes no value; see *" "$MCASIM" $command --help=1
done
refuses 2 "mcasim run: option -o needs a value; see *" "$MCASIM" run s.yaml -o
for n in 0 257 -1 2x '' 99999999999999999999; do
    refuses 2 "mcasim run: --threads: '$n' is not a whole number 1..256; see *" \
        "$MCASIM" run s.yaml --threads "$n"
done
refuses 2 "mcasim keys: no key tells of 'chi.bit_'; did you mean chi.bits; see *" \
    "$MCASIM" keys chi.bit_
refuses 2 "mcasim keys: --markdown takes neither WORD nor --json; see *" "$MCASIM" keys chi --markdown
refuses 2 "mcasim completion: a shell is needed; see *" "$MCASIM" completion
refuses 2 "mcasim completion: 'sh' is none of bash, zsh, fish; see *" "$MCASIM" completion sh
refuses 2 "mcasim components: unexpected argument 'c'; only one library and one word are allowed; see *" "$MCASIM" components a b c
refuses 3 "*none.yaml*No such file or directory" "$MCASIM" components none.yaml

capture "$MCASIM" keys chi.
[ "$(grep -c '^chi\.' "$cli_state/out")" -eq 7 ] || fail "keys chi. lists other keys"
capture "$MCASIM" components
[ "$status" -eq 0 ] || fail "components: exit status $status"
grep -q adc_cco "$cli_state/out" || fail "components without adc_cco"
finish
