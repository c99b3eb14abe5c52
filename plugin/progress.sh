# Says how far something has come that takes longer than 3 s: on a terminal, in a line that is erased in the
# end; elsewhere nothing, or a line every $every seconds. To be sourced by bash.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154

progress='' every=''
start_progress() { # WHAT COMMAND...: the command prints how far it has come
    { [ -t 2 ] || [ -n "$every" ]; } || return 0
    show_progress "$@" </dev/null >/dev/null &
    progress=$!
}

stop_progress() {
    [ -n "$progress" ] || return 0
    { kill "$progress" && wait "$progress"; } 2>/dev/null
    [ ! -t 2 ] || printf '\r\033[K' >&2
    progress=''
}

# It waits without a child: one would outlive it, and keep the reader of our output waiting.
show_progress() {
    local never so_far pause=0.3 form='\r%s: %s%s\033[K\r' first=3
    [ -t 2 ] || { pause=$every form='%s: %s%s\n' first=$every; }
    exec {never}<> <(:)
    read -rt "$first" -u "$never"
    while kill -0 $$ 2>/dev/null; do
        so_far=$("${@:2}")
        # shellcheck disable=SC2059 # one of the two above
        printf "$form" "$me" "$1" "${so_far:+: $so_far}" >&2
        read -rt "$pause" -u "$never"
    done
}

# How far the file of descriptor 3 has been read, by us or by a child of ours. The position belongs to the open
# file. A child that opens it itself does so once for each pass: the last one is for the second, which takes
# nearly all the time.
read_so_far() { # PROCESS
    local fd at child children size
    size=$(stat -L -c %s /dev/fd/3)
    read -r _ at </proc/self/fdinfo/3
    read -ra children <"/proc/$1/task/$1/children"
    for child in "${children[@]}"; do
        for fd in /proc/"$child"/fd/*; do
            [ "${fd##*/}" -gt 2 ] && [ "$fd" -ef /dev/fd/3 ] && read -r _ at <"${fd/fd/fdinfo}"
        done
    done 2>/dev/null
    echo "$((100 * at / (size + 1))) %"
}

# What apt-get (with APT::Status-Fd=1) and make have written last.
installed_so_far() { # LOG
    sed -n -e 's/^dlstatus:[^:]*:\([0-9]*\).*/fetched \1 %/p' \
        -e 's/^pmstatus:[^:]*:\([0-9]*\).*/unpacked \1 %/p' "$1" | tail -n 1
}
built_so_far() { # LOG
    sed -n 's/^\[ *\([0-9]*%\)\].*/\1/p' "$1" | tail -n 1
}
