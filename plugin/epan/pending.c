/* See pending.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "pending.h"

#include "backlog.h"
#include "connection.h"
#include "networks.h"
#include "prefs.h"

#include <epan/wmem_scopes.h>

/* From opening a file until the next. */
static bool has_file;

static void *resize(void *memory, size_t size)
{
    return wmem_realloc(wmem_file_scope(), memory, size);
}

static void give_back(void *memory)
{
    wmem_free(wmem_file_scope(), memory);
}

static uint64_t random_number(void)
{
    return (uint64_t)g_random_int() << 32 | g_random_int();
}

void pending_begin(void)
{
    const struct lender lender = {resize, give_back, random_number};
    const struct rules rules = preferences_rules();
    observe_begin(&lender, &rules);
    backlog_begin();
    networks_begin();
    has_file = true;
}

void pending_end(void)
{
    has_file = false;
}

bool pending_has_file(void)
{
    return has_file;
}

static void observe_all(void)
{
    struct sighting seen;
    struct recorded unused;
    while (backlog_take(&seen))
        observe(&seen, &unused);
}

bool pending_observe(struct sighting *seen, struct recorded *recorded)
{
    observe_all();
    return observe(seen, recorded);
}

void pending_add(const struct sighting *seen)
{
    backlog_add(seen);
}

bool pending_read(uint32_t frame, uint16_t layer, struct recorded *recorded)
{
    observe_all();
    return observe_read(frame, layer, recorded);
}
