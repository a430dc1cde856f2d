#compdef kubectl-fleet
# Completes kubectl-fleet in zsh: source <(kubectl-fleet completion zsh)
_kubectl_fleet() {
    local out directive line text
    local -a candidates
    out=$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null) || return
    directive=${out##*:}
    for line in "${(@f)out%:*}"; do
        [[ -n $line ]] || continue
        text=${line%%$'\t'*}
        text=${text//:/\\:}
        if [[ $line == *$'\t'* ]]; then
            candidates+=("$text:${line#*$'\t'}")
        else
            candidates+=("$text")
        fi
    done
    case $directive in
        0) if (( $#candidates )); then _describe -t values value candidates; else _files; fi ;;
        16) _files -/ ;;
        6) _describe -t values value candidates -S '' ;;
        *) _describe -t values value candidates ;;
    esac
}
if [[ $funcstack[1] == _kubectl_fleet ]]; then
    _kubectl_fleet "$@"
else
    compdef _kubectl_fleet kubectl-fleet
fi
