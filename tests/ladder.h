/* The reader of ladder files: RFC 9293 section 3.5's notation, and what tests need beside it.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file is prose, then rows. A row has a state or a remark for peer A at the left, a segment
 * between two arrows, and the same for peer B at the right. See tests/ladders/README.md for all of
 * it. */
#ifndef TCPSTATE_LADDER_H
#define TCPSTATE_LADDER_H

#include "segment.h"
#include "verdict.h"

#include <stdio.h>

enum {
    LADDER_ROWS_MAX = 200,
    LADDER_CHECKS_MAX = 6,
    LADDER_ERROR_MAX = 200,
    LADDER_OUTCOME_MAX = 256
};

/* What the file says of one peer in one row. */
struct ladder_label {
    enum state state;   /* STATE_UNKNOWN: nothing is said */
    bool assumed;       /* marked with `?` */
    state_set possible; /* 0, or what the peer may be in, exactly */
    enum state live;    /* what it was believed to be in at once, if that is not `state` */
    bool live_assumed;
};

struct ladder_row {
    int line;        /* in the file, from 1 */
    unsigned number; /* the row's own; lines without one belong to the row before */
    struct ladder_label peer[2];
    bool has_segment, departs, arrives;
    bool captured;   /* it has a frame: false for the arrival of what was captured before */
    bool untold;     /* the dots are the figure's: no bystander can tell them */
    bool has_window; /* the row gives it; otherwise it is the peer's last ... */
    bool is_scaled;  /* ... in octets */
    uint32_t octets;
    bool has_time; /* the row gives it ... */
    int64_t at;    /* ... in nanoseconds since some moment that is the same for all rows */
    bool missed;   /* it happened, but the capture point missed it */
    struct segment segment;
    bool is_icmp;         /* it is an ICMP error that quotes a SEQ of its receiver ... */
    enum icmp_error icmp; /* ... and this one */
    int64_t after;        /* nanoseconds that pass before it */
    bool two_msl;         /* ... or 2 MSL */
    uint16_t checks[LADDER_CHECKS_MAX]; /* enum check: what must fire, and nothing else */
    unsigned check_count;
    uint16_t live[LADDER_CHECKS_MAX]; /* ... and what fired at once, and does not in hindsight */
    unsigned live_count;
    enum fate fate;             /* what became of the segment */
    bool is_fate_unsure;        /* ... which something else explains, too */
    unsigned shown_by;          /* number of the row that shows it, or 0 */
    int owes;                   /* enum reply, or -1: nothing is said */
    unsigned answers, evidence; /* number of a row, or 0 */
    int verdict;                /* enum verdict_class, or -1 */
    int64_t idle;               /* nanoseconds of silence that are told of, or -1 */
    int again;                  /* how often it is sent again, or -1 */
    int doublings, evens;       /* ... and at what pauses, or -1 */
    int cause;                  /* enum cause: why this RST was sent; or -1 */
    int resend;                 /* enum resend: why this was sent again; or -1 */
    unsigned cause_row;         /* number of the row on which that rests, or 0 */
};

struct ladder {
    const struct rules *rules;
    bool marks_assumptions; /* bare labels mean: not assumed */
    bool is_not_told;       /* its dots and fates do not tell all that happened */
    bool is_printed;        /* a capture's: states of the live reading, no `?` and no findings */
    unsigned prelude;       /* so many rows at the start only set the scene */
    unsigned count;
    struct ladder_row row[LADDER_ROWS_MAX];
    char outcome[LADDER_OUTCOME_MAX]; /* (delivered: ...; closed by ...), or empty ... */
    int outcome_line;                 /* ... in this line */
    char error[LADDER_ERROR_MAX];     /* `LINE: what is wrong`, when reading failed */
};

/* Read a ladder. False: `ladder->error` says why. */
bool ladder_read(FILE *in, struct ladder *ladder);

#endif
