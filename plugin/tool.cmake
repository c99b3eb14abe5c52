# Builds what needs no Wireshark: the library that tells a capture, and the program tcpstate.
# SPDX-License-Identifier: GPL-2.0-or-later

# No input and no output but a sink: the page has it, too.
file(GLOB views_sources CONFIGURE_DEPENDS plugin/views/*.c)
add_library(tcpstate_views STATIC ${views_sources})
target_include_directories(tcpstate_views PUBLIC plugin/views)
target_link_libraries(tcpstate_views PUBLIC tcpstate_keep)
optimise_as_one(tcpstate_views)
