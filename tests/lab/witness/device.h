/* lwIP's network interface.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WITNESS_DEVICE_H
#define TCPSTATE_WITNESS_DEVICE_H

#include <lwip/ip_addr.h>

/* The addresses are text; MAC addresses are written as in 02:00:00:00:00:01. */
int device_open(const char *own, const char *own_mac, const char *peer, const char *peer_mac);
/* Hands lwIP one frame that has arrived; 0 if there is none. */
int device_receive(void);

extern ip_addr_t own_address, peer_address;

#endif
