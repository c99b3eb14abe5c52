/* See idle.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "end/idle.h"

#include "patience.h"

int64_t idle_since(int64_t last, const struct segment *s)
{
    const int64_t idle = s->time - last;
    const bool closes = segment_any(s, SEG_FIN | SEG_RST) && idle > 0;
    return closes || idle >= patience(PATIENCE_PAUSE) ? idle : 0;
}
