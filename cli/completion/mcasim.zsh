#compdef mcasim
# Completion of mcasim(1) for zsh. The candidates are mcasim's own.
_mcasim() {
    local line word
    local -a whole whole_shown open open_shown home home_shown
    for line in ${(f)"$(${(Q)~words[1]} completion zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)"}; do
        word=${line%%$'\t'*}
        line=$word${${line#*$'\t'}:+  -- ${line#*$'\t'}}
        case $word in
        '~/'*) home+=("~/${(q)word[3,-1]}") home_shown+=("$line") ;;
        */ | *=) open+=("$word") open_shown+=("$line") ;;
        *) whole+=("$word") whole_shown+=("$line") ;;
        esac
    done
    local result=1
    (($#whole)) && compadd -l -d whole_shown -a whole && result=0
    (($#open)) && compadd -l -S '' -d open_shown -a open && result=0
    (($#home)) && compadd -l -Q -S '' -d home_shown -a home && result=0
    return result
}
# loaded as a function of $fpath, or read as a file
if [[ $funcstack[1] == _mcasim ]]; then _mcasim "$@"; else compdef _mcasim mcasim; fi
