/* See delivered.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "delivered.h"

#include "sentences.h"
#include "words.h"

/* What the functions below have in common. */
struct account_of_text {
    const struct verdict *v;
    const struct outcome *o;
    ending_sentence *tell;
    void *context;
    struct draft text; /* of the sentence that is being made */
};

static const struct sink *begin(struct account_of_text *a)
{
    return draft_begin(&a->text);
}

static void tell(struct account_of_text *a)
{
    if (a->text.length)
        a->tell(a->context, a->text.text);
}

enum closed_by delivered_closed_by(const struct verdict *v, const struct outcome *o)
{
    const unsigned client = o->closed_by >> v->client & 1u,
                   server = o->closed_by >> !v->client & 1u;
    return (enum closed_by)(client | server << 1);
}

wording delivered_closer(enum closed_by by)
{
    static const wording words[] = {
#define CLOSED_BY(id, word) [CLOSED_BY_##id] = word,
#include "closed_by.def"
#undef CLOSED_BY
    };
    return words[by];
}

/* ---- who closed first ---- */

/* Who closed had sent nothing; its peer may have, unseen. */
static void say_unsaid(const struct sink *to, const struct account_of_text *a, enum role closer)
{
    const unsigned end = words_end(a->v, closer);
    const struct delivery *own = &a->o->delivered[end], *other = &a->o->delivered[!end];
    const bool other_sent = !other->is_known || delivery_sent(other);
    if (own->is_known && !delivery_sent(own))
        sink_word(to, phrase(other_sent ? PHRASE_CLOSED_SILENT : PHRASE_CLOSED_UNSAID));
}

/* How long before that nothing more was said; what is at once need not be told. Clients ask and
 * servers answer: what the client said last has no answer, where the server has said nothing since.
 * A server that waits for the next request was not left without one: the connection was idle. */
static void say_silence(const struct sink *to, const struct account_of_text *a, enum role closer)
{
    const int64_t *silent = a->o->silent, client = silent[a->v->client],
                  server = silent[!a->v->client];
    const bool unanswered = client != NEVER_SPOKE && (server == NEVER_SPOKE || client < server);
    const int64_t silence = unanswered ? client : server;
    if (silence == NEVER_SPOKE)
        say_unsaid(to, a, closer);
    else if (silence < NANOSECONDS)
        return;
    else if (!unanswered)
        say_closed_idle(to, BRIEFLY(silence));
    else if (closer == ROLE_CLIENT)
        say_closed_unanswered(to, BRIEFLY(silence));
    else
        say_closed_unanswering(to, BRIEFLY(silence));
}

static void say_closed(struct account_of_text *a)
{
    const struct outcome *o = a->o;
    const enum closed_by by = delivered_closed_by(a->v, o);
    const struct sink *to = begin(a);
    if (by == CLOSED_BY_NOBODY || !o->closed_in || !o->was_open)
        return;
    if (by == CLOSED_BY_BOTH) {
        sink_word(to, phrase(PHRASE_CLOSED_BOTH));
    } else {
        const enum role role = by == CLOSED_BY_CLIENT ? ROLE_CLIENT : ROLE_SERVER;
        say_closed_first(to, words_role_title(role), o->closed_in);
        say_silence(to, a, role);
    }
    sink_word(to, ".");
    tell(a);
}

/* ---- what was delivered ---- */

static bool is_whole(const struct delivery *d)
{
    return d->is_known && !d->unacknowledged && !d->in_vain;
}

/* 4096 octets */
static wording octets(struct draft *text, uint64_t n)
{
    say_octets(draft_begin(text), n, n == 1 ? NULL : "s");
    return text->text;
}

static void say_since(const struct sink *to, const struct account_of_text *a)
{
    const bool whole = a->o->delivered[0].from_start && a->o->delivered[1].from_start;
    SAY(to, a->o->was_reset ? phrase(PHRASE_BEFORE_RESET) : NULL,
        whole ? NULL : phrase(PHRASE_COUNTED_LATE));
}

/* All of one end came. */
static void say_all(const struct sink *to, uint64_t n, wording who)
{
    struct draft sent;
    if (n == 1)
        say_delivered_one(to, who);
    else
        say_delivered_all(to, octets(&sent, n), who);
}

/* Both sentences in one, which is most of them. False: there is more to say. */
static bool say_whole(struct account_of_text *a)
{
    const struct delivery *client = &a->o->delivered[a->v->client],
                          *server = &a->o->delivered[!a->v->client];
    struct draft sent;
    if (!is_whole(client) || !is_whole(server))
        return false;
    const uint64_t first = client->acknowledged, second = server->acknowledged;
    const struct sink *to = begin(a);
    if (!first && !second)
        return true;
    if (first == 1 && second)
        say_delivered_one_and(to, second);
    else if (first && second)
        say_delivered_both(to, octets(&sent, first), second);
    else
        say_all(to, first + second, words_role_name(first ? ROLE_CLIENT : ROLE_SERVER));
    say_since(to, a);
    if (!first || !second)
        say_delivered_none(to, words_role_name(first ? ROLE_SERVER : ROLE_CLIENT));
    sink_word(to, ".");
    tell(a);
    return true;
}

static void say_held(struct account_of_text *a, const struct delivery *d, wording who)
{
    struct draft held;
    const wording octets_held = octets(&held, d->held);
    if (!d->held)
        return;
    if (a->o->was_reset)
        say_delivered_thrown(begin(a), octets_held, who, d->hole);
    else
        say_delivered_held(begin(a), octets_held, who, d->hole);
    tell(a);
}

static void say_in_vain(struct account_of_text *a, const struct delivery *d, enum role role)
{
    const uint64_t late = d->in_vain - d->beyond_fin;
    struct draft sent;
    if (d->beyond_fin) {
        say_delivered_beyond(begin(a), octets(&sent, d->beyond_fin), words_role_name(role));
        tell(a);
    }
    if (late) {
        say_delivered_late(begin(a), octets(&sent, late), words_role_name(role),
                           words_role_name(role == ROLE_CLIENT ? ROLE_SERVER : ROLE_CLIENT));
        tell(a);
    }
}

static void say_one(struct account_of_text *a, enum role role)
{
    const struct delivery *d = &a->o->delivered[words_end(a->v, role)];
    const wording who = words_role_name(role);
    struct draft sent;
    if (!d->is_known || !delivery_sent(d))
        return;
    if (d->acknowledged == delivery_sent(d))
        say_all(begin(a), d->acknowledged, who);
    else if (delivery_sent(d) == 1)
        say_delivered_not(begin(a), who);
    else
        say_delivered_part(begin(a), d->acknowledged, octets(&sent, delivery_sent(d)), who);
    if (d->acknowledged_max > d->acknowledged && delivery_sent(d) == 1)
        sink_word(&a->text.sink, phrase(PHRASE_DELIVERED_UNTOLD));
    else if (d->acknowledged_max > d->acknowledged)
        say_delivered_perhaps(&a->text.sink, d->acknowledged_max - d->acknowledged);
    say_since(&a->text.sink, a);
    sink_word(&a->text.sink, ".");
    tell(a);
    say_held(a, d, who);
    say_in_vain(a, d, role);
}

void delivered_tell(const struct verdict *v, const struct outcome *o, ending_sentence *to,
                    void *context)
{
    struct account_of_text a = {.v = v, .o = o, .tell = to, .context = context};
    say_closed(&a);
    if (!say_whole(&a)) {
        say_one(&a, ROLE_CLIENT);
        say_one(&a, ROLE_SERVER);
    }
    if (o->was_reset && (o->delivered[0].acknowledged || o->delivered[1].acknowledged)) {
        sink_word(begin(&a), phrase(PHRASE_DELIVERED_READ));
        tell(&a);
    }
}
