# Completion of mcasim(1) for bash. The candidates are mcasim's own.
_mcasim() {
    local words=() i last=-1 joins="" stem="" token quote="" word
    # readline divides words at = and :, which is taken back; `stem` is what it does not replace
    for ((i = 0; i <= COMP_CWORD; ++i)); do
        token=${COMP_WORDS[i]}
        if [[ $last -ge 1 && -n $token && -z ${token//[=:]/} ]]; then
            words[last]+=$token joins=yes stem=${words[last]}
        elif [[ $joins ]]; then
            words[last]+=$token joins=""
        else
            words[++last]=$token stem=""
        fi
    done
    for ((i = 1; i <= last; ++i)); do # as the shell would read them
        case ${words[i]} in
        [\"\']*) quote=${words[i]:0:1} word=${words[i]:1} words[i]=${word%"$quote"} ;;
        *) quote="" words[i]=${words[i]//\\/} ;;
        esac
    done
    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        word=${word#"$stem"}
        # shellcheck disable=SC2088 # the line keeps its ~
        case $quote$word in
        [\"\']*) ;;
        \~/*) printf -v word '~/%q' "${word:2}" ;;
        *) printf -v word %q "$word" ;;
        esac
        COMPREPLY+=("$word")
        case $word in */ | *=) compopt -o nospace 2>/dev/null ;; esac
    done < <("${COMP_WORDS[0]/#\~\//$HOME/}" completion bash -- "${words[@]:1}" 2>/dev/null)
}
complete -F _mcasim mcasim
