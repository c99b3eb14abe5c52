# Two machines, worker1 and worker2, which are namespaces of this one. To be sourced by bash; begin with `world "$@"`.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# All of it takes place in namespaces of the test's own, and ends with it: network, mounts, and processes, of
# which none outlives the first. So a machine that loses its first process has lost its power.
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
failures=0

skip() { # WHY
    echo "skipped: $*"
    exit 77
}

fail() { # WHAT
    echo "FAILED: $*"
    failures=$((failures + 1))
}

needs() { # PROGRAM...
    local program
    for program; do
        command -v "$program" >/dev/null || skip "$program is not installed"
    done
}

# Begins anew in a world of our own: with two folders in memory, and names for the machines.
world() { # ARGUMENT...
    local new=(unshare --pid --mount --net --uts --ipc --fork --kill-child --mount-proc)
    if [ -z "${IN_A_WORLD:-}" ]; then
        [ "$(id -u)" -eq 0 ] || skip 'only root can make machines'
        needs unshare nsenter ip
        "${new[@]}" sh -c 'mount -t tmpfs none /mnt && ip link add name hub type bridge' 2>/dev/null ||
            skip 'no namespaces, or no network in them, can be made here'
        IN_A_WORLD=1 exec "${new[@]}" "$0" "$@"
    fi
    mount -t tmpfs none /mnt && mount -t tmpfs none /run && mkdir /mnt/bin /mnt/archive /mnt/home || exit 1
    export HOME=/mnt/home PATH=/mnt/bin:$PATH LC_ALL=C.UTF-8
    cd /mnt || exit 1
    hostname hub
    printf '%s\n' '127.0.0.1 localhost' '198.51.100.1 hub' '198.51.100.2 worker1' '198.51.100.3 worker2' >hosts
    mount --bind hosts /etc/hosts
    # Who logs in finds nothing of this machine's user.
    sed 's|^root:.*|root:x:0:0::/mnt/home:/bin/sh|' /etc/passwd >passwd && mount --bind passwd /etc/passwd || exit 1
    ip link set lo up && ip link add name hub type bridge &&
        ip address add 198.51.100.1/24 dev hub && ip link set hub up || exit 1
}

machine() { # NAME ADDRESS
    # shellcheck disable=SC2016 # expanded there
    unshare --pid --mount --net --uts --ipc --fork bash -c 'read -r pid _ </proc/self/stat &&
        mount -t proc none /proc && hostname "$0" && echo "$pid" >"$0.new" && mv "$0.new" "$0.pid" &&
        exec sleep infinity' "$1" 2>/dev/null &
    until [ -e "$1.pid" ]; do sleep 0.05; done
    ip link add name "$1" type veth peer name eth0 netns "$(cat "$1.pid")" && ip link set "$1" master hub up &&
        on "$1" ip link set lo up && on "$1" ip address add "$2/24" dev eth0 && on "$1" ip link set eth0 up || exit 1
}

machines() {
    machine worker1 198.51.100.2
    machine worker2 198.51.100.3
}

on() { # MACHINE COMMAND...
    nsenter --target "$(cat "$1.pid")" --pid --mount --net --uts --ipc -- "${@:2}"
}

# ... and with it all that runs there.
cut_power() { # MACHINE
    kill -KILL "$(cat "$1.pid")"
}

# A block of code in BATCH.md.
from_page() { # NAME
    awk -v "name=$1" '/^```/ { inside = $2 == name; next } inside' "$top/plugin/BATCH.md" | grep . ||
        fail "BATCH.md has no block $1"
}

# The program, and 60 captures; their stories, made by one after the other; and on worker2 a program that gets
# through three captures and stays in the middle of the fourth.
work() { # PROGRAM
    local captures=("$top"/captures/*.pcapng) i capture
    install -m 755 "$1" bin/tcpstate
    for i in {1..60}; do
        cp "${captures[(i - 1) % ${#captures[@]}]}" "archive/part $i.pcapng"
    done
    from_page list >run
    bash -eu run || fail 'no list of captures'
    while read -r capture; do
        tcpstate story --capture "$capture" "$capture"
    done <captures.txt >expected.ndjson
    [ "$(wc -l <captures.txt) $(($(wc -l <expected.ndjson) >= 60))" = '60 1' ] ||
        fail "$(wc -l <captures.txt) captures, $(wc -l <expected.ndjson) stories"
    [ "$failures" -eq 0 ] || exit 1
    mkdir calls
    cat >doomed <<'END'
#!/bin/sh
mktemp /mnt/calls/XXXXXX >/mnt/call
[ "$(ls /mnt/calls | wc -l)" -gt 3 ] || exec /mnt/healthy "$@"
/mnt/healthy "$@" | head -c 100
touch /mnt/stuck
exec sleep infinity
END
    chmod +x doomed
    install -m 755 "$1" healthy
    on worker2 mount --bind /mnt/doomed /mnt/bin/tcpstate
}

# Once worker2 is in the middle of a capture, it is no more.
disaster() {
    local i
    for i in {1..300}; do
        [ ! -e stuck ] || break
        sleep 0.1
    done
    [ -e stuck ] || fail 'worker2 has got no fourth capture'
    cut_power worker2
}

# All stories are there, once, and they are those that one machine tells.
same_stories() {
    cat stories/*.ndjson | sort >told
    sort expected.ndjson | diff - told >differences ||
        fail "$(grep -c '^<' differences) stories are missing, $(grep -c '^>' differences) are too many"
    echo "$(wc -l <told) stories of $(wc -l <captures.txt) captures," \
        "$(find calls -type f | wc -l) captures begun on worker2"
}
