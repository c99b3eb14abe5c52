/* What views remember of each connection, by its number: few numbers are left out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_REMEMBERED_H
#define TCPSTATE_REMEMBERED_H

#include "account.h"
#include "story.h"

/* So many octets of each. */
struct remembered {
    size_t size;
    char *all;
    uint32_t count, room;
};

struct memories remembered_begin(struct remembered *remembered, size_t size);
void remembered_end(struct remembered *remembered);

/* The stories that are not told yet; how a connection stands is observe_outcome()'s to say. */
struct shelf {
    struct remembered stories; /* struct story * */
};

struct story_host shelf_begin(struct shelf *shelf);
void shelf_end(struct shelf *shelf);

#endif
