# What is done with a capture, whatever is wanted of it: it is opened, tshark reads it, and what went wrong is
# told in one line. To be sourced by plugin/annotate.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034

# The capture becomes standard input: for any name, and for root too (see unprivileged).
open_capture() { # CAPTURE
    capture=$1
    if [ "$capture" != - ]; then
        [ -e "$capture" ] || die "$CANNOT_READ" "$capture: no such file"
        [ ! -d "$capture" ] || die "$CANNOT_READ" "$capture: is a directory"
        [ -r "$capture" ] || die "$CANNOT_READ" "$capture: permission denied"
        [ ! -f "$capture" ] || [ -s "$capture" ] || die "$CANNOT_READ" "$capture: is empty"
        [ ! -S "$capture" ] || die "$CANNOT_READ" "$capture: is a socket"
        { exec <"$capture"; } 2>/dev/null || die "$CANNOT_READ" "$capture: cannot be opened"
    elif [ -t 0 ]; then
        die "$USAGE" "standard input is a terminal, not a capture"
    fi
}

# Settings and other plugins of the user are left out of it: the same capture, the same output.
prepare() {
    tshark=("${unprivileged[@]}" env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME=/nonexistent
        WIRESHARK_PLUGIN_DIR="$plugins" tshark -n "${preferences[@]}")
    child='' part=''
    scratch=$(mktemp -d 2>&1) || die "$CANNOT_SET_UP" "cannot make a scratch directory: ${scratch##*: }"
    trap clean_up EXIT
    on_signals 'exit '
}

# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    trap '' HUP INT QUIT TERM
    stop_progress
    [ -z "$child" ] || kill -KILL "$child" 2>/dev/null
    rm -rf -- "$scratch" ${part:+"$part"}
}

# A child that cleans up itself.
# shellcheck disable=SC2317 # the trap calls it
end_child() {
    trap '' HUP INT QUIT TERM
    [ -z "$child" ] || { kill -TERM "$child" && wait "$child"; } 2>/dev/null
}

on_signals() { # COMMAND, without its last word: the status to end with
    # shellcheck disable=SC2064 # as it is now
    trap "${1}129" HUP && trap "${1}130" INT && trap "${1}131" QUIT && trap "${1}143" TERM
}

# Runs a command that ends when we are told to end, and not before us.
attend() { # COMMAND...
    local status
    "$@" <&0 &
    child=$!
    wait "$child"
    status=$?
    child=''
    return $status
}

# The capture as descriptor 3, for tshark to open a second time.
open_again() {
    local status why
    exec 3<&0
    [ "$capture" = - ] || [ ! -f "$capture" ] || ! "${unprivileged[@]}" test -r /dev/fd/3 || return 0
    # It loses its name before there is anything in it.
    (umask 077 && : >"$scratch/capture") && exec 3<>"$scratch/capture"
    [ -z "${nobody:-}" ] || chown "$nobody" "$scratch/capture"
    rm "$scratch/capture"
    attend cat >&3 2>"$scratch/errors"
    status=$?
    [ $status -ne 0 ] || return 0
    why=$(reason 3)
    ! grep -q '^cat: -: ' "$scratch/errors" || die "$CANNOT_READ" "$capture: $why"
    die "$CANNOT_SET_UP" "cannot keep ${capture/#-/standard input} to read it twice: ${why:-$(why_failed cat $status)}"
}

# The system's own words, at the end of the first error. On a full disk errors have no room either: then
# one octet more is tried, in a file that will not be kept.
reason() { # DESCRIPTOR OF A FILE
    local why
    why=$(sed q "$scratch/errors")
    [ -n "$why" ] || why=$(printf . 2>&1 >&"$1")
    echo "${why##*: }"
}

first_error() {
    sed -n -e '/Running as user/d' -e 's/^tshark: //' -e '/./{p;q;}' "$scratch/errors"
}

# What a program that failed has to say for itself, or else what is known of it.
why_failed() { # PROGRAM STATUS
    local why
    why=$(first_error)
    if [ "$2" -gt 128 ]; then
        why="$1 was ended by signal $(($2 - 128))"
    elif [ "$2" -ge 126 ]; then
        why="$1 cannot be run${why:+: ${why##*: }}"
    fi
    echo "${why:-$1 failed with status $2}"
}

# Whether tshark accepts a filter, on a capture of no frames.
accepts() { # FILTER
    printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' |
        "${tshark[@]}" -r - -Y "$1" 2>"$scratch/errors"
}

# Ends with the reason why tshark could do nothing.
tshark_failed() { # STATUS
    local why
    why=$(why_failed tshark "$1")
    if grep -q 'in a format TShark understands' "$scratch/errors"; then
        die "$CANNOT_READ" "$capture: not a capture, or not in a format that tshark knows"
    elif grep -q '^tshark: \(-o\|Invalid -o\)' "$scratch/errors"; then
        die "$USAGE" "$why"
    elif [ "$1" -gt 125 ]; then
        die "$CANNOT_SET_UP" "$why"
    fi
    accepts tcpstate ||
        die "$CANNOT_SET_UP" "tshark does not load the plugin in $plugins: $(first_error)"
    [ -z "$filter" ] || accepts "$filter" || die "$USAGE" "-Y: $(first_error)"
    why=${why/The file \"\/dev\/stdin\"/The standard input}
    why=${why/The standard input is/is}
    die "$CANNOT_READ" "$capture: ${why#The file \"/dev/fd/3\" }"
}
