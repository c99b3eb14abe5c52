# Why does a Wireshark not show the plugin? To be sourced by plugin/annotate, after setup.sh.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# Prints one line for each reason that is found, or that all is well; returns the number of reasons.
doctor() {
    local found=0 version config folders directory plugin built
    reason() {
        found=$((found + 1))
        printf '%s\n' "$*"
    }
    command -v tshark >/dev/null || {
        reason "tshark is not installed; plugin/annotate CAPTURE installs it"
        return 1
    }
    version=$(tshark --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
    config=${WIRESHARK_CONFIG_DIR:-${XDG_CONFIG_HOME:-${HOME:-}/.config}/wireshark}
    folders=$(tshark -G folders 2>/dev/null | sed -n 's/^\(Personal\|Global\) Plugins:[[:space:]]*//p')

    [ "$(id -u)" -ne 0 ] ||
        reason "you are root: Wireshark then loads only plugins that are installed for everybody"
    while read -r directory; do
        directory=${directory%/"$version"}
        for plugin in "$directory"/*/epan/tcpstate.so "$directory"/epan/tcpstate.so "$directory"/tcpstate.so; do
            [ -e "$plugin" ] || continue
            [ "$plugin" = "$directory/$version/epan/tcpstate.so" ] ||
                reason "$plugin is not where Wireshark $version looks, $directory/$version/epan"
            built=$(grep -aoE 'libwireshark\.so\.[0-9]+' "$plugin" | head -n 1)
            ldconfig -p 2>/dev/null | grep -qF "${built:-libwireshark}" ||
                reason "$plugin was built for another Wireshark: it wants $built; plugin/annotate --install builds it anew"
        done
    done <<<"$folders"
    tshark -G plugins 2>/dev/null | grep -q '^tcpstate\.so' ||
        reason "tshark $version loads no tcpstate plugin; plugin/annotate --install puts it where it does"
    ! grep -qsx 'tcpstate' "$config/disabled_protos" ||
        reason "the protocol is disabled: Analyze > Enabled Protocols, \"tcpstate\" ($config/disabled_protos)"
    ! grep -qsE '^decode_as_entry: ip\.proto,6,' "$config/decode_as_entries" ||
        reason "IP protocol 6 is decoded as something else than TCP: Analyze > Decode As ($config/decode_as_entries)"
    [ "$found" -gt 0 ] || echo "tshark $version loads the plugin, and nothing hides it"
    return "$found"
}
