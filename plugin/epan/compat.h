/* One source for Wireshark 4.0, 4.2, 4.4 and 4.6: every difference between them is settled here.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_COMPAT_H
#define TCPSTATE_COMPAT_H

#include <wireshark.h>
#include <ws_version.h>

#include <epan/packet.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/stats_tree.h>

#define COMPAT_VERSION (WIRESHARK_VERSION_MAJOR * 100 + WIRESHARK_VERSION_MINOR)

/* COMPAT_HAS_PLUGINS_H and others without a number are tried by plugin/compat.cmake. */
#ifdef COMPAT_HAS_PLUGINS_H
#include <wsutil/plugins.h>
#endif

/* Where a boolean preference is stored. */
#ifdef COMPAT_BOOL_PREFERENCES
typedef bool compat_bool;
#else
typedef gboolean compat_bool;
#endif

/* What the function that starts a -z command returns, and how: whether it could. */
#if COMPAT_VERSION >= 406
typedef bool compat_started;
#define COMPAT_RETURN_STARTED return true
#else
typedef void compat_started;
#define COMPAT_RETURN_STARTED return
#endif

/* Between the parts of a statistics tree's name, which become submenus. */
#ifdef STATS_TREE_MENU_SEPARATOR
#define COMPAT_MENU_SEPARATOR STATS_TREE_MENU_SEPARATOR
#else
#define COMPAT_MENU_SEPARATOR "/"
#endif

/* A conversation filter is asked about a packet, later with data of its own. */
#if defined COMPAT_FILTER_BOOL_AND_DATA || defined COMPAT_FILTER_GBOOLEAN_AND_DATA
#define COMPAT_FILTER_PACKET packet_info *pinfo, void *unused _U_
#define COMPAT_FILTER_DATA , NULL
#else
#define COMPAT_FILTER_PACKET packet_info *pinfo
#define COMPAT_FILTER_DATA
#endif
#ifdef COMPAT_FILTER_BOOL_AND_DATA
typedef bool compat_filter_answer;
#else
typedef gboolean compat_filter_answer;
#endif

/* Reading and writing packets: since 4.6 a record holds its own bytes. */
#if COMPAT_VERSION >= 406
#define compat_wtap_rec_init(record) wtap_rec_init((record), 2048)
#define compat_wtap_read(from, record, buffer, why, detail, offset)                                \
    wtap_read((from), (record), (why), (detail), (offset))
#define compat_wtap_dump(to, record, buffer, why, detail) wtap_dump((to), (record), (why), (detail))
#else
#define compat_wtap_rec_init(record) wtap_rec_init(record)
#define compat_wtap_read(from, record, buffer, why, detail, offset)                                \
    wtap_read((from), (record), (buffer), (why), (detail), (offset))
#define compat_wtap_dump(to, record, buffer, why, detail)                                          \
    wtap_dump((to), (record), ws_buffer_start_ptr(buffer), (why), (detail))
#endif

/* What plugin_describe() answers; Debian does not ship the header that names it with 4.0. */
#ifndef WS_PLUGIN_DESC_DISSECTOR
#define WS_PLUGIN_DESC_DISSECTOR 1
#endif

#endif
