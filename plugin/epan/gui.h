/* Is this the graphical Wireshark?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_GUI_H
#define TCPSTATE_GUI_H

#include "compat.h"

#include <epan/funnel.h>

/* Its dialogs and windows; NULL in every other program. */
const funnel_ops_t *gui_ops(void);

#endif
