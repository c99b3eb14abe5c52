# Why does a Wireshark not show the plugin? To be sourced by plugin/annotate, after setup.sh.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154

# A capture of one SYN, as raw IPv4.
one_segment() {
    printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\145\0\0\0'
    printf '\0\0\0\0\0\0\0\0\50\0\0\0\50\0\0\0'
    printf '\105\0\0\50\0\0\100\0\100\6\0\0\300\0\2\1\300\0\2\2'
    printf '\234\100\25\263\0\0\0\1\0\0\0\0\120\2\377\377\0\0\0\0'
}

# The copies of the plugin below the directories where Wireshark of any version looks.
copies() { # DIRECTORY OF THIS VERSION...
    local directory
    for directory; do
        directory=${directory%/*}
        ls -d "$directory"/*/epan/tcpstate.so "$directory"/epan/tcpstate.so "$directory"/tcpstate.so
    done 2>/dev/null
}

library_of() { # FILE
    grep -aoE 'libwireshark\.so\.[0-9]+' "$1" | head -n 1
}

# Prints one line for each reason that is found, or that all is well; returns the number of reasons.
doctor() {
    local found=0 version config folders wanted loaded plugin here=() file
    reason() {
        found=$((found + 1))
        printf '%s\n' "$(printable "$*")"
    }
    command -v tshark >/dev/null || {
        reason "tshark is not installed; $me CAPTURE installs it"
        return 1
    }
    version=$(tshark --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
    folders=$(tshark -G folders 2>/dev/null)
    config=$(sed -n 's/^Personal configuration:[[:space:]]*//p' <<<"$folders")
    mapfile -t folders < <(sed -n 's/^\(Personal\|Global\) Plugins:[[:space:]]*//p' <<<"$folders")
    loaded=$(tshark -G plugins 2>/dev/null | sed -n 's/^tcpstate\.so.*\t//p')
    wanted=$(ldd "$(command -v tshark)" | grep -oE 'libwireshark\.so\.[0-9]+' | head -n 1)

    while read -r plugin; do
        if [[ " ${folders[*]/%//epan/tcpstate.so} " = *" $plugin "* ]]; then
            here+=("$plugin")
            [ "$(library_of "$plugin")" = "$wanted" ] ||
                reason "$plugin was built for another Wireshark: it wants $(library_of "$plugin"); $remedy"
        fi
    done < <(copies "${folders[@]}")
    [ ${#here[@]} -lt 2 ] || reason "there are two copies of the plugin, ${here[0]} and ${here[1]}; Wireshark loads $loaded"

    if [ -z "$loaded" ]; then
        reason "tshark $version loads no tcpstate plugin; $remedy"
        [ "$(id -u)" -ne 0 ] ||
            reason "you are root: Wireshark then loads only plugins that are installed for everybody"
        while read -r plugin; do
            [[ " ${here[*]} " = *" $plugin "* ]] ||
                reason "$plugin is not where Wireshark $version looks, ${folders[0]}/epan"
        done < <(copies "${folders[@]}")
    fi
    for file in "$config" "$config"/profiles/*; do
        ! grep -qsxE 'tcpstate|tcp' "$file/disabled_protos" ||
            reason "the protocol is disabled: Analyze > Enabled Protocols, \"tcpstate\" ($file/disabled_protos)"
        ! grep -qsE '^decode_as_entry: ip\.proto,6,' "$file/decode_as_entries" ||
            reason "IP protocol 6 is decoded as something else than TCP: Analyze > Decode As ($file/decode_as_entries)"
    done
    [ "$found" -gt 0 ] || one_segment | tshark -r - -Y tcpstate.client.state 2>/dev/null | grep -q . ||
        reason "tshark $version loads the plugin, but shows no state; why, is not known"
    [ "$found" -gt 0 ] || echo "tshark $version loads the plugin, and nothing hides it"
    return "$found"
}
