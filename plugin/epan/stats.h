/* Counts: states reached, transitions taken, verdicts, findings.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_STATS_H
#define TCPSTATE_STATS_H

/* Registers `-z tcpstate,tree` and Statistics > TCP State > States and transitions. */
void stats_register(void);

#endif
