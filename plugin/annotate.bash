# Completion for bash: `. plugin/annotate.bash`; where it is installed bash finds it. shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

_tcpstate_annotate() {
    local word=$2 before=$3 options='-Y --why --json --connection -o -w --force --gui --color --install --uninstall
        --yes --doctor --version -h --help'
    case $before in
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word") ;;
    -Y) mapfile -t COMPREPLY < <(compgen -W 'tcpstate.check tcpstate.fate tcpstate.moved' -- "$word") ;;
    -o) mapfile -t COMPREPLY < <(compgen -W 'tcpstate.' -- "$word") ;;
    --connection) COMPREPLY=() ;;
    *)
        if [[ $word = -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        else
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
        fi
        ;;
    esac
}
complete -F _tcpstate_annotate annotate tcpstate-annotate
