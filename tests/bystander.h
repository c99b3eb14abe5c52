/* What a bystander makes of segments, live and in hindsight: every test that feeds captures to the
 * core does it here.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TESTS_BYSTANDER_H
#define TCPSTATE_TESTS_BYSTANDER_H

#include "infer/history.h"

/* One captured segment, or ICMP error, and both readings of it. */
struct sight {
    struct segment segment;
    bool is_icmp;
    bool quiet;           /* it took the shorter way (quiet.h) */
    struct verdict live;  /* as it came */
    struct verdict known; /* in hindsight; also amended later, until the file is closed */
    unsigned last;        /* index of the last sight of the same connection; once closed */
};

struct bystander {
    const struct rules *rules;
    struct history history;
    struct host host;
    unsigned count, room; /* of sights */
    struct sight *sight;
};

/* The rules of all tests that do not vary them. */
extern const struct rules bystander_rules, bystander_rules_without_5961;

/* A bystander with room for so many segments; bystander_end() frees it. */
void bystander_begin(struct bystander *b, const struct rules *rules, unsigned room);
void bystander_end(struct bystander *b);

/* Forget everything that was seen, and keep the room. */
void bystander_again(struct bystander *b);

/* A segment, or an ICMP error that quotes one. Returns the live verdict. */
const struct verdict *bystander_observe(struct bystander *b, const struct segment *s);
const struct verdict *bystander_icmp(struct bystander *b, const struct segment *quoted,
                                     enum icmp_error error);

/* The file ends at this time. */
void bystander_close(struct bystander *b, int64_t end);

/* In hindsight: what all segments prove of an end after sight `i`, and what it may have been in. */
enum state bystander_confirmed(const struct bystander *b, unsigned i, unsigned end);
state_set bystander_possible(const struct bystander *b, unsigned i, unsigned end);

/* A list of segments (dump.h) of one pair of sockets, at most `room`; ICMP errors are left out.
 * Returns how many; 0: it is no such list, which is said. */
unsigned bystander_read(const char *file, struct segment *list, unsigned room);

#endif
