/* Frames in and out: a packet socket on the one interface of the namespace.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WITNESS_WIRE_H
#define TCPSTATE_WITNESS_WIRE_H

#include <stddef.h>

#define LONGEST_FRAME 16384

/* The socket to poll, or -1. */
int wire_open(const char *interface);
/* Copies the next frame; 0 if there is none. */
size_t wire_read(unsigned char *frame, size_t size);
void wire_write(const unsigned char *frame, size_t length);

#endif
