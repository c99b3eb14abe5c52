# annotate -w: the copy, whole or not at all, and nobody else's. To be sourced by
# plugin/annotate, after capture.sh.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
#
# tshark is given no directory: it has the capture as file descriptor 3, and writes to standard output.
# The plugin reads the capture twice, so it must be a file. The copy, descriptor 4, is made beside its
# place, and takes it in one step; what is no file is written to as it comes.

# -w DIRECTORY/: each copy is called as its capture. No two are the same file, and none is a capture.
copies=''
choose_names() {
    local name why
    declare -A copied=()
    if [[ $output != */ ]]; then
        [ ${#captures[@]} -eq 1 ] || die "$USAGE" "-w wants DIRECTORY/ for several captures; see --help"
        return
    fi
    copies=$output
    for name in "${captures[@]}"; do
        [ "$name" != - ] || die "$USAGE" "standard input has no name that its copy in $copies could have"
        name_copy "$name"
        [ -z "${copied[$output]:-}" ] ||
            die "$USAGE" "${copied[$output]} and $name would have the same copy, $output"
        [ -n "$force" ] || [ ! "$name" -ef "$output" ] || refuse "it is the capture; --force replaces it"
        copied[$output]=$name
    done
    output=$copies
    [ -d "$output" ] || why=$(mkdir -- "$output" 2>&1) || refuse "${why##*: }"
}

name_copy() { # CAPTURE
    local name=${1##*/} ending
    for ending in gz zst lz4 cap pcap pcapng; do name=${name%."$ending"}; done
    output=$copies$name.pcapng
}

refuse() { # WHY
    die "$CANNOT_SET_UP" "cannot write $output: $1"
}

# A link or a pipe that belongs to neither us nor the owner of a directory that is everybody's may have
# been laid for us.
is_a_snare() { # DIRECTORY
    local owner
    { [ -L "$output" ] || [ ! -f "$output" ]; } && owner=$(stat -c %u -- "$output" 2>/dev/null) &&
        [[ $(stat -L -c %A -- "$1") == ????????wt ]] &&
        [ "$owner" -ne "$(id -u)" ] && [ "$owner" -ne "$(stat -L -c %u -- "$1")" ]
}

open_output() {
    local directory=./
    case $output in
    - | /dev/stdout | /dev/fd/1)
        [ ! -t 1 ] || die "$USAGE" "-w $output: standard output is a terminal"
        exec 4>&1 && return
        ;;
    /dev/fd/* | /proc/self/fd/*)
        { exec 4>&"${output##*/}"; } 2>/dev/null && return
        refuse "it is not open"
        ;;
    */*) directory=${output%/*}/ ;;
    esac
    [ ! -d "$output" ] || refuse "it is a directory"
    [ ! -S "$output" ] || refuse "it is a socket"
    ! is_a_snare "$directory" || refuse "somebody else has put it into a directory that is everybody's"
    if [ -e "$output" ] && [ ! -f "$output" ]; then
        { exec 4>"$output"; } 2>"$scratch/errors" && return
        refuse "$(sed 's/.*: //' "$scratch/errors")"
    fi
    choose_place
}

# Of a link, what it leads to. A new file has the permissions of everything new; it is never more open
# than the one that it replaces.
choose_place() {
    local directory=./ made told=''
    place=$output mode=$((0666 & ~0$(umask)))
    if [ -L "$output" ]; then
        [ -e "$output" ] || refuse "it is a link to nothing"
        place=$(readlink -f -- "$output" && echo .) && place=${place%??}
    fi
    if [ -e "$place" ]; then
        [ -n "$force" ] || { [ -w "$place" ] && [[ $(stat -c %A -- "$place") == *w* ]]; } ||
            refuse "it is read-only; --force replaces it"
        mode=$((mode & 0$(stat -c %a -- "$place")))
    fi
    [[ $place != */* ]] || directory=${place%/*}/
    # A file that is made must be known: meanwhile who tells us to end, and our children, has to wait.
    on_signals told=
    made=$(trap '' HUP INT QUIT TERM && mktemp -- "$directory.tcpstate-XXXXXX" 2>&1) || refuse "${made##*: }"
    part=$made
    on_signals 'exit '
    [ -z "$told" ] || exit "$told"
    exec 4>"$part"
}

write_copy() {
    local status said why='' damage=''
    [ -z "$copies" ] || name_copy "$capture"
    open_output
    open_again
    [ "$capture" != - ] || capture='standard input'
    start_progress "$(printable "$capture")" read_so_far "$BASHPID"
    # In a second pass each frame has what later ones told about it.
    attend "${tshark[@]}" -2 -q -r /dev/fd/3 -z tcpstate,annotate,-,/dev/fd/3 \
        </dev/null >&4 4>&- 2>"$scratch/errors"
    status=$?
    stop_progress
    said=$(sed -n 's/^tshark: -z tcpstate,annotate: //p' "$scratch/errors")
    case $said in
    "standard output: Broken pipe") exit 141 ;; # who reads it has seen enough
    "standard output: "*) refuse "${said#*: }" ;;
    "there is no packet"*) die "$NOTHING_TO_SHOW" "$capture: $said" ;;
    "" | "-: "*)
        [ $status -eq 0 ] || [ -z "$part" ] || [ -s "$scratch/errors" ] || why=$(reason 4)
        [ -z "$why" ] || refuse "$why"
        ;;
    *) die "$CANNOT_READ" "$capture: $said" ;;
    esac
    if [ $status -gt 125 ] || [ -n "$part" ] && [ ! -s "$part" ]; then
        tshark_failed $status
    elif grep -q 'cut short' "$scratch/errors"; then
        damage='cut short in the middle of a packet'
    elif grep -q 'damaged or corrupt' "$scratch/errors"; then
        damage='damaged'
    elif [ $status -ne 0 ]; then
        tshark_failed $status
    fi
    exec 4>&-
    put_in_place
    [ -z "$said" ] || say "$capture: ${said#-: }"
    [ -z "$damage" ] || die "$CUT_SHORT" "$capture: $damage; all before it is copied"
}

put_in_place() {
    local why
    [ -n "$part" ] || return
    why=$(chmod "$(printf %o "$mode")" -- "$part" 2>&1 && mv -fT -- "$part" "$place" 2>&1) ||
        refuse "${why##*: }"
    part=''
}
