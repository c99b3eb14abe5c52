/* lwIP's own word about the state of each of its ends.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WITNESS_STATES_H
#define TCPSTATE_WITNESS_STATES_H

/* Looks at all of lwIP's control blocks and prints what has changed since the last look:
 * NANOSECONDS OLD NEW LOCAL-PORT REMOTE-PORT, by CLOCK_MONOTONIC. To be called whenever lwIP may
 * have moved: before each segment that it sends, in its callbacks, and after all that it is given.
 */
void states_look(void);

#endif
