/* One source for Wireshark 4.0, 4.2, 4.4 and 4.6: every difference between them is settled here.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_COMPAT_H
#define TCPSTATE_COMPAT_H

#include <wireshark.h>
#include <ws_version.h>

#include <epan/packet.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>

#define COMPAT_VERSION (WIRESHARK_VERSION_MAJOR * 100 + WIRESHARK_VERSION_MINOR)

#if COMPAT_VERSION >= 402
#include <wsutil/plugins.h>
#endif

/* Where a boolean preference is stored. */
#if COMPAT_VERSION >= 404
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

/* What plugin_describe() answers; Debian does not ship the header that names it with 4.0. */
#ifndef WS_PLUGIN_DESC_DISSECTOR
#define WS_PLUGIN_DESC_DISSECTOR 1
#endif

#endif
