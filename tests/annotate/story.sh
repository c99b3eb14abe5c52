# A story of annotate is a function, and the first argument names the one to run. To be sourced by bash.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
set -u
top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
# shellcheck disable=SC2034 # for the stories
annotate=$top/plugin/annotate captures=$top/captures
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0
# shellcheck source=plugin/setup.sh
(. "$top/plugin/setup.sh" && needs_nobody 77) || exit

fail() { # WHAT
    echo "FAILED: $*"
    sed 's/^/    out: /' out
    sed 's/^/    err: /' err
    failures=$((failures + 1))
}

# Runs a command and compares its exit status, and the only line it says on standard error.
expect() { # STATUS MESSAGE COMMAND...
    local status
    "${@:3}" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$1" ] || fail "exit status $status instead of $1: ${*:3}"
    [ "$(cat err)" = "$2" ] || fail "said something else than '$2': ${*:3}"
}
prints() { # PATTERN
    grep -q -- "$1" out || fail "no '$1' in the output"
}
prints_not() { # PATTERN
    ! grep -q -- "$1" out || fail "'$1' in the output"
}

tell() { # STORY
    declare -F "$1" >/dev/null || exit 2
    "$1"
    [ "$failures" -eq 0 ]
}
