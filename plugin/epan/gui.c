/* See gui.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui.h"

const funnel_ops_t *gui_ops(void)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    return ops && ops->new_dialog ? ops : NULL; /* tshark's can only print */
}
