/* Where segments come from: a wrapper around the stock TCP dissector.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FEED_H
#define TCPSTATE_FEED_H

/* Register tap "tcpstate" (tap.h) and what is done when a file is opened. */
void feed_register(void);

/* Take the place of stock TCP for IP protocol 6; it is called from there. */
void feed_handoff(void);

#endif
