/* See accounts.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "accounts.h"

#include <epan/to_str.h>

static void write_host(const struct sink *to, const void *host)
{
    char text[64]; /* an IPv6 address takes 46 */
    address_to_str_buf(host, text, sizeof text);
    sink_word(to, text);
}

struct account account_of(const struct tcpstate_tap_info *info)
{
    const struct recorded *r = &info->recorded;
    const unsigned from = r->verdict.sender;
    struct account a = {.verdict = &r->verdict,
                        .segment = &info->segment,
                        .time = info->since_first,
                        .live = {r->live[0], r->live[1]},
                        .hindsight = r->hindsight,
                        .is_icmp = info->is_icmp,
                        .icmp = (uint8_t)info->icmp,
                        .write_host = write_host};
    a.port[from] = info->srcport;
    a.port[!from] = info->dstport;
    a.host[from] = &info->src;
    a.host[!from] = &info->dst;
    return a;
}

/* Connections are numbered from 0, and few numbers are left out. */
static void *memory_of(void *context, uint32_t connection)
{
    GArray *all = context;
    if (connection >= all->len)
        g_array_set_size(all, connection + 1);
    return all->data + (size_t)connection * g_array_get_element_size(all);
}

struct memories accounts_memories(size_t size)
{
    return (struct memories){memory_of, g_array_new(FALSE, TRUE, (unsigned)size)};
}

void accounts_forget(struct memories *memories)
{
    g_array_set_size(memories->context, 0);
}

void accounts_free(struct memories *memories)
{
    g_array_free(memories->context, TRUE);
}
