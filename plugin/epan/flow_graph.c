/* The Flow Graph: the ladder as Wireshark draws it, with both states beside each arrow.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "fields.h"
#include "flags.h"
#include "paper.h"
#include "parts.h"
#include "sentences.h"
#include "sequence_analysis.h"
#include "tap.h"
#include "words.h"

/* The structures in sequence_analysis.h were compared with these versions' own. */
#define LAYOUT_IS_KNOWN (COMPAT_VERSION >= 400 && COMPAT_VERSION <= 406)

#if LAYOUT_IS_KNOWN

/* SYN,ACK with the amount of data: what stands above an arrow. */
static char *label(const struct tcpstate_tap_info *info)
{
    const struct segment *s = &info->segment;
    if (info->is_icmp)
        return g_strdup(phrase(PHRASE_ICMP_ERROR));
    GString *text = g_string_new(NULL);
    flags_write(PAPER(text), s, ", ", phrase(PHRASE_NO_FLAGS));
    if (s->text)
        g_string_append_printf(text, " - Len: %u", s->text);
    return g_string_free(text, FALSE);
}

/* Client's state / server's, and what was found: what stands beside an arrow, where there is room
 * for about 40 characters. */
static char *comment(const struct verdict *v)
{
    const struct end_view *client = &v->end[v->client], *server = &v->end[!v->client];
    GString *text = g_string_new(NULL);
    words_state(PAPER(text), client);
    sink_word(PAPER(text), " / ");
    words_state(PAPER(text), server);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i))
            g_string_append_printf(text, ", %s", check_text(i)->name);
    return g_string_free(text, FALSE);
}

/* Where it went: this segment's own addresses, not those of a tunnel around or inside it. */
static void set_addresses(struct _seq_analysis_item *item, const struct tcpstate_tap_info *info)
{
    free_address(&item->src_addr);
    free_address(&item->dst_addr);
    copy_address(&item->src_addr, &info->src);
    copy_address(&item->dst_addr, &info->dst);
    item->port_src = info->srcport;
    item->port_dst = info->dstport;
}

static tap_packet_status packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    struct _seq_analysis_info *graph = data;
    const struct tcpstate_tap_info *info = tapped;
    struct _seq_analysis_item *item = sequence_analysis_create_sai_with_addresses(pinfo, graph);
    if (!item)
        return TAP_PACKET_DONT_REDRAW;
    set_addresses(item, info);
    item->frame_number = info->segment.frame;
    item->frame_label = label(info);
    item->comment = comment(&info->recorded.verdict);
    item->conv_num = (uint16_t)info->recorded.verdict.connection;
    item->line_style = 1;
    item->display = true;
    sequence_analysis_use_color_filter(pinfo, item);
    g_queue_push_tail(graph->items, item);
    return TAP_PACKET_REDRAW;
}

void flow_graph_register(void)
{
    register_seq_analysis("tcpstate", phrase(PHRASE_FLOW_TITLE), proto_tcpstate, NULL,
                          TL_REQUIRES_NOTHING, packet);
}

#else

void flow_graph_register(void)
{
}

#endif
