/* What a connection did since it was settled last, so that it can be told anew: the segments, and
 * the fate of each as far as it is known.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A segment is assumed to have arrived at once. Where a later one shows that it did not
 * (stories.def), its fate is noted here, and the machine runs again from the start of the episode
 * along what is known now. Nothing is ever taken back in any other way. Where both ends are settled
 * the episode ends: nothing that comes later can speak against what came before. */
#ifndef TCPSTATE_HISTORY_H
#define TCPSTATE_HISTORY_H

#include "connection.h"
#include "end/outcome.h"
#include "moment.h"

/* Where an episode is longer another one begins: what the first has told is then final. */
enum { EPISODE_MAX = 128 };

/* What a later frame shows of an earlier one. */
enum clue {
    CLUE_NONE,
    /* Of its arrival. */
    CLUE_CAME,       /* it came after all */
    CLUE_NOT_YET,    /* it had not come when this one was sent */
    CLUE_UNANSWERED, /* it was sent again, or nothing ever answered it: most likely it never came */
    CLUE_FUTILE,     /* it came, and its receiver had no connection for it */
    /* Of what it is. */
    CLUE_STRANGER,  /* not its supposed sender's */
    CLUE_ITS_OWN,   /* ... but it is, whatever speaks against it */
    CLUE_NO_FIN,    /* what looked like the ACK of a FIN that nobody saw was of text */
    CLUE_OPENS,     /* a SYN inside a connection that its receiver took after all */
    CLUE_REFUSED,   /* a SYN that was taken to open a connection, and did not */
    CLUE_CROSSED,   /* a SYN whose receiver opened itself before it came */
    CLUE_HALF_OPEN, /* a SYN whose receiver still holds an older connection */
    CLUE_WRONG_ACK, /* it acknowledges what was never sent */
    CLUE_TOO_SOON,  /* it acknowledges an octet that its owner sends only now */
    CLUE_SWAPPED,   /* the capture has it before this one, which it answers */
    CLUE_OVERTAKEN, /* it left before its sender's SYN, which the capture has before it */
};

/* What is known of a segment, where it is not that it is its sender's own and arrived at once. */
struct segment_fate {
    uint32_t first,
        until;       /* frames, the first and the last of CLUE_NOT_YET or CLUE_SWAPPED, or 0 */
    uint32_t proved; /* the frame of CLUE_CAME, or 0 */
    uint32_t shown;  /* the frame that shows what is known, or 0 */
    uint8_t way;     /* enum clue: of its arrival, or CLUE_NONE */
    uint8_t origin;  /* enum clue: of what it is, or CLUE_NONE */
    bool at_end;     /* only silence until the end of the file speaks for it */
};

/* One segment, or one ICMP error about one. */
struct event {
    struct segment segment;
    struct segment_fate fate;
    uint32_t about;  /* the frame that this one shows something of, or 0 */
    uint32_t number; /* of the connection that it has opened, plus 1; 0: none */
    uint32_t tag;    /* the caller's (struct host) */
    uint8_t icmp;    /* 0, or 1 + enum icmp_error */
    bool dates;      /* it is the `until` of another */
    bool ignored;    /* it moves nobody, late or not */
    bool answered;   /* a RST answers it */
    bool alien;      /* it may be its sender's all the same, as the next one may show */
};

/* Per pair of sockets; zeroed before the first segment, owned by the caller. */
struct history {
    struct connection now, start;  /* after the last segment; before the first of the episode */
    struct event *event;           /* the episode: memory of the caller's */
    uint32_t number, start_number; /* of the connection, plus 1, now and at the start */
    uint32_t credit;               /* so many events may still be run again */
    uint32_t awake[2];             /* until this frame TIME_WAIT of the end had not run out */
    int64_t reach[2];              /* the shortest time to answer that was ever learnt of the end */
    struct {
        uint32_t frame;
        uint8_t finding, showing; /* enum check, or 0 */
    } amends;                     /* what the last segment shows of an earlier one */
    uint16_t count;               /* of events */
    uint8_t shown[2];             /* the states that the last live verdict showed */
    bool notes;                   /* something was noted in this episode */
    bool news;                    /* ... and in this run */
    bool deaf;                    /* nothing more is noted */
    bool closed;                  /* the end of the file has told something */
};

/* What the caller of the core lends it for all connections of a capture. */
struct host {
    const struct rules *rules;
    uint32_t numbers; /* of connections, given out so far */
    /* Write down what a segment did, as far as is known now (hindsight). `e` is NULL for one that
     * has no part in an episode; `first` where the episode begins with it. e->tag is 0 for the one
     * that is being observed, otherwise what was returned for an earlier one, which did something
     * else than was said then. */
    uint32_t (*write)(void *context, const struct event *e, bool first, const struct verdict *v);
    /* The next connection of the same sockets opens: how this one ended, as far as is known now;
     * the last call counts. NULL: nobody asks. */
    void (*ended)(void *context, uint32_t connection, const struct outcome *o);
    void *context;
};

/* A segment was captured. Fills all of `v`: what is known at once (live). The caller sees to it
 * that `h->event` has room for h->count + 1 events. */
void history_observe(struct history *h, struct host *host, const struct segment *s,
                     struct verdict *v);

/* An ICMP error quotes a segment (connection.h). */
void history_icmp(struct history *h, struct host *host, const struct segment *s,
                  enum icmp_error error, struct verdict *v);

/* Nothing more is captured before `end`: what silence tells. */
void history_close(struct history *h, struct host *host, int64_t end);

/* This segment shows `clue` of the one in `frame`. False: it is known, or too long ago, or nobody
 * keeps it; then nothing is told anew. */
bool history_note(struct moment *m, uint32_t frame, enum clue clue);

/* TIME_WAIT of this end had not run out when the segment was sent. False: as above. */
bool history_stays_awake(struct moment *m, unsigned end);

/* Was something noted since the moment began? Then the rest of it is moot. */
static inline bool history_has_news(const struct moment *m)
{
    return m->history && m->history->news;
}

/* How the connection stands that the pair is in now, its number in `connection`. False: in none. */
bool history_outcome(const struct history *h, int64_t now, uint32_t *connection, struct outcome *o);

/* The segment in `frame`, or NULL: there is none, or nobody keeps it. */
struct event *history_search(const struct history *h, uint32_t frame);
static inline struct event *history_find(const struct history *h, uint32_t frame)
{
    return h && frame ? history_search(h, frame) : NULL;
}

#endif
