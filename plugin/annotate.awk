# Turns tshark's PDML into one line for each TCP segment, and for each ICMP error that quotes one. Called
# by annotate.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# -v color=0|1, why=0|1, connection=N (that one only) or empty, erase: what to print before each line,
# reading=live|hindsight: what tshark shows (its first line says which).
# Exits with 1 if there was nothing to print. PDML has one element on a line; a <proto name="tcp">
# contains the <proto name="tcpstate"> of its segment, and a <proto name="icmp"> what it quotes.

BEGIN {
    FS = "\"" # so $2 is the name, and values stand whole in the even fields
    names = split("syn fin reset push ack urg", flag_field, " ")
    split("SYN FIN RST PSH ACK URG", flag_name, " ")
    if (color) {
        BOLD = "\033[1m"
        DIM = "\033[2m"
        PLAIN = "\033[0m"
        PAINT["illegal"] = "\033[1;31m"
        PAINT["incomplete"] = "\033[35m"
        PAINT["unusual"] = "\033[33m"
    }
}

/<field name="frame\.(number|time_relative)"/ { frame[$2] = show() }
/<proto name="frame"/ { icmp = 0 }
/<proto name="icmp(v6)?"/ { icmp = 1 }
/<field name="(ip|ipv6)\.src"/ { source = show() }
/<field name="(ip|ipv6)\.dst"/ { destination = show() }
/<proto name="tcp"/ { split("", segment) }
/<field name="tcp\.((src|dst)port|seq|seq_raw|ack_raw|len|flags\.(syn|fin|reset|push|ack|urg))"/ { segment[$2] = show() }
# As the user has it: Wireshark counts from the first number of a stream, or shows numbers as they are.
/<field name="tcp.seq"/ { counted = counted || /relative sequence number/ }
/<proto name="tcpstate"/ {
    split("", state)
    split("", moved)
    split("", sentence)
    inside = 1
    findings = moves = 0
    amended = fate = fate_frame = ""
}
/<field name="tcpstate\.(connection|roles|sender|verdict\.str|(client|server)\.(state\.str|assumed))"/ {
    state[$2] = show()
}
/<field name="tcpstate\.transition"/ {
    moved[substr(show(), 1, 6)] = 1 # "client" or "server"
    because[++moves] = shown_as("Transition: ")
}
/<field name="tcpstate\.check"/ { finding[++findings] = show() }
/<field name="tcpstate\.fate\.str"/ { fate = show() }
/<field name="tcpstate\.fate\.frame"/ { fate_frame = show() }
# Live: what this segment tells of an earlier one: its finding and the sentence about it.
/<field name="tcpstate.evidence".*, which was [a-z_0-9]+: / {
    told = show()
    amended = $0
    sub(/.*, which was /, "", amended)
    sub(/".*/, "", amended)
}
# The sentence about a finding is the first expert information after it.
inside && /<field name="_ws.expert.message"/ && findings > 0 && !(findings in sentence) {
    sentence[findings] = show()
}
inside && /<\/proto>/ {
    inside = 0
    if (connection == "" || state["tcpstate.connection"] == connection + 0)
        print_segment()
}

END {
    print_findings()
    exit segments == 0
}

# The value of the element on this line. What is true or not is 1 or 0 in Wireshark 4.0, a word later.
function show(    i, text) {
    for (i = 3; i < NF; i += 2)
        if ($i ~ / show=$/) {
            text = $(i + 1)
            if (text == "True" || text == "False")
                return text == "True"
            return plain(text)
        }
    return ""
}

# What Wireshark's own line about the element on this line says after `title`.
function shown_as(title,    at) {
    at = index($0, "showname=\"" title)
    return at == 0 ? "" : plain(substr($0, at + 10 + length(title), \
        index(substr($0, at + 10), "\"") - 1 - length(title)))
}

function plain(text) {
    gsub(/&lt;/, "<", text)
    gsub(/&gt;/, ">", text)
    gsub(/&quot;/, "\"", text)
    gsub(/&#x27;/, "'", text)
    gsub(/&amp;/, "\\&", text)
    return text
}

# An ICMP error goes to the end whose segment it quotes; of that it has the sequence number at least.
function print_segment(    client_sent, from, to, i) {
    client_sent = state["tcpstate.sender"] == "client"
    from = socket(source, segment["tcp.srcport"])
    to = socket(destination, segment["tcp.dstport"])
    if (segments++ == 0)
        print_legend()
    if (client_sent == !icmp)
        print_connection(from, to)
    else
        print_connection(to, from)
    set_row(frame["frame.number"], state["tcpstate.connection"], \
        sprintf("%.3f", frame["frame.time_relative"]), end_state("client"), \
        client_sent ? "-->" : "<--", icmp ? "ICMP" : flags(), seq_of(from), ack_of(to), \
        icmp ? "" : segment["tcp.len"], end_state("server"))
    if (fate != "")
        print_fate()
    for (i = 1; i <= findings; i++) {
        left(finding[i], 76, PAINT[state["tcpstate.verdict.str"]])
        remember(finding[i], sentence[i], frame["frame.number"])
    }
    if (amended != "")
        print_amended()
    print erase line
    for (i = 1; why && i <= moves; i++)
        print_wrapped(because[i], 19, DIM)
}

function print_amended(    name, text) {
    name = text = amended
    sub(/: .*/, "", name)
    sub(/^[^:]*: /, "", text)
    left("(" told ": " name ")", 76)
    remember(name, text, told ", as frame " frame["frame.number"] " shows")
}

function print_fate() {
    gsub(/_/, " ", fate)
    left("(" fate (fate_frame == "" ? "" : ", see " fate_frame) ")", 76)
}

function print_legend() {
    if (reading == "live") {
        print erase DIM "Live: what was known when each segment came." PLAIN
        print erase DIM "* moved by this segment   ? assumed: nothing that end sent proves it yet   (n: x) frame n was x" PLAIN
    } else {
        print erase DIM "Hindsight: what all that was captured shows." PLAIN
        print erase DIM "* moved by this segment   ? assumed: nothing proves it   (x, see n) it was x, as frame n shows" PLAIN
    }
    set_row("frame", "conn", "time", " client", "", "segment", "seq", "ack", "len", " server")
    left("findings", 76)
    print erase BOLD line PLAIN
}

# The layout: all but the findings, which come last because nothing limits them.
function set_row(number, conn, time, client, arrow, control, seq, ack, len, server) {
    line = ""
    column = 0
    right(number, 5)
    right(conn, 10)
    right(time, 19)
    left(client, 20, client ~ /^\*/ ? BOLD : "")
    left(arrow, 34)
    left(control, 38)
    right(seq, 50)
    right(ack, 56)
    right(len, 61)
    left(server, 62, server ~ /^\*/ ? BOLD : "")
}

# A line whenever a connection appears, or what is known of its ends changes.
function print_connection(client, server,    number, text) {
    number = state["tcpstate.connection"]
    text = "connection " number ": " client " (client) -> " server " (server)"
    if (state["tcpstate.roles"] == "port")
        text = text ", guessed by the ports"
    else if (state["tcpstate.roles"] == "first")
        text = text ", guessed by who sent first"
    if (heading[number] != text)
        print erase BOLD text PLAIN
    heading[number] = text
}

function socket(address, port) {
    return (address ~ /:/ ? "[" address "]" : address) ":" port
}

# Numbers of one end, counted from the first of the connection as in the ladders. Wireshark counts from
# the first of its stream, which is another one where a SYN came into a live connection. A RST for
# somebody who has sent nothing has a made-up number. What is quoted Wireshark does not count.
function seq_of(end) {
    if (icmp)
        return relative(end, segment["tcp.seq"], 0)
    if (segment["tcp.flags.reset"] && !((state["tcpstate.connection"], end) in base))
        return segment["tcp.seq_raw"]
    return relative(end, segment["tcp.seq_raw"], segment["tcp.flags.syn"] ? 0 : 1)
}

function ack_of(end) {
    return segment["tcp.flags.ack"] && !icmp ? relative(end, segment["tcp.ack_raw"], 1) : ""
}

function relative(end, raw, ahead,    key) {
    key = state["tcpstate.connection"] SUBSEP end
    if (!(key in base))
        base[key] = counted ? raw - ahead : 0
    return (raw - base[key] + 4294967296) % 4294967296
}

# ECE and CWR are left out: congestion moves no state.
function flags(    i, text) {
    for (i = 1; i <= names; i++)
        if (segment["tcp.flags." flag_field[i]])
            text = text (text == "" ? "" : ",") flag_name[i]
    return text == "" ? "no flags" : text
}

function end_state(end) {
    return (moved[end] ? "*" : " ") state["tcpstate." end ".state.str"] \
        (state["tcpstate." end ".assumed"] ? "?" : "")
}

# Text that begins after `start` columns, or that ends at column `stop`. Text too long for its place
# takes the room that the next ones leave, so that only an extreme line is out of step.
function left(text, start, paint) {
    if (text == "")
        return
    pad(start > column ? start : column + 1)
    line = line paint text (paint == "" ? "" : PLAIN)
    column += length(text)
}

function right(text, stop) {
    if (text == "")
        return
    pad(stop - length(text) > column ? stop - length(text) : column + 1)
    line = line text
    column += length(text)
}

function pad(to) {
    while (column < to) {
        line = line " "
        column++
    }
}

function remember(name, text, where) {
    if (!(name in times)) {
        order[++kinds] = name
        first[name] = where
        says[name] = text
    }
    times[name]++
}

function print_findings(    i, name) {
    if (kinds == 0)
        return
    print erase
    for (i = 1; i <= kinds; i++) {
        name = order[i]
        print erase BOLD name PLAIN " (" (times[name] == 1 ? "" : times[name] " times, first in ") \
            "frame " first[name] ")"
        print_wrapped(says[name], 3)
    }
}

# `indent` columns and one from the left. A section stays on one line with its RFC.
function print_wrapped(text, indent, paint,    start, words, word, i) {
    start = sprintf("%" indent "s", "")
    gsub(/RFC /, "RFC\001", text)
    while (match(text, /RFC\001[0-9]+ /))
        text = substr(text, 1, RSTART + RLENGTH - 2) "\001" substr(text, RSTART + RLENGTH)
    words = split(text, word, " ")
    line = start
    for (i = 1; i <= words; i++) {
        if (length(line) + 1 + length(word[i]) > 100) {
            print erase paint line (paint == "" ? "" : PLAIN)
            line = start
        }
        gsub(/\001/, " ", word[i])
        line = line " " word[i]
    }
    print erase paint line (paint == "" ? "" : PLAIN)
}
