# annotate CAPTURE: the list of its segments, or the stories of its connections (--json). To be sourced by plugin/annotate, after capture.sh.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154

# Above each of several, as head and tail do; nothing is printed of a copy, and JSON is for programs.
heading() { # CAPTURE
    local bold='' plain=''
    [[ $action = show && $report = *,list ]] || return 0
    [ "$color" -eq 0 ] || { bold=$'\033[1m' plain=$'\033[0m'; }
    [ "$1" = "${captures[0]}" ] || echo
    printf '%s==> %s <==%s\n' "$bold" "$(printable "$1")" "$plain"
}

# A file is read twice, and told in hindsight; what streams in is told live.
show() {
    local request=$report${connection:+,$connection} read_it=(-r -) status said
    if [ "$capture" != - ] && [ -f /dev/stdin ]; then
        read_it=(-2 -r /dev/stdin)
        open_again
        exec <&3
    fi
    if [ "$report" = tcpstate,list ]; then
        [ "$why" -eq 0 ] || request+=,why
        [ "$color" -eq 0 ] || request+=,color
    elif [ "$capture" != - ]; then
        request+=,capture=$capture
    fi
    # On a terminal that shows a list its lines erase this one, and nothing erases it among stories.
    if [ -t 2 ] && [ -f /dev/stdin ] && [[ $report = *,list || ! -t 1 ]]; then
        exec 3<&0
        start_progress "$(printable "$capture")" read_so_far "$BASHPID"
        [ ! -t 1 ] || request+=,erase
    fi
    attend "${tshark[@]}" -q "${read_it[@]}" -z "$request${filter:+,($filter)}" \
        2>"$scratch/errors"
    status=$?
    stop_progress
    said=$(sed -n "s/^tshark: -z $report: //p" "$scratch/errors")

    # Who reads our output may stop when it has seen enough (head).
    if [ $status -eq 141 ] || [ "$said" = 'standard output: Broken pipe' ]; then
        exit 141
    elif [[ $said = 'standard output: '* ]]; then
        die "$CANNOT_SET_UP" "cannot write $said"
    fi
    [ "$capture" != - ] || capture='standard input'
    if grep -q 'cut short' "$scratch/errors"; then
        die "$CUT_SHORT" "$capture: cut short in the middle of a packet; all before it is shown"
    elif [ $status -ne 0 ]; then
        tshark_failed $status
    elif [ -n "$said" ]; then
        nothing_to_show
    fi
    exit 0
}

# Wireshark opens JSON, pictures and more, and takes many a file for one of these. Such a "frame" has
# no time.
not_a_capture() {
    "${tshark[@]}" -r - -c 1 -T fields -e frame.number -e frame.time_epoch 2>/dev/null | grep -q '^1.$'
}

has_tcp() {
    "${tshark[@]}" -r - -Y tcp -T fields -e frame.number 2>/dev/null | grep -q .
}

# No line was printed: why?
nothing_to_show() {
    if [ -f "$capture" ] && not_a_capture <"$capture"; then
        die "$CANNOT_READ" "$capture: not a capture"
    elif [ -n "$filter$connection" ]; then
        die "$NOTHING_TO_SHOW" "$capture: no TCP segment in it is selected"
    elif [ -f "$capture" ] && has_tcp <"$capture"; then
        die "$NOTHING_TO_SHOW" "$capture: of its TCP packets none has a whole header; tcpdump -s 0 would keep all of them"
    fi
    die "$NOTHING_TO_SHOW" "$capture: no TCP in it"
}
