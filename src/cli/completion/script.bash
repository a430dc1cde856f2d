# Completes kubectl-fleet in bash: source <(kubectl-fleet completion bash)
_kubectl_fleet() {
    local line=${COMP_LINE:0:COMP_POINT} words=() current='' out directive word
    read -r -a words <<<"$line"
    if [[ $line == *[[:space:]] ]]; then
        words+=('')
    fi
    current=${words[${#words[@]} - 1]}
    out=$("${words[0]}" __complete "${words[@]:1}" 2>/dev/null) || return
    directive=${out##*:}
    out=${out%:*}
    # Bash replaces only the part after the last = or : of the word.
    local prefix=''
    if [[ $current == *[=:]* ]]; then
        prefix=${current%"${current##*[=:]}"}
    fi
    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        if [[ -n $word && $word == "$current"* ]]; then
            COMPREPLY+=("${word#"$prefix"}")
        fi
    done <<<"$out"
    case $directive in
        0) [[ ${#COMPREPLY[@]} -gt 0 ]] || compopt -o default 2>/dev/null ;;
        16) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null ;;
        6) compopt -o nospace 2>/dev/null ;;
    esac
}
complete -F _kubectl_fleet kubectl-fleet
