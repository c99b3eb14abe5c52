/* What the state diagram shows of a connection, segment by segment.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagram.h"

#include "sentences.h"

static void name_sockets(struct tour *t, const struct account *a)
{
    struct draft host, text;
    for (unsigned end = 0; end < 2; end++) {
        a->write_host(draft_begin(&host), a->host[end]);
        say_diagram_socket(draft_begin(&text), host.text, a->port[end]);
        draft_copy(&text, t->socket[words_role(a->verdict, end)], TOUR_SOCKET_SIZE);
    }
}

static void add_move(struct tour_stage *stage, const struct move *move)
{
    if (move->from != move->to)
        stage->move[stage->moves++] = *move;
}

/* Every step, and what moved an end without a step that has a name: where it begins anew, its old
 * connection went without a segment. */
static void add_moves(const struct tour *t, struct tour_stage *stage, const struct verdict *v,
                      uint32_t frame)
{
    uint8_t at[2];
    for (unsigned end = 0; end < 2; end++) {
        const uint8_t role = (uint8_t)words_role(v, end);
        at[end] = v->end[end].was;
        add_move(stage, &(struct move){frame, role, t->last[role], at[end], SIGNAL_COUNT,
                                       phrase(PHRASE_DIAGRAM_ANEW)});
    }
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        const bool is_arrow = step->why < STEP_RESYNC;
        add_move(stage, &(struct move){frame, (uint8_t)words_role(v, step->end), step->from,
                                       step->to, is_arrow ? step->signal : SIGNAL_COUNT,
                                       is_arrow ? NULL : phrase(PHRASE_DIAGRAM_GUESS)});
        at[step->end] = step->to;
    }
    for (unsigned end = 0; end < 2; end++)
        add_move(stage,
                 &(struct move){frame, (uint8_t)words_role(v, end), at[end], v->end[end].state,
                                SIGNAL_COUNT, phrase(PHRASE_DIAGRAM_AS_FOUND)});
}

static void add_callouts(struct tour *t, struct tour_stage *stage, const struct verdict *v,
                         uint32_t frame)
{
    struct draft finding, text;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!checks_has(&v->checks, i) || check_text(i)->class < VERDICT_INCOMPLETE)
            continue;
        const unsigned number = t->callouts + stage->callouts;
        stage->callout[stage->callouts++] =
            (struct callout){frame, v->end[v->sender].was, check_text(i)->class == VERDICT_ILLEGAL};
        if (number >= TOUR_CALLOUTS_TOLD)
            continue;
        words_finding(draft_begin(&finding), v, i);
        SAY(draft_begin(&text), "#", NUMBER(frame), " ", check_text(i)->name, ". ", finding.text);
        draft_copy(&text, t->told[number], TOUR_TEXT_SIZE);
    }
}

static void begin(struct tour *t, const struct verdict *v)
{
    t->is_begun = true;
    t->number = v->connection;
    for (unsigned end = 0; end < 2; end++)
        t->first[words_role(v, end)] = t->last[words_role(v, end)] = v->end[end].was;
}

void tour_add(struct tour *t, const struct account *a, struct tour_stage *stage)
{
    const struct verdict *v = a->verdict;
    const int64_t wanted = t->is_begun ? t->number : t->wanted;
    stage->moves = stage->callouts = 0;
    if (v->connection >= t->connections)
        t->connections = v->connection + 1;
    if (wanted >= 0 && v->connection != wanted)
        return;
    if (!t->is_begun)
        begin(t, v);
    name_sockets(t, a);
    add_moves(t, stage, v, a->segment->frame);
    add_callouts(t, stage, v, a->segment->frame);
    for (unsigned end = 0; end < 2; end++) {
        t->last[words_role(v, end)] = v->end[end].state;
        t->known[words_role(v, end)] = !words_is_assumed(&v->end[end]);
    }
}
