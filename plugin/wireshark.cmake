# Builds the plugin for the Wireshark whose development files are here.
# SPDX-License-Identifier: GPL-2.0-or-later
find_package(Wireshark CONFIG QUIET)
if(Wireshark_FOUND)
  set(wireshark_minor "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}")
  set(plugin_subdir "${wireshark_minor}/epan")
  if(APPLE)
    set(plugin_subdir "${Wireshark_MAJOR_VERSION}-${Wireshark_MINOR_VERSION}/epan")
  endif()

  file(GLOB epan_sources CONFIGURE_DEPENDS plugin/epan/*.c)
  add_library(tcpstate MODULE ${epan_sources})
  target_include_directories(tcpstate PRIVATE plugin/system)
  optimise_as_one(tcpstate)
  # What epan's own headers do is not ours to warn about.
  get_target_property(epan_includes epan INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(tcpstate SYSTEM PRIVATE ${epan_includes})
  target_compile_definitions(tcpstate PRIVATE TCPSTATE_VERSION="${PROJECT_VERSION}" _XOPEN_SOURCE=700)
  include(plugin/compat.cmake)
  compat_try(tcpstate "${epan_includes}")
  # Annotated copies unpack what Wireshark does: gzip files with GIO, which comes with GLib, and others.
  foreach(library gio-2.0 gobject-2.0 zstd lz4)
    find_library(lib_${library} NAMES ${library} REQUIRED)
    list(APPEND unpacking ${lib_${library}})
  endforeach()
  target_link_libraries(tcpstate PRIVATE tcpstate_keep epan wiretap wsutil ${unpacking})
  # A directory that WIRESHARK_PLUGIN_DIR can name at once: ${CMAKE_BINARY_DIR}/plugins
  set_target_properties(tcpstate PROPERTIES PREFIX "" DEFINE_SYMBOL ""
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins/${plugin_subdir}")
  if(NOT APPLE AND NOT TCPSTATE_SANITIZE) # the sanitizers' runtime is loaded by the program
    target_link_options(tcpstate PRIVATE -Wl,-z,defs)
  endif()

  if(TCPSTATE_USER_INSTALL)
    set(install_dir "$ENV{HOME}/.local/lib/wireshark/plugins/${plugin_subdir}")
  else()
    set(install_dir "${Wireshark_PLUGIN_INSTALL_DIR}/epan")
  endif()
  install(TARGETS tcpstate LIBRARY DESTINATION "${install_dir}")
  set(installed "${install_dir}/tcpstate${CMAKE_SHARED_MODULE_SUFFIX}") # what `uninstall` removes
else()
  message(STATUS "Wireshark's development files were not found (Debian: wireshark-dev): "
    "only what knows nothing of it is built, and its tests")
endif()
