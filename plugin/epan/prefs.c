/* The preferences: few, each with its reason in the tooltip.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "connection.h"
#include "fields.h"
#include "prefs.h"

/* Program lifetime; Wireshark writes them and dissects anew when the user changes one. */
static unsigned two_msl = 60;
static compat_bool info_column = false;
static compat_bool rfc5961 = true;

void preferences_register(void)
{
    module_t *module = prefs_register_protocol(proto_tcpstate, NULL);
    prefs_register_uint_preference(
        module, "two_msl", "Time in TIME_WAIT (2 MSL, seconds)",
        "An endpoint in TIME_WAIT is taken to be CLOSED after this time without a segment. Nobody "
        "can see that timer in a capture. Linux waits 60 seconds; RFC 9293 says 4 minutes.",
        10, &two_msl);
    prefs_register_bool_preference(
        module, "info_column", "Append the states to the Info column",
        "Ends the Info column with [CLIENT/SERVER]. Off, because scripts may rely on that column; "
        "a column for tcpstate.states or tcpstate.client.state shows the same.",
        &info_column);
    prefs_register_bool_preference(
        module, "rfc5961", "RST rules of RFC 5961",
        "A RST closes the connection only at exactly the expected sequence number; one elsewhere "
        "in the window is answered with a challenge ACK. Current systems do so. Off: any RST in "
        "the window closes, which is RFC 9293 without this protection.",
        &rfc5961);
}

int64_t preferences_two_msl(void)
{
    return (int64_t)two_msl * 1000000000;
}

struct rules preferences_rules(void)
{
    return (struct rules){.two_msl = preferences_two_msl(), .rfc5961 = rfc5961};
}

bool preferences_info_column(void)
{
    return info_column;
}

bool preferences_stock_bool(const char *name)
{
    module_t *module = prefs_find_module("tcp");
    pref_t *pref = module ? prefs_find_preference(module, name) : NULL;
    return pref && prefs_get_bool_value(pref, pref_current);
}
