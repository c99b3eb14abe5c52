/* The five symbols that Wireshark asks a plugin for, and the order in which the parts register.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#define WS_BUILD_DLL /* before any header: the symbols below are exported, not imported */
#include "compat.h"

#include "feed.h"
#include "fields.h"
#include "parts.h"
#include "prefs.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = TCPSTATE_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

static void register_parts(void)
{
    fields_register();
    preferences_register();
    feed_register();
    ladder_register();
    list_register();
    story_register();
    segments_register();
    stats_register();
    connections_register();
    flow_graph_register();
    annotate_register();
    diagram_register();
    menus_register();
}

void plugin_register(void)
{
    static const proto_plugin plugin = {register_parts, feed_handoff};
    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
