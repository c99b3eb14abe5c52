# Sets the machine up for plugin/annotate and tests/run: packages, the build, leaving root behind.
# To be sourced by bash. Both are quiet when all is well.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

readonly CANNOT_SET_UP=4
me=${0##*/} yes=''
parts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${parts%/*}
# shellcheck source=plugin/progress.sh
. "$parts/progress.sh"

# What a file name or a capture brings along is no order to the terminal.
printable() { # TEXT
    local LC_ALL=C.UTF-8
    printf %s "${1//[^[:print:]]/?}"
}

say() { # MESSAGE...
    printf '%s: %s\n' "$me" "$(printable "$*")" >&2
}

die() { # STATUS MESSAGE...
    say "${*:2}"
    exit "$1"
}

# The Debian packages that something needs. tests/README.md has a table of the same ones (tests/style/packages).
packages() { # build | debian | LABEL OF A TEST
    case $1 in
    build) echo tshark wireshark-dev zlib1g-dev libzstd-dev liblz4-dev gcc libc6-dev cmake make ;;
    core) echo python3-jsonschema ;;
    wireshark) echo python3 wireshark-common jq sqlite3 parallel zstd lz4 ;;
    upstream) echo python3 bzip2 ;;
    captures) echo python3 python3-scapy wireshark-common ;;
    kernel) echo python3 python3-scapy iproute2 nftables iptables tcpdump netcat-openbsd net-tools liblwip-dev ;;
    batch) echo parallel openssh-server openssh-client slurmctld slurmd slurm-client munge sqlite3 jq wireshark-common iproute2 ;;
    gui) echo python3 wireshark xvfb openbox xdotool xclip imagemagick librsvg2-bin ;;
    page) echo python3 clang lld chromium chromium-driver firefox-esr iproute2 util-linux ;;
    fuzz) echo python3 clang libclang-rt-dev binutils wireshark-common valgrind ;;
    debian) echo dpkg-dev file ;;
    package) echo dpkg-dev file lintian binutils gcc-mingw-w64-x86-64-win32 ;;
    style) echo clang-format clang-tidy cppcheck shellcheck ;;
    annotate) echo python3 wireshark-common util-linux bsdutils ;;
    tool) echo python3 wireshark-common zstd ;;
    long) echo debootstrap ;;
    esac
}

# Where Wireshark is missing, the program tcpstate may be there.
or_without() {
    command -v tshark >/dev/null || echo '; tcpstate list, which needs no Wireshark, reads pcap and pcapng'
}

# Prints which of the packages are not installed.
missing_packages() { # PACKAGE...
    local have package
    # shellcheck disable=SC2016 # dpkg-query's variables, not the shell's
    have=$(dpkg-query -W -f '${Package}=${db:Status-Status}\n' "$@" 2>/dev/null)
    for package in $(printf '%s\n' "$@" | sort -u); do
        grep -qxF "$package=installed" <<<"$have" || echo "$package"
    done
}

# Prints what they cost, with what they need: " (21.3 MB to fetch, 96.1 MB on the disk)", if apt-get knows it.
size_of_packages() { # PACKAGE...
    LC_ALL=C apt-get -o Debug::NoLocking=1 --assume-no --no-install-recommends install "$@" 2>/dev/null |
        sed -n -e 's|^Need to get \([0-9.,]* [kMGB]*\)[/ ].*| (\1 to fetch|p' \
            -e 's|^After this operation, \([0-9.,]* [kMGB]*\) of additional.*|, \1 on the disk)|p' |
        tr -d '\n' | grep '^ (.*)$'
}

# Nobody but root is surprised by what is installed.
ask_to_install() { # PACKAGES SIZE
    local answer
    [ -z "$yes" ] || return 0
    if [ -t 2 ] && { exec 9</dev/tty; } 2>/dev/null; then
        printf '%s: installs %s%s, as root through sudo. Go on? [Y/n] ' "$me" "$1" "$2" >&2
        read -r answer <&9
        exec 9<&-
        [[ $answer != [Nn]* ]] || exit "$CANNOT_SET_UP"
    else
        die "$CANNOT_SET_UP" "needs packages$2; with --yes it installs them, or you do: sudo apt-get install --no-install-recommends $1"
    fi
}

# Installs what is missing of the packages, and says so first.
install_packages() { # PACKAGE...
    local package missing=() as_root=() size log
    if ! command -v dpkg-query >/dev/null; then
        for package in tshark cmake cc make; do
            command -v "$package" >/dev/null ||
                die "$CANNOT_SET_UP" "needs $package; this is not Debian, so please install it yourself$(or_without)"
        done
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0

    log=$(mktemp) || exit "$CANNOT_SET_UP"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "$CANNOT_SET_UP" \
            "packages are missing, and without sudo only root can install them: apt-get install ${missing[*]}$(or_without)"
        ask_to_install "${missing[*]}" "$(size_of_packages "${missing[@]}")"
        as_root=(sudo)
        [ ! -t 2 ] || sudo -v # asks for a password before there is a line of progress
    fi
    # A failing update is no reason to stop: the lists that are here may do.
    start_progress 'asks which packages there are' :
    "${as_root[@]}" apt-get -qq update >"$log" 2>&1
    stop_progress
    size=$(size_of_packages "${missing[@]}")
    say "installs ${missing[*]}$size"
    start_progress 'installs packages' installed_so_far "$log"
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o APT::Status-Fd=1 \
        -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
        stop_progress
        grep -v '^[a-z]*status:' "$log" | tail -n 5 >&2
        die "$CANNOT_SET_UP" "cannot install ${missing[*]}; the whole story is in $log$(or_without)"
    fi
    stop_progress
    rm -f "$log"
}

# Prints the directory for what can be made or fetched again. Never inside the checkout, which may be
# read-only or shared between machines.
cache_directory() {
    local cache
    if [ "$(id -u)" -eq 0 ]; then
        # Not below root's home: the unprivileged user that runs tshark for root cannot look there.
        cache=/var/cache/tcpstate
    else
        cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/tcpstate
        # A user without a home. Nobody else may put a plugin into a directory that we load.
        if ! mkdir -p "$cache" 2>/dev/null || [ ! -w "$cache" ]; then
            cache=${TMPDIR:-/tmp}/tcpstate-$(id -u)
            mkdir -m 700 "$cache" 2>/dev/null
            if [ ! -d "$cache" ] || [ -L "$cache" ] || [ ! -O "$cache" ]; then
                die "$CANNOT_SET_UP" "cannot make the directory $cache"
            fi
        fi
    fi
    echo "$cache"
}

# Prints the directory that build NAME of this checkout and this Wireshark belongs in.
build_directory() { # NAME
    local cache version
    cache=$(cache_directory) || exit
    version=$(tshark --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9.]*\).*/\1/p')
    echo "$cache/$1-$version-$(printf %s "$root" | cksum | tr ' ' -)"
}

# Configures and builds; next to nothing happens when all is up to date.
build() { # DIRECTORY TARGET [CMAKE OPTION...]
    local directory=$1 target=$2 lock
    (umask 022 && mkdir -p "$directory") 2>/dev/null ||
        die "$CANNOT_SET_UP" "cannot make the directory $directory"
    exec {lock}>"$directory/lock" || exit "$CANNOT_SET_UP"
    flock "$lock" # two terminals, one build
    start_progress builds built_so_far "$directory/log"
    if ! (umask 022 && cmake -S "$root" -B "$directory" "${@:3}" &&
        cmake --build "$directory" --target "$target" --parallel "$(nproc)") \
        >"$directory/log" 2>&1 </dev/null; then
        stop_progress
        tail -n 15 "$directory/log" >&2
        die "$CANNOT_SET_UP" "the build failed; the whole story is in $directory/log"
    fi
    stop_progress
    exec {lock}>&-
}

# As root, Wireshark loads no plugin but those installed for the whole machine, and WIRESHARK_PLUGIN_DIR
# counts for nothing. So root runs it as somebody with no rights at all, who may well be unable to
# read the user's files: hand them over as open file descriptors. And as nobody else's somebody, not even
# nobody: who shares a user's number can look into its processes. (The range is systemd's for this.)
# shellcheck disable=SC2034 # what such a command begins with, wherever this is sourced
if [ "$(id -u)" -eq 0 ]; then
    nobody=$((61184 + $$ % 4336))
    while getent passwd "$nobody" >/dev/null; do nobody=$((nobody - 1)); done
    unprivileged=(setpriv "--reuid=$nobody" "--regid=$nobody" --clear-groups --)
else
    unprivileged=()
fi

# A container may leave root without that right. Tests are skipped then, with 77 as the status.
needs_nobody() { # STATUS
    "${unprivileged[@]}" true 2>/dev/null ||
        die "$1" "Wireshark loads no such plugin as root, and root may not become anybody else here"
}
