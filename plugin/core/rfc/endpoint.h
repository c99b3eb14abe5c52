/* The TCB that a bystander can infer for one endpoint, and the two verbs: it has sent, it has
 * received. Names are those of RFC 9293 section 3.3.1.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * endpoint_sent() is certain; endpoint_received() is assumed. Which segments belong to which
 * incarnation is the business of incarnation.c.                                                  */
#ifndef TCPSTATE_ENDPOINT_H
#define TCPSTATE_ENDPOINT_H

#include "infer/belief.h"
#include "rfc/ranges.h"
#include "segment.h"
#include "verdict.h"

struct moment;

/* What is known of an endpoint. */
struct knows {
    bool iss : 1;        /* its SYN was captured, so ISS is exact */
    bool snd : 1;        /* SND.NXT is known */
    bool rcv : 1;        /* RCV.NXT is known */
    bool acked : 1;      /* it has sent an ACK */
    bool fin : 1;        /* it has sent a FIN, `fin` is valid */
    bool peer_fin : 1;   /* a FIN has been delivered to it, `peer_fin` is valid */
    bool scale : 1;      /* its SYN carried a window scale option */
    bool passive : 1;    /* it came from LISTEN (MUST-11) */
    bool segment : 1;    /* at least one segment of its own was captured */
    bool fast_open : 1;  /* data on its SYN was, or may be, accepted (RFC 7413) */
    bool timestamps : 1; /* its SYN carried timestamps */
    bool ts_recent : 1;  /* `ts_recent` is valid */
    bool foreign : 1;    /* `foreign_nxt` is valid */
    bool octets : 1;     /* unseen, it sends text octet by octet */
    bool closed : 1;     /* what it sent last probes a window that was closed */
    bool left : 1;       /* it has left by a RST, `left_nxt` is valid */
};

/* A segment that is remembered for what later ones say of it. */
struct sent {
    int64_t time;
    uint32_t frame, seq, ack, text, tsval; /* frame 0: there is none */
    uint16_t window;
    uint8_t flags, has; /* no SACK: of enum segment_has the low half */
};

/* What an end has sent and may have to send again. */
struct retry_run {
    int64_t time; /* when it was sent last */
    struct retries is;
    uint32_t seq;  /* the octet that its peer must acknowledge: of SYN, FIN or text */
    bool answered; /* it was acknowledged; it may be sent again all the same */
};

/* Per connection and end; as long as the connection object. */
struct endpoint {
    struct belief belief;
    struct ranges held;
    struct retry_run retry;
    struct tally found;    /* in what it has sent */
    struct sent last;      /* what it sent last; no flags: something of the peer has come since */
    struct sent heard;     /* what was delivered to it last, with ACK; `time`: of any segment */
    struct sent syn;       /* its last SYN */
    struct sent closing;   /* its last FIN */
    struct sent rst;       /* its last RST */
    struct sent claim;     /* its ACK of what was not captured, while that is all that tells */
    int64_t reach;         /* its shortest time to answer, as seen from here */
    int64_t spoke;         /* when it sent new text last; 0: never */
    uint32_t iss, snd_nxt; /* ISS; SND.NXT as far as captured */
    uint32_t foreign_nxt;  /* what its peer may acknowledge besides: of segments in its name */
    uint32_t fin;          /* the sequence number after its FIN */
    uint32_t fin_nxt;      /* SND.NXT before its FIN ... */
    uint32_t fin_first;    /* ... whose frame this is; 0: there is none */
    uint32_t beyond_fin;   /* where text ends that it sent beyond its FIN; 0: none */
    uint32_t irs;          /* IRS: the peer's ISS */
    uint32_t rcv_nxt;      /* RCV.NXT if everything captured was delivered */
    uint32_t acked;        /* RCV.NXT as its highest ACK tells */
    uint32_t acked_before; /* the ACK before that */
    uint32_t edge;         /* right edge of the window it has offered: RCV.NXT + RCV.WND */
    uint32_t peer_fin;     /* the sequence number after the peer's FIN */
    uint32_t left_nxt; /* the peer's text from here on came, or comes, when it has left by a RST */
    state_set told;    /* the headline as it was told last ... */
    uint32_t since;    /* ... and since which frame it is */
    int64_t entered;   /* ... and its time */
    uint32_t unsure;   /* frame since which its own segments leave several states; 0: not */
    uint32_t unproved; /* ... since which something was assumed that nothing will prove; 0: no */
    uint32_t bare_syn_frame;     /* of its last SYN without ACK */
    uint32_t attempt;            /* ISS of a SYN sent in mid-connection ... */
    uint32_t attempt_frame;      /* ... in this frame; 0: there is none */
    int64_t ts_time;             /* when it was taken */
    uint32_t ts_recent;          /* TS.Recent: the peer's timestamp that it would echo */
    uint32_t tsval;              /* the latest timestamp it has sent */
    uint32_t window, max_window; /* the window it offers, the largest it has offered */
    uint16_t snd_laps, ack_laps; /* so often its SND.NXT and its ACK went round, since ISS + 1 */
    uint32_t resent_frame;       /* what it sent again last; 0: nothing */
    uint16_t ip_id;              /* the last one that it sent */
    uint16_t resent_end;         /* ... and the low half of the number where that ends */
    struct knows knows;
    uint8_t wscale;        /* shift of the windows it offers */
    uint8_t closes;        /* enum closes (end/closing.h) */
    uint8_t ttl;           /* what was left to live of what it sent last ... */
    uint8_t ttl_times : 2; /* ... and how often so in a row. Both stop at 3. */
    uint8_t id_steps : 2;  /* so often in a row its IP identification went on by little */
    uint8_t dup_acks : 2;  /* its last ACK is the duplicate of so many ... */
    uint8_t sacked : 1;    /* ... and tells of text beyond a hole */
    uint8_t timed_out : 1; /* its timer ran out, and not all is acknowledged since */
    uint8_t syns, syn_acks, fins, rsts, segments; /* how often, at all. They stop at 255. */
};

/* The TCB's rules that a user can change. */
struct rules {
    int64_t two_msl; /* nanoseconds in TIME_WAIT */
    bool rfc5961;    /* RST only at exactly RCV.NXT (RFC 5961 section 3) */
};

/* A reply that an end owes for a segment it has received. */
struct owed {
    int64_t time;
    uint32_t frame;
    uint32_t number; /* by which the reply is known: SEQ of a RST, otherwise the ACK number */
    uint8_t reply;   /* enum reply */
    bool if_gone;    /* only if it has no connection any more, whatever is believed of it */
};

/* What the verdict says of it, but for where it was. */
void endpoint_view(const struct endpoint *self, struct end_view *view);

/* The frame since which something is assumed of it that nothing proves; NOTHING_OPEN: nothing. */
uint32_t endpoint_open_since(const struct endpoint *self);

/* What is assumed of it since `frame` will never be proved: it begins anew, or shows otherwise. */
void endpoint_leaves_unproved(struct endpoint *self, uint32_t frame);

/* Is this RST, without ACK, the reply to a segment that its receiver `peer` has sent (3.10.7.1)? */
bool endpoint_is_rst_reply(const struct endpoint *peer, const struct segment *s);

/* Does the RST refuse a SYN that came in its receiver's name just before, whoever has sent that? */
bool endpoint_refuses_latest_syn(const struct moment *m);

/* The sender has sent the segment. False: no arrow, an illegal transition. */
bool endpoint_sent(struct moment *m);

/* What is remembered of a segment. */
static inline struct sent endpoint_remembers(const struct segment *s)
{
    return (struct sent){.time = s->time,
                         .frame = s->frame,
                         .seq = s->seq,
                         .ack = s->ack,
                         .text = s->text,
                         .tsval = s->tsval,
                         .window = s->window,
                         .flags = s->flags,
                         .has = (uint8_t)s->has};
}

#endif
