/* Where segments come from: a wrapper around the stock TCP dissector.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The wrapper is the one hook that sees every segment in every program and pass (tshark, tshark -2,
 * sharkd, Wireshark's clicks and filters), and several in one frame. Stock TCP is called exactly as
 * it would have been, so its own dissection stays what it is.
 *
 * On the first pass each segment is observed once, in capture order (keep/observe.c):
 *
 *   packet -> header.c, quote.c -> struct sighting
 *          -> history_observe() -> struct verdict -> keep/records.c
 *
 * Where nobody looks at the packet yet, the sighting waits in backlog.c, and the first look, in
 * whatever pass, observes all that wait. In the first pass is shown what is known at once (live);
 * in every later one the record, which tells what all that was captured tells (hindsight). */
#include "feed.h"

#include "fields.h"
#include "gui.h"
#include "header.h"
#include "networks.h"
#include "pending.h"
#include "prefs.h"
#include "quote.h"
#include "tap.h"
#include "tree.h"

#include <epan/exceptions.h>
#include <epan/ipproto.h>
#include <epan/tap.h>
#include <epan/wmem_scopes.h>

/* Program lifetime. */
static dissector_handle_t stock_tcp;
static protocol_t *protocol;
static int proto_tcp = -1, tap = -1;

/* From opening a file until the next. */
static bool enabled, verify_checksums, has_expert_indicator;

static void begin_file(void)
{
    enabled = proto_is_protocol_enabled(protocol); /* changing it begins the file anew */
    verify_checksums = preferences_stock_bool("check_checksum");
    has_expert_indicator = gui_ops() != NULL;
    pending_begin();
    tree_begin();
}

/* The subtree of stock TCP, added to `tree` after `before`; `tree` itself where Wireshark has not
 * made one because nobody looks at it. */
static proto_tree *tcp_subtree(proto_tree *tree, proto_node *before)
{
    if (!tree)
        return NULL;
    for (proto_node *n = before ? before->next : tree->first_child; n; n = n->next)
        if (PNODE_FINFO(n) && PNODE_FINFO(n)->hfinfo->id == proto_tcp)
            return proto_item_get_subtree(n);
    return tree;
}

/* A quoted header names who sent it; the error goes the other way. */
static void turn_round(struct tcpstate_tap_info *info)
{
    const address src = info->src;
    const uint16_t srcport = info->srcport;
    info->src = info->dst;
    info->srcport = info->dstport;
    info->dst = src;
    info->dstport = srcport;
}

/* Wireshark withholds what stands in an ICMP error from all listeners that do not ask for it, and
 * its own tables cannot ask. An event of this tap says itself what it is. */
static void queue_for_taps(packet_info *pinfo, const struct tcpstate_tap_info *info)
{
    const bool in_error = pinfo->flags.in_error_pkt;
    if (!have_tap_listener(tap))
        return;
    struct tcpstate_tap_info *copy = wmem_memdup(pinfo->pool, info, sizeof *info);
    copy_address_wmem(pinfo->pool, &copy->src, &info->src);
    copy_address_wmem(pinfo->pool, &copy->dst, &info->dst);
    pinfo->flags.in_error_pkt = false;
    tap_queue_packet(tap, pinfo, copy);
    pinfo->flags.in_error_pkt = in_error;
}

static void show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                 const struct tcpstate_tap_info *info)
{
    const char *current = pinfo->current_proto;
    pinfo->current_proto = "TCPState"; /* names the protocol of expert items */
    if (tree_is_wanted(pinfo, tree))
        tree_draw(tree, tvb, pinfo, info);
    else if (has_expert_indicator)
        tree_feed_indicator(pinfo, &info->recorded.verdict);
    if (preferences_info_column())
        tree_append_to_info(pinfo, info);
    pinfo->current_proto = current;
}

static bool is_shown(const packet_info *pinfo, proto_tree *tree)
{
    return tree_is_wanted(pinfo, tree) || have_tap_listener(tap) || preferences_info_column();
}

/* Stock TCP first, so that ours stands below it. Everything about this segment is taken before the
 * call, since segments in a tunnel inside it overwrite the addresses, and queued for taps before
 * theirs. */
static int dissect_and_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                            const struct sighting *seen, const uint16_t ports[2],
                            const struct recorded *recorded)
{
    struct tcpstate_tap_info info = {.recorded = *recorded,
                                     .segment = seen->segment,
                                     .since_first = header_time_since_first(pinfo),
                                     .layer = seen->layer,
                                     .src = pinfo->src,
                                     .dst = pinfo->dst,
                                     .srcport = ports[0],
                                     .dstport = ports[1],
                                     .is_icmp = seen->is_icmp,
                                     .icmp = seen->icmp};
    info.segment.from = recorded->verdict.sender;
    if (info.is_icmp)
        turn_round(&info);
    queue_for_taps(pinfo, &info);
    volatile int length = 0;
    proto_node *const volatile before = tree ? tree->last_child : NULL;
    TRY
    {
        length = call_dissector_only(stock_tcp, tvb, pinfo, tree, data);
    }
    FINALLY /* also when the payload is malformed, which is thrown */
    {
        show(tvb, pinfo, tcp_subtree(tree, before), &info);
    }
    ENDTRY;
    return length;
}

static struct packet_socket socket_of(const address *a, uint16_t port)
{
    return (struct packet_socket){a->data, a->len > 0 ? (unsigned)a->len : 0, port};
}

/* False: this is no segment, nor an error about one. */
static bool sight(tvbuff_t *tvb, const packet_info *pinfo, struct sighting *seen, uint16_t ports[2])
{
    struct segment *s = &seen->segment;
    seen->icmp = ICMP_SOFT; /* unless the error says otherwise */
    seen->is_icmp = quote_read(tvb, pinfo, s, ports, &seen->icmp);
    if (!seen->is_icmp && !header_read(tvb, pinfo, s, ports))
        return false;
    seen->layer = (uint16_t)wmem_list_count(pinfo->layers); /* counted alike in all passes */
    seen->network = networks_number(tvb, pinfo, seen->layer);
    const struct packet_socket src = socket_of(&pinfo->src, ports[0]),
                               dst = socket_of(&pinfo->dst, ports[1]);
    s->from = sockets_put(&seen->sockets, &src, &dst);
    if (verify_checksums && !seen->is_icmp && header_checksum_is_bad(tvb, pinfo))
        s->has |= HAS_BAD_CHECKSUM;
    return true;
}

/* First pass, and nobody looks at the packet. In Wireshark every verdict is needed at once all the
 * same, for its expert indicator, and nothing is kept aside; other programs have no such indicator.
 */
static void let_pass(packet_info *pinfo, struct sighting *seen)
{
    struct recorded recorded;
    if (!has_expert_indicator)
        pending_add(seen);
    else if (pending_observe(seen, &recorded) && !recorded.verdict.quiet)
        tree_feed_indicator(pinfo, &recorded.verdict);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct sighting seen; /* filled in as far as needed: this is every segment's way */
    struct recorded recorded;
    uint16_t ports[2];
    const bool first_pass = !PINFO_FD_VISITED(pinfo), shown = is_shown(pinfo, tree);
    if (!enabled || !(first_pass || shown) || !sight(tvb, pinfo, &seen, ports))
        return call_dissector_only(stock_tcp, tvb, pinfo, tree, data);
    if (!shown)
        let_pass(pinfo, &seen);
    else if (first_pass ? pending_observe(&seen, &recorded)
                        : pending_read(pinfo->num, seen.layer, &recorded))
        return dissect_and_show(tvb, pinfo, tree, data, &seen, ports, &recorded);
    return call_dissector_only(stock_tcp, tvb, pinfo, tree, data);
}

void feed_register(void)
{
    tap = register_tap("tcpstate");
    register_init_routine(begin_file);
    register_cleanup_routine(pending_end);
}

void feed_handoff(void)
{
    protocol = find_protocol_by_id(proto_tcpstate);
    proto_tcp = proto_get_id_by_filter_name("tcp");
    stock_tcp = dissector_get_uint_handle(find_dissector_table("ip.proto"), IP_PROTO_TCP);
    if (!stock_tcp)
        return;
    /* In name only, with TCP as parent: the wrapper is no layer of its own, does not appear in
     * frame.protocols, and is switched on and off with TCP. */
    const int hook = proto_register_protocol_in_name_only("TCP (with states)", "TCP with states",
                                                          "tcpstate_hook", proto_tcp, FT_PROTOCOL);
    dissector_add_uint("ip.proto", IP_PROTO_TCP,
                       create_dissector_handle_with_name_and_description(
                           dissect, hook, "tcpstate_hook", "TCP (with states)"));
}
