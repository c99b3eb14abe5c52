/* What the page calls: a function for each step of reading, and one for each view.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAGE_H
#define TCPSTATE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TO_PAGE(name) __attribute__((export_name(#name)))

/* Where the page puts the next octets: so many at most. NULL: there is no memory. */
TO_PAGE(room) uint8_t *page_room(size_t octets);

/* The next octets of the capture are there. False: its rest cannot be read. */
TO_PAGE(feed) bool page_feed(size_t octets);

/* There are no more. */
TO_PAGE(end) void page_end(void);

/* ---- views: their text goes out (out.h), nothing is returned ---- */

/* As JSON: what was read; a line for each connection; a line for each of its segments. */
TO_PAGE(report) void page_report(void);
TO_PAGE(connections) void page_connections(void);
TO_PAGE(frames) void page_frames(int32_t connection);

/* As the tool writes them, of one connection, or (-1) of all: the first two with marks. */
TO_PAGE(list) void page_list(int32_t connection);
TO_PAGE(ladder) void page_ladder(int32_t connection);
TO_PAGE(story) void page_story(int32_t connection);
TO_PAGE(diagram) void page_diagram(int32_t connection);

#endif
