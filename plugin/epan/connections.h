/* A table of connections: how far each came, and what that means.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_CONNECTIONS_H
#define TCPSTATE_CONNECTIONS_H

/* Registers `-z tcpstate,connections` and Statistics > TCP State Connections. */
void connections_register(void);

#endif
