/* See ladder.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ladder.h"

#include "flags.h"
#include "sentences.h"
#include "words.h"
#include "wrap.h"

#include <string.h>

enum { WINDOW_AT_FIRST = 8192, WSCALE_MAX = 14 }; /* the first as the reader has it; RFC 7323 2.3 */
/* Columns: a number, the time, a state, arrow and segment and arrow, a state, remarks. */
enum { STATE = 13, ARROWS = 10, PAGE = 128 };

static void say_padded(const struct sink *to, wording text, long width)
{
    sink_word(to, text);
    sink_spaces(to, width - (long)strlen(text));
}

static void say_right(const struct sink *to, wording text, long width)
{
    sink_spaces(to, width - (long)strlen(text));
    sink_word(to, text);
}

static wording write_state(struct draft *text, const struct end_view *end)
{
    SAY(draft_begin(text), state_text(end->state)->rfc, words_mark(end));
    return text->text;
}

static long widest(long one, long other)
{
    return one > other ? one : other;
}

/* A column grows with what has to stand in it. */
static void make_room(struct ladder *l, wording number, wording time, wording segment)
{
    l->width.number = widest(l->width.number, (long)strlen(number));
    l->width.time = widest(l->width.time, (long)strlen(time));
    l->width.segment = widest(l->width.segment, (long)strlen(segment));
}

/* Where the states of peer A begin. */
static long margin(const struct ladder *l)
{
    return l->width.number + l->width.time + 4;
}

static long between(const struct ladder *l)
{
    return STATE + ARROWS + l->width.segment;
}

/* ---- what stands above the rows ---- */

/* The states in which the connection begins, where that is known. */
static void say_first_states(const struct ladder *l, const struct account *a)
{
    const struct verdict *v = a->verdict;
    if (v->roles != ROLES_SYN || !segment_is(a->segment, SEG_SYN))
        return;
    sink_spaces(l->to, margin(l));
    say_padded(l->to, state_text(v->end[v->client].was)->rfc, between(l));
    SAY(l->to, state_text(v->end[!v->client].was)->rfc, "\n");
}

static void say_heading(const struct ladder *l, const struct account *a)
{
    const struct verdict *v = a->verdict;
    struct draft client, server;
    a->write_host(draft_begin(&client), a->host[v->client]);
    a->write_host(draft_begin(&server), a->host[!v->client]);
    sink_word(l->to, "\n");
    say_ladder_connection(l->to, v->connection, client.text, a->port[v->client], server.text,
                          a->port[!v->client], words_roles_known_by(v));
    sink_word(l->to, "\n\n");
    say_right(l->to, phrase(PHRASE_LADDER_TIME), margin(l) - 2);
    sink_spaces(l->to, 2);
    say_padded(l->to, phrase(PHRASE_LADDER_PEER_A), between(l));
    SAY(l->to, phrase(PHRASE_LADDER_PEER_B), "\n\n");
    say_first_states(l, a);
}

static void say_legend(const struct ladder *l)
{
    struct draft line;
    SAY(l->to, "  ", phrase(PHRASE_READING_HINDSIGHT), "\n");
    for (wording rest = phrase(PHRASE_LADDER_LEGEND); *rest;) {
        rest = wrap_line(draft_begin(&line), rest, 1, PAGE);
        SAY(l->to, line.text, "\n");
    }
}

static void begin_connection(struct ladder *l, const struct account *a)
{
    make_room(l, "1234", phrase(PHRASE_LADDER_TIME), "<SEQ=0><ACK=0><CTL=SYN,ACK>");
    if (!l->is_begun)
        say_legend(l);
    l->is_begun = true;
    l->number = a->verdict->connection;
    l->client = a->verdict->client;
    l->origin = (struct origin){.is_known = {false}};
    for (unsigned end = 0; end < 2; end++) {
        l->window[end] = WINDOW_AT_FIRST;
        l->is_scaled[end] = false;
        l->wscale[end] = -1;
    }
    l->time = a->segment->time;
    l->lates = 0;
    say_heading(l, a);
}

/* ---- the segment of a row ---- */

/* Where both SYNs were captured and have the option, in octets; otherwise as the header has it, as
 * in a SYN. One in the middle of the connection changes no scale. */
static void say_window(const struct sink *to, struct ladder *l, const struct segment *s,
                       bool is_opening)
{
    if (segment_is(s, SEG_SYN) && is_opening)
        l->wscale[s->from] = s->has & HAS_WSCALE ? s->wscale : -1;
    const int shift = l->wscale[s->from] < WSCALE_MAX ? l->wscale[s->from] : WSCALE_MAX;
    const bool is_scaled = !segment_is(s, SEG_SYN) && shift >= 0 && l->wscale[!s->from] >= 0;
    if ((s->window == l->window[s->from] && is_scaled == l->is_scaled[s->from]) ||
        segment_is(s, SEG_RST))
        return;
    if (is_scaled)
        SAY(to, "<WND=", NUMBER((uint32_t)s->window << shift), ">");
    else
        SAY(to, "<WIN=", NUMBER(s->window), ">");
    l->window[s->from] = s->window;
    l->is_scaled[s->from] = is_scaled;
}

/* Whether a printed ladder has it: only one of exact numbers, or each. */
enum shown { HIDDEN, EXACT, SHOWN };

static bool is_shown(const struct ladder *l, enum shown shown)
{
    return shown == SHOWN || (shown == EXACT && l->exact);
}

static void say_options(const struct sink *to, struct ladder *l, const struct segment *s,
                        bool is_opening)
{
    const unsigned has = s->has & HAS_FAST_COOKIE ? s->has & ~(unsigned)HAS_FAST_OPEN : s->has;
    say_window(to, l, s, is_opening);
#define OPTION(type, member, which, key, shown, section, what)                                     \
    if (has & HAS_##which && is_shown(l, shown))                                                   \
        SAY(to, "<" key "=", NUMBER(s->member), ">");
#define HAS(name, bit, key, shown, section, what)                                                  \
    if (has & HAS_##name && is_shown(l, shown))                                                    \
        sink_word(to, "<" key ">");
#include "tables/segment.def"
}

/* Does the segment come before its sender is open, or tell of a scale for the first time? */
static bool is_opening(const struct ladder *l, const struct account *a)
{
    const unsigned from = a->segment->from;
    return a->verdict->end[from].was < STATE_ESTABLISHED || l->wscale[from] < 0;
}

/* Where it came from, as far as IP tells: what ladders take for granted is not said. */
static void say_origin(const struct sink *to, const struct segment *s)
{
    enum { USUAL_TTL = 64 };
    if (s->ttl && s->ttl != USUAL_TTL)
        SAY(to, "<TTL=", NUMBER(s->ttl), ">");
    if (s->ip_id)
        SAY(to, "<ID=", NUMBER(s->ip_id), ">");
}

/* Of an ICMP error, where in the receiver's own numbers the segment begins that it quotes. */
static void say_segment(const struct sink *to, struct ladder *l, const struct account *a)
{
    const struct segment *s = a->segment;
    if (a->is_icmp)
        SAY(to, "<ICMP=", a->icmp == ICMP_HARD ? "hard" : "soft", ">");
    SAY(to, "<SEQ=", SIGNED(account_seq(a, &l->origin, l->exact)), ">");
    if (a->is_icmp)
        return;
    if (segment_is(s, SEG_ACK) || (l->exact && s->ack))
        SAY(to, "<ACK=", SIGNED(account_ack(a, &l->origin, l->exact)), ">");
    if (s->text)
        SAY(to, "<DATA=", NUMBER(s->text), ">");
    if (l->exact)
        say_origin(to, s);
    say_options(to, l, s, is_opening(l, a));
    sink_word(to, "<CTL=");
    flags_write(to, s, ",", "NONE");
    sink_word(to, ">");
}

/* ---- remarks ---- */

/* As the reader of ladders knows it; NULL: the arrows say it, or there is none. */
static wording fate_remark(unsigned fate)
{
    static const wording remarks[FATE_COUNT] = {
        [FATE_LOST] = "lost",
        [FATE_REFUSED] = "refused",
        [FATE_NOT_ITS_OWN] = "not its own",
        [FATE_NO_FIN] = "no FIN",
    };
    return remarks[fate];
}

static void write_findings(const struct sink *to, const struct verdict *v)
{
    wording separator = "(! ";
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i)) {
            SAY(to, separator, check_text(i)->name);
            separator = ", ";
        }
    sink_word(to, ")");
}

/* Where a row goes on: behind its states, or below its segment where there is no room left. */
struct place {
    long column;
    bool is_below;
};

static void say_remark(const struct ladder *l, struct place *at, const struct draft *remark)
{
    const long length = 1 + (long)remark->length, behind = margin(l) + between(l) + STATE,
               below = margin(l) + STATE + ARROWS / 2 - 1,
               column = at->is_below ? at->column : widest(at->column, behind);
    if (column + length <= PAGE) {
        sink_spaces(l->to, column - at->column);
        at->column = column;
    } else {
        sink_word(l->to, "\n");
        sink_spaces(l->to, below);
        *at = (struct place){.column = below, .is_below = true};
    }
    SAY(l->to, " ", remark->text);
    at->column += length;
}

static void say_remarks(const struct ladder *l, const struct account *a, long column)
{
    const struct verdict *v = a->verdict;
    struct place at = {.column = column};
    struct draft text;
    if (fate_remark(v->fate)) {
        words_fate_mark(draft_begin(&text), v, fate_remark(v->fate));
        say_remark(l, &at, &text);
    }
    if (checks_any(&v->checks)) {
        write_findings(draft_begin(&text), v);
        say_remark(l, &at, &text);
    }
    for (unsigned peer = 0; peer < 2; peer++) {
        const unsigned end = peer ? !l->client : l->client;
        if (a->live[end] == v->end[end].state)
            continue;
        say_ladder_live(draft_begin(&text), peer ? "B" : "A", state_text(a->live[end])->rfc);
        say_remark(l, &at, &text);
    }
    if (v->retransmitted) {
        say_ladder_again(draft_begin(&text), v->retries[v->sender].times);
        say_remark(l, &at, &text);
    }
}

/* ---- rows ---- */

/* One line, whose segment leaves A or comes to it, and comes to B or leaves it, or does not. */
static void say_line(const struct ladder *l, wording a, bool at_a, bool from_a, wording segment,
                     bool at_b, wording b)
{
    const wording arrow = from_a ? "-->" : "<--";
    say_padded(l->to, a, STATE);
    SAY(l->to, " ", at_a ? arrow : "...", " ");
    say_padded(l->to, segment, l->width.segment);
    SAY(l->to, " ", at_b ? arrow : "...", *b ? " " : NULL, b);
}

static struct ladder_late *find_late(struct ladder *l, uint32_t frame)
{
    for (unsigned i = 0; i < l->lates && i < LADDER_LATE_MAX; i++)
        if (l->late[i].frame == frame)
            return &l->late[i];
    return NULL;
}

static void remember_late(struct ladder *l, uint32_t frame, const struct draft *segment)
{
    struct ladder_late *late = &l->late[l->lates++ % LADDER_LATE_MAX];
    late->frame = frame;
    draft_copy(segment, late->text, sizeof late->text);
}

/* What was in flight, and has come before the row's own segment left. */
static void say_arrivals(struct ladder *l, const struct verdict *v)
{
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        struct ladder_late *late = find_late(l, step->frame);
        const bool goes_on = i + 1u < v->steps && v->step[i + 1].frame == step->frame;
        const bool to_a = step->end == l->client;
        const wording state = state_text(step->to)->rfc;
        if (!late || goes_on)
            continue;
        sink_spaces(l->to, margin(l));
        say_line(l, to_a ? state : "", to_a, !to_a, late->text, !to_a, to_a ? "" : state);
        sink_word(l->to, "\n");
        late->frame = 0;
    }
}

void ladder_add(struct ladder *l, const struct account *a)
{
    const struct verdict *v = a->verdict;
    const struct segment *s = a->segment;
    if (l->wanted >= 0 && l->wanted != v->connection)
        return;
    if (!l->is_begun || l->number != v->connection)
        begin_connection(l, a);
    const bool from_a = v->sender == l->client, late = v->fate == FATE_LATE,
               arrives = !late && v->fate != FATE_LOST;
    const wording number = NUMBER(s->frame), time = SECONDS(s->time - l->time, l->exact ? 9 : 6);
    struct draft state_a, state_b, segment;
    say_segment(draft_begin(&segment), l, a);
    make_room(l, number, time, segment.text);
    say_arrivals(l, v);
    say_right(l->to, number, l->width.number);
    sink_word(l->to, ". ");
    say_right(l->to, time, l->width.time);
    sink_word(l->to, "  ");
    say_line(l, write_state(&state_a, &v->end[l->client]), from_a || arrives, from_a, segment.text,
             !from_a || arrives, write_state(&state_b, &v->end[!l->client]));
    say_remarks(l, a, margin(l) + between(l) + (long)state_b.length);
    sink_word(l->to, "\n");
    if (late)
        remember_late(l, s->frame, &segment);
}

static void write_nothing(void *nobody, const char *text, size_t length)
{
    (void)nobody;
    (void)text;
    (void)length;
}

void ladder_measure(struct ladder *l, const struct account *a)
{
    static const struct sink nowhere = {write_nothing, NULL};
    const struct sink *to = l->to;
    l->to = &nowhere;
    ladder_add(l, a);
    l->to = to;
}

void ladder_measured(struct ladder *l)
{
    l->is_begun = false;
}

void ladder_end(struct ladder *l)
{
    if (!l->is_begun)
        SAY(l->to, phrase(l->wanted < 0 ? PHRASE_LADDER_NOTHING : PHRASE_LADDER_NO_SUCH), "\n");
}
