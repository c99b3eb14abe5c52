# SPDX-License-Identifier: GPL-2.0-or-later
# From glibconfig.h of a 64-bit Linux to that of Windows, where a long has 32 bits.
s/^typedef signed long g\(int64\|ssize\|intptr\);/typedef signed long long g\1;/
s/^typedef unsigned long g\(uint64\|size\|uintptr\);/typedef unsigned long long g\1;/
s/##L)/##LL)/
s/##UL)/##ULL)/
/_\(GINT64\|GUINT64\|GSIZE\|GSSIZE\|GINTPTR\|GUINTPTR\)_\(MODIFIER\|FORMAT\)/s/"l/"ll/
s/^#define GLIB_SIZEOF_LONG .*/#define GLIB_SIZEOF_LONG 4/
s/G_MAXULONG$/G_MAXUINT64/
s/G_MINLONG$/G_MININT64/
s/G_MAXLONG$/G_MAXINT64/
/^#define G\(POINTER_TO\|INT_TO\|UINT_TO\)/{
    s/(glong)/(gint64)/
    s/(gulong)/(guint64)/
}
/^#define GU*LONG_TO/s/INT64/INT32/
s/^#define G_OS_UNIX/#define G_OS_WIN32\n#define G_PLATFORM_WIN32/
s/_IMPL_POSIX/_IMPL_WIN32/
s/^typedef int GPid/typedef void *GPid/
s/^#define G_PID_FORMAT.*/#define G_PID_FORMAT "p"/
/^#define G_HAVE_GNUC_VISIBILITY/d
s/'\/'/'\\\\'/
s/"\/"/"\\\\"/
s/':'/';'/
s/":"/";"/
s/"so"/"dll"/
