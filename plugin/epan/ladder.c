/* The ladder: connections in the notation of RFC 9293 section 3.5, which the tests are written in
 * too.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Peer A is the client, a row's number is its frame's. What is printed can be read by
 * tests/ladder.c, so a capture that was told wrong becomes a test by redirecting the output to a
 * file. Sequence numbers are relative to each peer's first; where Wireshark is told to show them as
 * they are, the ladder keeps everything that the core looks at, timestamps and small gaps too. */
#include "compat.h"

#include "command.h"
#include "flags.h"
#include "fsm.h"
#include "kept.h"
#include "ladder.h"
#include "phrases.h"
#include "prefs.h"
#include "tap.h"
#include "words.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <epan/to_str.h>

static const char command[] = "tcpstate,ladder";

/* One connection while it is collected. Lives as long as the listener. */
struct sketch {
    uint32_t number;
    unsigned client;  /* which end is peer A */
    uint32_t base[2]; /* what relative sequence numbers are relative to */
    bool has_base[2];
    uint16_t window[2]; /* last shown */
    int64_t time;       /* of the last row */
    GString *text;
    GHashTable *in_flight; /* what arrives late: frame -> text of the segment */
};

/* The listener. Lives as long as the program, or until tshark has printed it. */
struct ladders {
    int64_t wanted;        /* number of the one connection to show, or -1 for all */
    bool exact;            /* nothing rounded, made relative or left out */
    struct kept *kept;     /* what is to be told */
    GPtrArray *sketches;   /* in the order of their first segments */
    GHashTable *by_number; /* the same ones */
};

enum { WINDOW_AT_FIRST = 8192 }; /* as the reader has it where none is given */
/* Columns; between the states stand two arrows and the segment. */
enum { MARGIN = 7, STATE = 12, SEGMENT = 46, BETWEEN = STATE + SEGMENT + 10 };
static const int64_t ROW_TIME = 10000000, WORTH_SAYING = 100000000; /* nanoseconds */

static void free_sketch(void *data)
{
    struct sketch *sketch = data;
    g_string_free(sketch->text, TRUE);
    g_hash_table_destroy(sketch->in_flight);
    g_free(sketch);
}

static void forget(struct ladders *ladders)
{
    g_hash_table_remove_all(ladders->by_number);
    g_ptr_array_set_size(ladders->sketches, 0);
    ladders->exact = !preferences_stock_bool("relative_sequence_numbers");
}

static void reset(void *data)
{
    forget(data);
    kept_reset(((struct ladders *)data)->kept);
}

static void append_state(GString *to, const struct end_view *end)
{
    g_string_append_printf(to, "%s%s", state_text(end->state)->rfc,
                           words_is_assumed(end) ? "?" : "");
}

/* Who they are, and the states in which the connection begins where that is known. */
static void append_heading(struct sketch *sketch, const struct tcpstate_tap_info *info)
{
    const struct verdict *v = &info->recorded.verdict;
    const bool from_client = v->sender == v->client;
    const address *a = from_client ? &info->src : &info->dst,
                  *b = from_client ? &info->dst : &info->src;
    char *addresses[2] = {address_to_str(NULL, a), address_to_str(NULL, b)};
    g_string_append_printf(sketch->text,
                           "  Connection %u: client %s port %u, server %s port %u (known by: "
                           "%s).\n\n%*s%-*sTCP Peer B\n\n",
                           sketch->number, addresses[0],
                           from_client ? info->srcport : info->dstport, addresses[1],
                           from_client ? info->dstport : info->srcport, words_roles_known_by(v),
                           MARGIN, "", BETWEEN, "TCP Peer A");
    if (v->roles == ROLES_SYN && segment_is(&info->segment, SEG_SYN))
        g_string_append_printf(sketch->text, "%*s%-*s%s\n", MARGIN, "", BETWEEN,
                               state_text(v->end[v->client].was)->rfc,
                               state_text(v->end[!v->client].was)->rfc);
    for (unsigned i = 0; i < 2; i++)
        wmem_free(NULL, addresses[i]);
}

static struct sketch *new_sketch(struct ladders *ladders, const struct tcpstate_tap_info *info)
{
    struct sketch *sketch = g_new0(struct sketch, 1);
    sketch->number = info->recorded.verdict.connection;
    sketch->client = info->recorded.verdict.client;
    sketch->text = g_string_new(NULL);
    sketch->in_flight = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    sketch->window[0] = sketch->window[1] = WINDOW_AT_FIRST;
    sketch->time = info->segment.time - ROW_TIME;
    append_heading(sketch, info);
    g_ptr_array_add(ladders->sketches, sketch);
    g_hash_table_insert(ladders->by_number, GUINT_TO_POINTER(sketch->number), sketch);
    return sketch;
}

static struct sketch *find_sketch(struct ladders *ladders, const struct tcpstate_tap_info *info)
{
    struct sketch *known = g_hash_table_lookup(ladders->by_number,
                                               GUINT_TO_POINTER(info->recorded.verdict.connection));
    return known ? known : new_sketch(ladders, info);
}

/* A number of `end`, counted from its first; the peer's first ACK may tell it before its first SYN.
 */
static uint32_t number(const struct ladders *ladders, struct sketch *sketch, unsigned end,
                       uint32_t n, uint32_t first)
{
    if (!sketch->has_base[end]) {
        sketch->has_base[end] = true;
        sketch->base[end] = ladders->exact ? 0 : first;
    }
    return n - sketch->base[end];
}

static void append_flags(GString *to, const struct segment *s)
{
    const size_t before = to->len;
    g_string_append(to, "<CTL=");
    flags_append(to, s, ",");
    g_string_append(to, to->len == before + strlen("<CTL=") ? "NONE>" : ">");
}

static void append_options(GString *to, const struct ladders *ladders, struct sketch *sketch,
                           const struct segment *s)
{
    if (s->window != sketch->window[s->from] && !segment_is(s, SEG_RST)) {
        g_string_append_printf(to, "<WIN=%u>", s->window);
        sketch->window[s->from] = s->window;
    }
    if (s->has & HAS_WSCALE)
        g_string_append_printf(to, "<WS=%u>", s->wscale);
    if (ladders->exact && s->has & HAS_MSS)
        g_string_append_printf(to, "<MSS=%u>", s->mss);
    if (ladders->exact && s->has & HAS_TIMESTAMPS)
        g_string_append_printf(to, "<TSVAL=%u><TSECR=%u>", s->tsval, s->tsecr);
    if (s->has & HAS_FAST_OPEN)
        g_string_append(to, s->has & HAS_FAST_COOKIE ? "<COOKIE>" : "<TFO>");
    if (s->has & HAS_FAST_CLOSE)
        g_string_append(to, "<FASTCLOSE>");
    if (s->has & HAS_BAD_CHECKSUM)
        g_string_append(to, "<BADSUM>");
    if (s->has & HAS_BAD_HEADER)
        g_string_append(to, "<BADHEADER>");
}

/* The error, and where in the receiver's own numbers the segment begins that it quotes. */
static GString *icmp_text(const struct ladders *ladders, struct sketch *sketch,
                          const struct tcpstate_tap_info *info)
{
    const uint32_t quoted = info->segment.seq;
    GString *text = g_string_new(NULL);
    g_string_printf(text, "<ICMP=%s><SEQ=%u>", info->icmp == ICMP_HARD ? "hard" : "soft",
                    number(ladders, sketch, !info->segment.from, quoted, quoted));
    return text;
}

static GString *segment_text(const struct ladders *ladders, struct sketch *sketch,
                             const struct segment *s)
{
    GString *text = g_string_new(NULL);
    const bool syn = segment_is(s, SEG_SYN);
    if (segment_is(s, SEG_RST) && !sketch->has_base[s->from])
        g_string_append_printf(text, "<SEQ=%u>", s->seq); /* made up for the receiver */
    else
        g_string_append_printf(text, "<SEQ=%u>",
                               number(ladders, sketch, s->from, s->seq, s->seq - (syn ? 0 : 1)));
    if (segment_is(s, SEG_ACK) || (ladders->exact && s->ack))
        g_string_append_printf(text, "<ACK=%u>",
                               number(ladders, sketch, !s->from, s->ack, s->ack - 1));
    if (s->text)
        g_string_append_printf(text, "<DATA=%u>", s->text);
    append_options(text, ladders, sketch, s);
    append_flags(text, s);
    return text;
}

/* With a point in every country: the reader of ladders knows no other. */
static void append_wait(GString *to, int64_t wait, bool exact)
{
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    if (exact ? wait == 0 : wait <= WORTH_SAYING)
        return;
    g_ascii_formatd(seconds, sizeof seconds, exact ? "%.9f" : "%.3g", (double)wait / 1e9);
    g_string_append_printf(to, " (after %s s)", seconds);
}

/* In a remark, as the reader of ladders knows it; NULL: the arrows say it, or there is none. */
static const char *fate_remark(const struct verdict *v)
{
    static const char *const remarks[FATE_COUNT] = {[FATE_LOST] = "lost",
                                                    [FATE_REFUSED] = "refused",
                                                    [FATE_NOT_ITS_OWN] = "not its own",
                                                    [FATE_NO_FIN] = "no FIN"};
    return remarks[v->fate];
}

/* Where an end was thought to be when the segment came. */
static void append_live(GString *to, const struct sketch *sketch, const struct recorded *r)
{
    for (unsigned peer = 0; peer < 2; peer++) {
        const unsigned end = peer ? !sketch->client : sketch->client;
        if (r->live[end] != r->verdict.end[end].state)
            g_string_append_printf(to, " (live %c %s)", 'A' + (int)peer,
                                   state_text(r->live[end])->rfc);
    }
}

static void append_remarks(GString *to, const struct sketch *sketch, const struct recorded *r,
                           int64_t gap, bool exact)
{
    const struct verdict *v = &r->verdict;
    const char *separator = " (! ";
    if (fate_remark(v))
        g_string_append_printf(to, " (%s)", fate_remark(v));
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i)) {
            g_string_append_printf(to, "%s%s", separator, check_text(i)->name);
            separator = ", ";
        }
    if (*separator == ',')
        g_string_append_c(to, ')');
    append_live(to, sketch, r);
    if (v->again)
        g_string_append_printf(to, " (again %u)", v->retries[v->sender].times);
    append_wait(to, gap - ROW_TIME, exact);
}

/* One line, whose segment leaves A or comes to it, and comes to B or leaves it, or does not. */
static void append_line(GString *to, const char *number, const char *a, bool at_a, bool from_a,
                        const char *segment, bool at_b, const char *b)
{
    const char *arrow = from_a ? "-->" : "<--";
    g_string_append_printf(to, "%6s %-*s %s %-*s %s %s", number, STATE, a, at_a ? arrow : "...",
                           SEGMENT, segment, at_b ? arrow : "...", b);
}

/* What was in flight, and has come before the row's own segment left. */
static void append_arrivals(struct sketch *sketch, const struct verdict *v)
{
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        char *segment = g_hash_table_lookup(sketch->in_flight, GUINT_TO_POINTER(step->frame));
        const bool goes_on = i + 1u < v->steps && v->step[i + 1].frame == step->frame;
        const bool to_a = step->end == sketch->client;
        const char *state = state_text(step->to)->rfc;
        if (!segment || goes_on)
            continue;
        append_line(sketch->text, "", to_a ? state : "", to_a, !to_a, segment, !to_a,
                    to_a ? "" : state);
        g_string_append_c(sketch->text, '\n');
        g_hash_table_remove(sketch->in_flight, GUINT_TO_POINTER(step->frame));
    }
}

static void append_row(const struct ladders *ladders, struct sketch *sketch,
                       const struct tcpstate_tap_info *info)
{
    const struct verdict *v = &info->recorded.verdict;
    const struct segment *s = &info->segment;
    const bool from_a = s->from == sketch->client, late = v->fate == FATE_LATE,
               arrives = !late && v->fate != FATE_LOST;
    GString *a = g_string_new(NULL), *b = g_string_new(NULL),
            *middle =
                info->is_icmp ? icmp_text(ladders, sketch, info) : segment_text(ladders, sketch, s);
    char number[16];
    append_arrivals(sketch, v);
    g_snprintf(number, sizeof number, "%4u. ", s->frame);
    append_state(a, &v->end[sketch->client]);
    append_state(b, &v->end[!sketch->client]);
    append_line(sketch->text, number, a->str, from_a || arrives, from_a, middle->str,
                !from_a || arrives, b->str);
    append_remarks(sketch->text, sketch, &info->recorded, s->time - sketch->time, ladders->exact);
    g_string_append_c(sketch->text, '\n');
    if (late)
        g_hash_table_insert(sketch->in_flight, GUINT_TO_POINTER(s->frame), g_strdup(middle->str));
    sketch->time = s->time;
    g_string_free(a, TRUE);
    g_string_free(b, TRUE);
    g_string_free(middle, TRUE);
}

static void tell(void *data, wmem_allocator_t *pool _U_, const struct tcpstate_tap_info *info,
                 int64_t unused _U_)
{
    struct ladders *ladders = data;
    if (ladders->wanted < 0 || ladders->wanted == info->recorded.verdict.connection)
        append_row(ladders, find_sketch(ladders, info), info);
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    kept_add(((struct ladders *)data)->kept, tapped, 0);
    return TAP_PACKET_REDRAW;
}

static void draw(void *data)
{
    struct ladders *ladders = data;
    forget(ladders);
    kept_each(ladders->kept, tell, ladders);
    if (ladders->sketches->len)
        printf("  %s\n  %s\n", phrase(PHRASE_READING_HINDSIGHT), phrase(PHRASE_LADDER_LEGEND));
    for (unsigned i = 0; i < ladders->sketches->len; i++) {
        const struct sketch *sketch = g_ptr_array_index(ladders->sketches, i);
        printf("\n%s", sketch->text->str);
    }
    if (!ladders->sketches->len)
        printf("%s\n", phrase(ladders->wanted < 0 ? PHRASE_LADDER_NOTHING : PHRASE_LADDER_NO_SUCH));
}

static void finish(void *data)
{
    struct ladders *ladders = data;
    g_hash_table_destroy(ladders->by_number);
    g_ptr_array_free(ladders->sketches, TRUE);
    kept_free(ladders->kept);
    g_free(ladders);
}

/* `argument` is all of `tcpstate,ladder[,N]`. */
static compat_started start(const char *argument, void *userdata _U_)
{
    struct ladders *ladders = g_new0(struct ladders, 1);
    const char *number = argument + strlen(command);
    ladders->wanted = *number == ',' ? command_number(number + 1) : -1;
    if (*number && ladders->wanted < 0)
        command_fail(command, phrase(PHRASE_LADDER_NUMBER));
    ladders->kept = kept_new();
    ladders->sketches = g_ptr_array_new_with_free_func(free_sketch);
    ladders->by_number = g_hash_table_new(g_direct_hash, g_direct_equal);
    reset(ladders);
    GString *error = register_tap_listener("tcpstate", ladders, NULL, TL_REQUIRES_NOTHING, reset,
                                           packet, draw, finish);
    if (error)
        command_fail(command, error->str);
    COMPAT_RETURN_STARTED;
}

void ladder_register(void)
{
    static stat_tap_ui ui = {
        .group = REGISTER_STAT_GROUP_GENERIC, .cli_string = command, .tap_init_cb = start};
    register_stat_tap_ui(&ui, NULL);
}
