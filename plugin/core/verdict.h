/* What one segment did: the only type that leaves the core.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers and bits only; views turn them into words with fsm.h, checks.h and replies.def.        */
#ifndef TCPSTATE_VERDICT_H
#define TCPSTATE_VERDICT_H

#include "checks.h"
#include "rfc/fsm.h"

#include <stdbool.h>
#include <stdint.h>

/* The four verdicts on a segment, mildest first. */
enum verdict_class {
    VERDICT_LEGAL,
    VERDICT_UNUSUAL,
    VERDICT_INCOMPLETE,
    VERDICT_ILLEGAL,
};

/* How client and server are known, weakest first. */
enum roles {
    ROLES_FIRST,   /* the first segment seen came from the client: a guess */
    ROLES_PORT,    /* by port: a guess */
    ROLES_SYN_ACK, /* the end that sent SYN,ACK is the server */
    ROLES_SYN,     /* the end that sent the SYN is the client */
};

/* Replies that section 3.10.7 has a receiver send (`replies.def`). */
enum reply {
#define REPLY(id, text, cite) id,
#include "tables/replies.def"
#undef REPLY
    REPLY_COUNT
};

/* What is sent again until it is acknowledged (`retries.def`). */
enum retry {
#define RETRY(id, what, check, then) id,
#include "tables/retries.def"
#undef RETRY
    RETRY_COUNT
};

/* How often an end has sent the same again, and at what intervals. */
struct retries {
    uint32_t pause;    /* microseconds since it was sent before; 0: not known */
    uint32_t since;    /* microseconds since the first time, as far as that was captured */
    uint8_t what;      /* enum retry */
    uint8_t times;     /* sent again so often; 0: once in all. They stop at 255 */
    uint8_t doublings; /* so many pauses, the last ones, were each about twice the one before */
    uint8_t evens;     /* so many, the first ones after the first, were about equal to it */
};

/* Why an endpoint's headline state moved. */
enum step_why {
    STEP_EVENT,   /* an arrow of Figure 5: sent, or assumed to be received */
    STEP_LATE,    /* the same, by a segment that was captured earlier and came only now */
    STEP_PROVED,  /* the same arrow, shown later by what the endpoint sent itself */
    STEP_TIMED,   /* a timer must have run out */
    STEP_IMPLIED, /* an arrow whose segment the capture lacks: this one shows that it was there */
    STEP_RESYNC,  /* the segment does not fit; the machine follows the evidence */
    /* Live: what was shown last was wrong. The earlier segment `frame` ... */
    STEP_NOT_ARRIVED, /* had not arrived */
    STEP_NOT_TAKEN,   /* came, and did nothing */
    STEP_NOT_ITS_OWN, /* was not its supposed sender's */
    STEP_READ_ANEW,   /* is to be read in another way */
    STEP_WHY_COUNT
};

/* What became of a segment (`fates.def`). */
enum fate {
#define FATE(id, word, own, seen) FATE_##id,
#include "tables/fates.def"
#undef FATE
    FATE_COUNT
};

/* Why a RST was sent (`causes.def`). */
enum cause {
#define CAUSE(id, sentence, cite, reasons) CAUSE_##id,
#include "tables/causes.def"
#undef CAUSE
    CAUSE_COUNT
};

/* Why something was sent again (`resends.def`). */
enum resend {
#define RESEND(id, sentence, cite, states) RESEND_##id,
#include "tables/resends.def"
    RESEND_COUNT
};

struct step {
    uint8_t end;      /* which end moved: 0 or 1 */
    uint8_t from, to; /* enum state */
    uint8_t signal;   /* enum signal: what happened, or was taken back */
    uint8_t why;      /* enum step_why */
    const char *cite; /* section of RFC 9293, never NULL */
    uint32_t frame;   /* the frame that carried the signal */
};

enum { STEPS_MAX = 8 };

struct end_view {
    uint8_t was, state, confirmed; /* enum state */
    state_set possible;            /* every state the endpoint can be in */
    state_set settled; /* ... and those that are left once all that is assumed is proved */
    uint32_t since;    /* frame in which `state` was entered; 0 before the capture */
    uint32_t
        open_since;     /* frame since which something is assumed that nothing proves: of the oldest
                            segment that may not have arrived; UINT32_MAX: nothing is */
    struct tally found; /* so far, in what it has sent */
};

struct verdict {
    struct end_view end[2];
    struct step step[STEPS_MAX];
    struct retries retries[2]; /* what either end has sent and nobody acknowledged yet */
    check_set checks;          /* the findings */
    uint32_t amends;   /* earlier frame that has one more finding after this one, or 0 ... */
    uint8_t amendment; /* ... enum check: which */
    uint32_t answers;  /* frame whose owed reply this segment is, or 0 */
    uint32_t evidence; /* earlier frame whose delivery this segment proves or refutes, or 0 */
    int64_t idle; /* nanoseconds that both were silent before it, where that is told (end/idle.h) */
    uint32_t connection;  /* its number, from 0 */
    uint32_t fate_frame;  /* the frame that shows `fate`, or 0 */
    uint32_t needless;    /* earlier frame that was sent again in vain, as this one shows, or 0 */
    uint32_t cause_frame; /* the frame on which `cause` rests, or 0 */
    uint8_t steps;
    uint8_t class;      /* enum verdict_class */
    uint8_t sender;     /* 0 or 1 */
    uint8_t client;     /* 0 or 1 */
    uint8_t roles;      /* enum roles */
    uint8_t fate;       /* enum fate */
    uint8_t cause;      /* enum cause: why this RST was sent; of no RST: CAUSE_cannot_tell */
    uint8_t resend;     /* enum resend: why this was sent again, or RESEND_nothing */
    uint8_t shows;      /* enum fate: what became of `evidence`; FATE_NONE: it arrived */
    uint8_t owes;       /* enum reply: what the receiver owes for this segment */
    bool fate_sure;     /* nothing else explains what shows it */
    bool retransmitted; /* the segment is sent again: the sender's `retries` count it */
    bool ignored;       /* damaged, captured twice or too late: nobody moves */
    bool opens;         /* the first segment of a new connection (incarnation) */
    uint8_t begins;     /* a bit for each end that begins anew with it */
    bool quiet;         /* all is as it was after the segment before; false: perhaps */
};

/* Nothing to say yet of a segment of `sender`. The steps are not cleared: `steps` counts them, and
 * this is done for every segment. */
static inline void verdict_begin(struct verdict *v, unsigned sender)
{
    v->end[0] = v->end[1] = (struct end_view){0};
    v->retries[0] = v->retries[1] = (struct retries){0};
    v->checks = (check_set){{0}};
    v->idle = 0;
    v->amends = v->answers = v->evidence = v->connection = v->fate_frame = v->needless =
        v->cause_frame = 0;
    v->amendment = v->steps = v->class = v->client = v->roles = v->owes = v->begins = v->fate =
        v->cause = v->resend = v->shows = 0;
    v->retransmitted = v->fate_sure = v->ignored = v->opens = v->quiet = false;
    v->sender = (uint8_t)sender;
}

#endif
