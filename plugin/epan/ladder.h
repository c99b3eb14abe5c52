/* The ladder: connections in the notation of RFC 9293 section 3.5, which the tests are written in
 * too.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_LADDER_VIEW_H
#define TCPSTATE_LADDER_VIEW_H

/* Registers `-z tcpstate,ladder[,N]`. */
void ladder_register(void);

#endif
