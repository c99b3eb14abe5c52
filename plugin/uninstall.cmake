# Removes what was installed: cmake -DINSTALLED=PATH[;PATH...] -P uninstall.cmake
# SPDX-License-Identifier: GPL-2.0-or-later
# As `cmake --install` does, it looks at DESTDIR when it is run.
foreach(path IN LISTS INSTALLED)
  message(STATUS "Removing: $ENV{DESTDIR}${path}")
  file(REMOVE_RECURSE "$ENV{DESTDIR}${path}")
endforeach()
