/* What the page calls: a function for each step of reading, and one for each view.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAGE_H
#define TCPSTATE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TO_PAGE(name) __attribute__((export_name(#name)))

/* Where the page puts the next octets: so many at most. The first call begins a capture; a program
 * reads one. */
TO_PAGE(room) uint8_t *page_room(size_t octets);

/* The next octets of the capture are there. False: its rest cannot be read. */
TO_PAGE(feed) bool page_feed(size_t octets);

/* There are no more. */
TO_PAGE(end) void page_end(void);

/* ---- views: their text goes out (out.h), nothing is returned ---- */

/* As JSON: what was read; a line for each connection; for each segment of which there is something
 * to say, the comment on it. */
TO_PAGE(report) void page_report(void);
TO_PAGE(connections) void page_connections(void);
TO_PAGE(comments) void page_comments(void);

/* Of one connection: the numbers of its frames; a line of JSON for so many of its segments, counted
 * from 0; for each that has findings. */
TO_PAGE(order) void page_order(int32_t connection);
TO_PAGE(frames) void page_frames(int32_t connection, uint32_t first, uint32_t count);
TO_PAGE(findings) void page_findings(int32_t connection);

/* As the tool writes them (views.h), of one connection, or (-1) of all. */
#define VIEW(name) TO_PAGE(name) void page_##name(int32_t connection);
#include "views.def"

#endif
