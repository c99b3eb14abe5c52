/* The program over lwIP: it does what it is told.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WITNESS_APPLICATION_H
#define TCPSTATE_WITNESS_APPLICATION_H

/* One line, such as "connect 40000 5555". Prints "ok", or what went wrong. */
void obey(const char *line);

#endif
