/* Where segments come from: a wrapper around the stock TCP dissector.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The wrapper is the one hook that sees every segment in every program and pass (tshark, tshark -2,
 * sharkd, Wireshark's clicks and filters), and several in one frame. Stock TCP is called exactly as
 * it would have been, so its own dissection stays what it is.
 *
 *   packet -> header.c, quote.c -> struct sighting -> backlog.c
 *
 * happens on the first pass only. As soon as somebody looks at a packet,
 *
 *   struct sighting -> connection_observe() -> struct verdict -> records.c
 *
 * follows for all that have passed so far, in the order in which they passed, and then for each one
 * that passes. Drawing reads the record, in every pass. */
#include "feed.h"

#include "backlog.h"
#include "connection.h"
#include "fields.h"
#include "gui.h"
#include "header.h"
#include "pairs.h"
#include "prefs.h"
#include "quote.h"
#include "rest.h"
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
static struct rules rules;
static bool enabled, verify_checksums, has_expert_indicator;
static uint32_t connections;

static void begin_file(void)
{
    rules = preferences_rules();
    enabled = proto_is_protocol_enabled(protocol); /* changing it begins the file anew */
    verify_checksums = preferences_stock_bool("check_checksum");
    has_expert_indicator = gui_ops() != NULL;
    connections = 0;
    backlog_begin();
    pairs_begin();
    rest_begin();
    tree_begin();
    records_begin();
}

/* The lower port: stock TCP's own guess of the server looks at the ports only, too. */
static uint8_t likely_server(const struct sockets *sockets)
{
    const uint16_t port[2] = {pairs_port(sockets, 0), pairs_port(sockets, 1)};
    return port[0] == port[1] ? 0 : (uint8_t)(1 + (port[1] < port[0]));
}

/* The connection of a pair, for its second segment or a later one. The first segment alone is kept
 * as it was: a scan or a SYN flood is many pairs of one segment, and this is a tenth of the size.
 */
static struct connection *second_segment(struct pair *pair)
{
    struct verdict unused;
    const bool first = !pair->has_connection;
    struct segment *before = first ? pair->first : NULL;
    struct connection *c = rest_wake(pair);
    if (!first)
        return c;
    connection_observe(c, &rules, before, &unused);
    wmem_free(wmem_file_scope(), before);
    return c;
}

static void observe_segment(struct segment *s, const struct sockets *sockets, struct pair *pair,
                            struct recorded *r)
{
    struct connection fresh, *c = &fresh;
    s->server_port_hint = likely_server(sockets);
    if (pair->has_connection || pair->first) {
        c = second_segment(pair);
    } else {
        fresh = (struct connection){0};
        pair->first = wmem_memdup(wmem_file_scope(), s, sizeof *s);
    }
    connection_observe(c, &rules, s, &r->verdict);
    if (r->verdict.opens)
        pair->number = connections++;
}

/* Let the core see what was sighted, and write down its verdict. An ICMP error is told in its frame,
 * too, if it is about a segment of a connection that was seen; otherwise this is false. */
static bool observe(struct sighting *seen, struct recorded *r)
{
    struct pair *pair = seen->is_icmp ? pairs_find(&seen->sockets) : pairs_get(&seen->sockets);
    if (!pair)
        return false;
    if (seen->is_icmp)
        connection_icmp(second_segment(pair), &seen->segment, seen->icmp, &r->verdict);
    else
        observe_segment(&seen->segment, &seen->sockets, pair, r);
    r->connection = pair->number;
    records_write(&seen->segment, seen->layer, r, &pair->snapshot);
    if (r->verdict.amends)
        records_amend(r->verdict.amends, pair->number, r->verdict.amendment);
    return true;
}

static void catch_up(void)
{
    struct sighting seen;
    struct recorded unused;
    while (backlog_take(&seen))
        observe(&seen, &unused);
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

/* Wireshark withholds what stands in an ICMP error from all listeners that do not ask for it, and its
 * own tables cannot ask. An event of this tap says itself what it is. */
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

/* Every pass: show what the record says. */
static void show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, uint16_t layer,
                 struct tcpstate_tap_info *info)
{
    if (!records_read(pinfo->num, layer, &info->recorded))
        return;
    const char *current = pinfo->current_proto;
    pinfo->current_proto = "TCPState"; /* names the protocol of expert items */
    info->segment.from = info->recorded.verdict.sender;
    if (info->is_icmp)
        turn_round(info);
    tree_draw(tree, tvb, pinfo, info);
    if (preferences_info_column())
        tree_append_to_info(pinfo, info);
    queue_for_taps(pinfo, info);
    pinfo->current_proto = current;
}

static bool is_shown(const packet_info *pinfo, proto_tree *tree)
{
    return tree_is_wanted(pinfo, tree) || have_tap_listener(tap) || preferences_info_column();
}

/* Stock TCP first, so that ours stands below it. Everything about this segment is taken before the
 * call: segments in a tunnel inside it overwrite the addresses. */
static int dissect_and_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                            const struct sighting *seen, const uint16_t ports[2])
{
    struct tcpstate_tap_info info = {.segment = seen->segment,
                                     .src = pinfo->src,
                                     .dst = pinfo->dst,
                                     .srcport = ports[0],
                                     .dstport = ports[1],
                                     .is_icmp = seen->is_icmp,
                                     .icmp = seen->icmp};
    volatile int length = 0;
    proto_node *const volatile before = tree ? tree->last_child : NULL;
    TRY
    {
        length = call_dissector_only(stock_tcp, tvb, pinfo, tree, data);
    }
    FINALLY /* also when the payload is malformed, which is thrown */
    {
        show(tvb, pinfo, tcp_subtree(tree, before), seen->layer, &info);
    }
    ENDTRY;
    return length;
}

/* False: this is no segment, nor an error about one. */
static bool sight(tvbuff_t *tvb, const packet_info *pinfo, struct sighting *seen, uint16_t ports[2])
{
    struct segment *s = &seen->segment;
    seen->is_icmp = quote_read(tvb, pinfo, s, ports, &seen->icmp);
    if (!seen->is_icmp && !header_read(tvb, pinfo, s, ports))
        return false;
    seen->layer = (uint16_t)wmem_list_count(pinfo->layers); /* counted alike in all passes */
    seen->sockets = pairs_sockets(&pinfo->src, ports[0], &pinfo->dst, ports[1], &s->from);
    if (verify_checksums && !seen->is_icmp && header_checksum_is_bad(tvb, pinfo))
        s->has |= HAS_BAD_CHECKSUM;
    return true;
}

/* First pass, and nobody looks at the packet. In Wireshark every verdict is needed at once all the same,
 * for its expert indicator, and nothing is kept aside; other programs have no such indicator. */
static void let_pass(packet_info *pinfo, struct sighting *seen)
{
    struct recorded recorded;
    if (!has_expert_indicator)
        backlog_add(seen);
    else if (observe(seen, &recorded) && !recorded.verdict.quiet)
        tree_feed_indicator(pinfo, &recorded.verdict);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct sighting seen; /* filled in as far as needed: this is every segment's way */
    struct recorded unused;
    uint16_t ports[2];
    const bool first_pass = !PINFO_FD_VISITED(pinfo), shown = is_shown(pinfo, tree);
    if (!enabled || !(first_pass || shown) || !sight(tvb, pinfo, &seen, ports))
        return call_dissector_only(stock_tcp, tvb, pinfo, tree, data);
    if (shown) {
        catch_up();
        if (first_pass)
            observe(&seen, &unused);
        return dissect_and_show(tvb, pinfo, tree, data, &seen, ports);
    }
    let_pass(pinfo, &seen);
    return call_dissector_only(stock_tcp, tvb, pinfo, tree, data);
}

void feed_register(void)
{
    tap = register_tap("tcpstate");
    register_init_routine(begin_file);
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
