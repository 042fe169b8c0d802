# Completion of mcasim(1) for fish. The candidates are mcasim's own.
function __mcasim_candidates
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    $words[1] completion fish -- $words[2..] "$last" 2>/dev/null
end
complete -c mcasim -f -a '(__mcasim_candidates)'
