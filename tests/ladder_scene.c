/* The scene of a ladder: label rows before the first segment say where the peers stand, and are not
 * something to check. What led there is made up, as rows of its own.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder_reader.h"

#include <ctype.h>
#include <string.h>

/* How two peers come into a pair of states: A's moves in capitals, B's in small letters; S SYN,
 * Y SYN,ACK, A ACK, F FIN,ACK. */
static const struct {
    state_set a, b;
    const char *moves;
} preludes[] = {
    {ESTABLISHED, ESTABLISHED, "SyA"}, {CLOSED, ESTABLISHED, "SyA"},
    {ESTABLISHED, CLOSED, "SyA"},      {SYN_SENT, SYN_RCVD, "S"},
    {ESTABLISHED, SYN_RCVD, "Sy"},     {FIN_WAIT_1, CLOSE_WAIT, "SyAF"},
    {FIN_WAIT_2, CLOSE_WAIT, "SyAFa"}, {CLOSE_WAIT, FIN_WAIT_1, "SyAf"},
    {CLOSE_WAIT, FIN_WAIT_2, "SyAfA"}, {TIME_WAIT, LAST_ACK, "SyAFaf"},
    {LAST_ACK, TIME_WAIT, "SyAfAF"},   {TIME_WAIT, CLOSED, "SyAFafA"},
    {CLOSED, TIME_WAIT, "SyAfAFa"},
};

static unsigned count_numbered(const char *moves, bool b)
{
    unsigned n = 0;
    for (; *moves; moves++)
        n += (islower((unsigned char)*moves) != 0) == b && !strchr("Aa", *moves);
    return n;
}

static void add_move(struct reader *r, char move, uint32_t next[2])
{
    struct ladder_row *row = ladder_new_row(r);
    if (!row)
        return;
    struct segment *s = &row->segment;
    const bool b = islower((unsigned char)move) != 0;
    const char kind = (char)toupper((unsigned char)move);
    row->has_segment = row->departs = row->arrives = row->captured = true;
    s->from = b;
    s->seq = next[b];
    s->flags = kind == 'S'   ? SEG_SYN
               : kind == 'Y' ? SEG_SYN | SEG_ACK
               : kind == 'F' ? SEG_FIN | SEG_ACK
                             : SEG_ACK;
    s->ack = segment_is(s, SEG_ACK) ? next[!b] : 0;
    next[b] = segment_end(s);
}

/* The first sequence number of a peer: as a remark gives it, or from the first segment. */
static uint32_t first_number(const struct reader *r, int peer)
{
    const struct ladder *l = r->ladder;
    if (r->knows_send[peer])
        return r->send[peer];
    for (unsigned i = 0; i < l->count; i++)
        if (l->row[i].has_segment && l->row[i].segment.from == peer)
            return l->row[i].segment.seq;
        else if (l->row[i].has_segment && segment_is(&l->row[i].segment, SEG_ACK))
            return l->row[i].segment.ack;
    return 0;
}

static void make_prelude(struct reader *r)
{
    struct ladder *l = r->ladder;
    const unsigned own = l->count;
    for (size_t i = 0; i < sizeof preludes / sizeof *preludes; i++) {
        if (preludes[i].a != r->start[0] || preludes[i].b != r->start[1])
            continue;
        uint32_t next[2];
        for (int p = 0; p < 2; p++)
            next[p] = first_number(r, p) - count_numbered(preludes[i].moves, p);
        for (const char *m = preludes[i].moves; *m; m++)
            add_move(r, *m, next);
    }
    l->prelude = l->count - own;
    for (unsigned k = 0; k < l->prelude; k++) { /* the scene was added last, and comes first */
        const struct ladder_row last = l->row[l->count - 1];
        memmove(&l->row[1], &l->row[0], (l->count - 1) * sizeof *l->row);
        l->row[0] = last;
    }
}

void ladder_take_scene(struct reader *r)
{
    struct ladder *l = r->ladder;
    unsigned scene = 0;
    for (; scene < l->count && !l->row[scene].has_segment; scene++)
        for (int p = 0; p < 2; p++)
            if (l->row[scene].peer[p].state)
                r->start[p] = (state_set)(1u << l->row[scene].peer[p].state);
    memmove(&l->row[0], &l->row[scene], (l->count - scene) * sizeof *l->row);
    l->count -= scene;
    if (!l->is_printed) /* it has all that was captured */
        make_prelude(r);
}
