# Completion for bash: `. plugin/tcpstate.bash`; where it is installed bash finds it. shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

_tcpstate() {
    local word=$2 before=$3 options='--why --exact --connection --capture --live --hindsight --color -o --version -h --help'
    case $before in
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word") ;;
    -o) mapfile -t COMPREPLY < <(compgen -W 'tcpstate.two_msl tcpstate.rfc5961' -- "$word") ;;
    --connection | --capture) COMPREPLY=() ;;
    *)
        if [[ $word = -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        elif [ "${COMP_CWORD:-2}" -eq 1 ]; then
            mapfile -t COMPREPLY < <(compgen -W 'list ladder story connections diagram summary annotate' -- "$word")
        else
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
        fi
        ;;
    esac
}
complete -F _tcpstate tcpstate
