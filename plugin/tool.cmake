# Builds what needs no Wireshark: the library that tells a capture, and the program tcpstate.
# SPDX-License-Identifier: GPL-2.0-or-later

# No input and no output but a sink: the page has it, too.
file(GLOB views_sources CONFIGURE_DEPENDS plugin/views/*.c)
add_library(tcpstate_views STATIC ${views_sources})
target_include_directories(tcpstate_views PUBLIC plugin/views)
target_link_libraries(tcpstate_views PUBLIC tcpstate_keep)
optimise_as_one(tcpstate_views)

# The program, where what it unpacks with is here (Debian: zlib1g-dev libzstd-dev).
find_library(lib_z NAMES z)
find_library(lib_zstd NAMES zstd)
find_path(zlib_include zlib.h)
find_path(zstd_include zstd.h)
if(lib_z AND lib_zstd AND zlib_include AND zstd_include)
  file(GLOB tool_sources CONFIGURE_DEPENDS plugin/tool/*.c)
  add_executable(tcpstate_tool ${tool_sources})
  set_target_properties(tcpstate_tool PROPERTIES OUTPUT_NAME tcpstate)
  target_compile_definitions(tcpstate_tool PRIVATE TCPSTATE_VERSION="${PROJECT_VERSION}" _DEFAULT_SOURCE)
  target_include_directories(tcpstate_tool PRIVATE plugin/system)
  target_link_libraries(tcpstate_tool PRIVATE tcpstate_views ${lib_z} ${lib_zstd})
  optimise_as_one(tcpstate_tool)
else()
  message(STATUS "zlib or zstd was not found (Debian: zlib1g-dev libzstd-dev): the program tcpstate is not built")
endif()
