/* Wireshark's menus: Tools > TCP State, and Conversation Filter > TCP State.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_MENUS_H
#define TCPSTATE_MENUS_H

void menus_register(void);

#endif
