/* The TCB that a bystander can infer for one endpoint, and the two verbs: it has sent, it has
 * received. Names are those of RFC 9293 section 3.3.1.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * endpoint_sent() is certain; endpoint_received() is assumed. Which segments belong to which
 * incarnation is the business of incarnation.c.                                                  */
#ifndef TCPSTATE_ENDPOINT_H
#define TCPSTATE_ENDPOINT_H

#include "belief.h"
#include "ranges.h"
#include "segment.h"
#include "verdict.h"

/* What is known of an endpoint, as bits of endpoint.knows. */
enum knows {
    KNOWS_ISS = 0x01,         /* its SYN was captured, so ISS is exact */
    KNOWS_SND = 0x02,         /* SND.NXT is known */
    KNOWS_RCV = 0x04,         /* RCV.NXT is known */
    KNOWS_ACKED = 0x08,       /* it has sent an ACK */
    KNOWS_FIN = 0x10,         /* it has sent a FIN, `fin` is valid */
    KNOWS_PEER_FIN = 0x20,    /* a FIN has been delivered to it, `peer_fin` is valid */
    KNOWS_SCALE = 0x40,       /* its SYN carried a window scale option */
    KNOWS_PASSIVE = 0x80,     /* it came from LISTEN (MUST-11) */
    KNOWS_SEGMENT = 0x100,    /* at least one segment of its own was captured */
    KNOWS_LOSS = 0x1000,      /* the peer's FIN was lost on its way to it */
    KNOWS_TS_RECENT = 0x800,  /* `ts_recent` is valid */
    KNOWS_TIMESTAMPS = 0x400, /* its SYN carried timestamps */
    KNOWS_FAST_OPEN = 0x200,  /* data on its SYN was, or may be, accepted (RFC 7413) */
};

/* The last segment that an end sent, to know a frame that was captured twice. */
struct sent {
    int64_t time;
    uint32_t frame, seq, ack, text;
    uint8_t flags; /* 0: something of the peer has come since */
};

/* What an end has sent and may have to send again. */
struct retry_run {
    int64_t time; /* when it was sent last */
    struct retries is;
    uint32_t seq;  /* the octet that its peer must acknowledge: of SYN, FIN or text */
    bool answered; /* it was acknowledged; it may be sent again all the same */
};

/* Where an end stood before a segment in its name that it may not have sent. */
struct undo {
    state_set state, possible; /* 0: there is nothing to go back to */
};

/* Per connection and end; as long as the connection object. */
struct endpoint {
    struct belief belief;
    struct ranges held;
    struct sent last;
    struct retry_run retry;
    uint32_t heard_frame, heard_ack; /* the last segment with ACK that was delivered to it ... */
    int64_t heard_time, reach;       /* when anything was; its shortest time to answer, from here */
    bool heard_text;                 /* ... and whether it carried text */
    uint32_t iss, snd_nxt;           /* ISS; SND.NXT as far as captured */
    uint32_t fin;                    /* the sequence number after its FIN */
    uint32_t irs;                    /* IRS: the peer's ISS */
    uint32_t rcv_nxt;                /* RCV.NXT if everything captured was delivered */
    uint32_t acked;                  /* RCV.NXT as its highest ACK tells */
    uint32_t acked_before;           /* the ACK before that */
    uint32_t edge;     /* right edge of the window it has offered: RCV.NXT + RCV.WND */
    uint32_t peer_fin; /* the sequence number after the peer's FIN */
    uint32_t since;    /* frame in which the headline state was entered */
    int64_t entered;   /* ... and its time */
    uint32_t fin_frame;
    int64_t syn_time, fin_time; /* of its last SYN and FIN, and what a copy of them would repeat */
    uint32_t syn_tsval, fin_tsval, fin_ack;
    uint32_t fin_first; /* frame of the FIN that it may not really have sent; 0: there is none */
    uint32_t fin_nxt;   /* SND.NXT before it */
    struct undo fin_undo;
    uint32_t syn_frame, bare_syn_frame; /* of its last SYN, and of its last SYN without ACK */
    uint32_t attempt; /* ISS of a SYN sent in mid-connection, when attempt_frame != 0 */
    uint32_t attempt_frame, attempt_tsval; /* ... its timestamp and time ... */
    int64_t attempt_time;
    uint8_t attempt_has;         /* ... its options, as enum segment_has ... */
    uint8_t attempt_wscale;      /* ... and its shift */
    struct undo undo;            /* before a RST or a SYN that it may not really have sent */
    int64_t rst_time;            /* of a RST in its name, while it is not known to be forged ... */
    uint32_t rst_frame, rst_seq; /* ... its frame, or 0, its number ... */
    uint32_t rst_tsval;          /* ... and its timestamp, when it has one */
    int64_t ts_time;             /* when it was taken */
    uint32_t ts_recent;          /* TS.Recent: the peer's timestamp that it would echo */
    uint32_t tsval;              /* the latest timestamp it has sent */
    uint32_t window, max_window; /* the window it offers, the largest it has offered */
    int64_t claim_time;
    uint32_t claim; /* its highest ACK, when that is beyond all that was captured of the peer ... */
    uint32_t claim_frame, claim_window; /* ... in this frame, with this window; 0: there is none */
    uint16_t knows;                     /* enum knows */
    uint8_t wscale;                     /* shift of the windows it offers */
    uint8_t rst_has;                    /* of that RST: enum segment_has */
    uint8_t syns, syn_acks, fins, rsts, segments; /* how often, at all. They stop at 255. */
};

/* The TCB's rules that a user can change. */
struct rules {
    int64_t two_msl; /* nanoseconds in TIME_WAIT */
    int64_t rtt;     /* of this connection, nanoseconds; 0: not known */
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

/* Where moves of one end are written down while a segment is looked at. */
struct journal {
    struct verdict *verdict;
    const struct segment *segment;
    uint8_t end;
};

/* The state that its own segments prove. UNKNOWN: they leave several, or there is none; that an end
 * listens which was never heard is only assumed, too. */
enum state endpoint_confirmed(const struct endpoint *x);

/* Is this RST, without ACK, the reply to a segment that its receiver `y` has sent (3.10.7.1)? */
bool endpoint_is_rst_reply(const struct endpoint *y, const struct segment *s);

/* Evidence first: what `x` sending this segment proves or refutes of what it had received. */
void endpoint_settle(struct endpoint *x, struct endpoint *y, const struct rules *rules,
                     const struct journal *j);

/* `x` has sent the segment. `owed` is what it owed. False: no arrow, an illegal transition. */
bool endpoint_sent(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                   const struct journal *j);

/* `x` has received the segment, unless it was lost. Returns the reply that is owed. */
enum reply endpoint_received(struct endpoint *x, const struct endpoint *y,
                             const struct rules *rules, const struct journal *j);

/* The same for a segment that moves nobody (quiet.h): its timestamp and its text count. */
void endpoint_received_quietly(struct endpoint *x, const struct segment *s);

/* Time passes: TIME_WAIT ends after 2 MSL (section 3.10.8). */
void endpoint_time(struct endpoint *x, const struct rules *rules, const struct journal *j);

/* Write a move from `before` to the present headline into the journal, if there is one. */
void endpoint_note(struct endpoint *x, state_set before, enum signal signal, enum step_why why,
                   uint32_t frame, const struct journal *j);

/* Evidence about `y`'s last ACK: `x` goes on from there, or shows that it never sent so much: true.
 * Frames closer than `reordering` may stand in the wrong order, and show nothing.                */
bool endpoint_weigh_claim(struct endpoint *y, struct endpoint *x, int64_t reordering,
                          const struct segment *s);

/* Is this the FIN that `x`, its receiver, has acknowledged just before? The capture has them
 * swapped. */
bool endpoint_has_claimed(const struct endpoint *x, const struct segment *s, int64_t reordering);

/* True when `x`, by this segment, shows that the FIN in its name was not its own. */
bool endpoint_disowns_fin(const struct endpoint *x, const struct endpoint *y,
                          const struct segment *s, int64_t reordering);

/* A keep-alive from one below SND.NXT, which is the number of its FIN once that is acknowledged,
 * whether the capture has that ACK or not. Without a pause it is an answer: of an end that has not
 * closed. */
bool endpoint_keeps_half_alive(const struct endpoint *x, const struct endpoint *y,
                               const struct segment *s);

/* Remember where `x` stands, and go back there. */
struct undo endpoint_undo(const struct endpoint *x);
void endpoint_go_back(struct endpoint *x, const struct undo *to, enum signal signal, uint32_t frame,
                      const struct journal *j);

/* True when the segment acknowledges what is beyond all that was captured of its receiver `y`. */
bool endpoint_acks_beyond(const struct endpoint *y, const struct segment *s);

/* The shift of the windows that `x` sends to `y`: both SYNs must carry the option (RFC 7323 section
 * 2.2). Windows of SYNs are never shifted. */
unsigned endpoint_window_shift(const struct endpoint *x, const struct endpoint *y);

/* True when the end of the offered window is known, so that window verdicts can be given. */
bool endpoint_knows_window(const struct endpoint *x, const struct endpoint *y);

#endif
