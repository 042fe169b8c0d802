#!/bin/sh
# Completion of command lines: the candidates themselves, and by them what bash, zsh and fish make of a TAB.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
PATH=$(dirname "$MCASIM"):$PATH
export PATH

write_tiny_scenario tiny.yaml
cat >typed.yaml <<'END'
network:
  input: [1, 28, 28]
  layers:
    - conv2d: {filters: 2, kernel: 5, stride: 2}
    - dense: {units: 10}
END
mkdir runs 'my folder' empty
cp tiny.yaml 'my folder/own.yaml'
mcasim run tiny.yaml -o runs/first --quiet || fail "run"
mcasim run tiny.yaml -o runs/second --seed 2 --quiet || fail "run"

# gives 'CANDIDATE CANDIDATE' WORD...: just those, in any order
gives() {
    wanted=$1
    shift
    mcasim completion bash -- "$@" >"$cli_state/out" 2>"$cli_state/err" || fail "$*: exit status $?"
    [ ! -s "$cli_state/err" ] || fail "$*: $(cat "$cli_state/err")"
    cut -f 1 "$cli_state/out" | sort >"$cli_state/got"
    printf '%s\n' "$wanted" | tr ' ' '\n' | sed '/^$/d; s/@/ /g' | sort | cmp -s - "$cli_state/got" ||
        fail "$*: $(tr '\n' ' ' <"$cli_state/got"), not $wanted"
}

# --- commands and options
gives 'run report' r
gives 'run' ru
gives '--help --version' -
gives '' nothing ''
gives '--set --seed' run --se
gives '--set --seed' run tiny.yaml -o runs/x --set chi.bits=12 --se
gives '--set' run --seed 2 --se
gives '--dry-run --data' sweep --d
gives '--dry-run --data' optimise --d
gives '' run -- --se
gives '' validate ''
gives 'bash zsh fish' completion ''
gives 'check components compare cosim completion' man c
mcasim --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' >commands
gives "$(cat commands) --help --version" ''

# --- values of options, beside them and behind '='
gives '' run tiny.yaml --seed ''
gives 'empty/ my@folder/ runs/' run -o ''
gives 'empty/ my@folder/ runs/' run --output ''
gives '--output=runs/' run --output=ru
gives 'isaac-32nm' price runs/first --library i
gives 'hermes-14nm' components h

# --- files and runs
names() { # FOLDER...: names of files that come with the program
    for folder; do find "$SOURCE_DIR/$folder" -maxdepth 1 -name '*.yaml' | sed 's|.*/||; s/\.yaml$//'; done
}
gives "$(names scenarios) tiny.yaml typed.yaml empty/ my@folder/ runs/" run ''
gives "$(names scenarios) tiny.yaml typed.yaml empty/ my@folder/ runs/" infer ''
gives "$(names scenarios/sweeps) tiny.yaml typed.yaml empty/ my@folder/ runs/" sweep ''
gives "$(names scenarios/optimise) tiny.yaml typed.yaml empty/ my@folder/ runs/" optimise ''
gives "$(names scenarios scenarios/sweeps scenarios/optimise scenarios/components)" scenarios ''
gives 'lenet-fashion lenet-mnist' run len
gives 'tile-size' sweep tile
gives 'my@folder/own.yaml' check 'my folder/'
gives 'runs/first runs/second' explain runs/
gives 'runs/first runs/second' compare runs/first runs/
gives '' explain runs/first energy_j.none
gives 'runs/first' infer runs/f
gives 'typed.yaml' infer ty
gives '' report empty/
# shellcheck disable=SC2088 # mcasim expands it
HOME=$PWD gives '~/my@folder/' run '~/my'
gives 'runs/first/' run -o runs/f

# --- keys: those that there are, and for a choice its values
mcasim keys --markdown | sed -n 's/^| `\([a-z][a-z0-9_.]*\)` | .*/\1/p' | grep -v '^network\.layers\.' >keys
[ "$(wc -l <keys)" -ge 100 ] || fail "keys: $(wc -l <keys)"
gives "$(sed 's/$/=/' keys)" run --set ''
gives "$(cat keys)" keys ''
gives 'chi.bits= chi.banks=' run tiny.yaml --set chi.b
gives '--set=chi.bits= --set=chi.banks=' run --set=chi.b
gives 'chi.bits=16' run --set chi.bits=
gives '' run --set chi.nothing=
gives 'adc.forward_range=[16]' run --set adc.forward_range=
mcasim keys --markdown | sed -n 's/^| `\([a-z][a-z0-9_.]*\)` | choice | \([^|]*\) | .*/\1 \2/p' | grep -v '^network\.layers\.' | tr -d , >choices
[ "$(wc -l <choices)" -ge 25 ] || fail "choices: $(wc -l <choices)"
while read -r key values; do
    # shellcheck disable=SC2086 # values are words
    gives "$(printf "$key=%s " $values)" run --set "$key="
done <choices
gives 'cost.library=mca-14nm cost.library=mca-14nm-rtl' run --set cost.library=mca
gives 'dataset.train_images=typed.yaml dataset.train_images=tiny.yaml' run --set dataset.train_images=t
gives 'network.layers.0.stride= ' run typed.yaml --set network.layers.0.st
gives 'network.layers.1.units= network.layers.1.unit_weight_us=' run typed.yaml --set network.layers.1.unit
gives '' run tiny.yaml --set network.layers.0.st
gives "$(printf 'network.layers.1.activation=%s ' sigmoid tanh relu identity)" run typed.yaml --set network.layers.1.activation=
gives 'network.layers.0.kernel=' run lenet-mnist --set network.layers.0.k
gives '' run missing.yaml --set network.layers.0.st

# --- results of the run: all that explain lists
mcasim explain runs/first | sed 's/ .*//' >results
gives "$(cat results)" explain runs/first ''
gives 'energy_j.per_image' explain runs/first energy_j.per
gives '' explain runs/none ''

# --- every word of every usage is known: what is not would be a candidate itself
mkdir none
cd none || exit 1
while read -r command; do
    mcasim completion bash -- "$command" '' >../found
    mcasim "$command" --help | sed -n '/^Options:/,/^$/s/^ *\(-., \)\{0,1\}\(--[a-z-]*\) [^ ].*/\2/p' >../options
    while read -r option; do
        mcasim completion bash -- "$command" "$option" '' >>../found
    done <../options
    ! grep -E '^[^a-z]' ../found || fail "$command: nothing completes that"
done <../commands
cd ..

# --- bash, as its own completion calls the function: divided at '='
asked() { # COMMAND LINE, divided by blanks
    bash --norc -c 'source <(mcasim completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        compopt() { echo "$*"; }
        _mcasim; printf "%s\n" "${COMPREPLY[@]}"' - "$@" >"$cli_state/out" 2>"$cli_state/err"
    [ ! -s "$cli_state/err" ] || fail "bash $*: $(cat "$cli_state/err")"
    sort "$cli_state/out" | tr '\n' ' '
}
replies() { # WANTED WORD...
    wanted=$1
    shift
    got=$(asked "$@")
    [ "$got" = "$wanted " ] || fail "bash $*: '$got', not '$wanted'"
}
if command -v bash >/dev/null; then
    replies 'run' mcasim ru
    replies 'run' "$MCASIM" ru
    replies '--seed --set' mcasim run --se
    replies '-o nospace -o nospace chi.banks= chi.bits=' mcasim run --set chi.b
    replies 'softmax squared' mcasim run --set train.loss = s
    replies 'cross-entropy softmax squared' mcasim run --set train.loss =
    replies 'softmax squared' mcasim run --set = train.loss = s
    replies '-o nospace my\ folder/' mcasim run my
    replies '-o nospace my folder/' mcasim run '"my'
    replies 'my\ folder/own.yaml' mcasim run 'my\ folder/'
    replies '\[16\]' mcasim run --set adc.forward_range =
    replies 'energy_j.per_image' mcasim explain runs/first energy_j.per
else
    not_run_in_part "no bash"
fi

# --- fish
found_by_fish() { # WANTED LINE
    got=$(fish --no-config -c "mcasim completion fish | source; complete -C'$2'" 2>&1 | cut -f 1 | sort | tr '\n' ' ')
    [ "$got" = "$1 " ] || fail "fish '$2': '$got', not '$1'"
}
if command -v fish >/dev/null; then
    found_by_fish 'run' 'mcasim ru'
    found_by_fish '--seed --set' 'mcasim run --se'
    found_by_fish 'chi.banks= chi.bits=' 'mcasim run tiny.yaml --set chi.b'
    found_by_fish '--set=chi.banks= --set=chi.bits=' 'mcasim run --set=chi.b'
    found_by_fish 'train.loss=softmax train.loss=squared' 'mcasim run --set train.loss=s'
    found_by_fish 'my folder/' 'mcasim run my'
    found_by_fish 'runs/first runs/second' 'mcasim compare runs/'
    found_by_fish 'energy_j.per_image' 'mcasim explain runs/first energy_j.per'
    [ "$(fish --no-config -c "mcasim completion fish | source; complete -C'mcasim ru'" | cut -f 2)" = "train the scenario's chip and write its results" ] ||
        fail "fish: no meaning"
else
    not_run_in_part "no fish; tools/setup --tests installs it"
fi

# --- bash and zsh at a terminal, where TAB is pressed and the words that the line then has are printed
command -v zsh >/dev/null || not_run "in part: no zsh; tools/setup --tests installs it"
if ! zsh -fc 'zmodload zsh/zpty; zpty any true' 2>/dev/null; then
    refused_in_part "no pseudo terminal can be opened here"
    finish
fi
cat >typed.zsh <<'END'
zmodload zsh/zpty
shell=$1
shift
HOME=$PWD TERM=dumb zpty shell ${=shell}
if [[ $shell == zsh* ]]; then
    zpty -w shell 'PS1="> "; autoload -U compinit; compinit -u -D; source <(mcasim completion zsh); bindkey -e'
else
    zpty -w shell 'PS1="> "; source <(mcasim completion bash)'
fi
for line; do
    zpty -wn shell $line$'\t\x01printf "[%q]" \x05; echo " =" \n'
    zpty -r shell answer $'*\] =\r*\n*' || exit 1 # the line as it is echoed has no ']' before that
    answer=${${answer%%\] =$'\r'*}##*$'\n'}
    print -r -- "[mcasim]${answer#*\[mcasim\]}]"
done
zpty -d shell
END
cat >lines <<'END'
mcasim ru                                  [mcasim][run]
mcasim run --set chi.ac                    [mcasim][run][--set][chi.acc]
mcasim run --set chi.bit                   [mcasim][run][--set][chi.bits=]
mcasim run --set train.loss=so             [mcasim][run][--set][train.loss=softmax]
mcasim run --set=train.loss=c              [mcasim][run][--set=train.loss=cross-entropy]
mcasim run --set adc.forward_range=        [mcasim][run][--set][adc.forward_range=\[16\]]
mcasim run my                              [mcasim][run][my\ folder/]
mcasim run my\ folder/                     [mcasim][run][my\ folder/own.yaml]
mcasim run "my                             [mcasim][run][my\ folder/]
mcasim price runs/first --library i        [mcasim][price][runs/first][--library][isaac-32nm]
mcasim explain runs/f                      [mcasim][explain][runs/first]
mcasim explain runs/first energy_j.per     [mcasim][explain][runs/first][energy_j.per_image]
END
for shell in 'bash --norc -i' 'zsh -f -i'; do
    [ "$shell" = 'bash --norc -i' ] || sed -i '/"/d' lines # zsh leaves a quotation open
    sed 's/   *\[.*//' lines >typed
    sed 's/.*   *\[mcasim\]/[mcasim]/' lines >wanted
    # shellcheck disable=SC2046 # lines are words
    (
        IFS='
'
        timeout 120 zsh -f typed.zsh "$shell" $(cat typed)
    ) >answers 2>&1 || fail "$shell: $(tail -n 3 answers)"
    diff wanted answers || fail "$shell"
done
finish
