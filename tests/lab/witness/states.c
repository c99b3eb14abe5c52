/* lwIP keeps its control blocks in lists that it exports: those that listen, those that live, those
 * in TIME_WAIT. One that is in none of them any more is CLOSED.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "states.h"

#include <lwip/priv/tcp_priv.h>
#include <stdio.h>
#include <time.h>

#define MOST 32 /* ends at the same time */

struct end {
    const void *block; /* NULL: this entry is free */
    enum tcp_state state;
    int local, remote; /* ports */
    int there;         /* found in this look */
};

static struct end ends[MOST];

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void move(struct end *end, enum tcp_state state)
{
    if (end->state != state)
        printf("%lld %s %s %d %d\n", now(), tcp_debug_state_str(end->state),
               tcp_debug_state_str(state), end->local, end->remote);
    end->state = state;
}

/* A block's memory may be another end's at the next look. */
static struct end *find(const void *block, int local, int remote)
{
    struct end *vacant = NULL;
    for (struct end *end = ends; end < ends + MOST; end++) {
        if (end->block == block && end->local == local && end->remote == remote)
            return end;
        if (!end->block && !vacant)
            vacant = end;
    }
    if (vacant)
        *vacant = (struct end){block, CLOSED, local, remote, 0};
    return vacant;
}

static void meet(const void *block, enum tcp_state state, int local, int remote)
{
    struct end *end = find(block, local, remote);
    if (!end)
        return;
    end->there = 1;
    move(end, state);
}

void states_look(void)
{
    for (struct end *end = ends; end < ends + MOST; end++)
        end->there = 0;
    for (const struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l; l = l->next)
        meet(l, l->state, l->local_port, 0);
    for (const struct tcp_pcb *p = tcp_active_pcbs; p; p = p->next)
        meet(p, p->state, p->local_port, p->remote_port);
    for (const struct tcp_pcb *p = tcp_tw_pcbs; p; p = p->next)
        meet(p, p->state, p->local_port, p->remote_port);
    for (struct end *end = ends; end < ends + MOST; end++)
        if (end->block && !end->there) {
            move(end, CLOSED);
            end->block = NULL;
        }
}
