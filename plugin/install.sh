# The plugin and the user's own Wireshark: built or installed, where it looks, opened. To be sourced by
# plugin/annotate, after setup.sh.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034

# What was installed knows its version, and where the plugin is; in a checkout both are made.
is_installed() { [ -e "$parts/installed" ]; }
# shellcheck source=/dev/null
! is_installed || . "$parts/installed"
remedy='plugin/annotate --install builds and installs it'
! is_installed || remedy='installing this again, for this Wireshark, is the remedy'

version() {
    is_installed || version=$(sed -n 's/^project(tcpstate VERSION \([^ ]*\).*/\1/p' "$root/CMakeLists.txt")
    echo "$me (tcpstate) $version"
}

# Fills `plugins`, a directory that tshark can be told of, with what WIRESHARK_PLUGIN_DIR means.
set_up() {
    local personal=ON
    needs_nobody "$CANNOT_SET_UP"
    if is_installed; then
        install_packages tshark
        return
    fi
    # shellcheck disable=SC2046 # a list
    install_packages $(packages build)
    build_directory=$(build_directory annotate) || exit
    [ "$(id -u)" -ne 0 ] || personal=OFF
    build "$build_directory" tcpstate -DTCPSTATE_USER_INSTALL=$personal
    plugins=$build_directory/plugins
}

change_installation() { # install | uninstall
    ! is_installed || die "$USAGE" "--$1: it is installed already, by what can take it away again"
    if [ "$1" = install ]; then
        cmake --build "$build_directory" --target to_install && cmake --install "$build_directory"
    else
        cmake --build "$build_directory" --target uninstall
    fi >"$build_directory/log" 2>&1 || {
        tail -n 5 "$build_directory/log" >&2
        die "$CANNOT_SET_UP" "cannot $1 the plugin; the whole story is in $build_directory/log"
    }
    say "$1: done; restart Wireshark if it is running"
    exit
}

open_wireshark() {
    local profiles=${XDG_CONFIG_HOME:-$HOME/.config}/wireshark/profiles
    [ "$(id -u)" -ne 0 ] || die "$USAGE" "--gui: Wireshark loads no such plugin as root; call it as yourself"
    [ "$capture" != - ] || die "$USAGE" "--gui wants a file, not standard input"
    install_packages wireshark
    is_installed || [ -e "$profiles/TCP State" ] || {
        mkdir -p "$profiles" && cp -R "$parts/profile/TCP State" "$profiles"
    } || die "$CANNOT_SET_UP" "cannot write to $profiles"
    WIRESHARK_PLUGIN_DIR=$plugins exec wireshark -C "TCP State" -r "$capture"
}
