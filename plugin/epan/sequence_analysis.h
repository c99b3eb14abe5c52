/* What the Flow Graph shares with Wireshark: two structures and three functions.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark exports the functions, but distributions do not install the header that declares them
 * (epan/sequence_analysis.h). So the layouts are declared here, as they are in 4.0 up to 4.6; only
 * the type of booleans differs. flow_graph.c is left out of the plugin for any other version. */
#ifndef TCPSTATE_SEQUENCE_ANALYSIS_H
#define TCPSTATE_SEQUENCE_ANALYSIS_H

#include "compat.h"

#include <epan/tap.h>

/* One arrow. Wireshark frees it, and the strings. */
struct _seq_analysis_item {
    uint32_t frame_number;
    address src_addr;
    uint16_t port_src;
    address dst_addr;
    uint16_t port_dst;
    char *frame_label; /* above the arrow */
    char *time_str;
    char *comment;     /* in a column of its own */
    uint16_t conv_num; /* arrows of one number have one colour */
    unsigned fg_color, bg_color;
    compat_bool has_color_filter, display;
    unsigned src_node, dst_node;
    uint16_t line_style; /* width of the arrow */
    uint32_t info_type;
    void *info_ptr;
};

/* The graph, up to the member that is used here: Wireshark allocates it. */
struct _seq_analysis_info {
    const char *name;
    compat_bool any_addr;
    int nconv;
    GQueue *items;
};

WS_DLL_PUBLIC void register_seq_analysis(const char *name, const char *ui_name, int proto_id,
                                         const char *tap_listener, unsigned tap_flags,
                                         tap_packet_cb tap_func);
WS_DLL_PUBLIC struct _seq_analysis_item *
sequence_analysis_create_sai_with_addresses(packet_info *pinfo, struct _seq_analysis_info *graph);
WS_DLL_PUBLIC void sequence_analysis_use_color_filter(packet_info *pinfo,
                                                      struct _seq_analysis_item *item);

#endif
