-- The least that a Lua post-dissector must do to follow the two states of a connection.
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Only for the benchmark: it knows nothing of evidence, loss or reordering, so it does far less.
local states = Proto("luastate", "TCP states by Lua")
local both = ProtoField.string("luastate.states", "States")
states.fields = { both }
local stream, flags = Field.new("tcp.stream"), Field.new("tcp.flags")
local source = Field.new("tcp.srcport")
local connections, seen = {}, {}

function states.init()
    connections, seen = {}, {}
end

-- Lua 5.2 of Wireshark 4.0 has no operator for it.
local function has(bits, flag)
    return bits % (2 * flag) >= flag
end

local function follow(c, mine, bits)
    local peer = 3 - mine
    if has(bits, 4) then
        c[mine], c[peer] = "CLOSED", "CLOSED"
    elseif has(bits, 2) then
        c[mine] = has(bits, 16) and "SYN_RCVD" or "SYN_SENT"
    elseif has(bits, 1) then
        c[mine] = c[mine] == "CLOSE_WAIT" and "LAST_ACK" or "FIN_WAIT_1"
        c[peer] = c[peer] == "FIN_WAIT_1" and "TIME_WAIT" or "CLOSE_WAIT"
    elseif c[mine] == "SYN_SENT" or c[peer] == "SYN_RCVD" then
        c[mine], c[peer] = "ESTABLISHED", "ESTABLISHED"
    elseif c[peer] == "LAST_ACK" then
        c[peer] = "CLOSED"
    end
end

function states.dissector(buffer, pinfo, tree)
    local number = stream()
    if not number then
        return
    end
    if not pinfo.visited then
        local c = connections[number.value]
        if not c then
            c = { "CLOSED", "LISTEN", first = source().value }
            connections[number.value] = c
        end
        follow(c, source().value == c.first and 1 or 2, flags().value)
        seen[pinfo.number] = c[1] .. "/" .. c[2]
    end
    tree:add(states):add(both, seen[pinfo.number])
end

register_postdissector(states)
