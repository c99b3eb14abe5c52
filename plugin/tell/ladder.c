/* See ladder.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ladder.h"

#include "flags.h"
#include "sentences.h"
#include "words.h"

#include <string.h>

enum { WINDOW_AT_FIRST = 8192 }; /* as the reader has it where none is given */
/* Columns; between the states stand two arrows and the segment. */
enum { MARGIN = 7, STATE = 12, SEGMENT = 46, BETWEEN = STATE + SEGMENT + 10 };
static const int64_t ROW_TIME = NANOSECONDS / 100, WORTH_SAYING = NANOSECONDS / 10;

static void say_padded(const struct sink *to, wording text, long width)
{
    sink_word(to, text);
    sink_spaces(to, width - (long)strlen(text));
}

static wording write_state(struct draft *text, const struct end_view *end)
{
    SAY(draft_begin(text), state_text(end->state)->rfc, words_mark(end));
    return text->text;
}

/* ---- what stands above the rows ---- */

/* The states in which the connection begins, where that is known. */
static void say_first_states(const struct sink *to, const struct account *a)
{
    const struct verdict *v = a->verdict;
    if (v->roles != ROLES_SYN || !segment_is(a->segment, SEG_SYN))
        return;
    sink_spaces(to, MARGIN);
    say_padded(to, state_text(v->end[v->client].was)->rfc, BETWEEN);
    SAY(to, state_text(v->end[!v->client].was)->rfc, "\n");
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
    sink_spaces(l->to, MARGIN);
    say_padded(l->to, phrase(PHRASE_LADDER_PEER_A), BETWEEN);
    SAY(l->to, phrase(PHRASE_LADDER_PEER_B), "\n\n");
    say_first_states(l->to, a);
}

static void begin_connection(struct ladder *l, const struct account *a)
{
    if (!l->is_begun)
        SAY(l->to, "  ", phrase(PHRASE_READING_HINDSIGHT), "\n  ", phrase(PHRASE_LADDER_LEGEND),
            "\n");
    l->is_begun = true;
    l->number = a->verdict->connection;
    l->client = a->verdict->client;
    l->origin = (struct origin){.is_known = {false}};
    l->window[0] = l->window[1] = WINDOW_AT_FIRST;
    l->time = a->segment->time - ROW_TIME;
    l->lates = 0;
    say_heading(l, a);
}

/* ---- the segment of a row ---- */

static void say_options(const struct sink *to, struct ladder *l, const struct segment *s)
{
    if (s->window != l->window[s->from] && !segment_is(s, SEG_RST)) {
        SAY(to, "<WIN=", NUMBER(s->window), ">");
        l->window[s->from] = s->window;
    }
    if (s->has & HAS_WSCALE)
        SAY(to, "<WS=", NUMBER(s->wscale), ">");
    if (l->exact && s->has & HAS_MSS)
        SAY(to, "<MSS=", NUMBER(s->mss), ">");
    if (l->exact && s->has & HAS_TIMESTAMPS)
        SAY(to, "<TSVAL=", NUMBER(s->tsval), "><TSECR=", NUMBER(s->tsecr), ">");
    if (s->has & HAS_FAST_OPEN)
        sink_word(to, s->has & HAS_FAST_COOKIE ? "<COOKIE>" : "<TFO>");
    if (s->has & HAS_FAST_CLOSE)
        sink_word(to, "<FASTCLOSE>");
    if (s->has & HAS_BAD_CHECKSUM)
        sink_word(to, "<BADSUM>");
    if (s->has & HAS_BAD_HEADER)
        sink_word(to, "<BADHEADER>");
}

/* Of an ICMP error, where in the receiver's own numbers the segment begins that it quotes. */
static void say_segment(const struct sink *to, struct ladder *l, const struct account *a)
{
    const struct segment *s = a->segment;
    if (a->is_icmp)
        SAY(to, "<ICMP=", a->icmp == ICMP_HARD ? "hard" : "soft", ">");
    SAY(to, "<SEQ=", NUMBER(account_seq(a, &l->origin, l->exact)), ">");
    if (a->is_icmp)
        return;
    if (segment_is(s, SEG_ACK) || (l->exact && s->ack))
        SAY(to, "<ACK=", NUMBER(account_ack(a, &l->origin, l->exact)), ">");
    if (s->text)
        SAY(to, "<DATA=", NUMBER(s->text), ">");
    say_options(to, l, s);
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

/* Where an end was thought to be when the segment came. */
static void say_live(const struct ladder *l, const struct account *a)
{
    for (unsigned peer = 0; peer < 2; peer++) {
        const unsigned end = peer ? !l->client : l->client;
        if (a->live[end] != a->verdict->end[end].state)
            say_ladder_live(l->to, peer ? "B" : "A", state_text(a->live[end])->rfc);
    }
}

static void say_remarks(const struct ladder *l, const struct account *a)
{
    const struct verdict *v = a->verdict;
    const int64_t wait = a->segment->time - l->time - ROW_TIME;
    wording separator = " (! ";
    if (fate_remark(v->fate))
        SAY(l->to, " (", fate_remark(v->fate), ")");
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i)) {
            SAY(l->to, separator, check_text(i)->name);
            separator = ", ";
        }
    if (checks_any(&v->checks))
        sink_word(l->to, ")");
    say_live(l, a);
    if (v->again)
        say_ladder_again(l->to, v->retries[v->sender].times);
    if (l->exact ? wait != 0 : wait > WORTH_SAYING)
        say_ladder_after(l->to, l->exact ? SECONDS(wait, 9) : BRIEFLY(wait));
}

/* ---- rows ---- */

/* One line, whose segment leaves A or comes to it, and comes to B or leaves it, or does not. */
static void say_line(const struct ladder *l, wording a, bool at_a, bool from_a, wording segment,
                     bool at_b, wording b)
{
    const wording arrow = from_a ? "-->" : "<--";
    sink_word(l->to, " ");
    say_padded(l->to, a, STATE);
    SAY(l->to, " ", at_a ? arrow : "...", " ");
    say_padded(l->to, segment, SEGMENT);
    SAY(l->to, " ", at_b ? arrow : "...", " ", b);
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
        sink_spaces(l->to, MARGIN - 1);
        say_line(l, to_a ? state : "", to_a, !to_a, late->text, !to_a, to_a ? "" : state);
        sink_word(l->to, "\n");
        late->frame = 0;
    }
}

static void say_number(const struct sink *to, uint32_t frame)
{
    const wording number = NUMBER(frame);
    sink_spaces(to, 4 - (long)strlen(number));
    SAY(to, number, ". ");
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
    struct draft state_a, state_b, segment;
    say_segment(draft_begin(&segment), l, a);
    say_arrivals(l, v);
    say_number(l->to, s->frame);
    say_line(l, write_state(&state_a, &v->end[l->client]), from_a || arrives, from_a, segment.text,
             !from_a || arrives, write_state(&state_b, &v->end[!l->client]));
    say_remarks(l, a);
    sink_word(l->to, "\n");
    if (late)
        remember_late(l, s->frame, &segment);
    l->time = s->time;
}

void ladder_end(struct ladder *l)
{
    if (!l->is_begun)
        SAY(l->to, phrase(l->wanted < 0 ? PHRASE_LADDER_NOTHING : PHRASE_LADDER_NO_SUCH), "\n");
}
