/* Who closed first: the end whose FIN or RST was sent when none of its peer had come; or that fell
 * silent.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_CLOSING_H
#define TCPSTATE_CLOSING_H

#include "moment.h"

/* How an end has closed: endpoint.closes. */
enum closes {
    CLOSES_NOT,
    CLOSES_FIRST,  /* no FIN and no RST of its peer had come */
    CLOSES_SECOND, /* one had */
    CLOSES_PUSHED, /* a RST in its peer's name had ended it, which its peer did not send */
};

/* The sender is about to send this segment, and has not moved yet: returns how it closes by it. */
enum closes closing_before(const struct moment *m);

/* It has been sent, and has moved its sender: remember the first act of each end, and how long both
 * had said nothing before the first of all. */
void closing_after(struct moment *m, enum closes closes);

/* A bit for each end that closed first: 3 where neither's FIN or RST had come when the other's was
 * sent, 0 while both are open. An end that stopped to repeat what nobody acknowledged is taken to
 * have given up by `now`. */
unsigned closing_by(const struct connection *c, int64_t now);

#endif
