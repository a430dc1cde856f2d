# Completes kubectl-fleet in fish: kubectl-fleet completion fish | source
function __kubectl_fleet_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l out (command $words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    set -l directive $out[-1]
    if test (count $out) -gt 1
        printf '%s\n' $out[1..-2]
    else
        switch "$directive"
            case :0
                __fish_complete_path "$current"
            case :16
                __fish_complete_directories "$current"
        end
    end
end
complete -c kubectl-fleet -f -a '(__kubectl_fleet_complete)'
