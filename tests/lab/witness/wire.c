/* Frames in and out. The kernel has no address on this interface, so it keeps silent, and lwIP is
 * the only TCP there; a capture on the interface sees what comes and goes as with any other host.
 * Apart from lwIP, whose headers and the system's define the same names.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>

static int wire = -1;

int wire_open(const char *interface)
{
    const int yes = 1;
    struct sockaddr_ll here = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    here.sll_ifindex = (int)if_nametoindex(interface);
    wire = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
    if (wire < 0 || here.sll_ifindex == 0 ||
        bind(wire, (const struct sockaddr *)&here, sizeof here) < 0 ||
        setsockopt(wire, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) < 0) {
        perror(interface);
        return -1;
    }
    return wire;
}

size_t wire_read(unsigned char *frame, size_t size)
{
    const ssize_t length = recv(wire, frame, size, 0);
    return length > 0 ? (size_t)length : 0;
}

void wire_write(const unsigned char *frame, size_t length)
{
    if (send(wire, frame, length, 0) < 0)
        perror("send");
}
