/* The preferences: few, each with its reason in the tooltip.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "connection.h"
#include "fields.h"
#include "prefs.h"

typedef unsigned compat_uint;

/* Program lifetime; Wireshark writes them and dissects anew when the user changes one. */
#define PREFERENCE(name, kind, first, title, tooltip) static compat_##kind name = first;
#include "prefs.def"
#undef PREFERENCE

static void register_uint(module_t *module, const char *name, const char *title,
                          const char *tooltip, compat_uint *value)
{
    prefs_register_uint_preference(module, name, title, tooltip, 10, value);
}

static void register_bool(module_t *module, const char *name, const char *title,
                          const char *tooltip, compat_bool *value)
{
    prefs_register_bool_preference(module, name, title, tooltip, value);
}

void preferences_register(void)
{
    module_t *module = prefs_register_protocol(proto_tcpstate, NULL);
#define PREFERENCE(name, kind, first, title, tooltip)                                              \
    register_##kind(module, #name, title, tooltip, &name);
#include "prefs.def"
#undef PREFERENCE
}

int64_t preferences_two_msl(void)
{
    return (int64_t)two_msl * 1000000000;
}

struct rules preferences_rules(void)
{
    return (struct rules){.two_msl = preferences_two_msl(), .rfc5961 = rfc5961};
}

bool preferences_info_column(void)
{
    return info_column;
}

bool preferences_unfold(void)
{
    return unfold;
}

bool preferences_stock_bool(const char *name)
{
    module_t *module = prefs_find_module("tcp");
    pref_t *pref = module ? prefs_find_preference(module, name) : NULL;
    return pref && prefs_get_bool_value(pref, pref_current);
}
