/* What our -z commands have in common, and the menus with them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_COMMAND_H
#define TCPSTATE_COMMAND_H

#include "compat.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

/* Says a line of `command` (tcpstate,NAME) on standard error. What came from a file name or a
 * capture is no command to the terminal: control characters are "?". */
void command_say(const char *command, const char *what);

/* Says in one line why `command` cannot be done, and ends the program: status 1. */
_Noreturn void command_fail(const char *command, const char *why);

/* The file that is named after `command` in the argument of -z; fails where there is none, and in
 * Wireshark: there a command only listens, so nothing would be written; it has menus instead. */
const char *command_file(const char *command, const char *argument, const char *usage);

/* Registers `-z command...`; `ui` is static. */
typedef compat_started command_start(const char *argument, void *unused);
void command_register(stat_tap_ui *ui, const char *command, command_start *start);

/* Listens to our tap, to what a filter selects or (NULL) all of it; or fails. */
void command_listen(const char *command, void *listener, const char *filter, tap_reset_cb reset,
                    tap_packet_cb packet, tap_draw_cb draw, tap_finish_cb finish);

/* The number of a connection, as a user writes it: digits and nothing else. -1: it is none. */
int64_t command_number(const char *text);

/* Who reads a pipe sees each line of ours at once. */
void command_print_at_once_to_pipes(void);

/* Who reads our output may have gone, or have no room: then it fails, by errno. */
void command_check_output(const char *command, bool is_well);

#endif
