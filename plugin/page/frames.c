/* A line of JSON for each segment of a connection: what the views in text say of it, apart.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"
#include "flags.h"
#include "json.h"
#include "number.h"
#include "out.h"
#include "page.h"
#include "sentences.h"
#include "words.h"

static void write_states(struct json *j, const char *key, state_set set)
{
    json_open(j, key, "[");
    for (unsigned state = 0; state < STATE_COUNT; state++)
        if (set & 1u << state)
            json_text(j, NULL, state_text(state)->name);
    json_close(j, "]");
}

/* Where an end is after the segment, and where it seemed to be when that came. */
static void write_end(struct json *j, const struct account *a, enum role role)
{
    const unsigned end = words_end(a->verdict, role);
    const struct end_view *view = &a->verdict->end[end];
    json_open(j, words_role_name(role), "{");
    json_bool(j, "assumed", words_is_assumed(view));
    json_text(j, "live", state_text(a->live[end])->name);
    json_bool(j, "moved", words_has_moved(a->verdict, end));
    write_states(j, "possible", view->possible);
    json_text(j, "state", state_text(view->state)->name);
    json_close(j, "}");
}

static void write_findings(struct json *j, const struct verdict *v)
{
    static const wording severities[] = {"chat", "note", "warning", "error"};
    uint8_t order[CHECK_COUNT];
    struct draft text;
    const unsigned count = checks_by_severity(&v->checks, order);
    json_open(j, "findings", "[");
    for (unsigned i = 0; i < count; i++) {
        json_open(j, NULL, "{");
        json_text(j, "name", check_text(order[i])->name);
        words_finding(draft_begin(&text), v, order[i]);
        json_text(j, "says", text.text);
        json_text(j, "severity", severities[check_text(order[i])->severity]);
        json_close(j, "}");
    }
    json_close(j, "]");
}

static void write_moves(struct json *j, const struct verdict *v)
{
    struct draft text, because;
    json_open(j, "moves", "[");
    for (unsigned i = 0; i < v->steps; i++) {
        words_because(draft_begin(&because), v, &v->step[i]);
        words_moved(draft_begin(&text), v, &v->step[i], because.text);
        json_text(j, NULL, text.text);
    }
    json_close(j, "]");
}

static void write_segment(struct json *j, const struct account *a, struct origin *origin)
{
    const struct segment *s = a->segment;
    struct draft text;
    flags_write_all(draft_begin(&text), s, phrase(PHRASE_NO_FLAGS));
    json_text(j, "flags", a->is_icmp ? "ICMP" : text.text);
    json_number(j, "seq", SIGNED(account_seq(a, origin, false)));
    if (!a->is_icmp && segment_is(s, SEG_ACK))
        json_number(j, "ack", SIGNED(account_ack(a, origin, false)));
    if (!a->is_icmp)
        json_number(j, "octets", NUMBER(s->text));
}

static void write_fate(struct json *j, const struct verdict *v)
{
    struct draft text;
    if (!v->fate)
        return;
    words_fate(draft_begin(&text), v);
    json_text(j, "fate", text.text);
}

/* Which segments are wanted, and how far it has come. */
struct wanted {
    struct origin origin;
    uint32_t first, end, place;
};

/* Numbers count from the first of the connection, wanted or not. */
static bool is_wanted(struct wanted *wanted, const struct account *a)
{
    account_seq(a, &wanted->origin, false);
    if (!a->is_icmp && segment_is(a->segment, SEG_ACK))
        account_ack(a, &wanted->origin, false);
    const uint32_t place = wanted->place++;
    return place >= wanted->first && place < wanted->end;
}

static void write_frame(void *context, const struct told *told)
{
    struct wanted *wanted = context;
    struct json json = {.to = &out}, *j = &json;
    const struct account *a = &told->account;
    const struct verdict *v = a->verdict;
    if (!is_wanted(wanted, a))
        return;
    json_open(j, NULL, "{");
    json_number(j, "frame", NUMBER(a->segment->frame));
    json_number(j, "time", SECONDS(a->time, 6));
    json_text(j, "from", words_role_name(words_role(v, v->sender)));
    write_segment(j, a, &wanted->origin);
    write_end(j, a, ROLE_CLIENT);
    write_end(j, a, ROLE_SERVER);
    write_fate(j, v);
    write_findings(j, v);
    write_moves(j, v);
    json_text(j, "verdict", words_verdict(v->class));
    json_close(j, "}");
    json_flush(j);
    sink_word(&out, "\n");
}

void page_frames(int32_t connection, uint32_t first, uint32_t count)
{
    struct wanted wanted = {.first = first, .end = first + count};
    capture_each_connection(connection, write_frame, &wanted);
    out_flush();
}

static void write_found(void *unused, const struct told *told)
{
    struct json json = {.to = &out}, *j = &json;
    (void)unused;
    if (!checks_any(&told->account.verdict->checks))
        return;
    json_open(j, NULL, "{");
    json_number(j, "frame", NUMBER(told->account.segment->frame));
    write_findings(j, told->account.verdict);
    json_close(j, "}");
    json_flush(j);
    sink_word(&out, "\n");
}

void page_findings(int32_t connection)
{
    capture_each_connection(connection, write_found, NULL);
    out_flush();
}

static void write_number(void *unused, const struct told *told)
{
    (void)unused;
    SAY(&out, NUMBER(told->account.segment->frame), "\n");
}

void page_order(int32_t connection)
{
    capture_each_connection(connection, write_number, NULL);
    out_flush();
}
