/* What the core is told of each segment, as numbers (parts.h).
 * SPDX-License-Identifier: GPL-2.0-or-later */

#include "accounts.h"
#include "command.h"
#include "number.h"
#include "paper.h"
#include "parts.h"
#include "sentences.h"

static const char command[] = "tcpstate,segments";

static void print_number(int64_t n)
{
    SAY(PRINTER(stdout), n < 0 ? "-" : NULL, NUMBER((uint64_t)(n < 0 ? -n : n)), " ");
}

static void print_socket(const struct account *a, unsigned end)
{
    a->write_host(PRINTER(stdout), a->host[end]);
    SAY(PRINTER(stdout), " ", NUMBER(a->port[end]), end ? "\n" : " ");
}

/* Frame; capture time, and that since the capture began, in nanoseconds; 0, or of an ICMP error 1 +
 * enum icmp_error; who sent it, or what the error quotes; what it says, as segment.def lists it;
 * and the sockets of both ends. */
static tap_packet_status packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    const struct account a = account_of(tapped);
    const struct segment *s = a.segment;
    const int64_t numbers[] = {
        s->frame, s->time, a.time, a.is_icmp ? 1 + a.icmp : 0, a.is_icmp ? !s->from : s->from,
#define SAID(type, member) s->member,
#include "tables/segment.def"
    };
    for (unsigned i = 0; i < array_length(numbers); i++)
        print_number(numbers[i]);
    for (unsigned end = 0; end < 2; end++)
        print_socket(&a, end);
    return TAP_PACKET_REDRAW;
}

static compat_started start(const char *argument, void *userdata _U_)
{
    static char listener; /* its address is one */
    if (strcmp(argument, command) != 0)
        command_fail(command, phrase(PHRASE_SEGMENTS_USAGE));
    command_listen(command, &listener, NULL, NULL, packet, NULL, NULL);
    COMPAT_RETURN_STARTED;
}

void segments_register(void)
{
    static stat_tap_ui ui;
    command_register(&ui, command, start);
}
