/* See quote.h. No dissector tells type and code to those below it: quote_error.h finds them in the
 * octets before the quotation.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "quote.h"

#include "header.h"
#include "quote_error.h"

bool quote_read(tvbuff_t *tvb, const packet_info *pinfo, struct segment *s, uint16_t ports[2],
                enum icmp_error *error)
{
    if (!pinfo->flags.in_error_pkt || tvb_captured_length(tvb) < QUOTE_MIN)
        return false;
    const unsigned before = (unsigned)tvb_raw_offset(tvb);
    const uint8_t *packet =
        tvb_get_ptr(tvb_get_ds_tvb(tvb), 0, (int)(before + tvb_captured_length(tvb)));
    *s = (struct segment){.frame = pinfo->num, .time = header_time(pinfo)};
    quote_header(packet + before, s, ports);
    return quote_error(packet + before, before, error);
}
