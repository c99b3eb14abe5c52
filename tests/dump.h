/* A captured segment as a line of numbers: what `-z tcpstate,segments` prints, and tests read and
 * write.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Frame; capture time, and that since the capture began, in nanoseconds; 0, or of an ICMP error 1 +
 * enum icmp_error; who sent it, or what the error quotes; the members that segment.def says; and of
 * both ends host and port. */
#ifndef TCPSTATE_TESTS_DUMP_H
#define TCPSTATE_TESTS_DUMP_H

#include "segment.h"

#include <stdio.h>

enum { HOST_SIZE = 48 };

/* One line: a segment, or an ICMP error that quotes one. */
struct seen {
    struct segment segment; /* of a quoted one, `from` is who sent that */
    int64_t since_first;
    bool is_icmp;
    enum icmp_error icmp;
    char host[2][HOST_SIZE];
    uint16_t port[2];
};

/* The next line. False: there is none, or it is no such line, and then not feof(in). */
bool dump_read(FILE *in, struct seen *seen);

void dump_write(FILE *out, const struct seen *seen);

#endif
