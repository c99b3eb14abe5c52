/* The octets of a capture, from a file or a pipe, unpacked.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_INPUT_H
#define TCPSTATE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum input_end {
    INPUT_GOES_ON,
    INPUT_WHOLE,   /* there is no more */
    INPUT_CUT_OFF, /* what is packed ends before its end */
    INPUT_DAMAGED, /* ... or makes no sense */
    INPUT_FAILED   /* errno says why */
};

struct input {
    int file;
    int64_t size;    /* of the file; 0: not known */
    uint64_t octets; /* read of it so far, before they are unpacked */
    struct unpacker *unpacker;
    enum input_end end;
};

/* Standard input, "-", or something else that still comes? */
bool input_is_pipe(const char *name);

/* False: errno says why. */
bool input_open(struct input *in, const char *name);

/* The next octets, which live until the next call; as many as there are, and of a pipe no more than
 * have come. 0: that was all, and `in->end` says why. */
size_t input_read(struct input *in, const uint8_t **octets);

void input_close(struct input *in);

#endif
